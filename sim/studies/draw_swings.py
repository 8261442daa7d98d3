"""A tornado: what comes of one factor at an end of its range or the other, with all others as they are."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes

from sim.plots.panels import named_rows
from sim.plots.style import BLUE, GREY, INK, MUTED, ORANGE, SIZE, write_beside
from sim.plots.told_values import note, told
from sim.results.amounts import signed


def draw_swings(
    axes: Axes, order: Sequence[Sequence[Mapping[Any, Any]]], scale: float, unit: str, room: float = 0.2
) -> None:
    """Bars of each factor, two at most, from where the output stands to where it goes.

    Args:
        axes: Where to draw.
        order: From the bottom up, the ends of each factor: `label`, `shown` (its value there), `change` (above 0 where
            the value is larger), `effect` with its interval `low` and `high`, and, if it is told from there, `base`.
        scale: From the output's unit to the unit that is shown.
        unit: That one.
        room: Left and right of all bars, for the values beside them, as a share of what they take.
    """
    reach = [0.0]
    for place, ends in enumerate(order):
        for number, row in enumerate(ends):
            base = scale * float(row.get("base", 0.0))
            value, low, high = (scale * float(row[name]) for name in ("effect", "low", "high"))
            if not math.isfinite(value):
                continue
            y = place + (0.19 if number else -0.19) if len(ends) > 1 else place
            axes.barh(y, value, height=0.34, left=base, color=end_colour(float(row["change"])))
            if math.isfinite(low):
                axes.hlines(y, base + low, base + high, color=INK, linewidth=1.2)
            reach += [base + end for end in (value, low, high) if math.isfinite(end)]
            text = f"{told(signed, value, low, high)} {unit}"
            note(axes, base + value, y, str(row["label"]), str(row["shown"]), text)
            beyond(axes, value, (value, low, high), y, str(row["shown"]), base)
    span = (max(reach) - min(reach)) or 1.0
    axes.set_xlim(min(reach) - room * span, max(reach) + room * span)


def end_colour(change: float) -> str:
    """Blue where the value is larger, orange where it is smaller."""
    if math.isnan(change):
        return GREY
    return BLUE if change > 0 else ORANGE


def beyond(axes: Axes, value: float, ends: tuple[float, ...], y: float, text: str, base: float = 0.0) -> None:
    """A text beyond the end of a bar and its interval."""
    known = [base + end for end in (*ends, 0.0) if math.isfinite(end)]
    right = value >= 0
    write_beside(axes, text, (max(known) if right else min(known), y), 4 if right else -4, size=SIZE - 1.5)


def finish_swings(axes: Axes, names: Sequence[str], unit: str, ticks: int = 5) -> None:
    """Names beside the bars, the zero line, and what the axis says."""
    named_rows(axes, names, SIZE - 1)
    axes.axvline(0.0, color=MUTED, linewidth=1.0)
    axes.locator_params(axis="x", nbins=ticks)
    axes.xaxis.set_major_formatter(lambda value, _: signed(value, 6))
    axes.set_xlabel(unit, size=SIZE - 1)
