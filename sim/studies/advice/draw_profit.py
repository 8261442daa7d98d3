"""Profit over the range of each lever: small figures, those with most to gain first."""

from __future__ import annotations

import math

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.plots.style import BLUE, GREEN, GREY, INK, MUTED, ORANGE, PAPER, SIZE, FigureSheet, wrapped, write_above
from sim.plots.told_values import note, told
from sim.results.amounts import rounded, signed, value_shown
from sim.results.outputs import PROFIT
from sim.studies.advice.advice import Advice
from sim.studies.advice.advice_labels import base, foot
from sim.studies.advice.advice_plan import CAPTIVE_LOSS
from sim.studies.advice.levers import are_held
from sim.studies.advice.verdicts import BOUND, CHOICE, EXPLAINED, INSIDE, PAID
from sim.words import say

MOST, MOST_NARROW = 18, 12
_COLOURS = {BOUND: ORANGE, INSIDE: GREEN, PAID: GREEN, EXPLAINED: GREEN, CHOICE: GREEN}
_EACH, _HEAD, _BELOW = 1.6, 0.4, 0.3  # inches


def draw(found: Advice, width: float) -> Figure:
    """A small figure a lever: profit (where too few can leave, their loss) against today's; the best step is filled."""
    narrow = width < 6.0
    held = are_held(found.scenario)
    levers = found.levers[found.levers["span"].fillna(0.0) > 0.0]
    rows = [row for _, row in levers.sort_values(["change", "span"], ascending=False, kind="stable").iterrows()]
    if held:
        rows = [row for row, _ in found.that_ease()]
    rows = rows[: MOST_NARROW if narrow else MOST]
    columns = min(2 if narrow else 3, max(len(rows), 1))
    lines = max(1, math.ceil(len(rows) / columns))
    scale, unit = base(found)
    sheet = FigureSheet(
        found,
        width,
        _EACH * lines + 0.05,
        say("What those who cannot leave bear, over the range of each lever")
        if held
        else say("Profit over the range of each lever"),
        say("Change against today with the same luck, {unit}. Filled: the least; white diamond: today", unit=unit)
        if held
        else say(
            "Change against today with the same luck, {unit}; each small figure has its own scale. "
            "Filled: the best step; orange: it lies on a bound, for nothing; green: inside, or paid for; white "
            "diamond: today",
            unit=unit,
        ),
        foot=foot(found),
    )
    cell = (sheet.width - 0.15) / columns
    for number, lever in enumerate(rows):
        line, column = divmod(number, columns)
        axes = sheet.axes(
            0.15 + column * cell + 0.42, _EACH * (lines - 1 - line) + _BELOW, cell - 0.6, _EACH - _HEAD - _BELOW
        )
        title = "\n".join(wrapped(str(lever["label"]), cell - 0.15, SIZE - 1.5)[:2])
        write_above(axes, title, (-30, 5), size=SIZE - 1.5, linespacing=1.1)
        _panel(axes, found.steps_of(str(lever["lever"])), lever, CAPTIVE_LOSS if held else PROFIT, scale, unit)
    return sheet.figure


def _panel(axes: Axes, steps: pd.DataFrame, lever: pd.Series, name: str, scale: float, unit: str) -> None:
    """The steps of one lever; those of a choice stand side by side, all others at their value."""
    is_choice = math.isnan(float(lever["low"]))
    places = list(range(len(steps))) if is_choice else [float(value) for value in steps["value"]]
    changes = (steps[f"{name}_change"] / scale).tolist()
    axes.axhline(0.0, color=GREY, linewidth=0.8)
    axes.vlines(places, steps[f"{name}_low"] / scale, steps[f"{name}_high"] / scale, color=MUTED, linewidth=1.2)
    if not is_choice:
        axes.plot(places, changes, color=BLUE, linewidth=1.4, zorder=2)
    colour = _COLOURS.get(str(lever["verdict"]), GREY)
    for place, change, value, is_today in zip(places, changes, steps["value"], steps["is_today"], strict=True):
        best = value == lever["best"]
        axes.plot(
            [place],
            [change],
            "D" if is_today else "o",
            markersize=5.5 if best or is_today else 3.5,
            color=colour if best else INK if is_today else BLUE,
            zorder=3,
            markerfacecolor=colour if best else PAPER if is_today else BLUE,
            clip_on=False,
        )
    shown = [value_shown(value) if is_choice else rounded(float(value)) for value in steps["value"]]
    for place, where, *change in zip(
        places, shown, changes, steps[f"{name}_low"] / scale, steps[f"{name}_high"] / scale, strict=True
    ):
        note(axes, place, change[0], str(lever["label"]), where, f"{told(signed, *change)} {unit}")
    axes.margins(x=0.06, y=0.15)
    axes.locator_params(axis="y", nbins=4)
    axes.tick_params(labelsize=SIZE - 2.5, pad=3)
    axes.yaxis.set_major_formatter(lambda value, _: signed(value, 3))
    if is_choice:
        axes.set_xticks(places, [value_shown(value) for value in steps["value"]])
        axes.set_xlim(-0.5, len(places) - 0.5)
    else:
        axes.set_xticks([min(places), max(places)])
        axes.xaxis.set_major_formatter(lambda value, _: rounded(value, 3))
        left, right = axes.get_xticklabels()
        left.set_horizontalalignment("left")
        right.set_horizontalalignment("right")
