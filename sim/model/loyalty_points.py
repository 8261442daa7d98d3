"""Points of a loyalty programme: earned, redeemed, owed, and lapsing in whole numbers; what members make of it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.compiled import double, rule
from sim.model.contexts import Books, Clock, Environment
from sim.model.in_use import at
from sim.model.luck import uniforms
from sim.model.money import add_margin
from sim.model.person import luck_of, segment_of
from sim.model.programme import MOST_POINTS
from sim.model.shares import clipped, fixed_point
from sim.model.tiers import tier_now, tier_of
from sim.vocabulary.observables import FIXED_POINT, O
from sim.vocabulary.streams import BONDS

if TYPE_CHECKING:
    from sim.model.record_types import Counts, FirmRecord
    from sim.model.state_types import State

FITS = 2
"""Index of the stream BONDS, at the person's first period: whether rewards are what the person wants."""

GOLDEN = 0.6180339887498949
"""Its multiples, without their whole part, lie evenly between 0 and 1."""


@rule
def whole(value: float, period: int) -> int:
    """A number that is not negative as a whole one, rounded up in as many periods as it is beyond the whole below.

    No luck is in it: the part that decides is that of the period times the golden ratio.

    >>> [whole(2.75, period) for period in range(8)]
    [2, 3, 2, 3, 3, 2, 3, 3]
    """
    part = GOLDEN * period
    return math.floor(value + part - math.floor(part))


@rule
def lapsing(points: int, share: float, period: int) -> int:
    """How many of so many points lapse in a period, of which that share does: whole ones.

    >>> [lapsing(10, 0.25, period) for period in (0, 1)], lapsing(1, 1.0, 1)
    ([2, 3], 1)
    """
    return min(whole(points * share, period), points)


@rule
def lapse_minded(satisfaction: float, points: int, lost: int, loss: float, reward: float) -> float:
    """Satisfaction when so many of the points held have lapsed, points (0-100).

    Whoever is on the way to a reward minds, by `loss` for points worth one. Who could have one and does not want it
    does not.

    >>> lapse_minded(70.0, 200, 50, 4.0, 250.0), lapse_minded(70.0, 300, 50, 4.0, 250.0)
    (69.2, 70.0)
    """
    minded = loss * lost / reward if points < math.floor(reward) else 0.0
    return clipped(satisfaction - minded, 0.0, 100.0)


@rule
def owed(points: int, point_cost: float) -> int:
    """What so many points cost when they are redeemed, in steps of 1/65536 of money: a whole number for each point.

    >>> owed(40, 0.25) / 65536
    10.0
    """
    return points * fixed_point(point_cost)


@rule
def with_points(points: int, earned: float) -> int:
    """Points on a card with those earned: whole ones, and no more than it can hold.

    >>> with_points(40, 12.75), with_points(65_530, 12.0)
    (52, 65535)
    """
    return min(points + math.floor(earned), MOST_POINTS)


@rule
def owe(state: State, i: int, environment: Environment, points: int) -> None:
    """The firm of the customer of row i has issued so many points, and books what they cost it."""
    f = int(state.supplier[i])
    add_margin(state, i, f, -owed(points, environment.firms[f].programme.point_cost) / FIXED_POINT)


@rule
def redeem(state: State, i: int, environment: Environment, counts: Counts) -> int:
    """The customer of row i turns points into as many rewards as they are worth; returns how many points."""
    place = at(state.points, i)
    programme = environment.firms[state.supplier[i]].programme
    redeemed = int(state.points[place])
    redeemed -= redeemed % math.floor(programme.reward)
    state.points[place] -= redeemed
    counts[O.points_redeemed] += redeemed
    state.satisfaction[i] = clipped(double(state.satisfaction[i]) + programme.attitude, 0.0, 100.0)
    return redeemed


@rule
def collect(state: State, i: int, environment: Environment, books: Books, clock: Clock, spend: float) -> int:
    """The customer of row i has bought for `spend` at a price index of 1: points, and rewards where they fit.

    The firm books what points cost when it issues them. Full points only; what a card cannot hold is not issued. Where
    the programme has ended, members who buy again find that their tier is gone.

    Returns:
        By how much the points held have changed.
    """
    person, place = state.people[i], at(state.points, i)
    f = int(state.supplier[i])
    programme = environment.firms[f].programme
    if programme.offered <= 0.0:
        if state.year_points[place] == 0:
            return 0
        lost = programme.loss * tier_of(int(state.year_points[place]), programme.silver, programme.gold)
        state.satisfaction[i] = clipped(double(state.satisfaction[i]) - lost, 0.0, 100.0)
        state.year_points[place] = 0
        return 0
    counts = books.tally[f, person.segment]
    before = int(state.points[place])
    earned = spend * environment.firms[f].strategy.price_index * programme.points
    more = 1.0 + programme.bonus * tier_now(state, i, environment)
    held = with_points(before, earned * more)
    counts[O.points_issued] += held - before
    state.points[place] = held
    owe(state, i, environment, held - before)
    state.year_points[place] = with_points(int(state.year_points[place]), earned)
    if held >= math.floor(programme.reward):
        u = uniforms(clock.seed, BONDS, luck_of(state, i), person.born, FITS)[0]
        held -= redeem(state, i, environment, counts) if u < programme.fit else 0
    return held - before


@rule
def lapse_loss_of(firm: FirmRecord) -> float:
    """What it costs in satisfaction when points worth a reward lapse, points (0-100): nothing without a programme."""
    return firm.programme.lapse_loss if firm.programme.offered > 0.0 else 0.0


@rule
def pass_year(state: State, i: int, environment: Environment, books: Books, points: int) -> None:
    """So many of the points that row i has earned in twelve months are older now; the customer counts as a member."""
    f = int(state.supplier[i])
    state.year_points[at(state.year_points, i)] -= points
    if environment.firms[f].programme.offered > 0.0:
        counts = books.tally[f, segment_of(state, i, environment)]
        counts[O.members_basic + tier_now(state, i, environment)] += 1


@rule
def lose_points(state: State, i: int, environment: Environment, books: Books, points: int) -> None:
    """So many points of the customer of row i lapse, and the firm owes as much less."""
    f = int(state.supplier[i])
    state.points[at(state.points, i)] -= points
    books.tally[f, segment_of(state, i, environment), O.points_lapsed] += points
    add_margin(state, i, f, owed(points, environment.firms[f].programme.point_cost) / FIXED_POINT)


@rule
def hand_in(state: State, i: int, environment: Environment, books: Books) -> None:
    """The customer of row i leaves: all points lapse."""
    place = at(state.points, i)
    if state.points[place] > 0:
        lose_points(state, i, environment, books, int(state.points[place]))
    state.year_points[place] = 0


@rule
def keep(state: State, i: int, environment: Environment, books: Books, clock: Clock) -> None:
    """A period passes for the points of the person of row i, who is in no stock meanwhile, and is counted as a member.

    The points of twelve months fade with a time constant of a year: in a steady state they are those of a year. The
    engine does the same for many at once, see `sim.engine.loyalty_points`.
    """
    place = at(state.points, i)
    held, of_year = int(state.points[place]), int(state.year_points[place])
    if held == 0 and of_year == 0:
        return
    firm = environment.firms[state.supplier[i]]
    lost = lapsing(held, firm.points_lapse, clock.period)
    loss = lapse_loss_of(firm)
    state.satisfaction[i] = lapse_minded(double(state.satisfaction[i]), held, lost, loss, firm.programme.reward)
    lose_points(state, i, environment, books, lost)
    pass_year(state, i, environment, books, lapsing(of_year, firm.year_passes, clock.period))


@rule
def book_points(firm: FirmRecord, counts: Counts, years: float) -> None:
    """Book a loyalty programme: points cost when they are issued, and are owed until they are redeemed or lapse."""
    each = firm.programme.point_cost
    members = counts[O.members_basic] + counts[O.members_silver] + counts[O.members_gold]
    counts[O.programme_liability] = owed(counts[O.points_held], each)
    counts[O.rewards_paid] = owed(counts[O.points_redeemed], each)
    counts[O.programme_cost] = owed(counts[O.points_issued] - counts[O.points_lapsed], each)
    counts[O.programme_cost] += members * fixed_point(firm.programme.upkeep * years)
