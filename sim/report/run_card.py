"""The result of a run in a notebook."""

from __future__ import annotations

import pandas as pd

from sim.report.notebook_card import card
from sim.report.wording import interval, number
from sim.results.amounts import unit_words
from sim.results.result import Result
from sim.words import NO_VALUE, plural, say, translated

SHOWN = (
    "satisfaction",
    "nps",
    "yearly_loss",
    "customers",
    "complaint_share",
    "seen_share",
    "complainers_kept",
    "talk_ratio",
    "quality_cost_share",
    "margin",
)
"""Key figures that a notebook shows; `result.summary` has all."""


def run_card(result: Result) -> str:
    """Key figures with intervals, and the iceberg."""
    found = result.summary.loc[list(SHOWN)]
    rows = [
        (
            translated(row["label"]),
            number(row["value"], row["unit"]),
            interval(row) or NO_VALUE,
            "" if row["unit"].startswith("share") else unit_words(row["unit"]),
        )
        for _, row in found.iterrows()
    ]
    table = pd.DataFrame(rows, columns=[say("Key figure"), say("Value"), say("95% interval"), say("Unit")])
    runs = plural("Key figures of {n} run", "Key figures, means of {n} runs", result.replications)
    return card(result, table, runs)
