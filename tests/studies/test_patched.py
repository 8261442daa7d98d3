"""Worlds under a patch: same people and luck, whatever the timeline says, and who would have stayed."""

import pickle

import numpy as np
import pytest

from sim.engine.simulation import Simulation
from sim.scenario import load_text
from sim.studies.patched import BUT_FOR, LEFT, ONLY_THERE, PERSONS, PatchedTask

SCENARIO = """
name: small
run: {period: month, periods: 10, warm_up: 3, seed: 3}
market: {customers: 400, entrants_per_year: 30}
customers: {bonds: {renewal_per_year: 0.05}}
timeline:
  - {at: 4, set: {firm.costs.prevention: 9.0}}
"""
PATCH = {"firm.systems.failure_scale": 0.0}


@pytest.fixture(scope="module")
def scenario():
    return load_text(SCENARIO).scenario


@pytest.fixture(scope="module")
def task(scenario):
    return PatchedTask((*PERSONS, "prevention_cost.total", "customer_years.total"), scenario)


def ever_left(scenario, patch):
    """Period by period: who was a customer at the start, and once was not, or is somebody else."""
    run = Simulation(scenario, seed=5, threads=1, patch=patch)
    while run.period < 0:
        run.step()
    customer, born = run.state.supplier == 0, run.state.people["born"].copy()
    joined, left = run.state.joined.copy(), np.zeros(len(customer), bool)
    while run.period < scenario.run.periods:
        run.step()
        people = run.state.people
        left |= customer & ((run.state.supplier != 0) | (people["born"] != born) | (run.state.joined != joined))
    return left, run.tables()


def test_who_left_is_counted_person_by_person(scenario, task):
    here, tables = ever_left(scenario, {})
    there, better = ever_left(scenario, PATCH)
    counted = task(PATCH, 5, lambda: None)
    assert counted[LEFT] == there.sum() == better.leavers[0, 0].sum()  # the engine's own count of the same people
    assert counted[BUT_FOR] == (here & ~there).sum() > 0
    assert counted[ONLY_THERE] == (there & ~here).sum()
    as_it_is = task({}, 5, lambda: None)
    assert as_it_is[LEFT] == here.sum() == tables.leavers[0, 0].sum()
    assert as_it_is[BUT_FOR] == as_it_is[ONLY_THERE] == 0.0


def test_a_patch_holds_whatever_the_timeline_says(task):
    spent = task({"firm.costs.prevention": 4.0}, 5, lambda: None)
    assert spent["prevention_cost.total"] == pytest.approx(4.0 * spent["customer_years.total"], rel=0.03)


def test_what_is_sent_to_a_worker_gives_the_same(task):
    sent = pickle.loads(pickle.dumps(task))
    assert sent(PATCH, 7, lambda: None) == task(PATCH, 7, lambda: None)
