"""What a run leaves behind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.model.movement import COHORTS
from sim.model.person import NEWCOMER
from sim.model.scenario import Scenario


@dataclass(frozen=True)
class Tables:
    """The raw results of one run.

    Attributes:
        scenario: The scenario that was run.
        seed: Key of its luck.
        tallies: int64[periods, firms, segments, observables], see `sim.vocabulary.observables`.
        initial: int64[firms, segments, observables], the stocks before the first period.
        leavers: int64[firms, cohorts, causes, periods + 1], customers who left, by tenure in periods.
        stayers: int64[firms, cohorts, periods + 1], customers at the end, by tenure in periods.
        census: Customer types of the focal firm at the end, by typology.
        panel: Columns of the people followed one by one, a row per person and period; None if nobody was.
    """

    scenario: Scenario
    seed: int
    tallies: npt.NDArray[Any]
    initial: npt.NDArray[Any]
    leavers: npt.NDArray[Any]
    stayers: npt.NDArray[Any]
    census: dict[str, dict[str, int]]
    panel: dict[str, npt.NDArray[Any]] | None


def count_stayers(state: Any, firm_count: int, periods: int, period: int) -> Any:
    """Customers at the end of a run, int64[firms, cohorts, periods + 1], by tenure within its `periods`."""
    stayers = np.zeros((firm_count, len(COHORTS), periods + 1), np.int64)
    tenure = max(period, 0) - np.maximum(state.people["joined"], 0)
    cohort = (state.people["flags"] & NEWCOMER) != 0
    customer = state.supplier < firm_count
    np.add.at(stayers, (state.supplier[customer], cohort[customer].astype(int), tenure[customer]), 1)
    return stayers
