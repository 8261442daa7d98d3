"""What each of several players contributes: bars with the range over all orders."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sim.plots.panels import named_rows
from sim.plots.style import BLUE, GREY, INK, MUTED, SIZE, FigureSheet, FigureSource, wrapped, write_beside
from sim.plots.told_values import note
from sim.results.amounts import rounded, signed
from sim.words import percent, say

_ROW = 0.42  # inches


def draw_contributions(
    found: FigureSource,
    rows: pd.DataFrame,
    width: float,
    *,
    title: str,
    unit: str,
    foot: str,
    grey: tuple[str, ...] = (),
) -> Figure:
    """A bar a player, with its part of the whole; the thin line goes from the least that it adds to the most.

    Args:
        found: The answer, for the sheet.
        rows: Columns `label`, `value`, `part`, `least`, `most`, in order; a bar without a part tells its value.
        width: Inches.
        title: Of the figure.
        unit: Of the values.
        foot: What the figure states below.
        grey: Labels of bars that are no player's.
    """
    sheet = FigureSheet(
        found,
        width,
        _ROW * len(rows) + 0.65,
        title,
        say("Bars: Shapley values; thin lines: from the least that it adds in any order to the most"),
        foot=foot,
    )
    left = 1.6 if sheet.narrow else 2.3
    axes = sheet.single(left=left, right=0.75, bottom=0.5, top=0.05)
    for place, (_, row) in enumerate(rows.iterrows()):
        value = float(row["value"])
        axes.barh(place, value, height=0.6, color=GREY if row["label"] in grey else BLUE)
        text = say("{value} {unit}", value=rounded(value, 4), unit=unit)
        ends = [value, 0.0]
        if row["label"] not in grey:
            axes.hlines(place, float(row["least"]), float(row["most"]), color=INK, linewidth=1.3, zorder=3)
            ends += [float(row["most"])]
            least, most = rounded(float(row["least"]), 4), rounded(float(row["most"]), 4)
            text = say("{value}, in any order {least} to {most}", value=text, least=least, most=most)
        note(axes, value, place, title, str(row["label"]), text)
        write_beside(
            axes,
            signed(value, 3) if pd.isna(row["part"]) else percent(float(row["part"]), 0).replace("-", "−"),
            (max(ends), place),
            color=MUTED,
        )
    labels = ["\n".join(wrapped(str(label), left - 0.2, SIZE - 0.5)[:2]) for label in rows["label"]]
    named_rows(axes, labels, SIZE - 0.5, down=True)
    axes.axvline(0.0, color=GREY, linewidth=0.8)
    axes.xaxis.set_major_locator(MaxNLocator(3 if sheet.narrow else 6))  # amounts of money are long
    axes.xaxis.set_major_formatter(lambda value, _: rounded(value, 3))
    axes.set_xlabel(unit, size=SIZE - 1)
    return sheet.figure
