"""The costs of quality today, a bar each, with their intervals."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from sim.plots.style import BLUE, GREY, INK, MUTED, PURPLE, SIZE, FigureSheet, write_beside
from sim.plots.told_values import note, told
from sim.results.amounts import rounded
from sim.studies.cost.cost_labels import unit
from sim.studies.cost.costed import OPPORTUNITY, TOTAL, CostOfQuality
from sim.studies.study_of_scenario import foot_of
from sim.words import percent, say

_ROW = 0.34  # inches


def draw(found: CostOfQuality, width: float) -> Figure:
    """Bars in money of the run; behind each what part of revenue it is."""
    scale, money = unit(found)
    rows = found.items
    sheet = FigureSheet(
        found,
        width,
        _ROW * len(rows) + 0.65,
        say("What quality costs today"),
        say("Over the run, {money}, and as a part of revenue; purple: in no account", money=money),
        foot=foot_of(found, say("lines: 95% t-intervals over replications")),
    )
    axes = sheet.single(left=1.75, right=0.7, bottom=0.5, top=0.05)
    for place, (_, row) in enumerate(rows.iterrows()):
        value, low, high = (float(row[name]) / scale for name in ("value", "low", "high"))
        colour = {OPPORTUNITY: PURPLE, TOTAL: GREY}.get(str(row["item"]), BLUE)
        axes.barh(place, value, height=0.62, color=colour)
        if np.isfinite([low, high]).all():
            axes.hlines(place, low, high, color=INK, linewidth=1.4, zorder=3)
        note(axes, value, place, say("Over the run"), str(row["label"]), f"{told(rounded, value, low, high)} {money}")
        write_beside(
            axes,
            percent(float(row["of_revenue"]), 1),
            (max(value, high) if np.isfinite(high) else value, place),
            color=MUTED,
        )
    axes.set_yticks(range(len(rows)), rows["label"].tolist(), color=INK, size=SIZE - 0.5)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.grid(axis="y", visible=False)
    axes.spines["left"].set_visible(False)
    axes.xaxis.set_major_formatter(lambda value, _: rounded(value, 3))
    axes.set_xlabel(money, size=SIZE - 1)
    return sheet.figure
