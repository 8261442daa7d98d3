"""What a study of industries leaves behind: one table, a row for each scenario and figure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from sim.model.scenario import Scenario
from sim.results.answer import Answer, AnswerTable
from sim.results.declared_tables import declared_columns, naming
from sim.results.manifest import scenario_hash
from sim.results.whole_files import json_ready
from sim.studies.industries.figures import FIGURES
from sim.studies.industries.public import PublicFigure
from sim.words import say

INSIDE, BELOW, ABOVE, UNKNOWN = "inside", "below", "above", "not known"
MARKS = {
    INSIDE: "ours lies in the public range",
    BELOW: "ours lies below it",
    ABOVE: "ours lies above it",
    UNKNOWN: "nothing public is known, or ours does not exist",
}
"""All marks with their meaning."""


def mark(value: float, public: PublicFigure | None) -> str:
    """Whether a figure lies in its public range, whose ends belong to it.

    >>> mark(0.2, None), mark(math.nan, None)
    ('not known', 'not known')
    """
    if public is None or not math.isfinite(value):
        return UNKNOWN
    if value < public.low:
        return BELOW
    return ABOVE if value > public.high else INSIDE


@dataclass(frozen=True, eq=False)
class Industries(Answer):
    """Figures of scenarios beside what is public of their trades.

    Attributes:
        scenarios: The scenarios by name, in the order of the table.
        figures: A row for each scenario and figure, see `tables.json`.
        replications: Runs with independent luck of each scenario.
    """

    scenarios: dict[str, Scenario]
    figures: pd.DataFrame
    replications: int

    def of(self, scenario: str) -> pd.DataFrame:
        """The rows of one scenario.

        Raises:
            KeyError: If there is none of that name.
        """
        rows = self.figures[self.figures["scenario"] == scenario]
        if rows.empty:
            raise KeyError(f"no scenario {scenario!r}")
        return rows

    @property
    def compared(self) -> pd.DataFrame:
        """The rows that have something public beside them."""
        return self.figures[self.figures["mark"] != UNKNOWN]

    def tables(self) -> list[AnswerTable]:
        """The one table."""
        columns = declared_columns("industries", beside=__name__)
        figures = {figure.name: figure.meaning for figure in FIGURES}
        return [AnswerTable("industries", self.figures, naming(columns, figure=figures, mark=MARKS))]

    def as_json(self) -> dict[str, Any]:
        """The rows as plain values, the same from call to call."""
        return {
            "schema_version": self.manifest.get("schema_version"),
            "version": self.manifest.get("version"),
            "replications": self.replications,
            "scenarios": {
                name: {"scenario_sha256": scenario_hash(scenario), "seed": scenario.run.seed}
                for name, scenario in self.scenarios.items()
            },
            "industries": json_ready(self.figures.to_dict(orient="records")),
        }

    def other_files(self, folder: Path) -> dict[str, str]:
        """`industries.md`: the page of the documentation."""
        from sim.studies.industries.industries_page import markdown

        return {"industries.md": markdown(self)}

    def __repr__(self) -> str:
        """One line: what was done."""
        inside = int((self.figures["mark"] == INSIDE).sum())
        return say(
            "Industries({names}, {inside} of {compared} figures inside)",
            names=", ".join(self.scenarios),
            inside=inside,
            compared=len(self.compared),
        )
