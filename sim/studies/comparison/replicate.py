"""One replication: every scenario with the same luck, and what is kept of it."""

from __future__ import annotations

import hashlib
import math
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.parameters.timeline import WITHOUT_FAILURES, Patch
from sim.results.keyfigures import BY_NAME as FIGURES
from sim.results.outputs import EQUITY, PROFIT, measure
from sim.results.series import FocalColumns
from sim.runs.run import replication_seed
from sim.studies.comparison.comparison_plan import SHARED, Bundle, ComparedWorld, ComparisonPlan
from sim.studies.comparison.cost_and_return import ITEMS
from sim.studies.comparison.groups import group_figures
from sim.studies.comparison.persons import Ending, MatchedWorlds, ending_of, match_persons
from sim.studies.comparison.world_paths import path
from sim.vocabulary.errors import ScenarioError

if TYPE_CHECKING:
    from sim.engine.tables import Tables

AnyValues = npt.NDArray[Any]
PeriodTick = Callable[[int], None]


class LivedWorlds(NamedTuple):
    """What is kept of one world: key figures, money, the path over time, what happened, a digest of all, groups."""

    figures: dict[str, float]
    money: dict[str, float]
    equity: float
    path: AnyValues
    totals: AnyValues
    digest: str
    groups: AnyValues


class Replication(NamedTuple):
    """All worlds with the luck of one replication.

    Attributes:
        number: Number of the replication, from 0.
        seed: Key of its luck.
        worlds: What is kept of each scenario, in order; None where the run failed.
        reasons: Why it failed, in one line; empty where it did not.
        matched: For each later scenario its people counted against the first; None where they cannot be.
        games: For each bundle `SHARED` in every world of its game: float64[worlds, outputs], NaN where a run failed.
        reasons_between: Why worlds between today and a bundle failed.
    """

    number: int
    seed: int
    worlds: tuple[LivedWorlds | None, ...]
    reasons: tuple[str, ...]
    matched: tuple[MatchedWorlds | None, ...]
    games: tuple[AnyValues, ...] = ()
    reasons_between: tuple[str, ...] = ()


def replicate(plan: ComparisonPlan, number: int, threads: int, tick: PeriodTick) -> Replication:
    """Run every scenario with the luck of one replication.

    Only sums leave: of the people of two worlds at a time their endings are held, and counted against each other.

    Args:
        plan: The scenarios.
        number: Number of the replication.
        threads: Threads of one run.
        tick: Called at the end of each period; raises to end the run.
    """
    seed = replication_seed(plan.seed, number)
    worlds: list[LivedWorlds | None] = []
    reasons: list[str] = []
    matched: list[MatchedWorlds | None] = []
    first: Ending | None = None
    for position, world in enumerate(plan.worlds):
        lived, ending, reason = None, None, ""
        try:
            lived, ending = _live(world, plan.measured, seed, threads, tick)
        except (InterruptedError, ScenarioError):
            raise
        except Exception as error:
            reason = _reason(error)
        worlds.append(lived)
        reasons.append(reason)
        if position == 0:
            first = ending
        else:
            known = first is not None and ending is not None and not world.strangers
            matched.append(match_persons(first, ending) if known and first is not None and ending is not None else None)
    first = None  # what lies between is not matched, and nobody is held for it
    games, reasons_between = [], []
    ends = dict(zip(plan.labels, worlds, strict=True))
    for bundle in plan.bundles:
        found, failed = _between(bundle, seed, threads, tick)
        games.append(np.array([_judged(worlds[0]), *found, _judged(ends[bundle.label])]))
        reasons_between += failed
    return Replication(
        number, seed, tuple(worlds), tuple(reasons), tuple(matched), tuple(games), tuple(reasons_between)
    )


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".splitlines()[0]


def _judged(lived: LivedWorlds | None) -> tuple[float, ...]:
    """`SHARED` of a world that was lived whole."""
    if lived is None:
        return (math.nan,) * len(SHARED)
    values = {PROFIT: lived.equity + lived.money["margin"], "margin": lived.figures["margin"]}
    return tuple(values[name] for name in SHARED)


def _between(bundle: Bundle, seed: int, threads: int, tick: PeriodTick) -> tuple[list[tuple[float, ...]], list[str]]:
    """`SHARED` of the worlds between today and a bundle, and why some of them failed."""
    from sim.engine.simulation import Simulation

    found, reasons = [], []
    for world in bundle.between:
        try:
            run = Simulation(world.scenario, seed=seed, threads=threads, base_dir=world.base_dir, today=world.today)
            values = measure(world.scenario, run.run(tick), None, SHARED)
        except (InterruptedError, ScenarioError):
            raise
        except Exception as error:
            values = dict.fromkeys(SHARED, math.nan)
            reasons.append(_reason(error))
        found.append(tuple(values[name] for name in SHARED))
    return found, reasons


def _live(
    world: ComparedWorld, measured: bool, seed: int, threads: int, tick: PeriodTick
) -> tuple[LivedWorlds, Ending]:
    from sim.engine.simulation import Simulation

    scenario = world.scenario

    def simulation(patch: Patch | None = None) -> Simulation:
        return Simulation(scenario, seed=seed, threads=threads, base_dir=world.base_dir, patch=patch, today=world.today)

    run = simulation()
    tables = run.run(tick)
    ending = ending_of(run)
    del run  # its people are not held while the second world is lived
    without = simulation(WITHOUT_FAILURES).run(tick) if measured else None
    figures = measure(scenario, tables, without, [*FIGURES, EQUITY, *(f"{name}.total" for name in ITEMS)])
    return LivedWorlds(
        {name: figures[name] for name in FIGURES},
        {name: figures[f"{name}.total"] for name in ITEMS},
        figures[EQUITY],
        path(FocalColumns(scenario, tables), scenario),
        tables.tallies.sum(axis=(0, 2)),
        _digest(tables),
        group_figures(scenario, tables),
    ), ending


def _digest(tables: Tables) -> str:
    """Of everything that is counted in a run: equal where two worlds are equal to the last bit."""
    digest = hashlib.sha256()
    for array in (tables.tallies, tables.initial, tables.leavers, tables.stayers):
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()


def replicate_all(
    plan: ComparisonPlan, numbers: Sequence[int], threads: int | None, finished: Callable[[Replication], Any]
) -> Iterator[Replication]:
    """Replications in order: small worlds side by side in threads, large ones one by one with threads inside.

    Results do not depend on it. An interruption, or an error in one of them, stops the others at the end of their
    period.

    Args:
        plan: The scenarios.
        numbers: Replications to run.
        threads: Threads altogether; None for all cores.
        finished: Called for each as soon as it is there, in no certain order.
    """
    from sim.engine.free import usable_cores
    from sim.engine.simulation import ROWS_PER_THREAD

    cores = threads or usable_cores()
    largest = max(world.scenario.market.customers for world in plan.worlds)
    if cores == 1 or largest >= 2 * ROWS_PER_THREAD:
        for number in numbers:
            found = replicate(plan, number, cores, lambda _: None)
            finished(found)
            yield found
        return
    stop = Event()

    def tick(_: int) -> None:
        if stop.is_set():
            raise InterruptedError

    def job(number: int) -> Replication:
        found = replicate(plan, number, 1, tick)
        finished(found)
        return found

    # No more than a few ahead of the one that is waited for, so that memory does not grow with their number.
    ahead: deque[Future[Replication]] = deque()
    left = iter(numbers)
    with ThreadPoolExecutor(min(cores, max(1, len(numbers)))) as pool:
        try:
            for number in left:
                ahead.append(pool.submit(job, number))
                if len(ahead) > 3 * cores:
                    yield ahead.popleft().result()
            while ahead:
                yield ahead.popleft().result()
        except BaseException:
            stop.set()
            pool.shutdown(wait=False, cancel_futures=True)
            raise
