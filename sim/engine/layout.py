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

LARGE_CHUNK: Final = 16
"""So many times as many rows are worth handing out in pieces."""

CHUNKS_PER_THREAD: Final = 2
"""Of large chunks: a thread that is done early takes one from a slower one."""


def chunk_count(people: int, threads: int, rows: int = ROWS_PER_THREAD) -> int:
    """In how many pieces so many people are handed out to threads.

    One a thread, since handing out takes as long as a thousand people's period does; more where each is large.

    Args:
        people: In the market.
        threads: That there are.
        rows: Fewer than this are not worth a thread.

    >>> [chunk_count(people, 2) for people in (10_000, 20_000, 100_000, 500_000, 1_000_000, 10**8)]
    [1, 2, 2, 2, 4, 4]
    """
    each = min(max(people // (threads * LARGE_CHUNK * rows), 1), CHUNKS_PER_THREAD)
    return min(each * threads, max(1, people // rows))
