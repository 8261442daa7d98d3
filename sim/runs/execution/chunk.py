"""Chunks: several runs that go to a worker together, with the task that they are of."""

from __future__ import annotations

import gc
import pickle
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib import import_module

from sim.runs.execution.guard import OwnProcess, once
from sim.runs.execution.task import Limits, Row, RunOfPoint, Task
from sim.runs.execution.warm import prepare
from sim.vocabulary.errors import ExitVoiceError
from sim.vocabulary.exit_status import ExitStatus
from sim.vocabulary.extras import install
from sim.words import say

STOP = threading.Event()
"""Set in a worker process when what it does is to end at the next tick."""


@dataclass(frozen=True)
class Chunk:
    """Runs, on their way to a worker.

    Attributes:
        task: The task, pickled once for all chunks.
        runs: What is to be done.
        limits: Of each run.
    """

    task: bytes
    runs: tuple[RunOfPoint, ...]
    limits: Limits


@dataclass
class ChunkDone:
    """What came of a chunk.

    Attributes:
        rows: Of the runs that were done, in order; fewer than asked for where the worker was told to stop.
        ticks: How often the runs ticked.
        cpu: Seconds of processor time, had or (on Linux) queued for; the rest of the time was spent waiting for others.
    """

    rows: list[Row] = field(default_factory=list)
    ticks: int = 0
    cpu: float = 0.0


class TaskError(ExitVoiceError):
    """A task cannot be sent to workers."""

    exit_status = ExitStatus.BAD_INPUT


def packed(task: Task) -> bytes:
    """A task as bytes.

    A task that is defined in a script or a notebook is known to no worker by name; its code is sent along with it
    where the library cloudpickle is installed (loky and distributed bring it).

    Raises:
        TaskError: If that is not possible.
    """
    reason = ""
    try:
        plain = pickle.dumps(task, pickle.HIGHEST_PROTOCOL)
        if b"__main__" not in plain:
            return plain
    except Exception as error:
        reason = f" ({error})"
    try:
        return bytes(import_module("cloudpickle").dumps(task))
    except ModuleNotFoundError:
        raise TaskError(
            say(
                "workers cannot import the task {name}{reason}: put it into a module of its own, or {install}",
                name=type(task).__name__,
                reason=reason,
                install=install("loky"),
            )
        ) from None
    except Exception as error:
        raise TaskError(
            say("the task {name} cannot be sent to workers: {error}", name=type(task).__name__, error=error)
        ) from None


_UNPACKED: dict[bytes, Task] = {}
_LOCK = threading.Lock()


def unpacked(data: bytes) -> Task:
    """The task, ready to run; the last one is kept, since chunk after chunk brings the same."""
    with _LOCK:
        task = _UNPACKED.get(data)
        if task is None:
            loaded: Task = pickle.loads(data)
            prepare(loaded)
            _UNPACKED.clear()
            _UNPACKED[data] = task = loaded
        return task


def _processor_seconds() -> float:
    """Processor time of this thread; on Linux with the time that it was ready to run while others ran."""
    try:
        with open("/proc/thread-self/schedstat", encoding="ascii") as file:  # noqa: PTH123
            had, queued, _ = file.read().split()
    except (OSError, ValueError):
        return time.thread_time()
    return (int(had) + int(queued)) / 1e9


def do_one_by_one(task: Task, runs: Sequence[RunOfPoint], limits: Limits, stop: threading.Event) -> ChunkDone:
    """Do runs one after the other, until told to stop."""
    done = ChunkDone()
    began = _processor_seconds()
    for run in runs:
        row, ticks = once(task, run, limits, stop)
        done.ticks += ticks
        if row is None:
            break
        done.rows.append(row)
        if stop.is_set():
            break
    done.cpu = _processor_seconds() - began
    return done


def do_chunk(chunk: Chunk) -> ChunkDone:
    """Do a chunk: what a worker is asked to do."""
    return do_one_by_one(unpacked(chunk.task), chunk.runs, chunk.limits, STOP)


@contextmanager
def _here_to_stay() -> Iterator[None]:
    """Look for no garbage among what is loaded within, now or later, in a process that does nothing but runs."""
    if not OwnProcess.yes:
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def get_here(module: str) -> None:
    """The first job of a worker: import the module of the task, which takes long, while the parent is busy too."""
    with suppress(ImportError), _here_to_stay():  # a task that was sent along with its code has none
        import_module(module)


def get_ready(task: bytes) -> None:
    """Load the task and what it needs, so that no run's time is spent on that."""
    with _here_to_stay():
        unpacked(task)
