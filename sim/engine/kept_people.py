"""People of the start who may be asked for again: by a counterfactual world, or the next point of a study.

Who they are depends on the seed, on what shapes people, and of a firm on little: a study that turns its desk or its
price has the same people at each point, and drawing them takes as long as ten periods.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from sim.engine.kept import Recent
from sim.model.population import KNOWN_OF_A_FIRM

if TYPE_CHECKING:
    from sim.engine.state import State
    from sim.model.contexts import Environment

MOST_BYTES = 32 * 2**20
"""Of all people that are kept; more are drawn each time."""

Bytes = npt.NDArray[np.uint8]

_kept: Recent[list[Bytes]] = Recent()


def known_by(environment: Environment, *others: Any) -> Any:
    """What tells people of the start from others: numbers of `environment` that drawing them reads, and `others`."""
    systems = np.asarray(environment.firms)["systems"]
    numbers = (environment.segments, environment.world, *(systems[name] for name in KNOWN_OF_A_FIRM))
    more = (each.tobytes() if isinstance(each, np.ndarray) else each for each in others)
    return (*(np.asarray(each).tobytes() for each in numbers), *more)


def draw_or_take(state: State, known: Any, draw: Callable[[], object]) -> None:
    """Fill a new state with the people known by `known`: those that are kept, or else `draw` draws them into it.

    Args:
        state: Nothing has been written to but luck.
        known: See `known_by`.
        draw: Fills `state`.
    """
    columns = _columns(state)
    found = _kept.get(known)
    if found is not None:
        for column, kept in zip(columns, found, strict=True):
            column[:] = kept
        return
    draw()
    size = sum(column.nbytes for column in columns)
    if size <= MOST_BYTES:
        _kept.keep(known, [column.copy() for column in columns], size, MOST_BYTES)


def _columns(state: State) -> list[Bytes]:
    """Every column of a state in bytes (NumPy copies records field by field), but for what nobody has at the start."""
    return [column.view(np.uint8) for name, column in state._asdict().items() if name != "inbox"]
