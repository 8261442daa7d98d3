"""Points of loyalty programmes: collected by those who buy and lost as periods pass, reckoned many at once."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from sim.compiled import double, kernel, prefetch, single
from sim.engine.census import count_change
from sim.model.contexts import Books, Clock, Environment
from sim.model.encounter_table import T
from sim.model.loyalty_points import (
    FITS,
    collect,
    lapse_loss_of,
    lapse_minded,
    lapsing,
    lose_points,
    owe,
    pass_year,
    redeem,
    with_points,
)
from sim.model.luck import uniforms
from sim.model.person import luck_of, segment_of
from sim.model.rooms import O
from sim.model.service import PURCHASE
from sim.model.tiers import tier_of
from sim.vocabulary.streams import BONDS

BEFORE, SHARE, YEAR_PASSES, LOSS, REWARD = range(5)
"""Rows of `Cards.terms`: satisfaction before, and what the supplier's programme says."""

SPENT = 0
"""The one that is needed of those who buy."""


class Cards(NamedTuple):
    """Room for what is known of members, a column each.

    Attributes:
        held, of_year: int64[members], points held, and earned in twelve months.
        terms: float64[5, members], see above.
        lost, older: int64[members], how many of these points lapse, and are older than twelve months now; of those who
            buy, how many there are of either.
        minded: float32[members], satisfaction afterwards.
        place, full: int32[members], which columns buy, and which of these have points for a reward.
        luck, born: uint32[members] and int32[members], keys of the luck of the latter.
        fits: float64[members], their draws.
    """

    held: Any
    of_year: Any
    terms: Any
    lost: Any
    older: Any
    minded: Any
    place: Any
    full: Any
    luck: Any
    born: Any
    fits: Any


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
        np.empty(size, np.int32),
        np.empty(size, np.int32),
        np.empty(size, np.uint32),
        np.empty(size, np.int32),
        np.empty(size, np.float64),
    )


@kernel
def collect_points(
    state: Any, environment: Environment, books: Books, clock: Clock, table: Any, those: Any, cards: Cards
) -> None:
    """Points and rewards of those in the table, at the rows `those`, who have bought something of one firm.

    As `sim.model.loyalty_points.collect` says. `those` are of one segment too, and at least one.
    """
    held, of_year, terms, now, of_year_now = cards.held, cards.of_year, cards.terms, cards.lost, cards.older
    place, full, luck, born, fits = cards.place, cards.full, cards.luck, cards.born, cards.fits
    firm = environment.firms[state.supplier[those[0]]]
    counts = books.tally[state.supplier[those[0]], segment_of(state, those[0], environment)]
    buyers = 0
    for j in range(those.size):
        place[buyers] = j
        buyers += table[T.kind, j] == PURCHASE
    if firm.programme.offered <= 0.0:
        for c in range(buyers):
            i = those[place[c]]
            counts[O.points_held] += collect(state, i, environment, books, clock, table[T.spend, place[c]])
            table[T.satisfaction, place[c]] = state.satisfaction[i]
        return
    price, points, bonus = firm.strategy.price_index, firm.programme.points, firm.programme.bonus
    silver, gold, reward = firm.programme.silver, firm.programme.gold, math.floor(firm.programme.reward)
    for c in range(buyers):
        i = those[place[c]]
        held[c] = state.points[i]
        of_year[c] = state.year_points[i]
        terms[SPENT, c] = table[T.spend, place[c]]
    for c in range(buyers):
        earned = terms[SPENT, c] * price * points
        now[c] = with_points(held[c], earned * (1.0 + bonus * tier_of(of_year[c], silver, gold)))
        of_year_now[c] = with_points(of_year[c], earned)
    issued = 0
    for c in range(buyers):
        i = those[place[c]]
        state.points[i] = now[c]
        state.year_points[i] = of_year_now[c]
        owe(state, i, environment, now[c] - held[c])
        issued += now[c] - held[c]
    counts[O.points_issued] += issued
    counts[O.points_held] += issued
    enough = 0
    for c in range(buyers):
        full[enough] = place[c]
        enough += now[c] >= reward
    for n in range(enough):
        i = those[full[n]]
        luck[n] = luck_of(state, i)
        born[n] = state.people[i].born
    for n in range(enough):
        fits[n] = uniforms(clock.seed, BONDS, luck[n], born[n], FITS)[0]
    for n in range(enough):
        if fits[n] < firm.programme.fit:
            i = those[full[n]]
            counts[O.points_held] -= redeem(state, i, environment, counts)
            table[T.satisfaction, full[n]] = state.satisfaction[i]


@kernel
def keep_points(
    state: Any, environment: Environment, books: Books, clock: Clock, start: int, count: int, members: Any, cards: Cards
) -> None:
    """A period passes for the points of the first `count` of `members`, places counted from row `start`.

    As `sim.model.loyalty_points.keep` says, in loops without branches: what is read and written stands apart, and no
    record is looked at.
    """
    held, of_year, terms, lost, older, minded = (
        cards.held,
        cards.of_year,
        cards.terms,
        cards.lost,
        cards.older,
        cards.minded,
    )
    for c in range(count):
        i = start + members[c]
        prefetch(state.margin, i)
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
