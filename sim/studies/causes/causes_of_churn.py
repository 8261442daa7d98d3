"""What a study of causes leaves behind: what each contributes to churn, and every world that was lived."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from sim.model.scenario import Scenario
from sim.results.answer import Answer, Table
from sim.results.folder import plain
from sim.results.manifest import scenario_hash
from sim.studies.causes import causes_columns as columns
from sim.words import say

START, LEAVERS, EXPLAINED, NATURAL = "start", "leavers", "explained", "natural"


@dataclass(frozen=True, eq=False)
class CausesOfChurn(Answer):
    """Why customers of the start leave.

    Attributes:
        scenario: The world as it is.
        question: The scenario's own.
        replications: Runs with the same luck in every world.
        is_exact: Whether causes are taken out in all orders, and not in some drawn by lot.
        orders: How many were drawn; 0 where all are looked at.
        causes: A row for each cause: its share of the leavers, with range and interval, and who would have stayed but
            for it; see `sim.studies.causes.causes_columns`.
        figures: Customers at the start, leavers, those by these causes, and natural ones.
        worlds: A row for each world.
        runs: Number of runs.
        failed: How many of them failed.
        reason: Why the first of them failed.
    """

    scenario: Scenario
    question: str
    replications: int
    is_exact: bool
    orders: int
    causes: pd.DataFrame
    figures: pd.DataFrame
    worlds: pd.DataFrame
    runs: int
    failed: int = 0
    reason: str = ""

    def cause(self, name: str) -> pd.Series:
        """The row of a cause.

        Raises:
            KeyError: If there is none of that name.
        """
        rows = self.causes[self.causes["cause"] == name]
        if rows.empty:
            raise KeyError(f"no cause {name!r}")
        return rows.iloc[0]

    def line(self, name: str) -> pd.Series:
        """A line of the figures by name."""
        return self.figures[self.figures["name"] == name].iloc[0]

    @property
    def by_share(self) -> pd.DataFrame:
        """The causes, those with the largest share first."""
        return self.causes.sort_values("value", ascending=False, kind="stable")

    def tables(self) -> list[Table]:
        """Causes, figures and worlds."""
        return [
            Table("causes", self.causes, columns.causes()),
            Table("figures", self.figures, columns.FIGURES),
            Table("worlds", self.worlds, columns.WORLDS),
        ]

    def as_json(self) -> dict[str, Any]:
        """What was asked, and all tables as plain values, the same from call to call."""
        return {
            "schema_version": self.manifest.get("schema_version"),
            "version": self.manifest.get("version"),
            "scenario": self.scenario.name,
            "question": self.question,
            "scenario_sha256": scenario_hash(self.scenario),
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
            "CausesOfChurn({name!r}, causes: {count}, runs: {runs})",
            name=self.scenario.name,
            count=len(self.causes),
            runs=self.runs,
        )

    def notebook_table(self) -> pd.DataFrame:
        """Causes with their shares, for notebooks."""
        return self.causes[["label", "value", "low", "high", "part", "least", "most", "but_for"]]
