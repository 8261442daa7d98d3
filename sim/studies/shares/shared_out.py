"""What a study of shares leaves behind: what each changed lever contributes to the difference from today."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from sim.model.scenario import Scenario
from sim.results.answer import Answer, Table
from sim.results.folder import plain
from sim.results.manifest import scenario_hash
from sim.studies.shares import shares_columns as columns
from sim.words import say


@dataclass(frozen=True, eq=False)
class SharedOut(Answer):
    """The difference between a plan and today, shared out among the levers in which they differ.

    Attributes:
        scenario: Today.
        plan: The plan, with today's calendar and luck.
        question: The plan's own.
        replications: Runs with the same luck in every world.
        is_exact: Whether all orders are looked at, and not some drawn by lot.
        orders: How many were drawn; 0 where all are looked at.
        shares: A row for each output and lever; see `sim.studies.shares.shares_columns`.
        totals: A row for each output: today, the plan, the difference.
        worlds: A row for each world.
        runs: Number of runs.
        failed: How many of them failed.
        reason: Why the first of them failed.
    """

    scenario: Scenario
    plan: Scenario
    question: str
    replications: int
    is_exact: bool
    orders: int
    shares: pd.DataFrame
    totals: pd.DataFrame
    worlds: pd.DataFrame
    runs: int
    failed: int = 0
    reason: str = ""

    @property
    def outputs(self) -> list[str]:
        """What is shared out; the first is told first."""
        return list(self.totals["output"])

    def of(self, output: str) -> pd.DataFrame:
        """The shares of an output, the largest first."""
        rows = self.shares[self.shares["output"] == output]
        return rows.sort_values("value", key=abs, ascending=False, kind="stable")

    def total(self, output: str) -> pd.Series:
        """The difference in an output.

        Raises:
            KeyError: If it was not shared out.
        """
        rows = self.totals[self.totals["output"] == output]
        if rows.empty:
            raise KeyError(f"no output {output!r}")
        return rows.iloc[0]

    def tables(self) -> list[Table]:
        """Shares, totals and worlds."""
        return [
            Table("shares", self.shares, columns.shares()),
            Table("totals", self.totals, columns.TOTALS),
            Table("worlds", self.worlds, columns.worlds(self.outputs, self.scenario)),
        ]

    def as_json(self) -> dict[str, Any]:
        """What was asked, and all tables as plain values, the same from call to call."""
        return {
            "schema_version": self.manifest.get("schema_version"),
            "version": self.manifest.get("version"),
            "scenario": self.scenario.name,
            "plan": self.plan.name,
            "question": self.question,
            "scenario_sha256": scenario_hash(self.scenario),
            "plan_sha256": scenario_hash(self.plan),
            "seed": self.scenario.run.seed,
            "replications": self.replications,
            "exact": self.is_exact,
            "orders": self.orders,
            "runs": self.runs,
            "failed": self.failed,
            **{table.name: plain(table.rows.to_dict(orient="records")) for table in self.tables()},
        }

    def __repr__(self) -> str:
        """One line: what was done."""
        return say(
            "SharedOut({name!r}, levers: {count}, runs: {runs})",
            name=self.plan.name,
            count=self.shares["lever"].nunique(),
            runs=self.runs,
        )

    def notebook_table(self) -> pd.DataFrame:
        """Shares of the first output, for notebooks."""
        return self.of(self.outputs[0])[["label", "today", "plan", "value", "low", "high", "least", "most"]]
