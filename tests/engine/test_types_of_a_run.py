"""What the stages of a run are called with has the same types each time: compiled code is called unseen."""

from pathlib import Path
from typing import Any

import pytest

from sim.compiled import PLAIN
from sim.engine import simulation
from sim.engine.simulation import Simulation
from tests import worlds

pytestmark = pytest.mark.skipif(PLAIN, reason="where nothing is compiled nothing has types")


@pytest.mark.parametrize("name", worlds.BY_HAND)
def test_types_stay_from_the_first_period_to_the_last(name: str, tmp_path: Path, monkeypatch: Any) -> None:
    """Through a warm-up, changes of the timeline, newcomers, and in a run that was stopped and goes on."""
    seen: dict[Any, Any] = {}

    def once_called(stage: Any, *arguments: Any) -> Any:
        kinds = stage.dispatcher.typeof_pyval
        first = seen.setdefault(stage, tuple(map(kinds, arguments)))

        def looking(*others: Any) -> Any:
            assert tuple(map(kinds, others)) == first, stage.__name__
            return stage(*others)

        return looking

    monkeypatch.setattr(simulation, "once_called", once_called)
    run = Simulation(worlds.by_hand(name, tmp_path), threads=1, base_dir=tmp_path)
    run.step()
    run.step()
    run.save(tmp_path / "stopped.npz")
    run.run()
    again = Simulation.load(tmp_path / "stopped.npz", threads=1, base_dir=tmp_path)
    for _ in range(3):  # from then on it is the run that was not stopped, see test_checkpoint.py
        again.step()
    assert len(seen) == 5
