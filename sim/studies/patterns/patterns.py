"""The answer of `sim patterns`: every pattern, what is expected of it and what was seen."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from sim.model.scenario import Scenario
from sim.results.answer import Answer, AnswerTable
from sim.results.declared_tables import declared_columns
from sim.studies.patterns.patterns_markdown import page
from sim.studies.patterns.patterns_table import SeenPattern, as_records


@dataclass(frozen=True, eq=False)
class Patterns(Answer):
    """The patterns of a baseline.

    Attributes:
        scenario: The baseline.
        rows: Each pattern with what was seen of it, in the order of the table.
        replications: Runs with independent luck of each world.
    """

    scenario: Scenario
    rows: tuple[SeenPattern, ...]
    replications: int

    def tables(self) -> list[AnswerTable]:
        """A row a pattern."""
        return [
            AnswerTable("patterns", pd.DataFrame(as_records(self.rows)), declared_columns("patterns", beside=__name__))
        ]

    def as_json(self) -> dict[str, Any]:
        """The rows as plain values; limits that do not exist are null."""
        return {"patterns": as_records(self.rows)}

    def other_files(self, folder: Path) -> dict[str, str]:
        """`patterns.md`: the page of the documentation."""
        return {"patterns.md": page(self.rows, self.scenario, self.replications)}
