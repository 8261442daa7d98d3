"""An output at all points of a sweep, along each factor."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.parameters.labels import label
from sim.plots.panels import few_powers, label_lines, panels
from sim.plots.style import BLUE, INK, MUTED, ORANGE, SIZE, FigureSheet
from sim.plots.told_values import note, told
from sim.results.amounts import change_unit, rounded, scale_of, value_shown
from sim.results.outputs import output_label, output_unit
from sim.runs.experiment.axes import Axis
from sim.studies.sweep.factor_words import where
from sim.studies.sweep.sweep_labels import foot
from sim.studies.sweep.swept import Sweep
from sim.words import say

_MOST = 12
_FEW = 40
"""So many points at most are drawn with their intervals, where these leave the dots apart."""
_LEAST_IN_BIN, _MOST_BINS = 6, 8


def draw(found: Sweep, output: str, width: float) -> Figure:
    """A small figure a factor: a dot a point, and a line through the means of each value or bin of the factor."""
    units = output_unit(output, found.scenario)
    scale, unit = scale_of(units)
    points = found.summary(output)
    shown = [axis for axis in found.axes if points[axis.path].map(value_shown).nunique() > 1] or list(found.axes)
    shown = shown[:_MOST]
    points = points[points["mean"].notna()]
    if units.startswith("share"):  # no interval of a share reaches below nothing or above all
        points = points.assign(low=points["low"].clip(lower=0.0), high=points["high"].clip(upper=1.0))
    points = points.assign(**{name: scale * points[name] for name in ("mean", "low", "high")})
    points = points.assign(unit=unit)
    half = float(((points["high"] - points["low"]) / 2).median())
    few = len(points) <= _FEW and half <= 1.5 * _span(points)
    if len(points) <= _FEW:
        points = points.assign(where=[where(found, point) for _, point in points.iterrows()])
    columns = min(len(shown), 2 if width < 6.0 else 3)
    cell = (width - 0.9) / columns - 0.25
    names = {axis.path: label_lines(axis.path, cell, SIZE - 1.5) for axis in shown}
    labels = {axis.path: _labels(axis, points) for axis in shown}
    below = 0.4 + 0.15 * max(name.count("\n") + 1 for name in names.values())
    below += max(_room_for_tilted(labels[axis.path], cell) for axis in shown)
    each = below + (1.3 if len(shown) > 1 else 2.0)
    sheet = FigureSheet(
        found,
        width,
        each * math.ceil(len(shown) / columns) + 0.1,
        say("{output} along each factor", output=output_label(output)),
        " ".join(
            [say("In {unit}.", unit=unit)] * bool(unit)
            + [
                say("Each dot is one point of the design; dots differ in the other factors too")
                if len(shown) > 1
                else say("Each dot is one point of the design")
            ]
        ),
        foot=foot(found, " · ".join(_drawn(shown, points, half, change_unit(units), few=few))),
    )
    for axes, axis in zip(panels(sheet, len(shown), columns, each, below, 0.1), shown, strict=True):
        if points.empty:
            axes.text(0.5, 0.5, say("no run is done"), transform=axes.transAxes, ha="center", va="center", color=MUTED)
        elif labels[axis.path]:
            _categories(axes, axis, points, labels[axis.path], cell, few=few)
        else:
            _numbers(axes, axis, points, few=few)
        axes.set_ylim(*_limits(points, few=few))
        axes.locator_params(axis="y", nbins=5)
        axes.yaxis.set_major_formatter(lambda value, _: rounded(value, 6))
        axes.set_xlabel(names[axis.path], size=SIZE - 1.5, color=INK, labelpad=2)
        axes.tick_params(labelsize=SIZE - 1.5)
    return sheet.figure


def _drawn(shown: list[Axis], points: pd.DataFrame, half: float, unit: str, *, few: bool) -> Iterator[str]:
    """What lines and intervals are, as far as there are any."""
    if any(points[axis.path].nunique() < len(points) or len(points) >= 3 * _LEAST_IN_BIN for axis in shown):
        yield say("orange: mean over the points of each value or bin")
    if any(_base_shown(axis, points) for axis in shown):
        yield say("dotted: the scenario's value")
    if few:
        yield say("vertical lines: 95% t-interval over replications, point by point")
    elif math.isfinite(half):
        yield say(
            "95% t-interval of a point over replications: about ± {half}, not drawn; all points have the same luck, so "
            "that they compare better than that",
            half=f"{rounded(half, 2)} {unit}".strip(),
        )


def _span(points: pd.DataFrame) -> float:
    """From the lowest to the highest mean."""
    return float(points["mean"].max() - points["mean"].min()) if len(points) else 0.0


def _limits(points: pd.DataFrame, *, few: bool) -> tuple[float, float]:
    """Limits of the vertical axis: all means, and all intervals that are drawn."""
    if points.empty:
        return 0.0, 1.0
    columns = points[["mean", "low", "high"] if few else ["mean"]]
    least, most = float(columns.min().min()), float(columns.max().max())
    margin = 0.06 * ((most - least) or abs(most) * 0.1 or 1.0)
    return least - margin, most + margin


# --- a factor of listed values ----------------------------------------------------------------------------------------


def _listed(axis: Axis, points: pd.DataFrame) -> list[Any]:
    """The values of a factor that has categories; none where it is a range."""
    if axis.kind not in ("text", "truth") and axis.values is None:
        return []
    present = {value_shown(axis.native(value)): value for value in points[axis.path]}
    order = list(axis.values or ())
    if not order:  # a list of points names the values
        return list(present.values())
    return [value for value in dict.fromkeys(order) if value_shown(value) in present]


def _labels(axis: Axis, points: pd.DataFrame) -> list[str]:
    return [value_shown(axis.native(value)) for value in _listed(axis, points)]


def _tilted(labels: list[str], cell: float) -> bool:
    """Whether labels side by side would run into each other."""
    room = cell * 72.0 / (SIZE * 0.6) / max(len(labels), 1)
    return any((len(one) + len(other)) / 2 + 0.9 > room for one, other in pairwise(labels))


def _room_for_tilted(labels: list[str], cell: float) -> float:
    """Inches that labels need below the axis beyond one line."""
    return 0.05 * max(map(len, labels)) if _tilted(labels, cell) else 0.0


def _categories(axes: Axes, axis: Axis, points: pd.DataFrame, labels: list[str], cell: float, *, few: bool) -> None:
    at = points[axis.path].map(lambda value: labels.index(value_shown(axis.native(value)))).to_numpy(float)
    inside = points.groupby(at).cumcount().to_numpy(float)  # dots of one value side by side, in the design's order
    most = max(float(inside.max()), 1.0)
    many = np.bincount(at.astype(int)).max() > 1
    place = at + (0.56 * (inside / most - 0.5) if many else 0.0)
    _dots(axes, axis, place, points, few=few)
    means = points.groupby(at)["mean"].mean()
    for number, mean in zip(means.index.to_numpy(float), means.to_numpy(float), strict=True):
        _note_mean(axes, axis, points, float(number), labels[int(number)], float(mean))
    if axis.kind in ("text", "truth"):
        if many:
            axes.hlines(means, means.index - 0.36, means.index + 0.36, color=ORANGE, linewidth=2.0, zorder=3)
    elif many:
        axes.plot(means.index, means, color=ORANGE, linewidth=2.0, zorder=3)
    axes.set_xticks(range(len(labels)), labels)
    axes.set_xlim(-0.6, len(labels) - 0.4)
    if _tilted(labels, cell):
        for label in axes.get_xticklabels():
            label.set(rotation=40, ha="right", rotation_mode="anchor")


# --- a factor of a range ----------------------------------------------------------------------------------------------


def _numbers(axes: Axes, axis: Axis, points: pd.DataFrame, *, few: bool) -> None:
    at = points[axis.path].to_numpy(float)
    _dots(axes, axis, at, points, few=few)
    logarithmic = axis.factor.scale == "log"
    bins = min(_MOST_BINS, len(points) // _LEAST_IN_BIN)
    values, counts = np.unique(at, return_counts=True)
    if len(values) <= _MOST_BINS and counts.max() > 1:
        by_value = points.groupby(at)["mean"].mean().to_numpy(float)
        axes.plot(values, by_value, color=ORANGE, linewidth=2.0, zorder=3)
        for value, mean in zip(values, by_value, strict=True):
            _note_mean(axes, axis, points, float(value), rounded(float(value), 4), float(mean))
    elif bins >= 3:
        means = points["mean"].to_numpy(float)
        parts = np.array_split(np.argsort(at, kind="stable"), bins)
        middles = [float(np.exp(np.log(at[part]).mean()) if logarithmic else at[part].mean()) for part in parts]
        in_bins = [float(means[part].mean()) for part in parts]
        axes.plot(middles, in_bins, color=ORANGE, linewidth=2.0, zorder=3)
        for middle, part, mean in zip(middles, parts, in_bins, strict=True):
            ends = say("{low} to {high}", low=rounded(at[part].min()), high=rounded(at[part].max()))
            _note_mean(axes, axis, points, middle, ends, mean)
    if logarithmic:
        few_powers(axes, axis.low, axis.high)
    else:
        axes.locator_params(axis="x", nbins=4, integer=axis.kind == "whole")
        axes.xaxis.set_major_formatter(lambda value, _: rounded(value, 6))
    if _base_shown(axis, points):
        axes.axvline(float(axis.base), color=MUTED, linewidth=1.0, linestyle=(0, (1, 2)), zorder=1)


def _base_shown(axis: Axis, points: pd.DataFrame) -> bool:
    """Whether the scenario's own value lies among those of the points, on an axis of numbers."""
    if points.empty or _listed(axis, points) or not isinstance(axis.base, int | float):
        return False
    return bool(points[axis.path].min() <= axis.base <= points[axis.path].max())


def _note_mean(axes: Axes, axis: Axis, points: pd.DataFrame, place: float, where: str, mean: float) -> None:
    """Of many points the mean over those of a value or bin is told, and not each."""
    if len(points) > _FEW:
        note(axes, place, mean, label(axis.path), where, f"{rounded(mean)} {points['unit'].iloc[0]}".strip())


def _dots(axes: Axes, axis: Axis, at: Any, points: pd.DataFrame, *, few: bool) -> None:
    """A dot a point, with its value to be told where they are few; with its interval where that leaves them apart."""
    if few:
        axes.vlines(at, points["low"], points["high"], color=BLUE, linewidth=1.2, alpha=0.6)
    if len(points) <= _FEW:
        for place, (_, point) in zip(at, points.iterrows(), strict=True):
            text = f"{told(rounded, point['mean'], point['low'], point['high'])} {point['unit']}".strip()
            note(axes, place, point["mean"], label(axis.path), point["where"], text)
    small = len(points) > _FEW
    axes.plot(
        at,
        points["mean"],
        "o",
        color=BLUE,
        markersize=2.2 if small else 3.6,
        alpha=0.5 if small else 0.9,
        markeredgewidth=0.0,
    )
