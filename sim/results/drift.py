"""Drift: how far key figures move from the first to the last year of a run in which nothing is done."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.model.market import PERIODS_PER_YEAR
from sim.model.scenario import Scenario
from sim.parameters.timeline import phases
from sim.results.intervals import mean_interval
from sim.results.keyfigures import columns_by_replication
from sim.results.measures import AnyArray, TallyColumns
from sim.words import translated

YEARS_APART = 2
"""Shorter runs have no first year beside their last."""

MOST_RELATIVE, MOST_POINTS = 0.03, 0.01
"""How far a steady figure may move: by this share of itself, or where it is a share or an index by a point in 100."""

STEADY, DRIFTS, UNCLEAR = "steady", "drifts", "unclear"
"""What is said of a change: it stays within what is steady, surely moves beyond, or neither can be told from luck."""


class Drifting(NamedTuple):
    """A figure of one year.

    Attributes:
        name: As in the tables.
        label: Short name.
        compute: From the columns of one year and the number of its periods.
        unit: Of its change: `share` of itself where it is relative, else its own.
        relative: Whether its change is told as a share of the first year's.
    """

    name: str
    label: str
    compute: Callable[[TallyColumns, int], float]
    unit: str = "share"
    relative: bool = False

    @property
    def most(self) -> float:
        """How far it may move in a steady world, in the unit of the change."""
        return MOST_RELATIVE if self.relative else MOST_POINTS if self.unit == "share" else 100.0 * MOST_POINTS


def _over(top: AnyArray, bottom: AnyArray) -> float:
    return float(top.sum() / bottom.sum()) if bottom.sum() else math.nan


def _retention(year: TallyColumns, per_year: int) -> float:
    stays = np.maximum(1.0 - year["loss"][~np.isnan(year["loss"])], 0.0)
    return float(np.prod(stays) ** (per_year / stays.size)) if stays.size else math.nan


def _mean_of_known(values: AnyArray) -> float:
    """The mean where there is something; NaN where nobody is anybody's customer."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if known.size else math.nan


def _nps(year: TallyColumns, _: int) -> float:
    return 100.0 * _over(year["promoters"] - year["detractors"], year["active"])


def _ratio(over: str, under: str) -> Callable[[TallyColumns, int], float]:
    return lambda year, _: _over(year[over], year[under])


FIGURES: tuple[Drifting, ...] = (
    Drifting("customers", "Customers", lambda year, _: float(year["active"].mean()), relative=True),
    Drifting("market_share", "Market share", lambda year, _: _mean_of_known(year["market_share"])),
    Drifting("satisfaction", "Satisfaction", _ratio("satisfaction_sum", "active"), "points (0-100)"),
    Drifting("nps", "Net Promoter Score", _nps, "points (-100 to 100)"),
    Drifting("dissatisfied_share", "Dissatisfying encounters", _ratio("dissatisfied", "encounters")),
    Drifting("retention", "Yearly retention", _retention),
    Drifting("revenue", "Revenue", lambda year, _: float(year["revenue"].sum()), relative=True),
    # The small difference of two large amounts: how far it moves as a share of itself tells how thin it is.
    Drifting("margin", "Margin on revenue", _ratio("margin", "revenue")),
)

BY_NAME = {figure.name: figure for figure in FIGURES}
_USED = (
    "active",
    "market_share",
    "satisfaction_sum",
    "promoters",
    "detractors",
    "dissatisfied",
    "encounters",
    "loss",
    "revenue",
    "margin",
)


def first_and_last(columns: TallyColumns, per_year: int) -> dict[str, tuple[float, float]]:
    """Every figure in the first and in the last year of one run.

    Args:
        columns: Of the focal firm, a value a period, two years at least.
        per_year: Periods in a year.
    """
    known = {name: columns[name] for name in _USED}
    years = [{name: known[name][part] for name in _USED} for part in (slice(per_year), slice(-per_year, None))]
    return {figure.name: (figure.compute(years[0], per_year), figure.compute(years[1], per_year)) for figure in FIGURES}


def moved(figure: Drifting, first: float, last: float) -> float:
    """The change of a figure: as a share of the first year's where it is relative, of its size where that is a loss.

    >>> moved(BY_NAME["customers"], 200.0, 190.0), moved(BY_NAME["margin"], -0.25, -0.125)
    (-0.05, 0.125)
    >>> moved(BY_NAME["nps"], 20.0, 23.5)
    3.5
    """
    if not figure.relative:
        return last - first
    return (last - first) / abs(first) if first else math.nan


def judged(low: float, high: float, most: float) -> str:
    """Whether a change whose interval is given stays within what is steady, surely moves beyond, or neither.

    >>> judged(-0.01, 0.02, 0.03), judged(0.04, 0.06, 0.03), judged(-0.01, 0.05, 0.03)
    ('steady', 'drifts', 'unclear')
    """
    if not (math.isfinite(low) and math.isfinite(high)):
        return UNCLEAR
    if -most <= low and high <= most:
        return STEADY
    return DRIFTS if low > most or high < -most else UNCLEAR


def verdict_of(verdicts: Iterable[str]) -> str:
    """What is said of several figures at once: it drifts where one does, and is steady where all are.

    >>> verdict_of([STEADY, UNCLEAR, DRIFTS]), verdict_of([STEADY, UNCLEAR]), verdict_of([STEADY, STEADY])
    ('drifts', 'unclear', 'steady')
    """
    kinds = set(verdicts)
    return DRIFTS if DRIFTS in kinds else UNCLEAR if UNCLEAR in kinds else STEADY


def drift_table(runs: Sequence[dict[str, tuple[float, float]]], level: float = 0.95) -> pd.DataFrame:
    """The drift of every figure over replications.

    Args:
        runs: Of each replication, as `first_and_last` gives them.
        level: Coverage of the intervals.

    Returns:
        A row a figure: `figure`, `label`, `unit` (of the change), `first`, `last` (means of the years), `change`
        (mean over replications), `low`, `high` (its t-interval), `most` (how far it may move in a steady world).

    >>> table = drift_table([dict.fromkeys(BY_NAME, (100.0, 90.0)), dict.fromkeys(BY_NAME, (100.0, 92.0))])
    >>> table.loc[0, "figure"], round(float(table.loc[0, "change"]), 4)
    ('customers', -0.09)
    """
    rows = []
    for figure in FIGURES:
        pairs = [run[figure.name] for run in runs]
        changes = np.array([moved(figure, *pair) for pair in pairs])
        first, last = (float(np.mean([pair[end] for pair in pairs])) for end in (0, 1))
        rows.append(
            (
                figure.name,
                translated(figure.label),
                figure.unit,
                first,
                last,
                *mean_interval(changes, level),
                figure.most,
            )
        )
    names = ["figure", "label", "unit", "first", "last", "change", "low", "high", "most"]
    return pd.DataFrame(rows, columns=names)


def drift_of(series: pd.DataFrame, scenario: Scenario) -> pd.DataFrame | None:
    """The drift of a run; None where something is done in it, or it has no two years.

    Args:
        series: See `sim.results.series.build_series`.
        scenario: What was run.
    """
    per_year = PERIODS_PER_YEAR[scenario.run.period]
    if scenario.run.periods < YEARS_APART * per_year or len(phases(scenario)) > 1:
        return None
    return drift_table([first_and_last(run, per_year) for run in columns_by_replication(series, scenario)])
