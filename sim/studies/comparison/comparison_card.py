"""A comparison in a notebook."""

from __future__ import annotations

import pandas as pd

from sim.report.notebook_card import card
from sim.report.signed_changes import change, limits
from sim.report.wording import number
from sim.studies.comparison import comparison_words as words
from sim.studies.comparison.comparison import Comparison
from sim.words import NO_VALUE, plural, say, translated

SHOWN = ("retention", "customers", "satisfaction", "complaint_share", "talk_ratio", "quality_cost_share", "margin")
"""Key figures that a notebook shows; `comparison.differences` has all."""


def comparison_card(comparison: Comparison) -> str:
    """What each later scenario changes, with intervals and how sure that is."""
    rows = []
    for label in comparison.labels[1:]:
        for figure in SHOWN:
            row = comparison.difference(figure, label)
            name = translated(row["label"])
            rows.append(
                (
                    f"{label}: {name}" if len(comparison.labels) > 2 else name,
                    number(row["first"], row["unit"]),
                    number(row["value"], row["unit"]),
                    change(row["difference"], row["unit"], (row["high"] - row["low"]) / 2.0),
                    limits(row) or NO_VALUE,
                    translated(words.sure(row)),
                )
            )
    then = comparison.labels[1] if len(comparison.labels) == 2 else say("Then")
    names = [say("Key figure"), comparison.labels[0], then, say("Change"), say("95% interval"), say("Sure?")]
    n = comparison.replications
    caption = plural("Same luck, {n} pair of runs", "Same luck, {n} pairs of runs", n)
    return card(comparison, pd.DataFrame(rows, columns=names), caption)
