"""Worlds that have settled are found on disk as they were lived; what is damaged or another's is not."""

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.compiled import PLAIN
from sim.engine import settled_folder, settling
from sim.engine.settling import settled_world
from sim.engine.simulation import Simulation
from sim.kernel_folder import KernelFolder
from sim.model.scenario import Scenario
from sim.parameters.paths import set_path
from sim.parameters.timeline import WITHOUT_FAILURES
from tests.engine.test_checkpoint import assert_same
from tests.engine.test_settling import lively

pytestmark = pytest.mark.skipif(PLAIN, reason="where nothing is compiled nothing is kept")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: Any) -> Path:
    monkeypatch.setenv("EXITVOICE_CACHE_DIR", str(tmp_path))
    kept = KernelFolder(lambda: "kernels-0123456789abcdef")
    monkeypatch.setattr(settled_folder, "_folder", lambda: kept)
    monkeypatch.setattr(settling, "WORTH_KEEPING", 0)
    monkeypatch.setattr(settling, "_kept", type(settling._kept)())
    assert kept.path is not None
    return kept.path


def another_start(monkeypatch: Any, *, may_live: bool) -> None:
    """Forget what is in memory, as another process would begin."""
    monkeypatch.setattr(settling, "_kept", type(settling._kept)())
    if not may_live:
        monkeypatch.setattr(settling._LazyWorld, "_lived", lambda *_: pytest.fail("was lived again"))


def dearer() -> Scenario:
    """A world in which customers have got used to a price, so that prices are not those of the parameters."""
    return set_path(lively(**{"firm.strategy.usual_price": 0.9}), "run.settling.years", 2)


def test_a_world_is_found_as_it_was_lived(folder: Path, monkeypatch: Any) -> None:
    scenario = dearer()
    lived = settled_world(scenario, 7)
    run = Simulation(scenario, seed=7, threads=1).run()
    better = Simulation(scenario, seed=7, threads=1, patch=WITHOUT_FAILURES).run()
    assert len(list(folder.glob("settled-*"))) == 1
    another_start(monkeypatch, may_live=False)
    found = settled_world(scenario, 7)
    assert lived is not None
    assert found is not None
    assert found is not lived
    for name in lived.people.state._fields:
        here, there = getattr(found.people.state, name), getattr(lived.people.state, name)
        assert here.dtype == there.dtype
        assert np.array_equal(here, there)
    assert np.array_equal(found.people.order, lived.people.order)
    assert np.array_equal(found.people.first, lived.people.first)
    assert found.people.longer == lived.people.longer
    assert 0.9 < found.environment.prices.usual[0] < 1.0
    for here, there in zip(found.environment, lived.environment, strict=True):
        for one, other in zip(here, there, strict=True) if isinstance(here, tuple) else [(here, there)]:
            assert one.tobytes() == other.tobytes()
    assert_same(Simulation(scenario, seed=7, threads=1).run(), run)
    assert_same(Simulation(scenario, seed=7, threads=1, patch=WITHOUT_FAILURES).run(), better)


def test_what_is_damaged_is_lived_again(folder: Path, monkeypatch: Any) -> None:
    scenario = dearer()
    lived = settled_world(scenario, 7)
    (entry,) = folder.glob("settled-*")
    whole = entry.read_bytes()
    for damaged in (whole[:-3], whole[:9000] + bytes([whole[9000] ^ 1]) + whole[9001:], b""):
        entry.write_bytes(damaged)
        another_start(monkeypatch, may_live=True)
        again = settled_world(scenario, 7)
        assert again is not lived
        assert lived is not None
        assert again is not None
        assert np.array_equal(again.people.state.people, lived.people.state.people)
        assert entry.read_bytes() == whole


def test_another_world_is_not_taken_for_it(folder: Path, monkeypatch: Any) -> None:
    scenario = dearer()
    settled_world(scenario, 7)
    (entry,) = folder.glob("settled-*")
    for other, seed in ((scenario, 8), (set_path(scenario, "firm.desk.ease", 1.0), 7)):
        settled_world(other, seed)
    entries = set(folder.glob("settled-*"))
    assert len(entries) == 3
    theirs = min(entries - {entry})
    theirs.write_bytes(entry.read_bytes())
    assert settled_folder.found("nobody's") is None
    for other, seed in ((scenario, 8), (set_path(scenario, "firm.desk.ease", 1.0), 7)):
        another_start(monkeypatch, may_live=True)
        settled_world(other, seed)
    assert theirs.read_bytes() != entry.read_bytes()


def test_what_a_description_does_not_tell_and_what_is_short_is_lived_each_time(
    folder: Path, tmp_path: Path, monkeypatch: Any
) -> None:
    (tmp_path / "ties.csv").write_text("source,target\n0,1\n")
    listed = set_path(lively(), "market.network.file", "ties.csv")
    settled_world(set_path(listed, "market.network.kind", "edges"), 7, tmp_path)
    monkeypatch.setattr(settling, "WORTH_KEEPING", 10_000)
    settled_world(lively(), 7)
    assert not list(folder.glob("settled-*"))


def test_the_longest_unused_make_room(folder: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(settled_folder, "MOST_BYTES", 6000)
    for name, when in (("a", 30), ("b", 10), ("c", 20), ("d", 40)):
        before = set(folder.glob("settled-*"))
        settled_folder.keep(name, {"column": np.arange(200)})
        (entry,) = set(folder.glob("settled-*")) - before
        os.utime(entry, (when, when))
    assert [settled_folder.found(name) is not None for name in "abcd"] == [True, False, True, True]


def test_using_a_world_makes_it_young(folder: Path) -> None:
    settled_folder.keep("a", {"column": np.arange(3)})
    (entry,) = folder.glob("settled-*")
    os.utime(entry, (10, 10))
    found = settled_folder.found("a")
    assert found is not None
    assert found["column"].tolist() == [0, 1, 2]
    assert entry.stat().st_mtime > 10
    assert settled_folder.found("b") is None


def test_a_large_world_is_not_kept(folder: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(settled_folder, "LARGEST", 100)
    settled_folder.keep("a", {"column": np.zeros(20)})
    assert not list(folder.glob("settled-*"))
