"""Population: who the people are when they come into the market: segment, supplier, traits, expectations."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from sim.compiled import kernel, rule
from sim.model.contexts import Environment
from sim.model.dimensions import ASSURANCE, DIMENSION_COUNT, SCALE_HIGH, SCALE_LOW
from sim.model.expectation import learned_will
from sim.model.judgement import LEVEL_SATISFIED
from sim.model.luck import beta, gamma, lognormal_with_mean, normal, uniforms
from sim.model.person import ALL_FLAGS, CAPTIVE, INFLUENTIAL, NEWCOMER, NOBODY, PRESENT
from sim.model.service import CHAT, COUNTER, TELEPHONE, carried_over, human_touch
from sim.model.shares import chance_per_period, clipped
from sim.vocabulary.streams import INITIAL

if TYPE_CHECKING:
    from sim.model.scenario import Scenario

FREQUENCY_DRAWS, ATTRITION_DRAWS = 10_000, 20_000
"""Where the indexes of the stream INITIAL begin of the two traits that need more than one draw."""


def ladders(scenario: Scenario) -> list[float]:
    """The cumulated shares of the segments, then the cumulated initial shares of the firms.

    >>> from sim.model.scenario import Scenario
    >>> ladders(Scenario())
    [1.0, 0.45, 0.8500000000000001]
    """
    steps: list[float] = []
    for shares in ([s.share for s in scenario.all_segments], [firm.initial_share for firm in scenario.firms]):
        total = 0.0
        for share in shares:
            total += share
            steps.append(total)
    return steps


NEARLY = 1e-9
"""What a whole number of newcomers may be short of by rounding."""


def entered_by(entrants_per_year: float, periods: int, years: float) -> int:
    """Whole people who have entered the market in the first so many periods, each of a length in years.

    Nobody enters during a warm-up, whose periods are before the first.

    >>> entered_by(9.0, 4, 1 / 12), entered_by(9.0, 5, 1 / 12)
    (3, 3)
    """
    return max(0, math.floor(entrants_per_year * periods * years + NEARLY))


@kernel
def be_born(state: Any, i: int, environment: Environment, steps: Any, present: bool, seed: int) -> None:
    """Draw the person of row i, whose `luck` is set, and everything else is zero.

    Everything about a person depends on seed and luck only: one more person changes nobody else.

    Args:
        state: The people.
        i: Row of the person.
        environment: Parameters before the first period.
        steps: float64, as of `ladders`.
        present: Whether the person is in the market from the start.
        seed: Key of the run's luck.
    """
    person = state.people[i]
    luck = person.luck
    place = uniforms(seed, INITIAL, luck, 0, 0)
    character = uniforms(seed, INITIAL, luck, 0, 1)
    purse = uniforms(seed, INITIAL, luck, 0, 2)
    segments = environment.segments.shape[0]
    s = 0
    while s < segments - 1 and place[0] >= steps[s]:
        s += 1
    segment = environment.segments[s]
    bonds = segment.bonds
    person.segment = s
    flags = 0
    state.supplier[i] = NOBODY
    person.former = NOBODY
    for f in range(environment.firms.shape[0]):
        state.won_by[i, f] = NOBODY
        state.lost_by[i, f] = NOBODY
    if present:
        flags = PRESENT
        for f in range(environment.firms.shape[0]):
            if place[1] < steps[segments + f]:
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
    above_others = segment.expectations.spread * normal(character[0])
    for d in range(DIMENSION_COUNT):
        will = clipped(segment.expectations.will[d] + above_others, SCALE_LOW, SCALE_HIGH)
        if state.supplier[i] != NOBODY:
            usual = usual_level(environment.firms[state.supplier[i]].systems, d)
            will = learned_will(will, usual, segment.expectations.will_memory, segment.judgement.initial_history)
        person.will[d] = will
        person.should[d] = clipped(segment.expectations.should[d] + above_others, SCALE_LOW, SCALE_HIGH)
    judgement = segment.judgement
    disposition = judgement.disposition_spread * normal(character[1])
    person.disposition = disposition
    person.satisfaction = clipped(judgement.initial_satisfaction + disposition, 0.0, 100.0)
    person.switching_cost = clipped(bonds.switching_cost + bonds.switching_cost_spread * normal(character[2]), 0.0, 1.0)
    person.complaint_tendency = segment.sociability.complaint_spread * normal(character[3])
    meets = segment.encounters
    person.spend = lognormal_with_mean(normal(purse[0]), meets.spend_per_purchase, meets.spend_cv)
    person.frequency = 1.0
    if meets.frequency_cv > 0.0:
        shape = 1.0 / (meets.frequency_cv * meets.frequency_cv)
        person.frequency = gamma(seed, INITIAL, luck, 0, FREQUENCY_DRAWS, shape) / shape
    hazard = bonds.attrition_per_year
    if bonds.attrition_polarization > 0.0 and hazard > 0.0:
        size = 1.0 / bonds.attrition_polarization - 1.0
        hazard = beta(seed, INITIAL, luck, 0, ATTRITION_DRAWS, hazard * size, (1.0 - hazard) * size)
    person.attrition = 1.0 if hazard >= 1.0 else chance_per_period(hazard, environment.world[0].years)


@kernel
def count_from_now(state: Any, i: int) -> None:
    """The warm-up is over: whoever is a customer now belongs to the customers of the start."""
    state.people[i].flags &= ALL_FLAGS - NEWCOMER


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
