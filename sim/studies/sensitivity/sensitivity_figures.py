"""The figures of a sensitivity analysis, in the order of its report."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.parameters.labels import label
from sim.plots import Drawing, Gallery
from sim.plots.panels import few_powers, label_lines, named_rows, panels
from sim.plots.style import BLUE, GREY, INK, MUTED, RED, SIZE, SKY, FigureSheet, percent_tick, write_above, write_beside
from sim.plots.told_values import note, told
from sim.results.amounts import change_unit, rounded, scale_of, value_shown
from sim.results.outputs import output_label, output_unit
from sim.results.told_conditions import told_condition
from sim.studies.sensitivity import draw_dependence, draw_tornado
from sim.studies.sensitivity.sensitivity import Sensitivity
from sim.studies.sensitivity.sensitivity_labels import foot
from sim.words import say, written

_ROW, _MOST = 0.44, 20


def draw_indices(found: Sensitivity, output: str, width: float) -> Figure:
    """Bars with intervals: total and first-order index of each factor, or size and spread of elementary effects."""
    ranked = found.ranked(output)
    shown = ranked["factor"].tolist()[:_MOST]
    unit = output_unit(output, found.scenario)
    sobol = found.method == "sobol"
    title = say("{output}: what matters", output=output_label(output))
    if sobol:
        words = say(
            "Share of the variance that the factor takes part in (total), and that it makes up alone (first order)"
        )
    else:
        words = (
            say(
                "Change as if the factor went through its whole range: mean size, and how much it differs, in {unit}",
                unit=change_unit(unit),
            )
            if change_unit(unit)
            else say("Change as if the factor went through its whole range: mean size, and how much it differs")
        )
    if not shown:
        reason = found.indices[found.indices["output"] == output]["reason"].iloc[0]
        sheet = FigureSheet(
            found,
            width,
            0.5,
            title,
            say("No index can be given: {reason}.", reason=reason),
            foot=foot(found, "design", ""),
        )
        sheet.axes(0.0, 0.0, sheet.width, 0.3).set_axis_off()
        return sheet.figure
    intervals = (
        say("lines: 95% bootstrap interval over base samples")
        if sobol
        else say("lines: 95% bootstrap interval over trajectories")
    )
    sheet = FigureSheet(found, width, _ROW * len(shown) + 1.0, title, words, foot=foot(found, "design", intervals))
    left = 1.45 if sheet.narrow else 2.5
    axes = sheet.single(left=left, right=0.45, bottom=0.5, top=0.36)
    first, second = ("total", "first_order") if sobol else ("mu_star", "sigma")
    names = ("total", say("first order")) if sobol else ("size μ*", "spread σ")
    scale = 1.0 if sobol else scale_of(unit)[0]
    reach = _bars(axes, found, output, shown, (first, 0.14, BLUE, names[0]), scale)
    reach = max(reach, _bars(axes, found, output, shown, (second, -0.2, SKY, names[1]), scale))
    named_rows(axes, [label_lines(name, left - 0.15, SIZE - 1) for name in reversed(shown)], SIZE - 1)
    axes.set_xlim(0.0, reach * 1.12 or 1.0)
    axes.locator_params(axis="x", nbins=5)
    _key(axes, names)
    if sobol:
        axes.set_xlabel(say("share of variance"), size=SIZE - 1)
    else:
        axes.set_xlabel(change_unit(unit) or output_label(output), size=SIZE - 1)
    return sheet.figure


def _bars(
    axes: Axes, found: Sensitivity, output: str, shown: list[str], look: tuple[str, float, str, str], scale: float
) -> float:
    """Bars of one measure; returns how far they and their intervals reach."""
    measure, shift, colour, words = look
    rows = found.indices[(found.indices["output"] == output) & (found.indices["measure"] == measure)]
    table = rows.set_index("factor")
    reach = 0.0
    for place, name in enumerate(reversed(shown)):
        value, low, high = (scale * float(table[column].to_dict()[name]) for column in ("value", "low", "high"))
        axes.barh(place + shift, max(value, 0.0), height=0.28 if shift > 0 else 0.2, color=colour)
        axes.hlines(place + shift, max(low, 0.0), max(high, 0.0), color=INK, linewidth=1.3)
        note(axes, max(value, 0.0), place + shift, words, label(name), told(rounded, value, low, high))
        end = max(value, high, 0.0)
        if shift > 0:
            write_beside(axes, rounded(value, 2) if value > 0.005 or scale != 1.0 else "0", (end, place + shift), 4)
        reach = max(reach, end)
    return reach


def _key(axes: Axes, names: tuple[str, str]) -> None:
    """Names of the two bars, above them."""
    for place, (name, colour) in enumerate(zip(names, (BLUE, SKY), strict=True)):
        write_above(axes, "■ " + name, (80 * place, 9), color=colour)


_MOST_REGIONS = 12
_TOLD = (0.1, 0.25, 0.5, 0.75, 0.9)
"""Shares of points at which a curve tells its values."""


def draw_regions(found: Sensitivity, width: float) -> Figure:
    """A small figure a factor: the two distribution functions, and the range where the condition is met most."""
    regions = found.regions
    condition = told_condition(str(regions["condition"].iloc[0]), type(found.scenario))
    met, points = int(regions["met"].iloc[0]), int(regions["points"].iloc[0])
    below = foot(
        found, "design", say("D: largest distance of the curves; p corrected for asking about all factors (Holm)")
    )
    title = say("Where {condition}", condition=condition)
    order = regions[regions["reason"] == ""].sort_values("distance", ascending=False, kind="stable").head(_MOST_REGIONS)
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


def _has_regions(found: Sensitivity) -> bool:
    """Whether it can be told of any factor where the condition is met."""
    return not found.regions.empty and bool((found.regions["reason"] == "").any())


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


def _has_levers(found: Sensitivity) -> bool:
    return bool(found.effects["lever"].astype(bool).any())


FIGURES = Gallery(
    {
        "indices": Drawing(draw_indices, each_output=True),
        "tornado": Drawing(draw_tornado.draw, each_output=True, has=_has_levers),
        "swing": Drawing(draw_tornado.draw_swing, each_output=True, has=lambda found: not found.effects.empty),
        "dependence": Drawing(draw_dependence.draw, each_output=True, has=lambda found: not found.dependence.empty),
        "map": Drawing(draw_dependence.draw_map, each_output=True, has=lambda found: not found.maps.empty),
        "regions": Drawing(draw_regions, has=_has_regions),
    }
)
