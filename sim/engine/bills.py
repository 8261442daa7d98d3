"""Bills: on whom one falls due is drawn and reckoned many at once; those few then pay one after the other."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.compiled import kernel, prefetch
from sim.model.billing import ask_for, bills_due, bills_until, may_be_either
from sim.model.contexts import Books, Clock, Environment
from sim.model.contract import PHASE
from sim.model.luck import uniforms
from sim.model.person import NEWCOMER, NOBODY, luck_of
from sim.model.rooms import O
from sim.vocabulary.streams import BONDS

AHEAD = 16
"""So many people before it is read, memory is asked for somebody's record."""


@kernel
def send_bills(state: Any, environment: Environment, books: Books, clock: Clock, low: int, high: int) -> None:
    """Customers of rows `low` to `high` pay the bills that fall due in the period, as `charge` of the room says."""
    size = high - low
    years = environment.world[0].years
    rates = np.zeros(NOBODY + 1, np.float64)
    for f in range(environment.firms.shape[0]):
        rates[f] = environment.firms[f].contract.bills_per_year
    supplier = state.supplier[low:high]
    rows = np.zeros(size + AHEAD, np.int32)
    since = np.empty(size, np.int64)
    new = np.empty(size, np.bool_)
    bills = np.empty(size, np.float64)
    lucks = np.empty(size, np.uint32)
    looked_at = np.zeros(size + AHEAD, np.int32)
    draws = np.empty(size, np.float64)
    due = np.empty(size, np.int64)
    billed = 0
    for j in range(size):
        rows[billed] = low + j
        billed += rates[supplier[j]] > 0.0
    unsure = 0
    for c in range(billed):
        i = rows[c]
        joined = state.joined[i]
        since[c] = clock.period - joined
        new[c] = joined > 0
        looked_at[unsure] = c
        unsure += may_be_either(joined, clock.period < 0)
        bills[c] = rates[state.supplier[i]]
        lucks[c] = luck_of(state, i)
    for n in range(unsure):
        prefetch(state.people, rows[looked_at[n + AHEAD]])
        prefetch(state.people, rows[looked_at[n + AHEAD]] + 1)  # which begins where the rest of this record lies
        c = looked_at[n]
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
        prefetch(state.people, rows[c + AHEAD])
        prefetch(state.people, rows[c + AHEAD] + 1)
        i = rows[c]
        books.tally[state.supplier[i], state.people[i].segment, O.bills] += due[c]
        ask_for(state, i, environment, books, np.float64(due[c]))
