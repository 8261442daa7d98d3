"""Customer types of the focal firm at the end of the run."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from sim.results.intervals import mean_interval

if TYPE_CHECKING:
    from sim.engine.tables import Tables


def build_census(tables: Sequence[Tables]) -> pd.DataFrame:
    """How many of the firm's customers are of each type at the end.

    Returns:
        A row for each typology (`satisfaction x voice`, `loyalty type`, ...) and type. Columns: `typology`, `type`,
        `count` with its 95% t-interval over replications `low`, `high`, and `share` of the typology.
    """
    rows = []
    for typology, types in tables[0].census.items():
        counts = {
            name: mean_interval(table.census[typology].get(name, 0) for table in tables).within(0.0, math.inf)
            for name in types
        }
        whole = sum(count.value for count in counts.values())
        for name, count in counts.items():
            rows.append((typology, name, *count, count.value / whole if whole else float("nan")))
    return pd.DataFrame(rows, columns=["typology", "type", "count", "low", "high", "share"])
