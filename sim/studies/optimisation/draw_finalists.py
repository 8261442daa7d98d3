"""Each finalist against the best."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.plots.style import BLUE, GRID, INK, MUTED, PAPER, SIZE, FigureSheet
from sim.plots.told_values import note, told
from sim.results.amounts import signed
from sim.studies.optimisation.finals import called
from sim.studies.optimisation.optimisation import Optimisation
from sim.studies.optimisation.optimisation_labels import axis_label, foot, tick
from sim.words import say, written

_ROW, _BELOW, _LEFT = 0.27, 0.62, 0.8  # inches


def draw(optimisation: Optimisation, width: float) -> Figure:
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
        axes.set_yticks(range(len(others)), [called(name) for name in others], color=INK, size=SIZE)
        axes.set_ylim(len(others) - 0.4, -0.6)
        axes.grid(axis="y", visible=False)
        axes.spines["left"].set_visible(False)
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
