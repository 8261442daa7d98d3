"""`sim patterns`: the worlds that patterns need are run; what is expected of every pattern, and what was seen of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from sim.model.scenario import Scenario
from sim.results.answer import Answer, AnswerTable
from sim.results.declared_tables import declared_columns
from sim.studies.patterns.catalogue import GROUPS
from sim.studies.patterns.laboratory import Laboratory
from sim.studies.patterns.patterns_markdown import page
from sim.studies.patterns.patterns_table import SeenPattern, as_records, measure_all
from sim.studies.patterns.variants import variants


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


REPLICATIONS = 10


def measure_patterns(
    scenario: Scenario,
    *,
    replications: int = REPLICATIONS,
    threads: int | None = None,
    progress: Callable[[str], None] | None = None,
) -> Patterns:
    """Run the baseline and the variants that the patterns need, with the same luck, and measure every pattern.

    Args:
        scenario: The baseline, in weeks.
        replications: Runs with independent luck of each world, for the intervals.
        threads: Threads of a run; results do not depend on it.
        progress: Told the name of each world before it is run.
    """
    laboratory = Laboratory(scenario, variants(scenario), replications, threads, progress)
    return Patterns(scenario, tuple(measure_all(GROUPS, laboratory)), replications)
