"""Stop, save, load and go on: exactly the uninterrupted run."""

from pathlib import Path

import numpy as np
import pytest

from sim.engine import checkpoint
from sim.engine.desk import cases_of
from sim.engine.simulation import Simulation
from sim.engine.tables import Tables
from sim.model.market import Market, Network, Run
from sim.model.scenario import Scenario
from sim.parameters.timeline import WITHOUT_FAILURES
from sim.vocabulary.errors import ScenarioError
from tests import worlds


def assert_same(one: Tables, other: Tables) -> None:
    for name in ("tallies", "initial", "leavers", "stayers"):
        assert np.array_equal(getattr(one, name), getattr(other, name)), name
    assert one.census == other.census
    assert (one.panel is None) == (other.panel is None)
    for name, column in (one.panel or {}).items():
        assert other.panel is not None
        assert np.array_equal(column, other.panel[name]), name


def stopped_and_taken_up(run: Simulation, after: int, file: Path, folder: Path) -> Simulation:
    for _ in range(after):
        run.step()
    run.save(file)
    return Simulation.load(file, threads=2, base_dir=folder)


@pytest.mark.parametrize("name", worlds.BY_HAND)
def test_going_on_equals_not_stopping(name: str, tmp_path: Path):
    """Stopped before, at and after changes of the timeline, with complaints waiting and in handling."""
    scenario = worlds.by_hand(name, tmp_path)
    whole = Simulation(scenario, threads=1, base_dir=tmp_path).run()
    for after in (0, 1, 5, 6, 10, scenario.run.periods):
        run = Simulation(scenario, threads=1, base_dir=tmp_path)
        assert_same(whole, stopped_and_taken_up(run, after, tmp_path / "stopped.npz", tmp_path).run())


def test_the_desk_was_busy_when_the_run_was_stopped(tmp_path: Path):
    """What the test above claims: a queue, a case in handling and staff still busy at the moment of saving."""
    run = Simulation(worlds.by_hand("tiny desk", tmp_path), threads=1)
    again = stopped_and_taken_up(run, 10, tmp_path / "stopped.npz", tmp_path)
    assert {0, 1, 2} == {int(status) for cases in cases_of(again.desks) for status in cases["status"]}
    assert (again.desks.free > 10 / 52).any()
    assert again.desks.known.tolist() == run.desks.known.tolist()


def test_saving_changes_nothing_in_the_run_that_goes_on(tmp_path: Path):
    scenario = worlds.by_hand("rage", tmp_path)
    run = Simulation(scenario, threads=1)
    stopped_and_taken_up(run, 4, tmp_path / "stopped.npz", tmp_path).run()
    assert_same(Simulation(scenario, threads=1).run(), run.run())


def test_seed_and_absence_of_failures_are_kept(tmp_path: Path):
    scenario = worlds.world({"run.periods": 6})
    whole = Simulation(scenario, seed=2**64 - 1, threads=1, patch=WITHOUT_FAILURES).run()
    run = Simulation(scenario, seed=2**64 - 1, threads=1, patch=WITHOUT_FAILURES)
    again = stopped_and_taken_up(run, 3, tmp_path / "stopped.npz", tmp_path)
    assert again.seed == 2**64 - 1
    assert_same(whole, again.run())


def test_a_save_that_fails_leaves_the_earlier_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    file = tmp_path / "stopped.npz"
    run = Simulation(worlds.world({"run.periods": 4}), threads=1)
    run.save(file)
    before = file.read_bytes()
    run.step()

    def full_disk(*_: object, **__: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(checkpoint.np, "savez", full_disk)
    with pytest.raises(OSError, match="no space left"):
        run.save(file)
    assert file.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["stopped.npz"]


@pytest.mark.parametrize("content", [b"", b"not a saved run", b"PK\x03\x04broken"])
def test_a_file_that_is_no_saved_run_is_refused(tmp_path: Path, content: bytes):
    file = tmp_path / "other.npz"
    file.write_bytes(content)
    with pytest.raises(ScenarioError, match=r"other\.npz: not a saved run"):
        Simulation.load(file)


def test_arrays_of_something_else_are_refused(tmp_path: Path):
    np.save(tmp_path / "one.npy", np.zeros(3))
    np.savez(tmp_path / "many.npz", tallies=np.zeros(3))
    for name in ("one.npy", "many.npz"):
        with pytest.raises(ScenarioError, match=f"{name}: not a saved run"):
            Simulation.load(tmp_path / name)


def test_a_truncated_file_is_refused(tmp_path: Path):
    file = tmp_path / "stopped.npz"
    Simulation(worlds.world({"run.periods": 2}), threads=1).save(file)
    file.write_bytes(file.read_bytes()[:-500])
    with pytest.raises(ScenarioError, match="not a saved run"):
        Simulation.load(file)


def test_a_missing_file_is_refused(tmp_path: Path):
    with pytest.raises(ScenarioError, match="not a saved run"):
        Simulation.load(tmp_path / "nowhere.npz")


def test_another_network_is_refused(tmp_path: Path):
    """The edge list lies outside the saved file: a run whose ties have changed since would not be the same run."""
    edges = tmp_path / "edges.csv"
    edges.write_text("source,target\n0,1\n1,2\n", encoding="utf-8")
    market = Market(customers=5, network=Network(kind="edges", file="edges.csv"))
    run = Simulation(Scenario(market=market, run=Run(periods=3)), base_dir=tmp_path)
    run.step()
    run.save(tmp_path / "saved")
    Simulation.load(tmp_path / "saved", base_dir=tmp_path)
    edges.write_text("source,target\n0,1\n1,3\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match="another network"):
        Simulation.load(tmp_path / "saved", base_dir=tmp_path)


def test_a_file_with_any_bit_changed_or_any_part_cut_off_is_read_or_refused(tmp_path: Path):
    file = tmp_path / "saved.npz"
    checkpoint.write(file, {"seed": 1}, {"x": np.arange(3)}, [{"period": np.arange(2)}])
    whole = file.read_bytes()
    damaged = [whole[:at] + bytes([whole[at] ^ bit]) + whole[at + 1 :] for at in range(len(whole)) for bit in (1, 128)]
    damaged += [whole[:length] for length in range(0, len(whole), 50)]
    refused = 0
    for data in damaged:
        file.write_bytes(data)
        try:
            checkpoint.read(file)
        except ScenarioError:
            refused += 1
    assert refused > len(damaged) / 2


@pytest.mark.parametrize("about", ["[]", "1", "{}", '{"format": 1}', '{"format": 1, "panel": "x"}'])
def test_a_header_that_says_something_else_is_refused(tmp_path: Path, about: str):
    file = tmp_path / "saved.npz"
    np.savez(file, about=np.frombuffer(about.encode(), np.uint8))
    with pytest.raises(ScenarioError, match="not a saved run"):
        checkpoint.read(file)
