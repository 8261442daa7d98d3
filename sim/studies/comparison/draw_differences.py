"""Changes of key figures with their intervals, all in per cent of today's value."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, NullLocator

from sim.plots.panels import named_rows
from sim.plots.style import (
    BLUE,
    GREEN,
    GREY,
    GRID,
    INK,
    MUTED,
    ORANGE,
    PAPER,
    PURPLE,
    RED,
    SIZE,
    SKY,
    FigureSheet,
    wrapped,
    write_above,
    write_beside,
)
from sim.plots.told_values import between, note
from sim.words import say, translated, written

if TYPE_CHECKING:
    from sim.studies.comparison.comparison import Comparison

WORLDS = (BLUE, ORANGE, GREEN, RED, PURPLE, SKY, GREY)
"""Colours of the later scenarios; today's is drawn in ink."""

# Figures that say each something of its own, and whose 0 is nothing: a change in per cent means something.
SHOWN = (
    ("retention", "Yearly retention"),
    ("satisfaction", "Satisfaction"),
    ("dissatisfied_share", "Dissatisfying encounters"),
    ("complaint_share", "Dissatisfied who complain"),
    ("complainers_kept", "Complainers kept"),
    ("silent_lost_ratio", "Silently lost per complainer lost"),
    ("talk_ratio", "Good words per bad word"),
    ("customers", "Customers at the end"),
    ("revenue", "Revenue"),
    ("margin", "Margin"),
    ("lifetime_value", "Customer lifetime value"),
    ("cost_of_winning", "Cost of winning a customer"),
    ("cost_of_keeping", "Cost of keeping a customer"),
    ("quality_cost_share", "Cost of poor quality, of costs"),
)

LINEAR = 1.0
"""Per cent up to which the axis is linear; beyond it is logarithmic, so that 0.1% and 100% are both seen."""

NOTHING = 0.05
"""Per cent below which a change is told as none: nobody acts on a two-thousandth."""


def _label(value: float) -> str:
    """A change in per cent, two digits; nothing of what is less than a twentieth of a per cent.

    >>> _label(0.449), _label(-37.2), _label(445.0), _label(0.0099)
    ('+0.45%', '−37%', '+445%', '0%')
    """
    if abs(value) < NOTHING:
        return say("{percent}%", percent=0)
    size = abs(value)
    text = written(size, ",.0f" if size >= 9.95 else ".1f" if size >= 0.995 else ".2g")
    return say("{percent}%", percent=("+" if value > 0 else "−") + text)


def _percentages(comparison: Comparison) -> list[tuple[str, list[tuple[float, float, float, bool] | None]]]:
    """For each figure that is known: change, low, high in per cent, and whether 0 is excluded, scenario by scenario."""
    found = []
    table = comparison.differences
    for figure, words in SHOWN:
        cells: list[tuple[float, float, float, bool] | None] = []
        for label in comparison.labels[1:]:
            rows = table[(table["scenario"] == label) & (table["figure"] == figure)]
            row = None if rows.empty else rows.iloc[0]
            cells.append(None if row is None else _cell(row))
        if any(cell is not None for cell in cells):
            found.append((translated(words), cells))
    return found


def _cell(row: pd.Series) -> tuple[float, float, float, bool] | None:
    base = abs(float(row["first"]))
    if base == 0.0 or not math.isfinite(base):
        return None
    value, low, high = (100.0 * float(row[name]) / base for name in ("difference", "low", "high"))
    return value, low, high, bool(row["excludes_zero"])


def draw(comparison: Comparison, width: float) -> Figure:
    """A row for each figure, a mark with its interval for each later scenario; hollow where 0 is not excluded."""
    rows = _percentages(comparison)
    worlds = comparison.labels[1:]
    each = 0.2 * len(worlds) + 0.14
    several = len(worlds) > 1
    title = (
        say("What changes against {label}", label=comparison.labels[0])
        if several
        else say("{world} against {label}", world=worlds[0], label=comparison.labels[0])
    )
    sheet = FigureSheet(
        comparison,
        width,
        max(1.6, each * len(rows)) + 0.62 + (0.25 * len(worlds) if several else 0.0),
        title,
        say(
            "Change in per cent of today's value, on a scale that is logarithmic beyond 1%; hollow: the "
            "interval holds 0"
        ),
        interval=say("lines, of paired differences"),
    )
    left, right = (1.45, 0.72) if sheet.narrow else (2.5, 0.8)
    axes = sheet.single(left=left, right=right, bottom=0.4, top=0.12 + (0.25 * len(worlds) if several else 0.0))
    ends = [0.12]
    for place, (words, cells) in enumerate(reversed(rows)):
        for world, cell in enumerate(cells):
            if cell is None:
                continue
            y = place + (0.5 * (len(worlds) - 1) - world) * 0.2 / each
            ends.append(_mark(axes, cell, y, WORLDS[world % len(WORLDS)]))
            value, low, high, _ = cell
            told = between(_label(value), _label(low), _label(high)) if np.isfinite(low) else _label(value)
            note(axes, value, y, worlds[world], words, told)
    reach = 1.5 * max(ends)
    axes.set_xscale("symlog", linthresh=LINEAR, linscale=1.0)
    axes.set_xlim(-reach, reach)
    axes.xaxis.set_major_locator(FixedLocator(_ticks(reach, 1 if sheet.narrow else 3)))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(lambda value, _: _label(value))
    names = ["\n".join(wrapped(words, left - 0.1, SIZE)) for words, _ in reversed(rows)]
    named_rows(axes, names, SIZE - (1.5 if sheet.narrow else 0))
    axes.axvline(0.0, color=MUTED, linewidth=1.0)
    for edge in range(len(rows) - 1):
        axes.axhline(edge + 0.5, color=GRID, linewidth=0.6, zorder=0)
    if several:
        key(axes, worlds)
    return sheet.figure


def _mark(axes: Any, cell: tuple[float, float, float, bool], y: float, colour: str) -> float:
    """One change; returns how far it reaches."""
    value, low, high, certain = cell
    if np.isfinite(low):
        axes.hlines(y, low, high, color=colour, linewidth=1.8)
    axes.plot(
        [value],
        [y],
        marker="o",
        markersize=5.5,
        color=colour,
        markerfacecolor=colour if certain else PAPER,
        linestyle="none",
        zorder=3,
        clip_on=False,
    )
    write_beside(
        axes,
        _label(value),
        (1.0, y),
        xycoords=("axes fraction", "data"),
        size=SIZE - 1.5,
        color=INK if certain else MUTED,
    )
    return max(abs(end) for end in (value, low, high) if np.isfinite(end))


def _ticks(reach: float, most: int) -> list[float]:
    """Powers of ten on both sides and 0."""
    powers = [size for size in (0.1, 1.0, 10.0, 100.0, 1000.0, 10_000.0) if size <= reach] or [round(reach, 2)]
    powers = [size for size in powers if size >= LINEAR] or powers[-1:]
    powers = powers[-most:]
    return [-size for size in reversed(powers)] + [0.0, *powers]


def key(axes: Any, worlds: list[str], *, first: str | None = None) -> None:
    """Names of the scenarios in their colours, above the axes, one a line."""
    names = ([(first, INK)] if first is not None else []) + [
        (label, WORLDS[index % len(WORLDS)]) for index, label in enumerate(worlds)
    ]
    for line, (label, colour) in enumerate(reversed(names)):
        write_above(axes, f"● {label}", (0, 7 + 16 * line), color=colour, size=SIZE - 0.5)
