"""The short table of the cost of quality, at the end of `sim cost`."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.text import Text

from sim.report.terminal import PrintedTable, conclude, titled
from sim.results.amounts import rounded
from sim.studies.cost import cost_words as words
from sim.studies.cost.costed import CostOfQuality
from sim.words import percent, say, translated


def shown_table(found: CostOfQuality) -> PrintedTable:
    """What quality costs today."""
    money = found.scenario.money.currency
    table = titled(
        found.question or say("{name}: what quality costs", name=found.scenario.name),
        say("over the run, {money}, with its 95% interval", money=money),
    )
    table.add_column(say("Cost of quality"), no_wrap=True)
    for header in (say("Money"), say("Interval"), say("Of revenue"), say("Per customer and year")):
        table.add_column(header, justify="right")
    for _, row in found.items.iterrows():
        value, low, high, each = (rounded(float(row[name])) for name in ("value", "low", "high", "per_customer_year"))
        table.add_row(
            Text(str(row["label"])),
            value,
            say("{low} to {high}", low=low, high=high),
            percent(float(row["of_revenue"]), 1),
            each,
        )
    return table


def print_summary(found: CostOfQuality, folder: Path, console: Console) -> None:
    """Print the costs today, then what is said in sentences.

    Args:
        found: The cost of quality.
        folder: Where it was written.
        console: Where to print.
    """
    console.print(shown_table(found))
    said = words.sentences(found)
    conclude(console, said[0], said[1:], translated(words.CERTAINTY), folder)
