"""Listening and moving: a dense pass finds the few to whom something may happen; for them the rules are computed."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.compiled import kernel
from sim.engine.census import count_customer
from sim.engine.outside import ask_before_moving, height
from sim.model.choice import Draws, move, nobody_adopts
from sim.model.contexts import Books, Clock, Environment
from sim.model.luck import uniforms
from sim.model.moments import Outside
from sim.model.person import GONE, INTENT_STAY, NOBODY, PRESENT
from sim.model.talk import listen
from sim.vocabulary.streams import MOVEMENT

BLOCK = 2048


@kernel
def movement_stage(
    state: Any, environment: Environment, books: Books, clock: Clock, outside: Outside, low: int, high: int
) -> None:
    """Rows `low` to `high` listen and move."""
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
    nobody = nobody_adopts(environment)
    for s in range(segment_count):
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
            happens |= ((person.intent != INTENT_STAY) | (person.leaves != 0)) & customer
            happens |= ((draws[0, j] < person.attrition) | (draws[1, j] < chances[j])) & customer
            happens |= (draws[3, j] >= nobody) & (not customer)
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
            if state.heard[i] != 0:
                state.heard[i] = 0
                state.inbox[i, :] = 0
            if state.supplier[i] != NOBODY:
                count_customer(state, environment.segments, books.tally, state.supplier[i], i, 1)
