"""The closed desk, looked at until it can be told from luck: few complain, so that ten pairs of runs seldom suffice."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from sim.results.intervals import Interval
from sim.results.outputs import PROFIT
from sim.studies.advice.verdicts import SURE, paired
from sim.studies.patched import Outputs

Values = npt.NDArray[np.float64]

LOOKS = 6
"""Looks at most; each but the first at twice as many pairs as the one before."""


def coverage(looks: int) -> float:
    """Coverage of the interval at each of so many looks, so that together they cover the truth with `SURE`.

    1 - (1 - SURE) / looks (Bonferroni): whoever stops at the first look at which the interval excludes 0 names a wrong
    sign, or one where there is none, in 1 - SURE of all studies at most (normal differences of any deviation).

    >>> coverage(1), round(coverage(5), 6)
    (0.99, 0.998)
    """
    return 1.0 - (1.0 - SURE) / looks


def change_by_closing(closed: Values, today: Values, looks: int) -> Interval:
    """What closing changes, with the interval of one look of `looks`."""
    return paired(closed, today, coverage(looks))


def is_told(found: Interval) -> bool:
    """Whether a difference can be told from luck: its interval excludes 0."""
    return found.low > 0.0 or found.high < 0.0


def look_until_told(
    today: Outputs, closed: Outputs, looks: int, more: Callable[[range], tuple[Outputs, Outputs]]
) -> tuple[Outputs, Outputs]:
    """Add pairs of runs, as many as there are, until closing can be told from luck or there were so many looks.

    Where fewer than two pairs were done, more of them would not be either.

    Args:
        today: Outputs of the pairs that there are.
        closed: Likewise, with the desk closed and the same luck.
        looks: Looks at most, the one at what there is among them.
        more: Does further replications, and gives both sides.

    Returns:
        Both sides with all pairs.

    >>> luck = np.array([-4.0, 4.0])
    >>> def more(numbers):
    ...     return {"profit": np.zeros(len(numbers))}, {"profit": np.resize(luck, len(numbers)) - 3.0}
    >>> today, closed = look_until_told({"profit": np.zeros(2)}, {"profit": luck - 3.0}, 6, more)
    >>> today["profit"].size
    32
    """
    for _ in range(looks - 1):
        done = today[PROFIT].size
        found = change_by_closing(closed[PROFIT], today[PROFIT], looks)
        if is_told(found) or math.isnan(found.low):
            break
        further = more(range(done, 2 * done))
        today, closed = (
            {name: np.concatenate([side[name], added[name]]) for name in side}
            for side, added in zip((today, closed), further, strict=True)
        )
    return today, closed
