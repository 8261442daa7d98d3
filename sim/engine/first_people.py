"""People of the start: drawn by the parameters, those of a user's table, or somebody of a world that has settled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from sim.engine.known_people import begin_as_known
from sim.engine.population import begin_as_somebody, populate
from sim.model.contexts import Environment


class Beginning(NamedTuple):
    """What people of the start are drawn of, besides parameters.

    Attributes:
        steps: See `sim.model.population.ladders`.
        table: Whom a user's table knows, see `known_people`, or None.
        settled: The world whose people they are, see `settled_world`, or None.
        period: The first: 0, or that of a warm-up.
        present: Rows of those who are there at the start; the others come later.
        key: Of the run's luck.
    """

    steps: Any
    table: Any
    settled: Any
    period: int
    present: int
    key: Any


def draw_people(
    in_chunks: Callable[[Callable[[int, int, Any], Any]], Any], state: Any, environment: Environment, start: Beginning
) -> None:
    """Fill an empty state, of which only luck is there.

    Args:
        in_chunks: Calls what it is given for ranges of rows, which together are all.
        state: Of everybody.
        environment: Parameters before the first period.
        start: What they are drawn of.
    """
    steps, table, settled, period, present, key = start
    segments = len(environment.segments)
    lived = np.zeros(segments, np.int64) if settled is None else np.diff(settled.people.first)
    in_chunks(lambda low, high, _: populate(state, environment, steps, lived, present, key, low, high))
    if table is not None:
        in_chunks(lambda low, high, _: begin_as_known(state, table.rows, environment, key, low, high))
    state.people["joined"] += period  # they are born at the beginning, which a warm-up puts before 0
    if settled is not None:
        in_chunks(lambda low, high, _: begin_as_somebody(state, settled.people, period, present, key, low, high))
