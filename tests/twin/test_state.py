"""Twin and engine, and a run that was stopped and one that was not, know the same of everybody after every stage."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from sim.engine.layout import CASE
from sim.engine.simulation import Simulation
from sim.mesa import Twin
from sim.model.person import ALL_FLAGS, INTENT_LEAVE_SILENT, MARKS
from sim.model.rooms import COLUMNS
from sim.model.scenario import Scenario
from sim.twin import complaints, movement
from tests import equality, worlds


def assert_equal_state(scenario: Scenario, folder: Path | None = None) -> None:
    """The twin second, since it takes long, and ends where it first differs."""
    lived = equality.life(Simulation(scenario, threads=1, base_dir=folder))
    equality.assert_same_life(Twin(scenario, base_dir=folder), lived)


@pytest.mark.parametrize("name", worlds.BY_HAND)
def test_the_twin_knows_what_the_engine_knows_of_everybody(name: str, tmp_path: Path):
    assert_equal_state(worlds.by_hand(name, tmp_path), tmp_path)


@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(scenario=worlds.worlds())
def test_the_twin_knows_what_the_engine_knows_in_generated_worlds(scenario: Scenario):
    assert_equal_state(scenario)


@pytest.mark.parametrize("name", worlds.BY_HAND)
def test_a_run_that_was_stopped_knows_what_it_would_have_known(name: str, tmp_path: Path):
    """Stopped before and after changes of the timeline, with complaints waiting; every later stage is compared."""
    scenario = worlds.by_hand(name, tmp_path)
    whole = equality.life(Simulation(scenario, threads=1, base_dir=tmp_path))
    stages = len(whole) // scenario.run.periods
    for after in (0, 1, 6, 10):
        run = Simulation(scenario, threads=1, base_dir=tmp_path)
        for _ in range(after):
            run.step()
        run.save(tmp_path / "stopped.npz")
        again = Simulation.load(tmp_path / "stopped.npz", threads=1, base_dir=tmp_path)
        equality.assert_same_life(again, whole[after * stages :])


def test_every_declared_column_is_compared_with_its_declared_type(tmp_path: Path):
    """Nothing of a person, and nothing of a case, stands outside the comparison."""
    run = Simulation(worlds.by_hand("tiny desk", tmp_path), threads=1)
    seen, twin = equality.of_engine(run), equality.of_twin(Twin(worlds.by_hand("tiny desk", tmp_path)))
    held = {*run.state.people.dtype.names, *run.state._fields} - {"people"}
    assert held == {column.name for column in COLUMNS} | {"outside"}
    for column in COLUMNS:
        assert seen[column.name].dtype == twin[column.name].dtype == column.dtype
    for _ in range(10):
        run.step()
    assert CASE.names is not None
    cases = [case for f in range(run.firm_count) for case in equality.of_engine(run)[f"cases of firm {f}"]]
    assert {len(case) for case in cases} == {len(CASE.names)}
    assert {case[CASE.names.index("status")] for case in cases} == {0, 1, 2}


# --- that the comparison can fail -------------------------------------------------------------------------------------

RESETS = ("confirmation", "history", "level", "newcomer", "has_complained", "won_by", "lost_by", "former", "intent")


@pytest.mark.parametrize("name", RESETS)
def test_a_column_that_is_not_set_back_is_seen(name: str, monkeypatch: pytest.MonkeyPatch):
    """A person that keeps what it should forget, or forgets what it should keep, is found by the column's name."""

    def tampered(state: Any, i: int, *surroundings: Any) -> None:
        before = [array.copy() for array in state]
        move(state, i, *surroundings)
        if before[state._fields.index("supplier")][i] == state.supplier[i]:
            return
        old = dict(zip(state._fields, before, strict=True))
        if name == "intent":
            state.intent[i] = INTENT_LEAVE_SILENT
        elif name in MARKS:
            others = ALL_FLAGS - MARKS[name]
            state.people["flags"][i] = state.people["flags"][i] & others | old["people"]["flags"][i] & MARKS[name]
        elif name in old:
            getattr(state, name)[i] = old[name][i]
        else:
            state.people[name][i] = old["people"][name][i]

    move = movement.move
    monkeypatch.setattr(movement, "move", tampered)
    seen_as = "flags" if name in MARKS else name
    with pytest.raises(AssertionError, match=rf"^{seen_as} of customer \d+: .* after movement of period \d+"):
        assert_equal_state(worlds.world({"market.customers": 120, "run.periods": 12}))


def test_a_difference_at_the_desk_is_seen(monkeypatch: pytest.MonkeyPatch):
    def slower(*key: Any) -> Any:
        case = registered(*key)
        return case._replace(inquiry=case.inquiry * (1.0 + 1e-12))

    registered = complaints.registered
    monkeypatch.setattr(complaints, "registered", slower)
    with pytest.raises(AssertionError, match=r"cases of firm \d: .* after complaint_desk of period 0"):
        assert_equal_state(worlds.world({"market.customers": 200, "run.periods": 2, "firm.desk.agents": 10_000.0}))


def test_a_column_that_the_twin_does_not_have_is_named(monkeypatch: pytest.MonkeyPatch):
    twin = Twin(worlds.world({"market.customers": 20, "run.periods": 1}))
    monkeypatch.setattr(equality, "COLUMNS", (*COLUMNS, type(COLUMNS[0])("stamps", np.float32, 1, "points", "new")))
    with pytest.raises(ValueError, match="no field of name stamps"):
        equality.of_twin(twin)
