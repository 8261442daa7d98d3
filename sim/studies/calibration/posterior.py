"""Drawing parameters from prior x likelihood: adaptive importance sampling with a fixed stream of numbers.

The likelihood is switched on by degrees (its power rises from 0 to 1 as fast as the sample bears it); at each degree
the proposal is a mixture of Student t kernels around the last sample (West 1993). Importance sampling rather than a
Markov chain: it needs no judgement whether a chain has converged, its effective sample size says how good it is, and a
change in the last bit of a likelihood changes a weight in its last bit, while it would send a chain another way.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sim.studies.calibration.target import Array
from sim.vocabulary.extras import needed

KERNELS = 64
FREEDOM = 5
PRIOR_PART = 0.1
"""Part of the proposal that is the prior itself: it bounds the weights."""

STEPS = 24
LEAST_EFFECTIVE = 0.2
"""Share of the sample that must stay effective when the power of the likelihood is raised."""

LogLikelihood = Callable[[Array], Array]
"""Of scores, float64[k, d]; minus infinity where the constraints forbid."""


@dataclass(frozen=True)
class Sample:
    """A weighted sample.

    Attributes:
        scores: float64[k, d].
        weights: They sum to 1, float64[k].
        log_likelihood: float64[k].
    """

    scores: Array
    weights: Array
    log_likelihood: Array

    @property
    def effective(self) -> float:
        """Effective size: 1 / sum of squared weights (Kong 1992)."""
        return 1.0 / float(np.sum(self.weights**2))

    def within(self, inside: np.ndarray[Any, np.dtype[np.bool_]]) -> Sample:
        """What lies inside: the same, with no weight elsewhere; where nothing does, all of it."""
        total = float(self.weights[inside].sum())
        return self if total <= 0.0 else replace(self, weights=np.where(inside, self.weights, 0.0) / total)

    def draw(self, count: int, start: float = 0.5) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """Positions of `count` members with equal weights, by systematic resampling (Kitagawa 1996)."""
        order = np.argsort(self.scores[:, 0], kind="stable")
        total = np.cumsum(self.weights[order])
        goals = (np.arange(count) + start) / count * total[-1]
        return order[np.minimum(np.searchsorted(total, goals), len(order) - 1)]


def shifted_sobol(dimensions: int, bits: int, seed: Sequence[int]) -> Array:
    """2^bits points that fill the unit cube evenly: Sobol's sequence, moved round by a random shift.

    Source: Cranley & Patterson 1976.

    >>> shifted_sobol(2, 3, (1,)).shape
    (8, 2)
    """
    qmc = needed("scipy.stats.qmc", "studies", "Calibrations")
    shift = np.random.default_rng(list(seed)).random(dimensions)
    points = (qmc.Sobol(dimensions, scramble=False).random_base2(bits) + shift) % 1.0
    return np.clip(points, 1e-9, 1.0 - 1e-9)


def _log_normal(scores: Array) -> Array:
    return -0.5 * (scores**2).sum(axis=1) - 0.5 * scores.shape[1] * math.log(2.0 * math.pi)


def _weights(log_weights: Array) -> Array:
    largest = float(log_weights.max())
    if not math.isfinite(largest):
        return np.full(len(log_weights), 1.0 / len(log_weights))
    raised = np.exp(log_weights - largest)
    return raised / raised.sum()


def _raised(base: Array, log_likelihood: Array, power: float, count: int) -> float:
    """The largest power up to 1 at which enough of the sample stays effective."""

    def effective(candidate: float) -> float:
        weights = _weights(base + candidate * log_likelihood)
        return 1.0 / float(np.sum(weights**2))

    if effective(1.0) >= LEAST_EFFECTIVE * count:
        return 1.0
    low, high = power, 1.0
    for _ in range(30):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if effective(middle) >= LEAST_EFFECTIVE * count else (low, middle)
    return low


@dataclass(frozen=True)
class _Mixture:
    """Student t kernels around a sample, and a part of the prior."""

    centres: Array
    root: Array

    def draw(self, uniforms: Array) -> Array:
        special = needed("scipy.special", "studies", "Calibrations")
        dimensions = self.centres.shape[1]
        normal = special.ndtri(uniforms[:, :dimensions])
        chi2 = special.chdtri(FREEDOM, 1.0 - uniforms[:, dimensions])
        chosen = np.minimum((uniforms[:, dimensions + 1] * len(self.centres)).astype(np.int64), len(self.centres) - 1)
        scores = self.centres[chosen] + (normal @ self.root.T) * np.sqrt(FREEDOM / chi2)[:, None]
        from_prior = uniforms[:, dimensions + 2] < PRIOR_PART
        return np.where(from_prior[:, None], normal, scores)

    def log_density(self, scores: Array) -> Array:
        linalg = needed("scipy.linalg", "studies", "Calibrations")
        dimensions = scores.shape[1]
        moved = linalg.solve_triangular(self.root, scores.T, lower=True, check_finite=False).T
        around = linalg.solve_triangular(self.root, self.centres.T, lower=True, check_finite=False).T
        square = (moved**2).sum(axis=1)[:, None] + (around**2).sum(axis=1) - 2.0 * moved @ around.T
        constant = (
            math.lgamma((FREEDOM + dimensions) / 2)
            - math.lgamma(FREEDOM / 2)
            - 0.5 * dimensions * math.log(FREEDOM * math.pi)
            - float(np.log(np.diag(self.root)).sum())
        )
        kernels = constant - 0.5 * (FREEDOM + dimensions) * np.log1p(np.maximum(square, 0.0) / FREEDOM)
        near = np.exp(kernels).mean(axis=1)
        density = (1.0 - PRIOR_PART) * near + PRIOR_PART * np.exp(_log_normal(scores))
        return np.log(np.maximum(density, 1e-300))


def _mixture(sample: Sample, kernels: int) -> _Mixture:
    dimensions = sample.scores.shape[1]
    centres = sample.scores[sample.draw(kernels)]
    mean = sample.weights @ sample.scores
    apart = sample.scores - mean
    covariance = (apart * sample.weights[:, None]).T @ apart + np.eye(dimensions) * 1e-8
    # Silverman's width for this many kernels, a quarter wider: tails that are too light are what spoils weights. The
    # centres are drawn in by as much as the kernels spread, so that the mixture is as wide as the sample (West 1993).
    width = min(1.25 * (4.0 / (kernels * (dimensions + 2.0))) ** (1.0 / (dimensions + 4.0)), 0.95)
    drawn_in = mean + math.sqrt(1.0 - width**2) * (centres - mean)
    return _Mixture(drawn_in, np.linalg.cholesky(covariance * width**2))


def sample_posterior(
    log_likelihood: LogLikelihood, dimensions: int, *, count: int = 2048, seed: int = 0, power: float = 1.0
) -> Sample:
    """A weighted sample of normal scores from prior x likelihood^power.

    Args:
        log_likelihood: Of scores.
        dimensions: Number of parameters.
        count: Size of the sample; a power of 2.
        seed: Of the stream of quasi-random numbers.
        power: 1 for the posterior; less for a wider sample around it.

    >>> sample = sample_posterior(lambda z: -0.5 * (z[:, 0] - 3.0) ** 2 / 0.01, 2, count=1024)
    >>> round(float(sample.weights @ sample.scores[:, 0]), 2), sample.effective > 400
    (2.97, True)
    """
    special = needed("scipy.special", "studies", "Calibrations")
    bits = int(math.log2(count))
    scores: Array = special.ndtri(shifted_sobol(dimensions, bits, (seed, 0)))
    found = power * log_likelihood(scores)
    base, reached, extra = np.zeros(len(scores)), 0.0, 0
    sample = Sample(scores, _weights(base), found / power)
    for step in range(1, STEPS + 1):
        reached = _raised(base, found, reached, len(scores))
        sample = Sample(scores, _weights(base + reached * found), found / power)
        if reached >= 1.0:
            extra += 1
            if extra > 2:
                break
        mixture = _mixture(sample, KERNELS)
        scores = mixture.draw(shifted_sobol(dimensions + 3, bits, (seed, step)))
        found = power * log_likelihood(scores)
        base = _log_normal(scores) - mixture.log_density(scores)
    return Sample(scores, _weights(base + found), found / power)
