"""Price: what customers are used to pay, what a price does to value, demand, looking around, and doing without."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from sim.compiled import rule
from sim.model.shares import chance_of_event
from sim.vocabulary.column import Column
from sim.vocabulary.observables import FLOW, amounts

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from sim.model.record_types import SegmentRecord, StrategyRecord

COLUMNS: tuple[Column, ...] = ()

OBSERVABLES = amounts(FLOW, "customers x price index", {"price_sum": "price index that customers are asked, summed"})

OUTSIDE_PRICE = 1.0
"""Price index of doing without, which all prices are relative to, and which does not adapt to anybody's."""

OWN_HALF = 0.5
"""Weight of what one is used to pay in the reference price; the rest is what others ask (assumption)."""


class Prices(NamedTuple):
    """What prices mean to the customers of each firm in a period.

    Attributes:
        usual: float64[firms], price index that a firm's customers are used to.
        market: float64[firms], price index of the market without that firm.
        demand: float64[firms, segments], purchases of a customer relative to those at a price index of 1.
        visits: float64[firms, segments], encounters of an average customer in a period.
        value: float64[firms, segments], points (0-100) that the price adds to satisfaction with a purchase.
        reviews: float64[firms, segments], chance that a customer compares suppliers in a period.
        doing_without: float64[firms, segments], share of comparisons, of those who do not switch, that end without any
            supplier.
        replied: float64[firms], price index relative to that of the firm's parameters: what replies have made of it.
        waited: float64[firms], weeks for which a reply has been due (`sim.model.price_reply`).
    """

    usual: npt.NDArray[np.float64]
    market: npt.NDArray[np.float64]
    demand: npt.NDArray[np.float64]
    visits: npt.NDArray[np.float64]
    value: npt.NDArray[np.float64]
    reviews: npt.NDArray[np.float64]
    doing_without: npt.NDArray[np.float64]
    replied: npt.NDArray[np.float64]
    waited: npt.NDArray[np.float64]


class Asked(NamedTuple):
    """What a firm's price means to its customers of one segment: a place in the tables of `Prices`, see there."""

    demand: float
    visits: float
    value: float
    reviews: float
    doing_without: float


@rule
def got_used(usual: float, price: float, years: float, memory: float) -> float:
    """Price index that customers are used to, some time later: it closes the gap by 1 - exp(-t / memory).

    Args:
        usual: What they were used to.
        price: What they are asked meanwhile.
        years: Time, years.
        memory: Time constant, years; 0 gets used at once.

    Source: Winer 1986; Mazumdar, Raj & Sinha 2005 (reference prices are adaptive); assumption (form in time).

    >>> round(got_used(1.0, 1.5, 0.25, 0.5), 4)
    1.1967
    """
    if memory <= 0.0:
        return price
    return usual + (1.0 - math.exp(-years / memory)) * (price - usual)


def reference_price(usual: float, market: float) -> float:
    """What somebody holds to be a fair price: half what one is used to, half what others ask, price index.

    The own firm is not among the others: a mean that held it would forgive a sole seller anything.

    >>> reference_price(1.2, 0.9)
    1.05
    """
    return OWN_HALF * usual + (1.0 - OWN_HALF) * market


def value_for_money(price: float, reference: float, loss_aversion: float) -> float:
    """Value of a price beside the reference: ln(reference / price), a loss weighted, log units.

    Sources: perceived value precedes satisfaction (Fornell et al. 1996); losses against a reference price weigh more
    (Mazumdar, Raj & Sinha 2005); assumption (form).

    >>> round(value_for_money(1.25, 1.0, 2.0), 4), round(value_for_money(0.8, 1.0, 2.0), 4)
    (-0.4463, 0.2231)
    """
    gap = math.log(reference / price)
    return gap if gap > 0.0 else loss_aversion * gap


def demand_at(price: float, elasticity: float) -> float:
    """Purchases of a customer relative to those at a price index of 1: price^-e.

    >>> demand_at(4.0, 0.5)
    0.5
    """
    return math.pow(price, -elasticity)


def alarm(price: float, usual: float) -> float:
    """How large a rise is felt to be: ln(price / usual), 0 for none, log units.

    >>> round(alarm(1.1, 1.0), 4), alarm(0.9, 1.0)
    (0.0953, 0.0)
    """
    return math.log(price / usual) if price > usual else 0.0


def share_without(price: float, elasticity: float) -> float:
    """Share of those who think it over that does without at a price above the outside option's: 1 - price^-k.

    >>> share_without(2.0, 1.0), share_without(0.8, 1.0)
    (0.5, 0.0)
    """
    return 1.0 - demand_at(price, elasticity) if price > OUTSIDE_PRICE else 0.0


class Others(NamedTuple):
    """The other firms that are counted: how many, their customers, prices summed over customers and over firms."""

    firms: int
    customers: int
    weighed: float
    plain: float


@rule
def beside(others: Others, usual: float, customers: int, there: bool) -> Others:
    """One firm more among the others, if it is in the market or has customers who are used to its price."""
    if not (there or customers > 0):
        return others
    return Others(
        others.firms + 1, others.customers + customers, others.weighed + usual * customers, others.plain + usual
    )


@rule
def price_of(others: Others) -> float:
    """Price index of the other firms together: the mean over their customers, else over firms, else doing without."""
    if others.customers > 0:
        return others.weighed / others.customers
    if others.firms > 0:
        return others.plain / others.firms
    return OUTSIDE_PRICE


def market_prices(usual: Sequence[float], customers: Sequence[int], there: Sequence[bool]) -> list[float]:
    """Price index of the market without each firm: what the others' customers are used to, on average over them.

    Where the others have no customers it is the plain mean of those that are `there`, in the market; without others
    it is the outside option's.

    >>> market_prices([1.5, 0.5, 1.0], [10, 30, 10], [True, True, True])
    [0.625, 1.25, 0.75]
    >>> market_prices([1.5, 0.5], [10, 0], [True, True]), market_prices([1.5, 0.5], [10, 0], [True, False])
    ([0.5, 1.5], [1.0, 1.5])
    """
    found = []
    for f in range(len(usual)):
        others = Others(0, 0, 0.0, 0.0)
        for g in range(len(usual)):
            if g != f:
                others = beside(others, float(usual[g]), int(customers[g]), there[g])
        found.append(price_of(others))
    return found


def asked(
    strategy: StrategyRecord, segment: SegmentRecord, usual: float, market: float, years: float, *, rivals: bool
) -> Asked:
    """What a firm's price means to its customers of one segment in a period.

    Args:
        strategy: The firm's, as a record or a section.
        segment: The segment's record.
        usual: Price index that the firm's customers are used to.
        market: Price index of the market without the firm.
        years: Length of the period.
        rivals: Whether there are other firms in the market to compare with.
    """
    price = float(strategy["price_index"])
    meets, bonds, judges = segment["encounters"], segment["bonds"], segment["judgement"]
    demand = demand_at(price, float(meets["price_elasticity"]))
    others = float(meets["help_requests_per_year"]) + float(meets["repairs_per_year"])
    without = share_without(price, float(bonds["doing_without"]))
    reviews = float(bonds["reviews_per_year"]) + float(bonds["alarm"]) * alarm(price, usual)
    worth = value_for_money(price, reference_price(usual, market), float(judges["loss_aversion"]))
    return Asked(
        demand,
        (float(meets["purchases_per_year"]) * demand + others) * years,
        float(judges["value_effect"]) * worth,
        chance_of_event(reviews, years) if rivals or without > 0.0 else 0.0,
        without,
    )


@rule
def asked_of(prices: Prices, f: int, s: int) -> Asked:
    """What firm f's price means to its customers of segment s."""
    return Asked(
        prices.demand[f, s], prices.visits[f, s], prices.value[f, s], prices.reviews[f, s], prices.doing_without[f, s]
    )
