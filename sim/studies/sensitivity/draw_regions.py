"""How factors are distributed where a condition is met, and where not."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.parameters.labels import label
from sim.plots.panels import few_powers, label_lines, panels
from sim.plots.style import GREY, INK, MUTED, RED, SIZE, FigureSheet, percent_tick
from sim.plots.told_values import note
from sim.results.amounts import rounded, value_shown
from sim.studies.sensitivity.sensitivity import Sensitivity
from sim.studies.sensitivity.sensitivity_labels import foot
from sim.words import say, written

_MOST = 12
_TOLD = (0.1, 0.25, 0.5, 0.75, 0.9)
"""Shares of points at which a curve tells its values."""


def draw(found: Sensitivity, width: float) -> Figure:
    """A small figure a factor: the two distribution functions, and the range where the condition is met most."""
    regions = found.regions
    condition = str(regions["condition"].iloc[0])
    met, points = int(regions["met"].iloc[0]), int(regions["points"].iloc[0])
    below = foot(
        found, "design", say("D: largest distance of the curves; p corrected for asking about all factors (Holm)")
    )
    title = say("Where {condition}", condition=condition)
    order = regions[regions["reason"] == ""].sort_values("distance", ascending=False, kind="stable").head(_MOST)
    if order.empty:
        sheet = FigureSheet(
            found, width, 0.4, title, say("No answer: {reason}.", reason=regions["reason"].iloc[0]), foot=below
        )
        sheet.axes(0.0, 0.0, sheet.width, 0.3).set_axis_off()
        return sheet.figure
    columns = min(len(order), 2 if width < 6.0 else 3)
    cell = (width - 0.9) / columns - 0.25
    names = [label_lines(str(name), cell, SIZE - 1.5) for name in order["factor"]]
    bottom = 0.4 + 0.15 * max(name.count("\n") + 1 for name in names)
    each = bottom + 1.45
    sheet = FigureSheet(
        found,
        width,
        each * math.ceil(len(order) / columns) + 0.05,
        title,
        say(
            "Share of points up to a value: {met:,} of {points:,} points meet it (red), the others do "
            "not (grey). Shaded: the range that holds most of the red for the least of the grey",
            met=met,
            points=points,
        ),
        foot=below,
    )
    held = found.points[found.points["met"].notna()]
    grid = panels(sheet, len(order), columns, each, bottom, 0.3)
    for axes, name, (_, row) in zip(grid, names, order.iterrows(), strict=True):
        _panel(axes, found, row, held)
        axes.yaxis.set_major_formatter(percent_tick)
        axes.tick_params(labelsize=SIZE - 1.5)
        axes.set_xlabel(name, size=SIZE - 1.5, color=INK, labelpad=2)
        axes.set_title(_words(row), size=SIZE - 1.5, color=MUTED, loc="left", pad=4)
    return sheet.figure


def _words(row: pd.Series) -> str:
    p = float(row["p_holm"])
    if not math.isfinite(p):
        return f"D = {rounded(float(row['distance']), 2)}"
    return f"D = {rounded(float(row['distance']), 2)}, " + ("p < 0.001" if p < 0.001 else f"p = {rounded(p, 2)}")


def _series(path: str, met: bool) -> str:
    name = label(path)
    return say("{factor}, points that meet it", factor=name) if met else say("{factor}, the others", factor=name)


def _panel(axes: Axes, found: Sensitivity, row: pd.Series, held: pd.DataFrame) -> None:
    axis = found.axis(str(row["factor"]))
    values, met = held[axis.path], held["met"].to_numpy(bool)
    axes.set_ylim(0.0, 1.03)
    if axis.kind in ("text", "truth"):
        options = list(dict.fromkeys(axis.values or (False, True)))
        for shift, kept, colour in ((-0.2, met, RED), (0.2, ~met, GREY)):
            shares = [float((values[kept] == option).mean()) for option in options]
            axes.bar(np.arange(len(options)) + shift, shares, width=0.36, color=colour)
            for place, (option, share) in enumerate(zip(options, shares, strict=True)):
                series = _series(axis.path, kept is met)
                note(axes, place + shift, share, series, value_shown(option), written(share, ".0%"))
        axes.set_xticks(range(len(options)), [value_shown(option) for option in options])
        return
    axes.axvspan(
        float(row["low"]), float(row["high"]), color=RED, alpha=0.12, linewidth=4 * (row["low"] == row["high"])
    )
    for kept, colour in ((~met, GREY), (met, RED)):
        at = np.sort(values[kept].to_numpy(float))
        axes.step(at, np.arange(1, len(at) + 1) / len(at), where="post", color=colour, linewidth=1.8)
        for share in _TOLD:
            value = float(np.quantile(at, share, method="inverted_cdf")) if len(at) else math.nan
            where = say("up to {value}", value=rounded(value, 3))
            note(axes, value, share, _series(axis.path, kept is met), where, written(share, ".0%"))
    if axis.factor.scale == "log":
        few_powers(axes, float(values.min()), float(values.max()))
    else:
        axes.locator_params(axis="x", nbins=4, integer=axis.kind == "whole")
