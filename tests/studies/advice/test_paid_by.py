"""What a lever is said to be paid by makes it dearer, in runs with the same luck, and at the end that is said to cost.

What a lever costs is the margin that its price takes: prices that the firm pays change nobody's behaviour, so that two
runs which differ by one of them have the same customers. The hours of an apology alone make answers later as well.
"""

from functools import cache

import pytest

from sim.engine.simulation import Simulation
from sim.model.market import Market, Run
from sim.model.rooms import O
from sim.model.scenario import Scenario
from sim.parameters.paths import set_path
from sim.parameters.registry import parameters
from sim.results.outputs import measure
from sim.studies.advice.levers import find_levers

WORLD = {
    "run": Run(period="month", periods=12, seed=11),
    "market": Market(customers=600),
}
SET = {
    "voice.complain_share": 0.7,
    "voice.headquarters_share": 0.5,
    "talk.online.post_share": 0.9,
    "firm.systems.failure_scale": 4.0,
    "firm.desk.agents": 200.0,
    "firm.desk.public_answers": 0.3,
    "firm.desk.investigation_days": 2.0,
    "firm.onboarding.spending": 10.0,
    "firm.people.followed": True,
    "firm.people.staffing": 0.6,
}
FOLLOWED = set_path(Scenario(), "firm.people.followed", True)
LEVERS = {lever.name: lever for lever in find_levers(FOLLOWED, 1).levers if lever.paid_by}


def changed(scenario: Scenario, changes: dict) -> Scenario:
    for path, value in changes.items():
        scenario = set_path(scenario, path, value)
    return scenario


@cache
def world() -> Scenario:
    return changed(Scenario(**WORLD), SET)


def spent(scenario: Scenario) -> float:
    """All that the focal firm pays out, per customer and period."""
    tables = Simulation(scenario, seed=11).run()
    found = measure(scenario, tables, None, ["revenue.total", "margin.total"])
    return (found["revenue.total"] - found["margin.total"]) / float(tables.tallies[:, 0, :, O.active].sum())


def costs(lever, changes) -> float:
    """What the price takes where the lever stands, money per customer and period."""
    scenario = changed(world(), changes)
    return spent(scenario) - spent(set_path(scenario, lever.paid_by, 0.0))


@pytest.mark.parametrize("name", [name for name, lever in LEVERS.items() if lever.paid_by != name])
def test_it_costs_more_at_the_end_that_is_said_to_cost(name):
    lever = LEVERS[name]
    dear = lever.steps[0 if lever.less_costs else -1]
    assert costs(lever, dear.changes) > costs(lever, {}) + 1e-6


def test_what_is_spent_is_money_itself():
    own = {name: lever.unit for name, lever in LEVERS.items() if lever.paid_by == name}
    assert own.pop("firm.desk.compensation") == "share"  # of a purchase
    assert own.pop("firm.guarantee.payout") == "share of a purchase"
    assert len(own) == 4
    assert all(unit.startswith("money per ") for unit in own.values())


def test_only_levers_are_paid_for_and_by_what_exists():
    paths = {info.path for info in parameters()}
    for info in parameters():
        if info.paid_by:
            assert info.path.startswith(("firm.", "rivals[]."))
            assert not info.no_lever
            assert info.paid_by in paths
