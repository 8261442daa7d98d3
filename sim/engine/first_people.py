"""Who is there at the start: drawn, as a user's table tells, or as somebody who lived in a world that has settled."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.engine.births import populate
from sim.engine.kept_people import draw_or_take, known_by
from sim.engine.known_people import begin_as_known
from sim.engine.population import begin_as_somebody
from sim.model.population import ladders

if TYPE_CHECKING:
    from sim.engine.settling import Settled
    from sim.model.contexts import Environment
    from sim.model.scenario import Scenario


class Beginning(NamedTuple):
    """When and by what luck a run begins, and with how many people.

    Attributes:
        period: The first, below 0 where a warm-up comes before.
        present: People in the market.
        seed: The seed of the run.
        key: The same as a key of luck.
    """

    period: int
    present: int
    seed: int
    key: Any


def draw_people(
    state: Any,
    environment: Environment,
    scenario: Scenario,
    begins: Beginning,
    table: Any,
    settled: Settled | None,
    in_chunks: Callable[[Callable[[int, int, Any], Any]], object],
) -> None:
    """Fill a new state with the people of the start; those of an equal start are taken, unless a table tells of them.

    Args:
        state: Nothing has been written to it.
        environment: Parameters.
        scenario: What they come from.
        begins: When, how many, by what luck.
        table: Rows of a user's table, see `sim.engine.known_people.known_people`; none if left out.
        settled: The world that has settled, if the run begins in one.
        in_chunks: Does something for all rows, chunk by chunk.
    """
    steps = np.array(ladders(scenario))
    lived = np.zeros(len(scenario.all_segments), np.int64) if settled is None else np.diff(settled.people.first)

    def draw() -> None:
        born = state, environment, steps, lived, begins.present, begins.key
        in_chunks(lambda low, high, _: populate(*born, low, high))
        if table is not None:
            in_chunks(lambda low, high, _: begin_as_known(state, table.rows, environment, begins.key, low, high))
        state.joined[:] += begins.period  # they are born at the beginning, which a warm-up puts before 0
        if settled is not None:
            those = state, settled.people, begins.period, begins.present, begins.key
            in_chunks(lambda low, high, _: begin_as_somebody(*those, low, high))

    if table is not None:
        draw()  # of whom a file tells, which may have changed
        return
    origin = None if settled is None else settled.known_as
    shapes = tuple(column.shape for column in state)
    draw_or_take(state, known_by(environment, steps, begins[:3], origin, shapes), draw)
