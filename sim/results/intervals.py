"""Means over replications, ratios of means, their intervals, and many tests together; without SciPy."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.words import say

LEVEL = 0.95
"""Coverage of every interval that the program prints."""


class Interval(NamedTuple):
    """A mean with the limits of its t-interval; the limits are NaN where there is one value only."""

    value: float
    low: float
    high: float

    def within(self, least: float, most: float) -> Interval:
        """The interval with its limits cut to what is possible; NaN limits stay NaN.

        >>> Interval(0.1, -0.2, 0.4).within(0.0, 1.0)
        Interval(value=0.1, low=0.0, high=0.4)
        """
        low = self.low if math.isnan(self.low) else min(max(self.low, least), most)
        high = self.high if math.isnan(self.high) else min(max(self.high, least), most)
        return Interval(self.value, low, high)


def two_sided_coverage(t: float, freedom: int) -> float:
    """P(|T| <= t) for Student's t with whole degrees of freedom: a finite sum.

    Source: Abramowitz & Stegun 1964, 26.7.3 and 26.7.4.

    >>> round(two_sided_coverage(2.2622, 9), 4)
    0.95
    """
    angle = math.atan(t / math.sqrt(freedom))
    cosine_squared = math.cos(angle) ** 2
    odd = freedom % 2 == 1
    term = math.cos(angle) if odd else 1.0
    total = term if freedom > 1 else 0.0
    for k in range(3 if odd else 2, freedom - 1, 2):
        term *= cosine_squared * (k - 1) / k
        total += term
    if odd:
        return 2.0 / math.pi * (angle + math.sin(angle) * total)
    return math.sin(angle) * total


@cache
def t_quantile(freedom: int, level: float = LEVEL) -> float:
    """The t with P(|T| <= t) = `level` for Student's t with `freedom` >= 1 degrees of freedom.

    Found by bisection, to about 12 digits.

    >>> round(t_quantile(9), 4)
    2.2622
    """
    if freedom < 1:
        raise ValueError(say("degrees of freedom must be at least 1, found {freedom}", freedom=freedom))
    low, high = 0.0, 1.0
    while two_sided_coverage(high, freedom) < level:
        high *= 2.0
    for _ in range(64):
        middle = 0.5 * (low + high)
        if two_sided_coverage(middle, freedom) < level:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)


def mean_interval(values: Iterable[float], level: float = LEVEL) -> Interval:
    """Mean over replications with its t-interval, of 95% if nothing else is asked for: mean +- t s / sqrt(n).

    Values that are not finite (a ratio whose denominator was 0 in one run) are left out. With fewer than two values
    left there is no interval: its limits are NaN.

    >>> mean_interval([1.0, 2.0, 3.0])
    Interval(value=2.0, low=-0.484..., high=4.484...)
    """
    kept = np.array([value for value in values if math.isfinite(value)], dtype=np.float64)
    if kept.size == 0:
        return Interval(math.nan, math.nan, math.nan)
    mean = float(kept.mean())
    if kept.size == 1:
        return Interval(mean, math.nan, math.nan)
    half = t_quantile(kept.size - 1, level) * float(kept.std(ddof=1)) / math.sqrt(kept.size)
    return Interval(mean, mean - half, mean + half)


def spread(name: str, values: Iterable[float], level: float = LEVEL) -> dict[str, float]:
    """The mean of `values` with its interval, as three columns of a row.

    >>> list(spread("saved", [1.0, 2.0, 3.0]))
    ['saved', 'saved_low', 'saved_high']
    """
    return dict(zip((name, f"{name}_low", f"{name}_high"), mean_interval(values, level), strict=True))


def fieller(y: npt.NDArray[np.float64], x: npt.NDArray[np.float64]) -> Interval:
    """Ratio of two means, mean(y) / mean(x), with Fieller's 95% interval.

    The limits are the r with (mean y - r mean x)^2 = t^2 (s_yy - 2 r s_xy + r^2 s_xx) / n. Where the interval of
    mean(x) includes 0 the set of such r has no end, and the limits are NaN. Source: Fieller 1954.

    Args:
        y: float64[n].
        x: float64[n], pair by pair with y.

    >>> fieller(np.array([2.0, 4.1, 5.0, 5.1]), np.array([1.0, 2.0, 2.6, 2.4]))
    Interval(value=2.02..., low=1.83..., high=2.23...)
    """
    n = len(x)
    mean_y, mean_x = float(y.mean()), float(x.mean())
    if mean_x == 0.0:
        return Interval(math.nan, math.nan, math.nan)
    value = mean_y / mean_x
    if n < 2:
        return Interval(value, math.nan, math.nan)
    covariance = np.cov(y, x) / n
    t2 = t_quantile(n - 1) ** 2
    a = mean_x**2 - t2 * float(covariance[1, 1])
    if a <= 0.0:
        return Interval(value, math.nan, math.nan)
    b = mean_x * mean_y - t2 * float(covariance[0, 1])
    c = mean_y**2 - t2 * float(covariance[0, 0])
    root = math.sqrt(max(0.0, b * b - a * c))
    return Interval(value, (b - root) / a, (b + root) / a)


def holm(p: Sequence[float]) -> list[float]:
    """p-values such that the chance of even one false alarm among all of them keeps to the level; NaN stays NaN.

    Source: Holm 1979.

    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    known = [place for place, value in enumerate(p) if math.isfinite(value)]
    adjusted, running = list(p), 0.0
    for rank, place in enumerate(sorted(known, key=lambda place: p[place])):
        running = max(running, min(1.0, (len(known) - rank) * p[place]))
        adjusted[place] = running
    return adjusted
