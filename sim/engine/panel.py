"""The people who are followed one by one, period by period."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.engine.lucks import lucks_of
from sim.model.dimensions import DIMENSION_COUNT, DIMENSIONS
from sim.model.rooms import COLUMNS
from sim.vocabulary.column import Column

FOCAL = 0
"""The firm of which a column with a value for each firm is followed."""


def panel_rows(state: Any, people: int, period: int, outside: Sequence[Column] = ()) -> dict[str, Any]:
    """The columns that are declared as followed, of the first `people` persons, at the end of a period.

    `outside` declares the columns of `state.outside`.
    """
    rows = slice(0, min(people, state.supplier.shape[0]))
    columns: dict[str, Any] = {
        "period": np.full(state.supplier[rows].shape, period, np.int32),
        "customer": lucks_of(state, np.arange(rows.stop)),
    }
    for column in COLUMNS:
        if not column.followed:
            continue
        values = getattr(state, column.name) if column.apart else state.people[column.name]
        if column.width == DIMENSION_COUNT:
            columns |= {f"{column.name}_{name}": values[rows, d].copy() for d, name in enumerate(DIMENSIONS)}
        else:
            columns[column.name] = (values[rows] if column.width == 1 else values[rows, FOCAL]).copy()
    for place, column in enumerate(outside):
        if column.followed:
            columns[column.name] = state.outside[rows, place].copy()
    return columns


def join_panel(parts: list[dict[str, Any]]) -> dict[str, Any]:
    """All periods of the panel, one below the other."""
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
