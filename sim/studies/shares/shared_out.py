"""What a study of shares leaves behind: what each changed lever contributes to the difference from today."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from sim.model.scenario import Scenario
from sim.results.answer import AnswerTable, TableColumn
from sim.results.manifest import scenario_hash
from sim.results.outputs import output_label
from sim.studies.shared_output import SharedOutput, share_columns, shared_output
from sim.studies.study_of_scenario import StudyOfScenario
from sim.words import say


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class SharedOut(StudyOfScenario):
    """The difference between a plan and today, shared out among the levers in which they differ.

    Attributes:
        plan: The plan, with today's calendar and luck.
        is_exact: Whether all orders are looked at, and not some drawn by lot.
        orders: How many were drawn; 0 where all are looked at.
        shares: A row for each output and lever; see `sim.studies.shared_output.share_columns`.
        totals: A row for each output: today, the plan, the difference.
        worlds: A row for each world.
    """

    plan: Scenario
    is_exact: bool
    orders: int
    shares: pd.DataFrame
    totals: pd.DataFrame
    worlds: pd.DataFrame

    @property
    def question(self) -> str:
        """The plan's own."""
        return self.plan.question

    @property
    def outputs(self) -> list[str]:
        """What is shared out; the first is told first."""
        return list(self.totals["output"])

    def of(self, output: str) -> pd.DataFrame:
        """The shares of an output, the largest first."""
        return self.shared(output).rows

    def total(self, output: str) -> pd.Series:
        """The difference in an output.

        Raises:
            KeyError: If it was not shared out.
        """
        return self.shared(output).total

    def shared(self, output: str) -> SharedOutput:
        """Both, as likewise.

        Raises:
            KeyError: If it was not shared out.
        """
        return shared_output(self.shares, self.totals, output)

    def tables(self) -> list[AnswerTable]:
        """Shares, totals and worlds."""
        worlds = [TableColumn("plans", say("levers that are the plan's; none of today"))]
        outputs = [
            TableColumn(name, say("{label}: mean over replications", label=output_label(name)), unit)
            for name, unit in zip(self.outputs, self.totals["unit"], strict=True)
        ]
        return [
            AnswerTable("shares", self.shares, share_columns("shares")),
            AnswerTable("totals", self.totals, share_columns("totals")),
            AnswerTable("worlds", self.worlds, [*worlds, *outputs]),
        ]

    def asked(self) -> dict[str, Any]:
        """The plan, and in what orders levers were taken from it."""
        return {
            "plan": self.plan.name,
            "plan_sha256": scenario_hash(self.plan),
            "exact": self.is_exact,
            "orders": self.orders,
        }
