"""What a run would say at parameters that were not simulated: a smooth surface through noisy runs, with its own error.

Universal kriging (Sacks, Welch, Mitchell & Wynn 1989) with noise: summary = quadratic polynomial + Gaussian process +
luck. The process has a squared exponential correlation with a length of its own for each parameter; the variance of
luck at a point is known up to a factor. The factor and the polynomial are integrated or profiled out exactly
(restricted maximum likelihood); lengths and the process's size are chosen from short lists, parameter by parameter.
Nothing in this depends on the last bit of a sum, so that a search that is started again takes the same way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.studies.calibration.target import Array, Target
from sim.studies.extras import needed

LENGTHS = (0.2, 0.35, 0.6, 1.0, 2.0)
"""Correlation lengths in units of the prior's range (0-1)."""

SIZES = (0.0, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0)
"""Variance of the process over the mean variance of luck."""

SWEEPS = 3


def features(cube: Array, quadratic: bool) -> Array:
    """Polynomial terms, centred: 1, x, and x_i x_j where there are runs enough.

    >>> features(np.array([[0.5, 1.0]]), True).tolist()
    [[1.0, 0.0, 1.0, 0.0, 0.0, 1.0]]
    """
    x = 2.0 * cube - 1.0
    terms = [np.ones(len(x)), *x.T]
    if quadratic:
        terms += [x[:, i] * x[:, j] for i in range(x.shape[1]) for j in range(i, x.shape[1])]
    return np.stack(terms, axis=1)


def _correlation(one: Array, other: Array, lengths: Sequence[float]) -> Array:
    scale = 1.0 / np.asarray(lengths)
    a, b = one * scale, other * scale
    square = (a**2).sum(axis=1)[:, None] + (b**2).sum(axis=1) - 2.0 * a @ b.T
    correlation: Array = np.exp(-0.5 * np.maximum(square, 0.0))
    return correlation


@dataclass(frozen=True)
class Surface:
    """The emulator of one summary.

    Attributes:
        cube: Where the runs were, float64[n, d].
        lengths: Correlation lengths.
        size: Variance of the process over that of luck.
        scale: Variance of luck where it is as large as on average over the runs.
        quadratic: Whether the polynomial has squares and products.
    """

    cube: Array
    lengths: tuple[float, ...]
    size: float
    scale: float
    quadratic: bool
    _root: Array
    _white: Array
    _trend: Array
    _trend_root: Array
    _coefficients: Array

    def predict(self, cube: Array) -> tuple[Array, Array]:
        """Mean of the summary over luck, and the variance of the error in that, float64[k] each."""
        linalg = needed("scipy.linalg", "studies", "Calibrations")
        terms = features(cube, self.quadratic)
        mean = terms @ self._coefficients
        if self.size == 0.0:
            left = terms.T
            variance = np.zeros(len(cube))
        else:
            cross = self.size * _correlation(self.cube, cube, self.lengths)
            solved = linalg.solve_triangular(self._root, cross, lower=True, check_finite=False)
            mean = mean + solved.T @ self._white
            left = terms.T - self._trend.T @ solved
            variance = self.size - np.einsum("ij,ij->j", solved, solved)
        bent = linalg.solve_triangular(self._trend_root, left, lower=True, check_finite=False)
        variance = np.maximum(variance, 0.0) + np.einsum("ij,ij->j", bent, bent)
        return mean, self.scale * variance


def fit_surface(cube: Array, values: Array, noise: Array) -> Surface:
    """Fit the emulator of one summary.

    Args:
        cube: Places of the runs in the unit cube, float64[n, d].
        values: The summary, float64[n].
        noise: Its variance through luck, up to a factor common to all, float64[n].

    >>> dice = np.random.default_rng(1)
    >>> cube = dice.random((40, 1))
    >>> surface = fit_surface(cube, np.sin(6.0 * cube[:, 0]) + 0.05 * dice.standard_normal(40), np.full(40, 0.0025))
    >>> mean, variance = surface.predict(np.array([[0.3]]))
    >>> bool(abs(mean[0] - np.sin(1.8)) < 4.0 * np.sqrt(variance[0])), 0.03 < surface.scale**0.5 < 0.08
    (True, True)
    """
    count, dimensions = cube.shape
    quadratic = count >= 2 * (1 + dimensions + dimensions * (dimensions + 1) // 2)
    terms = features(cube, quadratic)
    level = float(np.mean(noise))
    diagonal = noise / level
    lengths, size = [0.6] * dimensions, 1.0
    best = _fitted(cube, values, diagonal, terms, lengths, size)
    for _ in range(SWEEPS):
        before = best[0]
        for option in SIZES:
            tried = _fitted(cube, values, diagonal, terms, lengths, option)
            if tried[0] > best[0]:
                best, size = tried, option
        if size > 0.0:
            for i in range(dimensions):
                for option in LENGTHS:
                    shape = [*lengths[:i], option, *lengths[i + 1 :]]
                    tried = _fitted(cube, values, diagonal, terms, shape, size)
                    if tried[0] > best[0]:
                        best, lengths = tried, shape
        if best[0] <= before:
            break
    _, scale, root, white, trend, trend_root, coefficients = best
    # Everything above is in units of the mean variance of luck.
    return Surface(cube, tuple(lengths), size, scale, quadratic, root, white, trend, trend_root, coefficients)


def _fitted(
    cube: Array, values: Array, diagonal: Array, terms: Array, lengths: Sequence[float], size: float
) -> tuple[float, float, Array, Array, Array, Array, Array]:
    """Restricted log-likelihood with a weak preference for long lengths, and what a prediction needs."""
    linalg = needed("scipy.linalg", "studies", "Calibrations")
    covariance = np.diag(diagonal + 1e-9)
    if size > 0.0:
        covariance = covariance + size * _correlation(cube, cube, lengths)
    root = linalg.cholesky(covariance, lower=True, check_finite=False)
    trend = linalg.solve_triangular(root, terms, lower=True, check_finite=False)
    target = linalg.solve_triangular(root, values, lower=True, check_finite=False)
    information = trend.T @ trend
    information[np.diag_indices_from(information)] += 1e-9
    trend_root = linalg.cholesky(information, lower=True, check_finite=False)
    coefficients = linalg.cho_solve((trend_root, True), trend.T @ target, check_finite=False)
    white = target - trend @ coefficients
    freedom = max(len(values) - terms.shape[1], 1)
    scale = max(float(white @ white) / freedom, 1e-12)
    log_likelihood = (
        -0.5 * freedom * np.log(scale) - np.log(np.diag(root)).sum() - np.log(np.diag(trend_root)).sum()
        - (0.05 * sum(1.0 / length for length in lengths) if size > 0.0 else 0.0)
    )  # fmt: skip
    return float(log_likelihood), scale, root, white, trend, trend_root, coefficients


@dataclass(frozen=True)
class Emulator:
    """Surfaces of all summaries.

    Attributes:
        surfaces: One for each summary.
        dispersion: Variance of luck over what the target said it would be, for each summary.
    """

    surfaces: tuple[Surface, ...]
    dispersion: Array

    def predict(self, cube: Array) -> tuple[Array, Array]:
        """Mean and error variance of every summary, float64[k, m] each."""
        pairs = [surface.predict(cube) for surface in self.surfaces]
        return np.stack([mean for mean, _ in pairs], axis=1), np.stack([variance for _, variance in pairs], axis=1)


def emulate(target: Target, cube: Array, summaries: Array) -> Emulator:
    """Fit the surfaces of all summaries to runs.

    The variance of luck depends on the summaries themselves, and a run that was lucky would claim to be sure; so the
    surfaces are fitted twice, the second time with the variances that follow from the first surfaces.

    Args:
        target: Knows the shape of luck.
        cube: Places of the runs in the unit cube, float64[n, d].
        summaries: float64[n, m].
    """
    noise = target.noise(summaries)
    first = [fit_surface(cube, summaries[:, j], noise[:, j]) for j in range(summaries.shape[1])]
    smooth = np.stack([surface.predict(cube)[0] for surface in first], axis=1)
    noise = target.noise(smooth)
    surfaces = [fit_surface(cube, summaries[:, j], noise[:, j]) for j in range(summaries.shape[1])]
    scales = np.array([surface.scale for surface in surfaces])
    return Emulator(tuple(surfaces), scales / noise.mean(axis=0))
