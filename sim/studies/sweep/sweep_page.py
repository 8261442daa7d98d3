"""The report of a sweep: where outputs are highest and lowest, along each factor, and point by point."""

from __future__ import annotations

from sim.parameters.labels import label
from sim.report.brief import BriefPoint, all_else
from sim.report.study_page import PageRow, study_page
from sim.results.amounts import rounded, value_shown
from sim.results.outputs import output_label
from sim.runs.experiment.axes import Axis
from sim.studies.sweep import sweep_words as words
from sim.studies.sweep.factor_words import cell, of_factors, placed
from sim.studies.sweep.interplay import varying
from sim.studies.sweep.sweep_figures import FIGURES
from sim.studies.sweep.swept import Sweep
from sim.words import say, translated

MOST_POINTS = 200
"""Points that the table shows."""


MOST_OUTPUTS = 4
"""Outputs that the first page tells of; figures and table have all."""


def page(found: Sweep) -> str:
    """The page as HTML text: styles and figures inside, no request to anywhere; same answer, same bytes."""
    scenario = found.scenario
    return study_page(
        "sweep.html.jinja",
        found,
        beside=__name__,
        headline=words.headline(found),
        brief=[
            BriefPoint(say("What to do"), words.what_to_do(found)),
            BriefPoint(say("What comes of it"), words.of_outputs(found)[:MOST_OUTPUTS]),
            BriefPoint(say("What moves it"), of_factors(found)),
            BriefPoint(say("How sure"), words.how_sure(found)),
            all_else(scenario),
        ],
        certainty=translated(words.CERTAINTY),
        outputs=[(output_label(name), FIGURES.forms("response", found, name)) for name in found.outputs],
        names=[label(axis.path, type(scenario)) for axis in varying(found)],
        points=_points(found),
        left=max(0, found.size - MOST_POINTS),
        factors=[_factor(found, axis) for axis in found.axes],
    )


def _points(found: Sweep) -> list[list[tuple[str, str]]]:
    """A row a point: its factors' values, and each output with its interval."""
    columns: list[list[tuple[str, str]]] = []
    for axis in varying(found):
        columns.append([(placed(axis, value), "") for value in found.points[axis.path][:MOST_POINTS]])
    for output in found.outputs:
        rows = found.summary(output).head(MOST_POINTS)
        columns.append([cell(found, output, row) for _, row in rows.iterrows()])
    return [list(row) for row in zip(*columns, strict=True)]


def _factor(found: Sweep, axis: Axis) -> PageRow:
    shown = list(dict.fromkeys(value_shown(axis.native(value)) for value in found.points[axis.path]))
    if len(shown) > 9 and axis.kind in ("number", "whole"):
        low, high = (rounded(float(end)) for end in (found.points[axis.path].min(), found.points[axis.path].max()))
        shown = [say("{low} to {high}", low=low, high=high)]
    return {
        "label": label(axis.path, type(found.scenario)),
        "meaning": translated(axis.meaning),
        "tried": ", ".join(shown),
        "base": value_shown(axis.base),
        "unit": translated(axis.unit),
    }
