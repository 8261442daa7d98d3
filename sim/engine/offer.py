"""Offers: chosen customers get one, and the stocks follow."""

from __future__ import annotations

from typing import Any

from sim.compiled import kernel
from sim.engine.census import count_customer
from sim.model.contexts import Books, Clock, Environment
from sim.model.offer import Terms, be_offered
from sim.model.person import NOBODY


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
