"""Dask with its own commands, and MPI: the same rows, and what happens when somebody dies."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil
import pytest

from sim.runs.execution import cluster as clusters
from sim.runs.execution.engines import EngineError, EngineWarning, open_engine
from sim.runs.execution.execute import execute
from sim.runs.execution.task import Limits, RunOfPoint
from tests.runs.execution.bad_tasks import Mischief, Sums, runs_of
from tests.runs.execution.doing_runs import do, done_with, left, plain

HERE = Path(__file__).parent
ENVIRONMENT = os.environ | {"PYTHONPATH": str(HERE.parents[2])}
RUNS = runs_of(60)
REFERENCE = plain(done_with("in-process", 1, RUNS, Sums()))


class Cluster:
    """`dask scheduler` and `dask worker`, as in docs/clusters.md, on this machine."""

    def __init__(self, folder: Path, workers: int = 2) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
        self.folder = folder
        self.log = (folder / "log").open("w")
        host, port = self.address.removeprefix("tcp://").split(":")
        self.scheduler = self.start("scheduler", "--host", host, "--port", port)
        self.workers = [self.start("worker", self.address, "--nthreads", "1") for _ in range(workers)]

    def start(self, *words: str) -> subprocess.Popen:
        dask = Path(sys.executable).with_name("dask")
        command = [dask, *words, "--no-dashboard"]
        return subprocess.Popen(command, stdout=self.log, stderr=self.log, env=ENVIRONMENT, cwd=self.folder)

    def children(self) -> list[psutil.Process]:
        """The processes in which the workers' nannies let work be done."""
        found = []
        for worker in self.workers:
            with_children = psutil.Process(worker.pid) if worker.poll() is None else None
            found += with_children.children(recursive=True) if with_children else []
        return [child for child in found if "spawn_main" in " ".join(child.cmdline())]

    def close(self) -> None:
        family = []
        for process in (*self.workers, self.scheduler):
            if process.poll() is None:
                family += [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
        for member in family:
            if member.is_running():
                member.kill()
        for process in (*self.workers, self.scheduler):
            process.wait(timeout=300)
        self.log.close()
        assert not left(family, 5.0)


@contextmanager
def running_cluster(folder: Path, workers: int = 2):
    cluster = Cluster(folder, workers)
    try:
        yield cluster
    finally:
        cluster.close()


@contextmanager
def opened(cluster: Cluster):
    """An engine on the cluster, once it is there."""
    with ExitStack() as stack:
        until = time.monotonic() + 300
        while True:
            try:
                engine = stack.enter_context(open_engine(dask=cluster.address))
                break
            except EngineError:
                if time.monotonic() > until:
                    pytest.fail("the cluster does not come up")
        yield engine


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    with running_cluster(tmp_path_factory.mktemp("dask")) as running:
        yield running


def test_the_documentation_shows_the_commands_of_these_tests(cluster):
    page = (HERE.parents[2] / "docs" / "clusters.md").read_text()
    port = cluster.address.rpartition(":")[2]
    for process in (cluster.scheduler, cluster.workers[0]):
        words = " ".join(["dask", *process.args[1:]]).replace("127.0.0.1", "10.0.0.1").replace(port, "8786")
        assert words in page.replace("--nworkers 4 ", "")
    assert "python -m mpi4py.futures -m sim" in page


@pytest.mark.parametrize("chunk", [None, 7])
def test_dask_gives_the_same_rows(cluster, chunk):
    with opened(cluster) as engine:
        assert plain(do(engine, reversed(RUNS), Sums(), chunk=chunk)) == REFERENCE


@pytest.mark.parametrize("chunk", [1, pytest.param(5, marks=pytest.mark.slow)])
def test_dask_bad_runs_are_rows_and_their_neighbours_survive(cluster, chunk):
    expected = {
        "raises": "ValueError: this is wrong",
        "forever": "took longer than 1 s",
        "dies": "its worker died each time",
    }
    bad = [RunOfPoint(kind, 0, 1, {"x": 100.0, "do": kind}) for kind in expected]
    with opened(cluster) as engine:
        rows = do(engine, [*RUNS[:5], *bad, *RUNS[5:40]], Mischief(), Limits(seconds=1.0), chunk=chunk)
    found = {row.point: row.reason for row in rows if row.status == "failed"}
    assert (found, len(rows), len({row.key for row in rows})) == (expected, 43, 43)


def test_dask_killed_worker_loses_and_doubles_nothing(cluster):
    rows, killed = [], []

    def sink(found):
        rows.extend(found)
        if not killed:
            victim = cluster.children()[0]
            victim.kill()
            killed.append(victim)

    with opened(cluster) as engine:
        execute(RUNS, Sums(0.05), engine, limits=Limits(), sink=sink, chunk=3)
    assert killed
    assert plain(rows) == REFERENCE


def test_dask_workers_that_differ_are_named(cluster, monkeypatch):
    here = clusters.about()
    monkeypatch.setitem(here, "numpy", "0.1")
    with opened(cluster) as engine:
        monkeypatch.setattr(engine, "_on", lambda addresses, *_: [here for _ in addresses])
        with pytest.warns(EngineWarning, match=r"numpy is 0\.1 there"):
            do(engine, RUNS[:3], Sums())


def test_dask_wrong_address_is_one_clear_error(monkeypatch):
    monkeypatch.setattr(clusters, "ANSWER_SECONDS", 0.5)
    for address in ("tcp://127.0.0.1:1", "nonsense"):
        with pytest.raises(EngineError, match="no Dask scheduler answers at"), open_engine(dask=address):
            pass


@pytest.mark.parametrize("late", [1, 2])
def test_a_client_of_dask_that_starts_late_is_tried_again(late):
    asked = []

    def make(address, **_options):
        asked.append(address)
        assert len(asked) > late
        return "a client"

    assert (clusters.client_of(make, "tcp://10.0.0.1:8786"), len(asked)) == ("a client", late + 1)


def test_a_client_of_dask_that_never_starts_is_one_clear_error():
    def make(_address, **_options):
        raise AssertionError

    with pytest.raises(EngineError, match="too busy"):
        clusters.client_of(make, "tcp://10.0.0.1:8786")


def test_dask_scheduler_that_goes_away_is_one_clear_error(tmp_path):
    rows = []

    def sink(found):
        rows.extend(found)
        running.scheduler.kill()

    with running_cluster(tmp_path, workers=1) as running, opened(running) as engine:
        with pytest.raises(EngineError, match="went away"):
            execute(runs_of(5000), Sums(0.01), engine, limits=Limits(), sink=sink, chunk=3)
        assert 0 < len(rows) < 5000
        assert len({row.key for row in rows}) == len(rows)


# ---- MPI -------------------------------------------------------------------------------------------------------------

MPIEXEC = shutil.which("mpiexec", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
needs_mpi = pytest.mark.skipif(MPIEXEC is None, reason="mpiexec is not installed")


def mpi(*command: str, processes: int = 3) -> subprocess.Popen:
    words = [MPIEXEC, "-n", str(processes), sys.executable, *command]
    return subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=ENVIRONMENT, start_new_session=True
    )


@needs_mpi
def test_mpi_gives_the_same_rows_and_bad_runs_are_rows():
    program = (
        "from sim.runs.execution.engines import open_engine\n"
        "from tests.runs.execution.bad_tasks import *; from tests.runs.execution.doing_runs import *\n"
        "with open_engine('mpi') as engine:\n"
        "    print(plain(do(engine, reversed(runs_of(60)), Sums())))\n"
        "    bad = [RunOfPoint(kind, 0, 1, {'x': 1.0, 'do': kind}) for kind in ('raises', 'deaf', 'eats')]\n"
        "    rows = do(engine, [*runs_of(5), *bad], Mischief(), Limits(seconds=1.0, memory=100 * 2**20))\n"
        "    print([row[4] for row in plain(rows) if row[3] == 'failed'], len(rows))\n"
    )
    process = mpi("-m", "mpi4py.futures", "-c", program)
    output, _ = process.communicate(timeout=300)
    reasons = ["took longer than 1 s", "needed more memory than 100 MiB", "ValueError: this is wrong"]
    assert (process.returncode, output) == (0, f"{REFERENCE}\n{reasons} 8\n")


@needs_mpi
def test_mpi_without_its_launcher_is_one_clear_error():
    program = "from sim.runs.execution.engines import open_engine\nwith open_engine('mpi'): pass"
    process = mpi("-c", program, processes=1)
    output, _ = process.communicate(timeout=300)
    assert process.returncode != 0
    assert "mpiexec -n 4 python -m mpi4py.futures -m sim" in output


@needs_mpi
def test_mpi_interrupted_keeps_whole_rows(tmp_path):
    file = tmp_path / "rows"
    process = mpi("-m", "mpi4py.futures", str(HERE / "study_script.py"), "mpi", "2", str(file), "4000", "0.01", "sums")
    until = time.monotonic() + 300
    while not file.exists() or len(file.read_text().splitlines()) < 5:
        if time.monotonic() > until:
            pytest.fail("no rows come")
        assert process.poll() is None, process.communicate()[0]
        time.sleep(0.02)
    family = psutil.Process(process.pid).children(recursive=True)
    os.killpg(process.pid, signal.SIGINT)
    output, _ = process.communicate(timeout=300)
    assert process.returncode == 130, output
    assert "interrupted" in output
    text = file.read_text()
    assert text.endswith("\n")
    points = [line.split("\t")[0] for line in text.splitlines()]
    assert len(points) == len(set(points)) < 4000
    assert not left(family, 10.0)
