"""Bills: on whom one falls due is drawn and reckoned many at once; those few then pay one after the other."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.compiled import kernel
from sim.model.billing import ask_for, bills_due, bills_until
from sim.model.contexts import Books, Clock, Environment
from sim.model.contract import PHASE
from sim.model.luck import uniforms
from sim.model.person import NEWCOMER, NOBODY
from sim.model.register import O
from sim.vocabulary.streams import BONDS


@kernel
def send_bills(state: Any, environment: Environment, books: Books, clock: Clock, low: int, high: int) -> None:
    """Customers of rows `low` to `high` pay the bills that fall due in the period, as `charge` of the room says."""
    size = high - low
    years = environment.world[0].years
    rates = np.zeros(NOBODY + 1, np.float64)
    for f in range(environment.firms.shape[0]):
        rates[f] = environment.firms[f].contract.bills_per_year
    lucks = np.empty(size, np.uint32)
    since = np.empty(size, np.int64)
    new = np.empty(size, np.bool_)
    billed = np.empty(size, np.bool_)
    bills = np.empty(size, np.float64)
    draws = np.empty(size, np.float64)
    due = np.empty(size, np.int64)
    rows = np.empty(size, np.int32)
    for j in range(size):
        person = state.people[low + j]
        lucks[j] = state.luck[low + j]
        since[j] = clock.period - person.joined
        new[j] = (person.flags & NEWCOMER) != 0
        rate = rates[state.supplier[low + j]]
        billed[j] = rate > 0.0
        bills[j] = rate if rate > 0.0 else 1.0
    for j in range(size):
        draws[j] = uniforms(clock.seed, BONDS, lucks[j], 0, PHASE)[1]
    for j in range(size):
        so_far = bills_until(since[j], new[j], draws[j], bills[j], years)
        due[j] = bills_due(so_far - bills[j] * years, so_far)
    count = 0
    for j in range(size):
        rows[count] = j
        count += billed[j] & (due[j] > 0)
    for c in range(count):
        i = low + rows[c]
        books.tally[state.supplier[i], state.people[i].segment, O.bills] += due[rows[c]]
        ask_for(state, i, environment, books, np.float64(due[rows[c]]))
