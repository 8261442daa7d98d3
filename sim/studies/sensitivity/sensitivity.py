"""What a sensitivity analysis leaves behind: tables, figures, and how they came about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from sim.model.scenario import Scenario
from sim.results.answer import Answer, AnswerTable
from sim.results.declared_tables import declared_tables
from sim.results.manifest import scenario_hash
from sim.results.whole_files import json_ready
from sim.runs.experiment.axes import Axis
from sim.runs.experiment.definition import Experiment
from sim.studies.sensitivity.marginal import round_amount
from sim.studies.sensitivity.steps import END

ANSWERS = ("indices", "luck", "effects", "dependence", "maps", "regions")
"""Tables that say what matters; the others are what was run."""


@dataclass(frozen=True, eq=False)
class Sensitivity(Answer):
    """What matters in a scenario.

    Attributes:
        experiment: What was asked.
        scenario: The scenario as it stands, before a factor is moved.
        axes: The factors, levers first.
        indices: For each `output`, `factor` (and `with`, of second order) and `measure`: `value` with its 95% interval
            `low`, `high`, and `reason` where there is none. Measures of Sobol: first_order, total, second_order
            (shares of variance); of Morris: mu_star, mu, sigma (units of the output). See `sobol_indices`,
            `morris_indices`.
        luck: For each `output`: `of_one_run`, `of_means` (see `sim.studies.sensitivity.luck_share.Luck`), `blocks` of
            the design, and how many were `dropped` because a run of them failed.
        effects: What steps do and what they cost, see `sim.studies.sensitivity.marginal.effects_of`.
        dependence: Mean of each `output` along each `factor`, see `sim.studies.sensitivity.dependence.dependence_of`;
            `at` is the factor's value in the middle of the bin.
        maps: Means over the strongest pair of factors of each `output`; `at` and `with_at` are values.
        regions: Where the condition is met, see `sim.studies.sensitivity.regions.regions_of`; empty without one.
        points: Every point: `part` (design or steps), `index` in it, `block` of the design, `point` (its name), `met`
            (whether it meets the condition; empty where that was not asked or a run failed), and a column for each
            factor (its value, or the scenario's own).
        runs: Every run: `part`, `index`, `point`, `replication`, `seed`, `status`, `reason`, and its outputs.
        manifest: What it takes to do it again.
    """

    experiment: Experiment
    scenario: Scenario
    axes: tuple[Axis, ...]
    indices: pd.DataFrame
    luck: pd.DataFrame
    effects: pd.DataFrame
    dependence: pd.DataFrame
    maps: pd.DataFrame
    regions: pd.DataFrame
    points: pd.DataFrame
    runs: pd.DataFrame

    @property
    def outputs(self) -> list[str]:
        """The outputs that are explained, in order."""
        return list(dict.fromkeys(self.luck["output"]))

    @property
    def factors(self) -> list[str]:
        """Paths of the factors, levers first."""
        return [axis.path for axis in self.axes]

    @property
    def method(self) -> str:
        """Kind of indices, sobol or morris."""
        return self.experiment.sensitivity.method

    @property
    def main_measure(self) -> str:
        """The measure by which factors are ranked: total or mu_star."""
        return "total" if self.method == "sobol" else "mu_star"

    @property
    def replications(self) -> int:
        """Runs with independent luck at each point of the design."""
        return self.experiment.replications

    def axis(self, factor: str) -> Axis:
        """A factor by its path."""
        return next(axis for axis in self.axes if axis.path == factor)

    def ranked(self, output: str) -> pd.DataFrame:
        """The main measure of each factor for one output, largest first; empty where there are no indices."""
        rows = self.indices[(self.indices["output"] == output) & (self.indices["measure"] == self.main_measure)]
        return rows[rows["value"].notna()].sort_values("value", ascending=False, kind="stable")

    def lever_steps(self, output: str) -> pd.DataFrame:
        """Small steps and switches of levers for one output, the largest effect per unit of money first."""
        rows = self._priced[self._priced["output"] == output]
        order = rows["per_money"].abs().fillna(-1.0).sort_values(ascending=False, kind="stable").index
        return rows.loc[order]

    @property
    def amount(self) -> float:
        """The round sum of money a year that effects are told for: the same for all outputs."""
        return round_amount(self._priced["spending"].tolist())

    @property
    def _priced(self) -> pd.DataFrame:
        """Small steps and switches of levers."""
        return self.effects[self.effects["lever"].astype(bool) & (self.effects["kind"] != END)]

    @property
    def failed(self) -> int:
        """Number of runs that failed."""
        return int((self.runs["status"] != "done").sum())

    def __repr__(self) -> str:
        """One line: what was done."""
        count = len(self.axes)
        return (
            f"Sensitivity({self.experiment.name!r}, {self.method}, {count} factor{'s' if count != 1 else ''}, "
            f"{len(self.runs)} runs)"
        )

    def tables(self) -> list[AnswerTable]:
        """Indices, luck, effects, dependence, maps, regions, points and runs; without rows they get no file."""
        return [
            table._replace(form="parquet" if table.name not in ANSWERS else "json" if table.rows.empty else "csv")
            for table in declared_tables(self)
        ]

    def as_json(self) -> dict[str, Any]:
        """What was asked, factors and all answers as plain values, the same from call to call."""
        return {
            "schema_version": self.manifest.get("schema_version"),
            "version": self.manifest.get("version"),
            "experiment": self.experiment.name,
            "question": self.experiment.question,
            "scenario": self.scenario.name,
            "scenario_sha256": scenario_hash(self.scenario),
            "seed": self.scenario.run.seed,
            "method": self.method,
            "replications": self.replications,
            "runs": len(self.runs),
            "failed": self.failed,
            "factors": [
                {
                    "path": axis.path,
                    "role": "lever" if axis.lever else "uncertainty",
                    "base": json_ready(axis.base),
                    "unit": axis.unit,
                }
                for axis in self.axes
            ],
            **{name: json_ready(getattr(self, name).to_dict(orient="records")) for name in ANSWERS},
        }
