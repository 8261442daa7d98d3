"""The trade-off: what more of one costs of the other."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.plots.overtime import unit_above
from sim.plots.style import BLUE, GREY, INK, MUTED, ORANGE, PAPER, SIZE, FigureSheet
from sim.plots.told_values import note, told
from sim.results.amounts import signed
from sim.results.intervals import Interval
from sim.studies.optimisation.finals import Entrant
from sim.studies.optimisation.optimisation import Optimisation
from sim.studies.optimisation.optimisation_phrases import axis_label, foot, tick
from sim.words import say, written


def draw(optimisation: Optimisation, width: float) -> Figure:
    """Changes against today: choices of the search as dots, those of the last round with intervals, and the front.

    Differences and not values, because the same draws and the same luck have cancelled in them.
    """
    first, second = optimisation.trade_off
    labels = optimisation.labels
    one, other = labels.get(first.output, first.output), labels.get(second.output, second.output)
    marks = [
        _ChoiceMark(optimisation, entrant) for entrant in optimisation.decision.entrants if entrant.judgement.cubes
    ]
    sheet = FigureSheet(
        optimisation,
        width,
        3.5 if width < 6.0 else 4.2,
        say("The trade-off: {one} against {other}", one=_lower(one), other=_lower(other)),
        say(
            "What each choice changes against today. Letters: judged by new luck; the line joins those that no other "
            "beats. Small dots: what the search saw, hollow where a requirement is missed"
        )
        if optimisation.tried[0].judgement.estimates
        else say(
            "Each choice. Letters: judged by new luck; the line joins those that no other beats. Small dots: what the "
            "search saw, hollow where a requirement is missed"
        ),
        foot=foot(optimisation, say("lines: 95% intervals of paired differences, each by itself")),
    )
    axes = sheet.single(left=0.8 if sheet.narrow else 0.95, bottom=0.55, top=0.34)
    along = [mark for name in optimisation.decision.front for mark in marks if mark.entrant.name == name]
    if len(along) > 1:
        axes.plot(
            [mark.x.value for mark in along],
            [mark.y.value for mark in along],
            color=BLUE,
            linewidth=1.4,
            alpha=0.5,
            zorder=2,
        )
    for mark in marks:
        mark.draw(axes)
    _frame(axes, marks)
    for mark in marks:
        across, up = (_told(optimisation, *pair) for pair in ((second.output, mark.x), (first.output, mark.y)))
        note(axes, mark.x.value, mark.y.value, mark.entrant.called, across, up)
    _searched(axes, optimisation)
    _names(axes, marks, say("best") if len(optimisation.terms.aims) == 1 else say("compromise"))
    for axis, aim in ((axes.xaxis, second), (axes.yaxis, first)):
        axis.set_major_locator(MaxNLocator(3 if sheet.narrow else 6))
        axis.set_major_formatter(_format(optimisation.units.get(aim.output, "")))
    axes.axhline(0.0, color=MUTED, linewidth=0.8, zorder=0)
    axes.axvline(0.0, color=MUTED, linewidth=0.8, zorder=0)
    axes.set_xlabel(_named(optimisation, second.output), size=SIZE - 1)
    unit_above(axes, _named(optimisation, first.output))
    return sheet.figure


class _ChoiceMark:
    """A choice of the last round: where it stands and how it looks."""

    def __init__(self, optimisation: Optimisation, entrant: Entrant) -> None:
        first, second = (aim.output for aim in optimisation.trade_off)
        decision = optimisation.decision
        self.entrant = entrant
        self.y, self.x = (
            optimisation.against_today(entrant, output) or entrant.intervals[output] for output in (first, second)
        )
        self.best = entrant.name == decision.best
        self.today = entrant.name == "today"
        self.colour = INK if self.today else ORANGE if self.best else BLUE
        self.filled = self.today or self.best or entrant.name in decision.front

    def draw(self, axes: Axes) -> None:
        if np.isfinite(self.y).all():
            axes.vlines(self.x.value, self.y.low, self.y.high, color=self.colour, linewidth=1.3, zorder=3)
        if np.isfinite(self.x).all():
            axes.hlines(self.y.value, self.x.low, self.x.high, color=self.colour, linewidth=1.3, zorder=3)
        axes.plot(
            [self.x.value],
            [self.y.value],
            "D" if self.today else "o",
            color=self.colour,
            markersize=6.5,
            zorder=5 if self.best else 4,
            markerfacecolor=self.colour if self.filled else PAPER,
        )


def _lower(text: str) -> str:
    """The first letter small, but for names in capitals."""
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def _named(optimisation: Optimisation, output: str) -> str:
    label = axis_label(optimisation, output)
    if tick(optimisation.units.get(output, "")) == "percent":
        return say("{label} in percentage points", label=label)
    return label


def _told(optimisation: Optimisation, output: str, found: Interval) -> str:
    scale = 100.0 if tick(optimisation.units.get(output, "")) == "percent" else 1.0
    return f"{_named(optimisation, output)}: {told(signed, *(scale * end for end in found))}"


def _format(unit: str) -> Any:
    kind = tick(unit)
    scale = 100.0 if kind == "percent" else 1.0
    return FuncFormatter(
        lambda value, _: written(scale * value, "+,.6g").replace("-", "−") if abs(value) > 1e-12 else "0"
    )


def _frame(axes: Axes, marks: list[_ChoiceMark]) -> None:
    """Limits by the last round: far-off choices of the search would leave it a heap in a corner."""
    for pick, put in ((lambda mark: mark.x, axes.set_xlim), (lambda mark: mark.y, axes.set_ylim)):
        ends = [end for mark in marks for end in pick(mark) if np.isfinite(end)] or [0.0]
        size = (max(ends) - min(ends)) or 1.0
        put(min(ends) - 0.16 * size, max(ends) + 0.2 * size)


def _searched(axes: Axes, optimisation: Optimisation) -> None:
    """What the search saw, as changes against what it saw of today."""
    first, second = (aim.output for aim in optimisation.trade_off)
    today = optimisation.tried[0].judgement.estimates or {first: 0.0, second: 0.0}
    for eligible, face in ((False, "none"), (True, GREY)):
        found = [
            item.judgement.estimates
            for item in optimisation.tried
            if item.number and not item.judgement.reason and item.eligible == eligible
        ]
        axes.plot(
            [each[second] - today[second] for each in found],
            [each[first] - today[first] for each in found],
            "o",
            markersize=3.2,
            color=GREY,
            markerfacecolor=face,
            markeredgewidth=0.7,
            alpha=0.6,
            zorder=1,
            scalex=False,
            scaley=False,
        )


def _names(axes: Axes, marks: list[_ChoiceMark], word: str) -> None:
    """Names beside the marks; those of marks that lie close together are put in one place."""
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    left_over = sorted(marks, key=lambda mark: not mark.best)
    while left_over:
        here = left_over[0]
        near = [
            mark
            for mark in left_over
            if abs(mark.x.value - here.x.value) < 0.05 * (right - left)
            and abs(mark.y.value - here.y.value) < 0.07 * (high - low)
        ]
        left_over = [mark for mark in left_over if mark not in near]
        text = ", ".join(f"{mark.entrant.called} ({word})" if mark.best else mark.entrant.called for mark in near)
        at_the_right = here.x.value > left + 0.62 * (right - left)
        axes.annotate(
            text,
            (here.x.value, here.y.value),
            xytext=(-7 if at_the_right else 7, 6),
            textcoords="offset points",
            ha="right" if at_the_right else "left",
            size=SIZE,
            weight="bold",
            color=here.colour,
            zorder=6,
        )
