"""Paired differences: how large, how sure, and what the pairing saved."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.results.intervals import LEVEL, Interval, holm, t_quantile, two_sided_coverage
from sim.results.keyfigures import KEY_FIGURES
from sim.words import translated

Values = npt.NDArray[np.float64]

PAIRED_T, TWO_STAGE = "paired t", "two-stage (Stein 1945)"

ROUNDING = 1e-12
"""Differences that scatter by less than this share of the values scatter by rounding only."""


class Pilot(NamedTuple):
    """What the first stage of a two-stage rule found: its replications, and the scatter of the differences in it."""

    replications: int
    deviation: float


class Paired(NamedTuple):
    """A mean paired difference: `value`, limits of its interval, two-sided p-value, number of pairs."""

    value: float
    low: float
    high: float
    p: float
    n: int

    @property
    def excludes_zero(self) -> bool:
        """Whether the interval excludes 0; False where there is none."""
        return self.low > 0.0 or self.high < 0.0


def scatter(first: Values, second: Values) -> float:
    """Standard deviation of `second - first`; exactly 0 where only rounding scatters them. Needs two pairs."""
    deviation = float((second - first).std(ddof=1))
    size = max(float(np.abs(first).max()), float(np.abs(second).max()))
    return deviation if deviation > ROUNDING * size else 0.0


def pairs(first: Values, second: Values) -> tuple[Values, Values]:
    """The pairs in which both values are finite."""
    kept = np.isfinite(first) & np.isfinite(second)
    return first[kept], second[kept]


def paired(first: Values, second: Values, pilot: Pilot | None = None) -> Paired:
    """Mean of `second - first` with its 95% interval: mean +- t s / sqrt(n).

    Args:
        first: float64[n], a figure in each replication of the first scenario; pairs with a value that is not finite
            are left out.
        second: The same of the other scenario, in the same order.
        pilot: Where n came from a two-stage rule. With s and the degrees of freedom of its first stage the coverage is
            exact for normal differences (Stein 1945); the wider of that interval and the usual one is given, which
            guards differences that are not normal.

    >>> paired(np.array([1.0, 2.0, 3.0]), np.array([2.0, 3.5, 4.5]))
    Paired(value=1.333..., low=0.616..., high=2.050..., p=0.0152..., n=3)
    """
    first, second = pairs(first, second)
    n = len(first)
    if n == 0:
        return Paired(math.nan, math.nan, math.nan, math.nan, 0)
    mean = float((second - first).mean())
    if n == 1:
        return Paired(mean, math.nan, math.nan, math.nan, 1)
    stages = [(scatter(first, second) / math.sqrt(n), n - 1)]
    if pilot is not None:
        stages.append((pilot.deviation / math.sqrt(n), pilot.replications - 1))
    half = max(t_quantile(freedom) * error for error, freedom in stages)
    p = max(_two_sided_p(mean, error, freedom) for error, freedom in stages)
    return Paired(mean, mean - half, mean + half, p, n)


def _two_sided_p(mean: float, error: float, freedom: int) -> float:
    if error == 0.0:
        return 1.0 if mean == 0.0 else 0.0
    return max(0.0, 1.0 - two_sided_coverage(abs(mean) / error, freedom))


def variance_ratio(first: Values, second: Values, level: float = LEVEL) -> Interval:
    """How many times as many replications independent luck would have needed for the same interval.

    R = (Var A + Var B) / Var(B - A): with independent luck the difference of means has the variance
    (Var A + Var B) / n, with the same luck Var(B - A) / n. With S = A + B and D = B - A this is
    (Var S / Var D + 1) / 2, and the ratio of two variances of correlated normal variables has the exact limits
    w (K -+ sqrt(K^2 - 1)), K = 1 + 2 (1 - r^2) t^2 / (n - 2), with w = s_S^2 / s_D^2, r the correlation of S and D and
    t of n - 2 degrees of freedom. Source: Morgan 1939; Pitman 1939.

    Args:
        first: float64[n], values with the same luck, pair by pair.
        second: The same of the other scenario.
        level: Coverage of the limits, for normal values.

    Returns:
        Value and limits. Infinite, without limits, where all luck cancels; NaN where neither has any luck; limits
        are NaN with fewer than three pairs. About 1: pairing saved nothing.

    >>> variance_ratio(np.array([1.0, 2.0, 3.0, 4.0]), np.array([1.1, 2.0, 3.2, 3.9]))
    Interval(value=192.99..., low=6.11..., high=6600.1...)
    """
    first, second = pairs(first, second)
    n = len(first)
    if n < 2:
        return Interval(math.nan, math.nan, math.nan)
    own = float(first.var(ddof=1) + second.var(ddof=1))
    deviation = scatter(first, second)
    if deviation == 0.0:
        size = float(np.abs(first).max())
        return Interval(math.inf if math.sqrt(own) > ROUNDING * size else math.nan, math.nan, math.nan)
    value = own / deviation**2
    if n < 3:
        return Interval(value, math.nan, math.nan)
    total, difference = first + second, second - first
    if float(total.std()) == 0.0:
        return Interval(value, math.nan, math.nan)
    w = float(total.var(ddof=1)) / deviation**2
    r = float(np.corrcoef(total, difference)[0, 1])
    k = 1.0 + 2.0 * (1.0 - r * r) * t_quantile(n - 2, level) ** 2 / (n - 2)
    root = math.sqrt(k * k - 1.0)
    # k - root loses its digits where k is large; 1 / (k + root) is the same.
    return Interval(value, (w / (k + root) + 1.0) / 2.0, (w * (k + root) + 1.0) / 2.0)


def build_differences(
    runs: pd.DataFrame, labels: Sequence[str], currency: str, pilots: dict[tuple[str, str], Pilot] | None = None
) -> pd.DataFrame:
    """Every key figure of every later scenario against the first.

    Args:
        runs: A row for each scenario and replication, with a column for each key figure.
        labels: Names of the scenarios, today's first.
        currency: Name of the money unit.
        pilots: First stages by scenario and figure, where n came from a two-stage rule.

    Returns:
        A row for each later scenario and key figure that both have: `scenario`, `figure`, `label`, `unit`, `first` and
        `value` (means over the pairs), `difference`, `low`, `high`, `excludes_zero`, `excludes_zero_together` (Holm's
        rule over all rows of the table), `p`, `n`, `interval` (its kind), `variance_ratio`, `ratio_low`, `ratio_high`,
        `meaning`.
    """
    done = runs[runs["status"] == "done"]
    one = {label: done[done["scenario"] == label] for label in labels}
    rows = []
    for label in labels[1:]:
        for figure in KEY_FIGURES:
            a, b = pairs(*(one[name][figure.name].to_numpy(np.float64) for name in (labels[0], label)))
            if not len(a):
                continue
            pilot = (pilots or {}).get((label, figure.name))
            found, ratio = paired(a, b, pilot), variance_ratio(a, b)
            rows.append(
                {
                    "scenario": label,
                    "figure": figure.name,
                    "label": translated(figure.label),
                    "unit": figure.unit.replace("money", currency),
                    "first": float(a.mean()),
                    "value": float(b.mean()),
                    "difference": found.value,
                    "low": found.low,
                    "high": found.high,
                    "excludes_zero": found.excludes_zero,
                    "excludes_zero_together": False,
                    "p": found.p,
                    "n": found.n,
                    "interval": PAIRED_T if pilot is None else TWO_STAGE,
                    "variance_ratio": ratio.value,
                    "ratio_low": ratio.low,
                    "ratio_high": ratio.high,
                    "meaning": translated(figure.meaning),
                }
            )
    table = pd.DataFrame(rows)
    table["excludes_zero_together"] = [p <= 1.0 - LEVEL for p in holm(table["p"].tolist())]
    return table
