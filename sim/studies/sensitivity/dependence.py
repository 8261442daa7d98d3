"""Partial dependence: the mean of an output where a factor is here or there, over all that the others may be."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.results.intervals import t_quantile
from sim.studies.sensitivity.indices import Floats

FEWEST_BLOCKS = 8
"""Blocks that a bin should hold about: decides how fine the bins are."""

_MOST_BINS, _MOST_CELLS = 12, 6
Whole = npt.NDArray[np.int64]


def bins_of(unit: Floats, count: int | None, most: int) -> tuple[Whole, Floats]:
    """The bin of each place in the unit interval, and the middles of the bins.

    Args:
        unit: Places of the points on the factor's axis, from 0 to 1.
        count: How many values the factor has; None for a continuous one. Up to 12 values have a bin each.
        most: Bins at most of others.

    Returns:
        int64[points], and float64[bins], the middle of each bin on the axis. Points on a grid of few levels have a
        bin for each level.

    >>> bins_of(np.array([0.0, 1.0, 0.5, 0.5]), None, 2)
    (array([0, 2, 1, 1]), array([0. , 0.5, 1. ]))
    >>> bins_of(np.array([0.0, 1.0, 0.5, 0.5]), 2, 2)[0]
    array([0, 1, 1, 1])
    """
    levels = np.unique(np.round(unit, 9))
    if count is not None and count <= min(_MOST_BINS, len(levels)):
        return np.minimum((unit * count).astype(np.int64), count - 1), (np.arange(count) + 0.5) / count
    if len(levels) <= _MOST_BINS:
        return np.searchsorted(levels, np.round(unit, 9)).astype(np.int64), levels
    return np.minimum((unit * most).astype(np.int64), most - 1), (np.arange(most) + 0.5) / most


def binned_means(bins: Whole, count: int, y: Floats, block: Whole) -> pd.DataFrame:
    """Mean of an output in each bin with its 95% interval.

    Points of a block hang together, so blocks are what is counted: with the residuals e of a bin's points from their
    mean, summed up block by block, the variance of the mean is G/(G - 1) sum(e_g^2) / n^2, with n points in G blocks,
    and the interval is mean +- t_(G - 1) sd (the linearised variance of a ratio of sums over clusters).

    Args:
        bins: int64[points].
        count: Number of bins.
        y: float64[points], finite.
        block: int64[points], the block of the design that a point belongs to.

    Returns:
        A row a bin: `mean`, `low`, `high`, `points`, `blocks`; NaN where there is no point, limits NaN with one block.
    """
    rows = []
    for number in range(count):
        inside = bins == number
        values = y[inside]
        if not values.size:
            rows.append((math.nan, math.nan, math.nan, 0, 0))
            continue
        mean = float(values.mean())
        blocks, which = np.unique(block[inside], return_inverse=True)
        groups = len(blocks)
        if groups < 2:
            rows.append((mean, math.nan, math.nan, len(values), groups))
            continue
        sums = np.bincount(which, values - mean)
        half = t_quantile(groups - 1) * math.sqrt(groups / (groups - 1) * float((sums**2).sum())) / len(values)
        rows.append((mean, mean - half, mean + half, len(values), groups))
    return pd.DataFrame(rows, columns=["mean", "low", "high", "points", "blocks"])


def dependence_of(
    unit: Floats, y: Floats, block: Whole, names: Sequence[str], counts: Sequence[int | None]
) -> pd.DataFrame:
    """E[Y | x_i] for every factor, as binned means with pointwise 95% intervals.

    With independent factors this is the partial dependence. Bins are equally likely; there are as many as leave
    about `FEWEST_BLOCKS` blocks to each, at most 12.

    Args:
        unit: float64[points, d], the design.
        y: float64[points]; points with NaN are left out.
        block: int64[points].
        names: Factors.
        counts: How many values each can take; None for continuous ones.

    Returns:
        Columns `factor`, `bin`, `place` (middle of the bin on the axis, 0 to 1), `mean`, `low`, `high`, `points`,
        `blocks`.
    """
    unit, y, block = _finite(unit, y, block)
    most = int(np.clip(len(np.unique(block)) // FEWEST_BLOCKS, 2, _MOST_BINS))
    tables = []
    for i, name in enumerate(names):
        bins, places = bins_of(unit[:, i], counts[i], most)
        table = binned_means(bins, len(places), y, block)
        table.insert(0, "place", places)
        table.insert(0, "bin", np.arange(len(places)))
        table.insert(0, "factor", name)
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def _finite(unit: Floats, y: Floats, block: Whole) -> tuple[Floats, Floats, Whole]:
    kept = np.isfinite(y)
    return unit[kept], y[kept], block[kept]


def map_of(
    unit: Floats, y: Floats, block: Whole, names: Sequence[str], counts: Sequence[int | None], pair: tuple[str, str]
) -> pd.DataFrame:
    """E[Y | x_i, x_j] of a pair of factors: means in cells, with 95% intervals; arguments as for `dependence_of`.

    Returns:
        Columns `factor`, `with`, `place`, `with_place`, `mean`, `low`, `high`, `points`, `blocks`.
    """
    unit, y, block = _finite(unit, y, block)
    most = int(np.clip(math.isqrt(len(np.unique(block)) // 4), 2, _MOST_CELLS))
    (i, j) = (list(names).index(name) for name in pair)
    (first, places), (second, others) = (bins_of(unit[:, k], counts[k], most) for k in (i, j))
    table = binned_means(first * len(others) + second, len(places) * len(others), y, block)
    table.insert(0, "with_place", np.tile(others, len(places)))
    table.insert(0, "place", np.repeat(places, len(others)))
    table.insert(0, "with", pair[1])
    table.insert(0, "factor", pair[0])
    return table


def strongest_pair(indices: pd.DataFrame) -> tuple[str, str] | None:
    """The pair whose second-order index is largest, else the two factors that matter most; None with one factor.

    Args:
        indices: Of one output, as `sobol_indices` or `morris_indices` gives them.
    """
    second = indices[(indices["measure"] == "second_order") & indices["value"].notna()]
    if len(second):
        row = second.iloc[int(second["value"].argmax())]
        return str(row["factor"]), str(row["with"])
    main = indices[indices["measure"].isin(["total", "mu_star"]) & indices["value"].notna()]
    ordered = main.sort_values("value", ascending=False, kind="stable")["factor"].tolist()
    return next(iter(combinations(ordered, 2)), None)
