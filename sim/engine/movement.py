"""Listening and moving: a dense pass finds the few to whom something may happen; for them the rules are computed."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.compiled import double, kernel
from sim.engine.census import count_change, count_customer
from sim.engine.outside import ask_before_moving, height
from sim.engine.population import make_way
from sim.model.adoption import CELL, CELLS, cell_of, nobody_adopts
from sim.model.choice import Draws, move
from sim.model.contexts import Books, Clock, Environment
from sim.model.dimensions import SCALE_LOW
from sim.model.expectation import predicted
from sim.model.luck import uniforms
from sim.model.moments import Outside
from sim.model.movement import is_there
from sim.model.opinion import fade, listen
from sim.model.person import DROPS_OUT, GONE, INTENT_STAY, NOBODY, PRESENT
from sim.model.population import is_replaced, take_place
from sim.model.programme import keep
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
    hazards = np.empty(BLOCK, np.float32)
    watched = np.empty(BLOCK, np.bool_)
    events = np.empty(BLOCK, np.int32)
    asked = outside.before_moving.shape[0] > 0
    aside = np.empty((height(state, outside), BLOCK if asked else 0), np.float64)
    review = np.zeros((NOBODY + 1, segment_count), np.float64)
    for f in range(firm_count):  # number by number: what numba would say of wrong shapes takes four seconds to compile
        for s in range(segment_count):
            review[f, s] = environment.prices.reviews[f, s]
    think = np.zeros((segment_count, NOBODY + 1), np.float64)
    stays = np.empty(segment_count, np.float64)
    angry = np.empty(segment_count, np.float64)
    blank = np.zeros_like(state.people[:1])
    alone = stay_alone(environment)
    surely_alone = alone.min()
    closed = np.zeros(NOBODY + 1, np.bool_)
    for f in range(firm_count):
        closed[f] = not is_there(environment, f)
    fades = min(environment.world[0].opinion_left) < 1.0
    for s in range(segment_count):
        stays[s] = 1.0 - environment.segments[s].renewal_chance
        angry[s] = 1.0 - environment.segments[s].forgiveness_chance
        for f in range(firm_count):
            think[s, f] = environment.segments[s].return_chance + environment.firms[f].contact_chance
    stay = stays.min()
    forgives = angry.min() < 1.0
    for start in range(low, high, BLOCK):
        size = min(BLOCK, high - start)
        points = 0
        for j in range(size):
            i = start + j
            person = state.people[i]
            lucks[j] = person.luck
            hazards[j] = person.attrition
            points |= person.points | person.year_points
            chances[j] = review[state.supplier[i], person.segment]
            decided = (person.intent != INTENT_STAY) | (person.leaves != 0) | closed[state.supplier[i]]
            decided |= (person.flags & DROPS_OUT) != 0
            watched[j] = decided | (person.former != NOBODY) | (forgives & (person.barred != 0)) | (state.heard[i] != 0)
        if asked:
            ask_before_moving(state, environment, books, clock, outside, start, chances, size, aside)
        for j in range(size):
            draws[0, j], draws[1, j], draws[2, j], draws[3, j] = uniforms(
                clock.seed, MOVEMENT, lucks[j], clock.period, 0
            )
        # whoever might move is found in short arrays, and only those few are looked at again in their records
        for j in range(size):
            natural = (draws[0, j] < hazards[j]) | (draws[0, j] >= stay)
            first = (draws[3, j] >= surely_alone) & (state.supplier[start + j] == NOBODY)
            watched[j] |= natural | (draws[1, j] < chances[j]) | first
        found = 0
        for j in range(size):
            events[found] = j
            found += watched[j]
        count = 0
        for c in range(found):
            j = events[c]
            i = start + j
            person = state.people[i]
            s = person.segment
            happens = (draws[2, j] < think[s, person.former]) | (state.heard[i] != 0)
            happens |= (draws[0, j] >= stays[s]) | ((draws[2, j] >= angry[s]) & (person.barred != 0))
            if state.supplier[i] != NOBODY:
                happens |= (person.flags & DROPS_OUT) != 0
                happens |= (person.intent != INTENT_STAY) | (person.leaves != 0) | closed[state.supplier[i]]
                happens |= (draws[0, j] < person.attrition) | (draws[1, j] < chances[j])
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
                listen(state, i, environment, books)
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
        if points != 0:
            for i in range(start, start + size):
                person = state.people[i]
                if (person.points | person.year_points) != 0:
                    points_before = int(person.points)
                    before = double(person.satisfaction)
                    keep(state, i, environment, books, clock)
                    counts = books.tally[state.supplier[i], person.segment]
                    counts[O.points_held] += int(person.points) - points_before
                    count_change(counts, double(person.satisfaction), before)
        if fades:
            fade_opinions(state, environment, books, start, start + size)


@kernel
def stay_alone(environment: Environment) -> Any:
    """At least so many take no first supplier, unless they hear of one: float64[segments, cells of the prediction]."""
    alone = np.empty((environment.segments.shape[0], CELLS), np.float64)
    for s in range(alone.shape[0]):
        for cell in range(CELLS):
            alone[s, cell] = nobody_adopts(environment, s, SCALE_LOW + cell * CELL)
    return alone


@kernel
def fade_opinions(state: Any, environment: Environment, books: Books, low: int, high: int) -> None:
    """Opinions of rows `low` to `high` fade, and with them the stock of customers' opinions.

    Most people hold none, and nothing fades.
    """
    firms = environment.firms.shape[0]
    holders = np.empty(high - low, np.int32)
    count = 0
    for j in range(high - low):
        holds = False
        for f in range(firms):
            holds |= state.opinion[low + j, f] != 0.0
        holders[count] = j
        count += holds
    for c in range(count):
        i = low + holders[c]
        f = state.supplier[i]
        if f == NOBODY:
            fade(state, i, environment)
            continue
        before = fixed_point(double(state.opinion[i, f]))
        fade(state, i, environment)
        after = fixed_point(double(state.opinion[i, f]))
        books.tally[f, state.people[i].segment, O.opinion_sum] += after - before
