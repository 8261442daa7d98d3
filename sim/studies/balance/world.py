"""One long run of today: how key figures drift, who moves where, and what customers come to believe."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.model.dimensions import DIMENSIONS
from sim.model.market import PERIODS_PER_YEAR
from sim.model.person import GONE, PRESENT
from sim.model.scenario import Scenario
from sim.results.drift import FIGURES, first_and_last
from sim.results.series import FocalColumns
from sim.runs.execution.simulate import SimulationTask
from sim.runs.execution.task import Tick
from sim.runs.experiment.points import PointValues
from sim.studies.balance.start import BELIEFS


def output_names(scenario: Scenario) -> tuple[str, ...]:
    """Names of what a run returns: figures of its first and last year, yearly moves, beliefs at the start and late."""
    places, segments = range(len(scenario.firms) + 1), range(len(scenario.all_segments))
    return (
        *(f"{end}.{figure.name}" for end in ("first", "last") for figure in FIGURES),
        *(f"moves.{i}.{j}" for i in places for j in places),
        *(f"{when}.{s}.{belief}" for when in ("begin", "late") for s in segments for belief in BELIEFS),
    )


@dataclass(frozen=True)
class BalanceTask:
    """Run today from a start, without its timeline.

    Attributes:
        task: Knows the scenario at a point.
        outputs: Names of what is returned, see `output_names`.
    """

    task: SimulationTask
    outputs: tuple[str, ...]

    def __call__(self, values: PointValues, seed: int, tick: Tick) -> Mapping[str, float]:
        """One run; a pure function of the start and the seed."""
        from sim.engine.simulation import Simulation

        scenario = self.task.scenario(values)
        calendar = scenario.run.model_copy(update={"panel": 0})
        scenario = scenario.model_copy(update={"timeline": [], "run": calendar})
        run = Simulation(scenario, seed=seed, threads=1, base_dir=self.task.base_dir)
        per_year = PERIODS_PER_YEAR[scenario.run.period]
        half = scenario.run.periods // 2 // per_year * per_year
        begin = _beliefs(run)
        moves = np.zeros((run.firm_count + 1, run.firm_count + 1))
        late, years = np.zeros_like(begin), 0
        before = _places(run)
        while run.period < scenario.run.periods:
            run.step()
            tick()
            if run.period > 0 and run.period % per_year == 0:
                now = _places(run)
                if run.period > half:
                    stay = (before >= 0) & (now >= 0)
                    np.add.at(moves, (before[stay], now[stay]), 1.0)
                    late += _beliefs(run)
                    years += 1
                before = now
        columns = FocalColumns(scenario, run.tables())
        figures = first_and_last(columns, per_year)
        return {
            **{f"first.{name}": ends[0] for name, ends in figures.items()},
            **{f"last.{name}": ends[1] for name, ends in figures.items()},
            **{f"moves.{i}.{j}": float(number) for (i, j), number in np.ndenumerate(moves)},
            **_named("begin", begin),
            **_named("late", late / max(years, 1)),
        }

    def prepare(self) -> None:
        """Load or compile the loops."""
        from sim.runs.execution.warm import prepare

        prepare(self.task)


def _named(when: str, beliefs: npt.NDArray[np.float64]) -> dict[str, float]:
    return {
        f"{when}.{s}.{belief}": float(value)
        for s, row in enumerate(beliefs)
        for belief, value in zip(BELIEFS, row, strict=True)
    }


def _places(run: Any) -> npt.NDArray[np.int64]:
    """Whose customer everybody is: the firm's number, their number for nobody's, -1 for those who are not there."""
    there = run.state.people["flags"] & (PRESENT | GONE) == PRESENT
    return np.where(there, np.minimum(run.state.supplier.astype(np.int64), run.firm_count), -1)


def _beliefs(run: Any) -> npt.NDArray[np.float64]:
    """Means over the customers of each segment, in the order of `BELIEFS`; NaN where a segment has none."""
    people, customer = run.state.people, run.state.supplier < run.firm_count
    means = np.full((run.segment_count, len(BELIEFS)), np.nan)
    for s in range(run.segment_count):
        chosen = customer & (people["segment"] == s)
        if chosen.any():
            who = people[chosen]
            columns = [run.state.satisfaction[chosen].astype(np.float64)[:, None], who["will"], who["should"]]
            means[s] = np.concatenate(columns, axis=1, dtype=np.float64).mean(axis=0)
    assert means.shape[1] == 1 + 2 * len(DIMENSIONS)
    return means
