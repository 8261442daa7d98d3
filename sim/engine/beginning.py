"""What is counted before the first period of a run."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.engine import accounts
from sim.engine.census import snapshot
from sim.engine.population import count_relations
from sim.model.contexts import Environment


def stocks_of_start(state: Any, environment: Environment, shape: tuple[int, ...]) -> Any:
    """The stocks at the start: int64[firms, segments, observables], flows are 0.

    Args:
        state: The people.
        environment: Parameters before the first period.
        shape: Of the tallies of a period.
    """
    stocks = np.zeros(shape, np.int64)
    snapshot(state, environment.segments, stocks, 0, len(state.supplier))
    relations = count_relations(state, shape[0], shape[1])
    for column, observable in enumerate(accounts.STOCKS):
        stocks[:, :, observable] = relations[:, :, column]
    return stocks
