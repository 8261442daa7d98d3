"""Where things happen: the runs that meet a condition against the others, factor by factor."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.results.intervals import holm
from sim.studies.sensitivity.indices import Floats
from sim.vocabulary.extras import needed
from sim.words import say

Truths = npt.NDArray[np.bool_]
FEWEST = 5
"""Points that must meet the condition, and that must not."""


class Range(NamedTuple):
    """A stretch of an axis.

    Attributes:
        low: Its lower end on the axis, 0 to 1.
        high: Its upper end.
        inside: Share of the points inside that meet the condition.
        outside: Share of those outside.
    """

    low: float
    high: float
    inside: float
    outside: float


def best_range(unit: Floats, met: Truths) -> Range:
    """The stretch that holds the most of what meets the condition for the least of what does not.

    It makes P(inside | met) - P(inside | not met) as large as can be (Youden's index). Chosen with hindsight: shares in
    new runs will be less far apart.

    Args:
        unit: float64[points], places on the axis.
        met: bool[points], some true, some false.

    >>> best_range(np.array([0.1, 0.2, 0.3, 0.8, 0.9]), np.array([False, False, False, True, True]))[:2]
    (0.8, 0.9)
    """
    places, which = np.unique(unit, return_inverse=True)
    gain = np.bincount(which, np.where(met, 1.0 / met.sum(), -1.0 / (~met).sum()))
    above = np.concatenate([[0.0], np.cumsum(gain)])
    lowest = np.minimum.accumulate(above[:-1])
    last = int(np.argmax(above[1:] - lowest))
    first = int(np.argmin(above[: last + 1]))
    inside = (unit >= places[first]) & (unit <= places[last])
    outside = float(met[~inside].mean()) if (~inside).any() else math.nan
    return Range(float(places[first]), float(places[last]), float(met[inside].mean()), outside)


def regions_of(
    unit: Floats, met: Truths, names: Sequence[str], unordered: Sequence[int | None], independent: Truths
) -> pd.DataFrame:
    """For each factor: how differently it is distributed where a condition is met, and where that happens most.

    The distance of an ordered factor is that of Kolmogorov and Smirnov, the largest difference of the two distribution
    functions; of one without order (texts, truth values) half the sum of differences of shares, with the p-value of
    a chi-squared test. `p_holm` is corrected for asking about several factors.

    Args:
        unit: float64[points, d].
        met: bool[points], whether a point meets the condition.
        names: Factors.
        unordered: Number of values of a factor without order, else None.
        independent: bool[points], points that are drawn independently of each other: p-values rest on them alone.

    Returns:
        Columns `factor`, `distance`, `p`, `p_holm`, `low`, `high` (ends of the best range on the axis, 0 to 1; of
        unordered factors, the value that meets it most often), `inside`, `outside` (see `Range`), `met`, `points`,
        `reason` (why there is no answer).
    """
    rows: list[tuple[Any, ...]] = []
    enough = min(met.sum(), (~met).sum()) >= FEWEST
    testable = min((met & independent).sum(), (~met & independent).sum()) >= FEWEST
    for i, name in enumerate(names):
        if not enough:
            counts = {"count": int(min(met.sum(), (~met).sum())), "points": len(met)}
            rows.append(
                (
                    name,
                    *[math.nan] * 6,
                    say("only {count} of {points} points meet the condition", **counts)
                    if met.sum() < FEWEST
                    else say("only {count} of {points} points do not meet the condition", **counts),
                )
            )
            continue
        values = unordered[i]
        if values is None:
            distance, _ = _distance(unit[met, i], unit[~met, i])
            p = _distance(unit[met & independent, i], unit[~met & independent, i])[1] if testable else math.nan
            found = best_range(unit[:, i], met)
        else:
            which = np.minimum((unit[:, i] * values).astype(np.int64), values - 1)
            distance = _shares_apart(which, met, values)
            p = _chi_squared(which[independent], met[independent], values) if testable else math.nan
            found = _best_value(which, met, values)
        rows.append((name, distance, p, *found, ""))
    table = pd.DataFrame(rows, columns=["factor", "distance", "p", "low", "high", "inside", "outside", "reason"])
    table.insert(3, "p_holm", holm(table["p"].tolist()))
    return table.assign(met=int(met.sum()), points=len(met))


def _distance(one: Floats, other: Floats) -> tuple[float, float]:
    stats = needed("scipy.stats", "studies", say("Regional analyses"))
    # The exact distribution of p takes long for large samples and changes nothing that could be read.
    found = stats.ks_2samp(one, other, method="exact" if max(len(one), len(other)) < 500 else "asymp")
    return float(found.statistic), float(found.pvalue)


def _table(which: npt.NDArray[np.int64], met: Truths, values: int) -> Floats:
    return np.array([np.bincount(which[kept], minlength=values) for kept in (met, ~met)], np.float64)


def _shares_apart(which: npt.NDArray[np.int64], met: Truths, values: int) -> float:
    shares = _table(which, met, values)
    shares /= shares.sum(axis=1, keepdims=True)
    return float(np.abs(shares[0] - shares[1]).sum() / 2)


def _chi_squared(which: npt.NDArray[np.int64], met: Truths, values: int) -> float:
    counts = _table(which, met, values)
    counts = counts[:, counts.sum(axis=0) > 0]
    if counts.shape[1] < 2:
        return 1.0
    stats = needed("scipy.stats", "studies", say("Regional analyses"))
    return float(stats.chi2_contingency(counts, correction=False).pvalue)


def _best_value(which: npt.NDArray[np.int64], met: Truths, values: int) -> Range:
    counts = _table(which, met, values)
    share = counts[0] / np.maximum(counts.sum(axis=0), 1.0)
    best = int(share.argmax())
    rest = counts.sum(axis=1) - counts[:, best]
    place = (best + 0.5) / values
    return Range(place, place, float(share[best]), float(rest[0] / rest.sum()) if rest.sum() else math.nan)
