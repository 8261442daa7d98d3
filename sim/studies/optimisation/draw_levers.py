"""Where the best choices stand on each lever's range."""

from __future__ import annotations

import math

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.parameters.labels import label, short_label
from sim.plots.style import BLUE, GREY, GRID, INK, MUTED, ORANGE, PAPER, SIZE, FigureSheet, write_above, write_beside
from sim.plots.told_values import note
from sim.studies.optimisation.finals import Entrant
from sim.studies.optimisation.optimisation import Optimisation
from sim.studies.optimisation.optimisation_labels import foot
from sim.studies.optimisation.space import Dimension, lever_value
from sim.words import say

_ROW, _HEAD, _GAP = 0.24, 0.52, 0.16  # inches


def draw(optimisation: Optimisation, width: float) -> Figure:
    """A panel for each lever, in it a row for each choice: its place between both ends, and its value."""
    decision = optimisation.decision
    shown = [entrant for entrant in decision.entrants if entrant.role != "front"]
    levers = optimisation.space.dimensions
    across = 1 if width < 6.0 else min(3, len(levers))
    down = math.ceil(len(levers) / across)
    tall = _HEAD + _ROW * len(shown) + _GAP
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
