"""Worlds with a better firm: what is patched, and what never came, by hand."""

import copy

import numpy as np
import pytest

import sim
from sim.model.market import Market, Run
from sim.model.money import Money
from sim.model.rooms import O
from sim.model.scenario import Change, Scenario
from sim.parameters.timeline import PERFECT_ANSWERS, WITHOUT_FAILURES, counterfactuals, phases, promises_kept
from sim.results.quality_worlds import build_quality_worlds
from sim.vocabulary.observables import FIXED_POINT
from tests.results.test_measures import HandMade


def test_what_never_came_by_hand():
    """Revenue 300 more, running it 40, prevention 10, complaints 1,000 (a direct cost of failures): 250; then 50."""
    here, there = HandMade(), HandMade(active=(90, 88))
    for name, more in (("revenue", 300), ("operation_cost", 40), ("prevention_cost", 10), ("complaint_cost", 1000)):
        there.tallies[0, 0, 0, getattr(O, name)] += more * FIXED_POINT
    other = copy.deepcopy(there)
    other.tallies[0, 0, 0, O.revenue] -= 200 * FIXED_POINT
    found = build_quality_worlds([here, here], {"promises_kept": [there, other]}).iloc[0]
    assert (found["world"], found["missed"], found["customers"]) == ("promises_kept", 150.0, 7.0)
    half = 12.7062 * 100.0  # t with one degree of freedom, standard error of 250 and 50
    assert found["missed_low"] == pytest.approx(150 - half, rel=1e-4)
    assert found["missed_high"] == pytest.approx(150 + half, rel=1e-4)


def test_levels_are_at_least_what_was_ever_promised():
    scenario = Scenario(timeline=[Change(at=5, until=9, set={"firm.strategy.promise.empathy": 6.9})])
    patch = promises_kept(scenario)
    service, promise = scenario.firm.systems.service, scenario.firm.strategy.promise
    assert patch["firm.systems.service.empathy"] == 6.9
    assert patch["firm.systems.service.reliability"] == max(service.reliability, promise.reliability)
    for _, stretch in phases(scenario, patch):
        better = stretch.firm.systems.service
        assert all(getattr(better, name) >= value for name, value in service.model_dump().items())
        assert all(getattr(better, name) >= value for name, value in stretch.firm.strategy.promise.model_dump().items())


def test_which_worlds_are_run():
    def names(**money):
        return list(counterfactuals(Scenario(money=Money(**money))))

    assert names() == ["without_failures"]
    assert names(measure_opportunity_cost=False) == []
    assert names(measure_quality_worlds=True) == ["without_failures", "promises_kept", "perfect_answers"]
    assert counterfactuals(Scenario())["without_failures"] is WITHOUT_FAILURES


def test_with_perfect_answers_every_complaint_is_resolved_at_once():
    from sim.engine.simulation import Simulation

    scenario = Scenario(market=Market(customers=400), run=Run(period="month", periods=12)).model_copy(deep=True)
    tallies = Simulation(scenario, seed=3, threads=1, patch=PERFECT_ANSWERS).run().tallies[:, 0].sum(axis=(0, 1))
    assert tallies[O.complained] > 0
    assert tallies[O.resolved_quickly] == tallies[O.complained]
    assert np.all(tallies[[O.unanswered, O.unresolved, O.resolved]] == 0)


def test_a_run_tells_of_the_worlds_that_it_was_asked_for():
    small = Scenario(
        market=Market(customers=300),
        run=Run(period="month", periods=4, replications=2),
        money=Money(measure_quality_worlds=True),
    )
    result = sim.run(small, seed=7)
    rows = result.quality_worlds.set_index("world")
    assert rows.loc["without_failures", "missed"] == pytest.approx(result.value("opportunity_measured"))
    assert [row["world"] for row in result.as_json()["quality_worlds"]] == list(rows.index)
    assert any("resolved at once and in full" in text for text in result.sentences)
    plain = sim.run(small.model_copy(update={"money": Money(measure_opportunity_cost=False)}), seed=7)
    assert plain.quality_worlds is None
    assert plain.value("margin") == result.value("margin")
