"""Who has an encounter in a period, and how many: drawn for everybody, block by block."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from sim.compiled import kernel
from sim.engine.lucks import take_lucks
from sim.model.contexts import Clock, Environment
from sim.model.drop_out import until_drop_out
from sim.model.luck import ALMOST_ONE, events, no_event, uniforms
from sim.model.tiers import keenness, tier_of
from sim.model.usage import MOST_AT_ONCE, appetite_of, few_events
from sim.vocabulary.streams import ARRIVAL


class Coming(NamedTuple):
    """Who has an encounter among some people, and room to draw it; arrays of `BLOCK`.

    Attributes:
        rows: int32, who has one or more.
        times: int32, how many in the period.
        keys: uint32, keys of luck.
        means: float64, encounters expected.
        draws: float64, the luck of how many there are.
        expected: float64, the means of those who may have one; also room for the usual visits.
        drawn: float64, their draws.
        none: float64, their chances to have none.
    """

    rows: Any
    times: Any
    keys: Any
    means: Any
    draws: Any
    expected: Any
    drawn: Any
    none: Any


class Rates(NamedTuple):
    """What the number of encounters rests on beside a person's own frequency.

    Attributes:
        visits: float64[firms, segments], of an average customer, with 0 for those of nobody.
        programmes: Whether some firm has a loyalty programme.
        swayed: Whether satisfaction counts.
        dropping: Whether people may drop out by the encounter.
    """

    visits: Any
    programmes: bool
    swayed: bool
    dropping: bool


@kernel
def who_comes(state: Any, environment: Environment, clock: Clock, start: int, size: int, by: Rates, to: Coming) -> int:
    """Draw how many encounters each of `size` people from row `start` on has: how many have any, rows and times."""
    segment_count = environment.segments.shape[0]
    rows, times, means, draws, visits = to.rows, to.times, to.means, to.draws, by.visits
    block = slice(start, start + size)
    supplier, frequency = state.supplier[block], state.frequency[block]
    for j in range(size):
        s = 0 if segment_count == 1 else state.people[start + j].segment  # most records are not in the cache
        means[j] = np.float64(frequency[j]) * visits[supplier[j], s]
    if by.programmes:
        hasten(state, environment, start, size, means, visits, to.expected)
    if by.swayed:
        for j in range(size):
            means[j] *= appetite_of(state, start + j, environment)
    take_lucks(state, start, to.keys[:size])
    for j in range(size):
        draws[j] = uniforms(clock.seed, ARRIVAL, to.keys[j], clock.period, 0)[0]
    count = 0
    for j in range(size):
        # of the others the Poisson count is surely zero; so it is for those without a supplier, whose mean is 0
        rows[count] = j
        count += draws[j] > ALMOST_ONE - means[j]
    for c in range(count):
        to.expected[c] = means[rows[c]]
        to.drawn[c] = draws[rows[c]]
    for c in range(count):
        to.none[c] = no_event(to.expected[c])
    for c in range(count):
        times[c] = few_events(to.drawn[c], to.expected[c], to.none[c])
        rows[c] += start
    for c in range(count):
        if times[c] > MOST_AT_ONCE:
            times[c] = events(to.drawn[c], to.expected[c], to.none[c])
    if by.dropping:
        for c in range(count):
            times[c] = until_drop_out(state, rows[c], environment, clock, times[c])
    return count


@kernel
def hasten(state: Any, environment: Environment, start: int, size: int, means: Any, visits: Any, usual: Any) -> None:
    """What loyalty programmes make of the encounters expected of `size` people from row `start` on, `means`.

    `usual` is room for as many numbers.
    """
    block = slice(start, start + size)
    supplier, frequency = state.supplier[block], state.frequency[block]
    points, of_year = state.points[block], state.year_points[block]
    for j in range(size):
        s = 0 if visits.shape[1] == 1 else state.people[start + j].segment
        usual[j] = visits[supplier[j], s]
    for f in range(environment.firms.shape[0]):
        offer = environment.firms[f].programme
        if offer.offered > 0.0:
            silver, gold, reward, goal, more = offer.silver, offer.gold, offer.reward, offer.goal, offer.frequency
            for j in range(size):
                keen = keenness(points[j], tier_of(of_year[j], silver, gold), reward, goal, more)
                means[j] = np.float64(frequency[j]) * keen * usual[j] if supplier[j] == f else means[j]
