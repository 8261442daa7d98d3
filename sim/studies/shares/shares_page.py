"""The report of shares: what each lever contributes to each output, and every world that was lived."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from sim.report.brief import BriefPoint, resting_on
from sim.report.study_page import ShownCell, TableLine, study_page
from sim.results.amounts import between, change_unit, rounded, scale_of, signed, text_shown
from sim.results.outputs import output_label
from sim.studies.attributed import AND
from sim.studies.shared_output import of_each, shown_shares, shown_whole
from sim.studies.shares import shares_words as words
from sim.studies.shares.shared_out import SharedOut
from sim.studies.shares.shares_figures import FIGURES
from sim.words import say, translated

if TYPE_CHECKING:
    from sim.plots import Forms


class OutputShares(NamedTuple):
    """An output with its shares."""

    label: str
    unit: str
    lines: list[TableLine]
    sentences: list[str]
    figure: Forms


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
            resting_on(found.scenario),
        ],
        blocks=[_block(found, output) for output in found.outputs],
        written_as=[(row["label"], row["lever"]) for _, row in found.of(found.outputs[0]).iterrows()],
        headings=[output_label(output) for output in found.outputs],
        worlds=[_world(found, row) for _, row in found.worlds.iterrows()],
    )


def _between(row: pd.Series, low: str, high: str, scale: float) -> str:
    return between(scale * float(row[low]), scale * float(row[high]), lambda value: signed(value, 3))


def _block(found: SharedOut, output: str) -> OutputShares:
    shared = found.shared(output)
    total, shown = shared.total, shown_shares(shared)
    unit = str(total["unit"])
    scale = scale_of(unit)[0]
    lines = [
        TableLine(
            str(row["label"]),
            [
                text_shown(str(row["today"])),
                text_shown(str(row["plan"])),
                ShownCell(shown[str(row["lever"])], _between(row, "low", "high", scale)),
                _between(row, "least", "most", scale),
            ],
        )
        for _, row in found.of(output).iterrows()
    ]
    change = shown_whole(shared)
    lines.append(TableLine(say("All together"), ["", "", ShownCell(change, _between(total, "low", "high", scale)), ""]))
    return OutputShares(
        str(total["label"]),
        change_unit(unit),
        lines,
        of_each(shared),
        FIGURES.forms("shares", found, output),
    )


def _world(found: SharedOut, row: pd.Series) -> TableLine:
    cells = [rounded(float(row[output]), 5) for output in found.outputs]
    names = dict(zip(found.shares["lever"], found.shares["label"], strict=True))
    told = AND.join(names.get(name, name) for name in str(row["plans"]).split(AND))
    return TableLine(told or say("today"), cells)
