"""What a balance leaves behind: the drift before and after, the start that was found, and its scenario."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from sim.model.scenario import Scenario
from sim.results.answer import Answer, Table
from sim.results.folder import plain
from sim.results.manifest import scenario_hash
from sim.scenario import load_text
from sim.studies.balance import balance_columns as columns
from sim.studies.derived import derived_text
from sim.words import say


@dataclass(frozen=True, eq=False)
class Balanced(Answer):
    """A start from which today stays as it is, or the nearest that was found.

    Attributes:
        scenario: The file's.
        balanced: The same from the start that was found.
        base: The scenario file, which the new one extends.
        values: What differs between the two, by path.
        years: Length of the runs.
        replications: Runs with independent luck of each start.
        drift: A row a figure: its change from the first to the last year before and after, with 99% intervals, how far
            it may move, and whether it is steady; see `sim.studies.balance.balance_columns`.
        start: A row a parameter of the start: before and after.
        rounds: A row a start that was tried: how far the figure that moved most went beyond what is steady.
        verdict: `steady`, `drifts` or `unclear`.
        runs: Number of runs.
        failed: How many of them failed.
        reason: Why the first of them failed.
    """

    scenario: Scenario
    balanced: Scenario
    base: Path | None
    values: Mapping[str, Any]
    years: int
    replications: int
    drift: pd.DataFrame
    start: pd.DataFrame
    rounds: pd.DataFrame
    verdict: str
    runs: int
    failed: int
    reason: str

    def tables(self) -> list[Table]:
        """Drift, start, rounds."""
        return [
            Table("drift", self.drift, columns.DRIFT),
            Table("start", self.start, columns.START),
            Table("rounds", self.rounds, columns.ROUNDS),
        ]

    def as_json(self) -> dict[str, Any]:
        """What was asked, the verdict, and all tables as plain values, the same from call to call."""
        return {
            "schema_version": self.manifest.get("schema_version"),
            "version": self.manifest.get("version"),
            "scenario": self.scenario.name,
            "question": self.scenario.question,
            "scenario_sha256": scenario_hash(self.scenario),
            "seed": self.scenario.run.seed,
            "years": self.years,
            "replications": self.replications,
            "verdict": self.verdict,
            "runs": self.runs,
            "failed": self.failed,
            "values": plain(dict(self.values)),
            "sentences": self.sentences,
            **{table.name: plain(table.rows.to_dict(orient="records")) for table in self.tables()},
        }

    def text(self, folder: Path) -> str:
        """The balanced scenario as a file that extends the one it was made from.

        Args:
            folder: Where it will stand.
        """
        text = derived_text(self.balanced, self.values, head=self.sentences, folder=folder, base=self.base)
        load_text(
            text, base_dir=folder, rules=self.balanced.outside
        )  # whoever runs it must not be the first to read it
        return text

    def other_files(self, folder: Path) -> dict[str, str]:
        """`balanced.yaml`: the scenario from the start that was found."""
        return {"balanced.yaml": self.text(folder)}

    def __repr__(self) -> str:
        """One line: what was found."""
        return say(
            "Balanced({name!r}, {verdict}, runs: {runs})", name=self.scenario.name, verdict=self.verdict, runs=self.runs
        )

    def notebook_table(self) -> pd.DataFrame:
        """The drift before and after, for notebooks."""
        return self.drift
