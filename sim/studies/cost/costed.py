"""What a study of the cost of quality leaves behind: costs today, better worlds, and the curve over prevention."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from sim.model.scenario import Scenario
from sim.results.answer import Answer, Table
from sim.results.folder import plain
from sim.results.manifest import scenario_hash
from sim.studies.cost import cost_columns as columns
from sim.words import say, translated

APPRAISAL, OPPORTUNITY, TOTAL = "appraisal", "opportunity", "total"
LEAST, BY_FORMULA = "least", "by_formula"

LABELS = {
    "prevention": "Prevention",
    APPRAISAL: "Appraisal",
    "internal": "Internal failures",
    "external": "External failures",
    OPPORTUNITY: "Margin that never came",
    TOTAL: "All together",
}
"""The costs of quality by name, in the order in which they are told."""


def label_of(item: str) -> str:
    """A cost of quality in words.

    >>> label_of("internal")
    'Internal failures'
    """
    return translated(LABELS[item])


@dataclass(frozen=True, eq=False)
class CostOfQuality(Answer):
    """What quality costs, and what prevention does to it.

    Attributes:
        scenario: Today.
        question: The scenario's own.
        replications: Runs with the same luck in every world.
        items: A row for each cost of quality and their sum; see `sim.studies.cost.cost_columns`.
        worlds: A row for each better firm: what it would have earned.
        curve: A row for each spending on prevention.
        figures: The spending at which all costs least, how sure that is, and what the formula says.
        runs: Number of runs.
        failed: How many of them failed.
        reason: Why the first of them failed.
    """

    scenario: Scenario
    question: str
    replications: int
    items: pd.DataFrame
    worlds: pd.DataFrame
    curve: pd.DataFrame
    figures: pd.DataFrame
    runs: int
    failed: int = 0
    reason: str = ""

    def item(self, name: str) -> pd.Series:
        """One of the costs of quality by name, such as `opportunity`.

        Raises:
            KeyError: If there is none of that name.
        """
        rows = self.items[self.items["item"] == name]
        if rows.empty:
            raise KeyError(f"no cost of quality {name!r}")
        return rows.iloc[0]

    def line(self, name: str) -> pd.Series:
        """A line of the figures by name.

        Raises:
            KeyError: If there is none of that name.
        """
        rows = self.figures[self.figures["name"] == name]
        if rows.empty:
            raise KeyError(f"no figure {name!r}")
        return rows.iloc[0]

    def tables(self) -> list[Table]:
        """Costs today, better worlds, the curve, and figures."""
        return [
            Table("items", self.items, columns.items(self.scenario)),
            Table("worlds", self.worlds, columns.worlds(self.scenario)),
            Table("curve", self.curve, columns.curve(self.scenario)),
            Table("figures", self.figures, columns.FIGURES),
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
            "runs": self.runs,
            "failed": self.failed,
            **{table.name: plain(table.rows.to_dict(orient="records")) for table in self.tables()},
        }

    def __repr__(self) -> str:
        """One line: what was done."""
        return say("CostOfQuality({name!r}, runs: {runs})", name=self.scenario.name, runs=self.runs)

    def notebook_table(self) -> pd.DataFrame:
        """Costs today, for notebooks."""
        return self.items[["label", "value", "low", "high", "of_revenue"]]
