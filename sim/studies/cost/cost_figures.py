"""The figures of the cost of quality, in the order of its report."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from sim.plots import Drawing, Gallery
from sim.plots.panels import named_rows
from sim.plots.style import (
    BLUE,
    GREEN,
    GREY,
    INK,
    MUTED,
    ORANGE,
    PAPER,
    PURPLE,
    SIZE,
    SKY,
    FigureSheet,
    spread,
    write_beside,
)
from sim.plots.told_values import note, told
from sim.results.amounts import rounded
from sim.studies.cost.costed import APPRAISAL, LEAST, OPPORTUNITY, TOTAL, CostOfQuality, label_of
from sim.studies.study_of_scenario import foot_of
from sim.words import percent, say

_MANY = 20_000.0
"""From so much money on, figures count in thousands."""


def unit(found: CostOfQuality) -> tuple[float, str]:
    """What money is divided by, and the unit then."""
    currency = found.scenario.money.currency
    if found.items["value"].abs().max() >= _MANY:
        return 1000.0, say("thousand {currency}", currency=currency)
    return 1.0, currency


_ROW = 0.34  # inches


def draw_items(found: CostOfQuality, width: float) -> Figure:
    """Bars in money of the run; behind each what part of revenue it is."""
    scale, money = unit(found)
    rows = found.items
    sheet = FigureSheet(
        found,
        width,
        _ROW * len(rows) + 0.65,
        say("What quality costs today"),
        say("Over the run, {money}, and as a part of revenue; purple: in no account", money=money),
        foot=foot_of(found, say("lines: 95% t-intervals over replications")),
    )
    axes = sheet.single(left=1.75, right=0.7, bottom=0.5, top=0.05)
    for place, (_, row) in enumerate(rows.iterrows()):
        value, low, high = (float(row[name]) / scale for name in ("value", "low", "high"))
        colour = {OPPORTUNITY: PURPLE, TOTAL: GREY}.get(str(row["item"]), BLUE)
        axes.barh(place, value, height=0.62, color=colour)
        if np.isfinite([low, high]).all():
            axes.hlines(place, low, high, color=INK, linewidth=1.4, zorder=3)
        note(axes, value, place, say("Over the run"), str(row["label"]), f"{told(rounded, value, low, high)} {money}")
        write_beside(
            axes,
            percent(float(row["of_revenue"]), 1),
            (max(value, high) if np.isfinite(high) else value, place),
            color=MUTED,
        )
    named_rows(axes, rows["label"].tolist(), SIZE - 0.5, down=True)
    axes.xaxis.set_major_formatter(lambda value, _: rounded(value, 3))
    axes.set_xlabel(money, size=SIZE - 1)
    return sheet.figure


_LINES = {"prevention": GREEN, APPRAISAL: GREY, "internal": SKY, "external": ORANGE, OPPORTUNITY: PURPLE, TOTAL: BLUE}


def draw_prevention(found: CostOfQuality, width: float) -> Figure:
    """A line a cost; shaded upright: the steps that cannot be told from the least."""
    curve, (scale, money) = found.curve, unit(found)
    sheet = FigureSheet(
        found,
        width,
        3.4,
        say("What prevention does to the cost of quality"),
        say(
            "Over the run, {money}; the band is the sum's 95% interval. Filled: where the sum is least; grey: what "
            "cannot be told from it; white diamond: today",
            money=money,
        ),
        foot=foot_of(found, say("worlds with the same luck; the least is judged by paired differences")),
    )
    axes = sheet.single(left=0.75, right=1.75, bottom=0.5, top=0.12)
    spent = curve["prevention"].tolist()
    least = found.line(LEAST)
    axes.axvspan(float(least["low"]), float(least["high"]), color=GREY, alpha=0.18, linewidth=0.0)
    axes.fill_between(
        spent, curve["total_low"] / scale, curve["total_high"] / scale, color=BLUE, alpha=0.2, linewidth=0.0
    )
    ends = []
    for item, colour in _LINES.items():
        values = (curve[item if item == TOTAL else f"{item}_cost"] / scale).tolist()
        axes.plot(spent, values, color=colour, linewidth=2.4 if item == TOTAL else 1.4)
        ends.append(values[-1])
        for at, value in zip(spent, values, strict=True):
            where = say("prevention {amount}", amount=rounded(at))
            note(axes, at, value, label_of(item), where, f"{rounded(value)} {money}")
    for chosen, mark, face in (("is_today", "D", PAPER), ("is_least", "o", BLUE)):
        row = curve[curve[chosen]].iloc[0]
        axes.plot(
            [row["prevention"]],
            [row["total"] / scale],
            mark,
            color=BLUE if mark == "o" else INK,
            markerfacecolor=face,
            markersize=6.5,
            zorder=4,
        )
    axes.set_ylim(bottom=min(0.0, axes.get_ylim()[0]))
    low, high = axes.get_ylim()
    places = spread(ends, 0.065 * (high - low), low, high)
    for place, (item, colour) in zip(places, _LINES.items(), strict=True):
        write_beside(axes, label_of(item), (spent[-1], place), size=SIZE - 1.5, color=colour)
    axes.set_xlabel(
        say("prevention, {money} per customer and year", money=found.scenario.money.currency), size=SIZE - 1
    )
    axes.xaxis.set_major_formatter(lambda value, _: rounded(value, 3))
    axes.yaxis.set_major_formatter(lambda value, _: rounded(value, 3))
    return sheet.figure


FIGURES = Gallery({"prevention": Drawing(draw_prevention), "costs": Drawing(draw_items)})
