"""Elementary effects: a cheap first look at which factors matter at all."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.studies.sensitivity.resampling import Floats, bootstrap_means, constant, percentile_limits, weights
from sim.vocabulary.extras import needed
from sim.words import say

MEASURES = ("mu_star", "mu", "sigma")


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
        As `sim.studies.sensitivity.sobol.sobol_indices`, with the measures mu_star, mu and sigma in units of the
        output.
    """
    effects = elementary_effects(unit, y)
    effects = effects[np.isfinite(effects).all(axis=1)]
    labels = [(name, "", measure) for measure in MEASURES for name in names]
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
