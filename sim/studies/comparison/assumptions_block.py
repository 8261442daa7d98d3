"""What a comparison rests on, where that was asked: in its report, on its first page, and at the end on a terminal."""

from __future__ import annotations

import math

import pandas as pd
from rich.console import Console
from rich.text import Text

from sim.report.signed_changes import change
from sim.report.study_page import ShownCell, TableLine
from sim.report.terminal import tell, titled
from sim.report.usual_assumptions import PLAN, usually_rests_on
from sim.results.amounts import between, signed
from sim.studies.assumed.assumed_words import (
    answer_told,
    first_find_out,
    how_sure_of,
    is_share,
    largest,
    looked_at_few,
    looked_how,
    origin_told,
    rests_most_on,
    shown_at,
    turned,
)
from sim.studies.assumed.look import ALL_LUCK
from sim.studies.comparison.assumptions_run import THE_USUAL
from sim.studies.comparison.comparison import Comparison
from sim.studies.comparison.verdict_words import ranked
from sim.words import NO_VALUE, say

MOST_SAID = 2
"""Sentences of the first page on what turns the answer: the section further below has all."""

MOST_SHOWN = 6
"""Assumptions in the table on a terminal."""


def is_known(comparison: Comparison) -> bool:
    """Whether it was looked at what the answer rests on."""
    return not comparison.assumptions.empty


def is_of_few(comparison: Comparison) -> bool:
    """Whether only those were looked at that usually move such an answer."""
    return comparison.manifest.get("assumptions") == THE_USUAL


def rests_on_most(comparison: Comparison) -> list[str]:
    """What the first page says under "Rests on"."""
    command = how_to_ask(comparison)
    if is_known(comparison):
        table = comparison.assumptions
        more = [command] if command and is_of_few(comparison) else []
        return [*rests_most_on(table), *turned(table)[:MOST_SAID], *more]
    best = next((label for label in ranked(comparison) if label != comparison.labels[0]), comparison.labels[-1])
    usual = usually_rests_on(comparison.scenarios[best], PLAN)
    return [*usual, command] if command else usual


def how_to_ask(comparison: Comparison) -> str:
    """The command that tells which assumptions move the answer most; of several plans for the best; empty for none."""
    named = comparison.manifest.get("scenarios", [])
    files = {label: item.get("scenario_file") for label, item in zip(comparison.labels, named, strict=False)}
    today = comparison.labels[0]
    plan = next(label for label in ranked(comparison) if label != today)
    first, second = files.get(today), files.get(plan)
    if first is None or second is None or (is_known(comparison) and not is_of_few(comparison)):
        return ""
    values = {"today": str(first["name"]), "plan": str(second["name"])}
    if is_known(comparison):
        return say("All other assumptions are looked at by: sim compare {today} {plan} --assumptions", **values)
    if len(comparison.labels) > 2:
        return say(
            "Which assumptions move the answer most, and whether any of them turns it, is measured of one plan "
            "against today: sim compare {today} {plan}",
            **values,
        )
    return say(
        "Which of all assumptions move the answer most, and whether any of them turns it, tells: sim compare {today} "
        "{plan} --assumptions",
        **values,
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
    return [*turned(comparison.assumptions), _looked_how(comparison)] if is_known(comparison) else []


def _looked_how(comparison: Comparison) -> str:
    return looked_at_few(comparison.assumptions) if is_of_few(comparison) else looked_how(comparison.assumptions)


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
    if is_of_few(comparison):
        console.print(Text(say("What the answer rests on"), "bold"))
        for sentence in rests_on_most(comparison):
            tell(console, sentence)
        console.print()
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
    for sentence in assumptions_told(comparison):
        tell(console, sentence)
    console.print()
