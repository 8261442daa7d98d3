"""What a study of advice leaves behind: levers with their verdicts, steps, the desk, and figures of today."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from sim.model.scenario import Scenario
from sim.results.answer import AnswerTable, TableColumn
from sim.results.declared_tables import naming
from sim.results.outputs import output_label, output_unit
from sim.studies.advice.advice_plan import CAPTIVE_LOSS, told_of
from sim.studies.advice.levers import PRICE
from sim.studies.advice.verdicts import UNJUDGED, VERDICTS
from sim.studies.study_of_scenario import StudyOfScenario, row_of
from sim.words import say


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Advice(StudyOfScenario):
    """Every lever of the firm at every step, against today with the same luck.

    Attributes:
        years: Length of the runs.
        levers: A row for each parameter of the firm: today's value, best step, verdict; columns of all tables are in
            `tables.json`.
        steps: A row for each lever and step: profit, margin, customers, satisfaction, each with its paired difference.
        figures: Today's outcomes, the own-price elasticity, and the share of people who can leave.
        desk: What answering a complaint brings and costs, see `sim.studies.advice.desk_that_pays.cases`.
    """

    years: int
    levers: pd.DataFrame
    steps: pd.DataFrame
    figures: pd.DataFrame
    desk: pd.DataFrame

    def with_verdict(self, verdict: str) -> pd.DataFrame:
        """Levers with a verdict, those with most to gain first."""
        rows = self.levers[self.levers["verdict"] == verdict]
        return rows.sort_values(["change", "span"], ascending=False, kind="stable")

    def lever(self, name: str) -> pd.Series:
        """The row of one lever.

        Raises:
            KeyError: If there is none of that name.
        """
        return row_of(self.levers, name)

    def steps_of(self, name: str) -> pd.DataFrame:
        """The steps of one lever, in order of value."""
        return self.steps[self.steps["lever"] == name]

    def that_ease(self) -> list[tuple[pd.Series, pd.Series]]:
        """Where too few can leave, levers with the step at which those who cannot bear least, most eased first."""
        levers = [row for _, row in self.with_verdict(UNJUDGED).iterrows() if row["lever"] != PRICE]
        pairs = [(row, (steps := self.steps_of(row["lever"]))[steps["value"] == row["best"]].iloc[0]) for row in levers]
        return sorted(pairs, key=lambda pair: float(pair[1][f"{CAPTIVE_LOSS}_change"]))

    def line(self, name: str) -> pd.Series | None:
        """A line of the figures or of the desk; None where there is none."""
        rows = pd.concat([self.figures, self.desk], ignore_index=True)
        rows = rows[rows["name"] == name]
        return None if rows.empty else rows.iloc[0]

    def tables(self) -> list[AnswerTable]:
        """Levers, steps, figures of today, and the desk."""
        levers, steps, *lines = super().tables()
        outcomes = [column for name in told_of(self.scenario) for column in _outcome(name, self.scenario)]
        return [
            levers._replace(columns=naming(levers.columns, verdict=VERDICTS)),
            steps._replace(columns=[*steps.columns, *outcomes]),
            *lines,
        ]

    def asked(self) -> dict[str, Any]:
        """Length of the runs."""
        return {"years": self.years}


def _outcome(name: str, scenario: Scenario) -> list[TableColumn]:
    """Columns of an output at a step."""
    unit, label = output_unit(name, scenario), output_label(name)
    return [
        TableColumn(name, say("{label}: mean over replications", label=label), unit),
        TableColumn(f"{name}_change", say("{label}: minus today's with the same luck, mean", label=label), unit),
        TableColumn(f"{name}_low", say("95% t-interval of that difference, lower end"), unit),
        TableColumn(f"{name}_high", say("its upper end"), unit),
    ]
