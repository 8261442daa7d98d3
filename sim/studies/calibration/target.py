"""What every kind of data is to the search: summaries of a run, and how likely the data are given them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pandas as pd

Array = npt.NDArray[np.float64]

NODES = 9


class Target(Protocol):
    """A user's table, as the search sees it.

    A run is reduced to m *summaries* on scales without limits (logits, logarithms), which are smooth functions of the
    parameters but for the run's luck; the data are a sample around them.

    Attributes:
        outputs: Names of the recorded outputs that the summaries are made from.
        names: Name of each summary.
    """

    @property
    def outputs(self) -> tuple[str, ...]:
        """Names of the recorded outputs that the summaries are made from."""
        ...

    @property
    def names(self) -> tuple[str, ...]:
        """Name of each summary."""
        ...

    def summaries(self, rows: pd.DataFrame) -> Array:
        """Summaries of runs, float64[runs, m], from their outputs; NaN where a run has none."""
        ...

    def noise(self, summaries: Array) -> Array:
        """Roughly, up to a factor: variance of each summary of one run through luck, float64[runs, m]."""
        ...

    def with_dispersion(self, scale: Array) -> Target:
        """The same data, judged with what the runs say of luck: `scale`[m] is true variance over `noise`."""
        ...

    def log_likelihood(self, summaries: Array, variance: Array) -> Array:
        """Logarithm of the probability of the data, float64[k], up to a constant.

        Args:
            summaries: What the model says, float64[k, m].
            variance: Of the error in that, float64[k, m]; integrated out.
        """
        ...

    def sampling_variance(self, summaries: Array) -> Array:
        """Variance with which the data alone tell the summaries, float64[k, m]."""
        ...

    def replicate(self, summaries: Array, generator: np.random.Generator) -> Array:
        """New data like the user's, drawn from the model, float64[k, ...]."""
        ...

    def discrepancy(self, data: Array | None, summaries: Array) -> Array:
        """How far data lie from the model, float64[k]; the user's where `data` is None."""
        ...

    def fit(self, summaries: Array, replicates: Array) -> pd.DataFrame:
        """Observed against predicted on the data's own scale: `quantity`, `x`, `observed`, `predicted`, `low`, `high`.

        The interval is the central 95% of `replicates`: parameters and the sample's luck together.
        """
        ...


def nodes(summaries: Array, variance: Array) -> tuple[Array, Array]:
    """Gauss-Hermite nodes for integrating out a normal error of each summary.

    Args:
        summaries: float64[k, m].
        variance: float64[k, m].

    Returns:
        Nodes float64[k, m, NODES] and the logarithms of their weights float64[NODES].

    >>> places, log_weights = nodes(np.zeros((1, 1)), np.full((1, 1), 4.0))
    >>> round(float(np.sum(np.exp(log_weights) * places[0, 0] ** 2)), 6)
    4.0
    """
    places, weights = np.polynomial.hermite_e.hermegauss(NODES)
    spread = np.sqrt(np.maximum(variance, 0.0))[:, :, None] * places
    return summaries[:, :, None] + spread, np.log(weights / weights.sum())


def integrated(log_density: Array, log_weights: Array) -> Array:
    """Logarithm of the weighted sum over the last axis, summed over summaries: float64[k]."""
    terms = log_density + log_weights
    largest = terms.max(axis=-1, keepdims=True)
    total = np.log(np.exp(terms - largest).sum(axis=-1)) + largest[..., 0]
    summed: Array = total.sum(axis=-1)
    return summed


def quantiles(draws: Array) -> tuple[Array, Array, Array]:
    """Median and central 95% over the first axis."""
    low, middle, high = np.quantile(draws, (0.025, 0.5, 0.975), axis=0)
    return middle, low, high
