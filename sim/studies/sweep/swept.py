"""What a sweep leaves behind: points, runs, and what they say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.model.scenario import Scenario
from sim.results.answer import Answer, AnswerTable, TableColumn
from sim.results.declared_tables import declared_columns
from sim.results.intervals import mean_interval
from sim.results.outputs import output_label, output_unit
from sim.runs.execution.task import DONE
from sim.runs.experiment.axes import Axis
from sim.runs.experiment.definition import Experiment
from sim.words import say, translated

if TYPE_CHECKING:
    from sim.runs.store.store import Store
    from sim.runs.store.store_reader import RowCounts


@dataclass(frozen=True, eq=False)
class Sweep(Answer):
    """A scenario, run at many points.

    Tables of a sweep that has a folder are read from there when they are first asked for; if the folder holds other
    rows by then, since it was extended say, that is an error.

    Attributes:
        experiment: What was asked.
        axes: The factors, levers first.
        scenario: The scenario before any point's values.
        size: Number of points.
        counts: How many runs are planned, done, failed and pending.
        reasons: Why runs failed: how often by reason, the most frequent first.
        digest: Hash of all rows, the same however they were computed, see docs/store.md.
        folder: Where they are kept, or None.
        manifest: What it takes to do it again.
    """

    experiment: Experiment
    axes: tuple[Axis, ...]
    scenario: Scenario
    size: int
    counts: RowCounts
    reasons: Mapping[str, int]
    digest: str
    folder: Path | None = None
    _tables: tuple[pd.DataFrame, pd.DataFrame] | None = None

    @cached_property
    def points(self) -> pd.DataFrame:
        """A row a point: `number`, `point` (its name), one column a factor."""
        return self._read().points() if self._tables is None else self._tables[0]

    @cached_property
    def runs(self) -> pd.DataFrame:
        """A row a run: `point`, `replication`, `seed`, `status`, `reason`, `seconds`, one column an output."""
        return self._read().runs() if self._tables is None else self._tables[1]

    def _read(self) -> Store:
        from sim.results.whole_files import StoreError
        from sim.runs.store.store import Store

        store = Store.open(self.folder or "")
        if store.digest() != self.digest:
            raise StoreError(
                say(
                    "{folder}: holds other rows by now than those of this sweep: go on with the later one",
                    folder=self.folder,
                )
            )
        return store

    def first(self, points: int) -> pd.DataFrame:
        """The first points with the mean of each output over replications; the other points' runs are not read."""
        if self._tables is not None:
            head, runs = self.points.head(points), self.runs
        else:
            head, runs = self._read().first(points)
        means = runs[runs["status"] == DONE].groupby("point", sort=False)[self.outputs].mean()
        return head.merge(means, on="point", how="left")

    @property
    def outputs(self) -> list[str]:
        """Names of the recorded outputs."""
        return list(self.experiment.outputs)

    @property
    def factors(self) -> list[str]:
        """Paths of the factors, levers first."""
        return [axis.path for axis in self.axes]

    @property
    def replications(self) -> int:
        """Runs with independent luck at each point; a stopping rule may have added more."""
        return self.experiment.replications

    @property
    def table(self) -> pd.DataFrame:
        """Every run with its point's values."""
        return self.points.merge(self.runs, on="point")

    @property
    def reason(self) -> str:
        """Why most of the runs failed that did; empty where none did."""
        return next(iter(self.reasons), "")

    @property
    def failures(self) -> pd.DataFrame:
        """Runs that failed, with their point's values and their reason."""
        return self.table[self.table["status"] != DONE]

    def summary(self, output: str) -> pd.DataFrame:
        """Mean of an output at each point with its 95% t-interval over replications.

        Returns:
            The points, with `mean`, `low`, `high`, `runs` (those that the mean is over). Points compare better than
            their intervals say, for all have the same luck.
        """
        if output not in self._summaries:
            done, (points, runs) = self.runs[self.runs["status"] == DONE], self._runs_by_point
            values = done[output].to_numpy(np.float64)
            each = [values[rows] for rows in runs]
            rows = [
                (point, *mean_interval(found), int(np.count_nonzero(~np.isnan(found))))
                for point, found in zip(points, each, strict=True)
            ]
            table = pd.DataFrame(rows, columns=["point", "mean", "low", "high", "runs"])
            self._summaries[output] = self.points.merge(table, on="point", how="left")
        return self._summaries[output].copy()

    @cached_property
    def _summaries(self) -> dict[str, pd.DataFrame]:
        """What was summed up already: figures and page ask for the same four times."""
        return {}

    @cached_property
    def _runs_by_point(self) -> tuple[list[str], list[npt.NDArray[np.intp]]]:
        """Points in the order of their first run that is done, and where among these runs each has its own."""
        codes, points = pd.factorize(self.runs.loc[self.runs["status"] == DONE, "point"])
        order = np.argsort(codes, kind="stable")
        ends = np.cumsum(np.bincount(codes, minlength=len(points)))
        return list(points), np.split(order, ends)[: len(points)]

    def tables(self) -> list[AnswerTable]:
        """Points and runs."""
        factors = [
            TableColumn(axis.path, say("value of the factor: {meaning}", meaning=translated(axis.meaning)), axis.unit)
            for axis in self.axes
        ]
        outputs = [TableColumn(name, output_label(name), output_unit(name, self.scenario)) for name in self.outputs]
        return [
            AnswerTable("points", self.points, [*declared_columns("points", beside=__name__), *factors], "parquet"),
            AnswerTable("runs", self.runs, [*declared_columns("runs", beside=__name__), *outputs], "parquet"),
        ]

    def as_json(self) -> dict[str, Any]:
        """How much was run, and the hash of all rows."""
        return {
            "name": self.experiment.name,
            "question": self.experiment.question,
            "folder": None if self.folder is None else str(self.folder),
            "points": self.size,
            "runs": self.counts.done + self.counts.failed,
            "failed": self.counts.failed,
            "digest": self.digest,
        }

    def __repr__(self) -> str:
        """One line: what was run."""
        done, failed = self.counts.done, self.counts.failed
        return f"Sweep({self.experiment.name!r}, {self.size} points, {done + failed} runs, {failed} failed)"
