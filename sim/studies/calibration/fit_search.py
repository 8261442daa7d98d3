"""Finding the region that fits, and learning it well: which points are simulated, in which order.

1. A quarter to a third of the trials fill the prior evenly (Sobol's sequence).
2. Two climbs (`climb`) go to the likeliest parameters, one from the best of these points, one from the best far from
   the first one's end. Around all points that are not hopeless a box is drawn; surfaces are learnt within it only.
3. The rest are simulated in three rounds: the first fills the box evenly, the others are drawn from the posterior as
   the emulator has it by then, half of them from a wider one (the fourth root of the likelihood). After each round the
   box closes in, or opens again, around the posterior.

Points of a climb have their luck in common and are left out of the surfaces. Every other point has luck of its own, so
that luck averages out over the region; under common luck all points would share one error that no number of points
removes. The way is a function of seed and rows alone: a search that was stopped asks for the same points again and the
store knows their rows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib import import_module

import numpy as np

from sim.runs.execution.task import DONE, Task, Tick
from sim.runs.experiment.points import PointValues, point_id
from sim.runs.run import replication_seed
from sim.studies.calibration.box import Box
from sim.studies.calibration.climb import (
    IMPOSSIBLE,
    LAST_RUNS,
    MOST_SHARED,
    SHARED,
    Climb,
    Evaluator,
    Ground,
    far_start,
    runs_of_a_climb,
    variance_by_luck,
)
from sim.studies.calibration.emulator import Emulator, emulate
from sim.studies.calibration.posterior import Sample, sample_posterior, shifted_sobol
from sim.studies.calibration.prior import Prior, to_cube, to_scores
from sim.studies.calibration.target import Array, Target
from sim.vocabulary.errors import ExitVoiceError
from sim.vocabulary.extras import needed
from sim.words import say

ROUNDS = 3
WIDER = 0.25
ROUND_SAMPLE, LAST_SAMPLE = 2048, 4096
FEWEST_NEAR = 3
"""Points for each parameter and one more from which surfaces are learnt at least."""

REPLICATES, MISFIT = 2000, 0.001
"""Where such data hardly ever lie that far from the likeliest point, every sample takes the surfaces' errors to be
everywhere what they are where the climb ended: data that no point reproduces would draw it to where the surfaces are
least sure."""

MOST_REPEATED, ROUND_NOISE = LAST_RUNS, 1.0
"""Most runs at a point of the rounds, and the standard deviation of a log-likelihood through luck that is aimed at."""


class CalibrationError(ExitVoiceError):
    """The search cannot go on: too many runs failed."""


@dataclass(frozen=True)
class OwnLuck:
    """A task whose runs have luck of their own at every point, but for those that compare points.

    The seed of a run is the first eight bytes, big-endian, of SHA-256 of the text `exitvoice calibration <seed>
    <point>`, where seed is the one that the evaluation gives the replication.

    Attributes:
        task: What is run.
        shared: Seeds that are taken as they are: the same luck at every point.
    """

    task: Task
    shared: frozenset[int] = frozenset()

    @classmethod
    def of(cls, task: Task, seed: int) -> OwnLuck:
        """With luck in common for replications `SHARED` and after, in an evaluation with this seed."""
        return cls(task, frozenset(replication_seed(seed, SHARED + number) for number in range(MOST_SHARED)))

    @property
    def outputs(self) -> tuple[str, ...]:
        """As of the task."""
        return self.task.outputs

    def __call__(self, values: PointValues, seed: int, tick: Tick) -> Mapping[str, float]:
        """One run."""
        if seed in self.shared:
            return self.task(values, seed, tick)
        digest = hashlib.sha256(f"exitvoice calibration {seed} {point_id(values)}".encode()).digest()
        return self.task(values, int.from_bytes(digest[:8], "big"), tick)


@dataclass(frozen=True)
class Runs:
    """What was simulated so far.

    Attributes:
        cube: Points in the unit cube, float64[n, d].
        summaries: Of each, means over its runs, float64[n, m].
        counts: Number of these, float64[n].
        lost: Number of points of which no run can be used.
        failed: Number of runs that failed, and the first reason.
    """

    cube: Array
    summaries: Array
    counts: Array
    lost: int = 0
    failed: int = 0
    reason: str = ""

    def with_more(self, other: Runs) -> Runs:
        """Both together."""
        return Runs(
            np.concatenate([self.cube, other.cube]),
            np.concatenate([self.summaries, other.summaries]),
            np.concatenate([self.counts, other.counts]),
            self.lost + other.lost,
            self.failed + other.failed,
            self.reason or other.reason,
        )


@dataclass(frozen=True)
class FoundFit:
    """What the search ends with.

    Attributes:
        target: The data, with the dispersion that the runs show.
        emulator: The surfaces.
        sample: Of normal scores from the posterior.
        runs: All runs.
        failed: Runs of the climbs that failed: point and replication.
    """

    target: Target
    emulator: Emulator
    sample: Sample
    runs: Runs
    failed: frozenset[tuple[str, int]] = frozenset()


def likelihood_of_runs(target: Target, runs: Runs) -> Array:
    """Log-likelihood of the data at each point as it was simulated, its luck integrated out; never infinite."""
    luck = (target.noise(runs.summaries) / runs.counts[:, None])[:, :, None] * np.eye(runs.summaries.shape[1])
    return np.maximum(target.log_likelihood(runs.summaries, luck), IMPOSSIBLE)


@contextmanager
def one_thread() -> Iterator[None]:
    """Keep the algebra within on one thread, where `threadpoolctl` is there to ask.

    Its matrices are small, and threads that wait for each other beside workers that simulate made it six times slower.
    """
    needed("scipy.linalg", "studies", "Calibrations")  # brings algebra of its own, which must be there to be limited
    try:
        control = import_module("threadpoolctl")
    except ModuleNotFoundError:
        yield
        return
    with control.threadpool_limits(limits=1, user_api="blas"):
        yield


class Search:
    """One search; `run` does it.

    Args:
        evaluation: Does the runs; its task is best an `OwnLuck`.
        prior: What is believed before.
        target: The data.
        trials: Points to simulate.
        replications: Runs of each.
        seed: Of the search.
    """

    def __init__(
        self,
        evaluation: Evaluator,
        prior: Prior,
        target: Target,
        *,
        trials: int,
        replications: int = 1,
        seed: int = 0,
    ) -> None:
        self.evaluation, self.prior, self.target = evaluation, prior, target
        self.trials, self.replications, self.seed = trials, replications, seed
        self._done = 0
        self._misfit, self._end = False, np.zeros((0, len(prior.axes)))
        self._failed: frozenset[tuple[str, int]] = frozenset()

    def simulate(self, cube: Array, before: Runs | None = None, *, repeated: int = 1) -> Runs:
        """Run the points at these places of the unit cube, equal ones once.

        Args:
            cube: The places, float64[n, d].
            repeated: Runs at each, where the experiment asks for fewer.
            before: Earlier runs, which count when it comes to how many failed: a small batch may fail as a whole.

        Raises:
            CalibrationError: If more than half of all points failed.
        """
        self._done += len(cube)
        points = {
            point_id(values): (values, place) for values, place in zip(self.prior.points(cube), cube, strict=True)
        }
        rows = self.evaluation.evaluate([values for values, _ in points.values()], max(self.replications, repeated))
        cube = np.array([place for _, place in points.values()])
        summaries = self.target.summaries(rows)
        good = (rows["status"] == DONE).to_numpy() & np.isfinite(summaries).all(axis=1)
        bad = rows.loc[~good, "reason"].astype(str).tolist()
        reason = next((text for text in bad if text), "")
        index = rows["index"].to_numpy()[good]
        counts = np.bincount(index, minlength=len(cube)).astype(np.float64)
        some = counts > 0
        means = [self.target.averaged(summaries[good][index == number]) for number in np.flatnonzero(some)]
        together = np.array(means).reshape(len(means), summaries.shape[1])
        found = Runs(cube[some], together, counts[some], int((~some).sum()), len(bad), reason)
        known = found if before is None else before.with_more(found)
        if known.lost > len(known.summaries):
            total = known.failed + int(known.counts.sum())
            reason = known.reason or say("an output has no value there (a share of nothing)")
            raise CalibrationError(
                say(
                    "{good} of {rows} runs cannot be used; the first: {reason}",
                    good=known.failed,
                    rows=total,
                    reason=reason,
                )
            )
        return found

    def run(self) -> FoundFit:
        """Fill the prior, search, refine; and draw from the posterior."""
        with one_thread():
            return self._run()

    def _run(self) -> FoundFit:
        runs = self.simulate(self._even())
        box, repeated = self._climbed(runs)
        left = self.trials - self._done
        sizes = [left // ROUNDS + (1 if number < left % ROUNDS else 0) for number in range(ROUNDS)]
        for number, size in enumerate(sizes):
            if size:
                cube, box = self._filled(box, size) if number == 0 else self._round(runs, box, size, number)
                runs = runs.with_more(self.simulate(cube, runs, repeated=repeated))
        emulator, target = self._learnt(runs, box)
        sample = self._sample(target, emulator, ROUNDS, LAST_SAMPLE, 1.0)
        return FoundFit(target, emulator, sample, runs, self._failed)

    def _even(self) -> Array:
        """Points that fill what the constraints leave of the prior."""
        bits = max(3, int(np.log2(max(self.trials // 3, 1))))
        dimensions = len(self.prior.axes)
        for finer in range(12):
            cube = shifted_sobol(dimensions, bits + finer, (self.seed, 1))
            cube = cube[self.prior.inside(cube)]
            if len(cube) >= 2**bits:
                return cube[: 2**bits]
        raise CalibrationError(say("the constraints leave less than a thousandth of the range of the uncertainties"))

    def _climbed(self, runs: Runs) -> tuple[Box, int]:
        """Two climbs; a box around what is not hopeless, and how many runs a point in it needs."""
        ground = Ground(self.evaluation, self.prior, self.target)
        heights = likelihood_of_runs(self.target, runs)
        best = int(np.argmax(heights))
        numbers = runs_of_a_climb(variance_by_luck(self.target, runs.summaries[best]))
        one = Climb(ground, to_scores(runs.cube[[best]])[0], numbers).climb()
        rest = np.arange(len(heights)) != best  # a climb from the same point would be the same climb
        far = far_start(self.prior, runs.cube[rest], heights[rest], one.ends[0])
        other = Climb(ground, far, numbers).climb()
        end = one if one.heights[one.best] >= other.heights[other.best] else other
        variance = variance_by_luck(self.target, end.summaries[end.best])
        raw = ground.height(runs.summaries, to_scores(runs.cube))
        scores = np.concatenate([to_scores(runs.cube), one.scores, other.scores])
        self._end, self._failed = to_cube(end.ends), frozenset(ground.failed)
        self._misfit = self._cannot(end.summaries[[end.best]])
        box = Box.around_points(scores, np.concatenate([raw, one.heights, other.heights]), 2.0 * variance**0.5)
        return box, int(np.clip(np.ceil(variance / ROUND_NOISE**2), 1, MOST_REPEATED))

    def _cannot(self, summaries: Array) -> bool:
        """Whether the data lie farther from the likeliest point than such data do: once in a thousand times."""
        dice = np.random.default_rng([self.seed, 79])
        alike = np.repeat(summaries, REPLICATES, axis=0)
        drawn = self.target.discrepancy(self.target.replicate(alike, dice), alike)
        return bool(np.mean(drawn >= self.target.discrepancy(None, summaries)[0]) < MISFIT)

    def _filled(self, box: Box, size: int) -> tuple[Array, Box]:
        """Points that fill what the constraints leave of a box."""
        for bits in range(int(np.ceil(np.log2(size))), 16):
            cube = box.outer(shifted_sobol(len(self.prior.axes), bits, (self.seed, 2)))
            cube = cube[self.prior.inside(cube)]
            if len(cube) >= size:
                return cube[:size], box
        return self._even()[:size], Box.whole(len(self.prior.axes))

    def _learnt(self, runs: Runs, box: Box) -> tuple[Emulator, Target]:
        """The surfaces within a box, and the data with the luck that the runs show there."""
        near = box.nearest(runs.cube, FEWEST_NEAR * (len(self.prior.axes) + 1))
        emulator = emulate(self.target, runs.cube[near], runs.summaries[near], runs.counts[near], box)
        return emulator, self.target.with_luck(emulator.dispersion, emulator.correlation)

    def _round(self, runs: Runs, box: Box, size: int, number: int) -> tuple[Array, Box]:
        """Points for the next round, and the box around the posterior as it is known now."""
        emulator, target = self._learnt(runs, box)
        narrow = self._sample(target, emulator, number, ROUND_SAMPLE, 1.0)
        wide = self._sample(target, emulator, number, ROUND_SAMPLE, WIDER)
        closer = Box.around_sample(to_cube(narrow.scores), narrow.weights, self._end)
        parts = [
            sample.scores[sample.within(closer.holds(to_cube(sample.scores))).draw(count)]
            for sample, count in ((narrow, size // 2), (wide, size - size // 2))
            if count
        ]
        return to_cube(np.concatenate(parts)), closer

    def _sample(self, target: Target, emulator: Emulator, number: int, count: int, power: float) -> Sample:
        at_end = emulator.predict(self._end[:1])[1] if self._misfit else None

        def log_likelihood(scores: Array) -> Array:
            cube = box.outer(to_cube(scores))
            mean, error = emulator.predict(cube)
            error = error if at_end is None else np.broadcast_to(at_end, error.shape)
            likelihood = np.maximum(target.log_likelihood(mean, error), IMPOSSIBLE)
            return np.where(self.prior.inside(cube), likelihood, IMPOSSIBLE)

        box, seed = emulator.box, self.seed * 16 + number
        sample = sample_posterior(log_likelihood, len(self.prior.axes), count=count, seed=seed, power=power)
        return replace(sample, scores=box.outer_scores(sample.scores))
