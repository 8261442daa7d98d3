"""What a balance leaves behind: the drift before and after, the start that was found, and its scenario."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from sim.model.scenario import Scenario
from sim.results.whole_files import json_ready
from sim.scenario import load_text
from sim.studies.derived import derived_text
from sim.studies.study_of_scenario import StudyOfScenario


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Balanced(StudyOfScenario):
    """A start from which today stays as it is, or the nearest that was found; each run has luck of its own.

    Attributes:
        balanced: The same from the start that was found.
        base: The scenario file, which the new one extends.
        values: What differs between the two, by path.
        years: Length of the runs.
        drift: A row a figure: its change from the first to the last year before and after, with 99% intervals, how far
            it may move, and whether it is steady; see `sim/studies/balance/tables.json`.
        start: A row a parameter of the start: before and after.
        rounds: A row a start that was tried: how far the figure that moved most went beyond what is steady.
        verdict: `steady`, `drifts` or `unclear`.
    """

    balanced: Scenario
    base: Path | None
    values: Mapping[str, Any]
    years: int
    drift: pd.DataFrame
    start: pd.DataFrame
    rounds: pd.DataFrame
    verdict: str

    def asked(self) -> dict[str, Any]:
        """Length of the runs, the verdict, and the start that was found."""
        return {
            "years": self.years,
            "verdict": self.verdict,
            "values": json_ready(dict(self.values)),
            "sentences": self.sentences,
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
