"""A comparison in a notebook, or in an interactive session."""

from __future__ import annotations

import math

from rich.text import Text

from sim.report.signed_changes import change, is_money, limits
from sim.report.terminal import PrintedTable, titled
from sim.report.wording import number
from sim.studies.comparison import comparison_words as words
from sim.studies.comparison.comparison import Comparison
from sim.words import NO_VALUE, plural, priced, say, scaled_amounts, translated

SHOWN = ("retention", "customers", "satisfaction", "complaint_share", "talk_ratio", "quality_cost_share", "margin")
"""Key figures that a notebook shows; `comparison.differences` has all."""


def shown_table(comparison: Comparison) -> PrintedTable:
    """What each later scenario changes, with intervals and how sure that is."""
    n = comparison.replications
    then = comparison.labels[1] if len(comparison.labels) == 2 else say("Then")
    table = titled(
        "",
        plural("Same luck, {n} pair of runs", "Same luck, {n} pairs of runs", n),
        names=say("Key figure"),
        numbers=(comparison.labels[0], then, say("Change"), say("95% interval"), say("Sure?")),
    )
    for label in comparison.labels[1:]:
        for figure in SHOWN:
            row = comparison.difference(figure, label)
            name = translated(row["label"])
            cells = (
                f"{label}: {name}" if len(comparison.labels) > 2 else name,
                *_both(row["first"], row["value"], row["unit"]),
                change(row["difference"], row["unit"], (row["high"] - row["low"]) / 2.0),
                limits(row) or NO_VALUE,
                translated(words.sure(row)),
            )
            table.add_row(*map(Text, cells))
    return table


def _both(first: float, value: float, unit: str) -> tuple[str, str]:
    """The figure in both worlds: money in the same thousands or millions, for they are read against each other."""
    if not (is_money(unit) and math.isfinite(first) and math.isfinite(value)):
        return number(first, unit), number(value, unit)
    (one, other), name = scaled_amounts((first, value))
    currency = unit.partition(" per ")[0]
    return priced(f"{one}{name}", currency), priced(f"{other}{name}", currency)
