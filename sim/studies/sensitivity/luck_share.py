"""Runs put together point by point, and how much of the variance is luck."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.studies.sensitivity.indices import Floats


class Luck(NamedTuple):
    """What luck does to an output.

    Attributes:
        of_one_run: Share of the variance between single runs, each at a random point with luck of its own, that is
            luck and not the point.
        of_means: Share of the variance between points' means that is left-over luck, with the same luck at all points,
            because a small change of a factor may deal it anew. Sobol indices are freed of it (`crossed`), elementary
            effects are not.
    """

    of_one_run: float
    of_means: float


def runs_by_point(rows: pd.DataFrame, output: str, replications: int) -> Floats:
    """An output as float64[points, replications], NaN where a run failed; rows as `Evaluation.evaluate` gives them."""
    return rows[output].to_numpy(np.float64).reshape(-1, replications)


def point_means(runs: Floats) -> Floats:
    """Mean over replications, point by point; NaN where a run failed, for what is left would have other luck."""
    return np.asarray(runs.mean(axis=1))


def luck(runs: Floats, among: Sequence[int] | slice = slice(None)) -> Luck:
    """Shares of variance that are luck, from the same replications at all points.

    In Y_pr = m + a_p + b_r + e_pr, with P points and R replications, the variance of e is estimated by its mean square,
    that of b by the variance of the replications' means minus Var(e)/P, that of a by the variance of the points' means
    minus Var(e)/R. Then of_one_run = (Var b + Var e) / (Var a + Var b + Var e), of_means = (Var e / R) / Var(points'
    means). Both are cut to 0-1; NaN with one replication, where luck cannot be told from the point.

    Args:
        runs: float64[P, R].
        among: Points that are spread over the factors like a random sample.

    >>> [round(share, 3) for share in luck(np.array([[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]]))]
    [0.111, 0.0]
    """
    y = runs[among]
    y = y[np.isfinite(y).all(axis=1)]
    points, replications = y.shape
    if replications < 2 or points < 2:
        return Luck(np.nan, np.nan)
    by_point, by_luck = y.mean(axis=1), y.mean(axis=0)
    rest = y - by_point[:, None] - by_luck[None, :] + y.mean()
    e = float((rest**2).sum() / ((points - 1) * (replications - 1)))
    means = float(by_point.var(ddof=1))
    a = max(0.0, means - e / replications)
    b = max(0.0, float(by_luck.var(ddof=1)) - e / points)
    total = a + b + e
    if total <= 0.0 or means <= 0.0:
        return Luck(np.nan, np.nan)
    return Luck((b + e) / total, min(1.0, e / replications / means))
