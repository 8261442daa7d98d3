"""Climbing to the likeliest parameters on simulated points, all of which have the same luck.

Around the point where it stands a climb simulates two points along each parameter, and takes the summaries for linear
within that region. It simulates the likeliest point of the region by that, and one a third of the way, and goes to the
best of all. The region grows when its edge was worth going to and shrinks when the straight line erred. A climb has
settled when neither prediction nor runs offer more than a quarter of a unit of log-likelihood. Its end is the best
point, or the likeliest by a straight line through all runs around that.

All points have the same luck, so that they are compared with each other and not with their luck.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import pandas as pd

from sim.runs.execution.task import DONE
from sim.runs.experiment.points import PointValues
from sim.studies.calibration.posterior import shifted_sobol
from sim.studies.calibration.prior import Prior, to_cube, to_scores
from sim.studies.calibration.target import Array, Target

IMPOSSIBLE = -1e30

SHARED, MOST_SHARED = 1_000_000, 96
"""First replication whose luck all points share, beyond any that an experiment can ask for, and how many there are."""

CLIMB_RUNS, LAST_RUNS = 8, 32
"""Most runs at a point of a climb, and of its last part."""

CLIMB_NOISE, LAST_NOISE = 2.0, 1.0
"""Standard deviation of a point's log-likelihood through luck that is aimed at, if it takes no more runs than that."""

MOST_ROUNDS = 20
FIRST_REGION, LARGEST_REGION, SETTLED_REGION, SMALLEST_REGION = 0.5, 2.0, 0.25, 0.002
SHRINK, GROW, WORTH = 0.4, 2.0, 0.25
ENOUGH = 0.25
POLISHED = 0.15
"""Region over which the end of a climb is smoothed: the best of many runs is also the luckiest."""

FARTHEST = 4.0
FAR = 0.35
"""Part of the prior's range that lies between the two starts, in one parameter at least."""


class Evaluator(Protocol):
    """What the search asks of `sim.runs.evaluation.Evaluation`."""

    def evaluate(self, points: Sequence[PointValues], replications: int | range = 1) -> pd.DataFrame:
        """Rows of all points and replications."""
        ...


def most_points(dimensions: int) -> int:
    """What a climb simulates at most."""
    return 1 + MOST_ROUNDS * (2 * dimensions + 2)


class Ground:
    """The log-likelihood of the data at points, by runs that all have the same luck."""

    def __init__(self, evaluation: Evaluator, prior: Prior, target: Target) -> None:
        self.evaluation, self.prior, self.target = evaluation, prior, target
        self.failed: set[tuple[str, int]] = set()
        self._peaked = np.array([axis.factor.distribution != "uniform" for axis in prior.axes], dtype=np.float64)

    def runs(self, scores: Array, numbers: range) -> Array:
        """Summaries of the runs, float64[k, runs, m]; NaN of runs that failed and at points that the prior excludes."""
        cube = to_cube(scores)
        inside = np.flatnonzero(np.asarray(self.prior.inside(cube), dtype=bool))
        found = np.full((len(scores), len(numbers), len(self.target.names)), np.nan)
        if not len(inside):
            return found
        rows = self.evaluation.evaluate(self.prior.points(cube[inside]), numbers)
        said = np.asarray(self.target.summaries(rows), dtype=np.float64)
        bad = (rows["status"] != DONE).to_numpy()
        self.failed.update(zip(rows.loc[bad, "point"], rows.loc[bad, "replication"], strict=True))
        said[bad] = np.nan
        said[~np.isfinite(said).all(axis=1)] = np.nan
        found[inside] = said.reshape(len(inside), len(numbers), -1)
        return found

    def together(self, each: Array) -> Array:
        """What the runs at each point say, float64[k, m], from float64[k, runs, m]: those that did not fail."""
        found = np.full((len(each), each.shape[2]), np.nan)
        for number, runs in enumerate(each):
            done = runs[np.isfinite(runs).all(axis=1)]
            if len(done):
                found[number] = self.target.averaged(done[None])[0]
        return found

    def height(self, summaries: Array, scores: Array) -> Array:
        """Log-likelihood at means of summaries, float64[k, m], and the log density of peaked priors: float64[k]."""
        found = np.full(len(summaries), IMPOSSIBLE)
        good = np.isfinite(summaries).all(axis=1)
        if good.any():
            none = np.zeros((int(good.sum()), summaries.shape[1], summaries.shape[1]))
            found[good] = np.maximum(self.target.log_likelihood(summaries[good], none), IMPOSSIBLE)
        return found - 0.5 * (scores**2) @ self._peaked


class Climb:
    """A climb on the ground of one luck, from the likeliest of its starts, float64[d] or float64[k, d]."""

    def __init__(self, ground: Ground, start: Array, numbers: range) -> None:
        self._ground, self._numbers = ground, numbers
        starts = np.atleast_2d(start)
        dimensions = starts.shape[1]
        self._steps = np.concatenate([np.eye(dimensions), -np.eye(dimensions)])
        self._even = 2.0 * shifted_sobol(dimensions, 9, (7, 7)) - 1.0
        self.scores, self.summaries, self.heights = np.zeros((0, dimensions)), np.zeros((0, 0)), np.zeros(0)
        self._look(np.clip(starts, -FARTHEST, FARTHEST))
        self.settled, self.ends = False, self.scores

    def _look(self, scores: Array) -> None:
        found = self._ground.together(self._ground.runs(scores, self._numbers))
        self.summaries = np.concatenate([self.summaries.reshape(-1, found.shape[1]), found])
        self.heights = np.concatenate([self.heights, self._ground.height(found, scores)])
        self.scores = np.concatenate([self.scores, scores])

    @property
    def best(self) -> int:
        """Position of the likeliest point."""
        return int(np.argmax(self.heights))

    def climb(self, region: float = FIRST_REGION) -> Climb:
        """To the end, by steps of that size at first."""
        for _ in range(MOST_ROUNDS):
            here = self.best
            place, height = self.scores[here], self.heights[here]
            self._look(np.clip(place + 0.5 * region * self._steps, -FARTHEST, FARTHEST))
            aim, promised = self._aim(place, region)
            self._look(np.stack([aim, place + (aim - place) / 3.0]))
            gained = self.heights[self.best] - height
            if max(promised, gained) < ENOUGH:
                if region <= SETTLED_REGION:
                    self.settled = True
                    break
                region *= SHRINK
            elif gained < WORTH * promised:
                region *= SHRINK
            elif np.abs(self.scores[self.best] - place).max() > 0.9 * region:
                region = min(region * GROW, LARGEST_REGION)
            if region < SMALLEST_REGION:
                self.settled = True
                break
        place = self.scores[self.best]
        self.ends = np.stack([place, self._aim(place, max(region, POLISHED))[0]])
        return self

    def _aim(self, place: Array, region: float) -> tuple[Array, float]:
        """The likeliest point of the region if summaries are linear there, and by how much."""
        apart = self.scores - place
        near = (np.abs(apart).max(axis=1) <= 1.01 * region) & np.isfinite(self.summaries).all(axis=1)
        if near.sum() < 2:
            return place, 0.0
        plane = np.concatenate([np.ones((int(near.sum()), 1)), apart[near]], axis=1)
        surface = np.linalg.lstsq(plane, self.summaries[near], rcond=None)[0]

        def heights(scores: Array) -> Array:
            return self._ground.height(surface[0] + (scores - place) @ surface[1:], scores)

        best, width = place, region
        base = top = float(heights(place[None, :])[0])
        for _ in range(4):
            tried = np.clip(best + width * self._even, place - region, place + region)
            tried = np.clip(tried, -FARTHEST, FARTHEST)
            tried = tried[self._ground.prior.inside(to_cube(tried))]
            if len(tried):
                found = heights(tried)
                number = int(np.argmax(found))
                if found[number] > top:
                    best, top = tried[number], float(found[number])
            width *= 0.3
        return best, top - base


def variance_by_luck(target: Target, summaries: Array, dispersion: Array | float = 1.0) -> float:
    """Variance of the log-likelihood through the luck of one run that says these summaries.

    By the slope of the log-likelihood, and by its bend: sum of (g^2 v + h^2 v^2 / 2), where v is the variance of a
    summary through luck.

    Args:
        target: The data.
        summaries: float64[m].
        dispersion: Variance of luck over what the target says.
    """
    luck = target.noise(summaries[None, :])[0] * np.maximum(dispersion, 1.0)
    step = 0.1 * np.sqrt(luck)
    here = summaries[None, :]
    apart = np.concatenate([here + sign * step * np.eye(len(summaries)) for sign in (1.0, -1.0)] + [here])
    none = np.zeros((len(apart), len(summaries), len(summaries)))
    heights = target.log_likelihood(apart, none)
    up, down = np.split(heights[:-1], 2)
    slope, bend = (up - down) / 0.2, (up + down - 2.0 * heights[-1]) / 0.01
    return float((slope**2 + 0.5 * bend**2).sum())


def runs_of_a_climb(variance: float) -> range:
    """Which runs a point of a climb has, given the variance of the log-likelihood through the luck of one."""
    return range(SHARED, SHARED + int(np.clip(np.ceil(variance / CLIMB_NOISE**2), 1, CLIMB_RUNS)))


def last_runs_of_a_climb(variance: float) -> range:
    """The same where it closes in: those of before and more."""
    return range(SHARED, SHARED + int(np.clip(np.ceil(variance / LAST_NOISE**2), 1, LAST_RUNS)))


def far_start(prior: Prior, cube: Array, heights: Array, middle: Array) -> Array:
    """Scores of the best point far from the middle; where none is far, of the farthest point of an even design.

    Args:
        prior: What is believed before.
        cube: Points that were simulated, float64[n, d].
        heights: How likely the data are there, float64[n].
        middle: Scores from which to keep away, float64[d].
    """
    apart = np.abs(cube - to_cube(middle[None, :])).max(axis=1)
    far = apart >= FAR
    if far.any():
        return to_scores(cube[far][[int(np.argmax(heights[far]))]])[0]
    even = shifted_sobol(len(middle), 8, (7, 8))
    even = even[prior.inside(even)]
    if not len(even):
        return to_scores(cube[[int(np.argmax(apart))]])[0]
    return to_scores(even[[int(np.argmax(np.abs(even - to_cube(middle[None, :])).max(axis=1)))]])[0]
