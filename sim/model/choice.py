"""Choice: whose customer to be: comparing and switching, thinking of a former supplier, a first supplier."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from sim.compiled import atomic_add_2d, double, kernel, rule
from sim.model.adoption import adopt, appeal_of
from sim.model.contexts import Books, Clock, Environment
from sim.model.contract import free_to_go
from sim.model.dimensions import TEN_POINTS
from sim.model.drop_out import has_had_enough
from sim.model.expectation import predicted, promised
from sim.model.in_use import at
from sim.model.looking_around import praise_heard, review_chance
from sim.model.loyalty import AVERAGE_SWITCHING_COST, loyalty_of
from sim.model.luck import uniforms
from sim.model.movement import CLOSED, SWITCH, WITHOUT, forgive, is_there, join, leave, leave_the_market
from sim.model.person import CAPTIVE, GONE, INTENT_STAY, NOBODY, luck_of
from sim.model.price import OUTSIDE_PRICE
from sim.model.shares import fixed_point, shifted_share
from sim.model.tiers import switching_cost_of
from sim.vocabulary.observables import O
from sim.vocabulary.streams import MOVEMENT

if TYPE_CHECKING:
    from sim.model.movement import Movement
    from sim.model.state_types import State

ORDINARY_REPUTATION = 75.0
"""Mean satisfaction with a firm that draws nobody in particular, points (0-100)."""

NONE = -1
"""No firm."""


PROSPECT, ACTIVE, LAPSED, LOST = range(4)
"""What a person may be to a firm: never its customer; its customer; a former one who may return, or will not."""


@rule
def relation_to(state: State, i: int, f: int) -> int:
    """What the person of row i is to firm f."""
    if state.supplier[i] == f:
        return ACTIVE
    if state.barred[i] & (1 << f) != 0:
        return LOST
    return LAPSED if state.ever[i] & (1 << f) != 0 else PROSPECT


class Draws(NamedTuple):
    """Luck of one person's movement in a period: the draws at index 0 of the stream MOVEMENT.

    Attributes:
        attrition: Decides whether the person is gone for natural reasons: a customer's own at its lower end, those
            that all have in common at its upper end, so that neither shifts the other.
        review: Decides whether a customer compares suppliers.
        thought: Decides whether a former supplier comes to mind, or is heard of; at its upper end, if anger is past.
        adoption: Decides whether a person without a supplier takes a first one.
        review_chance: Chance of comparing suppliers, words apart, that `review` decides on.
    """

    attrition: float
    review: float
    thought: float
    adoption: float
    review_chance: float


class Advantage(NamedTuple):
    """What a rival has over one's own supplier, and what binds to it; fields as the weights in `movement`.

    Attributes:
        advantage: Satisfaction to expect of the rival minus one's own, in units of ten points.
        opinion: Opinion of the rival minus that of one's own supplier, -2 to 2.
        price: Price index of one's own supplier minus the rival's.
        promise: What the rival promises minus what one predicts of one's own supplier, points (1-7).
        switching_cost: Personal switching cost, 0 to 1.
        loyalty: Loyalty index.
        contract: For how long the rival's contract would bind, years.
    """

    advantage: float
    opinion: float
    price: float
    promise: float
    switching_cost: float
    loyalty: float
    contract: float


@rule
def switch_shift(rival: Advantage, weights: Movement | Advantage) -> float:
    """Shift of the share of reviews that end in a switch, logit; `weights` has the fields of `Advantage`.

    Sources (signs): Rust, Zahorik & Keiningham 1995; Dick & Basu 1994; of promises, the notes 'Atención y servicio al
    cliente'.

    >>> weights = Advantage(0.8, 0.5, 4.0, 0.3, -2.0, -0.8, -0.4)
    >>> round(switch_shift(Advantage(1.5, -0.4, 0.1, 0.5, 0.75, 0.25, 2.0), weights), 2)
    0.05
    """
    return (
        weights.advantage * rival.advantage
        + weights.opinion * rival.opinion
        + weights.price * rival.price
        + weights.promise * rival.promise
        + weights.switching_cost * (rival.switching_cost - AVERAGE_SWITCHING_COST)
        + weights.loyalty * rival.loyalty
        + weights.contract * rival.contract
    )


@rule
def whereabouts(state: State, i: int, firms: int) -> int:
    """Where the person of row i is: the number of the supplier; `firms` without one, `firms` + 1 out of the market."""
    if state.supplier[i] != NOBODY:
        return int(state.supplier[i])
    return firms + 1 if state.people[i].flags & GONE != 0 else firms


@rule
def lasting_chance(renewal: float, happens: float) -> float:
    """Chance that a period's renewal leaves somebody in the market; 1 where nobody leaves for natural reasons.

    >>> lasting_chance(0.25, 1.0), lasting_chance(0.25, 0.0)
    (0.75, 1.0)
    """
    return 1.0 - renewal if happens > 0.0 else 1.0


@rule
def move(state: State, i: int, environment: Environment, books: Books, clock: Clock, draws: Draws) -> None:
    """At most one move of the person of row i, who is in the market: away, back to a former firm, or to a first one."""
    before = whereabouts(state, i, environment.firms.shape[0])
    segment = environment.segments[state.people[i].segment]
    if draws.attrition >= lasting_chance(segment.renewal_chance, segment.bonds.attrition_happens):
        leave_the_market(state, i, environment, books, clock)
    else:
        move_within(state, i, environment, books, clock, draws)
    after = whereabouts(state, i, environment.firms.shape[0])
    if after != before:
        atomic_add_2d(books.moves, before, after, 1)


@rule
def move_within(state: State, i: int, environment: Environment, books: Books, clock: Clock, draws: Draws) -> None:
    """At most one move of the person of row i, whom nothing takes away that is common to all."""
    if draws.thought >= 1.0 - environment.segments[state.people[i].segment].forgiveness_chance:
        forgive(state, i, environment, books)
    moved = False
    if state.supplier[i] != NOBODY:
        moved = part(state, i, environment, books, clock, draws)
    if not moved and state.former[i] != NOBODY:
        moved = think_of_return(state, i, environment, books, clock, draws.thought)
    if not moved and state.supplier[i] == NOBODY:
        adopt(state, i, environment, books, clock, draws.adoption)


@rule
def part(state: State, i: int, environment: Environment, books: Books, clock: Clock, draws: Draws) -> bool:
    """A customer carries out a decision to leave, drops out, falls to natural attrition, or compares and may switch.

    Who is bound by a contract has decided, and waits: nothing but natural attrition takes such a customer earlier. The
    customers of a firm that leaves the market look for another as those do who decided to leave, bound or not.
    """
    person = state.people[i]
    f = int(state.supplier[i])
    intent = int(state.intent[i])
    enough = has_had_enough(state, i)
    state.intent[i] = INTENT_STAY
    if not is_there(environment, f):
        go(state, i, environment, books, clock, intent - 1 if intent != INTENT_STAY else CLOSED, NOBODY)
        return True
    place = at(state.leaves, i)
    if state.leaves[place] != 0:
        if clock.period >= state.leaves[place]:
            go(state, i, environment, books, clock, int(state.leaves_by[place]), int(state.onward[place]))
            return True
    elif intent != INTENT_STAY and free_to_go(state, i, environment, books, clock, intent - 1, NOBODY):
        go(state, i, environment, books, clock, intent - 1, NOBODY)
        return True
    if enough:
        books.tally[f, person.segment, O.dropped_out] += 1
    natural = (
        draws.attrition < state.attrition[i] and environment.segments[person.segment].bonds.attrition_happens > 0.0
    )
    if enough or natural:
        leave_the_market(state, i, environment, books, clock)
        return True
    looks = person.flags & CAPTIVE == 0 and state.leaves[at(state.leaves, i)] == 0
    if looks and draws.review < review_chance(state, i, environment, f, draws.review_chance):
        u_switch, u_rival, u_without, _ = uniforms(clock.seed, MOVEMENT, luck_of(state, i), clock.period, 1)
        return compare_suppliers(state, i, environment, books, clock, u_switch, u_rival, u_without)
    return False


@kernel
def compare_suppliers(
    state: State,
    i: int,
    environment: Environment,
    books: Books,
    clock: Clock,
    u_switch: float,
    u_rival: float,
    u_without: float,
) -> bool:
    """The customer of row i compares suppliers, and perhaps switches or does without; whether that was decided."""
    f = int(state.supplier[i])
    rival = chosen_rival(state, i, environment, f, u_rival)
    if rival != NONE and u_switch < share_who_switch(state, i, environment, clock, rival):
        if free_to_go(state, i, environment, books, clock, SWITCH, rival):
            go(state, i, environment, books, clock, SWITCH, rival)
        return True
    if u_without < environment.prices.doing_without[f, state.people[i].segment]:
        if free_to_go(state, i, environment, books, clock, WITHOUT, NOBODY):
            go(state, i, environment, books, clock, WITHOUT, NOBODY)
        return True
    return False


@kernel
def go(state: State, i: int, environment: Environment, books: Books, clock: Clock, cause: int, onward: int) -> None:
    """The customer of row i leaves for a cause, to firm `onward`; in anger or silence, perhaps to a rival at once."""
    f = int(state.supplier[i])
    leave(state, i, environment, books, clock, cause)
    if onward != NOBODY and is_there(environment, onward):
        switch_to(state, i, environment, books, clock, onward)
    elif cause != WITHOUT:
        _, u_rival, u_rebuy, _ = uniforms(clock.seed, MOVEMENT, luck_of(state, i), clock.period, 1)
        rival = chosen_rival(state, i, environment, f, u_rival)
        if rival != NONE and u_rebuy < share_who_rebuy(state, i, environment, rival):
            switch_to(state, i, environment, books, clock, rival)


@rule
def share_who_rebuy(state: State, i: int, environment: Environment, g: int) -> float:
    """Share of those who leave their supplier, as the person of row i does, who take firm g at once.

    Its price shifts it and, by `rebuy_weighing`, its appeal as to anyone who has no supplier.
    """
    world = environment.world[0]
    importance = environment.segments[state.people[i].segment].judgement.importance
    appeal = appeal_of(
        double(state.opinion[i, g]),
        promised(environment.firms[g], importance),
        predicted(state.people[i], importance),
        world.talk.opinion_on_adoption,
        world.movement.promise,
    )
    above = environment.firms[g].strategy.price_index - OUTSIDE_PRICE
    shift = world.movement.rebuy_weighing * appeal - world.movement.price_on_adoption * above
    return shifted_share(world.rebuy_share, shift)


@rule
def share_who_switch(state: State, i: int, environment: Environment, clock: Clock, g: int) -> float:
    """Share of comparisons with firm g that end in a switch, for the customer of row i."""
    weights = environment.world[0].movement
    loyalty = loyalty_of(state, i, environment, clock)
    return shifted_share(weights.switch_share, switch_shift(advantage_of(state, i, environment, g, loyalty), weights))


@rule
def advantage_of(state: State, i: int, environment: Environment, g: int, loyalty: float) -> Advantage:
    """What firm g has over the supplier of the customer of row i, whose loyalty index is `loyalty`."""
    person = state.people[i]
    f = state.supplier[i]
    importance = environment.segments[person.segment].judgement.importance
    return Advantage(
        (environment.reputation[g] + double(person.disposition) - double(state.satisfaction[i])) / TEN_POINTS,
        double(state.opinion[i, g]) - double(state.opinion[i, f]),
        environment.firms[f].strategy.price_index - environment.firms[g].strategy.price_index,
        promised(environment.firms[g], importance) - predicted(person, importance),
        switching_cost_of(state, i, environment),
        loyalty,
        environment.firms[g].bound_years,
    )


@rule
def switch_to(state: State, i: int, environment: Environment, books: Books, clock: Clock, g: int) -> None:
    """The person of row i, coming from a rival, becomes a customer of firm g, for the first time or again."""
    again = state.ever[i] & (1 << g) != 0
    join(state, i, environment, books, clock, g, O.returned_switch if again else O.won_switch)


@kernel
def chosen_rival(state: State, i: int, environment: Environment, f: int, u: float) -> int:
    """The firm other than f that the person of row i looks at, in proportion to its attraction; -1 where none is left.

    Attraction is exp(advantage R / 10 + opinion O - price P + promise + praise) (Luce 1959; McFadden 1974: multinomial
    logit).
    """
    barred = int(state.barred[i])
    for g in range(environment.firms.shape[0]):
        if not is_there(environment, g):
            barred |= 1 << g
    open_firms = 0
    only = NONE
    for g in range(environment.firms.shape[0]):
        if g != f and barred & (1 << g) == 0:
            open_firms += 1
            only = g
    if open_firms <= 1:
        return only
    total = 0.0
    for g in range(environment.firms.shape[0]):
        if g != f and barred & (1 << g) == 0:
            total += attraction(state, i, environment, g)
    left = u * total
    for g in range(environment.firms.shape[0]):
        if g != f and barred & (1 << g) == 0:
            left -= attraction(state, i, environment, g)
            if left < 0.0:
                return g
    return only


@rule
def attraction(state: State, i: int, environment: Environment, g: int) -> float:
    """Weight of firm g among the suppliers that the person of row i could look at."""
    weights = environment.world[0].movement
    importance = environment.segments[state.people[i].segment].judgement.importance
    return math.exp(
        weights.advantage * (environment.reputation[g] - ORDINARY_REPUTATION) / TEN_POINTS
        + weights.opinion * double(state.opinion[i, g])
        - weights.price * (environment.firms[g].strategy.price_index - 1.0)
        + weights.promise * promised(environment.firms[g], importance)
        + praise_heard(state, i, environment, g)
        + weights.contract * environment.firms[g].bound_years
    )


@rule
def think_of_return(state: State, i: int, environment: Environment, books: Books, clock: Clock, u: float) -> bool:
    """A former customer thinks of the firm left last, unasked or because of a win-back offer, and may return."""
    person = state.people[i]
    former = int(state.former[i])
    if not is_there(environment, former):
        return False
    firm = environment.firms[former]
    unasked = environment.segments[person.segment].return_chance
    if u >= unasked + firm.contact_chance or state.supplier[i] == former or state.barred[i] & (1 << former) != 0:
        return False
    if state.supplier[i] != NOBODY and (person.flags & CAPTIVE != 0 or state.leaves[at(state.leaves, i)] != 0):
        return False
    share = environment.world[0].movement.return_share
    way = O.returned
    if u >= unasked:
        share = firm.accepted_offers
        way = O.won_back
        books.tally[former, person.segment, O.win_back_cost] += fixed_point(firm.win_back.cost)
    instead = OUTSIDE_PRICE
    if state.supplier[i] != NOBODY:
        instead = environment.firms[state.supplier[i]].strategy.price_index
    shift = return_shift(
        double(state.opinion[i, former]), firm.strategy.price_index - instead, environment.world[0].movement
    )
    if state.supplier[i] != NOBODY:
        shift += environment.world[0].movement.return_weighing * pull_of_former(state, i, environment, clock, former)
    shift += environment.world[0].movement.contract * firm.bound_years
    if uniforms(clock.seed, MOVEMENT, luck_of(state, i), clock.period, 1)[3] >= shifted_share(share, shift):
        return False
    if state.supplier[i] != NOBODY:
        if not free_to_go(state, i, environment, books, clock, SWITCH, former):
            return True
        leave(state, i, environment, books, clock, SWITCH)
    join(state, i, environment, books, clock, former, way)
    return True


@rule
def pull_of_former(state: State, i: int, environment: Environment, clock: Clock, g: int) -> float:
    """How firm g, left before, compares with the present supplier of row i, as in a comparison of suppliers, logit.

    What a return weighs apart, the opinion of firm g, its contract and both prices, is left out.
    """
    rival = advantage_of(state, i, environment, g, loyalty_of(state, i, environment, clock))
    own = double(state.opinion[i, state.supplier[i]])
    weighed = Advantage(rival.advantage, -own, 0.0, rival.promise, rival.switching_cost, rival.loyalty, 0.0)
    return switch_shift(weighed, environment.world[0].movement)


@rule
def return_shift(opinion: float, dearer: float, weights: Movement) -> float:
    """Shift of the share who return to a former supplier, logit: opinion of it, and its price above the present one's.

    `weights` has `return_opinion` and `price_on_return`; `dearer` is a difference of price indexes. Assumption.

    >>> from collections import namedtuple
    >>> weights = namedtuple("weights", "return_opinion price_on_return")(0.75, 4.0)
    >>> return_shift(0.5, 0.125, weights)
    -0.125
    """
    return weights.return_opinion * opinion - weights.price_on_return * dearer
