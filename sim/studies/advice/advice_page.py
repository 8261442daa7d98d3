"""The report of advice: what wins by its bound, what the price and the desk do, every lever, every step."""

from __future__ import annotations

import math
from typing import NamedTuple

import pandas as pd

from sim.report.brief import Point, resting_on
from sim.report.templates import template
from sim.report.wording import number
from sim.results.amounts import change_unit, rounded, scale_of, signed, value_shown
from sim.results.outputs import output_label, output_unit
from sim.studies.advice import advice_words as words
from sim.studies.advice.advice import Advice
from sim.studies.advice.advice_figures import FIGURES
from sim.studies.advice.advice_plan import told_of
from sim.studies.advice.verdicts import DEFINITION, LEFT_OUT, VERDICTS
from sim.words import say, translated


class LeverLine(NamedTuple):
    """A lever as a reader sees it."""

    path: str
    label: str
    unit: str
    today: str
    span: str
    best: str
    change: str
    interval: str
    verdict: str
    reason: str


class StepLine(NamedTuple):
    """A step as a reader sees it: its lever, its value, and each outcome's change with its interval."""

    label: str
    value: str
    is_today: bool
    cells: list[tuple[str, str]]


class Line(NamedTuple):
    """A line of the figures of today, or of the desk."""

    label: str
    value: str
    interval: str


def page(found: Advice) -> str:
    """The page as HTML text: styles and figures inside, no request to anywhere; same answer, same bytes."""
    turned = [_lever(row) for verdict in VERDICTS for _, row in found.with_verdict(verdict).iterrows()]
    return template("advice.html.jinja", beside=__name__).render(
        found=found,
        scenario=found.scenario,
        manifest={"version": "unknown", **found.manifest},
        currency=found.scenario.money.currency,
        headline=words.headline(found),
        brief=[
            Point(say("What to do"), words.what_to_do(found)),
            Point(say("Costs and brings"), [*words.of_price(found), *words.of_desk(found)]),
            Point(say("How sure"), [translated(words.CERTAINTY)]),
            resting_on(found.scenario),
        ],
        of_levers=words.of_levers(found),
        figures={name: FIGURES.forms(name, found) for name in FIGURES.names(found)},
        today=[_line(row) for _, row in found.figures.iterrows()],
        desk=[_line(row) for _, row in found.desk.iterrows()],
        levers=[line for line in turned if line.verdict not in (DEFINITION, LEFT_OUT)],
        left_out=[line for line in turned if line.verdict in (DEFINITION, LEFT_OUT)],
        outcomes=[_heading(found, name) for name in told_of(found.scenario)],
        steps=[_step(found, row) for _, row in found.steps.iterrows()],
        verdicts=VERDICTS,
    )


def _interval(low: float, high: float, scale: float = 1.0) -> str:
    if not (math.isfinite(low) and math.isfinite(high)):
        return ""
    return say("{scale} to {scale_2}", scale=signed(scale * low, 3), scale_2=signed(scale * high, 3))


def _lever(row: pd.Series) -> LeverLine:
    ends = [float(row[name]) for name in ("low", "high")]
    return LeverLine(
        str(row["lever"]),
        str(row["label"]),
        str(row["unit"]),
        value_shown(row["today"]),
        say("{low} to {high}", low=value_shown(ends[0]), high=value_shown(ends[1]))
        if all(map(math.isfinite, ends))
        else "",
        value_shown(row["best"]),
        signed(float(row["change"]), 3),
        _interval(float(row["change_low"]), float(row["change_high"])),
        str(row["verdict"]),
        str(row["reason"]),
    )


def _heading(found: Advice, name: str) -> str:
    unit = change_unit(output_unit(name, found.scenario))
    return f"{output_label(name)}, {unit}" if unit else output_label(name)


def _step(found: Advice, row: pd.Series) -> StepLine:
    cells = []
    for name in told_of(found.scenario):
        scale = scale_of(output_unit(name, found.scenario))[0]
        change, low, high = (float(row[f"{name}_{part}"]) for part in ("change", "low", "high"))
        cells.append((signed(scale * change, 3), _interval(low, high, scale)))
    return StepLine(str(row["label"]), value_shown(row["value"]), bool(row["is_today"]), cells)


def _line(row: pd.Series) -> Line:
    unit, low, high = str(row["unit"]), float(row["low"]), float(row["high"])

    def told(value: float) -> str:
        return rounded(value) if unit.startswith(("%", "encounters")) else number(value, unit)

    between = (
        say("{told} to {told_2}", told=told(low), told_2=told(high))
        if math.isfinite(low) and math.isfinite(high)
        else ""
    )
    return Line(str(row["label"]), told(float(row["value"])), between)
