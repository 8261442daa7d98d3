"""Customer equity: what the customers in hand at the end of a run are still worth to the focal firm."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.model.market import PERIODS_PER_YEAR
from sim.model.scenario import Scenario
from sim.results.keyfigures import Run
from sim.results.series import FocalColumns

if TYPE_CHECKING:
    from sim.engine.tables import Tables


def expected_lifetime(loss: float, discount: float) -> float:
    """Years that a customer is still expected to stay, each year discounted: 1 / (ln(1 + d) + h).

    The integral over t of (1 + d)^-t e^(-h t): customers who leave at a constant hazard h, and money that comes in all
    the time. Gupta & Lehmann's m r / (1 + d - r) is its discrete relative for money that comes once a year, the first
    time in a year; with it, a customer who pays every week would be worth up to a year's margin too little.

    Args:
        loss: Hazard of leaving, per year.
        discount: Yearly discount rate d.

    Returns:
        Discounted years; infinite where nobody leaves and nothing is discounted.

    >>> round(expected_lifetime(0.2, 0.1), 6), expected_lifetime(0.25, 0.0)
    (3.38627, 4.0)
    """
    rate = math.log1p(discount) + loss
    return 1.0 / rate if rate > 0.0 else math.inf


def equity(customers: float, contribution: float, departed: float, customer_years: float, discount: float) -> float:
    """Value of customers in hand, money: customers x yearly contribution of one x `expected_lifetime`.

    Args:
        customers: At the end.
        contribution: What customers left after all costs but those of winning them, in the last year, money.
        departed: Customers who left in that year, for whatever cause.
        customer_years: Time spent as customers in that year.
        discount: Yearly discount rate.

    Returns:
        Money at the time of the end; below zero for customers who cost more than they bring. 0 without customers, and
        NaN where the value has no end: nobody left, and nothing is discounted.

    >>> round(equity(100.0, 12_000.0, 20.0, 100.0, 0.1), 1)
    40635.2
    >>> round(equity(100.0, -12_000.0, 20.0, 100.0, 0.1), 1), equity(0.0, 50.0, 9.0, 4.0, 0.1)
    (-40635.2, 0.0)
    """
    if customers <= 0.0 or customer_years <= 0.0:
        return 0.0
    years = expected_lifetime(departed / customer_years, discount)
    return customers * contribution / customer_years * years if math.isfinite(years) else math.nan


def customer_equity(scenario: Scenario, tables: Tables) -> float:
    """Value of all customers of the focal firm at the end of a run, money at that time: `equity`, summed over segments.

    Contribution and hazard are those of the last year (of all of a shorter run), segment by segment: margin before
    advertising, welcome and win-back, per customer-year, and customers who left per customer-year.

    A segment may be worth less than nothing. The value is that of going on as in the last year, and whoever serves
    people at a loss goes on losing until they leave: were such a segment worth 0, selling below cost would be rewarded
    with the customers that it wins. Harvesting is punished by the same token: fewer customers, who leave sooner.

    Limits: the hazard is the same for all customers of a segment, though those who stay are the ones least likely to
    leave, so that the value is rather too low; what customers win by talk is not in it; what the timeline changes in
    the last year is taken to go on.
    """
    discount = scenario.money.discount_rate
    per_year = PERIODS_PER_YEAR[scenario.run.period]
    total = 0.0
    for segment in range(len(scenario.all_segments)):
        run = Run(FocalColumns(scenario, tables, segment=segment), per_year, discount)
        total += equity(
            float(run.columns["active"][-1]),
            run.recent_contribution,
            run.recent("departed"),
            run.recent("customer_years"),
            discount,
        )
    return total
