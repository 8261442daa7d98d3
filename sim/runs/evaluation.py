"""Evaluate points: each run is done once, kept, and never done again."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from typing import Protocol

import pandas as pd

from sim.runs.execution.engines import Engine, open_engine
from sim.runs.execution.execute import execute
from sim.runs.execution.task import DONE, Limits, Row, RunOfPoint, Task
from sim.runs.experiment.points import Point, PointValues, point
from sim.runs.run import replication_seed

Key = tuple[str, int]
Progress = Callable[[int, int, int], None]
"""Called with runs done (those known before among them), runs failed, and runs asked for altogether."""


class RowMemory(Protocol):
    """Where rows are kept: `Store`, or `InMemory`."""

    def add_points(self, points: Iterable[Point]) -> int:
        """Note points; those that are known already are left alone."""
        ...

    def is_known(self, key: Key) -> bool:
        """Whether a run is done, or failed."""
        ...

    def append(self, rows: Sequence[Row]) -> None:
        """Keep rows."""
        ...

    def flush(self) -> None:
        """Make sure that what was kept lasts."""
        ...

    def lookup(self, keys: Iterable[Key]) -> Mapping[Key, Row]:
        """Rows of runs that are known."""
        ...


class InMemory:
    """Rows that are kept as long as the program runs."""

    def __init__(self) -> None:
        self._rows: dict[Key, Row] = {}

    def add_points(self, points: Iterable[Point]) -> int:
        """Nothing to note: rows carry their point's name."""
        return sum(1 for _ in points)

    def is_known(self, key: Key) -> bool:
        """Whether a run is done, or failed."""
        return key in self._rows

    def append(self, rows: Sequence[Row]) -> None:
        """Keep rows."""
        self._rows.update((row.key, row) for row in rows)

    def flush(self) -> None:
        """Nothing to do."""

    def lookup(self, keys: Iterable[Key]) -> Mapping[Key, Row]:
        """Rows of runs that are known."""
        return {key: self._rows[key] for key in keys if key in self._rows}


class Evaluation:
    """A task, an engine that does it, and all that is known of its runs.

    Args:
        task: What is done at every point.
        seed: Seed of replication 0; replication r of every point has `replication_seed(seed, r)`, so that points are
            compared with the same luck.
        limits: Of one run.
        memory: Where rows are kept; in memory only if left out.
        engine: Where runs are done; one after the other in this process if left out.
        progress: Told how far it is.

    Attributes:
        failed: How many of the runs that were asked for failed, now or in an earlier call that the memory knows of.
        reason: Why the first of them failed.

    >>> class Double:
    ...     outputs = ("double",)
    ...
    ...     def __call__(self, values, seed, tick):
    ...         return {"double": 2.0 * values["x"]}
    >>> Evaluation(Double(), seed=1).evaluate([{"x": 1.0}, {"x": 3.0}])["double"].tolist()
    [2.0, 6.0]
    """

    def __init__(
        self,
        task: Task,
        *,
        seed: int,
        limits: Limits | None = None,
        memory: RowMemory | None = None,
        engine: Engine | None = None,
        progress: Progress | None = None,
    ) -> None:
        self.task, self.seed, self.limits = task, seed, limits or Limits()
        self.memory: RowMemory = InMemory() if memory is None else memory
        self.engine, self.progress = engine, progress
        self._points = 0
        self._asked = 0
        self._failed = 0
        self._seen: set[Key] = set()
        self.failed = 0
        self.reason = ""

    @property
    def asked(self) -> int:
        """Number of different runs that were asked for."""
        return len(self._seen)

    def evaluate(self, points: Sequence[PointValues], replications: int | range = 1) -> pd.DataFrame:
        """Rows of all points and replications, done now where they are not known.

        Args:
            points: Values of parameters by path; equal points are run once.
            replications: How many, from 0, or which.

        Returns:
            A row for each point (in the order given; equal points repeated) and replication: `index` (position in
            `points`), `point` (its name), `replication`, `seed`, `status`, `reason`, then one column an output, NaN in
            failed rows.
        """
        wanted = range(replications) if isinstance(replications, int) else replications
        named = [point(self._points + offset, values) for offset, values in enumerate(points)]
        self._points += len(named)
        self.memory.add_points(named)
        runs = [
            RunOfPoint(place.id, number, replication_seed(self.seed, number), place.values)
            for place in named
            for number in wanted
        ]
        self._do({run.key: run for run in runs})
        known = self.memory.lookup({run.key for run in runs})
        self._count(runs, known)
        each = max(len(wanted), 1)
        rows = []
        for position, run in enumerate(runs):
            row = known[run.key]
            numbers = [row.outputs.get(name, math.nan) for name in self.task.outputs]
            rows.append((position // each, row.point, row.replication, row.seed, row.status, row.reason, *numbers))
        columns = ["index", "point", "replication", "seed", "status", "reason", *self.task.outputs]
        return pd.DataFrame(rows, columns=columns)

    def _count(self, runs: Iterable[RunOfPoint], known: Mapping[Key, Row]) -> None:
        for run in runs:
            if run.key not in self._seen:
                self._seen.add(run.key)
                if known[run.key].status != DONE:
                    self.failed += 1
                    self.reason = self.reason or known[run.key].reason

    def _do(self, runs: Mapping[Key, RunOfPoint]) -> None:
        """Do those runs that are not known."""
        missing = [run for key, run in runs.items() if not self.memory.is_known(key)]
        known, failed = self._asked + len(runs) - len(missing), self._failed
        self._asked += len(runs)

        def tell(done: int, failed_now: int, _: int) -> None:
            self._failed = failed + failed_now
            if self.progress is not None:
                self.progress(known + done + failed_now, self._failed, self._asked)

        tell(0, 0, 0)
        if not missing:
            return
        try:
            with nullcontext(self.engine) if self.engine is not None else open_engine("in-process", 1) as engine:
                execute(
                    missing,
                    self.task,
                    engine,
                    limits=self.limits,
                    sink=self.memory.append,
                    on_progress=tell,
                    total=len(missing),
                )
        finally:
            self.memory.flush()
