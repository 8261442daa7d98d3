"""Rivals and segments of a comparison as its report shows them: today's figure, the plan's, and the change below."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import pandas as pd

from sim.report.signed_changes import change, limits, negligible
from sim.report.study_page import ShownCell, TableLine
from sim.report.wording import number
from sim.results.firm_names import shown_name
from sim.studies.comparison.comparison import Comparison
from sim.studies.comparison.groups import FIGURES, SEGMENT
from sim.words import say


class GroupsOfPlan(NamedTuple):
    """What a plan does to rivals and segments.

    Attributes:
        label: Its name.
        lines: A line for each of them.
    """

    label: str
    lines: list[TableLine]


def groups_of_plans(comparison: Comparison) -> list[GroupsOfPlan]:
    """All plans with what they do to rivals and segments; none where there are neither."""
    table = comparison.groups
    if table.empty:
        return []
    found = []
    for label in comparison.labels[1:]:
        rows = table[table["scenario"] == label]
        lines = [
            _line(str(kind), str(group), part.set_index("figure"))
            for (kind, group), part in rows.groupby(["kind", "group"], sort=False)
        ]
        found.append(GroupsOfPlan(label, lines))
    return [plan for plan in found if plan.lines]


def _line(kind: str, group: str, rows: pd.DataFrame) -> TableLine:
    cells: list[str | ShownCell] = [_cell(rows.loc[figure]) for figure in FIGURES]
    return TableLine(shown_name(group), cells, say("segment of the firm") if kind == SEGMENT else say("rival"))


def _cell(row: Any) -> ShownCell:
    """Both levels, and the change with its interval below; of a group that is not there today its level alone."""
    unit = str(row["unit"])
    then = number(row["value"], unit)
    if not math.isfinite(row["first"]):
        return ShownCell(then, say("not there today"))
    first = number(row["first"], unit)
    if negligible(row):
        return ShownCell(say("{before} → {after}", before=first, after=then), say("negligible"))
    moved = change(row["difference"], unit, (row["high"] - row["low"]) / 2.0, bare=True)
    inside = limits(row)
    told = say("{change} ({limits})", change=moved, limits=inside) if inside else moved
    return ShownCell(say("{before} → {after}", before=first, after=then), told)
