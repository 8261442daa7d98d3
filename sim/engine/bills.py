"""Bills: on whom one falls due is drawn and reckoned many at once; those few then pay one after the other."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from sim.compiled import kernel, prefetch
from sim.model.billing import ask_for, bills_due, bills_until, may_be_either
from sim.model.contexts import Books, Clock, Environment
from sim.model.contract import PHASE
from sim.model.luck import uniforms
from sim.model.person import NEWCOMER, luck_of, segment_of
from sim.model.rooms import O
from sim.vocabulary.streams import BONDS

AHEAD = 16
"""So many people before it is read, memory is asked for somebody's record."""


class Envelopes(NamedTuple):
    """Room for what is reckoned of those who are billed, an element each.

    Attributes:
        rows: int32[people + AHEAD], their rows.
        unsure: int32[people + AHEAD], places of those of whom the record says whether they are newcomers.
        new: bool[people], whether they are.
        since, due: int64[people], periods since they joined, and bills that fall due.
        lucks: uint32[people], keys of luck.
        draws, bills: float64[people], their draw, and bills a year.
    """

    rows: Any
    unsure: Any
    new: Any
    since: Any
    due: Any
    lucks: Any
    draws: Any
    bills: Any


@kernel
def blank_envelopes(size: int) -> Envelopes:
    """Room for so many people."""
    return Envelopes(
        np.zeros(size + AHEAD, np.int32),
        np.zeros(size + AHEAD, np.int32),
        np.empty(size, np.bool_),
        np.empty(size, np.int64),
        np.empty(size, np.int64),
        np.empty(size, np.uint32),
        np.empty(size, np.float64),
        np.empty(size, np.float64),
    )


@kernel
def send_bills(
    state: Any, environment: Environment, books: Books, clock: Clock, low: int, high: int, rates: Any, room: Envelopes
) -> None:
    """Customers of rows `low` to `high` pay the bills that fall due in the period, as `charge` of the room says.

    `rates` is float64[suppliers], bills a year of the customers of each, and of those who have none.
    """
    years = environment.world[0].years
    rows, unsure, new, since, due, lucks, draws, bills = room
    billed = 0
    for i in range(low, high):
        rows[billed] = i
        billed += rates[state.supplier[i]] > 0.0
    looked_at = 0
    for c in range(billed):
        i = rows[c]
        joined = state.joined[i]
        since[c] = clock.period - joined
        new[c] = joined > 0
        unsure[looked_at] = c
        looked_at += may_be_either(joined, clock.period < 0)
        bills[c] = rates[state.supplier[i]]
        lucks[c] = luck_of(state, i)
    for n in range(looked_at):
        prefetch(state.people, rows[unsure[n + AHEAD]])
        c = unsure[n]
        new[c] = (state.people[rows[c]].flags & NEWCOMER) != 0
    for c in range(billed):
        draws[c] = uniforms(clock.seed, BONDS, lucks[c], 0, PHASE)[1]
    for c in range(billed):
        so_far = bills_until(since[c], new[c], draws[c], bills[c], years)
        due[c] = bills_due(so_far - bills[c] * years, so_far)
    count = 0
    for c in range(billed):
        rows[count] = rows[c]
        due[count] = due[c]
        count += due[c] > 0
    for c in range(count):
        i = rows[c]
        books.tally[state.supplier[i], segment_of(state, i, environment), O.bills] += due[c]
        ask_for(state, i, environment, books, np.float64(due[c]))
