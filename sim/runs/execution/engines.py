"""Engines: in this process, in spawned or loky workers, on a Dask cluster, under MPI; or whichever is faster."""

from __future__ import annotations

import os
import signal
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from contextlib import contextmanager, suppress

from sim.runs.execution.chunk import ChunkDone, TaskError, get_here
from sim.runs.execution.lanes import ExecutorLane, Lane, P, SerialLane, T, ThreadLane
from sim.runs.execution.task import Limits, Task
from sim.runs.execution.warm import prepare
from sim.runs.execution.worker import become_a_worker
from sim.vocabulary.errors import ExitVoiceError
from sim.vocabulary.exit_status import ExitStatus
from sim.vocabulary.extras import needed
from sim.words import say

Pack = Callable[[], bytes]
"""Makes the task's bytes, once it is clear that they are needed."""
KINDS = ("auto", "in-process", "spawn", "loky", "dask", "mpi")
STARTING_SECONDS = 1.5
"""What starting two workers on two cores costs: 1.1 s of processor time each, for imports and compiled code."""
HELD_SECONDS = 2e-5
"""Between two ticks a run holds the interpreter at least so long, for which another thread waits: in a period of the
smallest market."""


class EngineError(ExitVoiceError):
    """An engine cannot be had."""

    exit_status = ExitStatus.BAD_INPUT


class EngineLostError(EngineError):
    """An engine went away amid the work, or its workers cannot do it; what was done until then is kept."""

    exit_status = ExitStatus.FAILED


class EngineWarning(UserWarning):
    """An engine can do less than was asked for, or differs from this machine."""


class Engine:
    """Where runs are done.

    Args:
        kind: One of `KINDS`.
        lanes: Places where chunks are done.

    Attributes:
        kind: One of `KINDS`.
        deaths: A run whose worker dies so often while it does nothing else is a failed row.
        quarantine: Whether it is only clear which run did it when nothing else is in flight.
    """

    deaths = 3
    quarantine = False

    def __init__(self, kind: str, lanes: Sequence[Lane]) -> None:
        self.kind = kind
        self._lanes = list(lanes)
        self._task: Task | None = None

    @property
    def lanes(self) -> Sequence[Lane]:
        """Places to hand chunks to, now."""
        return self._lanes

    def begin(self, task: Task, pack: Pack, limits: Limits) -> None:
        """Called before the first run of each execution: the place to get ready, and to say what cannot be had."""
        self._clear()
        if self._is_new(task):
            prepare(task)
        if limits.memory is not None:
            warnings.warn(
                say("the {kind} engine cannot limit the memory of a run; spawned workers can", kind=self.kind),
                EngineWarning,
                stacklevel=2,
            )

    def _is_new(self, task: Task) -> bool:
        """Whether the last execution was of another task."""
        if self._task is task:
            return False
        self._task = task
        return True

    def _clear(self) -> None:
        for lane in self._lanes:
            lane.stop_event.clear()

    def note(self, done: ChunkDone, remaining: int | None) -> None:
        """Called with what comes of each chunk; `remaining` runs are not done yet, where that is known."""

    def check(self) -> None:
        """Raise `EngineError` if the engine is gone for good."""

    def is_death(self, error: BaseException) -> bool:
        """Whether a chunk came to nothing because its worker died."""
        return isinstance(error, BrokenExecutor | CancelledError)

    def obituary(self, error: BaseException) -> str:
        """The reason of a run whose worker died too often."""
        status = getattr(error, "status", None)
        if status is None:
            return say("its worker died three times")
        if status < 0:
            return say("its worker died (signal {signal}) three times", signal=-status)
        return say("its worker died (exit status {status}) three times", status=status)

    def close(self) -> None:
        """End all workers and wait until they are gone."""
        for lane in self._lanes:
            lane.shutdown(wait=True, cancel_futures=True)


class ProcessEngine(Engine):
    """Worker processes on this machine, one a lane."""

    def begin(self, task: Task, pack: Pack, limits: Limits) -> None:
        """Start all workers; meanwhile compile here what is not yet on disk, so that they only load it."""
        pack()
        self._clear()
        if not self._is_new(task):
            return
        for lane in self._lanes:
            lane.submit(get_here, type(task).__module__)
        prepare(task)


class AutoEngine(Engine):
    """Begins in this process, and goes on in spawned workers where what is left is long enough to pay for them.

    The first run is done by the calling thread, and shows whether and how often runs tick; then come threads. They
    share one interpreter, so part of their time is spent waiting for each other. As soon as the waiting that lies ahead
    (or, where nobody knows how much is left, the waiting so far) costs more than starting workers does, they are
    started; after the first run already where by its ticks that is sure. A limit of memory, or a limit of seconds for
    runs that do not tick, means workers at once.
    """

    def __init__(self, workers: int) -> None:
        super().__init__("auto", [SerialLane()])
        self._workers = workers
        self._threads: list[Lane] = [ThreadLane() for _ in range(workers)] if workers > 1 else []
        self._processes: ProcessEngine | None = None
        self._asked: tuple[Task, Pack, Limits] | None = None
        self._began: float | None = None
        self._cpu = 0.0
        self._runs = 0

    @property
    def chosen(self) -> str:
        """What is in use: `in-process` or `spawn`."""
        return "spawn" if self._processes is not None else "in-process"

    @property
    def lanes(self) -> Sequence[Lane]:
        """Places to hand chunks to, now."""
        return self._lanes if self._processes is None else self._processes.lanes

    def begin(self, task: Task, pack: Pack, limits: Limits) -> None:
        """Start workers only if they are needed in any case."""
        self._clear()
        self._asked = (task, pack, limits)
        if self._processes is not None:
            self._processes.begin(task, pack, limits)
        elif limits.memory is not None:
            self._to_processes()
        elif self._is_new(task):
            prepare(task)

    def note(self, done: ChunkDone, remaining: int | None) -> None:
        """Decide where to go on."""
        if self._processes is not None or self._asked is None:
            return
        if self._lanes is not self._threads:
            sure = (remaining or 0) * done.ticks * HELD_SECONDS > STARTING_SECONDS
            if done.ticks == 0 and self._asked[2].seconds is not None:
                self._to_processes()
            elif self._threads and not (sure and self._to_processes()):
                self._lanes = self._threads
                self._began = time.perf_counter()
            return
        self._cpu += done.cpu
        self._runs += len(done.rows)
        elapsed = time.perf_counter() - (self._began or 0.0)
        waited = elapsed - self._cpu / self._workers
        ahead = self._runs if remaining is None else remaining
        if self._runs >= 4 * self._workers and waited / self._runs * ahead > STARTING_SECONDS:
            self._to_processes()

    def _to_processes(self) -> bool:
        """Go on in workers; whether that can be."""
        from sim.runs.execution.spawned import SpawnedLane

        if self._asked is None:
            return False
        processes = ProcessEngine("spawn", [SpawnedLane() for _ in range(self._workers)])
        with suppress(TaskError):  # a task that cannot be sent stays here
            processes.begin(*self._asked)
            self._processes = processes
        return self._processes is not None

    def close(self) -> None:
        """End all workers."""
        self._lanes += self._threads
        super().close()
        if self._processes is not None:
            self._processes.close()


class LokyLane(ExecutorLane):
    """Work is done by a loky executor of one worker."""

    has_workers = True

    def __init__(self) -> None:
        super().__init__(self._open)

    def _open(self) -> Executor:
        loky = needed("loky", "loky", say("loky workers"))
        return loky.ProcessPoolExecutor(max_workers=1, timeout=None, initializer=_settle_loky, initargs=(os.getpid(),))

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Hand it to the worker, which is deaf to Ctrl-C from the moment that it is started."""
        if not hasattr(signal, "pthread_sigmask"):
            return super().submit(fn, *args, **kwargs)
        from multiprocessing import resource_tracker

        # A worker's start makes sure that this tracker runs, and its start makes the thread hear signals again.
        resource_tracker.ensure_running()
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            return super().submit(fn, *args, **kwargs)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def kill(self) -> None:
        """Kill the worker."""
        if self._executor is not None:
            for pid in list(getattr(self._executor, "_processes", None) or ()):
                with suppress(ProcessLookupError):
                    os.kill(pid, getattr(signal, "SIGKILL", signal.SIGTERM))


def _settle_loky(parent: int) -> None:
    become_a_worker()
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    """End this process soon after its parent has ended."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(0)


def default_workers() -> int:
    """Processors that this program may use."""
    from sim.engine.free import usable_cores

    return usable_cores()


@contextmanager
def open_engine(kind: str = "auto", workers: int | None = None, dask: str | None = None) -> Iterator[Engine]:
    """An engine, with its workers started when they are first needed and gone when the block ends.

    Args:
        kind: `auto`, `in-process`, `spawn`, `loky`, `dask` or `mpi`.
        workers: How many at a time; all processors if left out. A Dask cluster and MPI bring their own.
        dask: Address of a Dask scheduler, such as `tcp://127.0.0.1:8786`; means `dask`.

    Raises:
        EngineError: If there is no such engine here, or nobody at the address.
        MissingExtraError: If its library is not installed.

    Example:
        >>> with open_engine("in-process", 2) as engine:
        ...     len(engine.lanes)
        2
    """
    if dask is not None and kind == "auto":
        kind = "dask"
    if kind not in KINDS:
        raise EngineError(say("there is no engine {kind!r}; allowed: {kinds}", kind=kind, kinds=", ".join(KINDS)))
    if (kind == "dask") != (dask is not None):
        raise EngineError(
            say("the engine dask and the address of its scheduler belong together: dask='tcp://host:8786'")
        )
    if workers is not None and workers < 1:
        raise EngineError(say("found {workers} workers; allowed: 1 or more", workers=workers))
    engine = _opened(kind, workers, dask)
    try:
        yield engine
    finally:
        engine.close()


def _opened(kind: str, workers: int | None, dask: str | None) -> Engine:
    if kind == "dask":
        from sim.runs.execution.cluster import DaskEngine

        return DaskEngine(str(dask))
    if kind == "mpi":
        from sim.runs.execution.cluster import MpiEngine

        return MpiEngine()
    number = workers or default_workers()
    if kind == "in-process":
        return Engine(kind, [SerialLane()] if number == 1 else [ThreadLane() for _ in range(number)])
    if kind == "loky":
        needed("loky", "loky", say("loky workers"))
        return ProcessEngine(kind, [LokyLane() for _ in range(number)])
    if kind == "spawn":
        from sim.runs.execution.spawned import SpawnedLane

        return ProcessEngine(kind, [SpawnedLane() for _ in range(number)])
    return AutoEngine(number)
