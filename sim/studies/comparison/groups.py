"""Rivals, and the firm's segments, in every world: how many customers, how content, who leaves, what is earned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.model.market import PERIODS_PER_YEAR
from sim.model.scenario import Scenario
from sim.results.declared_tables import column_names
from sim.results.intervals import mean_interval
from sim.results.series import FocalColumns
from sim.studies.comparison.differences import paired

if TYPE_CHECKING:
    from sim.engine.tables import Tables

GroupValues = npt.NDArray[np.float64]
"""float64[groups, FIGURES] of a run, in the order of `groups_of`."""

RIVAL, SEGMENT = "rival", "segment"
"""What a group is: a rival as a whole, or a segment of the focal firm's customers."""

FIGURES = ("customers", "satisfaction", "yearly_loss", "margin")
UNITS = ("people", "points (0-100)", "share", "money")


class Group(NamedTuple):
    """A rival or a segment, known by what it is and its name."""

    kind: str
    name: str


def groups_of(scenario: Scenario) -> tuple[Group, ...]:
    """The rivals, then the segments where there are several.

    >>> groups_of(Scenario())
    (Group(kind='rival', name='rival'),)
    """
    segments = [segment.name for segment in scenario.all_segments]
    rivals = [Group(RIVAL, firm.name) for firm in scenario.rivals]
    return (*rivals, *(Group(SEGMENT, name) for name in segments if len(segments) > 1))


def group_figures(scenario: Scenario, tables: Tables) -> GroupValues:
    """`FIGURES` of every group of a run, as the report of a run tells them.

    Customers at the end; mean satisfaction over the last year; share lost in a year at the pace of the whole run,
    1 - (1 - lost / at the start of periods)^(periods a year); margin of the run. NaN where there was nobody.
    """
    rivals = len(scenario.rivals)
    columns = [FocalColumns(scenario, tables, firm=number + 1) for number in range(rivals)]
    columns += [FocalColumns(scenario, tables, segment=number) for number in range(len(groups_of(scenario)) - rivals)]
    found = [_figures(each, PERIODS_PER_YEAR[scenario.run.period]) for each in columns]
    return np.array(found, np.float64).reshape(len(found), len(FIGURES))


def _figures(columns: FocalColumns, per_year: int) -> tuple[float, ...]:
    active, begun = columns["active"], float(columns["active_start"].sum())
    recent = float(active[-per_year:].sum())
    lost = float(columns["departed"].sum()) / begun if begun > 0.0 else np.nan
    satisfaction = float(columns["satisfaction_sum"][-per_year:].sum()) / recent if recent > 0.0 else np.nan
    return float(active[-1]), satisfaction, 1.0 - (1.0 - lost) ** per_year, float(columns["margin"].sum())


def build_groups(
    scenarios: Mapping[str, Scenario], found: Mapping[str, Sequence[GroupValues]], currency: str
) -> pd.DataFrame:
    """A row for each later scenario, group and figure; columns as declared in `tables.json`.

    Args:
        scenarios: By label, today's first.
        found: For each of them `group_figures`, replication by replication.
        currency: Of margins.
    """
    today, *later = scenarios
    before = {group: number for number, group in enumerate(groups_of(scenarios[today]))}
    names = column_names("groups", beside=__name__)
    rows = []
    for label in later:
        for number, group in enumerate(groups_of(scenarios[label])):
            for figure, (name, unit) in enumerate(zip(FIGURES, UNITS, strict=True)):
                then = np.array([values[number, figure] for values in found[label]])
                now = (
                    np.array([values[before[group], figure] for values in found[today]])
                    if group in before
                    else np.full(len(then), np.nan)
                )
                change = paired(now, then)
                levels = [mean_interval(side).value for side in (now, then)]
                cells = (label, *group, name, unit.replace("money", currency), *levels)
                rows.append((*cells, change.value, change.low, change.high, change.excludes_zero, change.n))
    return pd.DataFrame(rows, columns=names)
