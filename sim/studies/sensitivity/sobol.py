"""Variance-based indices: what share of an output's variance each factor accounts for."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd

from sim.studies.extras import needed
from sim.studies.sensitivity.resampling import Floats, bootstrap_means, constant, percentile_limits, weights
from sim.vocabulary.errors import Problem, ScenarioError

MEASURES = ("first_order", "total")


def saltelli_design(factors: int, samples: int, seed: int, *, second_order: bool = False) -> Floats:
    """Saltelli's design in the unit cube: from a scrambled Sobol sequence, in blocks.

    Each block of d + 2 rows (2d + 2 with second order) holds a row A, the rows AB_1 ... AB_d that equal A but in one
    factor, (the rows BA_1 ... BA_d that equal B but in one factor,) and a row B. Source: Saltelli et al. 2010.

    Args:
        factors: Number of factors d.
        samples: Number of blocks n, a power of 2.
        seed: Of the scrambling.
        second_order: Whether second-order indices are wanted.

    Returns:
        float64[n (d + 2), d], or float64[n (2d + 2), d], from 0 to 1.

    Raises:
        ScenarioError: If the number of blocks is no power of 2.

    >>> saltelli_design(3, 8, seed=1).shape
    (40, 3)
    """
    if samples < 1 or samples & (samples - 1):
        below = 1 << max(0, samples.bit_length() - 1)
        raise ScenarioError(
            Problem("Sobol indices need a power of 2", "sensitivity.samples", found=str(samples),
                    allowed=f"{below}, {2 * below}, ...")
        )  # fmt: skip
    sample = needed("SALib.sample.sobol", "studies", "Sobol indices").sample
    problem = {"num_vars": factors, "names": [f"x{i}" for i in range(factors)], "bounds": [[0.0, 1.0]] * factors}
    return np.asarray(sample(problem, samples, calc_second_order=second_order, seed=seed), np.float64)


def split(y: Floats, factors: int, *, second_order: bool = False) -> tuple[Floats, Floats, Floats, Floats]:
    """An output of a Saltelli design, taken apart.

    Returns:
        A float64[n], B float64[n], AB float64[n, d], BA float64[n, d] (float64[n, 0] without second order).
    """
    blocks = y.reshape(-1, (2 if second_order else 1) * factors + 2)
    return blocks[:, 0], blocks[:, -1], blocks[:, 1 : factors + 1], blocks[:, factors + 1 : -1]


def sobol_indices(y: Floats, names: list[str], seed: int, *, second_order: bool = False) -> pd.DataFrame:
    """First-order, total and, if wanted, second-order indices of one output, with 95% intervals.

    With f centred at its mean over all points, and V its variance over A and B:

    - first order: S_i = mean(f(B) (f(AB_i) - f(A))) / V, the share of variance that would go if factor i were known
      (Saltelli et al. 2010);
    - total: T_i = mean((f(A) - f(AB_i))^2) / 2V, the share that would stay if all others were known (Jansen 1999);
    - second order: S_ij = mean(f(BA_i) f(AB_j) - f(A) f(B)) / V - S_i - S_j, what the two do together beyond what each
      does alone (Saltelli 2002).

    Intervals are percentile intervals of a bootstrap over blocks. A scrambled Sobol sequence is more even than chance,
    so they cover at least as often as they say. Estimates of small indices can fall below 0.

    Args:
        y: float64[blocks * rows of a block] in the order of `saltelli_design`; blocks with a NaN are left out.
        names: Factors.
        seed: Of the bootstrap.
        second_order: Whether the design has rows BA.

    Returns:
        Columns `factor`, `with` (the other factor, of second order; else empty), `measure` (first_order, total or
        second_order), `value`, `low`, `high`, `reason` (why there is no value). Constant outputs and fewer than 4
        whole blocks give NaN.
    """
    d = len(names)
    parts = split(np.asarray(y, np.float64), d, second_order=second_order)
    whole = np.isfinite(np.column_stack(parts)).all(axis=1)
    a, b, ab, ba = (part[whole] for part in parts)
    pairs = list(combinations(range(d), 2)) if second_order else []
    labels = [(name, "", measure) for measure in MEASURES for name in names]
    labels += [(names[i], names[j], "second_order") for i, j in pairs]
    reason = ""
    if whole.sum() < 4:
        reason = "too few whole blocks of runs"
    elif constant(np.concatenate([a, b, ab.ravel()])):
        reason = "the output is the same everywhere"
    elif constant(np.concatenate([a, b])):
        reason = "the output hardly varies: more samples are needed"
    if reason:
        value = low = high = np.full(len(labels), np.nan)
    else:
        centre = np.concatenate([a, b, ab.ravel(), ba.ravel()]).mean()
        a, b, ab, ba = a - centre, b - centre, ab - centre, ba - centre
        terms = [(a + b) / 2, (a**2 + b**2) / 2]
        terms += [b * (ab[:, i] - a) for i in range(d)]
        terms += [0.5 * (a - ab[:, i]) ** 2 for i in range(d)]
        terms += [ba[:, i] * ab[:, j] - a * b for i, j in pairs]
        table = np.column_stack(terms)
        value = _shares(table.mean(axis=0)[None, :], d, pairs)[0]
        drawn = bootstrap_means(weights(len(a), seed), table)
        drawn = drawn[drawn[:, 1] - drawn[:, 0] ** 2 > 0.0]
        low, high = percentile_limits(_shares(drawn, d, pairs))
    return pd.DataFrame(labels, columns=["factor", "with", "measure"]).assign(
        value=value, low=low, high=high, reason=reason
    )


def _shares(means: Floats, d: int, pairs: list[tuple[int, int]]) -> Floats:
    """Indices from the means of the terms, row by row."""
    variance = means[:, [1]] - means[:, [0]] ** 2
    shares = means[:, 2:] / variance
    for place, (i, j) in enumerate(pairs, start=2 * d):
        shares[:, place] -= shares[:, i] + shares[:, j]
    return np.asarray(shares)
