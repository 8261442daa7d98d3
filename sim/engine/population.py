"""The people at the start: who they are, what they expect, whose customers they are."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.compiled import kernel, rule
from sim.model.dimensions import ASSURANCE
from sim.model.expectation import learned_will
from sim.model.judgement import LEVEL_SATISFIED
from sim.model.luck import beta, gamma, lognormal_with_mean, normal, uniforms
from sim.model.movement import NOBODY
from sim.model.person import CAPTIVE, INFLUENTIAL, PRESENT
from sim.model.register import O
from sim.model.service import CHAT, COUNTER, TELEPHONE, carried_over, human_touch
from sim.model.shares import clipped
from sim.vocabulary.streams import INITIAL

_GAMMA, _BETA = 10_000, 20_000


@kernel
def populate(
    state: Any, firms: Any, segments: Any, world: Any, shares: Any, present: int, seed: int, low: int, high: int
) -> None:
    """Draw rows `low` to `high` of the state; rows from `present` on are people who enter the market later.

    Everything about a person depends on (seed, luck id) only: one more person changes nobody else.
    `shares` holds the cumulated shares of the segments, then the cumulated initial shares of the firms.
    """
    years = world[0].years
    segment_count = segments.shape[0]
    for i in range(low, high):
        person = state.people[i]
        luck = person.luck
        place = uniforms(seed, INITIAL, luck, 0, 0)
        character = uniforms(seed, INITIAL, luck, 0, 1)
        purse = uniforms(seed, INITIAL, luck, 0, 2)
        s = 0
        while s < segment_count - 1 and place[0] >= shares[s]:
            s += 1
        segment = segments[s]
        bonds = segment.bonds
        person.segment = s
        flags = 0
        state.supplier[i] = NOBODY
        person.former = NOBODY
        person.won_by = NOBODY
        person.lost_by = NOBODY
        if i < present:
            flags = PRESENT
            for f in range(firms.shape[0]):
                if place[1] < shares[segment_count + f]:
                    state.supplier[i] = f
                    person.ever = 1 << f
                    person.history = segment.judgement.initial_history
                    break
        if place[2] < bonds.captive_share:
            flags |= CAPTIVE
        if place[3] < segment.sociability.influencer_share:
            flags |= INFLUENTIAL
        person.flags = flags
        person.level = LEVEL_SATISFIED
        z = segment.expectations.spread * normal(character[0])
        for d in range(5):
            will = clipped(segment.expectations.will[d] + z, 1.0, 7.0)
            if state.supplier[i] != NOBODY:
                will = learned_will(
                    will,
                    usual_level(firms[state.supplier[i]].systems, d),
                    segment.expectations.will_memory,
                    segment.judgement.initial_history,
                )
            person.will[d] = will
            person.should[d] = clipped(segment.expectations.should[d] + z, 1.0, 7.0)
        judgement = segment.judgement
        disposition = judgement.disposition_spread * normal(character[1])
        person.disposition = disposition
        person.satisfaction = clipped(judgement.initial_satisfaction + disposition, 0.0, 100.0)
        person.switching_cost = clipped(
            bonds.switching_cost + bonds.switching_cost_spread * normal(character[2]), 0.0, 1.0
        )
        person.complaint_tendency = segment.sociability.complaint_spread * normal(character[3])
        meets = segment.encounters
        person.spend = lognormal_with_mean(normal(purse[0]), meets.spend_per_purchase, meets.spend_cv)
        person.frequency = 1.0
        if meets.frequency_cv > 0.0:
            shape = 1.0 / (meets.frequency_cv * meets.frequency_cv)
            person.frequency = gamma(seed, INITIAL, luck, 0, _GAMMA, shape) / shape
        hazard = bonds.attrition_per_year
        if bonds.attrition_polarization > 0.0 and hazard > 0.0:
            size = 1.0 / bonds.attrition_polarization - 1.0
            hazard = beta(seed, INITIAL, luck, 0, _BETA, hazard * size, (1.0 - hazard) * size)
        if hazard >= 1.0:
            person.attrition = 1.0
        elif hazard > 0.0:
            person.attrition = 1.0 - math.exp(math.log1p(-hazard) * years)


@rule
def usual_level(systems: Any, d: int) -> float:
    """What a firm delivers on dimension d when nothing goes wrong, over its mix of channels, points (1-7)."""
    level = systems.service[d]
    if d < ASSURANCE:
        return level
    channels = systems.channels
    touch = (
        channels.chat * human_touch(CHAT, channels.filter_strength)
        + channels.telephone * human_touch(TELEPHONE, channels.filter_strength)
        + channels.counter * human_touch(COUNTER, channels.filter_strength)
    )
    return carried_over(level, touch)


@kernel
def count_relations(state: Any, firm_count: int, segment_count: int) -> Any:
    """Recount everybody's relation to every firm: int64[firms, segments, 4] prospects, active, lapsed, lost."""
    counts = np.zeros((firm_count, segment_count, 4), np.int64)
    for i in range(state.supplier.shape[0]):
        person = state.people[i]
        if person.flags & PRESENT == 0:
            continue
        for f in range(firm_count):
            bit = 1 << f
            if state.supplier[i] == f:
                relation = 1
            elif person.barred & bit != 0:
                relation = 3
            elif person.ever & bit != 0:
                relation = 2
            else:
                relation = 0
            counts[f, person.segment, relation] += 1
    return counts


@kernel
def enter_market(state: Any, tally: Any, low: int, high: int) -> None:
    """People of rows `low` to `high` enter the market as prospects of every firm."""
    for i in range(low, high):
        state.people[i].flags |= PRESENT
        for f in range(tally.shape[0]):
            tally[f, state.people[i].segment, O.entered] += 1
