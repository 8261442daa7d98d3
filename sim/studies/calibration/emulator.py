"""What a run would say at parameters that were not simulated: a smooth surface through noisy runs, with its own error.

Kriging with noise (Sacks, Welch, Mitchell & Wynn 1989): summary = constant + quadratic polynomial + Gaussian process +
luck. The coefficients of the polynomial are normal with a common variance, the process has a squared exponential
correlation with a length of its own for each parameter, the variance of luck at a point is known up to a factor. The
constant and the factor are integrated or profiled out (restricted maximum likelihood); lengths and the two variances
are chosen from short lists, one after the other. Both variances may be 0: a summary in which nothing but luck shows
becomes a flat surface, where free coefficients would follow the luck and pretend to know something. Nothing in this
depends on the last bit of a sum, so that a search that is started again takes the same way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sim.studies.calibration.box import Box
from sim.studies.calibration.target import Array, Target
from sim.vocabulary.extras import needed

LENGTHS = (0.2, 0.35, 0.6, 1.0, 2.0)
"""Correlation lengths in units of the prior's range (0-1)."""

SIZES = (0.0, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 1000.0)
"""Variance of the process over the mean variance of luck."""

BENDS = (0.0, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 100.0, 1000.0, 10000.0)
"""Variance of a coefficient of the polynomial over the mean variance of luck."""

SWEEPS = 3


def features(cube: Array) -> Array:
    """Terms of the polynomial without its constant: x, and x_i x_j, each from -1 to 1.

    >>> features(np.array([[0.5, 1.0]])).tolist()
    [[0.0, 1.0, 0.0, 0.0, 1.0]]
    """
    x = 2.0 * cube - 1.0
    products = [x[:, i] * x[:, j] for i in range(x.shape[1]) for j in range(i, x.shape[1])]
    return np.stack([*x.T, *products], axis=1)


class Shape(NamedTuple):
    """What is chosen from the lists.

    Attributes:
        size: Variance of the process over that of luck.
        bend: Variance of the polynomial's coefficients over that of luck.
        lengths: Correlation lengths of the process.
    """

    size: float
    bend: float
    lengths: tuple[float, ...]

    def covariance(self, one: Array, other: Array) -> Array:
        """Of the surface between places in the unit cube, constant left out: float64[k, n]."""
        found = np.zeros((len(one), len(other)))
        if self.size > 0.0:
            scale = 1.0 / np.asarray(self.lengths)
            a, b = one * scale, other * scale
            square = (a**2).sum(axis=1)[:, None] + (b**2).sum(axis=1) - 2.0 * a @ b.T
            found += self.size * np.exp(-0.5 * np.maximum(square, 0.0))
        if self.bend > 0.0:
            found += self.bend * features(one) @ features(other).T
        return found

    def variance(self, cube: Array) -> Array:
        """Of the surface at places in the unit cube: float64[k]."""
        return self.size + self.bend * (features(cube) ** 2).sum(axis=1)


class _Fit(NamedTuple):
    log_likelihood: float
    scale: float
    root: Array
    white: Array
    level: float
    ones: Array
    information: float


@dataclass(frozen=True)
class Surface:
    """The emulator of one summary.

    Attributes:
        cube: Where the runs were, float64[n, d].
        shape: What was chosen.
        scale: Variance of luck where it is as large as on average over the runs.
    """

    cube: Array
    shape: Shape
    scale: float
    _fit: _Fit

    def predict(self, cube: Array) -> tuple[Array, Array]:
        """Mean of the summary over luck, and the variance of the error in that, float64[k] each."""
        linalg = needed("scipy.linalg", "studies", "Calibrations")
        fit = self._fit
        cross = self.shape.covariance(self.cube, cube)
        solved = linalg.solve_triangular(fit.root, cross, lower=True, check_finite=False)
        mean = fit.level + solved.T @ fit.white
        variance = np.maximum(self.shape.variance(cube) - np.einsum("ij,ij->j", solved, solved), 0.0)
        variance += (1.0 - fit.ones @ solved) ** 2 / fit.information
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
    diagonal = noise / float(np.mean(noise))
    shape = Shape(1.0, 1.0, (0.6,) * cube.shape[1])
    best = _fitted(cube, values, diagonal, shape)
    for _ in range(SWEEPS):
        before = best.log_likelihood
        for options in (_bends, _sizes, _lengths):
            for number in range(len(shape.lengths) if options is _lengths else 1):
                for tried in options(shape, number):
                    fit = _fitted(cube, values, diagonal, tried)
                    if fit.log_likelihood > best.log_likelihood:
                        best, shape = fit, tried
        if best.log_likelihood <= before:
            break
    return Surface(cube, shape, best.scale, best)


def _bends(shape: Shape, _: int) -> list[Shape]:
    return [shape._replace(bend=bend) for bend in BENDS]


def _sizes(shape: Shape, _: int) -> list[Shape]:
    return [shape._replace(size=size) for size in SIZES]


def _lengths(shape: Shape, number: int) -> list[Shape]:
    if shape.size == 0.0:
        return []
    before, after = shape.lengths[:number], shape.lengths[number + 1 :]
    return [shape._replace(lengths=(*before, length, *after)) for length in LENGTHS]


def _fitted(cube: Array, values: Array, diagonal: Array, shape: Shape) -> _Fit:
    """Restricted log-likelihood, with a weak preference for long lengths, and what a prediction needs."""
    linalg = needed("scipy.linalg", "studies", "Calibrations")
    root = linalg.cholesky(shape.covariance(cube, cube) + np.diag(diagonal + 1e-9), lower=True, check_finite=False)
    both = linalg.solve_triangular(
        root, np.stack([np.ones(len(values)), values], axis=1), lower=True, check_finite=False
    )
    ones, target = both.T
    information = float(ones @ ones)
    level = float(ones @ target) / information
    white = target - level * ones
    freedom = max(len(values) - 1, 1)
    scale = max(float(white @ white) / freedom, 1e-12)
    log_likelihood = (
        -0.5 * freedom * np.log(scale)
        - np.log(np.diag(root)).sum()
        - 0.5 * np.log(information)
        - (0.05 * sum(1.0 / length for length in shape.lengths) if shape.size > 0.0 else 0.0)
    )
    return _Fit(float(log_likelihood), scale, root, white, level, ones, information)


@dataclass(frozen=True)
class Emulator:
    """Surfaces of all summaries, by way of their principal components.

    Summaries of one run rise and fall together, and a surface of each alone would not see that all of them are bent in
    the same way. So surfaces are fitted to components: summaries over the size of their luck, turned so that the first
    component has the largest part of their variance over the runs (Higdon, Gattiker, Williams & Rightley 2008).

    Attributes:
        surfaces: One for each component.
        turn: From components to summaries, float64[m, m]: summaries = components @ turn.
        dispersion: Variance of luck over what the target said it would be, for each summary.
        correlation: Of the summaries of a run through its luck, float64[m, m].
        luck: Variance of a run's components through luck, where the target says v of its summaries: v @ luck.
        box: Part of the unit cube in which the surfaces hold.
    """

    surfaces: tuple[Surface, ...]
    turn: Array
    dispersion: Array
    correlation: Array
    luck: Array
    box: Box

    def components(self, cube: Array) -> tuple[Array, Array]:
        """Mean and error variance of every component, float64[k, m] each."""
        place = self.box.inner(cube)
        pairs = [surface.predict(place) for surface in self.surfaces]
        return np.stack([mean for mean, _ in pairs], axis=1), np.stack([variance for _, variance in pairs], axis=1)

    def predict(self, cube: Array) -> tuple[Array, Array]:
        """Mean of every summary, float64[k, m], and the covariance of the errors, float64[k, m, m]."""
        mean, variance = self.components(cube)
        bent = np.sqrt(variance)[:, :, None] * self.turn
        return mean @ self.turn, np.swapaxes(bent, 1, 2) @ bent


def emulate(target: Target, cube: Array, summaries: Array, runs: Array, box: Box) -> Emulator:
    """Fit the surfaces of all summaries to runs.

    The variance of luck depends on the summaries themselves, and a run that was lucky would claim to be sure; so the
    surfaces are fitted twice, the second time with the variances that follow from the first surfaces.

    Args:
        target: Knows the shape of luck.
        cube: Points in the unit cube, float64[n, d].
        summaries: Of each point, means over its runs, float64[n, m].
        runs: Number of these, float64[n].
        box: Part of the unit cube in which the surfaces are to hold.
    """
    place = box.inner(cube)
    size = np.sqrt(np.median(target.noise(summaries), axis=0))
    _, _, axes = np.linalg.svd((summaries - summaries.mean(axis=0)) / size, full_matrices=True)
    back, turn = (axes / size).T, axes * size
    components = summaries @ back
    noise = target.noise(summaries) / runs[:, None]
    for _ in range(2):
        surfaces = _surfaces(place, components, noise @ back**2)
        fitted = np.stack([surface.predict(place)[0] for surface in surfaces], axis=1) @ turn
        noise = target.noise(fitted) / runs[:, None]
    given = (noise @ back**2).mean(axis=0)
    scale = np.array([surface.scale for surface in surfaces]) / given
    covariance = (turn.T * scale * given) @ turn
    spread = np.sqrt(np.diag(covariance))
    dispersion = np.diag(covariance) / noise.mean(axis=0)
    return Emulator(surfaces, turn, dispersion, covariance / np.outer(spread, spread), back**2 * scale, box)


def _surfaces(cube: Array, components: Array, noise: Array) -> tuple[Surface, ...]:
    return tuple(fit_surface(cube, components[:, j], noise[:, j]) for j in range(components.shape[1]))
