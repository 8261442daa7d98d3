"""Whether a search has converged: a second, direct search on simulated points must come to the same end.

The surfaces are learnt from few runs and may be wrong where the prior is wide; the ensemble would not notice. So before
anything is called a fit, or a failure to fit, two climbs are made on runs themselves, one from the ensemble's middle
and one from the best simulated point far from it:

Both climb as the search does (`climb`), with its luck: what it has simulated on its way counts. At the end, with luck
that the climbs never met, ends and members are simulated several times over.

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

from sim.studies.calibration.climb import (
    CLIMB_RUNS,
    ENOUGH,
    LAST_RUNS,
    MOST_ROUNDS,
    SETTLED_REGION,
    Climb,
    Evaluator,
    Ground,
    far_start,
    last_runs_of_a_climb,
    most_points,
    runs_of_a_climb,
    variance_by_luck,
)
from sim.studies.calibration.fit_search import FoundFit, likelihood_of_runs
from sim.studies.calibration.goodness import middle_member, posterior_table
from sim.studies.calibration.prior import Prior, to_cube
from sim.studies.calibration.target import Array
from sim.words import Sentences, say

TOLERANCE = 2.0
"""Units of log-likelihood that do not matter: a likelihood 7 times as high."""

LARGEST_NOISE = 3.0
"""Standard error of the difference between the ends above which runs are too few to tell."""

FINAL_RUNS, FEWEST_FINAL = 64, 4
"""Most and fewest runs at each point that is compared at the end."""

FINAL_NOISE = 1.0
"""Standard deviation of a point's log-likelihood through luck that is aimed at, if it takes no more runs than that."""

CHECKED = 8
WIDENED = 0.5


def most_runs(dimensions: int) -> int:
    """What the check costs at most."""
    climbs = most_points(dimensions) * (3 * CLIMB_RUNS + 2 * LAST_RUNS)
    return climbs + (5 + CHECKED) * FINAL_RUNS


@dataclass(frozen=True)
class ClimbEnd:
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
    ends: tuple[ClimbEnd, ...] = ()
    noise: float = 0.0
    middle_behind: float = 0.0
    members_behind: float = 0.0
    runs: tuple[int, int] = field(default=(1, 1))
    failed: int = 0

    @property
    def likeliest(self) -> dict[str, Any]:
        """Values of the likelier end; of the one that came from the ensemble's middle, where they hardly differ."""
        one, other = self.ends
        return dict((other if other.log_likelihood > one.log_likelihood + ENOUGH else one).values)

    @property
    def converged(self) -> bool:
        """Whether there is no reason against it."""
        return not self.reasons


def check_convergence(
    found: FoundFit, evaluation: Evaluator, prior: Prior, chosen: np.ndarray[Any, np.dtype[np.int64]]
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
    ground = Ground(evaluation, prior, found.target)
    ground.failed.update(found.failed)
    far = far_start(prior, found.runs.cube, likelihood_of_runs(found.target, found.runs), middle)
    climbing, closing, final = _numbers_of_runs(found, middle)
    first = Climb(ground, far, climbing).climb()
    climbs = [Climb(ground, start, closing).climb(SETTLED_REGION) for start in (middle, first.ends)]
    some = found.sample.scores[chosen[(np.arange(CHECKED) * len(chosen)) // CHECKED]]
    scores = np.concatenate([*(climb.ends for climb in climbs), [middle], some])
    runs = ground.runs(scores, final)
    heights = ground.height(ground.together(runs), scores)
    kept = [int(np.argmax(heights[:2])), 2 + int(np.argmax(heights[2:4])), *range(4, len(heights))]
    scores, runs, heights = scores[kept], runs[kept], heights[kept]
    noise = _noise(ground, runs[:2], scores[:2])
    points = prior.points(to_cube(scores[:2]))
    best = float(heights[:2].max())
    judged = Convergence(
        reasons=(),
        ends=tuple(
            ClimbEnd(dict(values), float(height), climb.settled, len(climb.scores) + before)
            for values, height, climb, before in zip(points, heights, climbs, (0, len(first.scores)), strict=False)
        ),
        noise=noise,
        middle_behind=best - float(heights[2]),
        members_behind=best - float(np.median(heights[3:])),
        runs=(len(closing), len(final)),
        failed=len(ground.failed),
    )
    return Convergence(**{**vars(judged), "reasons": tuple(_reasons(judged, intervals))})


def _numbers_of_runs(found: FoundFit, middle: Array) -> tuple[range, range, range]:
    """Which runs the climbs have at each point, and which the end: as many as their luck needs beside the data's."""
    mean, _ = found.emulator.predict(to_cube(middle[None, :]))
    variance = variance_by_luck(found.target, mean[0], found.emulator.dispersion)
    few, more = runs_of_a_climb(variance), last_runs_of_a_climb(variance)
    many = int(np.clip(np.ceil(variance / FINAL_NOISE**2), FEWEST_FINAL, FINAL_RUNS))
    return few, more, range(more.stop, more.stop + many)


def _noise(ground: Ground, runs: Array, scores: Array) -> float:
    """Standard error of the difference between the heights of two points with the same luck, by the jackknife."""
    count = runs.shape[1]
    without = [ground.together(np.delete(runs, number, axis=1)) for number in range(count)]
    apart = np.array([np.diff(ground.height(mean, scores))[0] for mean in without])
    return float(np.sqrt((count - 1) / count * ((apart - apart.mean()) ** 2).sum()))


def _reasons(judged: Convergence, intervals: Sequence[tuple[float, float]]) -> list[str]:
    """What speaks against it, a clause each."""
    reasons = Sentences()
    allowed = TOLERANCE + 2.0 * min(judged.noise, LARGEST_NOISE)
    one, other = judged.ends
    if not (one.settled and other.settled):
        reasons.say(
            "a direct search on simulated points did not settle within {most_rounds} rounds", most_rounds=MOST_ROUNDS
        )
    apart = abs(one.log_likelihood - other.log_likelihood)
    if apart > allowed:
        reasons.say(
            "direct searches from two starts end {units} of log-likelihood apart ({allowed:.1f} would be allowed)",
            units=_units(apart),
            allowed=allowed,
        )
    elif judged.noise > LARGEST_NOISE:
        reasons.say(
            "luck moves the log-likelihood by {noise:.1f}: too few customers or replications to tell",
            noise=judged.noise,
        )
    if judged.middle_behind > allowed:
        reasons.say(
            "the ensemble's middle lies {units} of log-likelihood below what a direct search found "
            "({allowed:.1f} would be allowed)",
            units=_units(judged.middle_behind),
            allowed=allowed,
        )
    roomy = allowed + 0.5 * len(intervals)
    if judged.members_behind > roomy:
        reasons.say(
            "half of the ensemble lies {units} of log-likelihood or more below what a direct search "
            "found ({roomy:.1f} would be allowed)",
            units=_units(judged.members_behind),
            roomy=roomy,
        )
    for path, (low, high) in zip(one.values, intervals, strict=True):
        room = WIDENED * (high - low)
        outside = [end.values[path] for end in judged.ends if not low - room <= end.values[path] <= high + room]
        if outside:
            reasons.say(
                "a direct search ends at {path} = {value:.4g}, outside of {low:.4g} to {high:.4g}",
                path=path,
                value=outside[0],
                low=low,
                high=high,
            )
    return reasons


def _units(number: float) -> str:
    return say("{number:,.1f} units", number=number) if number < 1e6 else say("without limit")
