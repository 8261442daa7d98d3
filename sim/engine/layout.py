"""Types of the engine's large arrays, known without compiling anything: who allocates them and who counts them."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

CASE: Final = np.dtype(
    [
        ("row", "i8"),  # who complained
        ("period", "i8"),  # when, and at which encounter of that period: the key of the case's luck
        ("encounter", "i8"),
        ("severity", "f8"),
        ("arrival", "f8"),  # years since the start
        ("gives_up", "f8"),  # when patience ends, years since the start
        ("handling", "f8"),  # working time that the case needs, years
        ("inquiry", "f8"),  # elapsed time beyond that, years
        ("rank", "f8"),  # smaller is served first
        ("answer", "f8"),  # when the answer comes, years since the start
        ("status", "i8"),
    ],
    align=True,
)
"""A complaint at a desk."""

FOUND: Final = np.dtype([("row", "i4"), ("encounter", "u1"), ("severity", "f4")])
"""A complaint as the encounter stage finds it, not yet with a desk; kept as one array for each field."""

OFFSET: Final = np.dtype(np.int32)
"""Where a person's ties begin."""

WIDE_OFFSET: Final = np.dtype(np.int64)
"""The same where there are more ends of ties than an `OFFSET` can count."""

PLACE: Final = np.dtype(np.intp)
"""A place in an array, as sorting gives it."""

TIE: Final = np.dtype(np.int32)
"""One end of a tie: the neighbour, and one bit for the strength."""


def offset_type(ends: int) -> np.dtype[Any]:
    """What counts that many ends of ties.

    >>> offset_type(2**31 - 1).itemsize, offset_type(2**31).itemsize
    (4, 8)
    """
    return OFFSET if ends <= np.iinfo(OFFSET).max else WIDE_OFFSET


SLIM: Final = 3
"""Bytes of a tie where as many hold the neighbour and the strength."""

MANY: Final = 65_536
"""Up to so many people nothing is to be saved: a tie stays as it was built, and by one thread."""


def tie_bytes(people: int) -> int:
    """What a tie takes in a network that is kept for a run, see `sim.engine.network.slim`.

    >>> [tie_bytes(people) for people in (10_000, 1_000_000, 8_388_608, 8_388_609)]
    [4, 3, 3, 4]
    """
    return SLIM if MANY < people <= 2 ** (8 * SLIM - 1) else TIE.itemsize


TALLY: Final = np.dtype(np.int64)
"""Everything that is counted or summed."""

TIME: Final = np.dtype(np.float64)
"""When somebody is free."""

ROWS_PER_THREAD: Final = 8192
"""Fewer rows than this are not worth a thread."""

CHUNKS_PER_THREAD: Final = 4
"""More chunks than threads, so that a thread that is done early takes work from a slower one."""
