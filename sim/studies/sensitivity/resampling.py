"""The bootstrap that all intervals of indices share: whole blocks are drawn again, with a fixed seed."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.results.intervals import LEVEL

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
