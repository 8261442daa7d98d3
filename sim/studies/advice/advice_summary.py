"""The short table of advice, at the end of `sim advice`."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from rich.console import Console
from rich.text import Text

from sim.report.terminal import PrintedTable, conclude, tell, titled
from sim.results.amounts import signed, value_shown
from sim.studies.advice import advice_words as words
from sim.studies.advice.advice import Advice
from sim.studies.advice.advice_plan import CAPTIVE_LOSS
from sim.studies.advice.levers import are_held
from sim.studies.advice.verdicts import BOUND, CHOICE, EXPLAINED, INSIDE, KEPT, PAID, UNCLEAR
from sim.words import say, translated

_SHOWN = (BOUND, EXPLAINED, PAID, KEPT, INSIDE, CHOICE, UNCLEAR)
_MOST = 30
_LOSS = [f"{CAPTIVE_LOSS}_{part}" for part in ("change", "low", "high")]
_PROFIT = ["change", "change_low", "change_high"]
"""Columns of a change and its interval, of a step and of a lever."""

_MANY = 100_000.0
"""From changes of so much money on, the table counts in thousands, so that its rows stay short."""


def shown_table(found: Advice, most: int | None = None) -> PrintedTable:
    """Levers by verdict, those with most to gain first.

    Where too few can leave there are no verdicts: the table tells of each lever where those who cannot are eased most.

    Args:
        found: The advice.
        most: Rows at most; all if left out.
    """
    thousands = found.levers["change"].abs().max() >= _MANY
    money = found.scenario.money.currency
    scale, unit = (1e-3, say("thousand {money}", money=money)) if thousands else (1.0, money)
    table = titled(found.question or say("{name}: every lever, one at a time", name=found.scenario.name))
    for header in (say("Lever"), say("Today")):
        table.add_column(header, justify="left" if not table.columns else "right")
    rows = (_what_eases if are_held(found.scenario) else _what_pays)(found, table, scale, unit)
    for row in rows[:most]:
        table.add_row(*row)
    return table


def print_summary(found: Advice, folder: Path, console: Console) -> None:
    """Print levers by verdict, then what is said in sentences.

    Args:
        found: The advice.
        folder: Where it was written.
        console: Where to print.
    """
    table = shown_table(found, _MOST)
    console.print(table)
    left = shown_table(found).row_count - table.row_count
    if left:
        tell(console, say("Levers that the table leaves out: {left}.", left=left), "dim")
    said = words.sentences(found)
    conclude(console, said[0], said[1:], translated(words.CERTAINTY), folder)


def _what_pays(found: Advice, table: PrintedTable, scale: float, unit: str) -> list[list[Text | str]]:
    """Profit at the best step of each lever, with the verdict."""
    table.caption = say("profit against today with the same luck, {unit}, with its 95% interval", unit=unit)
    table.add_column(say("Best"), justify="right")
    table.add_column(say("Profit"), justify="right", no_wrap=True)
    for header in (say("Interval"), say("Verdict")):
        table.add_column(header, no_wrap=True)
    return [
        [*_values(row), *_changes(row, _PROFIT, scale), translated(str(row["verdict"]))]
        for verdict in _SHOWN
        for _, row in found.with_verdict(verdict).iterrows()
    ]


def _what_eases(found: Advice, table: PrintedTable, scale: float, unit: str) -> list[list[Text | str]]:
    """Where each lever lets those who cannot leave bear least, and what that does to profit; not the price."""
    table.caption = say(
        "what those who cannot leave bear themselves where that is least, and profit there, against today with the "
        "same luck, {unit}, with its 95% interval; the price is no lever here",
        unit=unit,
    )
    table.add_column(say("Eases most"), justify="right")
    table.add_column(say("They bear"), justify="right", no_wrap=True)
    table.add_column(say("Interval"), no_wrap=True)
    table.add_column(say("Profit"), justify="right", no_wrap=True)
    return [
        [*_values(row), *_changes(step, _LOSS, scale), signed(scale * float(row["change"]), 3)]
        for row, step in found.that_ease()
    ]


def _values(row: pd.Series) -> list[Text | str]:
    return [Text(str(row["label"])), Text(value_shown(row["today"])), Text(value_shown(row["best"]))]


def _changes(row: pd.Series, names: list[str], scale: float) -> list[Text | str]:
    """A change and its interval, of a lever or of a step."""
    change, low, high = (signed(scale * float(row[name]), 3) for name in names)
    return [change, say("{low} to {high}", low=low, high=high)]
