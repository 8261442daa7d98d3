"""The result of a run in a notebook, or in an interactive session."""

from __future__ import annotations

from rich.text import Text

from sim.report.terminal import PrintedTable, titled
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


def shown_table(result: Result) -> PrintedTable:
    """Key figures with intervals; money has its unit before it."""
    runs = plural("Key figures of {n} run", "Key figures, means of {n} runs", result.replications)
    currency = result.scenario.money.currency
    table = titled("", runs, names=say("Key figure"), numbers=(say("Value"), say("95% interval"), say("Unit")))
    found = result.summary.loc[list(SHOWN)]
    for _, row in found.iterrows():
        told = row["unit"].startswith("share") or row["unit"] == currency
        table.add_row(
            Text(translated(row["label"])),
            Text(number(row["value"], row["unit"])),
            Text(interval(row) or NO_VALUE),
            "" if told else unit_words(row["unit"]),
        )
    return table
