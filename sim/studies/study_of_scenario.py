"""What studies of one scenario share: the common part of their answers, and what is said of runs that failed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sim.model.scenario import Scenario
from sim.results.answer import Answer, AnswerTable
from sim.results.below_figures import standing_below
from sim.results.declared_tables import declared_tables
from sim.results.manifest import scenario_hash
from sim.results.presentation import Presentation
from sim.results.whole_files import json_ready
from sim.runs.experiment.plan import ExperimentPlan
from sim.runs.session import Done
from sim.words import say


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class StudyOfScenario(Answer):
    """What a study of one scenario leaves behind; a kind of study adds its tables, and what was asked.

    Attributes:
        scenario: The world as it is.
        replications: Runs with the same luck in every world.
        runs: Number of runs.
        failed: How many of them failed.
        reason: Why the first of them failed.
    """

    scenario: Scenario
    replications: int
    runs: int
    failed: int = 0
    reason: str = ""

    @property
    def question(self) -> str:
        """The scenario's own."""
        return self.scenario.question

    def tables(self) -> Sequence[AnswerTable]:
        """Those that are declared beside the kind of study, in that order."""
        return declared_tables(self, self.scenario.money.currency)

    def asked(self) -> dict[str, Any]:
        """What else was asked and found, beside the tables: plain values for `summary.json`."""
        return {}

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
            **self.asked(),
            "runs": self.runs,
            "failed": self.failed,
            **{table.name: json_ready(table.rows.to_dict(orient="records")) for table in self.tables()},
        }

    def __repr__(self) -> str:
        """One line: what was done."""
        return say("{kind}({name!r}, runs: {runs})", kind=type(self).__name__, name=self.scenario.name, runs=self.runs)


def common(plan: ExperimentPlan, done: Done, shown: Presentation) -> dict[str, Any]:
    """The fields of such an answer that do not depend on the kind of study."""
    return {
        "scenario": plan.scenario,
        "replications": plan.experiment.replications,
        "runs": done.runs,
        "failed": done.failed,
        "reason": done.reason,
        "manifest": done.manifest,
        "presentation": shown,
    }


def row_of(table: pd.DataFrame, name: str) -> pd.Series:
    """The row of that name, which stands in the first column.

    Raises:
        KeyError: If there is none.

    >>> row_of(pd.DataFrame({"cause": ["price"], "label": ["the price"]}), "price")["label"]
    'the price'
    """
    rows = table[table.iloc[:, 0] == name]
    if rows.empty:
        raise KeyError(f"no {table.columns[0]} {name!r}")
    return rows.iloc[0]


def of_failures(found: StudyOfScenario, *, in_pairs: bool = False) -> list[str]:
    """That runs failed, where some did.

    Args:
        found: What was found.
        in_pairs: Whether a failed run is left out with the run that it is compared with, and no other.
    """
    if not found.failed:
        return []
    parts = {"failed": found.failed, "runs": found.runs, "reason": found.reason}
    if in_pairs:
        return [
            say(
                "Runs that failed, and were left out in pairs: {failed:,} of {runs:,}. The first reason: {reason}.",
                **parts,
            )
        ]
    return [
        say(
            "Runs that failed: {failed:,} of {runs:,}; their replications were left out. The first reason: {reason}.",
            **parts,
        )
    ]


def foot_of(found: StudyOfScenario, *also: str) -> str:
    """What stands below every figure of such a study: n, what else is to be said, seed, version."""
    people = found.scenario.market.customers
    runs = say(
        "n = {replications} runs of {people:,} people in every world", replications=found.replications, people=people
    )
    return standing_below(found, runs, *also)
