"""Levels of satisfaction with encounters over time."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from sim.plots import overtime
from sim.plots.calendar_axis import date_of
from sim.plots.style import BLUE, GREY, PAPER, RED, SIZE, FigureSheet, percent_tick, spread, write_beside
from sim.plots.told_values import note
from sim.results.result import Result
from sim.words import say, translated, written

LEVELS = (("dissatisfied", RED), ("satisfied", GREY), ("delighted", BLUE))


def draw(result: Result, width: float) -> Figure:
    """Stacked shares of dissatisfying, satisfying and delighting encounters of the focal firm."""
    sheet = FigureSheet(
        result,
        width,
        2.6,
        say("How encounters leave customers"),
        say(
            "Share of encounters below, within and above the zone of tolerance; {step}",
            step=overtime.step_words(result),
        ),
        interval="",
    )
    axes = sheet.single(left=0.6, right=1.2 if sheet.narrow else 1.6)
    lines = [overtime.ratio_line(result, level, "encounters") for level, _ in LEVELS]
    years = np.array(lines[0].years)
    floor = np.zeros(len(years))
    middles = []
    edges = np.concatenate([[0.0], years, [2 * years[-1] - (years[-2] if len(years) > 1 else 0.0)]])
    for line, (level, colour) in zip(lines, LEVELS, strict=True):
        top = floor + np.nan_to_num(np.array(line.value))
        below, above = (np.concatenate([[part[0]], part, [part[-1]]]) for part in (floor, top))
        axes.fill_between(edges, below, above, color=colour, alpha=0.85, linewidth=0.6, edgecolor=PAPER)
        for when, part, low, high in zip(line.years, line.value, floor, top, strict=True):
            where = date_of(result.scenario.run, when)
            note(axes, when, (low + high) / 2.0, translated(level), where, written(part, ".1%"))
        middles.append((floor[-1] + top[-1]) / 2.0)
        floor = top
    axes.set_ylim(0.0, 1.0)
    axes.yaxis.set_major_formatter(percent_tick)
    overtime.finish_time_axis(axes, result)
    end = axes.get_xlim()[1]
    for (level, _), line, place in zip(LEVELS, lines, spread(middles, 0.1, 0.04, 0.96), strict=True):
        name, share = translated(level), written(line.value[-1], ".1%")
        write_beside(axes, f"{name}\n{share}" if sheet.narrow else f"{name} {share}", (end, place), size=SIZE - 0.5)
    return sheet.figure
