"""Kills, Ctrl-C and SIGTERM at any moment: nothing lost, nothing doubled, nobody left behind, no hang."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from sim.runs.execution.engines import open_engine
from sim.runs.execution.execute import execute
from sim.runs.execution.signals import Interrupted, orderly_end
from sim.runs.execution.task import Limits
from tests.runs.execution.bad_tasks import Sums, runs_of
from tests.runs.execution.doing_runs import do, left, plain, workers_left, workers_of

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
SOON = 120.0


# ---- workers that others kill ----------------------------------------------------------------------------------------


def killed_at_random(kind: str, kills: int, dice: random.Random) -> None:
    """Kill one worker after the other, each at a random moment, while runs are done."""
    runs = runs_of(300)
    over, killed = threading.Event(), []

    def kill() -> None:
        while len(killed) < kills and not over.wait(dice.uniform(0.0, 0.6)):
            workers = [process for process in workers_of(psutil.Process()) if process.pid not in killed]
            if workers:
                victim = dice.choice(workers)
                with suppress(psutil.NoSuchProcess):
                    victim.kill()
                    killed.append(victim.pid)

    with open_engine(kind, 2) as engine:
        killer = threading.Thread(target=kill)
        killer.start()
        rows = []
        while len(killed) < kills or not rows:
            rows = do(engine, runs, Sums(0.005))
            assert plain(rows) == plain(do(engine, runs, Sums()))
        over.set()
        killer.join()
    assert not workers_left()


@pytest.mark.parametrize("kind", ["spawn", "loky"])
def test_killed_workers_lose_and_double_nothing(kind):
    killed_at_random(kind, 3, random.Random(1))


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["spawn", "loky"])
def test_workers_killed_twenty_times(kind):
    killed_at_random(kind, 20, random.Random(2))


# ---- the parent is killed, interrupted, terminated -------------------------------------------------------------------


@contextmanager
def study(file: Path, *, kind="spawn", count=400, seconds=0.01, does="sums"):
    """A program that does runs, in a process group of its own."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(HERE / "study_script.py"), kind, "2", str(file), str(count), str(seconds), does]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment, start_new_session=True
    )
    try:
        yield process
    finally:
        process.kill()
        with suppress(subprocess.TimeoutExpired):  # a worker that was left behind holds the pipe
            process.communicate(timeout=10)


def wait_for_rows(file: Path, least: int, process: subprocess.Popen) -> None:
    until = time.monotonic() + 300
    while not file.exists() or len(file.read_text().splitlines()) < least:
        assert process.poll() is None, process.stdout.read()
        if time.monotonic() > until:
            pytest.fail("no rows come")
        time.sleep(0.01)


def check_whole(file: Path, count: int) -> None:
    """Started again, the program does exactly what is missing."""
    with study(file, count=count, seconds=0.0) as process:
        output, _ = process.communicate(timeout=300)
        assert process.returncode == 0, output
    text = file.read_text()
    assert text.endswith("\n")
    points = Counter(line.split("\t")[0] for line in text.splitlines())
    assert points == Counter(f"point {n}" for n in range(count))


def kill_parent(file: Path, kind: str, dice: random.Random) -> None:
    with study(file, kind=kind) as process:
        parent = psutil.Process(process.pid)
        assert process.stdout.readline() == "begins\n"
        time.sleep(dice.uniform(0.0, 2.5))
        family = parent.children(recursive=True)
        process.kill()
        process.wait(timeout=300)
        assert not left(family, SOON)


@pytest.mark.parametrize("kind", ["spawn", "loky", "in-process"])
def test_killed_parent_leaves_no_worker_and_whole_rows(kind, tmp_path):
    dice = random.Random(3)
    for _ in range(2):
        kill_parent(tmp_path / "rows", kind, dice)
    check_whole(tmp_path / "rows", 400)


@pytest.mark.slow
def test_parent_killed_fifty_times(tmp_path):
    dice = random.Random(4)
    for round_ in range(10):
        for _ in range(5):
            kill_parent(tmp_path / f"rows {round_}", "spawn", dice)
        check_whole(tmp_path / f"rows {round_}", 400)


@pytest.mark.parametrize("kind", ["spawn", "loky"])
def test_workers_end_with_their_parent_amid_a_long_run(kind, tmp_path):
    with study(tmp_path / "rows", kind=kind, count=2, seconds=600) as process:
        assert process.stdout.readline() == "begins\n"
        parent, until = psutil.Process(process.pid), time.monotonic() + 300
        while len(workers_of(parent)) < 2 and time.monotonic() < until:
            time.sleep(0.05)
        time.sleep(2.0)
        family = workers_of(parent)
        assert len(family) == 2
        process.kill()
        process.wait(timeout=300)
        assert not left(family, SOON)


SIGNALS = [
    ("spawn", "group", signal.SIGINT, 130),
    ("spawn", "parent", signal.SIGINT, 130),
    ("spawn", "parent", signal.SIGTERM, 143),
    ("spawn", "group", signal.SIGTERM, 143),
    ("loky", "group", signal.SIGINT, 130),
    ("in-process", "group", signal.SIGINT, 130),
    ("in-process", "parent", signal.SIGTERM, 143),
    ("auto", "group", signal.SIGINT, 130),
]


@pytest.mark.parametrize(("kind", "whom", "number", "status"), SIGNALS)
def test_one_signal_ends_in_order(kind, whom, number, status, tmp_path):
    file = tmp_path / "rows"
    with study(file, kind=kind, count=4000) as process:
        wait_for_rows(file, 5, process)
        family = workers_of(psutil.Process(process.pid))
        (os.killpg if whom == "group" else os.kill)(process.pid, number)
        output, _ = process.communicate(timeout=300)
        assert (process.returncode, output) == (status, "begins\ninterrupted\n")
        assert not left(family, SOON)
    count = len(file.read_text().splitlines())
    assert 5 <= count < 4000
    assert len({line.split("\t")[0] for line in file.read_text().splitlines()}) == count


@pytest.mark.parametrize(("kind", "does"), [("spawn", "sums"), ("spawn", "deaf"), ("in-process", "deaf")])
def test_two_signals_end_at_once(kind, does, tmp_path):
    with study(tmp_path / "rows", kind=kind, seconds=600, does=does) as process:
        assert process.stdout.readline() == "begins\n"
        time.sleep(1.5)
        family = workers_of(psutil.Process(process.pid))
        for _ in range(2):
            os.killpg(process.pid, signal.SIGINT)
            time.sleep(0.05)
        output, _ = process.communicate(timeout=300)
        assert process.returncode == 130, output
        assert "Traceback" not in output
        assert not left(family, SOON)


@pytest.mark.parametrize(("kind", "workers"), [("in-process", 1), ("in-process", 2), ("spawn", 2)])
def test_interrupted_in_this_process_and_going_on(kind, workers):
    runs, rows = runs_of(100), []

    def sink(found):
        rows.extend(found)
        if len(rows) >= 5:
            signal.raise_signal(signal.SIGINT)

    with open_engine(kind, workers) as engine:
        with pytest.raises(Interrupted) as caught:
            execute(runs, Sums(0.01), engine, limits=Limits(), sink=sink, chunk=2)
        assert caught.value.exit_status == 130
        assert 5 <= len(rows) < 100
        rest = [run for run in runs if run.key not in {row.key for row in rows}]
        assert plain(rows + do(engine, rest, Sums())) == plain(do(engine, runs, Sums()))
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert not workers_left()


def test_two_signals_do_not_break_the_sink_off():
    whole = []

    def sink(found):
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
        whole.extend(found)

    with open_engine("in-process", 1) as engine, pytest.raises(Interrupted):
        execute(runs_of(10), Sums(), engine, limits=Limits(), sink=sink, chunk=2)
    assert len(whole) == 2


@pytest.mark.parametrize(("kind", "workers"), [("in-process", 2), ("spawn", 2)])
def test_stop_event_ends_it_quietly(kind, workers):
    stop, rows = threading.Event(), []

    def sink(found):
        rows.extend(found)
        stop.set()

    with open_engine(kind, workers) as engine:
        execute(runs_of(10_000), Sums(0.01), engine, limits=Limits(), sink=sink, stop=stop)
    assert 1 <= len(rows) < 1000
    assert len({row.key for row in rows}) == len(rows)


def test_sigterm_ends_in_order_outside_executions_too():
    with pytest.raises(Interrupted) as caught, orderly_end():
        signal.raise_signal(signal.SIGTERM)
    assert caught.value.exit_status == 143
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL


def test_a_process_that_ends_passes_later_signals_over():
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        with suppress(Interrupted), orderly_end(of_process=True):
            signal.raise_signal(signal.SIGINT)
        for _ in range(3):
            signal.raise_signal(signal.SIGINT)
            signal.raise_signal(signal.SIGTERM)
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
    with orderly_end(of_process=True):
        pass
    assert {number: signal.getsignal(number) for number in handlers} == handlers


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_every_loky_worker_is_deaf_to_ctrl_c_from_its_start():
    """Else one that is just being imported would end with a traceback in the user's terminal."""
    script = (
        "import signal, time\n"
        "from pathlib import Path\n"
        "from sim.runs.execution.engines import LokyLane\n"
        "for lane in (LokyLane(), LokyLane()):\n"
        "    lane.submit(time.sleep, 0.0)\n"
        "    (pid,) = lane._executor._processes\n"
        "    lines = Path(f'/proc/{pid}/status').read_text().splitlines()\n"
        "    (blocked,) = [line.split()[1] for line in lines if line.startswith('SigBlk')]\n"
        "    print(int(blocked, 16) >> (signal.SIGINT - 1) & 1, flush=True)\n"
        "    lane.shutdown()\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "1\n1\n"


def test_scripts_without_a_guard_are_not_run_again_by_workers(tmp_path):
    script = tmp_path / "study.py"
    script.write_text(
        "print('once', flush=True)\n"
        "from sim.runs.execution.engines import open_engine\n"
        "from sim.runs.execution.execute import execute\n"
        "from sim.runs.execution.task import Limits, RunOfPoint\n"
        "class Double:\n"
        "    outputs = ('x',)\n"
        "    def __call__(self, values, seed, tick):\n"
        "        return {'x': values['x'] * 2}\n"
        "rows = []\n"
        "with open_engine('spawn', 2) as engine:\n"
        "    execute((RunOfPoint(str(n), 0, n, {'x': n}) for n in range(9)), Double(), engine, limits=Limits(),"
        " sink=rows.extend)\n"
        "print(sum(row.outputs['x'] for row in rows))\n"
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=300, env=environment)
    assert (done.returncode, done.stdout, done.stderr) == (0, "once\n72.0\n", "")


def test_workers_that_cannot_start_are_one_clear_error(monkeypatch):
    monkeypatch.setattr("sim.runs.execution.spawned.START", "raise SystemExit(5)")
    with open_engine("spawn", 2) as engine, pytest.raises(Exception, match="workers cannot be started"):
        do(engine, runs_of(3), Sums())
