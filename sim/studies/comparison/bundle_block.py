"""A plan of several levers in the report of a comparison: the table of their shares, and that of its parts."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from sim.report.study_page import ShownCell, TableLine
from sim.results.amounts import between, change_unit, scale_of, signed, text_shown
from sim.studies.comparison.comparison import Comparison
from sim.studies.comparison.levers_words import how_shared, parts_of, shown_interval
from sim.studies.shared_output import SharedOutput, shown_shares, shown_whole
from sim.words import say


class BundleBlock(NamedTuple):
    """What is shown of one plan."""

    label: str
    output: str
    unit: str
    note: str
    lines: list[TableLine]
    parts: list[TableLine]


def bundle_block(comparison: Comparison, label: str, shared: SharedOutput) -> BundleBlock:
    """The tables of a plan that was shared out among its levers."""
    unit = str(shared.total["unit"])
    return BundleBlock(
        label,
        str(shared.total["label"]),
        change_unit(unit),
        how_shared(comparison, label),
        _lines(shared),
        [_part(row, scale_of(unit)[0]) for _, row in parts_of(comparison, label).iterrows()],
    )


def _lines(shared: SharedOutput) -> list[TableLine]:
    shown, scale = shown_shares(shared), scale_of(str(shared.total["unit"]))[0]
    lines = [
        TableLine(
            str(row["label"]),
            [
                text_shown(str(row["today"])),
                text_shown(str(row["plan"])),
                ShownCell(shown[str(row["lever"])], shown_interval(row)),
                between(scale * float(row["least"]), scale * float(row["most"]), lambda value: signed(value, 3)),
            ],
        )
        for _, row in shared.rows.iterrows()
    ]
    whole = ShownCell(shown_whole(shared), shown_interval(shared.total))
    return [*lines, TableLine(say("All together"), ["", "", whole, ""])]


def _part(row: pd.Series, scale: float) -> TableLine:
    cells = []
    for name in ("change", "ahead"):
        low, high = scale * float(row[f"{name}_low"]), scale * float(row[f"{name}_high"])
        inside = between(low, high, lambda value: signed(value, 3)) if high > low else ""
        cells.append(ShownCell(signed(scale * float(row[name]), 3), inside))
    return TableLine(str(row["levers"]), cells)
