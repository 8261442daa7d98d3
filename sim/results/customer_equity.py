"""Customer equity: what the customers in hand at the end of a run are still worth to the focal firm."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.model.market import PERIODS_PER_YEAR
from sim.model.scenario import Scenario
from sim.results.keyfigures import Run
from sim.results.lifetime import Lifetimes
from sim.results.series import FocalColumns

if TYPE_CHECKING:
    from sim.engine.tables import Tables


def relative_hazard(departed: float, at_risk: float, expected: float, per_year: int) -> float:
    """How many times as fast customers left as the lifetimes of the whole run say: the factor of proportional hazards.

    Args:
        departed: Customers who left in the last year, for whatever cause.
        at_risk: Customer-periods in which they might have.
        expected: Hazard that was to be expected of them, per year.
        per_year: Periods in a year.

    Returns:
        -n ln(1 - departed / at_risk) / expected; 1 where nothing is known of either.

    >>> round(relative_hazard(10.0, 1200.0, 0.05, 12), 3)
    2.008
    """
    if at_risk <= 0.0 or not expected > 0.0:
        return 1.0
    return -per_year * math.log1p(-min(departed / at_risk, 1.0 - 1e-9)) / expected


def customer_equity(scenario: Scenario, tables: Tables, found: Lifetimes | None) -> float:
    """Value of all customers of the focal firm at the end of a run, money at that time, summed over segments.

    Customers x contribution of one a year x years that they are still expected to stay, each discounted. Contribution
    is that of the last year (of all of a shorter run), segment by segment, per customer-year: margin before overheads,
    advertising, welcome and win-back. The years are those of `Lifetimes.still`, by how long everybody has stayed, with
    the hazard in proportion to how fast the segment's customers left in that year.

    A segment may be worth less than nothing. The value is that of going on as in the last year, and whoever serves
    people at a loss goes on losing until they leave: were such a segment worth 0, selling below cost would be rewarded
    with the customers that it wins. Harvesting is punished by the same token: fewer customers, who leave sooner.

    Limits: tenures are taken to be alike in all segments; what customers win by talk is not in it; what the timeline
    changes in the last year is taken to go on.

    Args:
        scenario: What was run.
        tables: The run.
        found: Its lifetimes; None where there never were customers.

    Returns:
        0 without customers; NaN where the value has no end: too many never leave, and nothing is discounted.
    """
    if found is None:
        return 0.0
    discount = scenario.money.discount_rate
    per_year = PERIODS_PER_YEAR[scenario.run.period]
    expected = found.of_last_year()
    total = 0.0
    for segment in range(len(scenario.all_segments)):
        run = Run(FocalColumns(scenario, tables, segment=segment), per_year, discount, 0.0, None)
        customers, there = float(run.columns["active"][-1]), run.recent("active_start")
        if customers <= 0.0 or there <= 0.0:
            continue
        hazard = relative_hazard(run.recent("departed"), there, expected, per_year)
        years = found.still(discount, hazard)
        if not math.isfinite(years):
            return math.nan
        total += customers * float(run.contribution[-per_year:].sum()) / (there / per_year) * years
    return total
