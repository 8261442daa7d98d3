"""Kills, signals, a full disk, damage, a second sweep: no row is lost, doubled or changed, and nothing hangs or stays.

By default a round or two of each; `pytest -m slow tests/studies/sweep` does all, at random moments, for some minutes.
"""

import json
import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pandas as pd
import psutil
import pytest

from sim.results.failed_work import DamageWarning
from sim.runs.store.store import Store
from sim.studies.sweep.sweep import sweep
from tests.studies.sweep.sweeping import (
    UNHURRIED,
    Command,
    check,
    check_part,
    counted,
    do,
    finish,
    started,
    stored,
    undisturbed,
)

pytestmark = pytest.mark.filterwarnings("ignore::sim.results.failed_work.FailedRunsWarning")
"""A quarter of the experiment's runs fails, see conftest.py."""

slow = pytest.mark.slow

LONG = {"replications": 12, "customers": 4000, "periods": 40}
"""144 runs, of which 108 take some hundredths of a second: two or three seconds on one core."""
LONGER = LONG | {"replications": 60}


# ---- kill -9 ---------------------------------------------------------------------------------------------------------


def kill_workers(file: Path, folder: Path, engine: str, kills: int, dice: random.Random) -> int:
    """One sweep, some of whose workers are killed amid their start or their runs; how many were."""
    killed: set[int] = set()
    with started("sweep", file, "--out", folder, "--engine", engine, "--workers", "2") as command:
        while len(killed) < kills and command.process.poll() is None:
            lifetime = dice.uniform(0.2, 4.0)  # of the processor; the start takes a second of it
            victims = []
            while not victims and command.process.poll() is None:
                time.sleep(0.02)
                victims = [worker for worker in command.workers() if age(worker) > lifetime]
            for victim in victims[:1]:
                with suppress(psutil.NoSuchProcess):
                    victim.kill()
                    killed.add(victim.pid)
        status, _, errors = command.end()
    assert status == 1, errors
    assert "Traceback" not in errors
    return len(killed)


def age(process: psutil.Process) -> float:
    """Seconds of processor time that a process has had."""
    with suppress(psutil.Error):
        return sum(process.cpu_times()[:2])
    return 0.0


@pytest.mark.parametrize(
    ("engine", "kills"),
    [("spawn", 1), pytest.param("spawn", 20, marks=slow), pytest.param("loky", 20, marks=slow)],
)
def test_workers_killed(engine, kills, experiment, tmp_path):
    file, dice, killed, rounds = experiment(**(LONG if kills == 1 else LONGER)), random.Random(kills), 0, 0
    undisturbed(file)
    while killed < kills:
        folder = tmp_path / f"out-{rounds}"
        killed += kill_workers(file, folder, engine, min(4, kills - killed), dice)
        check(folder, file)
        rounds += 1
        assert rounds <= 4 * kills


def at_random_moment(command: Command, folder: Path, dice: random.Random) -> None:
    """Wait for one: of the first seconds from the start, or of those after the first rows were stored."""
    before, most = names(folder), 3.0
    if dice.random() < 0.6:
        command.wait_for(lambda: names(folder) != before)
        most = 1.0
    with suppress(subprocess.TimeoutExpired):
        command.process.wait(dice.uniform(0.0, most))


def names(folder: Path) -> set[str]:
    """Files of runs."""
    return {path.name for path in (folder / "runs").glob("*.parquet")}


@pytest.mark.parametrize(
    ("engine", "kills"),
    [
        ("spawn", 1),
        pytest.param("spawn", 20, marks=slow),
        pytest.param("loky", 10, marks=slow),
        pytest.param("in-process", 10, marks=slow),
        pytest.param("auto", 10, marks=slow),
    ],
)
def test_parent_killed_and_resumed(engine, kills, experiment, tmp_path):
    """Kill after kill of one sweep, at any moment from its start on, then of another; only those that met it count."""
    file, dice = experiment(**(LONG if kills == 1 else LONGER)), random.Random(f"{engine} {kills}")
    runs = len(undisturbed(file).runs)
    killed = amid = number = 0
    while killed < kills:
        folder, rows, status = tmp_path / f"out-{number}", 0, 137
        while status == 137 and killed < kills and rows < runs:
            words = ["--resume", "--engine", engine, "--workers", "1" if kills == 1 else "2"]
            with started("sweep", file, "--out", folder, *words) as command:
                at_random_moment(command, folder, dice)
                command.send(signal.SIGKILL)
                status, _, errors = command.end()
            assert status in (137, 1), errors
            killed += status == 137
            before, rows = rows, check_part(folder, file)
            assert rows >= before  # what was stored stays
            amid += status == 137 and before < rows < runs
        status, _, errors = do("sweep", file, "--out", folder, "--resume", "--engine", "in-process")
        assert status == 1, errors
        check(folder, file)
        number += 1
    assert amid >= kills // 5, (amid, number)  # between two files of runs


# ---- Ctrl-C and SIGTERM ----------------------------------------------------------------------------------------------


def end_by_signal(
    words: list[str | Path], number: int, *, times: int, group: bool, when: Callable[..., None], **more: Any
) -> tuple[int, str]:
    """Status, and what was said."""
    with started(*words, **more) as command:
        when(command)
        for _ in range(times):
            command.send(number, group=group)
            time.sleep(0.1)
        status, _, errors = command.end()
    return status, errors


SIGNALS = [(signal.SIGINT, 1, 130), (signal.SIGINT, 2, 130), (signal.SIGTERM, 1, 143)]
NAMES = ["Ctrl-C", "Ctrl-C twice", "SIGTERM"]
AMID = [(engine, *one) for engine in ("spawn", "in-process", "loky", "auto") for one in SIGNALS]


@pytest.mark.parametrize(
    ("engine", "number", "times", "expected"),
    [AMID[0], *(pytest.param(*one, marks=slow) for one in AMID[1:])],
    ids=[f"{engine} {name}" for engine in ("spawn", "in-process", "loky", "auto") for name in NAMES],
)
def test_signal_amid_the_runs(engine, number, times, expected, experiment, tmp_path):
    """Ctrl-C reaches all processes of a terminal, SIGTERM only the one that it is sent to."""
    quick = (engine, number, times, expected) == AMID[0]
    file, folder = experiment(**(LONG if quick else LONGER)), tmp_path / "out"
    words = ["sweep", file, "--out", folder, "--engine", engine, "--workers", "1" if quick else "2"]
    status, errors = end_by_signal(
        words,
        number,
        times=times,
        group=number == signal.SIGINT,
        when=lambda command: command.wait_for(lambda: stored(folder)),
        launcher=UNHURRIED,
    )
    assert status == expected, errors
    assert errors.count("\n") == 1, errors
    assert f"--out {folder} --resume goes on" in errors
    assert 0 < check_part(folder, file) < len(undisturbed(file).runs)
    finish(folder, file)


@slow
@pytest.mark.parametrize("engine", ["spawn", "in-process", "loky"])
@pytest.mark.parametrize(("number", "times", "expected"), SIGNALS, ids=NAMES)
def test_signal_at_any_moment(engine, number, times, expected, experiment, tmp_path):
    """From amid the start, when nothing is imported yet, until after the end; going on in the same folder."""
    file, folder = experiment(replications=30, customers=1000, periods=26), tmp_path / "out"
    undisturbed(file)
    dice, ends = random.Random(f"{engine} {number} {times}"), []
    for _ in range(8):
        words = ["sweep", file, "--out", folder, "--resume", "--engine", engine, "--workers", "2"]
        status, errors = end_by_signal(
            words,
            number,
            times=times,
            group=number == signal.SIGINT,
            when=lambda command: at_random_moment(command, folder, dice),
        )
        ends.append(status)
        assert status in (expected, 1), errors
        check_part(folder, file)
    assert expected in ends
    finish(folder, file)


# ---- the disk --------------------------------------------------------------------------------------------------------


@contextmanager
def little_disk(at: Path, kib: int):
    """A file system of its own, as small as that; skips the test where it may not be mounted."""
    at.mkdir()
    mount = shutil.which("mount")
    if mount is None or os.geteuid() != 0:
        pytest.skip("only root may mount a small file system")
    made = subprocess.run([mount, "-t", "tmpfs", "-o", f"size={kib}k", "none", at], capture_output=True, text=True)
    if made.returncode:
        pytest.skip(f"no small file system can be mounted here: {made.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", at], check=True)


@slow
@pytest.mark.parametrize("kib", [60, 100, 136, 140, 144, 200])
def test_full_disk(kib, experiment, tmp_path):
    """The sweep says so and ends; when there is room again, it goes on."""
    file = experiment(replications=400, customers=100, periods=4)
    with little_disk(tmp_path / "disk", kib):
        folder = tmp_path / "disk" / "out"
        status, _, errors = do("sweep", file, "--out", folder, "--engine", "in-process", "--workers", "2")
        assert status in (1, 2), errors
        assert "No space left on device" in errors
        assert "Traceback" not in errors
        rows = check_part(folder, file)
        status, _, errors = do("sweep", file, "--out", folder, "--resume", "--engine", "in-process")
        assert status in (1, 2)  # still no room
        assert check_part(folder, file) >= rows
        subprocess.run(["mount", "-o", "remount,size=20m", tmp_path / "disk"], check=True)
        status, _, errors = do("sweep", file, "--out", folder, "--resume", "--engine", "spawn", "--workers", "2")
        assert status == 1, errors
        check(folder, file)


def flip_a_bit(path: Path, dice: random.Random) -> None:
    content = bytearray(path.read_bytes())
    content[dice.randrange(len(content))] ^= 1 << dice.randrange(8)
    path.write_bytes(content)


def truncate(path: Path, dice: random.Random) -> None:
    path.write_bytes(path.read_bytes()[: dice.randrange(path.stat().st_size)])


# What of a file is damaged is tried by tests/runs/store/test_damage.py, byte by byte.
@pytest.mark.parametrize("damage", [flip_a_bit, pytest.param(truncate, marks=slow)], ids=["flipped", "truncated"])
def test_damage_is_found_and_only_that_file_is_done_again(damage, experiment, tmp_path, monkeypatch):
    file, folder, dice = experiment(replications=8), tmp_path / "out", random.Random(7)
    undisturbed(file)
    monkeypatch.setattr(Store, "_merge", lambda store: None)  # so that there are three files of runs
    for replications in (2, 5, 8):
        part = experiment(replications=replications, name="part.yaml")
        sweep(part, out=folder, engine="in-process", workers=1, extend=True)
    victims = sorted((folder / "runs").glob("*.parquet"))
    assert len(victims) >= 3  # more where the machine is so slow that rows are stored before all are done
    victim = dice.choice(victims)
    rows = len(pd.read_parquet(victim))
    damage(victim, dice)
    status, output, errors = do("results", folder)
    assert status == 1
    assert victim.name in errors
    assert f"{rows} runs are not counted" in errors
    assert f"{rows} pending" in output
    shutil.copytree(folder, tmp_path / "copy")
    with counted() as calls, pytest.warns(DamageWarning, match=victim.name):
        finish(folder, file)
    assert len(calls) == rows
    assert Store.open(folder).problems == []
    status, _, errors = do("sweep", file, "--out", tmp_path / "copy", "--resume", "--engine", "in-process", "--quiet")
    assert (status, errors.count("\n")) == (1, 2)  # the damage, and the runs that failed
    assert errors.startswith("warning: ")
    assert victim.name in errors
    check(tmp_path / "copy", file)


# ---- two sweeps in one folder ----------------------------------------------------------------------------------------


def opened(folder: Path) -> bool:
    """Whether a writer has the lock, and has said so."""
    ledger = folder / "ledger.jsonl"
    return ledger.is_file() and b'"opened"' in ledger.read_bytes()


@pytest.mark.parametrize("more", ["--resume", pytest.param("--extend", marks=slow)])
def test_a_second_sweep_in_the_same_folder_is_refused_and_the_first_goes_on(more, experiment, tmp_path):
    file, folder = experiment(), tmp_path / "out"
    with started("sweep", file, "--out", folder, "--engine", "spawn", "--workers", "1") as first:
        first.wait_for(lambda: opened(folder))
        first.send(signal.SIGSTOP)  # so that it does not come to its end meanwhile
        status, output, errors = do("sweep", file, "--out", folder, more)
        assert (status, output) == (2, "")
        assert f"is being written by process {first.process.pid} on " in errors
        assert errors.count("\n") == 1
        first.send(signal.SIGCONT)
        status, _, errors = first.end()
    assert status == 1, errors
    check(folder, file)


# ---- runs that go beyond their limits --------------------------------------------------------------------------------

HUGE = """
name: limits
scenario: world-200-6.yaml
set: {{run.periods: 52}}
levers:
  market.customers: {{values: [200, 8000000]}}
design: {{kind: grid}}
replications: 2
limits: {{{limits}}}
outputs: [satisfaction, retention]
"""


@slow
@pytest.mark.parametrize("engine", ["spawn", "auto"])
@pytest.mark.parametrize(
    ("limits", "reason"),
    [("seconds: 2", "took longer than 2 s"), ("memory_mib: 200", "needed more memory than 200 MiB")],
)
def test_runs_beyond_their_limits_are_rows_and_the_others_go_on(engine, limits, reason, experiment, tmp_path):
    file = experiment()
    file.write_text(HUGE.format(limits=limits))
    folder = tmp_path / "out"
    status, output, errors = do("sweep", file, "--out", folder, "--engine", engine, "--workers", "2", "--json")
    assert status == 1, errors
    assert json.loads(output)["failed"] == 2
    runs = Store.open(folder).table()
    assert (runs["status"] == "done").tolist() == [True, True, False, False]
    assert runs["reason"].tolist() == ["", "", reason, reason]
