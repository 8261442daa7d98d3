"""The report of a balance: how far today drifts before and after, and the start that was found."""

from __future__ import annotations

from sim.parameters.labels import label
from sim.report.brief import BriefPoint, resting_on
from sim.report.study_page import TableLine, study_page
from sim.results.amounts import value_shown
from sim.studies.balance import balance_words as words
from sim.studies.balance.balanced import Balanced
from sim.words import say, translated


def page(found: Balanced) -> str:
    """The page as HTML text: styles inside, no request to anywhere; same answer, same bytes."""
    lines = [
        {
            "label": row["label"],
            "before": words.change_told(row, "before"),
            "after": words.change_told(row),
            "interval": words.interval_told(row),
            "verdict": row["verdict"],
        }
        for _, row in found.drift.iterrows()
    ]
    start = [
        TableLine(
            label(str(row["path"]), type(found.scenario)),
            [value_shown(row["before"]), value_shown(row["after"])],
            str(row["path"]),
        )
        for _, row in found.start.iterrows()
    ]
    return study_page(
        "balance.html.jinja",
        found,
        beside=__name__,
        headline=words.headline(found),
        brief=[
            BriefPoint(say("What to do"), [words.what_to_do(found)]),
            BriefPoint(say("What drifts"), found.sentences[1:]),
            BriefPoint(say("How sure"), [translated(words.CERTAINTY)]),
            resting_on(found.scenario, "customers"),
        ],
        lines=lines,
        start=start,
    )
