"""Settling: a small world lives by itself for many years, and the people of the start are drawn of its people.

What a scenario's parameters say of the start (shares, beliefs, tenures) is not where the market would stay by itself.
Slow is what people carry with them: for how long they have been customers and whose they were, who left in anger, whom
nobody has won, and who of the light and the heavy users is left. No parameter states all of that together; a world
that has lived for long knows it.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

import numpy as np

from sim.engine import settled_folder
from sim.engine.state import empty_state
from sim.model.contexts import Environment
from sim.model.firm import Firm
from sim.model.in_use import unused
from sim.model.market import PERIODS_PER_YEAR, Run, Settling
from sim.model.person import GONE
from sim.model.population import Forebears
from sim.model.records import environment_records, remembered, remembering
from sim.model.scenario import Scenario

SEED_BYTES = 8
"""A seed is a whole number below 2^64."""

PEOPLE_KEPT = 200_000
"""People of worlds that have settled and are kept, for counterfactual worlds and the levers of a study; the last world
is kept whatever its size."""

WORTH_KEEPING = 200_000
"""People times periods of a world that is kept on disk, too: a shorter one is soon lived again."""


class Settled(NamedTuple):
    """A world that has settled.

    Attributes:
        people: Its people, at its period 0.
        environment: With what its people are used to pay, and what they know of the firms.
        known_as: What tells it from every other world.
    """

    people: Forebears
    environment: Environment
    known_as: Any


def period_of_settling(run: Run) -> str:
    """The period in which a small world lives: a month, or a run's own that is longer.

    Decades in weeks would take four times as long, and what is slow about a market is the same in months.

    >>> period_of_settling(Run(period="week")), period_of_settling(Run(period="month"))
    ('month', 'month')
    """
    return "month" if PERIODS_PER_YEAR[run.period] > PERIODS_PER_YEAR["month"] else run.period


def world_that_settles(today: Scenario) -> Scenario:
    """The scenario of the world that settles: today without end, with people and years of its own.

    What does not shape it (name, horizon, replications, timeline) is neutral, so that all who begin in the same
    world find it under the same description.

    >>> from sim.model.market import Run
    >>> world = world_that_settles(Scenario(run=Run(settling=Settling(years=2, people=500), periods=8)))
    >>> world.market.customers, world.run.warm_up, world.run.periods, world.run.settling.years
    (500, 24, 1, 0)
    """
    asked, period = today.run.settling, period_of_settling(today.run)
    calendar = {
        "period": period,
        "periods": 1,
        "warm_up": asked.years * PERIODS_PER_YEAR[period],
        "settling": Settling(),
        "panel": 0,
        "replications": 1,
        "seed": 0,
    }
    market: dict[str, Any] = {"entrants_per_year": 0.0}
    if today.market.network.kind != "edges":  # a list of ties is of so many people
        market["customers"] = asked.people
    return today.model_copy(
        update={
            "name": "",
            "question": "",
            "asks": "anything",
            "timeline": [],
            "run": today.run.model_copy(update=calendar),
            "market": today.market.model_copy(update=market),
            "firm": _in_balance(today.firm),
            "rivals": [_in_balance(rival) for rival in today.rivals],
        }
    )


def _in_balance(firm: Firm) -> Firm:
    """The firm, whose people are followed, and which learns, from the beginning of the run on, not before."""
    if not firm.people.followed and firm.learning.steering == "none":
        return firm
    people = firm.people.model_copy(update={"followed": False})
    return firm.model_copy(update={"people": people, "learning": firm.learning.model_copy(update={"steering": "none"})})


def settling_seed(seed: int) -> int:
    """Key of the luck of the world that settles, from that of the run: no run's own.

    >>> settling_seed(1) == settling_seed(1), settling_seed(1) == settling_seed(2), settling_seed(1) < 2**64
    (True, False, True)
    """
    return int.from_bytes(hashlib.sha256(f"exitvoice settling {seed}".encode()).digest()[:SEED_BYTES], "big")


def settled_world(
    today: Scenario, seed: int, base_dir: Path | None = None, threads: int | None = None
) -> Settled | None:
    """The world in which the people of a run's start have settled; None where they begin by the parameters.

    Each replication has its own, so that intervals hold what is not known of the start. It is lived once, and kept for
    all who begin in it: worlds with another firm, levers of a study.

    Args:
        today: What holds before the first period; `run.settling` is its own.
        seed: Key of the run's luck.
        base_dir: Folder of the scenario file, for a network's edge list.
        threads: Threads of the compiled loops; the result does not depend on it.
    """
    if today.run.settling.years == 0:
        return None
    longer = PERIODS_PER_YEAR[today.run.period] / PERIODS_PER_YEAR[period_of_settling(today.run)]
    return _the_same(_LazyWorld(world_that_settles(today), longer, seed, base_dir)).settled(threads)


class _LazyWorld:
    """A world that is lived when somebody asks for it; equal where it is the same world."""

    def __init__(self, scenario: Scenario, longer: float, seed: int, base_dir: Path | None) -> None:
        self._scenario, self._longer, self._seed, self._base_dir = scenario, longer, seed, base_dir
        self._known_by = (type(scenario), scenario.model_dump_json(), longer, seed, base_dir)
        self._one_at_a_time = Lock()
        self._settled: Settled | None = None

    @property
    def people(self) -> int:
        """How many live in it."""
        return self._scenario.market.customers

    def __hash__(self) -> int:
        return hash(self._known_by)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _LazyWorld) and self._known_by == other._known_by

    def settled(self, threads: int | None) -> Settled:
        """Its people, who have lived once this is asked for."""
        with self._one_at_a_time:
            if self._settled is None:
                self._settled = self._found() or self._lived(threads)
        return self._settled

    @property
    def _identity(self) -> str | None:
        """What it is on disk; None for what a description in words and numbers does not tell, and for what is short."""
        scenario, run = self._scenario, self._scenario.run
        short = scenario.market.customers * run.warm_up < WORTH_KEEPING
        if short or type(scenario) is not Scenario or scenario.market.network.kind == "edges":
            return None
        return repr((scenario.model_dump_json(), self._seed))

    def _found(self) -> Settled | None:
        """Its people, if somebody has kept them on disk."""
        saved = None if self._identity is None else settled_folder.found(self._identity)
        if saved is None:
            return None
        listeners, needless = len(saved["inbox"]) - 1, unused([self._scenario])
        state = empty_state(len(saved["people"]), len(self._scenario.firms), listeners=listeners, unused=needless)
        for name in state._fields:
            getattr(state, name).view(np.uint8)[...] = saved[name].view(np.uint8)  # NumPy copies records field by field
        return self._of(state, remembering(environment_records(self._scenario), saved))

    def _lived(self, threads: int | None) -> Settled:
        from sim.engine.simulation import Simulation  # which begins in a world that has settled

        run = Simulation(self._scenario, seed=settling_seed(self._seed), threads=threads, base_dir=self._base_dir)
        while run.period < 0:
            run.step()
        if self._identity is not None:
            settled_folder.keep(self._identity, run.state._asdict() | remembered(run.environment))
        return self._of(run.state, run.environment)

    def _of(self, state: Any, environment: Environment) -> Settled:
        there = np.flatnonzero(state.people["flags"] & GONE == 0)
        segment = state.people["segment"][there].astype(np.int64)
        by_segment = np.argsort(segment, kind="stable")
        first = np.searchsorted(segment[by_segment], np.arange(len(environment.segments) + 1))
        return Settled(Forebears(state, there[by_segment], first, self._longer), environment, self._known_by)


_kept: OrderedDict[_LazyWorld, _LazyWorld] = OrderedDict()
_keeping = Lock()


def _the_same(world: _LazyWorld) -> _LazyWorld:
    """The first of all equal worlds that was asked for, and may have been lived."""
    with _keeping:
        known = _kept.setdefault(world, world)
        _kept.move_to_end(known)
        while len(_kept) > 1 and sum(each.people for each in _kept) > PEOPLE_KEPT:
            _kept.popitem(last=False)
    return known
