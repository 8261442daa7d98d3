"""The iceberg: what the firm sees of its customers' dissatisfaction, against what is."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Polygon

from sim.plots.style import BLUE, GREY, ICE, MUTED, ORANGE, PAPER, RED, SIZE, SKY, FigureSheet, spread
from sim.plots.told_values import note
from sim.results.result import Result
from sim.words import say, translated, written

# Half outlines (height 0 at the keel to 1 at the peak, distance from the axis).
_LEFT = np.array(
    [
        (0.0, 0.03),
        (0.05, 0.13),
        (0.11, 0.16),
        (0.17, 0.30),
        (0.25, 0.33),
        (0.33, 0.47),
        (0.43, 0.50),
        (0.52, 0.60),
        (0.60, 0.55),
        (0.67, 0.57),
        (0.73, 0.44),
        (0.80, 0.37),
        (0.86, 0.22),
        (0.91, 0.19),
        (0.96, 0.06),
        (1.0, 0.0),
    ]
)
_RIGHT = np.array(
    [
        (0.0, 0.03),
        (0.07, 0.09),
        (0.13, 0.22),
        (0.21, 0.25),
        (0.28, 0.42),
        (0.38, 0.45),
        (0.46, 0.58),
        (0.55, 0.56),
        (0.63, 0.61),
        (0.70, 0.47),
        (0.77, 0.42),
        (0.83, 0.28),
        (0.89, 0.24),
        (0.94, 0.11),
        (0.98, 0.08),
        (1.0, 0.0),
    ]
)
_HEIGHTS = np.linspace(0.0, 1.0, 2001)

BANDS = (
    ("registered", "in the complaint register", ICE),
    ("unregistered", "told the front line only", SKY),
    ("pending", "had a complaint open", GREY),
    ("silent_stayed", "said nothing and stayed", BLUE),
    ("silent_captive", "said nothing, cannot leave", GREY),
    ("silent_lapsed", "left in silence, may return", ORANGE),
    ("silent_lost", "left in silence, in anger", RED),
)


_SMALLEST = 0.5  # per 1,000: thinner layers stand in the ledger only


class Band(NamedTuple):
    """A layer of ice: its ledger line, words, colour, heights of its edges."""

    entry: str
    words: str
    colour: str
    top: float
    bottom: float


def _width_at(height: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.interp(height, *_LEFT.T) + np.interp(height, *_RIGHT.T)


def cut(shares: list[float]) -> list[float]:
    """Heights at which the iceberg must be cut from the top so that the pieces' areas are in those proportions.

    >>> cut([0.0, 1.0])
    [1.0, 0.0]
    """
    width = _width_at(_HEIGHTS)
    below = np.concatenate([[0.0], np.cumsum((width[1:] + width[:-1]) / 2.0)])
    total = sum(shares)
    cumulated = np.cumsum(shares) / total if total > 0 else np.zeros(len(shares))
    return [float(np.interp(below[-1] * (1.0 - part), below, _HEIGHTS)) for part in cumulated]


def _piece(top: float, bottom: float) -> npt.NDArray[np.float64]:
    """Outline of the ice between two heights."""
    sides = []
    for outline, sign in ((_LEFT, -1.0), (_RIGHT, 1.0)):
        inner = outline[(outline[:, 0] > bottom) & (outline[:, 0] < top), 0]
        heights = np.concatenate([[bottom], inner, [top]])
        sides.append(np.column_stack([sign * np.interp(heights, *outline.T), heights]))
    return np.concatenate([sides[0], sides[1][::-1]])


def _bands(result: Result) -> list[Band]:
    ledger = result.iceberg["per_1000"].fillna(0.0).clip(lower=0.0)
    shares = [float(ledger[entry]) for entry, _, _ in BANDS]
    edges = [1.0, *cut(shares)]
    return [
        Band(entry, translated(words), colour, edges[i], edges[i + 1])
        for i, (entry, words, colour) in enumerate(BANDS)
        if shares[i] >= _SMALLEST or i == 0
    ]


def _label(axes: Axes, result: Result, band: Band, place: float, start: float, narrow: bool) -> None:
    row = result.iceberg.loc[band.entry]
    number = written(row["per_1000"], ",.0f" if row["per_1000"] >= 9.95 else ".1f")
    limits = ""
    if np.isfinite(row["per_1000_low"]) and not narrow:
        low, high = max(row["per_1000_low"], 0.0), row["per_1000_high"]
        limits = (
            f"  ({written(low, ',.0f')}–{written(high, ',.0f')})"
            if row["per_1000"] >= 9.95
            else f"  ({written(low, '.1f')}–{written(high, '.1f')})"
        )
    middle = (band.top + band.bottom) / 2.0
    note(axes, 0.0, middle, say("of 1,000 dissatisfying encounters"), band.words, number)
    edge = float(np.interp(middle, *_RIGHT.T))
    column = start + 0.36
    end = column - (0.09 if narrow else 0.062) * len(number) - 0.05
    axes.plot([edge * 0.97, start - 0.1, end], [middle, place, place], color=MUTED, linewidth=0.8, zorder=6)
    size = SIZE + (1.5 if narrow else 3.0)
    axes.text(column, place, number, va="center_baseline", ha="right", size=size, weight="bold")
    axes.text(
        column + 0.06,
        place,
        band.words + limits,
        va="center_baseline",
        ha="left",
        size=SIZE - (1.5 if narrow else 0.3),
    )


def _sea(axes: Axes, waterline: float, left: float, right: float) -> None:
    x = np.linspace(left, right, 120)
    surface = waterline + 0.006 * np.sin(x * 24.0)
    axes.fill_between(x, -0.06, surface, color=SKY, alpha=0.12, linewidth=0, zorder=1)
    for depth in (0.80, 0.58, 0.36, 0.16):
        layer = depth * waterline + 0.012 * np.sin(x * 4.0 + depth * 9.0)
        axes.fill_between(x, -0.06, layer, color=BLUE, alpha=0.05, linewidth=0, zorder=1)
    axes.plot(x, surface, color=BLUE, linewidth=1.4, zorder=5)


def draw(result: Result, width: float) -> Figure:
    """An iceberg whose areas are in proportion: above the water what the register shows, below it the rest."""
    narrow = width < 6.0
    seen = float(result.iceberg["per_1000"].to_dict()["registered"])
    known = bool(np.isfinite(seen))
    number = written(seen, ",.0f" if seen >= 9.95 else ".1f")
    title = (
        say("Of 1,000 dissatisfying encounters the firm sees {seen}", seen=number)
        if known
        else say("Nobody was dissatisfied: no iceberg")
    )
    subtitle = say("Areas in proportion; above the water what stands in the complaint register, below it what does not")
    height = (3.9 if narrow else 4.9) if known else 0.3
    sheet = FigureSheet(result, width, height, title, subtitle if known else "", interval="" if narrow else "brackets")
    axes = sheet.axes(0.0, 0.05, width, sheet.height - 0.1)
    left, right = (-0.66, 2.62) if narrow else (-1.6, 2.85)
    axes.set_xlim(left, right)
    axes.set_ylim(-0.06, 1.08)
    axes.set_axis_off()
    if not known:
        return sheet.figure
    bands = _bands(result)
    waterline = bands[0].bottom
    _sea(axes, waterline, left, right)
    for band in bands:
        axes.add_patch(
            Polygon(
                _piece(band.top, band.bottom),
                closed=True,
                facecolor=band.colour,
                edgecolor=PAPER,
                linewidth=1.0,
                zorder=3,
            )
        )
    for tip, low, high, side in ((0.93, 0.70, 0.52, 0.12), (0.70, 0.46, 0.33, -0.22), (0.44, 0.21, 0.08, 0.10)):
        axes.add_patch(
            Polygon(
                [(side, tip), (side + 0.16, low), (side - 0.05, high), (side - 0.12, low + 0.05)],
                closed=True,
                facecolor=PAPER,
                alpha=0.10,
                linewidth=0,
                zorder=4,
            )
        )
    axes.add_patch(Polygon(_piece(1.0, 0.0), closed=True, fill=False, edgecolor=MUTED, linewidth=0.9, zorder=4))
    start = 0.64 if narrow else 0.80
    gap = 0.088 if narrow else 0.075
    middles = [(band.top + band.bottom) / 2.0 for band in bands]
    above = max(middles[0], waterline + 0.055)
    places = [above, *spread(middles[1:], gap, 0.0, waterline - 0.055)]
    for band, place in zip(bands, places, strict=True):
        _label(axes, result, band, place, start, narrow)
    if not narrow:
        words: dict[str, Any] = {"size": SIZE + 1.5, "weight": "bold", "color": BLUE, "ha": "left", "zorder": 7}
        axes.text(left + 0.06, waterline + 0.04, say("What the firm sees"), va="bottom", **words)
        axes.text(left + 0.06, waterline - 0.05, say("What is"), va="top", **words)
    return sheet.figure
