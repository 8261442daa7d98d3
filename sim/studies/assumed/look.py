"""One assumption at a time: a first look at all, a second at the largest, and the few that matter with every luck."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.model.scenario import Scenario
from sim.results.outputs import measure
from sim.runs.evaluation import Evaluation, RowMemory
from sim.runs.execution.engines import open_engine
from sim.runs.execution.simulate import Base
from sim.runs.execution.task import Tick
from sim.runs.experiment.points import PointValues
from sim.runs.precision import MOST_REPLICATIONS
from sim.studies.assumed.candidates import Assumed

BroughtByLuck = npt.NDArray[np.float64]

FIRST_LUCK, SECOND_LUCK = 1, 2
"""Replications of the first look, and of the second."""

SCREENING = MOST_REPLICATIONS
"""The first replication of the looks: their luck is none of the comparison's, so that what stands out by luck in them
does not stand out again."""

LOOKED_AT_TWICE = 24
"""So many of the largest of the first look are looked at again."""

CONFIRMED = 6
"""So many of the largest are lived with every luck of the comparison."""

MOST_CONFIRMED = 12
"""With those that may turn the answer."""

FEW = 3
"""Of a look at some assumptions only, so many of the largest are lived with every luck."""

ONCE, TWICE, ALL_LUCK = "first_look", "second_look", "every_luck"

OWN_START = "own_start"
"""The factor of a point that says whether its people of the start are of its own assumptions."""


@dataclass(frozen=True)
class AssumedTask:
    """Today and a plan with some assumptions otherwise, with one luck.

    Attributes:
        judged: Outputs of each world.
        worlds: Today and the plan.
        base_dirs: Folders that edge lists are relative to.
        is_shared: Whether the plan begins where today begins.
        threads: Of one run.
    """

    judged: tuple[str, ...]
    worlds: tuple[Scenario, Scenario]
    base_dirs: tuple[Path | None, Path | None] = (None, None)
    is_shared: bool = True
    threads: int = 1
    outputs: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        """The columns: every output of today, then of the plan."""
        names = tuple(f"{output} {number}" for number in range(len(self.worlds)) for output in self.judged)
        object.__setattr__(self, "outputs", names)

    def __call__(self, values: PointValues, seed: int, tick: Tick) -> Mapping[str, float]:
        """Live both; people of the start are those of today as it is, unless they are to be of its assumptions."""
        from sim.engine.simulation import Simulation

        changes = {path: value for path, value in values.items() if path != OWN_START}
        worlds = [Base(world).at(changes) for world in self.worlds]
        start = worlds[0] if values.get(OWN_START) else self.worlds[0]
        found: list[float] = []
        for number, (world, base_dir) in enumerate(zip(worlds, self.base_dirs, strict=True)):
            today = start if number == 0 or self.is_shared else None
            run = Simulation(world, seed=seed, threads=self.threads, base_dir=base_dir, today=today)
            measured = measure(world, run.run(lambda _: tick()), None, self.judged)
            found += [measured[name] for name in self.judged]
        return dict(zip(self.outputs, found, strict=True))


class LookedAt(NamedTuple):
    """What an end of an assumption does to the answer.

    Attributes:
        assumed: The assumption.
        number: Which of its ends.
        stage: `first_look`, `second_look` or `every_luck`.
        answers: float64[replications], with it; NaN where a run failed.
        base: The same as it is.
        today: Mean of what today brings there, beside which a change may be negligible.
    """

    assumed: Assumed
    number: int
    stage: str
    answers: BroughtByLuck
    base: BroughtByLuck
    today: float

    @property
    def mean(self) -> float:
        """Mean difference to the answer as it is; NaN where every run failed."""
        known = (self.answers - self.base)[np.isfinite(self.answers - self.base)]
        return float(known.mean()) if known.size else float("nan")


@dataclass(frozen=True)
class LookPlan:
    """What is to be looked at.

    Attributes:
        task: What is done at a point.
        found: The assumptions.
        output: What the answer is told in.
        seed: Seed of replication 0.
        known: The answer as it is with each luck of the comparison.
        today: What today brings, with each luck.
    """

    task: AssumedTask
    found: tuple[Assumed, ...]
    output: str
    seed: int
    known: Mapping[int, float]
    today: Mapping[int, float]


def most_worlds(found: Sequence[Assumed], replications: int) -> int:
    """How many worlds are lived at most, people of the start who settle apart.

    >>> most_worlds([], 10)
    0
    """
    ends = [len(item.ends) for item in found]
    if not ends:
        return 0
    second = sorted(ends, reverse=True)[:LOOKED_AT_TWICE]
    runs = FIRST_LUCK * (1 + sum(ends)) + SECOND_LUCK * sum(second) + SECOND_LUCK - FIRST_LUCK
    return 2 * (runs + replications * sum(second[:MOST_CONFIRMED]))


def few_worlds(found: Sequence[Assumed], replications: int) -> int:
    """How many worlds a look at some assumptions takes at most, people of the start who settle apart.

    >>> few_worlds([], 10)
    0
    """
    ends = sum(len(item.ends) for item in found)
    return 2 * (FIRST_LUCK * (1 + ends) + replications * min(FEW, len(found))) if ends else 0


def look_at_few(
    plan: LookPlan, workers: int | None, progress: Callable[[int, int, int], None] | None = None
) -> tuple[list[LookedAt], int]:
    """Live some assumptions at both ends once, and the three that move the answer most at one end with every luck.

    That end is the one with which the answer came to the other side of nothing, else the one that moves it more.

    Args:
        plan: What is to be looked at.
        workers: Workers at a time; None for all processors.
        progress: Told runs done, failed and asked for.

    Returns:
        As `look`.
    """
    with open_engine("in-process" if workers == 1 else "auto", workers) as engine:
        evaluation = Evaluation(plan.task, seed=plan.seed, engine=engine, progress=progress)
        looking = _Looking(plan, evaluation)
        best = looking.at(plan.found, range(SCREENING, SCREENING + FIRST_LUCK), ONCE, own=lambda item: item.is_setup)
        chosen = {item.name: _further_end(best, item) for item, size in _by_size(best)[:FEW] if size > 0.0}
        ends = [item._replace(ends=(item.ends[chosen[item.name]],)) for item in plan.found if item.name in chosen]
        found = looking.at(ends, sorted(plan.known), ALL_LUCK, own=lambda item: item.shapes_start)
        best |= {(name, chosen[name]): looked for (name, _), looked in found.items()}
        return list(best.values()), 2 * evaluation.asked


def _further_end(best: Mapping[tuple[str, int], LookedAt], item: Assumed) -> int:
    """The end of an assumption that turns the answer in a first look, or moves it more."""

    def moves(number: int) -> tuple[bool, float]:
        looked = best[item.name, number]
        base = float(np.nanmean(looked.base))
        return base * (base + looked.mean) < 0.0, abs(looked.mean) if np.isfinite(looked.mean) else 0.0

    return max(range(len(item.ends)), key=moves)


def look(
    plan: LookPlan,
    workers: int | None,
    progress: Callable[[int, int, int], None] | None = None,
    memory: RowMemory | None = None,
) -> tuple[list[LookedAt], int]:
    """Live every assumption at both ends, the largest with ever more luck.

    The first look takes people of the start as they are, but for what shapes them itself; the others let them settle
    anew. What comes of an assumption that does nothing is the same to the last bit.

    Args:
        plan: What is to be looked at.
        workers: Workers at a time; None for all processors.
        progress: Told runs done, failed and asked for.
        memory: Where runs are kept; in this process only if left out.

    Returns:
        All ends with the best that is known of each, and how many worlds were lived.
    """
    known = np.array([plan.known[number] for number in sorted(plan.known)])
    with open_engine("in-process" if workers == 1 else "auto", workers) as engine:
        evaluation = Evaluation(plan.task, seed=plan.seed, engine=engine, progress=progress, memory=memory)
        looking = _Looking(plan, evaluation)
        luck = range(SCREENING, SCREENING + FIRST_LUCK)
        best = looking.at(plan.found, luck, ONCE, own=lambda item: item.is_setup)
        largest = [item for item, size in _by_size(best) if size > 0.0][:LOOKED_AT_TWICE]
        luck = range(SCREENING, SCREENING + SECOND_LUCK)
        best |= looking.at(largest, luck, TWICE, own=lambda item: item.shapes_start)
        second = {key: best[key] for key in best if key[0] in {item.name for item in largest}}
        picked = _picked(second, float(np.nanmean(known)) if np.isfinite(known).any() else 0.0)
        best |= looking.at(picked, sorted(plan.known), ALL_LUCK, own=lambda item: item.shapes_start)
        return list(best.values()), 2 * evaluation.asked


class _Looking:
    """Points with some luck, and what comes of them beside what is as it is."""

    def __init__(self, plan: LookPlan, evaluation: Evaluation) -> None:
        self.plan, self.evaluation = plan, evaluation

    def at(
        self, found: Sequence[Assumed], luck: Sequence[int], stage: str, own: Callable[[Assumed], bool]
    ) -> dict[tuple[str, int], LookedAt]:
        """Every end of some assumptions, by its assumption and number."""
        if not found:
            return {}
        places = [(item, number) for item in found for number in range(len(item.ends))]
        points: list[dict[str, Any]] = [
            {**item.ends[number].changes, **({OWN_START: True} if own(item) else {})} for item, number in places
        ]
        lucks = range(luck[0], luck[-1] + 1)
        answers, today = self._answers(points, lucks)
        if stage == ALL_LUCK:
            base = np.array([self.plan.known[number] for number in lucks])
        else:
            base = self._answers([{}], lucks)[0][0]
        return {
            (item.name, number): LookedAt(item, number, stage, row, base, float(np.nanmean(before)))
            for (item, number), row, before in zip(places, answers, today, strict=True)
        }

    def _answers(self, points: Sequence[PointValues], luck: range) -> tuple[BroughtByLuck, BroughtByLuck]:
        """The plan less today at each point: float64[points, replications]; and today."""
        rows = self.evaluation.evaluate(points, luck)
        today, then = (
            rows[f"{self.plan.output} {number}"].to_numpy(np.float64).reshape(len(points), len(luck))
            for number in (0, 1)
        )
        return then - today, today


def _by_size(best: Mapping[tuple[str, int], LookedAt]) -> list[tuple[Assumed, float]]:
    """Assumptions with the larger of the two differences they make, the largest first."""
    sizes: dict[str, float] = {}
    items = {}
    for (name, _), looked in best.items():
        items[name] = looked.assumed
        sizes[name] = max(sizes.get(name, 0.0), abs(looked.mean) if np.isfinite(looked.mean) else 0.0)
    return sorted(((items[name], size) for name, size in sizes.items()), key=lambda pair: -pair[1])


def _picked(best: Mapping[tuple[str, int], LookedAt], answer: float) -> list[Assumed]:
    """The largest, and those with which the answer came to the other side of nothing."""
    order = [item for item, _ in _by_size(best)]
    turning = {
        looked.assumed.name for looked in best.values() if answer * (float(np.nanmean(looked.base)) + looked.mean) < 0.0
    }
    further = [item for item in order[CONFIRMED:] if item.name in turning]
    return [*order[:CONFIRMED], *further[: MOST_CONFIRMED - CONFIRMED]]
