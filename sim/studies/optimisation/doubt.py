"""How sure an estimate over draws and replications is, and which choices can be told apart."""

from __future__ import annotations

import math

from sim.results.intervals import LEVEL, Interval, t_quantile
from sim.studies.optimisation.judge_choices import EXPECTED, Cube


def crossed_interval(cube: Cube, level: float = LEVEL) -> Interval:
    """Mean of a table of draws x replications, with an interval for both: other draws, and other luck.

    Every draw meets the same luck, so rows and columns both have something in common, and n R numbers are not that
    many independent ones. The variance of the mean is taken as s_d^2 / n + s_r^2 / R, with s_d^2 that of the n means
    over replications and s_r^2 that of the R means over draws, and Student's t with Satterthwaite's degrees of
    freedom, rounded down. Luck that belongs to one draw alone is counted in both terms, so the interval is rather too
    wide than too narrow. With one draw (no uncertainties) it is the t-interval over replications.

    Source: Cameron, Gelbach & Miller 2011 (clustering in two ways), without their third term.

    >>> import numpy as np
    >>> crossed_interval(np.array([[1.0, 2.0, 3.0]]))
    Interval(value=2.0, low=-0.484..., high=4.484...)
    """
    terms = [
        (float(means.var(ddof=1)) / means.size, means.size - 1)
        for means in (cube.mean(axis=1), cube.mean(axis=0))
        if means.size > 1
    ]
    return _interval(float(cube.mean()), terms, level)


def _interval(value: float, terms: list[tuple[float, int]], level: float) -> Interval:
    if not terms:
        return Interval(value, math.nan, math.nan)
    variance = sum(term for term, _ in terms)
    spread = sum(term**2 / freedom for term, freedom in terms)
    freedom = max(int(variance**2 / spread), 1) if spread > 0.0 else 1
    half = t_quantile(freedom, level) * math.sqrt(variance) if variance > 0.0 else 0.0
    return Interval(value, value - half, value + half)


def worst_draw(cube: Cube, larger: bool) -> int:
    """The draw whose mean over replications is worst: the smallest where larger is better."""
    means = cube.mean(axis=1)
    return int(means.argmin() if larger else means.argmax())


def value_interval(cube: Cube, over: str, larger: bool, level: float = LEVEL) -> Interval:
    """Expected value or worst case of a choice, with its interval.

    In the worst case the interval is the t-interval over replications of the draw that came out worst. It shows luck,
    not that there are worse cases than those drawn; and as the draw is picked by the same numbers, the value is a
    little too bad on average.
    """
    if over == EXPECTED:
        return crossed_interval(cube, level)
    return _interval(*_series(cube[worst_draw(cube, larger)]), level)


def difference_interval(one: Cube, other: Cube, over: str, larger: bool, level: float = LEVEL) -> Interval:
    """One choice minus another, by the same draws and the same luck.

    Expected: `crossed_interval` of the paired differences. Worst case: each choice at the draw that is worst for it,
    differences paired by replication.

    >>> import numpy as np
    >>> cube = np.arange(6.0).reshape(2, 3)
    >>> difference_interval(cube + 1.0, cube, "expected", True)
    Interval(value=1.0, low=1.0, high=1.0)
    """
    if over == EXPECTED:
        return crossed_interval(one - other, level)
    paired = one[worst_draw(one, larger)] - other[worst_draw(other, larger)]
    return _interval(*_series(paired), level)


def _series(values: Cube) -> tuple[float, list[tuple[float, int]]]:
    terms = [(float(values.var(ddof=1)) / values.size, values.size - 1)] if values.size > 1 else []
    return float(values.mean()), terms


def simultaneous(pairs: int, level: float = LEVEL) -> float:
    """Level of each of several intervals such that all of them together cover at `level` (Bonferroni).

    >>> round(simultaneous(10), 4)
    0.995
    """
    return 1.0 - (1.0 - level) / max(pairs, 1)


def same_sign(interval: Interval) -> bool:
    """Whether an interval leaves no doubt which of two is larger; without limits it does."""
    return interval.low > 0.0 or interval.high < 0.0
