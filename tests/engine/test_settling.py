"""Settling: whoever is there at the start is somebody of a small world that has lived for long."""

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.engine.settling import settled_world
from sim.engine.simulation import Simulation
from sim.mesa import Twin
from sim.model.in_use import at
from sim.model.luck import uniforms
from sim.model.person import COMPLAINT_OPEN, GONE, NEWCOMER, NOBODY, luck_of
from sim.model.population import SETTLED_DRAW
from sim.model.rooms import COLUMNS, O
from sim.model.scenario import Scenario
from sim.parameters.paths import set_path
from sim.parameters.timeline import WITHOUT_FAILURES
from sim.runs.execution.simulate import SimulationTask
from sim.studies.comparison.comparison_plan import begins_as
from sim.vocabulary.streams import INITIAL
from tests import equality, worlds
from tests.engine.test_checkpoint import assert_same

OWN = ("luck", "flags", "joined", "leaves", "attrition")
"""Columns in which a person differs from the one that it is drawn of."""

LEFT_BEHIND = ("story", "post", "heard", "inbox", "margin")
"""What was on its way in the other world, and what is counted from the start."""


def lively(**fixed: Any) -> Scenario:
    given = {"market.customers": 150, "run.periods": 4, "run.settling.years": 1, "run.settling.people": 100}
    return worlds.world({**given, **fixed}, segments=2)


@pytest.mark.parametrize("name", worlds.BY_HAND)
def test_the_twin_begins_among_the_same_people(name: str, tmp_path: Path):
    scenario = worlds.by_hand(name, tmp_path)
    for path, value in {"run.settling.years": 1, "run.settling.people": 100, "run.warm_up": 2}.items():
        scenario = set_path(scenario, path, value)
    today = set_path(scenario, "firm.systems.failure_scale", 3.0)
    given: dict[str, Any] = {"today": today, "patch": WITHOUT_FAILURES, "base_dir": tmp_path}
    engine = Simulation(scenario, threads=1, **given)
    equality.assert_same_life(engine, equality.life(Twin(scenario, **given)))


def test_everybody_at_the_start_is_somebody_of_ones_own_segment():
    scenario = lively(**{"market.entrants_per_year": 520.0})
    run = Simulation(scenario, threads=1)
    settled = settled_world(scenario, scenario.run.seed)
    there, here = settled.people.state, run.state
    for i in range(150):
        segment = int(here.people["segment"][i])
        those = settled.people.order[settled.people.first[segment] : settled.people.first[segment + 1]]
        assert (there.people["segment"][those] == segment).all()
        row = those[int(uniforms(np.uint64(scenario.run.seed), INITIAL, i, 0, SETTLED_DRAW)[0] * len(those))]
        for column in COLUMNS:
            if column.name in OWN:
                continue
            apart = column.apart
            mine, theirs = (getattr(s, column.name) if apart else s.people[column.name] for s in (here, there))
            other = theirs[at(theirs, row)]
            expected = np.zeros_like(other) if column.name in LEFT_BEHIND else other
            assert np.array_equal(mine[at(mine, i)], expected), column.name
        assert luck_of(here, i) == i
        longer = settled.people.longer
        assert here.joined[i] == math.floor(there.joined[row] * longer)
        yearly = (1.0 - float(s.attrition[k]) for s, k in ((here, i), (there, row)))
        assert next(yearly) ** longer == pytest.approx(next(yearly), abs=1e-6)
        assert here.people["flags"][i] == int(there.people["flags"][row]) & ~(COMPLAINT_OPEN | NEWCOMER)
    assert (here.supplier[150:] == NOBODY).all()
    assert not here.ever[150:].any()  # who comes later is new
    assert run.environment.prices.usual.tolist() == settled.environment.prices.usual.tolist()


def test_nobody_is_drawn_who_is_gone():
    run = Simulation(lively(**{"customers.bonds.renewal_per_year": 0.0}), threads=1)
    assert (settled_world(run.scenario, run.seed).people.state.people["flags"] & GONE).any()
    assert not (run.state.people["flags"] & GONE).any()


def test_tables_begin_with_the_people_of_the_start():
    tables = Simulation(lively(), threads=1).run()
    customers = tables.leavers.sum(axis=(2, 3)) + tables.stayers.sum(axis=2)
    assert np.array_equal(customers[:, 0], tables.initial[:, :, O.active].sum(axis=1))
    assert tables.initial[:, :, O.lapsed].any()
    assert tables.initial[:, :, O.lost].any()


def test_threads_and_going_on_change_nothing(tmp_path: Path):
    scenario = lively(**{"run.warm_up": 3})
    run = Simulation(scenario, threads=1)
    run.step()
    run.save(tmp_path / "stopped.npz")
    whole = run.run()
    assert_same(whole, Simulation(scenario, threads=2).run())
    assert_same(whole, Simulation.load(tmp_path / "stopped.npz", threads=2).run())


def test_off_leaves_no_trace():
    off = lively(**{"run.settling.years": 0})
    assert settled_world(off, 1) is None
    other = set_path(off, "run.settling.people", 500)
    assert np.array_equal(Simulation(off, threads=1).run().tallies, Simulation(other, threads=1).run().tallies)


def test_worlds_that_begin_in_the_same_one_live_it_once():
    """Other horizons, another name and another world of the same firms: the people of the start are the same."""
    scenario = lively()
    settled = settled_world(scenario, scenario.run.seed)
    seed = scenario.run.seed
    for path, value in {"run.periods": 9, "name": "other", "run.warm_up": 5, "market.customers": 80}.items():
        assert settled_world(set_path(scenario, path, value), seed) is settled
    assert settled_world(set_path(scenario, "firm.desk.ease", 1.0), seed) is not settled
    assert settled_world(scenario, seed + 1) is not settled
    base = Simulation(scenario, threads=1)
    better = Simulation(scenario, threads=1, patch=WITHOUT_FAILURES)
    assert np.array_equal(base.initial, better.initial)
    assert not np.array_equal(base.initial, Simulation(scenario, threads=1, seed=9).initial)


def test_what_is_compared_and_decided_begins_among_the_same_people():
    scenario = lively()
    plan = set_path(scenario, "firm.desk.ease", 1.0)
    assert begins_as(scenario, plan) is scenario
    assert begins_as(scenario, set_path(scenario, "run.settling.years", 2)) is None
    task = SimulationTask(("customers",), {(): scenario}, levers=("firm.desk.ease",))
    assert task.today({"firm.desk.ease": 1.0}) == scenario
    assert replace(task, levers=()).today({"firm.desk.ease": 1.0}) is None


def test_the_start_is_the_stationary_state():
    """One hazard of renewal v and one of being won p: a place is held with p (1 - v) / (p (1 - v) + v), and stays so.

    Of the customers (1 - v)^n have been so for n months and more. Both from other shares (the chain of test_renewal).
    """
    renewal, advertising, people, years = 0.2, 0.5, 40_000, 30
    off = {
        "customers.bonds.reviews_per_year": 0.0,
        "customers.bonds.returns_per_year": 0.0,
        "voice.lapse_share": 0.0,
        "customers.bonds.attrition_per_year": 0.0,
        "customers.encounters.purchases_per_year": 0.0,
        "customers.encounters.help_requests_per_year": 0.0,
        "customers.encounters.repairs_per_year": 0.0,
        "movement.promise": 0.0,
        "talk.opinion_on_adoption": 0.0,
        "movement.price_on_adoption": 0.0,
        "firm.win_back.contacts_per_year": 0.0,
    }
    scenario = worlds.world(
        {
            **off,
            "market.customers": people,
            "run.period": "month",
            "run.periods": 120,
            "run.settling.years": years,
            "run.settling.people": people,
            "customers.bonds.renewal_per_year": renewal,
            "firm.strategy.advertising_hazard": advertising,
            "firm.initial_share": 0.9,
            "firm.strategy.advertising_response": 0.0,
        },
        rivals=0,
    )
    v, p = 1 - (1 - renewal) ** (1 / 12), 1 - (1 - advertising) ** (1 / 12)
    held = p * (1 - v) / (p * (1 - v) + v)
    run = Simulation(scenario, threads=2)
    spread = math.sqrt(2 * held * (1 - held) / people)  # of the world that settles, and of the draw
    customers = run.state.supplier != NOBODY
    assert abs(customers.mean() - held) < 6 * spread
    for months in (1, 12, 60):
        stayed = (1 - v) ** months
        older = (run.state.joined[customers] <= -1 - months).mean()
        assert abs(older - stayed) < 6 * math.sqrt(2 * stayed * (1 - stayed) / customers.sum())
    run.run()
    assert abs((run.state.supplier != NOBODY).mean() - held) < 6 * spread
