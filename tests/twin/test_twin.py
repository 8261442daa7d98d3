"""The twin equals the engine to the last bit: by hand over every rule, and over generated scenarios."""

import warnings
from operator import attrgetter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from sim.engine.simulation import Simulation
from sim.engine.tables import Tables
from sim.mesa import Twin
from sim.model.market import Market, Run
from sim.model.order import PERIOD
from sim.model.rooms import OBSERVABLES
from sim.model.scenario import Scenario
from sim.parameters.timeline import WITHOUT_FAILURES, Patch
from sim.scenario import load_scenario
from sim.twin import complaints, encounters
from sim.vocabulary.observables import FLOW
from tests import worlds


def first_difference(engine: Tables, twin: Tables) -> str:
    """Where the twin first differs from the engine, flows before stocks, in words; empty where it does not."""
    firms = [firm.name for firm in engine.scenario.firms]
    segments = [segment.name for segment in engine.scenario.all_segments]
    stages = [("at the start", engine.initial, twin.initial)]
    stages += [(f"in period {t}", engine.tallies[t], twin.tallies[t]) for t in range(len(engine.tallies))]
    for when, theirs, ours in stages:
        if not np.array_equal(theirs, ours):
            places = sorted(np.argwhere(theirs != ours).tolist(), key=lambda at: OBSERVABLES[at[2]].kind != FLOW)
            f, s, o = places[0]
            return (
                f"{OBSERVABLES[o].name} {when}, firm {firms[f]}, segment {segments[s]}: "
                f"engine {theirs[f, s, o]}, twin {ours[f, s, o]}"
            )
    for name in ("leavers", "stayers"):
        if not np.array_equal(getattr(engine, name), getattr(twin, name)):
            return f"{name} differ"
    for typology, counts in engine.census.items():
        if list(counts.items()) != list(twin.census[typology].items()):
            return f"census, {typology}: engine {counts}, twin {twin.census[typology]}"
    if (engine.panel is None) != (twin.panel is None):
        return "one of the two has no panel"
    for name, column in (engine.panel or {}).items():
        assert twin.panel is not None
        if column.dtype != twin.panel[name].dtype or not np.array_equal(column, twin.panel[name]):
            row = int(np.argmax(column != twin.panel[name]))
            return f"panel, {name} of customer {twin.panel['customer'][row]} in period {twin.panel['period'][row]}"
    return ""


def assert_equal(scenario: Scenario, base_dir: Path | None = None, patch: Patch | None = None) -> Tables:
    engine = Simulation(scenario, threads=1, base_dir=base_dir, patch=patch).run()
    twin = Twin(scenario, base_dir=base_dir, patch=patch).run()
    assert first_difference(engine, twin) == ""
    assert engine.tallies.shape == twin.tallies.shape
    assert engine.tallies.dtype == twin.tallies.dtype
    return twin


@pytest.fixture(scope="module")
def by_hand(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Tables]:
    """The twin's tables of each world made by hand, every one equal to the engine's."""
    folder = tmp_path_factory.mktemp("worlds")
    return {name: assert_equal(worlds.by_hand(name, folder), folder) for name in worlds.BY_HAND}


def test_equal_in_the_worlds_made_by_hand(by_hand: dict[str, Tables]):
    assert set(by_hand) == set(worlds.BY_HAND)


def test_the_worlds_made_by_hand_use_every_rule(by_hand: dict[str, Tables]):
    """Whatever is observed is seen at least once, so that no branch goes uncompared."""
    seen = np.zeros(len(OBSERVABLES), bool)
    for tables in by_hand.values():
        seen |= (tables.tallies != 0).any(axis=(0, 1, 2))
    assert [row.name for row, found in zip(OBSERVABLES, seen, strict=True) if not found] == []
    causes = sum(tables.leavers.sum(axis=(0, 3)) for tables in by_hand.values())
    assert (causes > 0).all()


def test_one_of_them_has_every_rule_on_at_once(tmp_path: Path):
    """Whatever can be off is on, for each of its firms and segments."""
    world = worlds.by_hand("everything", tmp_path)
    owners = {"firm": world.firms, "customers": world.all_segments}
    for section, off in worlds.OFF.items():
        for owner in owners.get(section, [getattr(world, section)]):
            assert [path for path, value in off.items() if attrgetter(path)(owner) == value] == [], section


def test_equal_without_the_focal_firms_failures(tmp_path: Path):
    for name in ("tiny desk", "rage"):
        assert_equal(worlds.by_hand(name, tmp_path), tmp_path, patch=WITHOUT_FAILURES)


@pytest.mark.parametrize("seed", [0, 2**63, 2**64 - 1])
def test_equal_for_any_seed(seed: int):
    assert_equal(worlds.world({"run.seed": seed, "run.periods": 4, "market.customers": 40}))


def test_equal_where_there_is_one_person_only():
    assert_equal(worlds.world({"market.customers": 1, "market.network.mean_degree": 0.0, "run.periods": 3}))


@settings(max_examples=30, derandomize=True, suppress_health_check=list(HealthCheck))
@given(scenario=worlds.worlds({"run.panel": 60}))
def test_equal_in_generated_worlds(scenario: Scenario):
    assert_equal(scenario)


SHIPPED = sorted((Path(__file__).parents[2] / "scenarios").glob("**/*.yaml"))


@pytest.mark.parametrize("file", SHIPPED, ids=[file.stem for file in SHIPPED])
def test_equal_in_every_shipped_scenario(file: Path):
    """With few people, over the first periods."""
    small = ["market.customers=120", "run.periods=15", "run.panel=120", "run.settling.people=100"]
    loaded = load_scenario(file, small)
    assert_equal(loaded.scenario, loaded.base_dir)


@pytest.mark.slow
@settings(max_examples=400, suppress_health_check=list(HealthCheck))
@given(scenario=worlds.worlds({"run.panel": 120}, people=120, periods=20))
def test_equal_in_many_generated_worlds(scenario: Scenario):
    assert_equal(scenario)


@pytest.mark.slow
def test_equal_for_some_thousands_of_people():
    assert_equal(worlds.world({"market.customers": 3000, "run.periods": 12, "run.panel": 3000}, segments=2))


# --- that the comparison can fail ---------------------------------------------------------------------------------


def test_a_changed_rule_is_seen(monkeypatch: pytest.MonkeyPatch):
    """A loss that weighs one part in a million more than the engine's is found, and named."""

    def serve_touchier(table: Any, people: int, firm: Any, segment: Any, asked: Any, counts: Any) -> None:
        touchier = np.array([segment])
        touchier["judgement"]["loss_aversion"] *= 1.0 + 1e-6
        serve(table, people, firm, touchier[0], asked, counts)

    serve = encounters.serve
    monkeypatch.setattr(encounters, "serve", serve_touchier)
    with pytest.raises(AssertionError, match="in period 0, firm focal, segment everyone: engine"):
        assert_equal(worlds.world({"market.customers": 60, "run.periods": 3}))


def test_a_changed_draw_is_seen(monkeypatch: pytest.MonkeyPatch):
    """The luck of another encounter, when a case is closed."""

    def with_other_luck(*given: Any) -> None:
        *before, ended = given
        finish(*before, ended._replace(encounter=ended.encounter + 1))

    finish = complaints.finish
    monkeypatch.setattr(complaints, "finish", with_other_luck)
    with pytest.raises(AssertionError, match=r"firm (focal|rival 0), segment everyone: engine \d+, twin \d+"):
        assert_equal(worlds.world({"market.customers": 200, "run.periods": 30, "firm.desk.agents": 10_000.0}))


def test_a_left_out_stage_is_seen(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Twin, "complaint_desk", lambda self: None)
    with pytest.raises(AssertionError, match=r"firm (focal|rival 0), segment everyone: engine \d+, twin 0"):
        assert_equal(worlds.world({"market.customers": 200, "run.periods": 10, "firm.desk.agents": 10_000.0}))


# --- the twin as a Mesa model -----------------------------------------------------------------------------------------


def test_the_stages_are_methods_that_students_can_read():
    for stage in PERIOD:
        assert getattr(Twin, stage).__doc__


def test_every_person_is_a_mesa_agent_and_the_main_measures_are_collected():
    twin = Twin(Scenario(market=Market(customers=30), run=Run(periods=3)))
    assert len(twin.agents) == len(twin.people) == 30
    twin.run_model()
    frame = twin.datacollector.get_model_vars_dataframe()
    assert list(frame["period"]) == [0, 1, 2]
    assert frame["active"].iloc[-1] == sum(person.supplier == 0 for person in twin.people)
    twin.step()
    assert not twin.running
    assert twin.period == 3


def test_no_warning_comes_from_mesa():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        Twin(Scenario(market=Market(customers=10), run=Run(periods=2))).run()
