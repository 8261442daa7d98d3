"""The figures of an optimisation, in the order of its report."""

from __future__ import annotations

import math

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.parameters.labels import label, short_label
from sim.plots import Drawing, Gallery
from sim.plots.panels import named_rows
from sim.plots.style import BLUE, GREY, GRID, INK, MUTED, ORANGE, PAPER, SIZE, FigureSheet, write_above, write_beside
from sim.plots.told_values import note, told
from sim.results.amounts import signed
from sim.studies.optimisation import draw_front
from sim.studies.optimisation.finals import Entrant, called
from sim.studies.optimisation.optimisation import Optimisation
from sim.studies.optimisation.optimisation_phrases import axis_label, foot, tick
from sim.studies.optimisation.space import Dimension, lever_value
from sim.words import say, written

_ROW, _BELOW, _LEFT = 0.27, 0.62, 0.8  # inches


def draw_finalists(optimisation: Optimisation, width: float) -> Figure:
    """Paired differences to the best choice in each goal; hollow where the interval holds 0."""
    decision = optimisation.decision
    best = decision.best or "today"
    others = [
        entrant.name
        for entrant in decision.entrants
        if entrant.role != "front" and entrant.name != best and not entrant.judgement.reason
    ]
    goals = optimisation.terms.aims
    tall = _ROW * max(len(others), 1) + _BELOW + 0.1
    if not decision.best:
        title = say("Each finalist against today")
    elif len(goals) == 1:
        title = say("Each finalist against {best}, the best", best=best)
    else:
        title = say("Each finalist against {best}, the compromise", best=best)
    sheet = FigureSheet(
        optimisation,
        width,
        tall * len(goals),
        title,
        say("Same draws, same luck; hollow: cannot be told apart"),
        foot=foot(optimisation, say("lines: 95% intervals of paired differences that hold all together (Bonferroni)")),
    )
    for number, aim in enumerate(goals):
        bottom = (len(goals) - 1 - number) * tall + _BELOW
        axes = sheet.axes(_LEFT, bottom, sheet.width - _LEFT - 0.35, tall - _BELOW)
        unit = optimisation.units.get(aim.output, "")
        scale = 100.0 if tick(unit) == "percent" else 1.0
        for place, name in enumerate(others):
            pair = decision.pair(name, best, aim.output)
            value, low, high = (scale * each for each in pair.difference)
            note(axes, value, place, axis_label(optimisation, aim.output), called(name), told(signed, value, low, high))
            if np.isfinite([low, high]).all():
                axes.hlines(place, low, high, color=BLUE, linewidth=1.8)
            axes.plot(
                [value],
                [place],
                "D" if name == "today" else "o",
                color=BLUE,
                markersize=6.0,
                zorder=3,
                markerfacecolor=BLUE if pair.told_apart else PAPER,
            )
            axes.axhline(place + 0.5, color=GRID, linewidth=0.6, zorder=0)
        axes.axvline(0.0, color=MUTED, linewidth=1.2)
        named_rows(axes, [called(name) for name in others], SIZE, down=True)
        axes.margins(x=0.08)
        axes.xaxis.set_major_locator(MaxNLocator(4 if sheet.narrow else 7))
        axes.xaxis.set_major_formatter(
            FuncFormatter(lambda value, _: written(value, "+,.6g").replace("-", "−") if value else "0")
        )
        label = axis_label(optimisation, aim.output)
        if scale > 1.0:
            label = say("{label}, percentage points", label=label)
        axes.set_xlabel(label if sheet.narrow else say("{label}: difference", label=label), size=SIZE - 1)
    return sheet.figure


_LEVER_ROW, _HEAD, _GAP = 0.24, 0.52, 0.16  # inches


def draw_levers(optimisation: Optimisation, width: float) -> Figure:
    """A panel for each lever, in it a row for each choice: its place between both ends, and its value."""
    decision = optimisation.decision
    shown = [entrant for entrant in decision.entrants if entrant.role != "front"]
    levers = optimisation.space.dimensions
    across = 1 if width < 6.0 else min(3, len(levers))
    down = math.ceil(len(levers) / across)
    tall = _HEAD + _LEVER_ROW * len(shown) + _GAP
    sheet = FigureSheet(
        optimisation,
        width,
        down * tall + 0.1,
        say("Where the best choices stand"),
        say("Each panel is a lever from its lowest to its highest value; filled: cannot be told apart from the best")
        if len(optimisation.terms.aims) == 1
        else say(
            "Each panel is a lever from its lowest to its highest value; filled: cannot be told apart from the "
            "compromise"
        ),
        foot=foot(optimisation, say("no intervals: these are decisions")),
    )
    room = (sheet.width - 0.3) / across
    for number, lever in enumerate(levers):
        column, row = number % across, number // across
        axes = sheet.axes(
            0.15 + column * room + 0.55, (down - 1 - row) * tall + _GAP, room - 1.35, tall - _HEAD - _GAP + 0.06
        )
        axes.set_xlim(-0.04, 1.04)
        axes.set_ylim(len(shown) - 0.4, -0.6)
        axes.set_xticks([])
        axes.grid(visible=False)
        axes.spines[["left", "bottom"]].set_visible(False)
        axes.set_yticks(range(len(shown)), [entrant.called for entrant in shown], color=INK, size=SIZE - 1)
        write_above(axes, short_label(lever.path, optimisation.levers), (-34, 17), size=SIZE)
        write_above(
            axes,
            say("{low} to {high}", low=lever_value(_end(lever, 0.0)), high=lever_value(_end(lever, 1.0))),
            (-34, 5),
            size=SIZE - 1.5,
            color=MUTED,
            weight="normal",
        )
        for place, entrant in enumerate(shown):
            axes.hlines(place, 0.0, 1.0, color=GRID, linewidth=2.0, zorder=1)
            _mark(axes, lever, entrant, place, optimisation)
    return sheet.figure


def _end(lever: Dimension, share: float) -> object:
    return lever.options[-1 if share else 0] if lever.options else (lever.high if share else lever.low)


def _mark(axes: Axes, lever: Dimension, entrant: Entrant, place: int, optimisation: Optimisation) -> None:
    decision = optimisation.decision
    value = entrant.judgement.values[lever.path]
    colour = INK if entrant.name == "today" else ORANGE if entrant.name == decision.best else BLUE
    like_best = entrant.name in decision.group
    colour = colour if like_best or entrant.name == "today" else GREY
    x = lever.place(value)
    note(axes, x, place, label(lever.path), entrant.called, lever_value(value))
    if math.isfinite(x):
        axes.plot(
            [x],
            [place],
            "D" if entrant.name == "today" else "o",
            color=colour,
            markersize=6.5,
            markerfacecolor=colour if like_best else PAPER,
            zorder=3,
            clip_on=False,
        )
    write_beside(axes, lever_value(value), (1.04, place), color=INK if like_best else MUTED)


FIGURES = Gallery(
    {
        "front": Drawing(draw_front.draw),
        "levers": Drawing(draw_levers),
        "differences": Drawing(draw_finalists),
    }
)
