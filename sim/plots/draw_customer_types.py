"""Customers at the end, by type."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.plots.style import BLUE, INK, MUTED, SIZE, FigureSheet, write_beside
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


def _bars(axes: Axes, title: str, rows: pd.DataFrame) -> None:
    places = np.arange(len(rows))[::-1]
    share = rows["share"].fillna(0.0).to_numpy()
    whole = rows["count"].sum()
    axes.barh(places, share, height=0.66, color=BLUE)
    axes.barh(places, 1.0, height=0.66, color=BLUE, alpha=0.1)
    if whole and np.isfinite(rows["low"]).any():
        axes.hlines(places, rows["low"] / whole, rows["high"] / whole, color=INK, linewidth=1.2)
    for place, part, name in zip(places, share, rows["type"], strict=True):
        note(axes, part, place, title, translated(str(name)), written(part, ".1%"))
        write_beside(
            axes, written(part, ".0%") if part >= 0.0995 or part == 0 else written(part, ".1%"), (1.0, place), 5
        )
        write_beside(axes, translated(str(name))[:28], (0.0, place), -5, color=MUTED)
    axes.set_xlim(0.0, 1.0)
    axes.set_ylim(-0.5, len(rows) - 0.5)
    axes.set_title(title, loc="left", size=SIZE, weight="bold", color=INK, pad=3)
    axes.set_axis_off()


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
    for number, column in enumerate(columns):
        left, room = number * width / len(columns), width / len(columns)
        top = height
        for title, rows in column:
            tall = _ROW * len(rows)
            axes = sheet.axes(left + names, top - _HEAD - tall + 0.1, room - names - 0.6, tall)
            shown = translated(OF_WHOM.get(title, title))
            _bars(axes, shown[:1].upper() + shown[1:], rows)
            top -= _HEAD + tall
    return sheet.figure
