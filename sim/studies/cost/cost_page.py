"""The report of the cost of quality: what it is today, what prevention does to it, and what better firms would earn."""

from __future__ import annotations

import pandas as pd

from sim.report.brief import BriefPoint, resting_on
from sim.report.study_page import ShownCell, TableLine, money_cell, people_cell, study_page
from sim.report.usual_assumptions import PLAN
from sim.report.wording import number
from sim.results.amounts import between, rounded
from sim.studies.cost import cost_words as words
from sim.studies.cost.cost_figures import FIGURES
from sim.studies.cost.costed import CostOfQuality, label_of
from sim.words import percent, say, translated

_ITEMS = ("prevention", "appraisal", "internal", "external", "opportunity")


def page(found: CostOfQuality) -> str:
    """The page as HTML text: styles and figures inside, no request to anywhere; same answer, same bytes."""
    return study_page(
        "cost.html.jinja",
        found,
        beside=__name__,
        currency=found.scenario.money.currency,
        headline=words.headline(found),
        brief=[
            BriefPoint(say("What to do"), words.what_to_do(found)),
            BriefPoint(say("Costs and brings"), words.of_costs(found)),
            BriefPoint(say("How sure"), [*words.of_prevention(found), translated(words.CERTAINTY)]),
            resting_on(found.scenario, PLAN),
        ],
        formula=words.of_formula(found),
        of_worlds=words.of_worlds(found),
        figures={name: FIGURES.forms(name, found) for name in FIGURES.names(found)},
        items=[_item(row) for _, row in found.items.iterrows()],
        worlds=[_world(row) for _, row in found.worlds.iterrows()],
        headings=[label_of(name) for name in _ITEMS],
        steps=[_step(row) for _, row in found.curve.iterrows()],
        lines=[_figure(row) for _, row in found.figures.iterrows()],
    )


def _between(row: pd.Series, low: str, high: str) -> str:
    return between(float(row[low]), float(row[high]))


def _money(row: pd.Series, name: str, *, signs: bool = False) -> ShownCell:
    low, high = ("low", "high") if name == "value" else (f"{name}_low", f"{name}_high")
    return money_cell(float(row[name]), float(row[low]), float(row[high]), signs=signs)


def _item(row: pd.Series) -> TableLine:
    cells: list[str | ShownCell] = [
        _money(row, "value"),
        percent(float(row["of_revenue"]), 1),
        rounded(float(row["per_customer_year"])),
    ]
    return TableLine(str(row["label"]), cells)


def _world(row: pd.Series) -> TableLine:
    people = people_cell(*(float(row[f"customers{end}"]) for end in ("", "_low", "_high")))
    return TableLine(str(row["label"]), [_money(row, "missed", signs=True), _money(row, "margin", signs=True), people])


def _step(row: pd.Series) -> TableLine:
    cells: list[str | ShownCell] = [rounded(float(row[f"{name}_cost"])) for name in _ITEMS]
    more = "" if row["is_least"] else _money(row, "more", signs=True)
    return TableLine(
        rounded(float(row["prevention"])), [*cells, rounded(float(row["total"])), more], marked=bool(row["is_today"])
    )


def _figure(row: pd.Series) -> TableLine:
    unit, value = str(row["unit"]), float(row["value"])
    shown = number(value, unit) if unit == "share" else say("{value} {unit}", value=rounded(value), unit=unit)
    return TableLine(str(row["label"]), [shown, _between(row, "low", "high")])
