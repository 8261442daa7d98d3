"""Satisfaction over time."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from sim.plots import overtime
from sim.plots.style import BLUE, GREY, MUTED, FigureSheet
from sim.results.firm_names import shown_name
from sim.results.result import Result
from sim.words import say


def draw(result: Result, width: float) -> Figure:
    """Mean satisfaction of the focal firm's customers with its band; rivals in grey."""
    value = result.value("satisfaction")
    title = (
        say("Satisfaction: {value:.1f} of 100 over the last year", value=value)
        if np.isfinite(value)
        else say("Satisfaction")
    )
    sheet = FigureSheet(
        result,
        width,
        2.5,
        title,
        say("Mean cumulative satisfaction of customers; {step_words}", step_words=overtime.step_words(result)),
    )
    axes = sheet.single(top=0.3, left=0.55, right=1.2 if sheet.narrow else 1.55)
    letters = 10 if sheet.narrow else 14
    lines = []
    for rival in result.scenario.rivals[:4]:
        line = overtime.ratio_line(result, "satisfaction_sum", "active", rival.name)
        overtime.draw_line(axes, line, GREY, linewidth=1.4)
        overtime.note_line(axes, line, rival.name, result.scenario.run, ".1f")
        lines.append((line, _short(rival.name, letters), MUTED))
    line = overtime.ratio_line(result, "satisfaction_sum", "active")
    overtime.draw_line(axes, line, BLUE)
    firm = shown_name(result.scenario.firm.name)
    overtime.note_line(axes, line, firm, result.scenario.run, ".1f")
    lines.append((line, _short(firm, letters), BLUE))
    low, high = axes.get_ylim()
    if high - low < 6.0:
        middle = (low + high) / 2.0
        low, high = middle - 3.0, middle + 3.0
    axes.set_ylim(max(low, 0.0), min(high, 100.0))
    overtime.unit_above(axes, "points (0-100)")
    overtime.finish_time_axis(axes, result)
    overtime.end_labels(axes, lines, (high - low) * 0.09)
    return sheet.figure


def _short(name: str, letters: int) -> str:
    """A name that ends in dots where it is longer than there is room for.

    >>> _short("discounter", 10), _short("incumbent firm", 10)
    ('discounter', 'incumbent…')
    """
    return name if len(name) <= letters else f"{name[: letters - 1]}…"
