"""The report of offers: what each way of choosing saves and earns, to whom the offer does what, and what was lived."""

from __future__ import annotations

import pandas as pd

from sim.report.brief import BriefPoint, resting_on
from sim.report.study_page import ShownCell, TableLine, money_cell, people_cell, study_page
from sim.report.usual_assumptions import PLAN
from sim.results.amounts import rounded
from sim.studies.offers import offers_words as words
from sim.studies.offers.offers_figures import FIGURES
from sim.studies.offers.worth_an_offer import WorthAnOffer
from sim.words import say, translated


def page(found: WorthAnOffer) -> str:
    """The page as HTML text: styles and figures inside, no request to anywhere; same answer, same bytes."""
    lived = found.interference[found.interference["what"] == "money"]
    return study_page(
        "offers.html.jinja",
        found,
        beside=__name__,
        headline=words.headline(found),
        brief=[
            BriefPoint(say("What to do"), [words.what_to_do(found)]),
            BriefPoint(say("Costs and brings"), [*words.of_all(found), *words.of_talk(found)]),
            BriefPoint(say("How sure"), [translated(words.CERTAINTY)]),
            resting_on(found.scenario, PLAN),
        ],
        of_each=words.of_each(found),
        seen=translated(words.SEEN),
        figures={name: FIGURES.forms(name, found) for name in FIGURES.names(found)},
        terms=[
            TableLine(f"{translated(field.title or name)}: {translated(field.description or '')}", [rounded(value)])
            for (name, field), value in zip(
                type(found.offer).model_fields.items(), found.offer.model_dump().values(), strict=True
            )
        ],
        currency=found.scenario.money.currency,
        policies=_lines(found.policies, "saved", "driven", "money", "more", "qini_money"),
        groups=_lines(found.groups, "people"),
        lived=_lines(lived, "one_by_one", "chosen", "others", "difference"),
    )


_PEOPLE = ("saved", "driven", "people")
"""Columns that count people; the others are amounts of money."""


def _lines(rows: pd.DataFrame, *names: str) -> list[TableLine]:
    return [TableLine(str(row["label"]), [_cell(row, name) for name in names]) for _, row in rows.iterrows()]


def _cell(row: pd.Series, name: str) -> ShownCell:
    value, low, high = (float(row[f"{name}{end}"]) for end in ("", "_low", "_high"))
    return people_cell(value, low, high) if name in _PEOPLE else money_cell(value, low, high)
