"""Word of mouth over time."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from sim.plots import overtime
from sim.plots.style import BLUE, RED, FigureSheet
from sim.results.result import Result
from sim.words import say


def draw(result: Result, width: float) -> Figure:
    """People told something good and something bad about the focal firm, per customer and year."""
    ratio = result.value("talk_ratio")
    title = say("Word of mouth")
    if np.isfinite(ratio):
        title = say("For 100 people who hear something bad, {ratio:,.0f} hear something good", ratio=100 * ratio)
    sheet = FigureSheet(
        result,
        width,
        2.4,
        title,
        say("People told about the firm, per customer and year; {step_words}", step_words=overtime.step_words(result)),
    )
    axes = sheet.single(top=0.3, left=0.6, right=0.75)
    good = overtime.ratio_line(result, "told_positive", "customer_years")
    bad = overtime.ratio_line(result, "told_negative", "customer_years")
    overtime.draw_line(axes, good, BLUE)
    overtime.draw_line(axes, bad, RED)
    overtime.note_line(axes, good, say("people told something good"), result.scenario.run, ".2f")
    overtime.note_line(axes, bad, say("people told something bad"), result.scenario.run, ".2f")
    axes.set_ylim(bottom=0.0)
    overtime.unit_above(axes, say("people told"))
    overtime.finish_time_axis(axes, result)
    overtime.end_labels(axes, [(good, say("good"), BLUE), (bad, say("bad"), RED)], axes.get_ylim()[1] * 0.09)
    return sheet.figure
