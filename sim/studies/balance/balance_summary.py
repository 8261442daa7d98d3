"""The short table of a balance, at the end of `sim balance`."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.text import Text

from sim.parameters.labels import label
from sim.report.terminal import PrintedTable, conclude, tell, titled
from sim.results.amounts import value_shown
from sim.studies.balance import balance_words as words
from sim.studies.balance.balanced import Balanced
from sim.words import say, translated


def shown_table(found: Balanced) -> PrintedTable:
    """The drift before and after."""
    table = titled(
        say("{name}: how far today drifts in {years} years", name=found.scenario.name, years=found.years),
        say("change from the first year to the last, with its 99% interval"),
    )
    table.add_column(say("Key figure"))
    table.add_column(say("Before"), justify="right", no_wrap=True)
    table.add_column(say("After"), justify="right", no_wrap=True)
    table.add_column(say("Interval"), no_wrap=True)
    table.add_column(say("Verdict"), no_wrap=True)
    for _, row in found.drift.iterrows():
        table.add_row(
            Text(str(row["label"])),
            words.change_told(row, "before"),
            words.change_told(row),
            words.interval_told(row),
            translated(str(row["verdict"])),
        )
    return table


def print_summary(found: Balanced, folder: Path, console: Console) -> None:
    """Print the drift before and after, the start that was found, and what is said in sentences.

    Args:
        found: The balance.
        folder: Where it was written.
        console: Where to print.
    """
    console.print(shown_table(found))
    changed = found.start[found.start["before"] != found.start["after"]]
    for _, row in changed.iterrows():
        before, after = value_shown(row["before"]), value_shown(row["after"])
        parameter = label(str(row["path"]), type(found.scenario))
        told = say("{parameter} {before} → {after}", parameter=parameter, before=before, after=after)
        tell(console, told, "dim")
    said = found.sentences
    conclude(console, said[0], said[1:], "", folder)
