"""Population in the engine: everybody at the start, and who enters the market later."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.compiled import kernel
from sim.model.choice import relation_to
from sim.model.in_use import at
from sim.model.person import PRESENT
from sim.model.population import Forebears, be_somebody, count_from_now, enter


@kernel
def begin_as_somebody(
    state: Any, settled: Forebears, period: int, present: int, seed: int, low: int, high: int
) -> None:
    """Whoever of rows `low` to `high` is in the market from the start is somebody of a world that has settled."""
    for i in range(low, min(high, present)):
        be_somebody(state, i, settled, period, seed)


@kernel
def make_way(state: Any, i: int, blank: Any) -> None:
    """Forget the person of row i, all but place and segment; `blank` is one record of a person, all zero."""
    segment = state.people[i].segment
    state.people[i] = blank[0]
    state.people[i].segment = segment
    state.former[i] = 0
    state.ever[i] = 0
    state.barred[i] = 0
    state.intent[i] = 0
    state.leaves[at(state.leaves, i)] = 0
    state.leaves_by[at(state.leaves_by, i)] = 0
    state.onward[at(state.onward, i)] = 0
    state.drop_out[at(state.drop_out, i)] = 0.0
    state.joined[i] = 0
    state.attrition[i] = 0.0
    state.frequency[i] = 0.0
    state.spend[i] = 0.0
    state.satisfaction[i] = 0.0
    state.switching_cost[i] = 0.0
    state.complaint_tendency[i] = 0.0
    state.points[at(state.points, i)] = 0
    state.year_points[at(state.year_points, i)] = 0
    state.supplier[i] = 0
    state.story[i] = 0
    state.post[at(state.post, i)] = 0
    state.posted_about[at(state.posted_about, i)] = 0
    if state.heard[i] != 0:
        state.inbox[state.heard[i], :] = 0
        state.heard[i] = 0
    state.won_by[i, :] = 0
    state.lost_by[i, :] = 0
    state.opinion[i, :] = 0.0
    state.margin[i, :] = 0.0
    state.outside[i, :] = 0.0


@kernel
def begin_counting(state: Any) -> None:
    """The warm-up is over for everybody."""
    for i in range(state.supplier.shape[0]):
        count_from_now(state, i)


@kernel
def count_relations(state: Any, firm_count: int, segment_count: int, low: int, high: int) -> Any:
    """Recount the relation to every firm of rows `low` to `high`.

    Returns int64[firms, segments, 4]: prospects, active, lapsed, lost.
    """
    counts = np.zeros((firm_count, segment_count, 4), np.int64)
    for i in range(low, high):
        person = state.people[i]
        if person.flags & PRESENT == 0:
            continue
        for f in range(firm_count):
            counts[f, person.segment, relation_to(state, i, f)] += 1
    return counts


@kernel
def enter_market(state: Any, tally: Any, low: int, high: int) -> None:
    """People of rows `low` to `high` enter the market as prospects of every firm."""
    for i in range(low, high):
        enter(state, i, tally)
