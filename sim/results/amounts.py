"""Units and numbers of outputs and factors as tables and figures write them."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

from sim.words import say, translated, with_signs, written

_MINUS = re.compile(r"(?<![\w./-])-(?=\d+(\.\d+)?(?![\w./-]))")
_DECIMAL = re.compile(r"(?<![\w./])-?\d+\.\d+(?![\w./])")
"""A number with decimals that is no part of a name."""


def scale_of(unit: str) -> tuple[float, str]:
    """Factor and unit in which values and changes are told: shares as per cent.

    >>> scale_of("share"), scale_of("points (0-100)"), scale_of("ratio")
    ((100.0, '%'), (1.0, 'points'), (1.0, ''))
    """
    if unit.startswith("share"):
        return 100.0, "%"
    if unit == "ratio":
        return 1.0, ""
    return 1.0, unit_words(unit)


def unit_words(unit: str) -> str:
    """A unit as a reader sees it, without what it explains in brackets.

    >>> unit_words("points (0-100)"), unit_words("EUR per week")
    ('points', 'EUR per week')
    """
    whole = unit.split(" (", maxsplit=1)[0]
    amount, per, base = whole.partition(" per ")
    shown = translated(whole)
    if not per or shown != whole:
        return shown
    return say("{amount} per {base}", amount=translated(amount), base=translated(base))


def change_unit(unit: str) -> str:
    """The unit of a change: of shares, percentage points.

    >>> change_unit("share"), change_unit("EUR")
    ('percentage points', 'EUR')
    """
    return say("percentage points") if unit.startswith("share") else scale_of(unit)[1]


def rounded(value: float, digits: int = 3) -> str:
    """A number in so many digits, thousands apart, with a true minus sign.

    >>> rounded(12345.6), rounded(-0.012345), rounded(0.0), rounded(1e-9)
    ('12,300', '−0.0123', '0', '1e−09')
    """
    if not math.isfinite(value):
        return "–"
    if value == 0.0:
        return "0"
    size = math.floor(math.log10(abs(value)))
    if not -5 <= size < 12:
        return written(value, f".{digits - 1}g").replace("-", "−")
    places = digits - 1 - size
    value = round(value, places)
    needed = len(f"{value:.{max(places, 0)}f}".partition(".")[2].rstrip("0"))
    return written(value, f",.{needed}f").replace("-", "−")


def signed(value: float, digits: int = 2) -> str:
    """A change with its sign.

    >>> signed(0.01234), signed(-3.0), signed(0.0)
    ('+0.012', '−3', '0')
    """
    return f"+{rounded(value, digits)}" if value > 0 else rounded(value, digits)


def between(low: float, high: float, shown: Callable[[float], str] = rounded) -> str:
    """Both ends of an interval or a range, as they are shown; nothing where one is not known.

    >>> between(1.0, 2500.0), between(-1.0, 2.0, signed), between(math.nan, 1.0)
    ('1 to 2,500', '−1 to +2', '')
    """
    if not (math.isfinite(low) and math.isfinite(high)):
        return ""
    return say("{low} to {high}", low=shown(low), high=shown(high))


def value_shown(value: Any) -> str:
    """A factor's value as a person reads it.

    >>> value_shown(True), value_shown(0.30000000000000004), value_shown("slogan")
    ('yes', '0.3', 'slogan')
    """
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    if value is None:
        return say("none")
    return rounded(float(value), 4) if isinstance(value, int | float) else str(value)


def text_shown(text: str) -> str:
    """A value that is a text of a file already, as a person reads it: numbers with the signs of the language.

    Names stay as they are, also where digits are in them.

    >>> text_shown("yes"), text_shown("weight 0.5, share -2"), text_shown("plan_1.2"), text_shown("plan-2")
    ('yes', 'weight 0.5, share −2', 'plan_1.2', 'plan-2')
    """
    said = {"none": None, "yes": True, "no": False}
    if text in said:
        return value_shown(said[text])
    return _DECIMAL.sub(lambda found: with_signs(found[0]), _MINUS.sub("−", text))
