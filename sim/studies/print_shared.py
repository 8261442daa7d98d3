"""The short table of an output that was shared out among the levers of a plan."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from sim.report.terminal import titled
from sim.results.amounts import between, change_unit, scale_of, signed, text_shown
from sim.studies.shared_output import SharedOutput, shown_shares, shown_whole
from sim.words import say


def print_shared(found: SharedOutput, title: str, console: Console) -> None:
    """Print each lever's share, and the whole below them.

    Args:
        found: The shares.
        title: Above the table.
        console: Where to print.
    """
    unit, shown = str(found.total["unit"]), shown_shares(found)
    scale = scale_of(unit)[0]
    table = titled(
        title,
        say(
            "{label}, {unit}, against today with the same luck; range: least to most in any order",
            label=found.total["label"],
            unit=change_unit(unit),
        ),
        padding=(0, 1, 0, 0),
    )
    table.add_column(say("Lever"))
    for header in (say("Today"), say("Plan"), say("Share"), say("Interval"), say("Range")):
        table.add_column(header, justify="right")

    def ends(low: float, high: float) -> str:
        return between(scale * low, scale * high, lambda value: signed(value, 3))

    for _, row in found.rows.iterrows():
        table.add_row(
            Text(str(row["label"])),
            Text(text_shown(str(row["today"]))),
            Text(text_shown(str(row["plan"]))),
            shown[str(row["lever"])],
            ends(float(row["low"]), float(row["high"])),
            ends(float(row["least"]), float(row["most"])),
        )
    whole = ends(float(found.total["low"]), float(found.total["high"]))
    table.add_row(say("All together"), "", "", shown_whole(found), whole, "")
    console.print(table)
