"""Do many runs: chunk by chunk, on any engine, each row once."""

from __future__ import annotations

import contextlib
import math
import queue
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass
from typing import Any

from sim.results.failed_work import one_line
from sim.runs.execution import guard
from sim.runs.execution.chunk import Chunk, ChunkDone, do_chunk, do_one_by_one, get_ready, packed
from sim.runs.execution.engines import Engine, EngineError, EngineLostError
from sim.runs.execution.lanes import Lane
from sim.runs.execution.signals import Interrupted, Listener
from sim.runs.execution.task import FAILED, Limits, Row, RunOfPoint, Task
from sim.vocabulary.errors import ExitVoiceError
from sim.words import say

CHUNK_SECONDS = 0.5
"""Work of a chunk: long against sending it, short against the patience of who presses Ctrl-C."""
LARGEST_CHUNK = 256
FALSE_STARTS, KILLED_STARTS = 3, 30
"""So many workers in a row that end, or are killed, before they can do anything: something is wrong with all."""
GRACE_SECONDS = 5.0
"""Beyond its limit, a run that does not end by itself is given so long before its worker is killed."""
STOPPING_SECONDS = 1.0
"""What is in flight at an interruption is given so long to come back."""
LOOK_SECONDS = 0.1

Sink = Callable[[Sequence[Row]], None]
OnProgress = Callable[[int, int, int], None]


@dataclass
class Flight:
    """A chunk on its way."""

    runs: tuple[RunOfPoint, ...]  # none: the worker is only getting ready
    lane: Lane
    deaths: int = 0
    allowed: float | None = None
    deadline: float | None = None
    overdue: bool = False


class Supply:
    """Runs that are still to be handed out: those to be done again first, then new ones, taken as they are needed.

    Args:
        runs: What to do.
        quarantine: Whether runs whose worker died wait until nothing else is in flight, so that it is clear who did it.
    """

    def __init__(self, runs: Iterable[RunOfPoint], quarantine: bool) -> None:
        self._runs = iter(runs)
        self._quarantine = quarantine
        self._again: deque[tuple[RunOfPoint, int]] = deque()
        self._suspects: deque[tuple[RunOfPoint, int]] = deque()
        self._over = False

    def take(self, size: int, in_flight: bool) -> tuple[tuple[RunOfPoint, ...], int]:
        """Some runs, and how often their worker has died: none if there are none. What is done again is done alone."""
        if self._again:
            run, deaths = self._again.popleft()
            return (run,), deaths
        found: list[RunOfPoint] = []
        while len(found) < size and not self._over:
            try:
                found.append(next(self._runs))
            except StopIteration:
                self._over = True
        if not found and self._suspects and not in_flight:
            run, deaths = self._suspects.popleft()
            return (run,), deaths
        return tuple(found), 0

    def again(self, runs: Iterable[RunOfPoint], deaths: int = 0) -> None:
        """Take runs back."""
        queue = self._suspects if deaths and self._quarantine else self._again
        queue.extend((run, deaths) for run in runs)


class Pace:
    """How many runs make a chunk, by what the last ones took."""

    def __init__(self, fixed: int | None) -> None:
        self._fixed = fixed
        self._size = 1
        self.seconds = 0.0

    def size(self, each: float) -> int:
        """Runs of the next chunk, of `each` that are left for every worker: towards the end few, so that none waits."""
        return self._fixed or max(1, math.ceil(min(self._size, each / 2)))

    def note(self, rows: Sequence[Row]) -> None:
        """Learn from a chunk; growing at most to double, shrinking at once."""
        if rows:
            self.seconds = sum(row.seconds for row in rows) / len(rows)
            fitting = int(CHUNK_SECONDS / max(self.seconds, 1e-6))
            self._size = max(1, min(fitting, 2 * self._size, LARGEST_CHUNK))


class Execution:
    """One call of `execute`."""

    def __init__(
        self,
        supply: Supply,
        task: Task,
        engine: Engine,
        limits: Limits,
        sink: Sink,
        on_progress: OnProgress | None,
        stop: threading.Event,
        pace: Pace,
        total: int | None,
    ) -> None:
        self.supply, self.task, self.engine, self.limits = supply, task, engine, limits
        self.sink, self.on_progress, self.stop, self.pace, self.total = sink, on_progress, stop, pace, total
        self.done = self.failed = self.false_starts = 0
        self.ready: set[Lane] = set()
        self.flights: dict[Future[Any], Flight] = {}
        self.events: queue.SimpleQueue[Future[Any] | None] = queue.SimpleQueue()
        self.listener = Listener(self._heard)
        self.arrived: list[Row] = []
        self._bytes: bytes | None = None

    # ---- the loop ----------------------------------------------------------------------------------------------------

    def run(self) -> None:
        """Hand out, take in, until nothing is left."""
        with self.listener:
            try:
                self._begin()
                while not self._stopping():
                    self._hand_out()
                    self._deliver()
                    if not self.flights:
                        break
                    self._take_in(LOOK_SECONDS)
                    self._look_after()
                self._wind_up()
            finally:
                self._abandon()
        if self.listener.number is not None:
            raise Interrupted(self.listener.number)

    def _begin(self) -> None:
        self.engine.begin(self.task, self._pack, self.limits)
        self.listener.noting = True

    def _pack(self) -> bytes:
        if self._bytes is None:
            self._bytes = packed(self.task)
        return self._bytes

    def _stopping(self) -> bool:
        return self.stop.is_set() or self.listener.number is not None

    def _heard(self) -> None:
        """In a signal handler: wake the loop, and end a run that this very thread is doing."""
        self.events.put(None)
        for lane in self.engine.lanes:
            lane.stop_event.set()
        guard.end_run_of_main_thread()

    def _hand_out(self) -> None:
        flying = Counter(flight.lane for flight in self.flights.values())
        if self.engine.quarantine and any(flight.deaths for flight in self.flights.values()):
            return
        for lane in self.engine.lanes:
            while flying[lane] < lane.width and not self._stopping():
                if lane.has_workers and lane not in self.ready:
                    self._fly(Flight((), lane), get_ready, self._pack())
                    break
                runs, deaths = self.supply.take(self.pace.size(self._left_for_each()), bool(self.flights))
                if not runs:
                    return
                flying[lane] += 1
                self._send(runs, deaths, lane)
                if deaths and self.engine.quarantine:
                    return

    def _send(self, runs: tuple[RunOfPoint, ...], deaths: int, lane: Lane) -> None:
        flight = Flight(runs, lane, deaths, self._allowed(len(runs)) if lane.has_workers else None)
        if lane.shares_memory:
            self._fly(flight, do_one_by_one, self.task, runs, self.limits, lane.stop_event)
        else:
            self._fly(flight, do_chunk, Chunk(self._pack(), runs, self.limits))

    def _fly(self, flight: Flight, function: Callable[..., Any], *arguments: Any) -> None:
        future = flight.lane.submit(function, *arguments)
        self.flights[future] = flight
        future.add_done_callback(self.events.put)

    def _allowed(self, runs: int) -> float | None:
        """Seconds after which a worker is killed. One run has all its time; of several, the slow one is found later."""
        limit = self.limits.seconds
        return None if limit is None else limit + GRACE_SECONDS + (runs > 1) * 4 * runs * self.pace.seconds

    def _take_in(self, seconds: float) -> None:
        """Wait for something to happen, and take in all that has."""
        with contextlib.suppress(queue.Empty):
            future = self.events.get(timeout=seconds)
            while True:
                if future is not None and future in self.flights:
                    self._landed(future, self.flights.pop(future))
                future = self.events.get_nowait()

    def _landed(self, future: Future[Any], flight: Flight) -> None:
        error = CancelledError() if future.cancelled() else future.exception()
        if error is None and not flight.runs:
            self.ready.add(flight.lane)
        elif error is None:
            done: ChunkDone = future.result()
            self.false_starts = 0
            self.arrived += done.rows
            if len(flight.runs) > len(done.rows):
                self.supply.again(flight.runs[len(done.rows) :])
            if flight.deaths == 0:
                self.pace.note(done.rows)
            self.engine.note(done, self._remaining())
        elif flight.overdue and len(flight.runs) == 1:
            self.arrived.append(guard.failed(flight.runs[0], guard.too_long(self.limits), flight.allowed or 0.0))
        elif flight.overdue:
            self.supply.again(flight.runs)
        elif self.engine.is_death(error):
            self._died(error, flight)
        elif isinstance(error, ExitVoiceError):
            raise error
        else:
            raise EngineLostError(say("workers cannot do this task: {error}", error=one_line(error))) from error

    def _died(self, error: BaseException, flight: Flight) -> None:
        self.engine.check()
        self.ready.discard(flight.lane)
        if not flight.runs or isinstance(error, CancelledError):
            status = getattr(error, "status", None)
            self.false_starts += 1
            if self.false_starts >= (FALSE_STARTS if status is not None and status >= 0 else KILLED_STARTS):
                raise EngineLostError(
                    say(
                        "workers cannot be started: {false_starts} ended before they were there",
                        false_starts=self.false_starts,
                    )
                )
            self.supply.again(flight.runs, flight.deaths)
        elif len(flight.runs) > 1:
            self.supply.again(flight.runs, int(self.engine.quarantine))
        elif flight.deaths + 1 < self.engine.deaths:
            self.supply.again(flight.runs, flight.deaths + 1)
        else:
            self.arrived.append(guard.failed(flight.runs[0], self.engine.obituary(error)))

    def _remaining(self) -> int | None:
        return None if self.total is None else max(self.total - self.done - self.failed - len(self.arrived), 0)

    def _left_for_each(self) -> float:
        """Runs that are not handed out yet, for every lane; many where nobody knows."""
        remaining = self._remaining()
        if remaining is None:
            return math.inf
        return (remaining - sum(len(flight.runs) for flight in self.flights.values())) / len(self.engine.lanes)

    def _look_after(self) -> None:
        """Kill the workers of chunks that take too long; notice an engine that is gone."""
        self.engine.check()
        now = time.monotonic()
        for future, flight in self.flights.items():
            if flight.allowed is None:
                continue
            if flight.deadline is None:
                if future.running():
                    flight.deadline = now + flight.allowed
            elif now > flight.deadline and not flight.overdue and not future.done():
                flight.overdue = True
                flight.lane.kill()

    def _deliver(self) -> None:
        """Give rows away; what is given counts as delivered."""
        if self.arrived:
            rows, self.arrived = self.arrived, []
            with self.listener.whole():
                failed = sum(row.status == FAILED for row in rows)
                self.done += len(rows) - failed
                self.failed += failed
                self.sink(rows)
        if self.on_progress is not None:
            self.on_progress(self.done, self.failed, sum(len(flight.runs) for flight in self.flights.values()))

    # ---- the end -----------------------------------------------------------------------------------------------------

    def _wind_up(self) -> None:
        """Deliver what there is; at an interruption, wait a little for what is in flight."""
        for lane in {flight.lane for flight in self.flights.values()}:
            lane.ask_to_stop()
        until = time.monotonic() + STOPPING_SECONDS
        while self.flights and time.monotonic() < until:
            with contextlib.suppress(EngineError):
                self._take_in(LOOK_SECONDS)
        self._deliver()

    def _abandon(self) -> None:
        """Leave nothing running, however this ends."""
        for future, flight in self.flights.items():
            future.cancel()
            flight.lane.kill()
        self.flights.clear()


def execute(
    runs: Iterable[RunOfPoint],
    task: Task,
    engine: Engine,
    *,
    limits: Limits,
    sink: Sink,
    on_progress: OnProgress | None = None,
    stop: threading.Event | None = None,
    chunk: int | None = None,
    total: int | None = None,
) -> None:
    """Do all runs and give each row to `sink` exactly once.

    What a row says depends on task, values and seed alone, not on engine, chunks, order or what died on the way. A run
    that raises, returns something else than it promised, takes too long, needs too much memory or kills its worker
    three times is a failed row; the others go on. Memory stays flat: runs are taken from the iterable as they are
    handed out.

    Args:
        runs: What to do; taken lazily, in this thread.
        task: What a run does. Workers import it by name.
        engine: From `open_engine`.
        limits: Of each run. In threads and on Dask a run is ended at its ticks only, and memory is not limited.
        sink: Takes rows, in any order, in this thread; what it raises ends the execution.
        on_progress: Told (done, failed, in flight) whenever that may have changed, several times a second.
        stop: When set, nothing more is handed out, what is in flight is stopped, and the call returns.
        chunk: Runs in a chunk; left out, half a second's work.
        total: How many runs there are, where known; helps the engine `auto` to decide early.

    Raises:
        Interrupted: After Ctrl-C (or SIGTERM inside `orderly_end`), when all complete rows have been delivered.
        EngineError: If workers cannot be started, do not know the task, or are gone for good.
        TaskError: If the task cannot be sent to workers.

    Example:
        >>> from sim.runs.execution.engines import open_engine
        >>> class Half:
        ...     outputs = ("half",)
        ...
        ...     def __call__(self, values, seed, tick):
        ...         return {"half": values["x"] / 2}
        >>> rows = []
        >>> with open_engine("in-process", 2) as engine:
        ...     runs = (RunOfPoint(f"p{x}", 0, 1, {"x": x}) for x in range(3))
        ...     execute(runs, Half(), engine, limits=Limits(), sink=rows.extend)
        >>> sorted(row.outputs["half"] for row in rows)
        [0.0, 0.5, 1.0]
    """
    if chunk is not None and chunk < 1:
        raise ValueError(say("a chunk holds 1 run or more, not {chunk}", chunk=chunk))
    supply, pace = Supply(runs, engine.quarantine), Pace(chunk)
    Execution(supply, task, engine, limits, sink, on_progress, stop or threading.Event(), pace, total).run()
