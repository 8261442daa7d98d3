"""Lanes: places where one chunk after the other is done. Each is a `concurrent.futures.Executor`."""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future
from functools import partial
from typing import Any, ParamSpec, TypeVar

from sim.words import say

P = ParamSpec("P")
T = TypeVar("T")
LaneJob = tuple[Future[Any], Callable[[], Any]]


class WorkerDiedError(BrokenExecutor):
    """The worker of a lane ended amid its work.

    Attributes:
        status: Its exit status, negative for the signal that ended it; None where it is not known.
    """

    def __init__(self, status: int | None) -> None:
        super().__init__(say("the worker ended with status {status}", status=status))
        self.status = status


ENDING_SECONDS = 1.0
"""How long to wait for a thread that was told to end: less than the patience of who presses Ctrl-C."""


class Lane(Executor):
    """A place where chunks are done.

    Attributes:
        width: How many chunks it takes at a time.
        shares_memory: Whether work is done in this process, so that nothing needs packing.
        has_workers: Whether work is done by processes of this machine that belong to the lane: they are started, made
            ready, and killed when they do not end.
    """

    width: int = 1
    shares_memory = False
    has_workers = False

    def __init__(self) -> None:
        self.stop_event = threading.Event()

    def ask_to_stop(self) -> None:
        """Let what is being done end at its next tick; what is done of it comes back."""
        self.stop_event.set()

    def kill(self) -> None:
        """End what is being done, now; the next job finds a new worker."""


class SerialLane(Lane):
    """Work is done when it is handed in, by the thread that hands it in."""

    shares_memory = True

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Do it, and return a future that is done."""
        future: Future[T] = Future()
        future.set_running_or_notify_cancel()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


class ThreadLane(Lane):
    """Work is done by one thread of this process, which does not keep the process alive."""

    shares_memory = True

    def __init__(self) -> None:
        super().__init__()
        self._jobs: queue.SimpleQueue[LaneJob | None] | None = None
        self._threads: list[threading.Thread] = []
        self._patience: float | None = None

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Hand it to the thread, which is started at the first job."""
        future: Future[T] = Future()
        if self._jobs is None:
            self._jobs = queue.SimpleQueue()
            self._threads.append(threading.Thread(target=_work, args=(self._jobs,), daemon=True, name="runs"))
            self._threads[-1].start()
        self._jobs.put((future, partial(fn, *args, **kwargs)))
        return future

    def kill(self) -> None:
        """Tell the thread to end at the next tick, and turn away from it; it cannot be ended from outside."""
        self.stop_event.set()
        self.shutdown(wait=False)
        self.stop_event = threading.Event()
        self._patience = time.monotonic() + ENDING_SECONDS

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Let the thread end after its job; wait for that, but not for ever.

        A thread that is still at work when the interpreter ends may bring the whole process down with it.
        """
        if self._jobs is not None:
            self._jobs.put(None)
            self._jobs = None
        if wait:
            until = self._patience or time.monotonic() + ENDING_SECONDS
            for thread in self._threads:
                thread.join(max(until - time.monotonic(), 0.0))
            self._threads, self._patience = [], None


def _work(jobs: queue.SimpleQueue[LaneJob | None]) -> None:
    while (job := jobs.get()) is not None:
        future, work = job
        if future.set_running_or_notify_cancel():
            try:
                result = work()
            except BaseException as error:
                future.set_exception(error)
            else:
                future.set_result(result)
        del job, future


class ExecutorLane(Lane):
    """Work is done by an executor of a library.

    Args:
        opened: Makes the executor; called again when it has broken.
        width: How many chunks to hand in at a time.
    """

    def __init__(self, opened: Callable[[], Executor], width: int = 1) -> None:
        super().__init__()
        self.width = width
        self._opened = opened
        self._executor: Executor | None = None
        self._futures: set[Future[Any]] = set()

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Hand it to the executor, a new one if the last has broken."""
        if self._executor is None:
            self._executor = self._opened()
        try:
            future = self._executor.submit(fn, *args, **kwargs)
        except BrokenExecutor:
            self._drop()
            self._executor = self._opened()
            future = self._executor.submit(fn, *args, **kwargs)
        self._futures.add(future)
        future.add_done_callback(self._futures.discard)
        return future

    def ask_to_stop(self) -> None:
        """What has not begun is not begun."""
        for future in list(self._futures):
            future.cancel()

    def kill(self) -> None:
        """Turn away from the executor."""
        self.ask_to_stop()

    def _drop(self) -> None:
        if self._executor is not None:
            with contextlib.suppress(Exception):
                self._executor.shutdown(wait=False)
            self._executor = None

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Shut the executor down."""
        if self._executor is not None:
            if cancel_futures:
                self.ask_to_stop()
            self._executor.shutdown(wait=wait)
            self._executor = None
