"""Columns that nobody needs: one element for everybody, and nothing else changes."""

from typing import Any

import numpy as np
import pytest

from sim.engine import simulation
from sim.engine.accounts import LedgerError
from sim.engine.simulation import Simulation
from sim.model.in_use import KEYS, NEEDED, at, unused
from sim.model.rooms import COLUMNS
from sim.model.scenario import Scenario

NEEDS: dict[str, dict[str, Any]] = {
    "contract": {"firm": {"contract": {"months": 1.0}}},
    "programme": {"rivals": [{"name": "rival", "programme": {"offered": True}}]},
    "posts": {"talk": {"online": {"post_share": 0.25}}},
    "drop_out": {
        "segments": [{"share": 0.5, "name": "a"}, {"share": 0.5, "name": "b", "drop_out": {"per_purchase": 0.125}}]
    },
}
"""What makes people need the columns: any firm, any segment."""


def test_a_row_stands_where_it_stands_or_at_the_one_element() -> None:
    columns = np.zeros(1), np.zeros(1, np.uint16), np.zeros(9), np.zeros((9, 2))
    assert [int(at(column, 8)) for column in columns] == [0, 0, 8, 8]
    assert [int(at(column, 0)) for column in columns] == [0, 0, 0, 0]


@pytest.mark.parametrize("needed_for", NEEDS)
def test_a_column_is_needed_where_anybody_has_what_it_is_for(needed_for: str) -> None:
    world = Scenario.model_validate(NEEDS[needed_for])
    needed = unused([Scenario()]) - unused([world]), unused([Scenario()]) - unused([Scenario(), world])
    assert needed == ({needed_for}, {needed_for})
    assert {column.needed_for for column in COLUMNS if column.needed_for} == set(NEEDED)


def test_a_rule_that_begins_later_has_its_columns_from_the_start() -> None:
    later = [{"at": 2, "set": {"firm.contract.months": 6.0}}]
    run = Simulation(Scenario.model_validate({"market": {"customers": 50}, "timeline": later}), threads=1)
    assert len(run.state.leaves) == len(run.state.onward) == 50
    assert len(run.state.points) == len(run.state.post) == len(run.state.drop_out) == 1


@pytest.mark.parametrize("changed", [{}, NEEDS["contract"], NEEDS["programme"]], ids=["none", "contract", "programme"])
def test_what_nobody_needs_changes_nothing(changed: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"market": {"customers": 9_000}, "run": {"periods": 6, "settling": {"years": 1, "people": 150}}, **changed}
    scenario = Scenario.model_validate(given)
    lean = Simulation(scenario, threads=1)
    found = lean.run()
    monkeypatch.setattr(simulation, "unused", lambda worlds: frozenset({KEYS}))
    full = Simulation(scenario, threads=1)
    assert len(lean.state.post) == 1 < len(full.state.post)
    every = full.run()
    assert np.array_equal(found.tallies, every.tallies)
    assert np.array_equal(found.leavers, every.leavers)
    assert lean.state.people.tobytes() == full.state.people.tobytes()


def test_somebody_who_has_what_nobody_should_have_is_found() -> None:
    run = Simulation(Scenario.model_validate({"market": {"customers": 50}, "run": {"periods": 2}}), threads=1)
    run.step()
    run.state.post[0] = 7
    with pytest.raises(LedgerError, match="post: somebody has what nobody should have"):
        run.tables()


def test_slim_ties_are_the_same_ties(monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = Scenario.model_validate(
        {"market": {"customers": 70_000}, "run": {"periods": 2, "settling": {"years": 0}}}
    )
    run = Simulation(scenario, threads=1)
    assert run.network.ties.shape[1] == 3
    found = run.run()
    monkeypatch.setattr(simulation, "slim", lambda network: network)
    other = Simulation(scenario, threads=1)
    assert other.network.ties.dtype == np.int32
    assert np.array_equal(found.tallies, other.run().tallies)
