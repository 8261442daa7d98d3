"""Whether a search has converged: a second, direct search on simulated points must come to the same end.

The surfaces are learnt from few runs and may be wrong where the prior is wide; the ensemble would not notice. So before
anything is called a fit, or a failure to fit, two climbs are made on runs themselves, one from the ensemble's middle
and one from the best simulated point far from it:

1. Around the point where it stands a climb simulates two points along each parameter, and takes the summaries for
   linear within that region. It simulates the likeliest point of the region by that, and one a third of the way, and
   goes to the best of all. The region grows when its edge was worth going to and shrinks when the straight line erred.
   A climb has settled when neither prediction nor runs offer more than a quarter of a unit of log-likelihood. Its end
   is the best point, or the likeliest by a straight line through all runs around that.
2. All points have the same luck, so that they are compared with each other and not with their luck.
3. At the end, with luck that the climbs never met, ends and members are simulated several times over.

The fit has converged if both climbs settled, their ends agree in log-likelihood within 2 units and twice the standard
error of the difference (jackknife over the luck), the middle member and half of the members lie no more than that (the
members, a half more for each parameter: so much does a true posterior) below the better end, and both ends lie within
the intervals, widened by half on each side since a mode may lie at the edge. A parameter with a peaked prior counts
with its density as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.runs.execution.task import DONE
from sim.studies.calibration.fit_search import IMPOSSIBLE, SHARED, Evaluator, Found
from sim.studies.calibration.goodness import middle_member, posterior_table
from sim.studies.calibration.posterior import shifted_sobol
from sim.studies.calibration.prior import Prior, to_cube, to_scores
from sim.studies.calibration.target import Array, Target
from sim.words import say

TOLERANCE = 2.0
"""Units of log-likelihood that do not matter: a likelihood 7 times as high."""

LARGEST_NOISE = 3.0
"""Standard error of the difference between the ends above which runs are too few to tell."""

CLIMB_RUNS, FINAL_RUNS, FEWEST_FINAL = 8, 16, 4
"""Most runs at a point of a climb, most and fewest at each point that is compared at the end."""

CLIMB_NOISE, FINAL_NOISE = 2.0, 1.0
"""Standard deviation of a point's log-likelihood through luck that is aimed at, if it takes no more runs than that."""

CHECKED = 8
MOST_ROUNDS = 20
FIRST_REGION, LARGEST_REGION, SETTLED_REGION, SMALLEST_REGION = 0.5, 2.0, 0.25, 0.002
SHRINK, GROW, WORTH = 0.4, 2.0, 0.25
ENOUGH = 0.25
POLISHED = 0.15
"""Region over which the end of a climb is smoothed: the best of many runs is also the luckiest."""

FARTHEST = 4.0
FAR = 0.35
"""Part of the prior's range that lies between the two starts, in one parameter at least."""

WIDENED = 0.5


def most_runs(dimensions: int) -> int:
    """What the check costs at most."""
    points = 2 * (1 + MOST_ROUNDS * (2 * dimensions + 2))
    return points * CLIMB_RUNS + (5 + CHECKED) * FINAL_RUNS


@dataclass(frozen=True)
class End:
    """Where a climb ended.

    Attributes:
        values: Parameters by path.
        log_likelihood: There, by runs with new luck; up to a constant that all points share.
        settled: Whether the climb ended by itself.
        points: Points that it simulated.
    """

    values: dict[str, Any]
    log_likelihood: float
    settled: bool
    points: int


@dataclass(frozen=True)
class Convergence:
    """What came of the check.

    Attributes:
        reasons: Why the fit has not converged, a clause each; empty if it has.
        ends: Of the two climbs, from the ensemble's middle and from far away.
        noise: Standard error of the difference in log-likelihood between the ends.
        middle_behind: Log-likelihood of the better end over that of the middle member.
        members_behind: The same for the median of the members that were checked.
        runs: Runs at each point of the climbs, and at each of those compared at the end.
        failed: How many of all these runs failed.
    """

    reasons: tuple[str, ...]
    ends: tuple[End, ...] = ()
    noise: float = 0.0
    middle_behind: float = 0.0
    members_behind: float = 0.0
    runs: tuple[int, int] = field(default=(1, 1))
    failed: int = 0

    @property
    def converged(self) -> bool:
        """Whether there is no reason against it."""
        return not self.reasons


class _Ground:
    """The log-likelihood of the data at points, by runs that all have the same luck."""

    def __init__(self, evaluation: Evaluator, prior: Prior, target: Target) -> None:
        self.evaluation, self.prior, self.target = evaluation, prior, target
        self.failed: set[tuple[str, int]] = set()
        self._peaked = np.array([axis.factor.distribution != "uniform" for axis in prior.axes], dtype=np.float64)

    def runs(self, scores: Array, numbers: range) -> Array:
        """Summaries of the runs, float64[k, runs, m]; NaN at points where one failed or that the prior excludes."""
        cube = to_cube(scores)
        rows = self.evaluation.evaluate(self.prior.points(cube), numbers)
        found = np.asarray(self.target.summaries(rows), dtype=np.float64)
        bad = (rows["status"] != DONE).to_numpy()
        self.failed.update(zip(rows.loc[bad, "point"], rows.loc[bad, "replication"], strict=True))
        found[bad] = np.nan
        found = found.reshape(len(scores), len(numbers), -1)
        good = np.isfinite(found).all(axis=(1, 2)) & np.asarray(self.prior.inside(cube), dtype=bool)
        found[~good] = np.nan
        return found

    def height(self, summaries: Array, scores: Array) -> Array:
        """Log-likelihood at means of summaries, float64[k, m], and the log density of peaked priors: float64[k]."""
        found = np.full(len(summaries), IMPOSSIBLE)
        good = np.isfinite(summaries).all(axis=1)
        if good.any():
            none = np.zeros((int(good.sum()), summaries.shape[1], summaries.shape[1]))
            found[good] = np.maximum(self.target.log_likelihood(summaries[good], none), IMPOSSIBLE)
        higher: Array = found - 0.5 * (scores**2) @ self._peaked
        return higher


class _Climb:
    """A climb on the ground of one luck."""

    def __init__(self, ground: _Ground, start: Array, numbers: range) -> None:
        self._ground, self._numbers = ground, numbers
        dimensions = len(start)
        self._steps = np.concatenate([np.eye(dimensions), -np.eye(dimensions)])
        self._even = 2.0 * shifted_sobol(dimensions, 9, (7, 7)) - 1.0
        self.scores, self.summaries, self.heights = np.zeros((0, dimensions)), np.zeros((0, 0)), np.zeros(0)
        self._look(np.clip(start, -FARTHEST, FARTHEST)[None, :])
        self.settled, self.ends = False, self.scores

    def _look(self, scores: Array) -> None:
        found = self._ground.runs(scores, self._numbers).mean(axis=1)
        self.summaries = np.concatenate([self.summaries.reshape(-1, found.shape[1]), found])
        self.heights = np.concatenate([self.heights, self._ground.height(found, scores)])
        self.scores = np.concatenate([self.scores, scores])

    @property
    def best(self) -> int:
        return int(np.argmax(self.heights))

    def climb(self) -> _Climb:
        """To the end."""
        region = FIRST_REGION
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


def check_convergence(
    found: Found, evaluation: Evaluator, prior: Prior, chosen: np.ndarray[Any, np.dtype[np.int64]]
) -> Convergence:
    """Climb from two starts, and compare ends and ensemble.

    Args:
        found: What the search ended with.
        evaluation: Does the runs; those of the check are `search.SHARED` and after.
        prior: What was believed before.
        chosen: Positions of the ensemble's members in the sample of `found`.
    """
    middle, posterior = middle_member(found, chosen), posterior_table(found, prior)
    intervals = list(zip(posterior["low"], posterior["high"], strict=True))
    ground = _Ground(evaluation, prior, found.target)
    climbing, final = _numbers_of_runs(found, middle)
    climbs = [_Climb(ground, start, climbing).climb() for start in (middle, _far(found, prior, middle))]
    some = found.sample.scores[chosen[(np.arange(CHECKED) * len(chosen)) // CHECKED]]
    scores = np.concatenate([*(climb.ends for climb in climbs), [middle], some])
    runs = ground.runs(scores, final)
    heights = ground.height(runs.mean(axis=1), scores)
    kept = [int(np.argmax(heights[:2])), 2 + int(np.argmax(heights[2:4])), *range(4, len(heights))]
    scores, runs, heights = scores[kept], runs[kept], heights[kept]
    noise = _noise(ground, runs[:2], scores[:2])
    points = prior.points(to_cube(scores[:2]))
    best = float(heights[:2].max())
    judged = Convergence(
        reasons=(),
        ends=tuple(
            End(dict(values), float(height), climb.settled, len(climb.scores))
            for values, height, climb in zip(points, heights, climbs, strict=False)
        ),
        noise=noise,
        middle_behind=best - float(heights[2]),
        members_behind=best - float(np.median(heights[3:])),
        runs=(len(climbing), len(final)),
        failed=len(ground.failed),
    )
    return Convergence(**{**vars(judged), "reasons": tuple(_reasons(judged, intervals))})


def _numbers_of_runs(found: Found, middle: Array) -> tuple[range, range]:
    """Which runs the climbs have at each point, and which the end: as many as their luck needs beside the data's."""
    mean, _ = found.emulator.predict(to_cube(middle[None, :]))
    luck = found.target.noise(mean) * np.maximum(found.emulator.dispersion, 1.0)
    step = 0.1 * np.sqrt(luck)
    apart = np.concatenate([mean + sign * step[0] * np.eye(mean.shape[1]) for sign in (1.0, -1.0)])
    none = np.zeros((len(apart), mean.shape[1], mean.shape[1]))
    up, down = np.split(found.target.log_likelihood(apart, none), 2)
    noise2 = float((((up - down) / 0.2) ** 2).sum())  # variance of the log-likelihood through the luck of one run
    few = int(np.clip(np.ceil(noise2 / CLIMB_NOISE**2), 1, CLIMB_RUNS))
    many = int(np.clip(np.ceil(noise2 / FINAL_NOISE**2), FEWEST_FINAL, FINAL_RUNS))
    return range(SHARED, SHARED + few), range(SHARED + few, SHARED + few + many)


def _far(found: Found, prior: Prior, middle: Array) -> Array:
    """Scores of the best run far from the middle; where none is far, of the farthest point of an even design."""
    cube, summaries = found.runs.cube, found.runs.summaries
    apart = np.abs(cube - to_cube(middle[None, :])).max(axis=1)
    far = apart >= FAR
    if not far.any():
        even = shifted_sobol(len(middle), 8, (7, 8))
        even = even[prior.inside(even)]
        if not len(even):
            return to_scores(cube[[int(np.argmax(apart))]])[0]
        return to_scores(even[[int(np.argmax(np.abs(even - to_cube(middle[None, :])).max(axis=1)))]])[0]
    luck = found.target.noise(summaries[far])[:, :, None] * np.eye(summaries.shape[1])
    likely = np.maximum(found.target.log_likelihood(summaries[far], luck), IMPOSSIBLE)
    return to_scores(cube[far][[int(np.argmax(likely))]])[0]


def _noise(ground: _Ground, runs: Array, scores: Array) -> float:
    """Standard error of the difference between the heights of two points with the same luck, by the jackknife."""
    count = runs.shape[1]
    without = [np.delete(runs, number, axis=1).mean(axis=1) for number in range(count)]
    apart = np.array([np.diff(ground.height(mean, scores))[0] for mean in without])
    return float(np.sqrt((count - 1) / count * ((apart - apart.mean()) ** 2).sum()))


def _reasons(judged: Convergence, intervals: Sequence[tuple[float, float]]) -> list[str]:
    """What speaks against it, a clause each."""
    reasons = []
    allowed = TOLERANCE + 2.0 * min(judged.noise, LARGEST_NOISE)
    one, other = judged.ends
    if not (one.settled and other.settled):
        reasons.append(
            say(
                "a direct search on simulated points did not settle within {most_rounds} rounds",
                most_rounds=MOST_ROUNDS,
            )
        )
    apart = abs(one.log_likelihood - other.log_likelihood)
    if apart > allowed:
        reasons.append(
            say(
                "direct searches from two starts end {units} of log-likelihood apart ({allowed:.1f} would be allowed)",
                units=_units(apart),
                allowed=allowed,
            )
        )
    elif judged.noise > LARGEST_NOISE:
        reasons.append(
            say(
                "luck moves the log-likelihood by {noise:.1f}: too few customers or replications to tell",
                noise=judged.noise,
            )
        )
    if judged.middle_behind > allowed:
        reasons.append(
            say(
                "the ensemble's middle lies {units} of log-likelihood below what a direct search found "
                "({allowed:.1f} would be allowed)",
                units=_units(judged.middle_behind),
                allowed=allowed,
            )
        )
    roomy = allowed + 0.5 * len(intervals)
    if judged.members_behind > roomy:
        reasons.append(
            say(
                "half of the ensemble lies {units} of log-likelihood or more below what a direct search "
                "found ({roomy:.1f} would be allowed)",
                units=_units(judged.members_behind),
                roomy=roomy,
            )
        )
    for path, (low, high) in zip(one.values, intervals, strict=True):
        room = WIDENED * (high - low)
        outside = [end.values[path] for end in judged.ends if not low - room <= end.values[path] <= high + room]
        if outside:
            reasons.append(
                say(
                    "a direct search ends at {path} = {value:.4g}, outside of {low:.4g} to {high:.4g}",
                    path=path,
                    value=outside[0],
                    low=low,
                    high=high,
                )
            )
    return reasons


def _units(number: float) -> str:
    return say("{number:,.1f} units", number=number) if number < 1e6 else say("without limit")
