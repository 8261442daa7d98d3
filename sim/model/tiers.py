"""Tiers of a loyalty programme: who is in which, what they bind, and how they make people come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.compiled import double, rule
from sim.model.in_use import at

if TYPE_CHECKING:
    from sim.model.contexts import Environment
    from sim.model.programme import Programme
    from sim.model.state_types import State


@rule
def tier_of(year_points: int, silver: float, gold: float) -> int:
    """Tier by the points earned in twelve months: 0 none, 1 the lower, 2 the upper.

    >>> [tier_of(points, 400.0, 800.0) for points in (399, 400, 800)]
    [0, 1, 2]
    """
    return int(year_points >= silver) + int(year_points >= gold)


def tier_barrier(programme: Programme) -> float:
    """What a tier adds to the switching cost: barrier 2 b / (b + u), b the bonus and u the usual one.

    Nothing where a tier gives nothing, `barrier` at the usual bonus, at most twice as much.

    >>> from sim.model.programme import Programme
    >>> tier_barrier(Programme(barrier=0.25)), tier_barrier(Programme(barrier=0.25, bonus=0.75))
    (0.25, 0.375)
    """
    bonus, usual = programme.bonus, programme.usual_bonus
    return programme.barrier * (2.0 * bonus / (bonus + usual) if usual > 0.0 else 1.0)


@rule
def keenness(points: int, tier: int, reward: float, goal: float, frequency: float) -> float:
    """Encounters relative to one's usual ones: (1 + frequency tier) (1 + goal points / reward).

    The way to a reward counts until it is reached: who could have one and does not want it does not hasten.

    >>> keenness(100, 2, 250.0, 0.25, 0.125), keenness(300, 2, 250.0, 0.25, 0.125)
    (1.375, 1.25)
    """
    way = points / reward if points < reward else 0.0
    return (1.0 + frequency * tier) * (1.0 + goal * way)


@rule
def tier_now(state: State, i: int, environment: Environment) -> int:
    """Tier of the customer of row i; 0 where the supplier has no programme."""
    programme = environment.firms[state.supplier[i]].programme
    if programme.offered <= 0.0:
        return 0
    return tier_of(int(state.year_points[at(state.year_points, i)]), programme.silver, programme.gold)


@rule
def switching_cost_of(state: State, i: int, environment: Environment) -> float:
    """What binds the customer of row i: the personal switching cost and what the tier adds, 0 to 1."""
    own = double(state.switching_cost[i])
    added = environment.firms[state.supplier[i]].tier_barrier * tier_now(state, i, environment)
    return min(own + added, 1.0)


@rule
def frequency_of(state: State, i: int, environment: Environment) -> float:
    """Frequency of encounters of the customer of row i, ratio to the average: the personal one, and the programme."""
    programme = environment.firms[state.supplier[i]].programme
    own = double(state.frequency[i])
    if programme.offered <= 0.0:
        return own
    tier = tier_now(state, i, environment)
    return own * keenness(
        int(state.points[at(state.points, i)]), tier, programme.reward, programme.goal, programme.frequency
    )
