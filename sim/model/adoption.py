"""Adoption: how people without a supplier become customers of a firm, through advertising or through talk."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.compiled import double, rule
from sim.model.contexts import Books, Clock, Environment
from sim.model.dimensions import SCALE_LOW
from sim.model.expectation import predicted, promised
from sim.model.inbox import GOOD_WORDS, STRONG_WORD, WORDS_PER_FIRM
from sim.model.luck import uniforms
from sim.model.movement import is_there, join
from sim.model.person import luck_of
from sim.model.shares import shifted_share
from sim.vocabulary.observables import O
from sim.vocabulary.streams import MOVEMENT

if TYPE_CHECKING:
    from sim.model.state_types import State

BEST_OPINION = 1.0
"""Opinion of a firm goes from -1 to 1."""

CELL = 0.25
"""Width of the parts of the scale of quality by which the bound of who may adopt is looked up, points."""
CELLS = 24
"""How many there are: the scale goes from 1 to 7."""

LAST_BITS = 1e-12
"""Taken off the bound, so that rounding cannot make it one that is not."""


@rule
def adopt(state: State, i: int, environment: Environment, books: Books, clock: Clock, u: float) -> None:
    """A person without a supplier may become a customer of a firm, through advertising or through talk."""
    firms = environment.firms.shape[0]
    nobody = 1.0
    total = 0.0
    for g in range(firms):
        chance = chance_to_adopt(state, i, environment, g)
        nobody *= 1.0 - chance
        total += chance
    if u < nobody or total <= 0.0:
        return
    u_way, u_firm, _, _ = uniforms(clock.seed, MOVEMENT, luck_of(state, i), clock.period, 1)
    left = u_firm * total
    for g in range(firms):
        left -= chance_to_adopt(state, i, environment, g)
        if left < 0.0:
            by_talk = u_way * won_over(state, i, environment, g, 0.0) >= environment.firms[g].advertising_chance
            join(state, i, environment, books, clock, g, O.won_talk if by_talk else O.won_advertising)
            return


@rule
def dearer(environment: Environment, g: int) -> float:
    """What firm g's price beside the market's, and its contract, take from its appeal to those without a supplier."""
    weights = environment.world[0].movement
    above = environment.firms[g].strategy.price_index - environment.prices.market[g]
    return weights.price_on_adoption * above - weights.contract * environment.firms[g].bound_years


@rule
def chance_to_adopt(state: State, i: int, environment: Environment, g: int) -> float:
    """Chance that the person of row i adopts firm g in this period; none for those who ever were its customers."""
    person = state.people[i]
    if (state.ever[i] | state.barred[i]) & (1 << g) != 0 or not is_there(environment, g):
        return 0.0
    importance = environment.segments[person.segment].judgement.importance
    appeal = appeal_of(
        double(state.opinion[i, g]),
        promised(environment.firms[g], importance),
        predicted(person, importance),
        environment.world[0].talk.opinion_on_adoption,
        environment.world[0].movement.promise,
    )
    return won_over(state, i, environment, g, appeal - dearer(environment, g))


@rule
def won_over(state: State, i: int, environment: Environment, g: int, appeal: float) -> float:
    """Chance that advertising and the good words in the inbox win the person of row i for firm g, given its appeal."""
    talk = environment.world[0].talk
    good = state.inbox[state.heard[i], GOOD_WORDS + WORDS_PER_FIRM * g]
    return adoption_chance(
        environment.firms[g].advertising_chance,
        good // STRONG_WORD,
        good % STRONG_WORD,
        talk.strong_adoption,
        talk.weak_adoption,
        appeal,
    )


@rule
def nobody_adopts(environment: Environment, s: int, will: float) -> float:
    """Lower bound of the chance that somebody without a supplier, who has heard nothing, takes none in a period.

    It holds for everybody of segment s who predicts at least `will`, points (1-7), whatever the person's opinions.
    """
    nobody = 1.0
    for f in range(environment.firms.shape[0]):
        if not is_there(environment, f):
            continue
        appeal = appeal_of(
            BEST_OPINION,
            promised(environment.firms[f], environment.segments[s].judgement.importance),
            will,
            environment.world[0].talk.opinion_on_adoption,
            environment.world[0].movement.promise,
        )
        nobody *= 1.0 - shifted_share(environment.firms[f].advertising_chance, appeal - dearer(environment, f))
    return nobody - LAST_BITS


@rule
def cell_of(will: float) -> int:
    """Which of the `CELLS` parts of the scale of quality a prediction lies in, from 0; beyond the ends, the outermost.

    >>> cell_of(1.0), cell_of(1.3), cell_of(7.0)
    (0, 1, 23)
    """
    cell = int((will - SCALE_LOW) / CELL)
    return min(max(cell, 0), CELLS - 1)


@rule
def appeal_of(opinion: float, promise: float, will: float, w_opinion: float, w_promise: float) -> float:
    """Appeal of a firm to someone who is not its customer, logit: opinion, and its promise above what one predicts.

    `promise` and `will` are weighted means, points (1-7). Source: notes 'Atención y servicio al cliente' (promises draw
    and bind); assumption (form).

    >>> appeal_of(0.5, 6.0, 4.5, 1.25, 0.5)
    1.375
    """
    return w_opinion * opinion + w_promise * (promise - will)


@rule
def adoption_chance(advertising: float, strong: int, weak: int, b_strong: float, b_weak: float, appeal: float) -> float:
    """Chance that a prospect adopts in a period: 1 - (1 - a)(1 - b_w)^m (1 - b_s)^j, shifted by the firm's appeal.

    `advertising` is a per period; m weak and j strong ties spoke well of the firm; `appeal` in logit. Source:
    Goldenberg, Libai & Muller 2001; with an appeal of 0 exactly theirs.

    >>> round(adoption_chance(0.2, 1, 2, 0.5, 0.25, 0.0), 3), round(adoption_chance(0.2, 1, 2, 0.5, 0.25, -0.7), 3)
    (0.775, 0.631)
    """
    chance = advertising
    if strong > 0 or weak > 0:
        chance = 1.0 - (1.0 - advertising) * math.pow(1.0 - b_weak, float(weak)) * math.pow(
            1.0 - b_strong, float(strong)
        )
    return shifted_share(chance, appeal)
