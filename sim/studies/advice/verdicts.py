"""What the steps of a lever come to: differences to today with the same luck, the best step, and a verdict."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.results.intervals import Interval, mean_interval

Values = npt.NDArray[np.float64]

SURE = 0.99
"""Coverage of the intervals that verdicts rest on: with some sixty levers, one in twenty would be luck too often."""

INSIDE, BOUND, PAID, KEPT, EXPLAINED = "inside", "bound", "paid", "as today", "explained"
CHOICE, UNCLEAR, NOTHING = "choice", "unclear", "nothing"
DEFINITION, LEFT_OUT, UNJUDGED = "definition", "left out", "no verdict"

VERDICTS = {
    BOUND: "wins by its bound for nothing: nobody should follow that without asking why",
    EXPLAINED: "wins by its bound, for the reason given",
    PAID: "brings most at its bound, though every step there costs more than the one before",
    KEPT: "brings most where it stands today, on a bound: nothing to change",
    INSIDE: "the maximum lies inside the practical range",
    CHOICE: "has no bounds; one of its values surely brings most",
    UNCLEAR: "where the maximum lies cannot be told from luck",
    NOTHING: "no effect at all: nobody met it in these runs",
    UNJUDGED: "shown without a verdict, for the reason given",
    DEFINITION: "no lever: a definition, a label, or what others decide",
    LEFT_OUT: "not turned, for the reason given",
}
"""All verdicts with their meaning, in the order in which they are told."""


MATERIAL = 0.001
"""Part of today's profit: what surely brings less is no advice."""


class JudgedLever(NamedTuple):
    """What a lever comes to.

    Attributes:
        best: Which step brings most profit; today's where none brings more.
        verdict: One of `VERDICTS`.
    """

    best: int
    verdict: str


def paired(values: Values, today: Values, level: float = 0.95) -> Interval:
    """Mean difference to today with its t-interval over replications, of those in which neither run failed.

    Args:
        values: float64[replications]; NaN where a run failed or has no such number.
        today: Likewise, with the same luck.
        level: Coverage.

    >>> paired(np.array([3.0, 5.0, np.nan]), np.array([1.0, 3.0, 9.0]))
    Interval(value=2.0, low=2.0, high=2.0)
    """
    return mean_interval(values - today, level)


def _is_sure(values: Values, others: Values) -> bool:
    """Whether values are surely above others with the same luck."""
    return paired(values, others, SURE).low > 0.0


def judge(
    profit: Values, today: int, outer: list[bool], *, choice: bool, untouched: bool, costs: str = ""
) -> JudgedLever:
    """The best step of a lever, and the verdict on it.

    - `nothing`: no output differs from today's in any run.
    - `bound`: the best step lies on a bound, or beyond, and surely brings more than today.
    - `paid`: the same, of a bound at which the lever costs most; or today lies there, and surely brings more than the
      best of the others.
    - `as today`: today lies on a bound, or beyond, at which the lever does not cost most, and surely brings more than
      the best of the others, so that nobody is advised to move.
    - `inside`: the best step lies inside, and surely brings more than both outermost steps.
    - `choice`: it has no bounds, and the best value surely brings more than today's; today's, than all others.
    - `unclear`: none of these; luck may have decided.

    Args:
        profit: float64[steps, replications], in the order of values; NaN where a run failed.
        today: Which of the steps is today's.
        outer: Whether a step lies on a bound of the practical range, or beyond.
        choice: Whether the steps have no order.
        untouched: Whether all recorded numbers of all runs are today's.
        costs: At which end the lever costs most: "high", "low", or "" where nothing is to be paid.

    >>> hill = np.array([[1.0, 2.0], [3.0, 4.5], [2.0, 3.0]])
    >>> judge(hill + [[0.0, 0.0], [0.0, 0.001], [0.0, 0.001]], 0, [True, False, True], choice=False, untouched=False)
    JudgedLever(best=1, verdict='unclear')
    """
    if untouched:
        return JudgedLever(today, NOTHING)
    gains = np.array([paired(row, profit[today]).value for row in profit])
    gains[today] = 0.0
    known = np.where(np.isnan(gains), -np.inf, gains)
    best = today if known.max() <= 0.0 else int(known.argmax())
    others = [number for number in np.argsort(-known, kind="stable").tolist() if number != best]
    if choice:
        rivals = others if best == today else [today]
        verdict = CHOICE
    elif outer[best]:
        rivals = others[:1] if best == today else [today]
        verdict = PAID if costs == ("low" if best == 0 else "high") else KEPT if best == today else BOUND
    else:
        rivals = [0, len(profit) - 1]
        verdict = INSIDE
    sure = all(_is_sure(profit[best], profit[rival]) for rival in rivals)
    return JudgedLever(best, verdict if sure else UNCLEAR)


def is_small(profit: Values, today: Values) -> bool:
    """Whether what a step brings is surely less than `MATERIAL` of today's profit.

    >>> is_small(np.array([100.01, 100.03]), np.array([100.0, 100.0]))
    False
    >>> is_small(np.array([100.010, 100.011]), np.array([100.0, 100.0]))
    True
    """
    return paired(profit, today, SURE).high < MATERIAL * abs(float(np.nanmean(today)))


def surely_falls(values: Values, today: Values) -> bool:
    """Whether a number is surely lower than today.

    >>> (
    ...     surely_falls(np.array([1.0, 2.01]), np.array([2.0, 3.0])),
    ...     surely_falls(np.array([1.0, 3.0]), np.array([2.0, 3.0])),
    ... )
    (True, False)
    """
    return _is_sure(today, values)


def least(values: Values, today: int) -> int:
    """At which step a number is lowest on average; today's, where none is surely lower.

    Args:
        values: float64[steps, replications]; NaN where a run failed.
        today: Which of the steps is today's.

    >>> least(np.array([[5.0, 6.1], [3.0, 4.0], [1.0, 2.01]]), 1), least(np.array([[2.9, 4.9], [3.0, 4.0]]), 1)
    (2, 1)
    """
    changes = [paired(row, values[today]).value for row in values]
    lowest = int(np.nanargmin(changes))
    return lowest if surely_falls(values[lowest], values[today]) else today


def all_equal(runs: dict[str, Any], today: dict[str, Any]) -> bool:
    """Whether every recorded number of every run is the same as today's with the same luck.

    >>> all_equal({"margin": np.array([1.0, np.nan])}, {"margin": np.array([1.0, np.nan])})
    True
    """
    return all(np.array_equal(runs[name], today[name], equal_nan=True) for name in runs)
