"""The short table of shares, at the end of `sim shares`."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from sim.report.terminal import PrintedTable, conclude
from sim.studies.print_shared import shared_table
from sim.studies.shares import shares_words as words
from sim.studies.shares.shared_out import SharedOut
from sim.words import say, translated


def shown_table(found: SharedOut) -> PrintedTable:
    """Each lever's share of the first output."""
    title = found.question or say("{name}: what each lever contributes", name=found.plan.name)
    return shared_table(found.shared(found.outputs[0]), title)


def print_summary(found: SharedOut, folder: Path, console: Console) -> None:
    """Print each lever's share of the first output, then what is said of all of them.

    Args:
        found: The shares.
        folder: Where it was written.
        console: Where to print.
    """
    console.print(shown_table(found))
    conclude(console, f"{words.headline(found)}.", words.of_all(found), translated(words.CERTAINTY), folder)
