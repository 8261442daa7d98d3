"""Points of loyalty programmes as a period passes: reckoned many at once, of those alone who hold some."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from sim.compiled import double, kernel, single
from sim.engine.census import count_change
from sim.model.contexts import Books, Clock, Environment
from sim.model.person import segment_of
from sim.model.programme import lapse_loss_of, lapse_minded, lapsing, lose_points, pass_year
from sim.model.rooms import O

BEFORE, SHARE, YEAR_PASSES, LOSS, REWARD = range(5)
"""Rows of `Cards.terms`: satisfaction before, and what the supplier's programme says."""


class Cards(NamedTuple):
    """Room for what is known of members, a column each.

    Attributes:
        held, of_year: int64[members], points held, and earned in twelve months.
        terms: float64[5, members], see above.
        lost, older: int64[members], how many of these points lapse, and are older than twelve months now.
        minded: float32[members], satisfaction afterwards.
    """

    held: Any
    of_year: Any
    terms: Any
    lost: Any
    older: Any
    minded: Any


@kernel
def blank_cards(size: int) -> Cards:
    """Room for so many members."""
    return Cards(
        np.empty(size, np.int64),
        np.empty(size, np.int64),
        np.empty((REWARD + 1, size), np.float64),
        np.empty(size, np.int64),
        np.empty(size, np.int64),
        np.empty(size, np.float32),
    )


@kernel
def keep_points(
    state: Any, environment: Environment, books: Books, clock: Clock, start: int, count: int, members: Any, cards: Cards
) -> None:
    """A period passes for the points of the first `count` of `members`, places counted from row `start`.

    As `sim.model.programme.keep` says, in loops without branches: what is read and written stands apart, and no record
    is looked at.
    """
    held, of_year, terms, lost, older, minded = cards
    for c in range(count):
        i = start + members[c]
        firm = environment.firms[state.supplier[i]]
        held[c] = state.points[i]
        of_year[c] = state.year_points[i]
        terms[BEFORE, c] = double(state.satisfaction[i])
        terms[SHARE, c] = firm.points_lapse
        terms[YEAR_PASSES, c] = firm.year_passes
        terms[LOSS, c] = lapse_loss_of(firm)
        terms[REWARD, c] = firm.programme.reward
    for c in range(count):
        lost[c] = lapsing(held[c], terms[SHARE, c], clock.period)
        older[c] = lapsing(of_year[c], terms[YEAR_PASSES, c], clock.period)
    for c in range(count):
        minded[c] = single(lapse_minded(terms[BEFORE, c], held[c], lost[c], terms[LOSS, c], terms[REWARD, c]))
    for c in range(count):
        i = start + members[c]
        state.satisfaction[i] = minded[c]
        lose_points(state, i, environment, books, lost[c])
        pass_year(state, i, environment, books, older[c])
        counts = books.tally[state.supplier[i], segment_of(state, i, environment)]
        counts[O.points_held] -= lost[c]
        count_change(counts, double(minded[c]), terms[BEFORE, c])
