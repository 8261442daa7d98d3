"""People of the start, drawn many at once: the traits of each are those of `draw_traits`, to the last bit."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.compiled import kernel
from sim.engine.lucks import take_lucks
from sim.engine.many_draws import OF_GAMMAS, Many, draw_gammas, draw_normals
from sim.model.attrition import ATTRITION_DRAWS, attrition_differs, attrition_per_period, beta_shapes
from sim.model.contexts import Environment
from sim.model.expectation import left_of_prior
from sim.model.gammas import ATTEMPTS, beta_of, gamma_of
from sim.model.luck import log_variance, uniforms
from sim.model.population import begin, segment_by
from sim.model.traits import CHARACTER_DRAW, FREQUENCY_DRAWS, PLACE_DRAW, PURSE_DRAW, Traits, frequency_shape
from sim.vocabulary.streams import INITIAL

BLOCK = 512
"""People drawn at a time: what is noted of them all fits into a near cache."""

FOR_SEGMENT, FOR_FIRM, HELD, FOLLOWED = range(4)
PLACES = 4
"""Uniform draws of everybody, by place among the people of a block."""

STANDARDS, DISPOSITION, BINDING, COMPLAINT, PURSE = range(OF_GAMMAS, OF_GAMMAS + 5)
FREQUENCY, FREQUENCY_BOOST, ATTRITION, ATTRITION_BOOST, OTHER, OTHER_BOOST = range(OF_GAMMAS + 5, OF_GAMMAS + 11)
DRAWN = OF_GAMMAS + 11
"""Draws of those of one segment: normal ones, then gammas in their parts, two for attrition."""


@kernel
def populate(
    state: Any, environment: Environment, steps: Any, lived: Any, present: int, seed: int, low: int, high: int
) -> None:
    """Draw rows `low` to `high` of the state; rows from `present` on are people who enter the market later.

    `lived`, int64[segments], says how many people of each segment have lived before: where there are any, those who are
    there at the start will be some of them, and only their segment is drawn here.
    """
    lucks, keys = np.empty(BLOCK, np.uint32), np.empty(BLOCK, np.uint32)
    those, few = np.empty(BLOCK, np.int32), np.empty(BLOCK, np.int32)
    place, draws = np.empty((PLACES, BLOCK), np.float64), np.empty((DRAWN, BLOCK), np.float64)
    segments = environment.segments.shape[0]
    for start in range(low, high, BLOCK):
        size = min(BLOCK, high - start)
        take_lucks(state, start, lucks[:size])
        for j in range(size):
            u = uniforms(seed, INITIAL, lucks[j], 0, PLACE_DRAW)
            place[FOR_SEGMENT, j], place[FOR_FIRM, j], place[HELD, j], place[FOLLOWED, j] = u
        for j in range(size):
            state.people[start + j].segment = segment_by(place[FOR_SEGMENT, j], steps, segments)
        for s in range(segments):
            count = 0
            for j in range(size):
                those[count] = j
                new = (start + j >= present) | (lived[s] == 0)
                count += new & (state.people[start + j].segment == s)
            if count == 0:
                continue
            for c in range(count):
                keys[c] = lucks[those[c]]
            draw_traits_of_many(environment, s, Many(keys, count, draws, few), seed)
            segment = environment.segments[s]
            prior_left = left_of_prior(segment.expectations.will_memory, segment.judgement.initial_history)
            variance = log_variance(segment.encounters.spend_cv)
            for c in range(count):
                j = those[c]
                i = start + j
                traits = Traits(
                    place[HELD, j],
                    place[FOLLOWED, j],
                    draws[STANDARDS, c],
                    draws[DISPOSITION, c],
                    draws[BINDING, c],
                    draws[COMPLAINT, c],
                    draws[PURSE, c],
                    draws[FREQUENCY, c],
                    draws[ATTRITION, c],
                    prior_left,
                    variance,
                )
                begin(state, i, environment, steps, i < present, place[FOR_FIRM, j], traits, seed)


@kernel
def draw_traits_of_many(environment: Environment, s: int, many: Many, seed: int) -> None:
    """Draw what differs between people of segment s, who are there at the start."""
    keys, count, draws = many.keys, many.people, many.draws
    for c in range(count):
        u = uniforms(seed, INITIAL, keys[c], 0, CHARACTER_DRAW)
        draws[FREQUENCY, c], draws[FREQUENCY_BOOST, c], draws[ATTRITION, c], draws[ATTRITION_BOOST, c] = u
    for c in range(count):
        draws[OTHER, c] = uniforms(seed, INITIAL, keys[c], 0, PURSE_DRAW)[0]
    for trait in range(PURSE + 1 - STANDARDS):  # until they are drawn, uniform draws stand where gammas will be
        draw_normals(many, FREQUENCY + trait, STANDARDS + trait)
    segment, years = environment.segments[s], environment.world[0].years
    cv, bonds = segment.encounters.frequency_cv, segment.bonds
    if cv > 0.0:
        shape = frequency_shape(cv)
        draw_gammas(many, seed, INITIAL, FREQUENCY_DRAWS, shape, FREQUENCY)
        for c in range(count):
            draws[FREQUENCY, c] = gamma_of(draws[FREQUENCY, c], draws[FREQUENCY_BOOST, c]) / shape
    else:
        for c in range(count):
            draws[FREQUENCY, c] = 1.0
    if attrition_differs(bonds):
        a, b = beta_shapes(bonds.attrition_per_year, bonds.attrition_polarization)
        draw_gammas(many, seed, INITIAL, ATTRITION_DRAWS, a, ATTRITION)
        draw_gammas(many, seed, INITIAL, ATTRITION_DRAWS + ATTEMPTS, b, OTHER)
        for c in range(count):
            hazard = beta_of(draws[ATTRITION, c], draws[ATTRITION_BOOST, c], draws[OTHER, c], draws[OTHER_BOOST, c])
            draws[ATTRITION, c] = attrition_per_period(hazard, years)
    else:
        for c in range(count):
            draws[ATTRITION, c] = attrition_per_period(bonds.attrition_per_year, years)
