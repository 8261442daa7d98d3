"""Customer equity: what the customers in hand at the end of a run are still worth to the focal firm."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.model.market import PERIODS_PER_YEAR
from sim.model.rooms import O
from sim.model.scenario import Scenario
from sim.results.keyfigures import CountedRun
from sim.results.lifetime import paid
from sim.results.series import FocalColumns

if TYPE_CHECKING:
    from sim.engine.tables import Tables


def years_left(gone: float, at_risk: float, discount: float, per_year: int) -> float:
    """Years that customers are still expected to stay who go on leaving as fast as lately, each discounted.

    1 / (h + ln(1 + d)) with h = -n ln(1 - gone / at_risk), and what the last, whole period brings besides.

    Args:
        gone: Customers who left or decided to, for whatever cause.
        at_risk: Customer-periods in which they might have.
        discount: Yearly discount rate d.
        per_year: Periods in a year, n.

    Returns:
        Infinite where nobody leaves and nothing is discounted.

    >>> round(years_left(24.0, 1200.0, 0.1, 12), 4)
    2.9907
    """
    force = math.log1p(discount) - per_year * math.log1p(-min(gone / at_risk, 1.0 - 1e-9))
    return paid(1.0 / force if force > 0.0 else math.inf, discount, per_year)


def customer_equity(scenario: Scenario, tables: Tables) -> float:
    """Value of all customers of the focal firm at the end of a run, money at that time, summed over segments.

    Customers x contribution of one a year x years that they are still expected to stay, each discounted. Both are those
    of the last year (of all of a shorter run), segment by segment: contribution per customer-year is margin before
    overheads, advertising, welcome and win-back; the hazard of leaving is constant. Who has decided to leave and waits
    for the end of a contract has left: were such customers worth what others are, a contract would make them so.

    That whoever stays longest is likeliest to stay is left out: it makes customers worth more, by a tail that a run of
    some years has to guess, and guesses otherwise where a policy only moves when people leave.

    A segment may be worth less than nothing. The value is that of going on as in the last year, and whoever serves
    people at a loss goes on losing until they leave: were such a segment worth 0, selling below cost would be rewarded
    with the customers that it wins. Harvesting is punished by the same token: fewer customers, who leave sooner.

    Limits: what customers win by talk is not in it; what the timeline changes in the last year is taken to go on.

    Source: Gupta & Lehmann 2003 (margin times a multiple by retention and discount).

    Returns:
        0 without customers; NaN where the value has no end: nobody leaves, and nothing is discounted.
    """
    discount = scenario.money.discount_rate
    per_year = PERIODS_PER_YEAR[scenario.run.period]
    total = 0.0
    for segment in range(len(scenario.all_segments)):
        run = CountedRun(FocalColumns(scenario, tables, segment=segment), per_year, discount, 0.0, None)
        waiting = run.columns["waiting"]
        customers, there = float(run.columns["active"][-1] - waiting[-1]), run.recent("active_start")
        at_risk = there - run.recent("waiting")
        if customers <= 0.0 or at_risk <= 0.0:
            continue
        waited = float(waiting[-per_year - 1] if len(waiting) > per_year else tables.initial[0, segment, O.waiting])
        gone = max(0.0, run.recent("departed") + float(waiting[-1]) - waited)
        years = years_left(gone, at_risk, discount, per_year)
        if not math.isfinite(years):
            return math.nan
        total += customers * float(run.contribution[-per_year:].sum()) / (there / per_year) * years
    return total
