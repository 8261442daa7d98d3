"""One world of one replication: its key figures, curves and endings, and what 120 of its people go through."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.app.watched_people import WatchedPeople, Watching
from sim.results.keyfigures import BY_NAME as FIGURES
from sim.results.outputs import OF_THE_RUN, measure
from sim.results.series import FocalColumns
from sim.runs.run import replication_seed
from sim.studies.comparison.comparison_plan import ComparedWorld
from sim.studies.comparison.persons import Ending, ending_of
from sim.studies.comparison.world_paths import path, stretches

Values = npt.NDArray[np.float64]
Tick = Callable[[], None]

CURVES = ("seen_share", "retention", "satisfaction", "talk_ratio", "margin")
"""What is drawn over time, a curve for each card: shares of a stretch of periods, satisfaction at its middle, and the
margin earned since the start."""

WORLDS_KEPT = 64
"""Worlds of one luck that are kept, for a lever that comes back to where it was; a world takes some 500 kB at most."""


class ShownWorld(NamedTuple):
    """What is kept of one world.

    Attributes:
        figures: Key figures by name, and what outputs of the whole run there are: the value of the customers in hand.
        curves: float64[CURVES, stretches].
        ending: What has become of everybody.
        watched: What the first people went through; None in all replications but the first.
    """

    figures: dict[str, float]
    curves: Values
    ending: Ending
    watched: WatchedPeople | None


def lived(world: ComparedWorld, seed: int, number: int, threads: int, tick: Tick) -> ShownWorld:
    """Live one world with the luck of one replication.

    Args:
        world: The scenario, and where it begins.
        seed: Key of the luck of replication 0.
        number: Number of the replication, from 0; only the first is watched person by person.
        threads: Threads of the run; results do not depend on it.
        tick: Called at the end of each period; raises to end the run.
    """
    from sim.engine.simulation import Simulation

    scenario = world.scenario
    luck = replication_seed(seed, number)
    run = Simulation(scenario, seed=luck, threads=threads, base_dir=world.base_dir, today=world.today)
    watching: Watching | None = None
    while run.period < scenario.run.periods:
        if run.period == 0 and number == 0:
            watching = Watching(run)
        run.step()
        if watching is not None:
            watching.note(run)
        tick()
    tables = run.tables()
    columns = FocalColumns(scenario, tables)
    return ShownWorld(
        measure(scenario, tables, None, [*FIGURES, *OF_THE_RUN]),
        _curves(columns, world),
        ending_of(run),
        None if watching is None else watching.watched(),
    )


def _curves(columns: Any, world: ComparedWorld) -> Values:
    scenario = world.scenario
    starts = stretches(scenario)[:-1]
    loss, satisfaction, _, margin = path(columns, scenario)

    def of(over: str, under: str) -> Values:
        top, bottom = (np.add.reduceat(np.asarray(columns[name], np.float64), starts) for name in (over, under))
        return np.asarray(np.divide(top, bottom, out=np.full(len(starts), np.nan), where=bottom > 0))

    seen, talk = of("recorded", "dissatisfied"), of("told_positive", "told_negative")
    return np.stack([seen, 1.0 - loss, satisfaction, talk, margin])


class WorldMemory:
    """Worlds that were lived, so that today is lived once for each luck and not at every move.

    Safe to use from several threads; two that want the same world at the same time both live it.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[Any, ...], ShownWorld] = OrderedDict()
        self._lock = threading.Lock()

    def lived(self, world: ComparedWorld, seed: int, number: int, threads: int, tick: Tick) -> ShownWorld:
        """As `lived`, from memory where the same world was lived before."""
        key = self._key(world, seed, number)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        found = lived(world, seed, number, threads, tick)
        with self._lock:
            self._kept[key] = found
            while len(self._kept) > WORLDS_KEPT:
                self._kept.popitem(last=False)
        return found

    @staticmethod
    def _key(world: ComparedWorld, seed: int, number: int) -> tuple[Any, ...]:
        past = None if world.today is None else world.today.model_dump_json()
        return json.dumps([world.scenario.model_dump_json(), past]), str(world.base_dir), seed, number
