"""Offers in the engine: chosen customers get one, and the stocks follow."""

from __future__ import annotations

from typing import Any

from sim.compiled import kernel
from sim.engine.desk import IN_HANDLING, finish_case
from sim.model.contexts import Books, Clock, Environment
from sim.model.offer import Terms, be_offered
from sim.model.person import NOBODY
from sim.model.standing import count_customer


@kernel
def offer_stage(state: Any, environment: Environment, books: Books, clock: Clock, rows: Any, terms: Terms) -> None:
    """The customers of the rows `rows`, int64, get an offer of their supplier; whoever is no customer gets none."""
    for n in range(rows.shape[0]):
        i = rows[n]
        if state.supplier[i] != NOBODY:
            count_customer(state, environment.segments, books.tally, state.supplier[i], i, -1)
            be_offered(state, i, environment, books, clock, terms)
            if state.supplier[i] != NOBODY:
                count_customer(state, environment.segments, books.tally, state.supplier[i], i, 1)


@kernel
def answer_now(
    state: Any, environment: Environment, books: Books, clock: Clock, cases: Any, chosen: Any, f: int, now: float
) -> int:
    """Complaints at firm f's desk are answered at once; returns how many stay open (moved to the front of `cases`).

    `chosen`, bool[people], says whose; `now` is in years since the start. Staff who are at work on one stay so.
    """
    kept = 0
    for c in range(cases.shape[0]):
        if chosen[cases[c].row]:
            cases[c].status = IN_HANDLING
            finish_case(cases[c], state, environment, books, clock, f, now)
        else:
            cases[kept] = cases[c]
            kept += 1
    return kept
