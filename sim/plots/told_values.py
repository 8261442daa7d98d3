"""The values behind a figure: noted where they are drawn, shown by a page under the pointer, by keys and in a table."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import NamedTuple
from weakref import WeakKeyDictionary

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.words import say

WHOLE = 1000
"""Width and height of a figure in the units of a place in it."""


class Value(NamedTuple):
    """One value of a figure.

    Attributes:
        x: Its place from the left, of a thousand.
        y: Its place from the top, of a thousand.
        series: What it is a value of.
        where: At what time, or of what group.
        text: The value with its unit, and its interval where it has one.
    """

    x: int
    y: int
    series: str
    where: str
    text: str


class _Noted(NamedTuple):
    axes: Axes
    x: float
    y: float
    series: str
    where: str
    text: str


_MINUS = re.compile(r"(?<!\w)-(?=[0-9.])")

_NOTED: WeakKeyDictionary[Figure, list[_Noted]] = WeakKeyDictionary()


def note(axes: Axes, x: float, y: float, series: str, where: str, text: str) -> None:
    """Note a value that is drawn; one that is not known is left out.

    Args:
        axes: Where it is drawn.
        x: Its place, in the axes' data.
        y: Likewise.
        series: What it is a value of.
        where: At what time, or of what group.
        text: The value in words.
    """
    figure = axes.figure.figure  # the whole one, also of a part
    if math.isfinite(x) and math.isfinite(y):
        _NOTED.setdefault(figure, []).append(_Noted(axes, float(x), float(y), series, where, _MINUS.sub("−", text)))


def between(value: str, low: str, high: str) -> str:
    """A value and the ends of its interval.

    >>> between("5%", "4%", "6%")
    '5% (4% to 6%)'
    """
    return say("{value} ({low} to {high})", value=value, low=low, high=high)


def told(shown: Callable[[float], str], value: float, low: float, high: float) -> str:
    """A value in words, with the ends of its interval where it has one.

    >>> told("{:.0%}".format, 0.05, 0.04, 0.06), told("{:.0%}".format, 0.05, math.nan, math.nan)
    ('5% (4% to 6%)', '5%')
    """
    return between(shown(value), shown(low), shown(high)) if math.isfinite(low + high) else shown(value)


def values_of(figure: Figure) -> list[Value]:
    """What was noted of a figure, with places in it as it is drawn now; in the order in which it was noted.

    >>> axes = Figure().add_axes((0.0, 0.0, 1.0, 1.0))
    >>> axes.set_xlim(0.0, 4.0), axes.set_ylim(0.0, 2.0)
    ((0.0, 4.0), (0.0, 2.0))
    >>> note(axes, 1.0, 0.5, "customers", "January 2026", "12")
    >>> values_of(axes.figure)
    [Value(x=250, y=750, series='customers', where='January 2026', text='12')]
    """
    found = []
    for noted in _NOTED.get(figure, []):
        across, up = figure.transFigure.inverted().transform(noted.axes.transData.transform((noted.x, noted.y)))
        x, y = round(WHOLE * float(across)), round(WHOLE * (1.0 - float(up)))
        found.append(Value(x, y, noted.series, noted.where, noted.text))
    return found
