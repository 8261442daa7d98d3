"""A warm-up: the world lives before the first period that is counted, and nothing of it is counted."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.engine.simulation import Simulation
from sim.mesa import FastModel, Twin
from sim.model.person import NEWCOMER
from sim.model.rooms import OBSERVABLES, O
from sim.model.scenario import Change, Scenario
from sim.parameters.paths import set_path
from sim.parameters.timeline import WITHOUT_FAILURES, phases
from sim.results.outputs import measure
from sim.results.result import assemble
from sim.runs.execution.simulate import SimulationTask
from sim.runs.run import workload
from sim.studies.comparison.compare import compare
from sim.studies.comparison.comparison_plan import prepare
from sim.vocabulary.observables import STOCK
from tests import equality, worlds
from tests.engine.test_checkpoint import assert_same

WARM = 7
STOCKS = [getattr(O, row.name) for row in OBSERVABLES if row.kind == STOCK]
FLOWS = [getattr(O, row.name) for row in OBSERVABLES if row.kind != STOCK]


def lively(**fixed: Any) -> Scenario:
    return worlds.world(
        {"market.customers": 150, "run.periods": 5, "run.warm_up": WARM, "run.panel": 200, **fixed}, segments=2
    )


def warmed(scenario: Scenario, **given: Any) -> Simulation:
    run = Simulation(scenario, threads=1, **given)
    while run.period < 0:
        run.step()
    return run


# --- twin, threads, stopping ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", worlds.BY_HAND)
def test_the_twin_lives_the_same_warm_up(name: str, tmp_path: Path):
    """Where today differs and today's world has no failures; in one world also where all is as it will be."""
    scenario = set_path(set_path(worlds.by_hand(name, tmp_path), "run.warm_up", WARM), "run.periods", WARM + 1)
    today = set_path(scenario, "firm.systems.failure_scale", 3.0)
    changed: dict[str, Any] = {"today": today, "patch": WITHOUT_FAILURES}
    for given in ({}, changed) if name == "tiny desk" else (changed,):
        engine = Simulation(scenario, threads=1, base_dir=tmp_path, **given)
        twin = Twin(scenario, base_dir=tmp_path, **given)
        equality.assert_same_life(engine, equality.life(twin))
        assert_same(engine.tables(), twin.tables())


@pytest.mark.parametrize("past", [0, 2])
def test_a_new_contract_binds_none_of_the_customers_of_today(past: int):
    """Everybody looks around and wants to go; the contract would hold them, had they signed it."""
    scenario = lively(
        **{
            "run.warm_up": past,
            "firm.contract": {"months": 12.0, "exit_fee": 1e6},
            "firm.in_market": True,
            "customers.bonds.reviews_per_year": 365.0,
            "movement.switch_share": 1.0,
            "market.entrants_per_year": 0.0,
        }
    )
    today = set_path(scenario, "firm.contract.months", 0.0)
    waiting = []
    for given in ({}, {"today": today}):
        engine = warmed(scenario, **given)
        engine.step()
        waiting.append(engine.tallies[0, 0, :, O.waiting].sum())
        again = Simulation(scenario, threads=1, **given)
        equality.assert_same_life(again, equality.life(Twin(scenario, **given)))
    assert waiting[0] > 0 == waiting[1]


def test_going_on_equals_not_stopping(tmp_path: Path):
    scenario = lively()
    today = set_path(scenario, "firm.systems.failure_scale", 3.0)
    whole = Simulation(scenario, threads=1, today=today, patch=WITHOUT_FAILURES).run()
    for after in (0, 3, WARM, WARM + 2):
        run = Simulation(scenario, threads=1, today=today, patch=WITHOUT_FAILURES)
        for _ in range(after):
            run.step()
        run.save(tmp_path / "stopped.npz")
        assert_same(whole, Simulation.load(tmp_path / "stopped.npz", threads=2).run())


def test_a_step_of_the_mesa_models_is_a_period_that_is_counted():
    scenario = lively()
    for model in (FastModel(scenario), Twin(scenario)):
        model.step()
        assert (model.period, len(model.datacollector.get_model_vars_dataframe())) == (1, 1)


# --- what is counted --------------------------------------------------------------------------------------------------


def test_people_are_as_they_were_after_the_warm_up_and_tables_begin_there():
    run = warmed(lively())
    relations = run.initial.copy()
    assert not relations[:, :, FLOWS].any()
    assert not run.tallies.any()
    assert not run.leavers.any()
    assert not (run.state.people["flags"] & NEWCOMER).any()
    assert (run.state.joined > -WARM).any()
    tables = run.run()
    assert np.array_equal(tables.initial, relations)
    assert tables.tallies.shape[0] == 5
    assert set(tables.panel["period"]) == set(range(5))
    customers = tables.leavers.sum(axis=(2, 3)) + tables.stayers.sum(axis=2)
    assert np.array_equal(customers[:, 0], tables.initial[:, :, O.active].sum(axis=1))
    joined = [O.won_advertising, O.won_talk, O.won_switch, O.returned, O.returned_switch, O.won_back]
    assert np.array_equal(customers[:, 1], tables.tallies[..., joined].sum(axis=(0, 2, 3)))


def test_the_present_moment_may_be_asked_for_during_the_warm_up():
    run = Simulation(lively(), threads=1)
    run.step()
    tables = run.tables()
    assert tables.tallies.shape[0] == 0
    assert tables.stayers[:, :, 0].sum() == tables.initial[:, :, O.active].sum()


def test_nobody_enters_the_market_during_the_warm_up():
    scenario = lively(**{"market.entrants_per_year": 120.0, "run.period": "month"})
    run = warmed(scenario)
    assert run.present == 150
    run.run()
    assert run.present == 200


def test_what_is_left_of_those_at_the_start_follows_the_closed_form():
    """One hazard, nothing else: the customers at the first counted period are binomial, N s (1 - q)^W of them."""
    off = {"customers.bonds.reviews_per_year": 0.0, "customers.bonds.returns_per_year": 0.0, "voice.lapse_share": 0.0}
    off |= {"customers.bonds.renewal_per_year": 0.0}
    hazard, people, share = 0.4, 40_000, 0.5
    scenario = worlds.world(
        {
            **off,
            "market.customers": people,
            "run.periods": 1,
            "run.warm_up": 52,
            "market.rebuy_share": 0.0,
            "firms.initial_share": share,
            "firms.strategy.advertising_hazard": 0.0,
            "firms.systems.failure_scale": 0.0,
            "customers.encounters.purchases_per_year": 0.0,
            "customers.encounters.help_requests_per_year": 0.0,
            "customers.encounters.repairs_per_year": 0.0,
            "customers.bonds.attrition_per_year": hazard,
            "customers.bonds.attrition_polarization": 0.0,
            "talk.strong_adoption": 0.0,
            "talk.weak_adoption": 0.0,
            "firms.win_back.contacts_per_year": 0.0,
        }
    )
    run = warmed(scenario)
    stay = 1.0 - hazard
    customers = int(run.initial[:, :, O.active].sum())
    spread = (people * stay * (1.0 - stay)) ** 0.5
    assert abs(customers - people * stay) < 6.0 * spread
    assert int(run.initial[0, :, O.lost].sum()) == people - customers


# --- what holds when --------------------------------------------------------------------------------------------------


def test_timeline_and_patch_hold_from_the_first_counted_period_on():
    scenario = lively().model_copy(update={"timeline": [Change(at=0, until=2, set={"firm.desk.ease": 1.5})]})
    patch = {"firm.desk.follow_up": 1.0}
    laid_out = [
        (start, stretch.firm.desk.ease, stretch.firm.desk.follow_up) for start, stretch in phases(scenario, patch)
    ]
    usual = scenario.firm.desk
    assert laid_out == [(-WARM, usual.ease, usual.follow_up), (0, 1.5, 1.0), (2, usual.ease, 1.0)]
    assert phases(lively()) == ((-WARM, lively()),)


def test_counterfactual_worlds_share_the_warm_up():
    scenario = lively()
    one, other = warmed(scenario), warmed(scenario, patch=WITHOUT_FAILURES)
    assert equality.first_difference(equality.of_engine(one), equality.of_engine(other)) == ""
    assert not np.array_equal(one.run().tallies, other.run().tallies)


def test_without_a_warm_up_nothing_is_different():
    scenario = lively(**{"run.warm_up": 0})
    today = set_path(scenario, "firm.systems.failure_scale", 3.0)
    assert_same(Simulation(scenario, threads=1).run(), Simulation(scenario, threads=1, today=today).run())


def test_luck_of_the_counted_periods_does_not_depend_on_the_length_of_the_warm_up():
    """Nobody meets anything in the warm-up: then everything that is counted is as without one, but for tenure."""
    quiet = {f"customers.encounters.{name}_per_year": 0.0 for name in ("purchases", "help_requests", "repairs")} | {
        "customers.bonds.attrition_per_year": 0.0,
        "customers.bonds.reviews_per_year": 0.0,
        "firms.strategy.advertising_hazard": 0.0,
        "firms.win_back.contacts_per_year": 0.0,
        "customers.bonds.returns_per_year": 0.0,
        "voice.tenure_loyalty": 0.0,
        "customers.bonds.renewal_per_year": 0.0,
    }
    awake = [Change(at=0, set={"firm.strategy.advertising_hazard": 0.9, "customers.bonds.reviews_per_year": 6.0})]
    tallies = [
        Simulation(lively(**quiet, **{"run.warm_up": length}).model_copy(update={"timeline": awake}), threads=1).run()
        for length in (0, 1, WARM)
    ]
    assert tallies[0].tallies[..., O.won_advertising].sum() > 0
    for other in tallies[1:]:
        assert np.array_equal(tallies[0].tallies, other.tallies)
        assert np.array_equal(tallies[0].leavers, other.leavers)


def test_dates_measures_and_work_are_those_of_the_counted_periods():
    scenario = lively()
    result = assemble(scenario, [Simulation(scenario, threads=1).run()])
    assert str(result.series["date"].min())[:10] == str(scenario.run.start)
    assert result.series["period"].nunique() == 5
    without = scenario.model_copy(update={"run": scenario.run.model_copy(update={"warm_up": 0})})
    assert workload(scenario) * 5 == workload(without) * (5 + WARM)
    assert replace(Simulation(scenario, threads=1).tables(), panel=None).tallies.size == 0


# --- many worlds ------------------------------------------------------------------------------------------------------


def test_a_point_of_a_study_turns_its_levers_after_the_warm_up_and_its_uncertainties_before():
    scenario = lively(**{"run.panel": 0})
    task = SimulationTask(
        ("satisfaction", "dissatisfied.total"), {(): scenario}, levers=("firm.systems.failure_scale",)
    )
    lever, unknown = {"firm.systems.failure_scale": 1.0}, {"voice.complain_share": 0.9}
    assert task.today(unknown) is None
    assert task.today({**lever, **unknown}) == set_path(scenario, "voice.complain_share", 0.9)
    found = task({**lever, **unknown}, 5, lambda: None)
    before = set_path(scenario, "voice.complain_share", 0.9)
    after = set_path(before, "firm.systems.failure_scale", 1.0)
    tables = Simulation(after, seed=5, threads=1, today=before).run()
    assert found == measure(after, tables, None, list(found))
    always = Simulation(after, seed=5, threads=1).run()
    assert found != measure(after, always, None, list(found))


def test_what_shapes_people_shapes_them_before_the_warm_up():
    task = SimulationTask(("customers",), {(): lively()}, levers=("market.customers", "firm.desk.ease"))
    assert task.today({"market.customers": 120, "firm.desk.ease": 1.0}) == set_path(lively(), "market.customers", 120)
    assert task.today({"market.customers": 120}) is None


def test_scenarios_that_are_compared_part_at_the_first_counted_period():
    today = lively(**{"run.panel": 0}).model_copy(update={"name": "today"})
    better = set_path(today, "firm.systems.failure_scale", 0.0).model_copy(update={"name": "better"})
    other = set_path(today, "run.warm_up", 3).model_copy(update={"name": "other"})
    plan = prepare([today, better, other])
    assert [world.today is None for world in plan.worlds] == [False, False, True]
    assert [note.split(":")[0] for note in plan.notes] == ["other"]
    found = compare([today, better], replications=2, threads=1)
    seed = today.run.seed
    alone = Simulation(better, seed=seed, threads=1, today=today).run()
    row = found.runs.query("scenario == 'better' and replication == 0").iloc[0]
    assert row["satisfaction"] == measure(better, alone, None, ["satisfaction"])["satisfaction"]
