"""Firms, by the parts of the service triangle: strategy, systems, people."""

from __future__ import annotations

from sim.model.bonds import WinBack
from sim.model.certificate import Certificate
from sim.model.contract import Contract
from sim.model.desk import Desk
from sim.model.dimensions import Levels
from sim.model.guarantee import Guarantee
from sim.model.learning import Learning
from sim.model.onboarding import Onboarding
from sim.model.people import People
from sim.model.price_reply import PriceReply
from sim.model.programme import Programme
from sim.model.quality_cost import QualityCosts
from sim.model.systems import Systems
from sim.model.waiting import Waiting
from sim.vocabulary.parameter import OneLine, OptionalLine, Section, amount, group, parameter, share, switch, users_own


class Strategy(Section):
    """What the firm promises, asks and spends to win customers."""

    promise: Levels = group(Levels.of(5.6), "Promised quality", practical=(2.0, 6.8))
    price_index: float = parameter(
        1.0,
        "Price relative to the market's; multiplies revenue",
        label="Price index",
        unit="ratio",
        gt=0.0,
        le=10.0,
        practical=(0.7, 1.5),
    )
    usual_price: float = parameter(
        1.0,
        "Price index that the firm's customers are used to at the start",
        label="Price one is used to",
        unit="ratio",
        source="assumption: today's, so that another price index is a change",
        setup=True,
        gt=0.0,
        le=10.0,
        practical=(0.5, 1.5),
        no_lever="what customers are used to, and no decision",
        definition=True,
    )
    gross_margin: float = share(
        0.55,
        "Share of revenue left after the goods themselves, before service and quality",
        "assumption: a service firm; a shop has a third or less",
        label="Gross margin",
        practical=(0.1, 0.95),
        no_lever="what the goods cost is a price that the firm pays",
    )
    advertising_hazard: float = parameter(
        0.06,
        "a: yearly probability that advertising alone wins a prospect",
        label="Prospects won by advertising",
        unit="per year",
        source="Sultan, Farley & Lehmann 1990 (order: a mean p of .03); assumption (size)",
        allowed=(0.0, 0.999999),
        practical=(0.0, 0.3),
        no_lever="what advertising brings; what is spent on it is the lever",
    )
    advertising_reference: float = amount(
        6.0,
        "Advertising with which the above probability holds",
        "money per prospect and year",
        label="Advertising as it is",
        practical=(0.0, 60.0),
        no_lever="what advertising brings; what is spent on it is the lever",
        definition=True,
    )
    advertising_response: float = parameter(
        0.24,
        "Elasticity of that hazard to advertising",
        label="Response to advertising",
        unit="ratio",
        source="Sethuraman, Tellis & Briesch 2011 (size: of sales, long-term); assumption (that adoption follows it)",
        allowed=(0.0, 1.0),
        practical=(0.0, 0.5),
        no_lever="what advertising brings; what is spent on it is the lever",
    )
    advertising_cost: float = amount(
        6.0,
        "Advertising spent per prospect in the market",
        "money per prospect and year",
        label="Advertising per prospect",
        practical=(0.0, 60.0),
        paid_by="firm.strategy.advertising_cost",
    )
    welcome_cost: float = amount(
        45.0,
        "Discounts and set-up work for each customer won",
        "money per new customer",
        label="Cost of a new customer",
        practical=(0.0, 400.0),
        no_lever="what a discount for newcomers draws is not in the model",
    )


class Firm(Section):
    """One firm, the focal one or a rival."""

    name: OneLine = users_own(
        "focal",
        "Name of the firm",
        label="Name",
        no_lever="a name",
        unit="name",
        pattern=r"^[A-Za-z0-9][A-Za-z0-9 _\-]{0,39}$",
    )
    culture: OptionalLine = parameter(
        None,
        "Named service culture: awful, poor, normal, exceptional",
        label="Service culture",
        no_lever="a label: the values that it stands for are levers by themselves",
        unit="name",
        source="notes 'Servicio al cliente'",
    )
    initial_share: float = share(
        0.45,
        "Share of the market's people who are its customers at the start",
        label="Market share at the start",
        no_lever="where the run begins, and no decision",
        setup=True,
        practical=(0.0, 1.0),
    )
    in_market: bool = switch(
        True,
        "Whether the firm is in the market; the timeline lets one enter or leave at a date",
        "user's data",
        label="In the market",
        no_lever="whether there is a firm, and not how it is led",
    )
    strategy: Strategy = group(Strategy(), "Strategy")
    price_reply: PriceReply = group(PriceReply(), "Price reply")
    contract: Contract = group(Contract(), "Contract")
    systems: Systems = group(Systems(), "Systems")
    onboarding: Onboarding = group(Onboarding(), "Onboarding")
    desk: Desk = group(Desk(), "Complaint desk")
    waiting: Waiting = group(Waiting(), "Waiting for the desk")
    guarantee: Guarantee = group(Guarantee(), "Service guarantee")
    people: People = group(People(), "People and load")
    learning: Learning = group(Learning(), "Learning")
    certificate: Certificate = group(Certificate(), "Certificate")
    win_back: WinBack = group(WinBack(), "Win-back")
    programme: Programme = group(Programme(), "Loyalty programme")
    costs: QualityCosts = group(QualityCosts(), "Costs of quality")


def advertising_reach(strategy: Strategy) -> float:
    """Yearly probability that advertising alone wins a prospect: its hazard goes with (spent / reference)^elasticity.

    >>> advertising_reach(Strategy()), round(advertising_reach(Strategy(advertising_cost=12.0)), 4)
    (0.06, 0.0705)
    """
    if strategy.advertising_cost == strategy.advertising_reference or strategy.advertising_response == 0.0:
        return strategy.advertising_hazard
    if strategy.advertising_reference <= 0.0:
        return strategy.advertising_hazard
    more = (strategy.advertising_cost / strategy.advertising_reference) ** strategy.advertising_response
    return 1.0 - (1.0 - strategy.advertising_hazard) ** more
