"""Movement in the engine: a dense pass finds the few to whom something may happen; for them the rules are computed."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.compiled import double, kernel, prefetch, rule
from sim.engine.loyalty_points import blank_cards, keep_points
from sim.engine.lucks import take_lucks
from sim.engine.outside import Asking, ask_before_moving, height
from sim.engine.population import make_way
from sim.model.adoption import CELL, CELLS, cell_of, nobody_adopts
from sim.model.choice import Draws, lasting_chance, move
from sim.model.contexts import Books, Clock, Environment
from sim.model.dimensions import SCALE_LOW
from sim.model.expectation import predicted
from sim.model.in_use import at
from sim.model.luck import uniforms
from sim.model.moments import Outside
from sim.model.movement import is_there
from sim.model.opinion import SWAYS, fade, listen, sways_of_one
from sim.model.person import DROPS_OUT, GONE, INTENT_STAY, NOBODY, PRESENT, segment_of
from sim.model.population import is_replaced, take_place
from sim.model.rooms import O
from sim.model.shares import fixed_point
from sim.model.standing import count_customer
from sim.vocabulary.streams import MOVEMENT

BLOCK = 4096

AHEAD = 16
"""So many people before it is read, memory is asked for somebody's record."""


@kernel
def movement_stage(
    state: Any, environment: Environment, books: Books, clock: Clock, outside: Outside, low: int, high: int
) -> None:
    """Rows `low` to `high` listen and move, and their opinions fade."""
    firm_count = environment.firms.shape[0]
    segment_count = environment.segments.shape[0]
    draws = np.empty((4, BLOCK), np.float64)
    chances = np.empty(BLOCK, np.float64)
    lucks = np.empty(BLOCK, np.uint32)
    watched = np.empty(BLOCK, np.bool_)
    events = np.zeros(BLOCK + AHEAD, np.int32)
    asked = outside.before_moving.shape[0] > 0
    aside = np.empty((height(state, outside), BLOCK if asked else 0), np.float64)
    review = np.zeros((NOBODY + 1, segment_count), np.float64)
    most_reviews = np.zeros(NOBODY + 1, np.float64)
    for f in range(firm_count):  # number by number: what numba would say of wrong shapes takes four seconds to compile
        for s in range(segment_count):
            review[f, s] = environment.prices.reviews[f, s]
            most_reviews[f] = max(most_reviews[f], review[f, s])
    think = np.zeros((segment_count, NOBODY + 1), np.float64)
    stays = np.empty(segment_count, np.float64)
    angry = np.empty(segment_count, np.float64)
    sways = np.empty((segment_count, SWAYS), np.float64)
    sways_of_one(environment, sways)
    blank = np.zeros_like(state.people[:1])
    alone = stay_alone(environment)
    surely_alone = stay = least_angry = (
        1.0  # chances, of which each is the least; numba takes long over `min` of arrays
    )
    for s in range(segment_count):
        for cell in range(CELLS):
            surely_alone = min(surely_alone, alone[s, cell])
    closed = np.zeros(NOBODY + 1, np.bool_)
    some_closed = False
    dropping = False
    most_thoughts = 0.0
    for f in range(firm_count):
        closed[f] = not is_there(environment, f)
        some_closed |= closed[f]
    fades = min(environment.world[0].opinion_left) < 1.0
    for s in range(segment_count):
        dropping |= environment.segments[s].drop_out.per_purchase > 0.0
        segment = environment.segments[s]
        stays[s] = lasting_chance(segment.renewal_chance, segment.bonds.attrition_happens)
        angry[s] = 1.0 - environment.segments[s].forgiveness_chance
        stay, least_angry = min(stay, stays[s]), min(least_angry, angry[s])
        for f in range(firm_count):
            think[s, f] = environment.segments[s].return_chance + environment.firms[f].contact_chance
            most_thoughts = max(most_thoughts, think[s, f])
    signing = state.leaves.shape[0] == state.supplier.shape[0]
    collecting = state.points.shape[0] == state.supplier.shape[0]
    cards = blank_cards(BLOCK if collecting else 0)
    nobody_leaves = np.zeros(BLOCK, np.int32)
    for start in range(low, high, BLOCK):
        size = min(BLOCK, high - start)
        block = slice(start, start + size)
        supplier, former, barred = state.supplier[block], state.former[block], state.barred[block]
        intent, heard = state.intent[block], state.heard[block]
        leaves = state.leaves[block] if signing else nobody_leaves[:size]
        attrition = state.attrition[block]
        take_lucks(state, start, lucks[:size])
        for j in range(size):
            chances[j] = most_reviews[supplier[j]]
        if asked:
            for j in range(size):
                chances[j] = review[supplier[j], state.people[start + j].segment]
            ask_before_moving(state, environment, books, clock, Asking(outside, aside), start, chances, size)
        for j in range(size):
            draws[0, j], draws[1, j], draws[2, j], draws[3, j] = uniforms(
                clock.seed, MOVEMENT, lucks[j], clock.period, 0
            )
        # whoever might move is found in columns that stand apart, and only those few are looked at in their records
        for j in range(size):
            natural = (draws[0, j] < attrition[j]) | (draws[0, j] >= stay)
            first = (draws[3, j] >= surely_alone) & (supplier[j] == NOBODY)
            thinks = (draws[2, j] < most_thoughts) & (former[j] != NOBODY)
            forgives = (draws[2, j] >= least_angry) & (barred[j] != 0)
            decided = (intent[j] != INTENT_STAY) | (leaves[j] != 0) | (heard[j] != 0)
            watched[j] = natural | first | thinks | forgives | decided | (draws[1, j] < chances[j])
        if some_closed:
            for j in range(size):
                watched[j] |= closed[supplier[j]]
        if dropping:
            for j in range(size):
                watched[j] |= (state.people[start + j].flags & DROPS_OUT) != 0
        found = 0
        for j in range(size):
            events[found] = j
            found += watched[j]
        count = 0
        for c in range(found):
            ask_for(state, start + events[c + AHEAD])
            j = events[c]
            i = start + j
            person = state.people[i]
            s = 0 if segment_count == 1 else person.segment  # most records are not in the cache
            if not asked:
                chances[j] = review[state.supplier[i], s]
            happens = (draws[2, j] < think[s, state.former[i]]) | (state.heard[i] != 0)
            happens |= (draws[0, j] >= stays[s]) | ((draws[2, j] >= angry[s]) & (state.barred[i] != 0))
            if state.supplier[i] != NOBODY:
                happens |= (state.intent[i] != INTENT_STAY) | closed[state.supplier[i]]
                happens |= state.leaves[at(state.leaves, i)] != 0
                happens |= (draws[0, j] < state.attrition[i]) | (draws[1, j] < chances[j])
                happens |= dropping and (person.flags & DROPS_OUT) != 0
            else:
                cell = cell_of(predicted(person, environment.segments[s].judgement.importance))
                happens |= draws[3, j] >= alone[s, cell]
            events[count] = j
            count += happens
        for c in range(count):
            j = events[c]
            i = start + j
            if state.supplier[i] != NOBODY:
                count_customer(state, environment.segments, books.tally, state.supplier[i], i, -1)
            if state.heard[i] != 0:
                listen(state, i, environment, books, sways)
            if state.people[i].flags & (PRESENT | GONE) == PRESENT:
                luck = Draws(draws[0, j], draws[1, j], draws[2, j], draws[3, j], chances[j])
                move(state, i, environment, books, clock, luck)
                if is_replaced(state, i, environment):
                    make_way(state, i, blank)
                    take_place(state, i, environment, books, clock)
            if state.heard[i] != 0:
                state.inbox[state.heard[i], :] = 0
                state.heard[i] = 0
            if state.supplier[i] != NOBODY:
                count_customer(state, environment.segments, books.tally, state.supplier[i], i, 1)
        members = 0
        if collecting:
            points, year_points = state.points[block], state.year_points[block]
            for j in range(size):
                events[members] = j
                members += (points[j] | year_points[j]) != 0
        if members > 0:
            keep_points(state, environment, books, clock, start, members, events, cards)
        if fades:
            fade_opinions(state, environment, books, start, start + size, events)


@rule
def ask_for(state: Any, i: int) -> None:
    """Memory is asked for what will soon be read of the person of row i, if there is one."""
    prefetch(state.people, i)
    prefetch(state.satisfaction, i)
    prefetch(state.joined, i)
    prefetch(state.switching_cost, i)
    prefetch(state.year_points, at(state.year_points, i))
    prefetch(state.opinion, i)
    prefetch(state.inbox, state.heard[min(i, state.heard.size - 1)])


@kernel
def stay_alone(environment: Environment) -> Any:
    """At least so many take no first supplier, unless they hear of one: float64[segments, cells of the prediction]."""
    alone = np.empty((environment.segments.shape[0], CELLS), np.float64)
    for s in range(alone.shape[0]):
        for cell in range(CELLS):
            alone[s, cell] = nobody_adopts(environment, s, SCALE_LOW + cell * CELL)
    return alone


@kernel
def fade_opinions(state: Any, environment: Environment, books: Books, low: int, high: int, holders: Any) -> None:
    """Opinions of rows `low` to `high` fade, and with them the stock of customers' opinions.

    Most people hold none, and nothing fades. `holders` is room for as many rows.
    """
    firms = environment.firms.shape[0]
    count = 0
    for i in range(low, high):
        holds = False
        for f in range(firms):
            holds |= state.opinion[i, f] != 0.0
        holders[count] = i
        count += holds
    for c in range(count):
        i = holders[c]
        customer = state.supplier[i] != NOBODY
        f = state.supplier[i] if customer else 0  # of others nothing is added, which is sooner done than not
        before = fixed_point(double(state.opinion[i, f]))
        fade(state, i, environment)
        after = fixed_point(double(state.opinion[i, f]))
        books.tally[f, segment_of(state, i, environment), O.opinion_sum] += customer * (after - before)
