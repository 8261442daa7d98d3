"""Customers at the end, by type."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.plots.style import BLUE, INK, MUTED, SIZE, FigureSheet, write_above, write_beside
from sim.plots.told_values import note
from sim.results.result import Result
from sim.words import say, translated, written

_ROW, _HEAD = 0.235, 0.42  # inches of a bar and of a heading


OF_WHOM = {
    "activity": "activity, former too",
    "lifecycle stage": "stages, prospects too",
}
"""Headings of the typologies that count others beside the firm's customers."""


def _columns(groups: list[tuple[str, pd.DataFrame]], count: int) -> list[list[tuple[str, pd.DataFrame]]]:
    """The typologies dealt to columns in order, so that columns are about equally long."""
    heights = [_HEAD + _ROW * len(rows) for _, rows in groups]
    target, filled = sum(heights) / count, 0.0
    columns: list[list[tuple[str, pd.DataFrame]]] = [[] for _ in range(count)]
    for group, height in zip(groups, heights, strict=True):
        columns[min(count - 1, int((filled + height / 2) / target)) if target else 0].append(group)
        filled += height
    return columns


class _Bars(NamedTuple):
    """Where the bars of a typology stand, in inches of the room.

    Attributes:
        left: Where each begins.
        bottom: Where the lowest has its lower edge, and that of the gap below it.
        room: How long a bar of the whole is.
    """

    left: float
    bottom: float
    room: float

    def draw(self, axes: Axes, title: str, rows: pd.DataFrame) -> None:
        """Draw and note the bars of a typology, with their names, under its title."""
        middles = self.bottom + _ROW * (np.arange(len(rows))[::-1] + 0.5)
        share = rows["share"].fillna(0.0).to_numpy()
        whole = rows["count"].sum()
        axes.barh(middles, share * self.room, height=0.66 * _ROW, left=self.left, color=BLUE)
        axes.barh(middles, self.room, height=0.66 * _ROW, left=self.left, color=BLUE, alpha=0.1)
        if whole and np.isfinite(rows["low"]).any():
            low, high = (self.left + rows[end].to_numpy() / whole * self.room for end in ("low", "high"))
            axes.hlines(middles, low, high, color=INK, linewidth=1.2)
        for middle, part, name in zip(middles, share, rows["type"], strict=True):
            note(axes, self.left + part * self.room, middle, title, translated(str(name)), written(part, ".1%"))
            percent = written(part, ".0%") if part >= 0.0995 or part == 0 else written(part, ".1%")
            write_beside(axes, percent, (self.left + self.room, middle), 5)
            write_beside(axes, translated(str(name))[:28], (self.left, middle), -5, color=MUTED)
        (_, width), (_, height) = axes.get_xlim(), axes.get_ylim()
        below = height - self.bottom - _ROW * len(rows)
        write_above(axes, title, (0.0, 3.0 - 72.0 * below), x=self.left / width, size=SIZE)


def draw(result: Result, width: float) -> Figure:
    """A small bar chart for each way of telling customers apart."""
    groups = [(str(name), rows) for name, rows in result.census.groupby("typology", sort=False)]
    columns = _columns(groups, 1 if width < 6.0 else 2)
    height = max(sum(_HEAD + _ROW * len(rows) for _, rows in column) for column in columns)
    sheet = FigureSheet(
        result,
        width,
        max(height, 0.5) + 0.05,
        say("Who the customers are at the end"),
        say("Share by type of the firm's customers, and of former ones and prospects where it says so"),
        interval="bars",
    )
    names = 1.75 if sheet.narrow else 1.85
    axes = sheet.axes(0.0, 0.0, width, sheet.height)  # one for all: axes take longer to make than what is in them
    axes.set_axis_off()
    axes.set_xlim(0.0, width)
    axes.set_ylim(0.0, sheet.height)
    for number, column in enumerate(columns):
        left, room = number * width / len(columns), width / len(columns)
        top = height
        for title, rows in column:
            tall = _ROW * len(rows)
            shown = translated(OF_WHOM.get(title, title))
            bars = _Bars(left + names, top - _HEAD - tall + 0.1, room - names - 0.6)
            bars.draw(axes, shown[:1].upper() + shown[1:], rows)
            top -= _HEAD + tall
    return sheet.figure
