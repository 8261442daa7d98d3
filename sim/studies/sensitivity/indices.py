"""Indices: what share of an output's variance each factor accounts for (Sobol), and elementary effects (Morris).

All their intervals are by one bootstrap: whole blocks are drawn again, with a fixed seed.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.results.intervals import LEVEL
from sim.vocabulary.errors import ScenarioError
from sim.vocabulary.extras import needed
from sim.words import say

RESAMPLES = 1000
"""Bootstrap samples behind an interval."""

Floats = npt.NDArray[np.float64]


def weights(blocks: int, seed: int, resamples: int = RESAMPLES) -> Floats:
    """How often each block stands in each bootstrap sample, divided by the number of blocks: rows sum to 1.

    A mean over blocks turns into its bootstrap means by one product, so that whatever is made of means (a variance,
    an index) is resampled without touching the blocks again.

    Args:
        blocks: Number of blocks.
        seed: Of the draws.
        resamples: Number of bootstrap samples.

    Returns:
        float64[resamples, blocks].

    >>> weights(4, seed=1, resamples=2).sum(axis=1)
    array([1., 1.])
    """
    generator = np.random.Generator(np.random.Philox(seed))
    return generator.multinomial(blocks, np.full(blocks, 1.0 / blocks), size=resamples) / blocks


def bootstrap_means(weights: Floats, terms: Floats) -> Floats:
    """Means of the terms in each bootstrap sample.

    Args:
        weights: float64[resamples, blocks], see `weights`.
        terms: float64[blocks, terms].

    Returns:
        float64[resamples, terms]. Summed in a fixed order: no library of linear algebra whose threads could change
        the last digit.
    """
    return np.asarray(np.einsum("rb,bt->rt", weights, terms))


def percentile_limits(resampled: Floats) -> tuple[Floats, Floats]:
    """Limits of 95% percentile intervals, column by column.

    >>> low, high = percentile_limits(np.arange(1001.0)[:, None])
    >>> low.round(6), high.round(6)
    (array([25.]), array([975.]))
    """
    tail = 50.0 * (1.0 - LEVEL)
    low, high = np.percentile(resampled, [tail, 100.0 - tail], axis=0)
    return low, high


def constant(y: Floats) -> bool:
    """Whether values are equal but for rounding.

    >>> constant(np.array([0.1 + 0.2, 0.3])), constant(np.array([0.3, 0.31]))
    (True, False)
    """
    return bool(np.ptp(y) <= 1e-12 * max(1e-300, float(np.abs(y).max())))


MEASURES = ("first_order", "total")
SURE = 0.975
"""Share of bootstrap samples whose variance must be more than luck."""


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
            say("Sobol indices need a power of 2"),
            "sensitivity.samples",
            found=str(samples),
            allowed=f"{below}, {2 * below}, ...",
        )
    sample = needed("SALib.sample.sobol", "studies", say("Sobol indices")).sample
    problem = {"num_vars": factors, "names": [f"x{i}" for i in range(factors)], "bounds": [[0.0, 1.0]] * factors}
    rows = np.asarray(sample(problem, samples, calc_second_order=False, seed=seed), np.float64)
    a, b = rows[:: factors + 2], rows[factors + 1 :: factors + 2]
    b = b[:, _unrelated(a, b)]
    blocks = np.repeat(a[:, None, :], factors + 1, axis=1)
    for i in range(factors):
        blocks[:, i + 1, i] = b[:, i]
    parts = [blocks]
    if second_order:
        other = np.repeat(b[:, None, :], factors, axis=1)
        for i in range(factors):
            other[:, i, i] = a[:, i]
        parts.append(other)
    return np.concatenate([*parts, b[:, None, :]], axis=1).reshape(-1, factors)


def _unrelated(a: Floats, b: Floats) -> Sequence[int]:
    """Which column of B each factor takes, so that it has as little to do with the factor's column of A as can be.

    Pairs of far dimensions of a Sobol sequence may hang together as long as it is short: of 64 points in twelve
    dimensions the second and the eighth correlate by 0.4 or -0.4 under many scramblings, and the index that compares
    them comes out 40% too small or too large. So columns are matched by the correlations of a line, a tent and a wave
    along each of them.
    """
    assign = needed("scipy.optimize", "studies", say("Sobol indices")).linear_sum_assignment
    shapes = [lambda u: u, lambda u: np.abs(u - 0.5), lambda u: np.cos(2.0 * np.pi * u)]
    d = a.shape[1]
    if len(a) < 2:
        return range(d)
    cost = np.zeros((d, d))
    for one in shapes:
        for other in shapes:
            related = np.corrcoef(one(a), other(b), rowvar=False)[:d, d:]
            cost = np.maximum(cost, np.nan_to_num(related**2, nan=1.0))
    return [int(column) for column in assign(cost)[1]]


def crossed(u: Floats, v: Floats) -> Floats:
    """Product of what two points are expected to give, from runs with the same luck: luck does not enter its mean.

    The mean of u_r v_s over different replications r and s. What luck adds to a run is another in each replication, so
    its square drops out, where the product of two means would keep it. With one replication, u v.

    Args:
        u: float64[..., replications].
        v: Likewise.

    >>> float(crossed(np.array([1.0, 3.0]), np.array([2.0, 4.0])))
    5.0
    """
    replications = u.shape[-1]
    if replications == 1:
        return np.asarray(u[..., 0] * v[..., 0])
    both = u.sum(axis=-1) * v.sum(axis=-1) - (u * v).sum(axis=-1)
    return np.asarray(both / (replications * (replications - 1)))


def sobol_indices(y: Floats, names: list[str], seed: int, *, second_order: bool = False) -> pd.DataFrame:
    """First-order, total and, if wanted, second-order indices of one output, with 95% intervals.

    With f the output that is expected at a point, centred at its mean over all points, and V its variance over A and B:

    - first order: S_i = mean(f(B) (f(AB_i) - f(A))) / V, the share of variance that would go if factor i were known
      (Saltelli et al. 2010);
    - total: T_i = mean((f(A) - f(AB_i))^2) / 2V, the share that would stay if all others were known (Jansen 1999);
    - second order: S_ij = mean(f(BA_i) f(AB_j) - f(A) f(B)) / V - S_i - S_j, what the two do together beyond what each
      does alone (Saltelli 2002).

    Runs of a stochastic model scatter about f. With two or more replications each product and square is taken across
    different replications (`crossed`), so that luck does not enter any index on average; with one, luck counts as
    an effect of every factor that deals it anew.

    Intervals are percentile intervals of a bootstrap over blocks. A scrambled Sobol sequence is more even than chance,
    so they cover at least as often as they say. Estimates of small indices can fall below 0.

    Args:
        y: float64[points] or float64[points, replications] in the order of `saltelli_design`; blocks with a NaN are
            left out.
        names: Factors.
        seed: Of the bootstrap.
        second_order: Whether the design has rows BA.

    Returns:
        Columns `factor`, `with` (the other factor, of second order; else empty), `measure` (first_order, total or
        second_order), `value`, `low`, `high`, `reason` (why there is no value). Constant outputs, outputs whose points
        cannot be told from luck, and fewer than 4 whole blocks give NaN.
    """
    d = len(names)
    runs = np.asarray(y, np.float64)
    runs = runs.reshape(len(runs), -1)
    blocks = runs.reshape(-1, (2 if second_order else 1) * d + 2, runs.shape[1])
    blocks = blocks[np.isfinite(blocks).all(axis=(1, 2))]
    pairs = list(combinations(range(d), 2)) if second_order else []
    labels = [(name, "", measure) for measure in MEASURES for name in names]
    labels += [(names[i], names[j], "second_order") for i, j in pairs]
    value, low, high, reason = _estimates(blocks, d, pairs, seed)
    return pd.DataFrame(labels, columns=["factor", "with", "measure"]).assign(
        value=value, low=low, high=high, reason=reason
    )


def _estimates(blocks: Floats, d: int, pairs: list[tuple[int, int]], seed: int) -> tuple[Floats, Floats, Floats, str]:
    """Indices with their limits, or the reason why there are none."""
    none = np.full(2 * d + len(pairs), np.nan)
    if len(blocks) < 4:
        return none, none, none, say("too few whole blocks of runs")
    if constant(blocks - blocks.mean(axis=(0, 1)) + blocks.mean()):
        return none, none, none, say("the output is the same everywhere")
    y = blocks - blocks.mean(axis=(0, 1))  # replication by replication: what its luck does everywhere cancels
    a, b, ab, ba = y[:, 0], y[:, -1], y[:, 1 : d + 1], y[:, d + 1 : -1]
    terms = [(a + b).mean(axis=-1) / 2, (crossed(a, a) + crossed(b, b)) / 2]
    terms += [crossed(b, ab[:, i] - a) for i in range(d)]
    terms += [crossed(a - ab[:, i], a - ab[:, i]) / 2 for i in range(d)]
    terms += [crossed(ba[:, i], ab[:, j]) - crossed(a, b) for i, j in pairs]
    table = np.column_stack(terms)
    middle = table.mean(axis=0)[None, :]
    drawn = bootstrap_means(weights(len(blocks), seed), table)
    told = drawn[:, 1] > drawn[:, 0] ** 2
    if middle[0, 1] <= middle[0, 0] ** 2 or told.mean() < SURE:
        return none, none, none, say("what the points differ by cannot be told from luck: more replications are needed")
    low, high = percentile_limits(_shares(drawn[told], d, pairs))
    return _shares(middle, d, pairs)[0], low, high, ""


def _shares(means: Floats, d: int, pairs: list[tuple[int, int]]) -> Floats:
    """Indices from the means of the terms, row by row."""
    variance = means[:, [1]] - means[:, [0]] ** 2
    shares = means[:, 2:] / variance
    for place, (i, j) in enumerate(pairs, start=2 * d):
        shares[:, place] -= shares[:, i] + shares[:, j]
    return np.asarray(shares)


EFFECTS = ("mu_star", "mu", "sigma")


def morris_design(factors: int, trajectories: int, levels: int, seed: int) -> Floats:
    """Trajectories in the unit cube: d + 1 rows each, every factor moved once by levels / (2 (levels - 1)).

    Source: Morris 1991.

    Returns:
        float64[trajectories (d + 1), d], on a grid of `levels` values from 0 to 1.

    >>> morris_design(3, 2, 4, seed=1).shape
    (8, 3)
    """
    sample = needed("SALib.sample.morris", "studies", say("Morris designs")).sample
    problem = {"num_vars": factors, "names": [f"x{i}" for i in range(factors)], "bounds": [[0.0, 1.0]] * factors}
    return np.asarray(sample(problem, trajectories, num_levels=levels, seed=seed), np.float64)


def elementary_effects(unit: Floats, y: Floats) -> Floats:
    """Change of an output for each factor's move, by the length of the move in the unit cube.

    So an effect is in units of the output, as if the factor went through its whole range.

    Args:
        unit: float64[r (d + 1), d], a Morris design.
        y: float64[r (d + 1)].

    Returns:
        float64[r, d].

    >>> unit = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    >>> elementary_effects(unit, np.array([0.0, 3.0, 5.0]))
    array([[2., 3.]])
    """
    d = unit.shape[1]
    moves = np.diff(unit.reshape(-1, d + 1, d), axis=1)
    changes = np.diff(np.asarray(y, np.float64).reshape(-1, d + 1), axis=1)
    which = np.abs(moves).argmax(axis=2)
    length = np.take_along_axis(moves, which[:, :, None], axis=2)[:, :, 0]
    effects = np.empty_like(changes)
    np.put_along_axis(effects, which, changes / length, axis=1)
    return effects


def morris_indices(unit: Floats, y: Floats, names: list[str], seed: int) -> pd.DataFrame:
    """Elementary effects of one output, summed up, with 95% percentile intervals of a bootstrap over trajectories.

    - mu_star: mean of absolute effects, how much a factor matters (Campolongo et al. 2007);
    - mu: mean of effects, which way it works;
    - sigma: standard deviation of effects, how much that depends on the other factors or on where the factor stands.

    Args:
        unit: A Morris design.
        y: float64[rows]; trajectories with a NaN are left out.
        names: Factors.
        seed: Of the bootstrap.

    Returns:
        As `sim.studies.sensitivity.indices.sobol_indices`, with the measures mu_star, mu and sigma in units of the
        output.
    """
    effects = elementary_effects(unit, y)
    effects = effects[np.isfinite(effects).all(axis=1)]
    labels = [(name, "", measure) for measure in EFFECTS for name in names]
    r, reason = len(effects), ""
    if r < 4:
        reason = say("too few whole trajectories of runs")
    elif constant(np.asarray(y)[np.isfinite(y)]):
        reason = say("the output is the same everywhere")
    if reason:
        value = low = high = np.full(len(labels), np.nan)
    else:
        # The spread is measured about the mean: squares of large effects would eat up its digits.
        middle = effects.mean(axis=0)
        table = np.column_stack([np.abs(effects), effects - middle, (effects - middle) ** 2])
        value = _summed(table.mean(axis=0)[None, :], middle, r)[0]
        low, high = percentile_limits(_summed(bootstrap_means(weights(r, seed), table), middle, r))
    return pd.DataFrame(labels, columns=["factor", "with", "measure"]).assign(
        value=value, low=low, high=high, reason=reason
    )


def _summed(means: Floats, middle: Floats, r: int) -> Floats:
    d = len(middle)
    size, shift, square = means[:, :d], means[:, d : 2 * d], means[:, 2 * d :]
    spread = np.sqrt(np.maximum(square - shift**2, 0.0) * r / (r - 1))
    return np.column_stack([size, middle + shift, spread])
