"""The short table of advice, at the end of `sim advice`."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.text import Text

from sim.report.terminal import conclude, tell, titled
from sim.results.amounts import signed, value_shown
from sim.studies.advice import advice_words as words
from sim.studies.advice.advice import Advice
from sim.studies.advice.verdicts import BOUND, CHOICE, EXPLAINED, INSIDE, KEPT, PAID, UNCLEAR, UNJUDGED
from sim.words import say, translated

_SHOWN = (BOUND, EXPLAINED, PAID, KEPT, INSIDE, CHOICE, UNJUDGED, UNCLEAR)
_MOST = 30
_MANY = 100_000.0
"""From changes of so much money on, the table counts in thousands, so that its rows stay short."""


def print_summary(found: Advice, folder: Path, console: Console) -> None:
    """Print levers by verdict, those with most to gain first, then what is said in sentences.

    Args:
        found: The advice.
        folder: Where it was written.
        console: Where to print.
    """
    thousands = found.levers["change"].abs().max() >= _MANY
    money = found.scenario.money.currency
    scale, unit = (1e-3, say("thousand {money}", money=money)) if thousands else (1.0, money)
    table = titled(
        found.question or say("{name}: every lever, one at a time", name=found.scenario.name),
        say("profit against today with the same luck, {unit}, with its 95% interval", unit=unit),
    )
    table.add_column(say("Lever"))
    for header in (say("Today"), say("Best")):
        table.add_column(header, justify="right")
    table.add_column(say("Profit"), justify="right", no_wrap=True)
    table.add_column(say("Interval"), no_wrap=True)
    table.add_column(say("Verdict"), no_wrap=True)
    rows = [row for verdict in _SHOWN for _, row in found.with_verdict(verdict).iterrows()]
    for row in rows[:_MOST]:
        change, low, high = (signed(scale * float(row[name]), 3) for name in ("change", "change_low", "change_high"))
        table.add_row(
            Text(str(row["label"])),
            Text(value_shown(row["today"])),
            Text(value_shown(row["best"])),
            change,
            say("{low} to {high}", low=low, high=high),
            translated(str(row["verdict"])),
        )
    console.print(table)
    if len(rows) > _MOST:
        tell(console, say("Levers that the table leaves out: {left}.", left=len(rows) - _MOST), "dim")
    said = words.sentences(found)
    conclude(console, said[0], said[1:], translated(words.CERTAINTY), folder)
