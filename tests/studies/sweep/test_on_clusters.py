"""The same hash on a Dask cluster, of whose workers one is killed, and under MPI."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from sim.runs.execution.engines import EngineError
from sim.studies.sweep.sweep import sweep
from tests.studies.sweep.sweeping import ROOT, UNHURRIED, check, check_part, do, finish, started, stored, undisturbed

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::sim.results.failed_work.FailedRunsWarning")]

MPIEXEC = shutil.which("mpiexec", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))


class Cluster:
    """`dask scheduler` and two `dask worker`, as in docs/clusters.md, on this machine."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = str(free.getsockname()[1])
        self.address = f"tcp://127.0.0.1:{port}"
        self._folder, self._log = folder, (folder / "log").open("w")
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", port)
        self.workers = [self._start("worker", self.address, "--nthreads", "1") for _ in range(2)]

    def _start(self, *words: str) -> subprocess.Popen:
        return subprocess.Popen(
            [Path(sys.executable).with_name("dask"), *words, "--no-dashboard"],
            stdout=self._log,
            stderr=self._log,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            cwd=self._folder,
            start_new_session=True,
        )

    def kill_worker(self) -> None:
        """Kill one worker for good, with the nanny that would start it again."""
        victim = psutil.Process(self.workers[0].pid)
        for process in [victim, *victim.children(recursive=True)]:
            process.kill()

    def close(self) -> None:
        for process in [*self.workers, self.scheduler]:
            family = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
            process.kill()
            for child in family:
                child.kill() if child.is_running() else None
            process.wait(timeout=300)
        self._log.close()


@pytest.fixture
def cluster(tmp_path):
    running = Cluster(tmp_path)
    yield running
    running.close()


def on(cluster: Cluster, file: Path, folder: Path, **more) -> None:
    """The sweep on the cluster, as soon as it is there."""
    until = time.monotonic() + 300
    while True:
        try:
            sweep(file, out=folder, dask=cluster.address, **more)
            return
        except EngineError as error:
            if time.monotonic() > until or not ("no Dask scheduler" in str(error) or "has no workers" in str(error)):
                raise
            more["resume"] = True


def test_on_dask(cluster, experiment, tmp_path):
    file = experiment()
    on(cluster, file, tmp_path / "out")
    check(tmp_path / "out", file)


def test_on_dask_with_a_worker_killed(cluster, experiment, tmp_path):
    file, killed = experiment(replications=40, customers=2000, periods=26), []

    def progress(done: int, failed: int, total: int) -> None:
        if done >= 20 and not killed:
            killed.append(done)
            cluster.kill_worker()

    on(cluster, file, tmp_path / "out", progress=progress)
    assert 20 <= killed[0] < 480
    check(tmp_path / "out", file)


def test_on_dask_by_the_command_and_the_scheduler_goes_away(cluster, experiment, tmp_path):
    file, folder = experiment(replications=40, customers=2000, periods=26), tmp_path / "out"
    on(cluster, experiment(replications=1, name="first.yaml"), tmp_path / "first")
    undisturbed(file)
    with started("sweep", file, "--out", folder, "--dask", cluster.address, launcher=UNHURRIED) as command:
        command.wait_for(lambda: stored(folder))
        cluster.scheduler.kill()
        status, _, errors = command.end()
    assert status == 1
    assert "went away" in errors
    assert "Traceback" not in errors
    assert 0 < check_part(folder, file) < 480
    finish(folder, file)


needs_mpi = pytest.mark.skipif(MPIEXEC is None, reason="mpiexec is not installed")
UNDER_MPI = (str(MPIEXEC), "-n", "3", sys.executable, "-m", "mpi4py.futures", "-m")


@needs_mpi
def test_under_mpi(experiment, tmp_path):
    file, folder = experiment(), tmp_path / "out"
    with started("sweep", file, "--out", folder, "--engine", "mpi", "--json", launcher=(*UNDER_MPI, "sim")) as command:
        status, output, errors = command.end()
    assert status == 1, errors
    assert json.loads(output)["digest"] == undisturbed(file).digest
    check(folder, file)


@needs_mpi
def test_under_mpi_interrupted(experiment, tmp_path):
    file, folder = experiment(replications=80, customers=2000, periods=26), tmp_path / "out"
    undisturbed(file)
    launcher = (*UNDER_MPI, *UNHURRIED[1:])
    with started("sweep", file, "--out", folder, "--engine", "mpi", launcher=launcher) as command:
        command.wait_for(lambda: stored(folder))
        command.send(signal.SIGINT, group=True)
        status, _, errors = command.end(30)
    assert status == 130, errors
    assert 0 < check_part(folder, file) < 960
    status, _, errors = do("sweep", file, "--out", folder, "--resume", "--engine", "in-process")
    assert status == 1, errors
    check(folder, file)
