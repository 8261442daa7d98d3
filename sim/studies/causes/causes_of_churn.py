"""What a study of causes leaves behind: what each contributes to churn, and every world that was lived."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from sim.studies.study_of_scenario import StudyOfScenario, row_of

START, LEAVERS, EXPLAINED, OTHERS = "start", "leavers", "explained", "others"


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class CausesOfChurn(StudyOfScenario):
    """Why customers of the start leave.

    Attributes:
        is_exact: Whether causes are taken out in all orders, and not in some drawn by lot.
        orders: How many were drawn; 0 where all are looked at.
        causes: A row for each cause: its share of the leavers, with range and interval, and who would have stayed but
            for it; see `sim/studies/causes/tables.json`.
        figures: Customers at the start, leavers, those by these causes, and those for other reasons.
        worlds: A row for each world.
    """

    is_exact: bool
    orders: int
    causes: pd.DataFrame
    figures: pd.DataFrame
    worlds: pd.DataFrame

    def cause(self, name: str) -> pd.Series:
        """The row of a cause.

        Raises:
            KeyError: If there is none of that name.
        """
        return row_of(self.causes, name)

    def line(self, name: str) -> pd.Series:
        """A line of the figures by name."""
        return row_of(self.figures, name)

    @property
    def by_share(self) -> pd.DataFrame:
        """The causes, those with the largest share first."""
        return self.causes.sort_values("value", ascending=False, kind="stable")

    def asked(self) -> dict[str, Any]:
        """In what orders causes were taken out."""
        return {"exact": self.is_exact, "orders": self.orders}
