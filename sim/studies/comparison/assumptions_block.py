"""What a comparison rests on, where that was asked: in its report, on its first page, and at the end on a terminal."""

from __future__ import annotations

import math

import pandas as pd
from rich.console import Console
from rich.text import Text

from sim.report.brief import chosen_how
from sim.report.signed_changes import change
from sim.report.study_page import ShownCell, TableLine
from sim.report.terminal import tell, titled
from sim.results.amounts import between, signed
from sim.studies.assumed.assumed_words import (
    answer_told,
    first_find_out,
    how_sure_of,
    is_share,
    largest,
    looked_how,
    origin_told,
    rests_most_on,
    shown_at,
    turned,
)
from sim.studies.assumed.look import ALL_LUCK
from sim.studies.comparison.comparison import Comparison
from sim.words import NO_VALUE, say

MOST_SAID = 2
"""Sentences of the first page on what turns the answer: the section further below has all."""

MOST_SHOWN = 6
"""Assumptions in the table on a terminal."""


def is_known(comparison: Comparison) -> bool:
    """Whether it was looked at what the answer rests on."""
    return not comparison.assumptions.empty


def rests_on_most(comparison: Comparison, changed: list[str]) -> list[str]:
    """What the first page says under "Rests on".

    Args:
        comparison: What was compared.
        changed: The changes that went furthest, in words.
    """
    if is_known(comparison):
        table = comparison.assumptions
        return [*rests_most_on(table), *turned(table)[:MOST_SAID]]
    command = how_to_ask(comparison)
    return [*changed, command or chosen_how(len(changed))]


def how_to_ask(comparison: Comparison) -> str:
    """The command that tells which assumptions move the answer most; empty where there is none."""
    named = comparison.manifest.get("scenarios", [])
    files = [item.get("scenario_file") for item in named]
    if len(comparison.labels) != 2 or len(files) != 2 or not all(files):
        return ""
    first, second = (str(file["name"]) for file in files)
    return say(
        "Which of all assumptions move the answer most, and whether any of them turns it, tells: sim compare {today} "
        "{plan} --assumptions",
        today=first,
        plan=second,
    )


def before_deciding(comparison: Comparison) -> list[str]:
    """What to find out before doing what is recommended."""
    told = first_find_out(comparison.assumptions) if is_known(comparison) else ""
    return [told] if told else []


def surely_so(comparison: Comparison) -> list[str]:
    """What may be claimed beside luck."""
    return [how_sure_of(comparison.assumptions)] if is_known(comparison) else []


def assumptions_told(comparison: Comparison) -> list[str]:
    """All that is said of them, for their own section."""
    return [*turned(comparison.assumptions), looked_how(comparison.assumptions)] if is_known(comparison) else []


def assumption_lines(comparison: Comparison) -> list[TableLine]:
    """All assumptions that move the answer, each end a line, those that move it most first."""
    if not is_known(comparison):
        return []
    table = comparison.assumptions
    return [_line(row) for _, row in table[table["difference"] != 0.0].iterrows()]


def _line(row: pd.Series) -> TableLine:
    unit, currency = str(row["unit"]), str(row["currency"])
    half = (row["high"] - row["low"]) / 2.0
    inside = between(float(row["low"]), float(row["high"]), lambda value: signed(value, 3)) if half > 0.0 else ""
    answer = answer_told(row) if math.isfinite(row["answer"]) else NO_VALUE
    cells: list[str | ShownCell] = [
        shown_at(float(row["value"]), unit),
        shown_at(float(row["at"]), unit),
        "" if is_share(unit) else unit,  # shown as per cent
        answer,
        ShownCell(change(float(row["difference"]), currency, half), inside),
        _verdict(row),
    ]
    return TableLine(str(row["label"]), cells, origin_told(row), bool(row["turns"]))


def _verdict(row: pd.Series) -> str:
    if row["turns"]:
        return say("turns")
    if row["stage"] != ALL_LUCK:
        return say("looked at")
    if row["opens"]:
        return say("open")
    return say("stands") if row["says"] == row["as_it_is"] else say("unclear")


def print_assumptions(comparison: Comparison, console: Console) -> None:
    """Print the assumptions that move the answer most, and what is to be said of them."""
    if not is_known(comparison):
        return
    table = titled(
        say("What the answer rests on"),
        say("Margin and value of customers, the plan against today, with one assumption otherwise"),
        padding=(0, 1, 0, 0),
        names=say("Assumption"),
        numbers=(say("As it is"), say("At"), say("Answer")),
    )
    table.add_column("")
    for rows in largest(comparison.assumptions, MOST_SHOWN):
        for number, (_, row) in enumerate(rows.iterrows()):
            unit = str(row["unit"])
            table.add_row(
                Text(str(row["label"]) if number == 0 else ""),
                shown_at(float(row["value"]), unit) if number == 0 else "",
                shown_at(float(row["at"]), unit),
                answer_told(row),
                _verdict(row),
            )
    console.print(table)
    for sentence in (*turned(comparison.assumptions), looked_how(comparison.assumptions)):
        tell(console, sentence)
    console.print()
