"""Listening and moving: a dense pass finds the few to whom something may happen; for them the rules are computed."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.compiled import double, kernel
from sim.engine.census import count_customer
from sim.engine.outside import ask_before_moving, height
from sim.engine.population import make_way
from sim.model.adoption import nobody_adopts
from sim.model.choice import Draws, move
from sim.model.contexts import Books, Clock, Environment
from sim.model.luck import uniforms
from sim.model.moments import Outside
from sim.model.movement import is_there
from sim.model.opinion import fade, listen
from sim.model.person import GONE, INTENT_STAY, NOBODY, PRESENT
from sim.model.population import is_replaced, take_place
from sim.model.register import O
from sim.model.shares import fixed_point
from sim.vocabulary.streams import MOVEMENT

BLOCK = 2048


@kernel
def movement_stage(
    state: Any, environment: Environment, books: Books, clock: Clock, outside: Outside, low: int, high: int
) -> None:
    """Rows `low` to `high` listen and move, and their opinions fade."""
    firm_count = environment.firms.shape[0]
    segment_count = environment.segments.shape[0]
    lucks = np.empty(BLOCK, np.uint32)
    draws = np.empty((4, BLOCK), np.float64)
    chances = np.empty(BLOCK, np.float64)
    events = np.empty(BLOCK, np.int32)
    asked = outside.before_moving.shape[0] > 0
    aside = np.empty((height(state, outside), BLOCK if asked else 0), np.float64)
    review = np.zeros((NOBODY + 1, segment_count), np.float64)
    review[:firm_count] = environment.prices.reviews
    think = np.zeros((segment_count, NOBODY + 1), np.float64)
    stays = np.empty(segment_count, np.float64)
    angry = np.empty(segment_count, np.float64)
    blank = np.zeros_like(state.people[:1])
    nobody = nobody_adopts(environment)
    closed = np.zeros(NOBODY + 1, np.bool_)
    for f in range(firm_count):
        closed[f] = not is_there(environment, f)
    fades = min(environment.world[0].opinion_left) < 1.0
    for s in range(segment_count):
        stays[s] = 1.0 - environment.segments[s].renewal_chance
        angry[s] = 1.0 - environment.segments[s].forgiveness_chance
        for f in range(firm_count):
            think[s, f] = environment.segments[s].return_chance + environment.firms[f].contact_chance
    for start in range(low, high, BLOCK):
        size = min(BLOCK, high - start)
        for j in range(size):
            lucks[j] = state.people[start + j].luck
            chances[j] = review[state.supplier[start + j], state.people[start + j].segment]
        if asked:
            ask_before_moving(state, environment, books, clock, outside, start, chances, size, aside)
        for j in range(size):
            draws[0, j], draws[1, j], draws[2, j], draws[3, j] = uniforms(
                clock.seed, MOVEMENT, lucks[j], clock.period, 0
            )
        count = 0
        for j in range(size):
            i = start + j
            person = state.people[i]
            s = person.segment
            customer = state.supplier[i] != NOBODY
            happens = (draws[2, j] < think[s, person.former]) | (state.heard[i] != 0)
            decided = (person.intent != INTENT_STAY) | (person.leaves != 0)
            happens |= (decided | closed[state.supplier[i]]) & customer
            happens |= ((draws[0, j] < person.attrition) | (draws[1, j] < chances[j])) & customer
            happens |= (draws[3, j] >= nobody) & (not customer)
            happens |= (draws[0, j] >= stays[s]) | ((draws[2, j] >= angry[s]) & (person.barred != 0))
            events[count] = j
            count += happens
        for c in range(count):
            j = events[c]
            i = start + j
            if state.supplier[i] != NOBODY:
                count_customer(state, environment.segments, books.tally, state.supplier[i], i, -1)
            if state.heard[i] != 0:
                listen(state, i, environment, books)
            if state.people[i].flags & (PRESENT | GONE) == PRESENT:
                luck = Draws(draws[0, j], draws[1, j], draws[2, j], draws[3, j], chances[j])
                move(state, i, environment, books, clock, luck)
                if is_replaced(state, i, environment):
                    make_way(state, i, blank)
                    take_place(state, i, environment, books, clock)
            if state.heard[i] != 0:
                state.heard[i] = 0
                state.inbox[i, :] = 0
            if state.supplier[i] != NOBODY:
                count_customer(state, environment.segments, books.tally, state.supplier[i], i, 1)
        if fades:
            fade_opinions(state, environment, books, start, start + size)


@kernel
def fade_opinions(state: Any, environment: Environment, books: Books, low: int, high: int) -> None:
    """Opinions of rows `low` to `high` fade, and with them the stock of customers' opinions."""
    for i in range(low, high):
        f = state.supplier[i]
        if f == NOBODY:
            fade(state, i, environment)
            continue
        before = fixed_point(double(state.opinion[i, f]))
        fade(state, i, environment)
        after = fixed_point(double(state.opinion[i, f]))
        books.tally[f, state.people[i].segment, O.opinion_sum] += after - before
