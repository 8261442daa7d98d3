"""An output along each factor, and over the strongest pair of factors."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from sim.parameters.labels import label
from sim.plots.panels import few_powers, label_lines, panels
from sim.plots.style import BLUE, INK, MUTED, SIZE, FigureSheet
from sim.plots.told_values import note, told
from sim.results.amounts import change_unit, rounded, scale_of, value_shown
from sim.results.outputs import output_label, output_unit
from sim.studies.sensitivity.sensitivity import Sensitivity
from sim.studies.sensitivity.sensitivity_labels import foot
from sim.words import say, written

_MOST = 12
_DARK, _LIGHT = "#10151a", "#f8fafc"  # on coloured cells, whatever the page's own colours


def draw(found: Sensitivity, output: str, width: float) -> Figure:
    """A small figure a factor: mean of the output where the factor is here or there, with its band."""
    rows = found.dependence[found.dependence["output"] == output]
    factors = [name for name in _ordered(found, output) if name in set(rows["factor"])][:_MOST]
    unit = output_unit(output, found.scenario)
    scale, words = scale_of(unit)
    columns = min(len(factors), 2 if width < 6.0 else 3)
    cell = (width - 0.9) / columns - 0.25
    names = {name: label_lines(name, cell, SIZE - 1.5) for name in factors}
    below = 0.4 + 0.15 * max(name.count("\n") + 1 for name in names.values())
    each = below + 1.2
    sheet = FigureSheet(
        found,
        width,
        each * math.ceil(len(factors) / columns) + 0.1,
        say("{output} along each factor", output=output_label(output)),
        say("Mean over all that the other factors may be, in {unit}; most important factor first", unit=words)
        if words
        else say("Mean over all that the other factors may be; most important factor first"),
        foot=foot(found, "design", say("bands and lines: 95% interval of the mean of each bin, point by point")),
    )
    limits = _limits(rows[rows["factor"].isin(factors)], scale)
    for axes, factor in zip(panels(sheet, len(factors), columns, each, below, 0.1), factors, strict=True):
        _curve(axes, found, rows[rows["factor"] == factor], scale)
        axes.set_ylim(*limits)
        axes.locator_params(axis="y", nbins=4)
        axes.yaxis.set_major_formatter(lambda value, _: rounded(value, 6))
        axes.set_xlabel(names[factor], size=SIZE - 1.5, color=INK, labelpad=2)
        axes.tick_params(labelsize=SIZE - 1.5)
    return sheet.figure


def _ordered(found: Sensitivity, output: str) -> list[str]:
    """Factors, those that matter most first; those without an index last."""
    ranked = found.ranked(output)["factor"].tolist()
    return ranked + [name for name in found.factors if name not in ranked]


def _limits(rows: pd.DataFrame, scale: float) -> tuple[float, float]:
    """Limits of the vertical axis: means and their intervals, but no interval that would squeeze the rest."""
    low, high = scale * float(rows["mean"].min()), scale * float(rows["mean"].max())
    span = (high - low) or abs(high) * 0.01 or 1.0
    least = max(low - 0.6 * span, scale * float(rows["low"].min())) if rows["low"].notna().any() else low
    most = min(high + 0.6 * span, scale * float(rows["high"].max())) if rows["high"].notna().any() else high
    return min(least, low) - 0.06 * span, max(most, high) + 0.06 * span


def _curve(axes: Axes, found: Sensitivity, rows: pd.DataFrame, scale: float) -> None:
    axis = found.axis(str(rows["factor"].iloc[0]))
    mean, low, high = (scale * rows[name].to_numpy(float) for name in ("mean", "low", "high"))
    listed = axis.kind in ("text", "truth") or axis.values is not None
    for place, at, *ends in zip(range(len(rows)), rows["at"], mean, low, high, strict=True):
        where = rounded(float(at)) if isinstance(at, float) else value_shown(at)
        note(axes, place if listed else float(at), ends[0], label(axis.path), where, told(rounded, *ends))
    if listed:
        places = np.arange(len(rows))
        axes.vlines(places, low, high, color=BLUE, linewidth=1.4)
        axes.plot(places, mean, "o", color=BLUE, markersize=4.5)
        axes.set_xticks(places, [value_shown(value) for value in rows["at"]])
        axes.set_xlim(-0.6, len(rows) - 0.4)
        if len(rows) > 3:
            axes.tick_params(axis="x", rotation=30)
        return
    at = np.array([float(value) for value in rows["at"]])
    axes.fill_between(at, low, high, color=BLUE, alpha=0.2, linewidth=0)
    axes.plot(at, mean, color=BLUE, marker="o", markersize=2.5, linewidth=1.6)
    if axis.factor.scale == "log":
        few_powers(axes, float(at.min()), float(at.max()))
    else:
        axes.locator_params(axis="x", nbins=4, integer=axis.kind == "whole")
    if isinstance(axis.base, int | float) and at.min() <= axis.base <= at.max():
        axes.axvline(float(axis.base), color=MUTED, linewidth=1.0, linestyle=(0, (1, 2)), zorder=1)


def draw_map(found: Sensitivity, output: str, width: float) -> Figure:
    """Cells of the strongest pair of factors, coloured and labelled by the mean of the output."""
    rows = found.maps[found.maps["output"] == output]
    unit = output_unit(output, found.scenario)
    scale, words = scale_of(unit)
    if rows.empty:
        sheet = FigureSheet(
            found,
            width,
            0.3,
            say("{output}: no pair of factors", output=output_label(output)),
            foot=foot(found, "design", ""),
        )
        sheet.axes(0.0, 0.0, sheet.width, 0.3).set_axis_off()
        return sheet.figure
    factor, other = str(rows["factor"].iloc[0]), str(rows["with"].iloc[0])
    wide = np.array(sorted(rows["place"].unique()))
    tall = np.array(sorted(rows["with_place"].unique()))
    means = scale * rows.pivot(index="with_place", columns="place", values="mean").to_numpy(float)
    sheet = FigureSheet(
        found,
        width,
        0.4 * len(tall) + 0.7,
        say("{output} over the two factors that matter most", output=output_label(output)),
        say("Mean of each cell, in {unit}, over all that the other factors may be", unit=words)
        if words
        else say("Mean of each cell, over all that the other factors may be"),
        foot=foot(
            found,
            "design",
            say(
                "half-widths of 95% intervals: {half_widths}", half_widths=_half_widths(rows, scale, change_unit(unit))
            ),
        ),
    )
    left = 1.35 if sheet.narrow else 2.5
    axes = sheet.single(left=left, right=0.2, bottom=0.56, top=0.08)
    _cells(axes, means)
    for _, row in rows.iterrows():
        here, there = (
            f"{label(str(row[name]))} {_value(row[at])}" for name, at in (("factor", "at"), ("with", "with_at"))
        )
        ends = (scale * float(row[end]) for end in ("mean", "low", "high"))
        note(axes, row["place"], row["with_place"], here, there, told(rounded, *ends))
    places = max(0, (2 if sheet.narrow else 3) - math.floor(math.log10(float(np.nanmax(np.abs(means))) or 1.0)))
    for (row, column), value in np.ndenumerate(means):
        if math.isfinite(value):
            text = written(value, f",.{min(places, 6)}f").replace("-", "−")
            axes.text(column, row, text, ha="center", va="center", size=SIZE - 1.5, color=_on_cell(means, value))
    axes.set_xticks(range(len(wide)), _values(rows, "place", "at", wide), size=SIZE - 1.5)
    axes.set_yticks(range(len(tall)), _values(rows, "with_place", "with_at", tall), size=SIZE - 1.5)
    axes.set_xlabel(label(factor), size=SIZE - 1, color=INK)
    axes.set_ylabel(
        label_lines(other, left - 0.55, SIZE - 1), size=SIZE - 1, color=INK, rotation=0, ha="right", va="center"
    )
    axes.grid(visible=False)
    for spine in axes.spines.values():
        spine.set_visible(False)
    return sheet.figure


def _colours() -> Any:
    return LinearSegmentedColormap.from_list("ice", ["#e4f1f8", "#7fb9da", "#0b5f96"])


def _share(means: Any, value: float) -> float:
    low, high = float(np.nanmin(means)), float(np.nanmax(means))
    return (value - low) / (high - low) if high > low else 0.5


def _on_cell(means: Any, value: float) -> str:
    return _LIGHT if _share(means, value) > 0.7 else _DARK


def _cells(axes: Axes, means: Any) -> None:
    colours = _colours()
    for (row, column), value in np.ndenumerate(means):
        if math.isfinite(value):
            axes.add_patch(Rectangle((column - 0.48, row - 0.46), 0.96, 0.92, color=colours(_share(means, value))))
    axes.set_xlim(-0.52, means.shape[1] - 0.48)
    axes.set_ylim(-0.52, means.shape[0] - 0.48)


def _values(rows: pd.DataFrame, place: str, at: str, places: Any) -> list[str]:
    known = dict(zip(rows[place], rows[at], strict=True))
    return [_value(known[where]) for where in places]


def _value(at: Any) -> str:
    return rounded(at, 3) if isinstance(at, float) else value_shown(at)


def _half_widths(rows: pd.DataFrame, scale: float, unit: str) -> str:
    half = scale * (rows["high"] - rows["low"]).dropna() / 2
    if half.empty:
        return "unknown"
    return f"{rounded(float(half.min()), 2)} to {rounded(float(half.max()), 2)} {unit}".strip()
