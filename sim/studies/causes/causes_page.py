"""The report of causes: who leaves by what, with range and interval, and every world that was lived."""

from __future__ import annotations

import math

import pandas as pd

from sim.report.brief import BriefPoint, resting_on
from sim.report.study_page import ShownCell, TableLine, people_cell, study_page
from sim.report.wording import people
from sim.results.amounts import between
from sim.studies.causes import causes_words as words
from sim.studies.causes.causes_figures import FIGURES
from sim.studies.causes.causes_of_churn import LEAVERS, CausesOfChurn
from sim.words import percent, say, translated


def page(found: CausesOfChurn) -> str:
    """The page as HTML text: styles and figures inside, no request to anywhere; same answer, same bytes."""
    return study_page(
        "causes.html.jinja",
        found,
        beside=__name__,
        headline=words.headline(found),
        brief=[
            BriefPoint(say("What to do"), words.what_to_do(found)),
            BriefPoint(say("What comes of it"), words.of_all(found)),
            BriefPoint(say("How sure"), [translated(words.CERTAINTY)]),
            resting_on(found.scenario, "retention"),
        ],
        of_each=words.of_each(found),
        figures={name: FIGURES.forms(name, found) for name in FIGURES.names(found)},
        lines=[_figure(row) for _, row in found.figures.iterrows()],
        causes=_causes(found),
        worlds=[_world(row) for _, row in found.worlds.iterrows()],
    )


def _between(row: pd.Series, low: str, high: str) -> str:
    return between(float(row[low]), float(row[high]), people)


def _figure(row: pd.Series) -> TableLine:
    return TableLine(str(row["label"]), [people_cell(*(float(row[name]) for name in ("value", "low", "high")))])


def _causes(found: CausesOfChurn) -> list[TableLine]:
    shares, left = words.shown_shares(found), float(found.line(LEAVERS)["value"])
    return [
        TableLine(
            str(row["label"]),
            [
                ShownCell(shares[str(row["cause"])], _between(row, "low", "high")),
                percent(float(row["value"]) / left if left else math.nan),
                _between(row, "least", "most"),
                people(float(row["but_for"])),
                people(float(row["only_there"])),
            ],
            str(row["meaning"]),
        )
        for _, row in found.by_share.iterrows()
    ]


def _world(row: pd.Series) -> TableLine:
    left = people_cell(*(float(row[f"left{end}"]) for end in ("", "_low", "_high")))
    cells: list[str | ShownCell] = [left, *(people(float(row[name])) for name in ("but_for", "only_there"))]
    return TableLine(str(row["without"]) or say("the world as it is"), cells)
