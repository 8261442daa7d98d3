"""Flows: between firms, of those who were a firm's customers before a period; between stages of custom.

Stages are those of the customer types at the end of a run (`sim.model.typology`). They go with satisfaction and with
time, so that to know everybody's would take a look at everybody in each period: they are known of those whom
`run.panel` follows, who are a sample of all, or all.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.model.market import PERIODS_PER_YEAR
from sim.model.person import GONE, PRESENT
from sim.model.scenario import Scenario
from sim.model.typology import CUSTOMER_STAGES, PROSPECT_STAGES, stage_reached
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


FORMER = "(none)"
"""Who is no prospect and no customer: former customers, and who is out of the market."""

STAGES = (*PROSPECT_STAGES, *CUSTOMER_STAGES, FORMER)


def stages_of(panel: pd.DataFrame, per_year: int) -> Any:
    """The stage of each row of a panel, a place in `STAGES`; `per_year` periods are a year."""
    known = {str(name): column.to_numpy() for name, column in panel.items()}
    tenure = np.maximum(known["period"] + 1 - known["joined"], 1) / per_year
    reached = stage_reached(known["history"], known["satisfaction"], tenure, known["frequency"])
    never = (known["flags"] & (PRESENT | GONE) == PRESENT) & (known["ever"] & 1 == 0)
    others = np.where(never, known["opinion"] != 0.0, len(STAGES) - 1)
    return np.where(known["supplier"] == 0, len(PROSPECT_STAGES) + reached, others)


def build_stage_flows(scenario: Scenario, panel: pd.DataFrame) -> pd.DataFrame:
    """A row for each replication, period but the first, and pair of stages; who stays has a row like all.

    The rows of an origin sum to the stock before the period, those of a destination to the stock after it.

    Args:
        scenario: What was run.
        panel: The people followed, replication by replication, period by period, each time in the same order.
    """
    periods, numbers = scenario.run.periods, panel["replication"].unique()
    stages = stages_of(panel, PERIODS_PER_YEAR[scenario.run.period]).reshape(len(numbers), periods, -1)
    flows = np.zeros((len(numbers), periods - 1, len(STAGES), len(STAGES)), np.int64)
    places = np.ogrid[: len(numbers), : periods - 1]
    np.add.at(flows, (places[0][..., None], places[1][..., None], stages[:, :-1], stages[:, 1:]), 1)
    pairs, rows = len(STAGES) ** 2, len(STAGES) ** 2 * (periods - 1)
    return pd.DataFrame(
        {
            "replication": np.repeat(numbers, rows),
            "period": np.tile(np.repeat(np.arange(1, periods), pairs), len(numbers)),
            "date": np.tile(np.repeat(period_starts(scenario)[1:], pairs), len(numbers)),
            "origin": np.tile(np.repeat(STAGES, len(STAGES)), len(numbers) * (periods - 1)),
            "destination": np.tile(STAGES, len(numbers) * (periods - 1) * len(STAGES)),
            "people": flows.ravel(),
        }
    )
