"""The answer of `sim patterns`: every pattern, what is expected of it and what was seen."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from sim.model.scenario import Scenario
from sim.results.answer import Answer, AnswerTable, columns_of
from sim.studies.patterns.patterns_markdown import page
from sim.studies.patterns.patterns_table import SeenPattern, as_records

_COLUMNS = columns_of(
    {
        "pattern": "short name of the pattern",
        "group": "patterns that are measured together",
        "label": "what should be seen, in words",
        "source": "where it was observed",
        "unit": "unit of the numbers",
        "expected_low": "lower limit of what is expected; empty for none",
        "expected_high": "upper limit; empty for none",
        "seen": "mean over replications",
        "low": "95% t-interval, lower end",
        "high": "95% t-interval, upper end",
        "verdict": "holds, does not hold or undecided",
        "required": "whether it is claimed; the others are contrasts, shown and not claimed",
    }
)


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
        return [AnswerTable("patterns", pd.DataFrame(as_records(self.rows)), _COLUMNS)]

    def as_json(self) -> dict[str, Any]:
        """The rows as plain values; limits that do not exist are null."""
        return {"patterns": as_records(self.rows)}

    def other_files(self, folder: Path) -> dict[str, str]:
        """`patterns.md`: the page of the documentation."""
        return {"patterns.md": page(self.rows, self.scenario, self.replications)}
