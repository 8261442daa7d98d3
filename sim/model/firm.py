"""Firms, by the parts of the service triangle: strategy, systems (people come with the load rule)."""

from __future__ import annotations

from sim.model.dimensions import Levels
from sim.model.money import QualityCosts
from sim.model.movement import WinBack
from sim.model.recovery import Desk
from sim.model.service import Systems
from sim.vocabulary.parameter import OneLine, OptionalLine, Section, amount, parameter, share


class Strategy(Section):
    """What the firm promises, asks and spends to win customers."""

    promise: Levels = Levels.of(5.6)
    price_index: float = parameter(
        1.0, "Price relative to the market's; multiplies revenue", unit="ratio", source="assumption", gt=0.0, le=10.0
    )
    gross_margin: float = share(
        0.55, "Share of revenue left after the goods themselves, before service and quality",
        "assumption: a service firm; a shop has a third or less",
    )  # fmt: skip
    advertising_hazard: float = parameter(
        0.10, "a: yearly probability that advertising alone wins a prospect", unit="per year",
        source="Bass 1969, p = .03 (order); assumption (size)", ge=0.0, le=0.999999,
    )  # fmt: skip
    advertising_cost: float = amount(6.0, "Advertising spent per prospect in the market", "money per prospect and year")
    welcome_cost: float = amount(45.0, "Discounts and set-up work for each customer won", "money per new customer")


class Firm(Section):
    """One firm, the focal one or a rival."""

    name: OneLine = parameter(
        "focal", "Name of the firm", unit="name", source="user's data", setup=True,
        pattern=r"^[A-Za-z0-9][A-Za-z0-9 _\-]{0,39}$",
    )  # fmt: skip
    culture: OptionalLine = parameter(
        None,
        "Named service culture: awful, poor, normal, exceptional",
        unit="name",
        source="notes 'Servicio al cliente'",
    )
    initial_share: float = share(0.45, "Share of the market's people who are its customers at the start", setup=True)
    strategy: Strategy = Strategy()
    systems: Systems = Systems()
    desk: Desk = Desk()
    win_back: WinBack = WinBack()
    costs: QualityCosts = QualityCosts()
