"""What a study of the cost of quality leaves behind: costs today, better worlds, and the curve over prevention."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from sim.studies.study_of_scenario import StudyOfScenario, row_of
from sim.words import translated

APPRAISAL, OPPORTUNITY, TOTAL = "appraisal", "opportunity", "total"
LEAST, BY_FORMULA = "least", "by_formula"

LABELS = {
    "prevention": "Prevention",
    APPRAISAL: "Appraisal",
    "internal": "Internal failures",
    "external": "External failures",
    OPPORTUNITY: "Margin that never came",
    TOTAL: "All together",
}
"""The costs of quality by name, in the order in which they are told."""


def label_of(item: str) -> str:
    """A cost of quality in words.

    >>> label_of("internal")
    'Internal failures'
    """
    return translated(LABELS[item])


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class CostOfQuality(StudyOfScenario):
    """What quality costs, and what prevention does to it.

    Attributes:
        items: A row for each cost of quality and their sum; see `sim/studies/cost/tables.json`.
        worlds: A row for each better firm: what it would have earned.
        curve: A row for each spending on prevention.
        figures: The spending at which all costs least, how sure that is, and what the formula says.
    """

    items: pd.DataFrame
    worlds: pd.DataFrame
    curve: pd.DataFrame
    figures: pd.DataFrame

    def item(self, name: str) -> pd.Series:
        """One of the costs of quality by name, such as `opportunity`.

        Raises:
            KeyError: If there is none of that name.
        """
        return row_of(self.items, name)

    def line(self, name: str) -> pd.Series:
        """A line of the figures by name.

        Raises:
            KeyError: If there is none of that name.
        """
        return row_of(self.figures, name)
