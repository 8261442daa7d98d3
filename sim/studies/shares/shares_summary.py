"""The short table of shares, at the end of `sim shares`."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.text import Text

from sim.report.terminal import conclude, titled
from sim.results.amounts import change_unit, scale_of, signed
from sim.studies.shares import shares_words as words
from sim.studies.shares.shared_out import SharedOut
from sim.words import say, translated


def print_summary(found: SharedOut, folder: Path, console: Console) -> None:
    """Print each lever's share of the first output, then what is said of all of them.

    Args:
        found: The shares.
        folder: Where it was written.
        console: Where to print.
    """
    output = found.outputs[0]
    total, shown = found.total(output), words.shown_shares(found, output)
    unit = str(total["unit"])
    scale = scale_of(unit)[0]
    table = titled(
        found.question or say("{name}: what each lever contributes", name=found.plan.name),
        say(
            "{label}, {unit}, against today with the same luck; range: least to most in any order",
            label=total["label"],
            unit=change_unit(unit),
        ),
    )
    table.add_column(say("Lever"))
    for header in (say("Today"), say("Plan"), say("Share"), say("Interval"), say("Range")):
        table.add_column(header, justify="right")
    for _, row in found.of(output).iterrows():
        low, high, least, most = (signed(scale * float(row[name]), 3) for name in ("low", "high", "least", "most"))
        table.add_row(
            Text(str(row["label"])),
            Text(str(row["today"])),
            Text(str(row["plan"])),
            shown[str(row["lever"])],
            say("{low} to {high}", low=low, high=high),
            say("{low} to {high}", low=least, high=most),
        )
    low, high = (signed(scale * float(total[name]), 3) for name in ("low", "high"))
    change = words.shown_whole(found, output)
    table.add_row(say("All together"), "", "", change, say("{low} to {high}", low=low, high=high), "")
    console.print(table)
    conclude(console, f"{words.headline(found)}.", words.of_all(found), translated(words.CERTAINTY), folder)
