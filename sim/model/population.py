"""Population: who the people are when they come into the market: segment, supplier, traits, expectations."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.compiled import double, kernel, rule
from sim.model.attrition import attrition_in_stock, attrition_of_anybody, attrition_per_period, periods_of_custom
from sim.model.contexts import Books, Clock, Environment
from sim.model.dimensions import DIMENSION_COUNT, SCALE_HIGH, SCALE_LOW
from sim.model.drop_out import chance_of_anybody
from sim.model.expectation import learned_will
from sim.model.in_use import at
from sim.model.judgement import LEVEL_SATISFIED
from sim.model.luck import lognormal_with_mean, uniforms
from sim.model.person import ALL_FLAGS, CAPTIVE, COMPLAINT_OPEN, GONE, INFLUENTIAL, NEWCOMER, NOBODY, PRESENT, luck_of
from sim.model.service import usual_level
from sim.model.shares import clipped
from sim.model.staying import stay_so_long
from sim.model.traits import PLACE_DRAW, Traits, draw_traits
from sim.vocabulary.observables import O
from sim.vocabulary.streams import INITIAL

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from sim.model.record_types import Numbers
    from sim.model.scenario import Scenario
    from sim.model.state_types import State

SETTLED_DRAW = 3
"""Index of the stream INITIAL that says who of a world that has settled somebody is."""

TENURE_DRAW = 9_000
"""Index of the stream INITIAL that says for how long somebody has been a customer."""

KNOWN_OF_A_FIRM = ("service", "channels")
"""Fields of a firm's systems that its first customers know: what they expect rests on its usual level."""


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


@rule
def be_born(state: State, i: int, environment: Environment, steps: Numbers, present: bool, seed: int) -> None:
    """Draw the first person of row i, whose `luck` is set, and everything else is zero.

    Everything about a person depends on seed and luck only: one more person changes nobody else.

    Args:
        state: The people.
        i: Row of the person.
        environment: Parameters before the first period.
        steps: float64, as of `ladders`.
        present: Whether the person is in the market from the start.
        seed: Key of the run's luck.
    """
    belong(state, i, environment, steps, seed)
    luck = luck_of(state, i)
    u = uniforms(seed, INITIAL, luck, 0, PLACE_DRAW)[1]
    traits = draw_traits(environment, int(state.people[i].segment), luck, 0, seed)
    begin(state, i, environment, steps, present, u, traits, seed)


@rule
def begin(
    state: State, i: int, environment: Environment, steps: Numbers, present: bool, u: float, traits: Traits, seed: int
) -> None:
    """The person of row i, whose segment is known, is one of the first: a customer by the draw `u`, if present."""
    supplier = NOBODY
    if present:
        segments = environment.segments.shape[0]
        for f in range(environment.firms.shape[0]):
            if u < steps[segments + f]:
                supplier = f
                break
    take_traits(state, i, environment, supplier, traits, seed)
    if present:
        state.people[i].flags |= PRESENT


@rule
def belong(state: State, i: int, environment: Environment, steps: Numbers, seed: int) -> None:
    """Draw the segment of row i, whose `luck` is set: all that is needed of who will be somebody that has lived before.

    Args:
        state: The people.
        i: Row of the person.
        environment: Parameters before the first period.
        steps: float64, as of `ladders`.
        seed: Key of the run's luck.
    """
    u = uniforms(seed, INITIAL, luck_of(state, i), 0, PLACE_DRAW)[0]
    state.people[i].segment = segment_by(u, steps, environment.segments.shape[0])


@rule
def segment_by(u: float, steps: Numbers, segments: int) -> int:
    """Which of so many segments somebody is of by the draw `u`; `steps` is as of `ladders`.

    >>> segment_by(0.4, (0.25, 0.75, 1.0), 3), segment_by(0.75, (0.25, 0.75, 1.0), 3)
    (1, 2)
    """
    s = 0
    while s < segments - 1 and u >= steps[s]:
        s += 1
    return s


@kernel
def be_known(state: State, i: int, known: Any, row: int, environment: Environment, seed: int) -> None:
    """The person of row i, who has been born, is one whom a user's table knows; what it leaves open is drawn as before.

    Segment and supplier count before anything is drawn: traits are those of that segment, expectations those of a
    customer of that firm. The person is there at the start.

    Args:
        state: The people.
        i: Row of the person.
        known: Segment, supplier, spend, periods of custom and satisfaction of each; negative where not known.
        row: That of the person in `known`.
        environment: Parameters before the first period.
        seed: Key of the run's luck.
    """
    given = known[row]
    person = state.people[i]
    supplier = int(state.supplier[i]) if given.supplier < 0 else int(given.supplier)
    if given.segment >= 0:
        person.segment = given.segment
    state.ever[i] = 0
    person.history = 0.0
    state.joined[i] = 0
    draw_person(state, i, environment, supplier, seed)
    person.flags |= PRESENT
    if given.spend >= 0.0:
        state.spend[i] = given.spend
    if given.satisfaction >= 0.0:
        state.satisfaction[i] = given.satisfaction
    if given.periods >= 0 and supplier != NOBODY:
        state.joined[i] = -given.periods
        segment, years = environment.segments[person.segment], environment.world[0].years
        luck, there = luck_of(state, i), given.periods * years
        state.attrition[i] = attrition_of_anybody(seed, luck, person.born, segment.bonds, years, there)
        stay_so_long(state, i, segment, there, seed)


@rule
def enter(state: State, i: int, tally: npt.NDArray[np.int64]) -> None:
    """The person of row i comes into the market as a prospect of every firm."""
    person = state.people[i]
    person.flags |= PRESENT
    for f in range(tally.shape[0]):
        tally[f, person.segment, O.entered] += 1


@rule
def is_replaced(state: State, i: int, environment: Environment) -> bool:
    """Whether a new person takes the place of row i: it was left, and people of that segment are renewed."""
    person = state.people[i]
    return person.flags & GONE != 0 and environment.segments[person.segment].renewal_chance > 0.0


@kernel
def take_place(state: State, i: int, environment: Environment, books: Books, clock: Clock) -> None:
    """A new person takes the place of row i, which has been left: place and segment stay, everything else is zero.

    The newcomer is a prospect of every firm, knows nobody's opinion, and acts from the next period on. Traits are keyed
    by that period; in a warm-up by the one before it, so that nobody has the luck of who was there at the start.
    """
    person = state.people[i]
    person.born = clock.period + 1 if clock.period >= 0 else clock.period  # 0 is the key of who is there at the start
    draw_person(state, i, environment, NOBODY, clock.seed)
    enter(state, i, books.tally)
    for f in range(environment.firms.shape[0]):
        books.tally[f, person.segment, O.replaced] += 1


@rule
def draw_person(state: State, i: int, environment: Environment, supplier: int, seed: int) -> None:
    """Draw who the person of row i is, given place, segment, first period and supplier; everything else is zero.

    The traits are drawn from the stream INITIAL at the person's first period. Luck is thus keyed by place and period,
    and at most one person lives in a place in a period: no two persons ever share a draw, however many follow.
    """
    person = state.people[i]
    traits = draw_traits(environment, int(person.segment), luck_of(state, i), int(person.born), seed)
    take_traits(state, i, environment, supplier, traits, seed)


@rule
def take_traits(state: State, i: int, environment: Environment, supplier: int, traits: Traits, seed: int) -> None:
    """The person of row i, of whom place, segment, first period and supplier are known, is who these traits make.

    Only what few segments have is drawn here: a chance to drop out, and the attrition of who has been there for long.
    """
    person = state.people[i]
    segment = environment.segments[person.segment]
    bonds, judgement, meets = segment.bonds, segment.judgement, segment.encounters
    flags = 0
    state.supplier[i] = supplier
    state.former[i] = NOBODY
    for f in range(state.won_by.shape[1]):
        state.won_by[i, f] = NOBODY
        state.lost_by[i, f] = NOBODY
    if supplier != NOBODY:
        state.ever[i] = 1 << supplier
        person.history = judgement.initial_history
    if traits.held < bonds.captive_share:
        flags |= CAPTIVE
    if traits.followed < segment.sociability.influencer_share:
        flags |= INFLUENTIAL
    person.flags = flags
    person.level = LEVEL_SATISFIED
    above_others = segment.expectations.spread * traits.standards
    person.standards = above_others
    for d in range(DIMENSION_COUNT):
        will = clipped(segment.expectations.will[d] + above_others, SCALE_LOW, SCALE_HIGH)
        if supplier != NOBODY:
            will = learned_will(will, usual_level(environment.firms[supplier].systems, d), traits.prior_left)
        person.will[d] = will
        person.should[d] = clipped(segment.expectations.should[d] + above_others, SCALE_LOW, SCALE_HIGH)
    disposition = judgement.disposition_spread * traits.disposition
    person.disposition = disposition
    state.satisfaction[i] = clipped(judgement.initial_satisfaction + disposition, 0.0, 100.0)
    state.switching_cost[i] = clipped(bonds.switching_cost + bonds.switching_cost_spread * traits.binding, 0.0, 1.0)
    state.complaint_tendency[i] = segment.sociability.complaint_spread * traits.complaint
    state.spend[i] = lognormal_with_mean(traits.purse, meets.spend_per_purchase, traits.purse_variance)
    state.frequency[i] = traits.frequency
    luck, born = luck_of(state, i), int(person.born)
    state.drop_out[at(state.drop_out, i)] = chance_of_anybody(seed, luck, born, segment.drop_out)
    state.attrition[i] = traits.attrition
    renewal = segment.renewal_chance
    if supplier != NOBODY and renewal > 0.0:
        hazard = attrition_in_stock(seed, luck, born, bonds, environment.world[0].years, renewal)
        state.attrition[i] = hazard
        state.joined[i] = -periods_of_custom(uniforms(seed, INITIAL, luck, born, TENURE_DRAW)[0], hazard + renewal)


class Forebears(NamedTuple):
    """The people of a world that has settled.

    Attributes:
        state: Who they are, at that world's period 0.
        order: int64[people], their rows by segment; who is gone and was not replaced is not among them.
        first: int64[segments + 1], where in `order` each segment begins, and the end of the last.
        longer: Periods of the run that are one of that world's.
    """

    state: Any
    order: npt.NDArray[np.int64]
    first: npt.NDArray[np.int64]
    longer: float


@rule
def be_somebody(state: Any, i: int, settled: Forebears, period: int, seed: int) -> None:
    """The person of row i is somebody of a world that has settled, drawn from those of the same segment.

    Place and segment stay; traits, beliefs, memory and relations are that person's, who is a customer of the start like
    any other. What was on its way there (stories, words, complaints) is left behind, and margins are counted from here.

    Args:
        state: The people; row i has been born.
        i: Row of the person.
        settled: The people of the other world.
        period: First period of this world: 0, or the first of a warm-up.
        seed: Key of the run's luck.
    """
    segment = int(state.people[i].segment)
    others, longer = settled.state, settled.longer
    there = settled.first[segment + 1] - settled.first[segment]
    if there == 0:
        return
    u = uniforms(seed, INITIAL, luck_of(state, i), 0, SETTLED_DRAW)[0]
    row = settled.order[settled.first[segment] + int(u * there)]
    state.people[i] = others.people[row]
    person = state.people[i]
    person.segment = segment
    person.flags &= ALL_FLAGS - COMPLAINT_OPEN - NEWCOMER
    state.attrition[i] = attrition_per_period(double(others.attrition[row]), 1.0 / longer)
    state.joined[i] = math.floor(others.joined[row] * longer) + period
    place, theirs = at(state.leaves, i), at(others.leaves, row)
    state.leaves[place] = 0
    if others.leaves[theirs] != 0:
        end = math.floor(others.leaves[theirs] * longer) + period
        state.leaves[place] = end if end != 0 else 1  # 0 is nothing decided; a term ends there only after a warm-up
    state.leaves_by[place] = others.leaves_by[theirs]
    state.onward[place] = others.onward[theirs]
    state.intent[i] = others.intent[row]
    state.frequency[i], state.spend[i] = others.frequency[row], others.spend[row]
    state.satisfaction[i] = others.satisfaction[row]
    state.switching_cost[i] = others.switching_cost[row]
    state.complaint_tendency[i] = others.complaint_tendency[row]
    state.former[i] = others.former[row]
    state.ever[i], state.barred[i] = others.ever[row], others.barred[row]
    state.drop_out[at(state.drop_out, i)] = others.drop_out[at(others.drop_out, row)]
    state.points[at(state.points, i)] = others.points[at(others.points, row)]
    state.year_points[at(state.year_points, i)] = others.year_points[at(others.year_points, row)]
    state.supplier[i] = others.supplier[row]
    for f in range(state.won_by.shape[1]):
        state.won_by[i, f] = others.won_by[row, f]
        state.lost_by[i, f] = others.lost_by[row, f]
    for f in range(state.opinion.shape[1]):
        state.opinion[i, f] = others.opinion[row, f]
    for column in range(state.outside.shape[1]):
        state.outside[i, column] = others.outside[row, column]


@kernel
def count_from_now(state: State, i: int) -> None:
    """The warm-up is over: whoever is a customer now belongs to the customers of the start."""
    state.people[i].flags &= ALL_FLAGS - NEWCOMER
