"""How long customers stay, and what makes them leave."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sim.plots.style import (
    BLUE,
    GREY,
    INK,
    MUTED,
    ORANGE,
    PURPLE,
    RED,
    SIZE,
    SKY,
    FigureSheet,
    percent_tick,
    spread,
    write_beside,
)
from sim.plots.told_values import note
from sim.results.result import Result
from sim.words import say, translated, written

CAUSES = (
    ("left_silent", "silent, in anger", RED),
    ("lapsed_silent", "silent, may return", ORANGE),
    ("left_complaint", "after a complaint", PURPLE),
    ("left_switch", "to a rival", SKY),
    ("left_natural", "natural", GREY),
    ("left_without", "doing without", BLUE),
    ("left_closed", "supplier gone", INK),
)


_MOST_POINTS = 100


def _panel(axes: Axes, title: str) -> None:
    axes.set_title(title, loc="left", size=SIZE, color=INK, weight="bold", pad=6)
    axes.yaxis.set_major_formatter(percent_tick)
    axes.xaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 2.5, 5, 10]))
    axes.set_xlabel(say("years as a customer"), size=SIZE - 1)
    axes.grid(axis="x", visible=False)


NOTED = 5
"""Every so many points of a curve have their value told."""


def _thinned(table: pd.DataFrame, cohort: str) -> pd.DataFrame:
    """The tenures that somebody reached; of more than a hundred, a hundred, the first and the last among them."""
    rows = table[(table["cohort"] == cohort) & (table["at_risk"] > 0)]
    kept = np.unique(np.linspace(0, len(rows) - 1, min(len(rows), _MOST_POINTS)).round().astype(int))
    return rows.iloc[kept]


def _curves(axes: Axes, table: pd.DataFrame) -> None:
    for cohort, words, colour in (
        ("initial", say("customers at the start"), BLUE),
        ("newcomers", say("newcomers"), ORANGE),
    ):
        rows = _thinned(table, cohort)
        if rows.empty:
            continue
        axes.plot(rows["years"], rows["survival"], color=colour, label=words)
        for years, share in zip(rows["years"][::NOTED], rows["survival"][::NOTED], strict=True):
            note(axes, years, share, words, say("after {years:.2f} years", years=years), written(share, ".1%"))
        if rows["survival_low"].notna().any():
            axes.fill_between(
                rows["years"],
                rows["survival_low"],
                rows["survival_high"],
                color=colour,
                alpha=0.2,
                linewidth=0,
            )
    axes.set_ylim(0.0, 1.005)
    axes.set_xlim(left=0.0)
    if axes.lines:
        axes.legend(loc="lower left", fontsize=SIZE - 1, labelcolor=MUTED)


def _causes(axes: Axes, table: pd.DataFrame) -> None:
    rows = _thinned(table, "initial")
    if rows.empty:
        return
    floor = np.zeros(len(rows))
    middles, shown = [], []
    for cause, declared, colour in CAUSES:
        words = translated(declared)
        top = floor + rows[cause].to_numpy()
        axes.fill_between(rows["years"], floor, top, color=colour, alpha=0.85, linewidth=0)
        last, share = float(rows["years"].iloc[-1]), float(rows[cause].iloc[-1])
        where = say("after {years:.2f} years", years=last)
        note(axes, last, float(floor[-1] + top[-1]) / 2.0, words, where, written(share, ".1%"))
        if rows[cause].iloc[-1] > 0:
            middles.append(float(floor[-1] + top[-1]) / 2)
            shown.append(f"{words} {written(rows[cause].iloc[-1], '.1%')}")
        floor = top
    high = max(float(floor[-1]) * 1.12, 0.01)
    axes.set_ylim(0.0, high)
    axes.set_xlim(0.0, float(rows["years"].iloc[-1]))
    for words, place in zip(shown, spread(middles, high * 0.085, high * 0.03, high * 0.97), strict=True):
        write_beside(axes, words, (float(rows["years"].iloc[-1]), place), 5)


def draw(result: Result, width: float) -> Figure:
    """Kaplan-Meier curves of customers at the start and newcomers; what ended the former's custom, cause by cause."""
    narrow = width < 6.0
    sheet = FigureSheet(
        result,
        width,
        5.1 if narrow else 2.9,
        say("How long customers stay, and why they leave"),
        say("Kaplan-Meier curves; incidence of each cause with the others competing (Aalen-Johansen)"),
    )
    if narrow:
        left, right = sheet.axes(0.6, 3.05, width - 0.8, 1.75), sheet.axes(0.6, 0.5, width - 2.2, 1.75)
    else:
        left, right = sheet.axes(0.6, 0.5, 3.1, 2.1), sheet.axes(4.4, 0.5, 2.2, 2.1)
    _panel(left, say("Still a customer"))
    _panel(right, say("Left, of the customers at the start") if not narrow else say("Left, of those at the start"))
    _curves(left, result.survival)
    _causes(right, result.survival)
    return sheet.figure
