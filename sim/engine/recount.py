"""A recount of everybody: the stocks before the first period, and what those that were carried must be at the end."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.engine import accounts
from sim.engine.census import InChunks, snapshot, summed
from sim.engine.population import count_relations
from sim.model.contexts import Environment


def recounted(state: Any, environment: Environment, shape: tuple[int, ...], in_chunks: InChunks | None = None) -> Any:
    """The stocks as they are now: int64[firms, segments, observables], flows are 0.

    Args:
        state: The people.
        environment: Parameters as they are now.
        shape: Of the tallies of a period.
        in_chunks: Does something for all rows, chunk by chunk; all at once if left out.
    """

    def counted(low: int, high: int, _: Any) -> Any:
        stocks = np.zeros(shape, np.int64)
        snapshot(state, environment.segments, stocks, low, high)
        relations = count_relations(state, shape[0], shape[1], low, high)
        for column, observable in enumerate(accounts.STOCKS):
            stocks[:, :, observable] = relations[:, :, column]
        return stocks

    return summed(counted, len(state.supplier), in_chunks)
