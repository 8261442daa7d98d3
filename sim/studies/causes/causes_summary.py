"""The short table of causes, at the end of `sim causes`."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.text import Text

from sim.report.terminal import PrintedTable, conclude, titled
from sim.results.amounts import rounded
from sim.studies.causes import causes_words as words
from sim.studies.causes.causes_of_churn import LEAVERS, CausesOfChurn
from sim.words import percent, say, translated


def shown_table(found: CausesOfChurn) -> PrintedTable:
    """Causes, those with the largest share first."""
    table = titled(
        found.question or say("{name}: why customers leave", name=found.scenario.name),
        say("people who left by the end; range: least to most in any order of taking causes out"),
        names=say("Cause"),
        numbers=(say("Share"), say("Of leavers"), say("Interval"), say("Range"), say("But for it")),
    )
    shares, left = words.shown_shares(found), float(found.line(LEAVERS)["value"])
    for _, row in found.by_share.iterrows():
        low, high, least, most = (rounded(float(row[name])) for name in ("low", "high", "least", "most"))
        table.add_row(
            Text(str(row["label"])),
            shares[str(row["cause"])],
            percent(float(row["value"]) / left if left else float("nan"), 1).replace("-", "−"),
            say("{low} to {high}", low=low, high=high),
            say("{low} to {high}", low=least, high=most),
            rounded(float(row["but_for"])),
        )
    return table


def print_summary(found: CausesOfChurn, folder: Path, console: Console) -> None:
    """Print causes, those with the largest share first, then what is said of all.

    Args:
        found: The causes.
        folder: Where it was written.
        console: Where to print.
    """
    console.print(shown_table(found))
    conclude(console, f"{words.headline(found)}.", words.of_all(found), translated(words.CERTAINTY), folder)
