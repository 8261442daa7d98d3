"""The report of advice: what wins by its bound, what the price and the desk do, every lever, every step."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from sim.report.brief import BriefPoint, resting_on
from sim.report.signed_changes import is_money
from sim.report.study_page import PageRow, TableLine, study_page
from sim.report.usual_assumptions import PLAN
from sim.report.wording import number
from sim.results.amounts import between, change_unit, rounded, scale_of, signed, value_shown
from sim.results.outputs import output_label, output_unit
from sim.studies.advice import advice_words as words
from sim.studies.advice.advice import Advice
from sim.studies.advice.advice_figures import FIGURES
from sim.studies.advice.advice_plan import CAPTIVE_LOSS, told_of
from sim.studies.advice.verdicts import DEFINITION, INSIDE, LEFT_OUT, VERDICTS
from sim.words import say, translated


def page(found: Advice) -> str:
    """The page as HTML text: styles and figures inside, no request to anywhere; same answer, same bytes."""
    currency = found.scenario.money.currency
    losses = {str(row["lever"]): _changed(step, CAPTIVE_LOSS) for row, step in found.that_ease()}
    turned = [_lever(row, losses) for verdict in VERDICTS for _, row in found.with_verdict(verdict).iterrows()]
    return study_page(
        "advice.html.jinja",
        found,
        beside=__name__,
        currency=currency,
        headline=words.headline(found),
        brief=[
            BriefPoint(say("What to do"), words.what_to_do(found)),
            BriefPoint(say("Costs and brings"), [*words.of_price(found), *words.of_desk(found)]),
            BriefPoint(say("How sure"), [translated(words.CERTAINTY)]),
            resting_on(found.scenario, PLAN),
        ],
        of_levers=words.of_levers(found),
        figures={name: FIGURES.forms(name, found) for name in FIGURES.names(found)},
        today=[_line(row, currency) for _, row in found.figures.iterrows()],
        desk=[_line(row, currency) for _, row in found.desk.iterrows()],
        levers=[line for line in turned if line["verdict"] not in (DEFINITION, LEFT_OUT)],
        left_out=[line for line in turned if line["verdict"] in (DEFINITION, LEFT_OUT)],
        outcomes=[_heading(found, name) for name in told_of(found.scenario)],
        steps=[_step(found, row) for _, row in found.steps.iterrows()],
        verdicts=VERDICTS,
        held=bool(losses),
    )


def _interval(low: float, high: float, scale: float = 1.0) -> str:
    return between(scale * low, scale * high, lambda value: signed(value, 3))


def _lever(row: pd.Series, losses: Mapping[str, tuple[str, str]]) -> PageRow:
    return {
        "path": str(row["lever"]),
        "label": str(row["label"]),
        "unit": str(row["unit"]),
        "today": value_shown(row["today"]),
        "span": between(float(row["low"]), float(row["high"]), value_shown),
        "best": value_shown(row["best"]),
        "beside": between(float(row["best_from"]), float(row["best_to"]), value_shown)
        if row["verdict"] == INSIDE
        else "",
        "change": signed(float(row["change"]), 3),
        "interval": _interval(float(row["change_low"]), float(row["change_high"])),
        "loss": losses.get(str(row["lever"]), ("", "")),
        "verdict": str(row["verdict"]),
        "reason": str(row["reason"]),
    }


def _heading(found: Advice, name: str) -> str:
    unit = change_unit(output_unit(name, found.scenario))
    return f"{output_label(name)}, {unit}" if unit else output_label(name)


def _changed(row: pd.Series, name: str, scale: float = 1.0) -> tuple[str, str]:
    """A step's change of an outcome, and its interval."""
    change, low, high = (float(row[f"{name}_{part}"]) for part in ("change", "low", "high"))
    return signed(scale * change, 3), _interval(low, high, scale)


def _step(found: Advice, row: pd.Series) -> PageRow:
    cells = [_changed(row, name, scale_of(output_unit(name, found.scenario))[0]) for name in told_of(found.scenario)]
    return {
        "label": str(row["label"]),
        "value": value_shown(row["value"]),
        "is_today": bool(row["is_today"]),
        "cells": cells,
    }


def is_told_with_unit(unit: str, currency: str) -> bool:
    """Whether a figure is one of those that reports tell with their unit, and no count of anything else.

    >>> is_told_with_unit("share", "EUR"), is_told_with_unit("EUR", "EUR"), is_told_with_unit("pairs of runs", "EUR")
    (True, True, False)
    """
    return not is_money(unit) or unit.partition(" per ")[0] == currency


def _line(row: pd.Series, currency: str) -> TableLine:
    unit = str(row["unit"])

    def told(value: float) -> str:
        return number(value, unit) if is_told_with_unit(unit, currency) else rounded(value)

    interval = between(float(row["low"]), float(row["high"]), told)
    return TableLine(str(row["label"]), [told(float(row["value"])), interval])
