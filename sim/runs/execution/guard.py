"""One run, guarded: whatever it does becomes a row.

Three things end a run before its time: its limit of seconds, its limit of memory, and the wish to stop. Time and wish
are looked at whenever the run ticks. In the main thread of a process the operating system's alarm also ends a run that
does not tick, as long as it runs Python code; in a worker process of our own the operating system refuses memory beyond
the limit.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from sim.results.failed_work import one_line
from sim.runs.execution.task import DONE, FAILED, Limits, Row, RunOfPoint, Task
from sim.words import listed, say

MEBIBYTE = 2**20
ALARM_AGAIN_SECONDS = 1.0


class Stopped(BaseException):
    """Raised inside a run that is to end without a row; not an `Exception`, so that tasks do not swallow it."""


class OutOfTimeError(BaseException):
    """Raised inside a run that takes longer than its limit; not an `Exception` for the same reason."""


class OwnProcess:
    """Whether this process does nothing but runs, one at a time, so that its memory may be limited."""

    yes = False


class Watch:
    """Looks after the run of one thread.

    Args:
        limits: Of the run.
        stop: Set when the run is to end without a row.
    """

    def __init__(self, limits: Limits, stop: threading.Event) -> None:
        self.stop = stop
        self.ticks = 0
        self.armed = True
        self.deadline = None if limits.seconds is None else time.monotonic() + limits.seconds

    def tick(self) -> None:
        """What a run calls now and then."""
        self.ticks += 1
        self.look()

    def look(self) -> None:
        """End the run if it is to end; harmless once it is over."""
        if self.armed and self.stop.is_set():
            raise Stopped
        if self.armed and self.deadline is not None and time.monotonic() >= self.deadline:
            raise OutOfTimeError


class MainThread:
    """The watch of the run that the main thread does, for signal handlers to look at."""

    watch: Watch | None = None


def end_run_of_main_thread() -> None:
    """From a signal handler: end the run that the main thread is doing, if it is to end."""
    if MainThread.watch is not None:
        MainThread.watch.look()


@contextmanager
def _alarm(watch: Watch, seconds: float | None) -> Iterator[None]:
    """In the main thread: let signal handlers find the watch, and ring when the time is over."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    MainThread.watch = watch
    rings = seconds is not None and hasattr(signal, "setitimer")
    if rings:
        before = signal.signal(signal.SIGALRM, lambda *_: end_run_of_main_thread())
        signal.setitimer(signal.ITIMER_REAL, seconds or 0.0, ALARM_AGAIN_SECONDS)
    try:
        yield
    finally:
        MainThread.watch = None
        if rings:
            signal.setitimer(signal.ITIMER_REAL, 0.0)
            signal.signal(signal.SIGALRM, before)


def _held_bytes() -> int:
    """Private memory that this process holds, as the kernel counts it for RLIMIT_DATA."""
    with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123  # an open file costs less than a Path
        return int(file.read().split()[5]) * os.sysconf("SC_PAGE_SIZE")


@contextmanager
def _memory(extra: int | None) -> Iterator[None]:
    """Refuse memory beyond what is held now and `extra` bytes; on Linux, in a process of our own."""
    if extra is None or not OwnProcess.yes:
        yield
        return
    try:
        import resource

        held = _held_bytes()
    except (ImportError, OSError):
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = held + extra if hard == resource.RLIM_INFINITY else min(held + extra, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (wanted, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def too_long(limits: Limits) -> str:
    """The reason of a run that was ended for its time.

    >>> too_long(Limits(seconds=60))
    'took longer than 60 s'
    """
    return say("took longer than {seconds:g} s", seconds=limits.seconds)


def _numbers(outputs: Any, names: Sequence[str]) -> dict[str, float]:
    """The outputs as floats in the order of their names.

    Raises:
        ValueError: If the names are not those that the task promised.
    """
    if set(outputs) != set(names):
        missing, extra = sorted(set(names) - set(outputs)), sorted(map(str, set(outputs) - set(names)))
        parts = [say("without {names}", names=", ".join(missing))] * bool(missing)
        parts += [say("with {names}", names=", ".join(extra))] * bool(extra)
        raise ValueError(say("the run returned {parts}", parts=listed(parts)))
    return {name: float(outputs[name]) for name in names}


def failed(run: RunOfPoint, reason: str, seconds: float = 0.0) -> Row:
    """The row of a run that failed."""
    return Row(run.point, run.replication, run.seed, FAILED, reason, seconds)


def once(task: Task, run: RunOfPoint, limits: Limits, stop: threading.Event) -> tuple[Row | None, int]:
    """Do one run.

    Returns:
        The row, None if the run was stopped; and how often the run ticked.

    Raises:
        KeyboardInterrupt: Where the application handles Ctrl-C itself. Nothing else.

    Example:
        >>> class Half:
        ...     outputs = ("half",)
        ...
        ...     def __call__(self, values, seed, tick):
        ...         return {"half": values["x"] / 2}
        >>> row, _ = once(Half(), RunOfPoint("p", 0, 1, {"x": 3.0}), Limits(), threading.Event())
        >>> row.status, row.outputs
        ('done', {'half': 1.5})
    """
    watch = Watch(limits, stop)
    began = time.perf_counter()

    def elapsed() -> float:
        return time.perf_counter() - began

    try:
        with _alarm(watch, limits.seconds), _memory(limits.memory):
            try:
                outputs = _numbers(task(run.values, run.seed, watch.tick), task.outputs)
            finally:
                watch.armed = False  # from here no alarm and no signal raises
        if watch.deadline is not None and time.monotonic() >= watch.deadline:
            return failed(run, too_long(limits), elapsed()), watch.ticks
        return Row(run.point, run.replication, run.seed, DONE, "", elapsed(), outputs), watch.ticks
    except Stopped:
        return None, watch.ticks
    except OutOfTimeError:
        reason = too_long(limits)
    except MemoryError as error:
        limited = limits.memory is not None and OwnProcess.yes
        reason = (
            say("needed more memory than {memory:g} MiB", memory=(limits.memory or 0) / MEBIBYTE)
            if limited
            else one_line(error)
        )
    except KeyboardInterrupt:
        if not OwnProcess.yes:
            raise
        reason = "KeyboardInterrupt"
    except BaseException as error:  # SystemExit too: a task must not end its worker
        # What an alarm or a signal raises amid compiled code comes out in the disguise of another error.
        if stop.is_set():
            return None, watch.ticks
        late = watch.deadline is not None and time.monotonic() >= watch.deadline
        reason = too_long(limits) if late else one_line(error)
    with suppress(Stopped, OutOfTimeError):
        watch.armed = False
    return failed(run, reason, elapsed()), watch.ticks
