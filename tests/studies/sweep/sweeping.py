"""How tests do sweeps: undisturbed ones to compare with, and the real command, with a look at what it leaves behind."""

from __future__ import annotations

import math
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pandas as pd
import psutil
import pytest

from sim.runs.execution.simulate import SimulationTask
from sim.runs.store.store import Store
from sim.studies.sweep.sweep import sweep
from sim.studies.sweep.swept import Sweep

ROOT = Path(__file__).resolve().parents[3]
LONGEST = 600.0
"""Seconds after which a command that has not ended counts as hanging."""
SOON = 120.0
"""Seconds in which processes are gone whose parent has ended."""
MARK = "SWEEP_UNDER_TEST"
UNHURRIED = ("-m", "tests.studies.sweep.unhurried")
"""A launcher for who wants to come amid the runs."""

_known: dict[str, Sweep] = {}


def undisturbed(file: Path) -> Sweep:
    """The sweep of that file, done by one thread from beginning to end."""
    text = file.read_text()
    if text not in _known:
        _known[text] = sweep(file, engine="in-process", workers=1)
    return _known[text]


def check(folder: Path, file: Path) -> None:
    """The folder holds all rows of the undisturbed sweep, each once, and nothing else."""
    expected = undisturbed(file)
    store = Store.open(folder)
    assert store.problems == []
    runs = store.runs()
    assert not runs.duplicated(["point", "replication"]).any()
    plain = pd.concat([pd.read_parquet(path) for path in sorted((folder / "runs").glob("*.parquet"))])
    assert len(plain) == len(runs) == len(expected.runs)
    assert store.counts().pending == 0
    assert store.digest() == expected.digest


def check_part(folder: Path, file: Path) -> int:
    """Whatever the folder holds by now are rows of the undisturbed sweep, none twice; returns how many."""
    if not (folder / "ledger.jsonl").is_file():
        return 0
    store = Store.open(folder)
    assert store.problems == []
    found, expected = plain(store.runs()), plain(undisturbed(file).runs)
    assert len(set(found)) == len(found)
    assert set(found) <= set(expected)
    return len(found)


def plain(runs: pd.DataFrame) -> list[tuple[Any, ...]]:
    """Rows as they may be compared, bit for bit, without the time that they took."""
    return [
        tuple("nan" if isinstance(value, float) and math.isnan(value) else value for value in row)
        for row in runs.drop(columns="seconds").itertuples(index=False, name=None)
    ]


def finish(folder: Path, file: Path, **more: Any) -> None:
    """Go on until the end, and compare."""
    sweep(file, out=folder, engine="in-process", workers=1, resume=True, **more)
    check(folder, file)


@contextmanager
def counted() -> Iterator[list[tuple[tuple[Any, ...], int]]]:
    """Notes (values, seed) of every run that is done in this process meanwhile."""
    calls: list[tuple[tuple[Any, ...], int]] = []
    real = SimulationTask.__call__

    def noting(self: SimulationTask, values: Any, seed: int, tick: Callable[[], None]) -> Any:
        if values:  # the little world that gets compiled code ready has none
            calls.append((tuple(values.items()), seed))
        return real(self, values, seed, tick)

    SimulationTask.__call__ = noting  # type: ignore[method-assign]
    try:
        yield calls
    finally:
        SimulationTask.__call__ = real  # type: ignore[method-assign]


# --- the command ------------------------------------------------------------------------------------------------------


class Command:
    """`sim sweep` in a process of its own, which all processes that it starts can be told by."""

    def __init__(self, *words: str | Path, launcher: tuple[str, ...] = ("-m", "sim")) -> None:
        self._mark = secrets.token_hex(8)
        program = launcher if launcher[0] != "-m" else (sys.executable, *launcher)
        self.process = subprocess.Popen(
            [*program, *map(str, words)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {MARK: self._mark, "PYTHONPATH": str(ROOT)},
            start_new_session=True,
        )
        self.began = time.monotonic()

    def family(self) -> list[psutil.Process]:
        """All processes of this command, whoever their parent is by now."""
        found = []
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                if process.environ().get(MARK) == self._mark and process.status() != psutil.STATUS_ZOMBIE:
                    found.append(process)
        return found

    def workers(self) -> list[psutil.Process]:
        """Its worker processes."""
        found = []
        for process in self.family():
            with suppress(psutil.Error):
                line = " ".join(process.cmdline())
                if "sim.runs.execution.worker" in line or "popen_loky_posix" in line:
                    found.append(process)
        return found

    def send(self, number: int, *, group: bool = False) -> None:
        """A signal to the process, or to all of its group as from a terminal."""
        with suppress(ProcessLookupError):
            (os.killpg if group else os.kill)(self.process.pid, number)

    def end(self, seconds: float = LONGEST) -> tuple[int, str, str]:
        """Wait for the end: status as a shell has it, standard output, standard error. Nobody is left behind."""
        output, errors = self.process.communicate(timeout=seconds)
        until = time.monotonic() + SOON
        while (left := self.family()) and time.monotonic() < until:
            time.sleep(0.05)
        assert not left, left
        status = self.process.returncode
        return (128 - status if status < 0 else status), output, errors

    def wait_for(self, condition: Callable[[], Any], seconds: float = LONGEST) -> None:
        """Wait while the command runs until something holds."""
        until = time.monotonic() + seconds
        while self.process.poll() is None and not condition():
            if time.monotonic() > until:
                pytest.fail("the command hangs")
            time.sleep(0.01)


@contextmanager
def started(*words: str | Path, **more: Any) -> Iterator[Command]:
    """A command that is gone when the block ends, with all that it has started."""
    command = Command(*words, **more)
    try:
        yield command
    finally:
        for process in [*command.family(), command.process]:
            with suppress(psutil.Error):
                process.kill()
        command.process.communicate()


def stored(folder: Path) -> bool:
    """Whether any row is on the disk."""
    return any((folder / "runs").glob("*.parquet"))


def do(*words: str | Path) -> tuple[int, str, str]:
    """A command from beginning to end."""
    with started(*words) as command:
        return command.end()


SIGNALS = {130: signal.SIGINT, 143: signal.SIGTERM}
