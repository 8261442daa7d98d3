"""The report of shares: what each lever contributes to each output, and every world that was lived."""

from __future__ import annotations

import pandas as pd

from sim.report.brief import BriefPoint, resting_on
from sim.report.study_page import PageRow, TableLine, study_page
from sim.report.usual_assumptions import PLAN
from sim.results.amounts import change_unit, rounded
from sim.results.outputs import output_label
from sim.studies.attributed import AND
from sim.studies.shared_output import of_each, share_lines
from sim.studies.shares import shares_words as words
from sim.studies.shares.shared_out import SharedOut
from sim.studies.shares.shares_figures import FIGURES
from sim.words import say, translated


def page(found: SharedOut) -> str:
    """The page as HTML text: styles and figures inside, no request to anywhere; same answer, same bytes."""
    return study_page(
        "shares.html.jinja",
        found,
        beside=__name__,
        headline=words.headline(found),
        brief=[
            BriefPoint(say("What to do"), words.what_to_do(found)),
            BriefPoint(say("Costs and brings"), [words.of_total(found, output) for output in found.outputs]),
            BriefPoint(say("How sure"), [translated(words.CERTAINTY), *words.of_all(found)]),
            resting_on(found.scenario, PLAN),
        ],
        blocks=[_block(found, output) for output in found.outputs],
        written_as=[(row["label"], row["lever"]) for _, row in found.of(found.outputs[0]).iterrows()],
        headings=[output_label(output) for output in found.outputs],
        worlds=[_world(found, row) for _, row in found.worlds.iterrows()],
    )


def _block(found: SharedOut, output: str) -> PageRow:
    """An output with its shares."""
    shared = found.shared(output)
    return {
        "label": str(shared.total["label"]),
        "unit": change_unit(str(shared.total["unit"])),
        "lines": share_lines(shared),
        "sentences": of_each(shared),
        "figure": FIGURES.forms("shares", found, output),
    }


def _world(found: SharedOut, row: pd.Series) -> TableLine:
    cells = [rounded(float(row[output]), 5) for output in found.outputs]
    names = dict(zip(found.shares["lever"], found.shares["label"], strict=True))
    told = AND.join(names.get(name, name) for name in str(row["plans"]).split(AND))
    return TableLine(told or say("today"), cells)
