"""Many rows in flat memory and few files."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]

MANY = """
import resource, sys
from pathlib import Path
from sim.runs.execution.task import Row
from sim.runs.experiment.points import point
from sim.runs.store.store import Store

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 if sys.platform == "darwin" else 1024)

def values(number):
    return {"a": number / 7, "b": "good"}

folder, count, replications = Path(sys.argv[1]), 1000, 200
store = Store.create(folder, manifest={}, factors=["a", "b"], outputs=["x", "y", "z"])
store.add_points(point(number, values(number)) for number in range(count))
store.plan(replications)
names = [point(number, values(number)).id for number in range(count)]
peaks = []
for replication in range(replications):
    for name in names:
        outputs = {"x": 1.0, "y": 2.0, "z": float(replication)}
        store.append([Row(name, replication, replication, "done", "", 0.1, outputs)])
    peaks.append(peak())
store.close()
assert store.counts() == (200_000, 200_000, 0, 0)
print(peaks[19], peaks[-1], len(list((folder / "runs").iterdir())))
"""


def run(code: str, folder: Path) -> list[float]:
    pytest.importorskip("resource")
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return [float(number) for number in done.stdout.split()]


def test_two_hundred_thousand_rows_in_flat_memory(tmp_path: Path) -> None:
    """Nine tenths of the rows may add a fourteenth of what they would take as rows (500 bytes each): 6 MiB of 90."""
    early, late, files = run(MANY, tmp_path / "study")
    assert late - early < 6.0
    assert files <= 16


def test_a_hundred_thousand_points_are_streamed(tmp_path: Path) -> None:
    """Points come from a generator; what stays is a hundred or so bytes a point."""
    code = """
import resource, sys
from pathlib import Path
from sim.runs.experiment.points import point
from sim.runs.store.store import Store

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 if sys.platform == "darwin" else 1024)

store = Store.create(Path(sys.argv[1]), manifest={}, factors=list("abcdefgh"), outputs=["x"])
names = {name: 0.5 for name in "abcdefgh"}
store.add_points(point(number, {**names, "a": number / 7}) for number in range(20_000))
before = peak()
store.add_points(point(number, {**names, "a": number / 7}) for number in range(100_000))
after = peak()
store.close()
print(before, after, len(store))
"""
    before, after, count = run(code, tmp_path / "study")
    assert count == 100_000
    assert after - before < 40.0
