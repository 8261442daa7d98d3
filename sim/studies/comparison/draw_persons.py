"""Who is kept and who is lost, and through what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from matplotlib.figure import Figure

from sim.plots.panels import named_rows
from sim.plots.style import BLUE, INK, MUTED, RED, SIZE, FigureSheet, wrapped, write_above, write_beside
from sim.plots.told_values import note
from sim.studies.comparison.persons import ALL, LOST
from sim.words import say, translated, written

if TYPE_CHECKING:
    from sim.studies.comparison.comparison import Comparison

WORDS = {
    "left_silent": "in silence",
    "lapsed_silent": "in silence, with a way back",
    "left_complaint": "after a complaint",
    "left_switch": "to a rival",
    "left_natural": "for reasons no service mends",
    "left_without": "to do without",
    "left_closed": "by closing",
    "never_customer": "never won",
}
"""How the other world lost them."""


def draw(comparison: Comparison, width: float) -> Figure:
    """For each later scenario the customers at the end there only, and today only, by how the other lost them."""
    matched = [label for label in comparison.labels[1:] if label in set(comparison.persons["scenario"])]
    first = comparison.labels[0]
    several = len(matched) > 1
    each = 0.3 * len(LOST) + (0.95 if several else 0.75)
    sheet = FigureSheet(
        comparison,
        width,
        each * len(matched) + 0.55,
        say("Who is kept, who is lost, and through what"),
        say(
            "People who are customers at the end in one world only. Right: not so in {first}, which lost "
            "them this way. Left: lost this way now",
            first=first,
        ),
        interval="lines",
    )
    left, right = (1.25, 0.3) if sheet.narrow else (2.2, 0.5)
    inner = sheet.width - left - right
    reach = 1.3 * max(1.0, _farthest(comparison.persons))
    for number, label in enumerate(matched):
        axes = sheet.axes(left, 0.5 + each * (len(matched) - 1 - number), inner, 0.3 * len(LOST) + 0.25)
        for place, cause in enumerate(reversed(LOST)):
            for group, colour, sign in (("only_this", BLUE, 1.0), ("only_first", RED, -1.0)):
                row = _cell(comparison.persons, label, group, cause)
                if row["value"] <= 0:
                    continue
                axes.barh(place, sign * row["value"], height=0.62, color=colour)
                end = row["value"]
                if row["high"] > row["low"]:
                    axes.hlines(place, sign * row["low"], sign * row["high"], color=INK, linewidth=1.4)
                    end = row["high"]
                value = row["value"]
                side = (
                    say("{label}: customers there only", label=label)
                    if sign > 0
                    else say("{label}: customers no more", label=label)
                )
                note(axes, sign * value, place, side, translated(WORDS[cause]), _people(value))
                write_beside(axes, _size(value), (sign * end, place), 4 * sign)
        axes.set_xlim(-reach, reach)
        names = [translated(WORDS[cause]) for cause in reversed(LOST)]
        shown = ["\n".join(wrapped(name, left - 0.1, SIZE - 1)) for name in names]
        named_rows(axes, shown, SIZE - (2 if sheet.narrow else 0.5))
        axes.xaxis.set_major_formatter(lambda value, _: written(abs(value), ",.6g"))
        axes.locator_params(axis="x", nbins=5)
        axes.axvline(0.0, color=MUTED, linewidth=1.0)
        gained = _cell(comparison.persons, label, "only_this", ALL)["value"]
        lost = _cell(comparison.persons, label, "only_first", ALL)["value"]
        for text, x, align, colour in (
            (f"− {_people(lost)}", 0.0, "left", RED),
            (f"+ {_people(gained)}", 1.0, "right", BLUE),
        ):
            write_above(axes, text, (0, 4), x=x, ha=align, size=SIZE - 0.5, color=colour)
        if several:
            write_above(axes, label, (0, 19), size=SIZE)
        if number == len(matched) - 1:
            axes.set_xlabel(say("people, mean over runs"), size=SIZE - 1)
    return sheet.figure


def _size(value: float) -> str:
    return written(value, ",.0f" if value >= 9.95 else ".1f")


def _people(value: float) -> str:
    return say("{size} people", size=_size(value))


def _cell(persons: pd.DataFrame, label: str, group: str, cause: str) -> pd.Series:
    rows = persons[
        (persons["scenario"] == label)
        & (persons["group"] == group)
        & (persons["lost_by"] == cause)
        & (persons["held_by"] == ALL)
        & (persons["measure"] == "people")
    ]
    return rows.iloc[0]


def _farthest(persons: pd.DataFrame) -> float:
    rows = persons[
        persons["group"].isin(["only_this", "only_first"]) & (persons["lost_by"] != ALL) & (persons["held_by"] == ALL)
    ]
    return float(rows[["value", "high"]].max().max())
