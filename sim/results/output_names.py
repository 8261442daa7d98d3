"""How names of recorded outputs are written: a column, what is taken of it, and of which segment."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from sim.engine.buyers import Buyers

SURVIVAL, BOUGHT = "survival", "bought"

_OF_COLUMN = re.compile(
    r"(?P<column>\w+)"
    r"(?:\.(?P<how>\w+)|@(?P<period>0|[1-9][0-9]{0,8})(?::(?P<buyers>[0-9+:\-]+))?)"
    r"(?:\[(?P<segment>[A-Za-z0-9][A-Za-z0-9 _\-]{0,39})\])?"
)
_BUYERS = re.compile(
    r"(?P<least>[0-9]{1,6})(?:-(?P<most>[0-9]{1,6})|(?P<more>\+))?"
    r"(?::(?P<first>[0-9]{1,6})-(?P<last>[0-9]{1,6}))?"
)


class OutputParts(NamedTuple):
    """A column, and what is taken of it: a summary (`how`) or the value in a period, of a segment or the whole firm."""

    column: str
    how: str | None
    period: int | None
    segment: str = ""
    buyers: Buyers | None = None


@cache
def parts_of(name: str) -> OutputParts | None:
    """The parts of a name that has the form of a column's; none where it has not.

    >>> parts_of("active@12[gold]")
    OutputParts(column='active', how=None, period=12, segment='gold', buyers=None)
    >>> parts_of("bought@39:2-3:10-19").buyers, parts_of("bought@39:3-2"), parts_of("retention")
    (Buyers(least=2, most=3, first=10, last=19), None, None)
    """
    match = _OF_COLUMN.fullmatch(name)
    if match is None:
        return None
    buyers = None
    if (match["column"] == BOUGHT) != (match["buyers"] is not None):
        return None
    if match["buyers"] is not None:
        buyers = _buyers(match["buyers"])
        if buyers is None:
            return None
    period = match["period"]
    return OutputParts(
        match["column"], match["how"], None if period is None else int(period), match["segment"] or "", buyers
    )


def _buyers(text: str) -> Buyers | None:
    match = _BUYERS.fullmatch(text)
    if match is None:
        return None
    least = int(match["least"])
    most = None if match["more"] else int(match["most"] or least)
    first, last = (None if match[end] is None else int(match[end]) for end in ("first", "last"))
    if (most is not None and most < least) or (first is not None and last is not None and last < first):
        return None
    return Buyers(least, most, first, last)


def of_segment(names: Iterable[str], segment: str) -> tuple[str, ...]:
    """The same outputs of a segment; as they are for the whole firm.

    >>> of_segment(["survival@12", "active.end"], "gold"), of_segment(["active.end"], "")
    (('survival@12[gold]', 'active.end[gold]'), ('active.end',))
    """
    return tuple(f"{name}[{segment}]" if segment else name for name in names)


def needs_following(names: Iterable[str]) -> bool:
    """Whether an output asks what became of the customers of the start, one by one.

    >>> needs_following(["survival@12", "active.end[gold]"]), needs_following(["survival@12[gold]"])
    (False, True)
    """
    told = (parts_of(name) for name in names)
    return any(one is not None and (one.column == BOUGHT or (one.column == SURVIVAL and one.segment)) for one in told)


def buyers_asked(names: Iterable[str]) -> list[tuple[int, Buyers]]:
    """Which buyers the outputs ask for, and after how many periods.

    >>> buyers_asked(["retention", "bought@39:0", "bought@39:0[gold]"])
    [(39, Buyers(least=0, most=0, first=None, last=None)), (39, Buyers(least=0, most=0, first=None, last=None))]
    """
    told = (parts_of(name) for name in names)
    return [(one.period, one.buyers) for one in told if one is not None and one.period and one.buyers is not None]
