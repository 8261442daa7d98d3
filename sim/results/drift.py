"""Drift: how far key figures move from the first to the last year of a run in which nothing is done."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.model.market import PERIODS_PER_YEAR
from sim.model.scenario import Scenario
from sim.parameters.timeline import phases
from sim.results.intervals import mean_interval
from sim.results.keyfigures import columns_by_replication
from sim.results.measures import Array, Columns
from sim.words import translated

YEARS_APART = 2
"""Shorter runs have no first year beside their last."""

MOST_RELATIVE, MOST_POINTS = 0.03, 0.01
"""How far a steady figure may move: by this share of itself, or where it is a share or an index by a point in 100."""


class Drifting(NamedTuple):
    """A figure of one year.

    Attributes:
        name: As in the tables.
        label: Short name.
        unit: Of its change: `share` of itself where it is relative, else its own.
        relative: Whether its change is told as a share of the first year's.
        most: How far it may move in a steady world, in the unit of the change.
        compute: From the columns of one year and the number of its periods.
    """

    name: str
    label: str
    unit: str
    relative: bool
    most: float
    compute: Callable[[Columns, int], float]


def _over(top: Array, bottom: Array) -> float:
    return float(top.sum() / bottom.sum()) if bottom.sum() else math.nan


def _retention(year: Columns, per_year: int) -> float:
    stays = np.maximum(1.0 - year["loss"][~np.isnan(year["loss"])], 0.0)
    return float(np.prod(stays) ** (per_year / stays.size)) if stays.size else math.nan


def _mean_of_known(values: Array) -> float:
    """The mean where there is something; NaN where nobody is anybody's customer."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if known.size else math.nan


FIGURES: tuple[Drifting, ...] = (
    Drifting("customers", "Customers", "share", True, MOST_RELATIVE, lambda year, _: float(year["active"].mean())),
    Drifting(
        "market_share",
        "Market share",
        "share",
        False,
        MOST_POINTS,
        lambda year, _: _mean_of_known(year["market_share"]),
    ),
    Drifting(
        "satisfaction",
        "Satisfaction",
        "points (0-100)",
        False,
        100.0 * MOST_POINTS,
        lambda year, _: _over(year["satisfaction_sum"], year["active"]),
    ),
    Drifting(
        "nps",
        "Net Promoter Score",
        "points (-100 to 100)",
        False,
        100.0 * MOST_POINTS,
        lambda year, _: 100.0 * _over(year["promoters"] - year["detractors"], year["active"]),
    ),
    Drifting(
        "dissatisfied_share",
        "Dissatisfying encounters",
        "share",
        False,
        MOST_POINTS,
        lambda year, _: _over(year["dissatisfied"], year["encounters"]),
    ),
    Drifting("retention", "Yearly retention", "share", False, MOST_POINTS, _retention),
    Drifting("margin", "Margin", "share", True, MOST_RELATIVE, lambda year, _: float(year["margin"].sum())),
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
    "margin",
)


def first_and_last(columns: Columns, per_year: int) -> dict[str, tuple[float, float]]:
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

    >>> moved(BY_NAME["customers"], 200.0, 190.0), moved(BY_NAME["margin"], -10.0, -15.0)
    (-0.05, -0.5)
    >>> moved(BY_NAME["nps"], 20.0, 23.5)
    3.5
    """
    if not figure.relative:
        return last - first
    return (last - first) / abs(first) if first else math.nan


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
