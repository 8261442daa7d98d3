"""Any number of threads gives the same results to the last bit."""

from pathlib import Path

import numpy as np
import pytest

from sim.engine import layout, simulation
from sim.engine.encounters import ROOM
from sim.engine.simulation import Simulation
from sim.model.market import Market, Run
from sim.model.person import NOBODY
from sim.model.scenario import Scenario
from tests import worlds


@pytest.mark.parametrize("rows", [1, 7, 16])
@pytest.mark.parametrize("name", worlds.BY_HAND)
def test_threads_change_nothing(name: str, rows: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Also where chunks are of very different sizes, or of a single row."""
    monkeypatch.setattr(simulation, "ROWS_PER_THREAD", rows)
    monkeypatch.setattr(layout, "LARGE_CHUNK", 1)
    scenario = worlds.by_hand(name, tmp_path)
    one = Simulation(scenario, threads=1, base_dir=tmp_path).run()
    for threads in (2, 3, 5):
        run = Simulation(scenario, threads=threads, base_dir=tmp_path)
        many = run.run()
        for part in ("tallies", "initial", "leavers", "stayers"):
            assert np.array_equal(getattr(one, part), getattr(many, part)), (part, threads)
        assert one.census == many.census
        assert one.panel is not None
        assert many.panel is not None
        for column, values in one.panel.items():
            assert np.array_equal(values, many.panel[column]), (column, threads)


def test_the_rows_were_split(monkeypatch: pytest.MonkeyPatch):
    """What the tests above claim: with five threads a stage is called on many stretches of rows."""
    monkeypatch.setattr(simulation, "ROWS_PER_THREAD", 7)
    monkeypatch.setattr(layout, "LARGE_CHUNK", 1)
    run = Simulation(worlds.world({"market.customers": 103}), threads=5)
    stretches = [low for low, _ in run._in_chunks(lambda low, high, tally: high)]
    assert stretches == [103 * chunk // 10 for chunk in range(10)]


def test_threads_change_nothing_in_a_larger_population():
    """Enough people for the chunks that a user gets, and for several blocks in each."""
    scenario = worlds.world({"market.customers": 30_000, "run.periods": 3}, segments=2)
    one, three = (Simulation(scenario, threads=threads).run() for threads in (1, 3))
    assert np.array_equal(one.tallies, three.tallies)
    assert np.array_equal(one.leavers, three.leavers)


def test_there_is_room_for_everybodys_complaint(monkeypatch: pytest.MonkeyPatch):
    """Of nine thousand people nearly all complain in a period, each once, with any number of threads."""
    monkeypatch.setattr(simulation, "ROWS_PER_THREAD", 1)
    found = {}
    for threads in (1, 2):
        run = Simulation(Scenario(market=Market(customers=9_000), run=Run(periods=1)), threads=threads)
        run.environment.segments["judgement"]["tolerance"] = -100.0
        for name in ("complain_share", "headquarters_share"):
            run.environment.world["voice"][name] = 1.0
        run.state.frequency[:] = 25.0
        run.step()
        found[threads] = run._found
    one, two = found[1], found[2]
    everybody = np.flatnonzero(run.state.supplier != NOBODY)
    assert len(one.row) > max(0.95 * len(everybody), 4 * ROOM)
    assert len(set(one.row.tolist())) == len(one.row)
    assert (one.severity > 0.0).all()
    assert all(
        np.array_equal(mine[np.argsort(one.row)], theirs[np.argsort(two.row)])
        for mine, theirs in zip(one, two, strict=True)
    )
