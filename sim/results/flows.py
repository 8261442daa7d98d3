"""Flows between firms: where those are after a period who were a firm's customers before it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.model.scenario import Scenario
from sim.results.series import period_starts

if TYPE_CHECKING:
    from sim.engine.tables import Tables

NOBODY, OUTSIDE = "(nobody)", "(outside)"
"""Places beside the firms: without a supplier, and out of the market; no firm can be called so."""


def places(scenario: Scenario) -> list[str]:
    """The firms, the focal one first, and the places beside them.

    >>> places(Scenario())
    ['focal', 'rival', '(nobody)', '(outside)']
    """
    return [*(firm.name for firm in scenario.firms), NOBODY, OUTSIDE]


def build_flows(scenario: Scenario, tables: Sequence[Tables], numbers: Sequence[int]) -> pd.DataFrame:
    """A row for each replication, period and pair of places; those who stay where they are have a row like all.

    The rows of one place of origin sum to the stock before the period, those of one destination to the stock after it;
    out of the market there is no stock, and only who comes or goes is counted.

    Args:
        scenario: What was run.
        tables: One for each replication.
        numbers: Their numbers.
    """
    names, dates = places(scenario), period_starts(scenario)
    periods, pairs = len(dates), len(names) ** 2
    return pd.concat(
        pd.DataFrame(
            {
                "replication": np.full(periods * pairs, number, dtype=np.int64),
                "period": np.repeat(np.arange(periods), pairs),
                "date": np.repeat(dates, pairs),
                "origin": np.tile(np.repeat(names, len(names)), periods),
                "destination": np.tile(names, periods * len(names)),
                "people": table.flows.ravel(),
            }
        )
        for number, table in zip(numbers, tables, strict=True)
    ).reset_index(drop=True)


def who_moved(flows: pd.DataFrame) -> pd.DataFrame:
    """People who moved from each place (row) to each other (column) in a run, the mean over replications.

    Those who stayed are left out (NaN), for a run has no stock that they would be part of.

    >>> flows = pd.DataFrame({"replication": [0, 1], "origin": ["a", "a"], "destination": ["b", "b"], "people": [4, 6]})
    >>> float(who_moved(flows).loc["a", "b"])
    5.0
    """
    moved = flows[flows["origin"] != flows["destination"]]
    sums = moved.groupby(["origin", "destination"], sort=False)["people"].sum() / flows["replication"].nunique()
    order = list(flows["origin"].unique())
    return sums.unstack().reindex(index=order, columns=list(dict.fromkeys([*order, *flows["destination"].unique()])))
