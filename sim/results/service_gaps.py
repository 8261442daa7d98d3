"""The gaps model of service quality: where what customers miss arises (Parasuraman, Zeithaml & Berry 1985).

What customers see falls short of what they hold to be owed because the firm does not know it (1, knowledge), sets a
lower standard (2, standards), or delivers less than its standard (3, delivery); and what it promises may be more than
that (4, communication). The gap that customers see (5) is the sum of those of standards and of delivery.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.model.dimensions import DIMENSIONS
from sim.parameters.timeline import phases
from sim.results.intervals import mean_interval
from sim.results.series import focal

if TYPE_CHECKING:
    from sim.model.scenario import Scenario

GAPS = KNOWLEDGE, STANDARDS, DELIVERY, COMMUNICATION, CUSTOMERS = (
    "knowledge",
    "standards",
    "delivery",
    "communication",
    "customers",
)
"""The five gaps, in the order of their numbers."""


def build_service_gaps(scenario: Scenario, series: pd.DataFrame) -> pd.DataFrame:
    """The five gaps of the focal firm on each dimension, over the whole run; below zero something is missing.

    With P seen, H held to be owed, L the service level, promise p and what a SERVQUAL survey tells the firm of P - H:

    knowledge (P - H) - told, standards L - H, delivery P - L, communication P - p, customers P - H.

    All are means over encounters, with parameters as the timeline has them at the time, and of channels and of the
    customers' own expectations as much as they see (`sim.model.perception`).

    Returns:
        A row for each gap and dimension. Columns `gap`, `dimension`, `value` in points of the scale 1 to 7, and the
        95% t-interval over replications `low`, `high`. NaN where nobody was served, or asked.
    """
    asked = [f"{sort}_{name}" for sort in ("perceived", "should", "rated_gap") for name in DIMENSIONS]
    rows = focal(series, scenario, ["replication", "period", "encounters", "rated", *asked])
    periods, numbers = rows["period"].to_numpy(), rows["replication"]
    level, promise = (np.zeros((len(rows), len(DIMENSIONS))) for _ in range(2))
    for start, stretch in phases(scenario):
        firm = stretch.firm
        level[periods >= start] = [getattr(firm.systems.service, name) for name in DIMENSIONS]
        promise[periods >= start] = [getattr(firm.strategy.promise, name) for name in DIMENSIONS]
    sums = rows.select_dtypes("number").groupby(numbers).sum()
    served = sums["encounters"]
    found: dict[str, list[tuple[Any, ...]]] = {gap: [] for gap in GAPS}
    for d, name in enumerate(DIMENSIONS):
        seen, owed = sums[f"perceived_{name}"] / served, sums[f"should_{name}"] / served
        standard, said = (
            (rows["encounters"] * levels[:, d]).groupby(numbers).sum() / served for levels in (level, promise)
        )
        told = sums[f"rated_gap_{name}"] / sums["rated"]
        gaps = (seen - owed - told, standard - owed, seen - standard, seen - said, seen - owed)
        for gap, values in zip(GAPS, gaps, strict=True):
            found[gap].append((gap, name, *mean_interval(values)))
    return pd.DataFrame(
        [row for gap in GAPS for row in found[gap]], columns=["gap", "dimension", "value", "low", "high"]
    )
