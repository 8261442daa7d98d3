"""Evaluate points: each run is done once, kept, and never done again."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from sim.studies.execution.task import DONE, FAILED, Limits, Row, Run, Task
from sim.studies.experiment.points import Values, point_id
from sim.studies.run import replication_seed


class Evaluation:
    """A task, and all that is known of its runs.

    Args:
        task: What is done at every point.
        seed: Seed of replication 0; replication r of every point has `replication_seed(seed, r)`, so that points are
            compared with the same luck.
        limits: Of one run.
    """

    def __init__(self, task: Task, *, seed: int, limits: Limits | None = None) -> None:
        self.task, self.seed, self.limits = task, seed, limits or Limits()
        self._known: dict[tuple[str, int], Row] = {}

    def evaluate(self, points: Sequence[Values], replications: int | range = 1) -> pd.DataFrame:
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
        runs = [
            Run(point_id(values), number, replication_seed(self.seed, number), values)
            for values in points
            for number in wanted
        ]
        for run in runs:
            if run.key not in self._known:
                self._known[run.key] = self._do(run)
        rows = []
        for position, run in enumerate(runs):
            row = self._known[run.key]
            rows.append((position // max(len(wanted), 1), row.point, row.replication, row.seed, row.status, row.reason,
                         *(row.outputs.get(name, float("nan")) for name in self.task.outputs)))  # fmt: skip
        columns = ["index", "point", "replication", "seed", "status", "reason", *self.task.outputs]
        return pd.DataFrame(rows, columns=columns)

    def _do(self, run: Run) -> Row:
        try:
            outputs = self.task(run.values, run.seed, lambda: None)
        except Exception as error:
            return Row(run.point, run.replication, run.seed, FAILED, f"{type(error).__name__}: {error}")
        return Row(run.point, run.replication, run.seed, DONE, outputs=dict(outputs))
