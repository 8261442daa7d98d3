"""Finding the region that fits, and learning it well: which points are simulated, in which order.

1. A third of the trials fill the prior evenly (Sobol's sequence).
2. A quarter search the best point: optuna's tree-structured Parzen estimator, asked in batches of eight whatever the
   number of workers.
3. The rest are drawn, in three rounds, from the posterior as the emulator has it by then, half of them from a wider one
   (the fourth root of the likelihood): simulations go where the answer lies, and around it.

Every point has luck of its own, so that luck averages out over the region; under common luck all points would share one
error that no number of points removes. The way is a function of seed and rows alone: a search that was stopped asks for
the same points again and the store knows their rows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from sim.runs.execution.task import DONE, Task, Tick
from sim.runs.experiment.points import Values, point_id
from sim.runs.run import replication_seed
from sim.studies.calibration.emulator import Emulator, emulate
from sim.studies.calibration.posterior import Sample, sample_posterior, shifted_sobol
from sim.studies.calibration.prior import Prior, to_cube
from sim.studies.calibration.target import Array, Target
from sim.vocabulary.errors import ExitVoiceError
from sim.vocabulary.extras import needed
from sim.words import say

if TYPE_CHECKING:
    import pandas as pd

BATCH = 8
ROUNDS = 3
WIDER = 0.25
IMPOSSIBLE = -1e30
ROUND_SAMPLE, LAST_SAMPLE = 2048, 4096

SHARED, MOST_SHARED = 1_000_000, 24
"""First replication whose luck all points share, beyond any that an experiment can ask for, and how many there are."""


class CalibrationError(ExitVoiceError):
    """The search cannot go on: too many runs failed."""


class Evaluator(Protocol):
    """What the search asks of `sim.runs.evaluation.Evaluation`."""

    def evaluate(self, points: Sequence[Values], replications: int | range = 1) -> pd.DataFrame:
        """Rows of all points and replications."""
        ...


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

    def __call__(self, values: Values, seed: int, tick: Tick) -> Mapping[str, float]:
        """One run."""
        if seed in self.shared:
            return self.task(values, seed, tick)
        digest = hashlib.sha256(f"exitvoice calibration {seed} {point_id(values)}".encode()).digest()
        return self.task(values, int.from_bytes(digest[:8], "big"), tick)


@dataclass(frozen=True)
class Runs:
    """What was simulated so far.

    Attributes:
        cube: Place of each run in the unit cube, float64[n, d].
        summaries: float64[n, m].
        failed: Number of runs that failed, and the first reason.
    """

    cube: Array
    summaries: Array
    failed: int = 0
    reason: str = ""

    def with_more(self, other: Runs) -> Runs:
        """Both together."""
        return Runs(
            np.concatenate([self.cube, other.cube]),
            np.concatenate([self.summaries, other.summaries]),
            self.failed + other.failed,
            self.reason or other.reason,
        )


@dataclass(frozen=True)
class Found:
    """What the search ends with.

    Attributes:
        target: The data, with the dispersion that the runs show.
        emulator: The surfaces.
        sample: Of normal scores from the posterior.
        runs: All runs.
    """

    target: Target
    emulator: Emulator
    sample: Sample
    runs: Runs


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

    def simulate(self, cube: Array, before: Runs | None = None) -> Runs:
        """Run the points at these places of the unit cube, equal ones once.

        Args:
            cube: The places, float64[n, d].
            before: Earlier runs, which count when it comes to how many failed: a small batch may fail as a whole.

        Raises:
            CalibrationError: If more than half of all runs failed.
        """
        self._done += len(cube)
        points = {
            point_id(values): (values, place) for values, place in zip(self.prior.points(cube), cube, strict=True)
        }
        rows = self.evaluation.evaluate([values for values, _ in points.values()], self.replications)
        cube = np.array([place for _, place in points.values()])
        summaries = self.target.summaries(rows)
        good = (rows["status"] == DONE).to_numpy() & np.isfinite(summaries).all(axis=1)
        bad = rows.loc[~good, "reason"].astype(str).tolist()
        reason = next((text for text in bad if text), "")
        found = Runs(cube[rows["index"].to_numpy()[good]], summaries[good], len(bad), reason)
        known = found if before is None else before.with_more(found)
        if known.failed > len(known.summaries):
            total = known.failed + len(known.summaries)
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

    def run(self) -> Found:
        """Fill the prior, search, refine; and draw from the posterior."""
        with one_thread():
            return self._run()

    def _run(self) -> Found:
        runs = self.simulate(self._even())
        runs = self._searched(runs)
        left = self.trials - self._done
        sizes = [left // ROUNDS + (1 if number < left % ROUNDS else 0) for number in range(ROUNDS)]
        for number, size in enumerate(sizes):
            if size:
                runs = runs.with_more(self.simulate(self._round(runs, size, number), runs))
        emulator = emulate(self.target, runs.cube, runs.summaries)
        target = self.target.with_luck(emulator.dispersion, emulator.correlation)
        sample = self._sample(target, emulator, ROUNDS, LAST_SAMPLE, 1.0)
        return Found(target, emulator, sample, runs)

    # --- the three stages ---------------------------------------------------------------------------------------------

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

    def _searched(self, runs: Runs) -> Runs:
        optuna = needed("optuna", "studies", "Calibrations")
        optuna.logging.disable_propagation()
        before = optuna.logging.get_verbosity()
        optuna.logging.set_verbosity(optuna.logging.ERROR)
        try:
            sampler = optuna.samplers.TPESampler(n_startup_trials=1, seed=self.seed)
            study = optuna.create_study(direction="maximize", sampler=sampler)
            space = {path: optuna.distributions.FloatDistribution(0.0, 1.0) for path in self.prior.paths}
            for place, value in zip(runs.cube, self._judged(runs), strict=True):
                study.add_trial(
                    optuna.trial.create_trial(
                        params=dict(zip(space, place.tolist(), strict=True)), distributions=space, value=float(value)
                    )
                )
            for _ in range(self.trials // 4 // BATCH):
                trials = [study.ask(space) for _ in range(BATCH)]
                cube = np.array([[trial.params[path] for path in space] for trial in trials])
                inside = self.prior.inside(cube)
                more = self.simulate(cube[inside], runs) if inside.any() else None
                self._answer(study, trials, cube, more)
                if more is not None:
                    runs = runs.with_more(more)
        finally:
            optuna.logging.set_verbosity(before)
            optuna.logging.enable_propagation()
        return runs

    def _judged(self, runs: Runs) -> Array:
        """Log-likelihood of the data at each run as it was simulated, its luck integrated out; never infinite."""
        luck = self.target.noise(runs.summaries)[:, :, None] * np.eye(runs.summaries.shape[1])
        return np.maximum(self.target.log_likelihood(runs.summaries, luck), IMPOSSIBLE)

    def _answer(self, study: Any, trials: list[Any], cube: Array, more: Runs | None) -> None:
        values = np.zeros(0) if more is None else self._judged(more)
        for trial, place in zip(trials, cube, strict=True):
            mine = values[:0] if more is None else values[(more.cube == place).all(axis=1)]
            study.tell(trial, float(mine.mean()) if len(mine) else IMPOSSIBLE)

    def _round(self, runs: Runs, size: int, number: int) -> Array:
        emulator = emulate(self.target, runs.cube, runs.summaries)
        target = self.target.with_luck(emulator.dispersion, emulator.correlation)
        near = size // 2
        parts = []
        for power, count in ((1.0, near), (WIDER, size - near)):
            if count:
                sample = self._sample(target, emulator, number, ROUND_SAMPLE, power)
                parts.append(sample.scores[sample.draw(count)])
        return to_cube(np.concatenate(parts))

    def _sample(self, target: Target, emulator: Emulator, number: int, count: int, power: float) -> Sample:
        def log_likelihood(scores: Array) -> Array:
            cube = to_cube(scores)
            likelihood = np.maximum(target.log_likelihood(*emulator.predict(cube)), IMPOSSIBLE)
            return np.where(self.prior.inside(cube), likelihood, IMPOSSIBLE)

        seed = self.seed * 16 + number
        return sample_posterior(log_likelihood, len(self.prior.axes), count=count, seed=seed, power=power)
