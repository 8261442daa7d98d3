"""Listening and moving: what people heard sinks in; they leave, switch, return, or become customers."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.compiled import kernel, rule
from sim.engine.census import count_customer
from sim.engine.relations import NATURAL, SWITCH, join, leave, predicted, promised
from sim.model.expectation import will_after_talk
from sim.model.luck import uniforms
from sim.model.movement import INTENT_STAY, NOBODY, switch_shift
from sim.model.person import CAPTIVE, GONE, PRESENT
from sim.model.register import O
from sim.model.shares import fixed_point, shifted_share
from sim.model.talk import INBOX_TOLD, STRONG_WORD, adoption_chance, appeal_of, opinion_after_talk, tone_heard
from sim.model.voice import loyalty_index
from sim.vocabulary.streams import MOVEMENT

BLOCK = 2048


@kernel
def movement_stage(
    state: Any,
    firms: Any,
    segments: Any,
    world: Any,
    reputation: Any,
    tally: Any,
    leavers: Any,
    seed: int,
    period: int,
    low: int,
    high: int,
) -> None:
    """Rows `low` to `high` listen and move.

    `reputation` is float64[firms], the mean satisfaction of each firm's customers at the end of the last period.
    """
    firm_count = firms.shape[0]
    segment_count = segments.shape[0]
    lucks = np.empty(BLOCK, np.uint32)
    draws = np.empty((4, BLOCK), np.float64)
    events = np.empty(BLOCK, np.int32)
    review = np.empty(segment_count, np.float64)
    think = np.empty((segment_count, 256), np.float64)
    nobody_adopts = 1.0
    for f in range(firm_count):
        best = max(firms[f].strategy.promise)
        appeal = appeal_of(1.0, best, 1.0, world[0].talk.opinion_on_adoption, world[0].movement.promise)
        most = shifted_share(firms[f].advertising_chance, appeal)
        nobody_adopts *= 1.0 - most
    for s in range(segment_count):
        review[s] = segments[s].review_chance if firm_count > 1 else 0.0
        think[s, :] = 0.0
        for f in range(firm_count):
            think[s, f] = segments[s].return_chance + firms[f].contact_chance
    for start in range(low, high, BLOCK):
        size = min(BLOCK, high - start)
        for j in range(size):
            lucks[j] = state.people[start + j].luck
        for j in range(size):
            draws[0, j], draws[1, j], draws[2, j], draws[3, j] = uniforms(seed, MOVEMENT, lucks[j], period, 0)
        count = 0
        for j in range(size):
            i = start + j
            person = state.people[i]
            s = person.segment
            customer = state.supplier[i] != NOBODY
            happens = (draws[2, j] < think[s, person.former]) | (state.heard[i] != 0)
            happens |= (person.intent != INTENT_STAY) & customer
            happens |= ((draws[0, j] < person.attrition) | (draws[1, j] < review[s])) & customer
            happens |= (draws[3, j] >= nobody_adopts) & (not customer)
            events[count] = j
            count += happens
        for c in range(count):
            j = events[c]
            i = start + j
            person = state.people[i]
            if state.supplier[i] != NOBODY:
                count_customer(state, segments, tally, state.supplier[i], i, -1)
            if state.heard[i] != 0:
                listen(state, segments, world, tally, i)
            if person.flags & (PRESENT | GONE) == PRESENT:
                moved = False
                reviews = draws[1, j] < review[person.segment]
                leaves = person.intent != INTENT_STAY or draws[0, j] < person.attrition
                if state.supplier[i] != NOBODY and (leaves or reviews):
                    moved = move_customer(
                        state, firms, segments, world, reputation, tally, leavers, seed, period, i,
                        draws[0, j], reviews,
                    )  # fmt: skip
                if not moved and draws[2, j] < think[person.segment, person.former]:
                    moved = think_of_return(state, firms, segments, world, tally, leavers, seed, period, i, draws[2, j])
                if not moved and state.supplier[i] == NOBODY:
                    adopt(state, firms, segments, world, tally, seed, period, i, draws[3, j])
            if state.heard[i] != 0:
                state.heard[i] = 0
                for column in range(1 + 2 * firm_count):
                    state.inbox[i, column] = 0
            if state.supplier[i] != NOBODY:
                count_customer(state, segments, tally, state.supplier[i], i, 1)


@kernel
def listen(state: Any, segments: Any, world: Any, tally: Any, i: int) -> None:
    """Row i takes in the words of the inbox: opinions of the firms, and what to expect of the own supplier."""
    person = state.people[i]
    s = person.segment
    habits = segments[s].sociability
    talk = world[0].talk
    supplier = state.supplier[i]
    for f in range(tally.shape[0]):
        good = state.inbox[i, 1 + 2 * f]
        bad = state.inbox[i, 2 + 2 * f]
        if good == 0 and bad == 0:
            continue
        strong_good, weak_good = good // STRONG_WORD, good % STRONG_WORD
        strong_bad, weak_bad = bad // STRONG_WORD, bad % STRONG_WORD
        tally[f, s, O.heard_positive] += strong_good + weak_good
        tally[f, s, O.heard_negative] += strong_bad + weak_bad
        praise = strong_good + talk.weak_tie_weight * weak_good
        blame = strong_bad + talk.weak_tie_weight * weak_bad
        if praise + blame <= 0.0:
            continue
        tone = tone_heard(praise, blame, talk.negative_impact)
        state.opinion[i, f] = opinion_after_talk(np.float64(state.opinion[i, f]), tone, habits.opinion_susceptibility)
        if f == supplier:
            told = state.inbox[i, INBOX_TOLD] / 65536.0 / (praise + blame)
            importance = segments[s].judgement.importance
            belief = predicted(person, importance)
            for d in range(5):
                person.will[d] = will_after_talk(
                    np.float64(person.will[d]), told, belief, habits.expectation_susceptibility
                )


@kernel
def move_customer(
    state: Any,
    firms: Any,
    segments: Any,
    world: Any,
    reputation: Any,
    tally: Any,
    leavers: Any,
    seed: int,
    period: int,
    i: int,
    u_attrition: float,
    reviews: bool,
) -> bool:
    """A customer carries out a decision to leave, falls to natural attrition, or compares and switches."""
    person = state.people[i]
    intent = person.intent
    f = state.supplier[i]
    if intent != INTENT_STAY:
        person.intent = INTENT_STAY
        leave(state, firms, segments, world, tally, leavers, period, i, intent - 1)
        more = uniforms(seed, MOVEMENT, person.luck, period, 1)
        if more[2] < world[0].rebuy_share:
            g = chosen_rival(state, firms, segments, world, reputation, i, f, more[1])
            if g >= 0:
                switch_to(state, firms, segments, tally, period, i, g)
        return True
    if u_attrition < person.attrition:
        leave(state, firms, segments, world, tally, leavers, period, i, NATURAL)
        for g in range(firms.shape[0]):
            bit = 1 << g
            if g != f and person.barred & bit == 0:
                gone = O.lapsed_gone if person.ever & bit != 0 else O.prospects_gone
                tally[g, person.segment, gone] += 1
            person.barred |= bit
        person.flags |= GONE
        return True
    if reviews and person.flags & CAPTIVE == 0:
        more = uniforms(seed, MOVEMENT, person.luck, period, 1)
        g = chosen_rival(state, firms, segments, world, reputation, i, f, more[1])
        if g >= 0:
            rule_of = world[0].movement
            voice = world[0].voice
            importance = segments[person.segment].judgement.importance
            satisfaction = np.float64(person.satisfaction)
            tenure = (period - person.joined) * world[0].years
            share = shifted_share(
                rule_of.switch_share,
                switch_shift(
                    (reputation[g] + np.float64(person.disposition) - satisfaction) / 10.0,
                    np.float64(state.opinion[i, g]) - np.float64(state.opinion[i, f]),
                    firms[f].strategy.price_index - firms[g].strategy.price_index,
                    promised(firms[g], importance) - predicted(person, importance),
                    np.float64(person.switching_cost),
                    loyalty_index(
                        satisfaction, tenure, voice.loyalty_reference, voice.loyalty_scale, voice.tenure_loyalty
                    ),
                    rule_of.advantage,
                    rule_of.opinion,
                    rule_of.price,
                    rule_of.promise,
                    rule_of.switching_cost,
                    rule_of.loyalty,
                ),
            )
            if more[0] < share:
                leave(state, firms, segments, world, tally, leavers, period, i, SWITCH)
                switch_to(state, firms, segments, tally, period, i, g)
                return True
    return False


@rule
def switch_to(state: Any, firms: Any, segments: Any, tally: Any, period: int, i: int, g: int) -> None:
    """Row i, coming from a rival, becomes a customer of firm g, for the first time or again."""
    again = state.people[i].ever & (1 << g) != 0
    join(state, firms, segments, tally, period, i, g, O.returned_switch if again else O.won_switch)


@kernel
def chosen_rival(state: Any, firms: Any, segments: Any, world: Any, reputation: Any, i: int, f: int, u: float) -> int:
    """The firm other than f that row i looks at, in proportion to its attraction; -1 where none is left.

    Attraction is exp(advantage R / 10 + opinion O - price P + promise) (Luce 1959; McFadden 1974: multinomial logit).
    """
    person = state.people[i]
    open_firms = 0
    only = -1
    for g in range(firms.shape[0]):
        if g != f and person.barred & (1 << g) == 0:
            open_firms += 1
            only = g
    if open_firms <= 1:
        return only
    rule_of = world[0].movement
    total = 0.0
    for g in range(firms.shape[0]):
        if g != f and person.barred & (1 << g) == 0:
            total += attraction(state, firms, segments, rule_of, reputation, i, g)
    target = u * total
    for g in range(firms.shape[0]):
        if g != f and person.barred & (1 << g) == 0:
            target -= attraction(state, firms, segments, rule_of, reputation, i, g)
            if target < 0.0:
                return g
    return only


@rule
def attraction(state: Any, firms: Any, segments: Any, rule_of: Any, reputation: Any, i: int, g: int) -> float:
    """Weight of firm g among the suppliers that row i could look at."""
    return math.exp(
        rule_of.advantage * (reputation[g] - 75.0) / 10.0
        + rule_of.opinion * np.float64(state.opinion[i, g])
        - rule_of.price * (firms[g].strategy.price_index - 1.0)
        + rule_of.promise * promised(firms[g], segments[state.people[i].segment].judgement.importance)
    )


@kernel
def think_of_return(
    state: Any,
    firms: Any,
    segments: Any,
    world: Any,
    tally: Any,
    leavers: Any,
    seed: int,
    period: int,
    i: int,
    u: float,
) -> bool:
    """A lapsed customer thinks of the former supplier, unasked or because of a win-back offer, and may return."""
    person = state.people[i]
    r = person.former
    s = person.segment
    alone = segments[s].return_chance
    if u >= alone + firms[r].contact_chance or state.supplier[i] == r or person.barred & (1 << np.int64(r)) != 0:
        return False
    if state.supplier[i] != NOBODY and person.flags & CAPTIVE != 0:
        return False
    base = world[0].movement.return_share
    observable = O.returned
    if u >= alone:
        base = firms[r].win_back.acceptance_share
        observable = O.won_back
        tally[r, s, O.win_back_cost] += fixed_point(firms[r].win_back.cost)
    share = shifted_share(base, world[0].movement.return_opinion * np.float64(state.opinion[i, r]))
    if uniforms(seed, MOVEMENT, person.luck, period, 1)[3] >= share:
        return False
    if state.supplier[i] != NOBODY:
        leave(state, firms, segments, world, tally, leavers, period, i, SWITCH)
    join(state, firms, segments, tally, period, i, int(r), observable)
    return True


@kernel
def adopt(
    state: Any, firms: Any, segments: Any, world: Any, tally: Any, seed: int, period: int, i: int, u: float
) -> None:
    """A person without a supplier may become a customer of a firm, through advertising or talk."""
    person = state.people[i]
    nobody = 1.0
    total = 0.0
    for g in range(firms.shape[0]):
        chance = chance_to_adopt(state, firms, segments, world, i, g)
        nobody *= 1.0 - chance
        total += chance
    if u < nobody or total <= 0.0:
        return
    more = uniforms(seed, MOVEMENT, person.luck, period, 1)
    target = more[1] * total
    for g in range(firms.shape[0]):
        chance = chance_to_adopt(state, firms, segments, world, i, g)
        target -= chance
        if target < 0.0:
            by_talk = more[0] * won_over(state, firms, world, i, g, 0.0) >= firms[g].advertising_chance
            join(state, firms, segments, tally, period, i, g, O.won_talk if by_talk else O.won_advertising)
            return


@rule
def chance_to_adopt(state: Any, firms: Any, segments: Any, world: Any, i: int, g: int) -> float:
    """Chance that row i adopts firm g in this period; none where the person ever was its customer."""
    person = state.people[i]
    if (person.ever | person.barred) & (1 << g) != 0:
        return 0.0
    importance = segments[person.segment].judgement.importance
    appeal = appeal_of(
        np.float64(state.opinion[i, g]),
        promised(firms[g], importance),
        predicted(person, importance),
        world[0].talk.opinion_on_adoption,
        world[0].movement.promise,
    )
    return won_over(state, firms, world, i, g, appeal)


@rule
def won_over(state: Any, firms: Any, world: Any, i: int, g: int, appeal: float) -> float:
    """Chance that advertising and the good words in the inbox win row i for firm g, given its appeal."""
    talk = world[0].talk
    good = state.inbox[i, 1 + 2 * g]
    return adoption_chance(
        firms[g].advertising_chance,
        good // STRONG_WORD,
        good % STRONG_WORD,
        talk.strong_adoption,
        talk.weak_adoption,
        appeal,
    )
