"""Keys of luck of many people at once: those of a run are the rows, which takes no memory."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from sim.compiled import kernel
from sim.model.person import luck_of


@kernel
def take_lucks(state: Any, start: int, lucks: Any) -> None:
    """Fill `lucks`, uint32, with the keys of the people from row `start` on, as `luck_of` has them."""
    if state.luck.shape[0] == state.supplier.shape[0]:
        for j in range(lucks.size):
            lucks[j] = state.luck[start + j]
    else:
        first = luck_of(state, start)
        for j in range(lucks.size):
            lucks[j] = first + j


def lucks_of(state: Any, rows: npt.NDArray[np.integer]) -> npt.NDArray[np.uint32]:
    """The keys of the people of some rows.

    >>> from sim.engine.state import empty_state
    >>> from sim.model.in_use import KEYS
    >>> lucks_of(empty_state(9, 1, unused={KEYS}), np.array([2, 7])).tolist()
    [2, 7]
    """
    places = np.minimum(rows, len(state.luck) - 1)
    return (state.luck[places] + (rows - places)).astype(np.uint32)
