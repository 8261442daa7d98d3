"""The short table of an output that was shared out among the levers of a plan."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from sim.report.terminal import PrintedTable, titled
from sim.results.amounts import change_unit
from sim.studies.shared_output import SharedOutput, share_lines
from sim.words import say


def shared_table(found: SharedOutput, title: str) -> PrintedTable:
    """Each lever's share, and the whole below them, under a title."""
    table = titled(
        title,
        say(
            "{label}, {unit}, against today with the same luck; range: least to most in any order",
            label=found.total["label"],
            unit=change_unit(str(found.total["unit"])),
        ),
        names=say("Lever"),
        numbers=(say("Today"), say("Plan"), say("Share"), say("Interval"), say("Range")),
        padding=(0, 1, 0, 0),
    )
    for line in share_lines(found):
        cells = [part for cell in line.cells for part in ([cell] if isinstance(cell, str) else cell)]
        table.add_row(*map(Text, (line.label, *cells)))
    return table


def print_shared(found: SharedOutput, title: str, console: Console) -> None:
    """Print that table."""
    console.print(shared_table(found, title))
