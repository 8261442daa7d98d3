"""What a whole study takes of memory: worlds side by side, tables kept for all replications, results, workers.

The arrays of one world are reckoned in `sim.engine.footprint`; here is what comes on top of them.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.engine.fitting import ALWAYS, SizeLever, changed, levers_of, made_of, refusal
from sim.engine.footprint import MIB, Footprint, Part, everybody, footprint, is_trivial, panel_row_bytes, total
from sim.engine.free import free_memory
from sim.engine.layout import ROWS_PER_THREAD
from sim.model.movement import CAUSES, COHORTS
from sim.model.rooms import observables_of
from sim.model.scenario import Scenario
from sim.parameters.timeline import counterfactuals
from sim.vocabulary.errors import Problem, ScenarioError
from sim.words import say

if TYPE_CHECKING:
    from sim.runs.experiment.axes import Axis
    from sim.runs.experiment.plan import ExperimentPlan
    from sim.scenario import Loaded

COPIES = 2.6
"""How often the table of results is there at its peak: measured 2.2, when the tables of replications are joined."""

TEXT_BYTES = 64
"""A name in a cell of a table, where the library of tables keeps names one by one."""

WORKER = 288 * MIB
"""What a worker takes before it simulates: libraries and compiled code; measured: 180 to 260 MiB."""

WORTH_TELLING = 512 * MIB
"""Above this `sim validate` says what a run takes."""

LOCAL = ("auto", "in-process", "spawn", "loky")


class MemoryNotice(UserWarning):
    """Fewer workers than processors, since the memory that is free holds no more."""


# --- a run with its replications ------------------------------------------------------------------------------------


def times(parts: Sequence[Part], number: int) -> list[Part]:
    """The parts of several runs at once."""
    return [part._replace(size=part.size * number) for part in parts]


def side_by_side(scenario: Scenario, jobs: int, cores: int) -> tuple[int, int]:
    """How many worlds are simulated at once, and with how many threads each.

    >>> side_by_side(Scenario(), 20, 4)
    (4, 1)
    """
    if cores > 1 and scenario.market.customers < 2 * ROWS_PER_THREAD:
        return min(cores, jobs), 1
    return 1, cores


def result_bytes(scenario: Scenario) -> int:
    """The tables of results of all replications, in bytes, without the people followed."""
    from sim.results.measures import MEASURES

    run, segments = scenario.run, len(scenario.all_segments)
    rows = run.replications * run.periods * len(scenario.firms) * (segments + (segments > 1))
    keys = ("replication", "seed", "period", "date", "years", "active_start", "opportunity_measured")
    row = 8 * (len(keys) + len(observables_of(scenario)) + len(MEASURES)) + 2 * (8 + TEXT_BYTES)
    curves = run.replications * len(COHORTS) * (len(CAUSES) + 4) * (run.periods + 1) * 8
    flows = run.replications * run.periods * (len(scenario.firms) + 2) ** 2 * (4 * 8 + 2 * (8 + TEXT_BYTES))
    return rows * row + curves + flows


def run_parts(scenario: Scenario, cores: int, base_dir: Path | None = None) -> list[Part]:
    """What `sim.run` takes at its peak: while it simulates, or while it puts the results together.

    Args:
        scenario: With the replications that will be run.
        cores: Threads altogether.
        base_dir: Folder of the scenario file.

    >>> total(run_parts(Scenario(), 2)) < 100 * 2**20
    True
    """
    jobs = scenario.run.replications * (1 + len(counterfactuals(scenario)))
    worlds, threads = side_by_side(scenario, jobs, cores)
    world = footprint(scenario, threads, base_dir)
    waiting = _by_replication(world, jobs - worlds)
    simulating = [*times(world.peak, worlds), *waiting]
    more = "run.replications" if scenario.run.replications > 1 else "run.periods"
    followed = min(scenario.run.panel, everybody(scenario)) * scenario.run.periods * (panel_row_bytes() + 8)
    gathering = [
        *_by_replication(world, jobs),
        Part(say("tables of results"), int(COPIES * result_bytes(scenario)), more),
        Part(
            say("people followed"), int(COPIES * followed * scenario.run.replications) if followed else 0, "run.panel"
        ),
    ]
    return max(simulating, gathering, key=total)


def _by_replication(world: Footprint, number: int) -> list[Part]:
    """What is kept of several runs."""
    parts = times(world.kept, max(number, 0))
    return [part if part.key == "run.panel" else part._replace(key="run.replications") for part in parts]


def check_run(
    scenario: Scenario, *, threads: int | None = None, loaded: Loaded | None = None, base_dir: Path | None = None
) -> None:
    """Refuse a run, with all its replications, that takes more memory than is free.

    Args:
        scenario: With the replications that will be run.
        threads: Threads altogether; None for all processors.
        loaded: Where the scenario came from, if that is known.
        base_dir: Folder of the scenario file.

    Raises:
        ScenarioError: With its size, what it is made of, the parameter that would have to be smaller, and how large
            it could be.

    >>> check_run(Scenario())
    """
    from sim.engine.free import usable_cores

    cores = threads or usable_cores()

    def takes(other: Scenario, threads: int = cores) -> int:
        return total(run_parts(other, threads, base_dir))

    parts = run_parts(scenario, cores, base_dir)
    if total(parts) <= ALWAYS:
        return
    levers = [
        *levers_of(scenario, takes),
        SizeLever("threads", cores, 1, lambda number: takes(scenario, number)),
        SizeLever(
            "run.replications",
            scenario.run.replications,
            1,
            lambda number: takes(changed(scenario, "run", replications=number)),
        ),
    ]
    problem = refusal(parts, free_memory(cores), levers)
    if problem is not None:
        raise ScenarioError(located(problem, loaded))


def worlds_bytes(scenario: Scenario) -> int:
    """Bytes of one world on one thread."""
    return total(footprint(scenario).peak)


def located(problem: Problem, loaded: Loaded | None) -> Problem:
    """The problem with file, line and column of its key, as far as they are known."""
    if loaded is None:
        return problem
    steps = loaded.origins.get(problem.key, ())
    place = steps[-1].place if steps else ""
    return problem.at(place or ("" if loaded.path is None else str(loaded.path)))


def told(scenario: Scenario, base_dir: Path | None = None) -> str:
    """What a large run takes, in words; empty for a small one.

    >>> told(Scenario())
    ''
    """
    from sim.engine.free import usable_cores

    if is_trivial(scenario):
        return ""
    parts = run_parts(scenario, usable_cores(), base_dir)
    return say("takes {made_of}", made_of=made_of(parts)) if total(parts) >= WORTH_TELLING else ""


# --- runs in workers ------------------------------------------------------------------------------------------------


def affordable_workers(
    plan: ExperimentPlan, workers: int | None, engine: str = "auto", dask: str | None = None
) -> int | None:
    """How many workers the memory that is free holds, for the largest run that a study may ask for.

    Workers on other machines are not counted: each run that they do looks at the memory there.

    Args:
        plan: The experiment on its scenario.
        workers: What the user asked for; None for all processors.
        engine: Where runs are done.
        dask: Address of a Dask scheduler.

    Returns:
        What was asked for, if it fits. Where nobody asked, as many as fit; a `MemoryNotice` says so if they are fewer
        than the processors.

    Raises:
        ScenarioError: If more were asked for than fit, or one run alone does not fit.
    """
    from sim.engine.free import usable_cores

    if engine not in LOCAL or dask is not None or (workers is not None and workers < 1):
        return workers
    wanted = workers or usable_cores()
    largest = largest_run(plan)
    base_dir = plan.loaded.base_dir

    def parts(scenario: Scenario, number: int) -> list[Part]:
        world = footprint(scenario, 1, base_dir)
        processes = number if engine in ("spawn", "loky") or (engine == "auto" and number > 1) else 0
        program = Part(say("the workers' own programs"), processes * WORKER, "workers")
        return [*times([*world.peak, *world.kept], number), program]

    free = free_memory()
    if total(parts(largest, wanted)) <= max(free.usable, ALWAYS):
        return workers
    lever = SizeLever("workers", wanted, 1, lambda number: total(parts(largest, number)))
    most = lever.most(max(free.usable, ALWAYS))
    if most is not None and workers is None:
        warnings.warn(
            say(
                "{most} workers instead of {wanted}: each run takes up to {parts}; {free:,.1f} GiB are free {source}",
                most=most,
                wanted=wanted,
                parts=made_of(parts(largest, 1)),
                free=free.size / 2**30,
                source=free.source,
            ),
            MemoryNotice,
            stacklevel=2,
        )
        return most
    if most is not None:
        problem = refusal(parts(largest, wanted), free, [lever], say("the study with {wanted} workers", wanted=wanted))
        raise ScenarioError(() if problem is None else replace(problem, key="workers"))
    if total(footprint(largest, 1, base_dir).peak) <= ALWAYS:  # a machine that is full: no run is smaller than this
        return 1 if workers is None else workers
    levers = levers_of(largest, lambda other: total(parts(other, 1)))
    problem = refusal(parts(largest, 1), free, [*levers], say("the largest run of the study"))
    if problem is None:
        return workers
    varied = problem.key in {axis.path for axis in plan.axes}
    raise ScenarioError(problem.at(str(plan.path or "")) if varied else located(problem, plan.loaded))


def largest_run(plan: ExperimentPlan) -> Scenario:
    """The scenario of a plan that takes most memory: its largest market, its longest run, its busiest preset."""
    from sim.runs.execution.simulate import Base

    def size(scenario: Scenario) -> int:
        return total(footprint(scenario, 1, plan.loaded.base_dir).peak)

    found: list[Scenario] = []
    for scenario in plan.bases.values():
        alone = changed(scenario, "run", panel=0)  # in a study nobody is followed
        base, chosen = Base(alone), {}
        for axis in plan.axes:
            if axis.path.split(".")[0] not in ("market", "run"):
                continue
            sizes = {}
            for value in _extremes(plan, axis):
                with suppress(ScenarioError):
                    sizes[value] = size(base.at({axis.path: value}))
            if sizes:
                chosen[axis.path] = max(sizes, key=lambda value: sizes[value])
        found.append(alone)
        with suppress(ScenarioError):
            found.append(base.at(chosen))
    return max(found, key=size)


def _extremes(plan: ExperimentPlan, axis: Axis) -> Iterator[Any]:
    """The values of a factor that may be largest: those of a list, those of a table of points, or both ends."""
    rows = plan.experiment.design.rows or ()
    yield from (row[axis.path] for row in rows if axis.path in row)
    if axis.values is not None:
        yield from axis.values
    elif axis.varies:
        yield from (axis.native(value) for value in axis.from_unit([0.0005, 0.9995]).tolist())
        yield from (
            axis.native(end) for end in (axis.factor.low, axis.factor.high) if end is not None and math.isfinite(end)
        )
