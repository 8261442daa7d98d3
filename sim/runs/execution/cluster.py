"""Engines whose workers are on other machines: a Dask cluster, and MPI."""

from __future__ import annotations

import logging
import platform
import time
import warnings
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from sim.runs.execution.chunk import get_ready
from sim.runs.execution.engines import Engine, EngineError, EngineLostError, EngineWarning, Pack
from sim.runs.execution.lanes import ExecutorLane
from sim.runs.execution.task import Limits, Task
from sim.runs.execution.warm import prepare
from sim.runs.execution.worker import become_a_worker
from sim.vocabulary.extras import needed
from sim.words import say

ANSWER_SECONDS = 8.0
"""How long a scheduler may take to answer."""
STARTS = 3
"""How often it is tried to start a client."""
WORKERS_SECONDS = 30.0
"""How long to wait for the first worker."""


def about() -> dict[str, str]:
    """What has to be the same everywhere, for the same numbers: versions, and the model's sources."""
    from sim.compiled import sources_hash

    found = {"Python": platform.python_version(), "the model": sources_hash()}
    for package in ("exitvoice", "numpy", "numba", "pandas"):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = say("not installed")
    return found


def client_of(make: Any, address: str) -> Any:
    """A client of a scheduler.

    Dask gives its own thread ten seconds to start, and fails an assertion where a busy machine needs longer. That says
    nothing about the scheduler, so it is tried again.

    Args:
        make: Dask's class of clients.
        address: Of the scheduler.

    Raises:
        EngineError: If the thread does not start in any of the tries.
    """
    for _ in range(STARTS):
        try:
            return make(address, timeout=ANSWER_SECONDS, set_as_default=False)
        except AssertionError:
            continue
    raise EngineError(say("this machine is too busy to start a client of Dask: try again when it is less so"))


class DaskEngine(Engine):
    """Workers of a Dask cluster.

    Chunks whose worker dies are done again by Dask itself, elsewhere, until that has killed four workers. Dask then
    blames all chunks that waited at those workers, so their runs are done one by one when nothing else is left, and a
    run whose workers still die is a failed row. Two chunks wait at each thread of a worker.

    Args:
        address: Of the scheduler.
    """

    deaths = 2  # once in company, once alone; Dask tries four times before it says so
    quarantine = True

    def __init__(self, address: str) -> None:
        distributed: Any = needed("distributed", "dask", say("Dask clusters"))
        self._address = address
        try:
            self._client = client_of(distributed.Client, address)
        except (OSError, ValueError, TypeError) as error:
            raise EngineError(
                say(
                    "no Dask scheduler answers at {address} ({name}); start one with: dask scheduler",
                    address=address,
                    name=type(error).__name__,
                )
            ) from None
        try:
            self._client.wait_for_workers(1, timeout=WORKERS_SECONDS)
        except TimeoutError:
            self._client.close()
            raise EngineError(
                say(
                    "the scheduler at {address} has no workers; start some with: dask worker {address}", address=address
                )
            ) from None
        self._lane = ExecutorLane(lambda: self._client.get_executor(pure=False))
        self._looked = 0.0
        self._killed: type[BaseException] = distributed.scheduler.KilledWorker
        logging.getLogger("distributed.batched").setLevel(logging.CRITICAL)  # a message cut off is `check`'s to tell
        super().__init__("dask", [self._lane])

    def begin(self, task: Task, pack: Pack, limits: Limits) -> None:
        """Compile on each host once, then see that all workers have the same versions as we."""
        is_new = self._is_new(task)
        super().begin(task, pack, limits)
        if not is_new:
            return
        workers = self._client.scheduler_info(n_workers=-1)["workers"]
        hosts = {str(about["host"]): address for address, about in workers.items()}
        self._on(list(hosts.values()), get_ready, pack())
        here = about()
        different = {
            say(
                "{name} is {theirs} there, {ours} here",
                name=name,
                theirs=theirs.get(name, say("unknown")),
                ours=here[name],
            )
            for theirs in self._on(list(workers), about)
            for name in here
            if theirs.get(name) != here[name]
        }
        if different:
            warnings.warn(
                say(
                    "Dask workers differ from this machine, so their rows may differ too: {different}",
                    different="; ".join(sorted(different)),
                ),
                EngineWarning,
                stacklevel=2,
            )

    def _on(self, addresses: list[str], function: Any, *arguments: Any) -> list[Any]:
        """What a function returns on each of some workers."""
        futures = [
            self._client.submit(function, *arguments, workers=[address], pure=False, retries=2) for address in addresses
        ]
        found = []
        for future in futures:
            try:
                found.append(future.result())
            except ModuleNotFoundError as error:
                raise EngineError(say("Dask workers lack what this machine has: {error}", error=error)) from None
            except self._killed:
                continue  # a worker that went away is nobody to compare with
        return found

    def check(self) -> None:
        """Notice a scheduler that is gone, and workers that have come."""
        if time.monotonic() - self._looked < 1.0:
            return
        self._looked = time.monotonic()
        if self._client.status != "running":
            logging.getLogger("distributed.client").setLevel(logging.CRITICAL)  # it is said once, in one sentence
            raise EngineLostError(
                say(
                    "the Dask scheduler at {address} went away; what was done until then is kept", address=self._address
                )
            )
        self._lane.width = max(2, 2 * sum(self._client.nthreads().values()))

    def is_death(self, error: BaseException) -> bool:
        """Whether Dask has given a chunk up because it killed its workers."""
        return isinstance(error, self._killed) or super().is_death(error)

    def obituary(self, error: BaseException) -> str:
        """The reason of a run that killed its workers."""
        return say("its worker died each time")

    def close(self) -> None:
        """Leave the cluster; its workers stay."""
        super().close()
        self._client.close()


class MpiEngine(Engine):
    """The processes that mpiexec has started, but for the first, which hands out the work.

    MPI cannot go on when one of its processes dies: the whole program ends, and is started again with `--resume`.
    """

    def __init__(self) -> None:
        futures: Any = needed("mpi4py.futures", "mpi", say("MPI workers"))
        from mpi4py import MPI

        if MPI.COMM_WORLD.Get_size() == 1 or futures._core.SharedPool is None:
            raise EngineError(say("start it under MPI: mpiexec -n 4 python -m mpi4py.futures -m sim ..."))
        workers = MPI.COMM_WORLD.Get_size() - 1
        lane = ExecutorLane(lambda: futures.MPIPoolExecutor(initializer=become_a_worker, main=False), 2 * workers)
        super().__init__("mpi", [lane])

    def begin(self, task: Task, pack: Pack, limits: Limits) -> None:
        """Compile here what is not yet on disk."""
        pack()
        self._clear()
        if self._is_new(task):
            prepare(task)
