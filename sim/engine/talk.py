"""Telling: those with a story push it to the people they tell, so that the cost follows what is said."""

from __future__ import annotations

from typing import Any

from sim.compiled import atomic_add_2d, kernel
from sim.engine.relations import predicted
from sim.model.luck import uniforms
from sim.model.person import INFLUENTIAL
from sim.model.register import O
from sim.model.shares import fixed_point
from sim.model.talk import (
    INBOX_TOLD,
    STORY_DISSATISFIED,
    STORY_FAILED_RECOVERY,
    STORY_NONE,
    STORY_RECOVERED,
    STRONG_WORD,
    people_told,
)
from sim.vocabulary.streams import TALK

REACH = 2000
MIX = 3000
"""Indexes of the TALK stream: how many are told and where in the row one begins; who is told in a complete mix."""


@kernel
def talk_stage(
    state: Any,
    network: Any,
    complete: bool,
    present: int,
    segments: Any,
    world: Any,
    tally: Any,
    seed: int,
    period: int,
    low: int,
    high: int,
) -> None:
    """Rows `low` to `high` tell their stories into the inboxes of others.

    A teller picks a random place in the row of ties and tells the next people in the row, so that every neighbour is
    as likely and nobody is told twice. Inboxes hold whole numbers that are added atomically: the sums do not depend
    on the order of tellers or threads.
    """
    talk = world[0].talk
    weak_weight = talk.weak_tie_weight
    for i in range(low, high):
        story = state.story[i]
        if story == STORY_NONE:
            continue
        state.story[i] = STORY_NONE
        person = state.people[i]
        f = state.supplier[i]
        s = person.segment
        counts = tally[f, s]
        draw = uniforms(seed, TALK, person.luck, period, REACH)
        reach = talk.reach[story - 1]
        if person.flags & INFLUENTIAL != 0:
            reach *= segments[s].sociability.influencer_factor
        first = network.offsets[i]
        ties = network.offsets[i + 1] - first
        if complete:
            ties = present - 1
        told = min(people_told(reach, draw[0]), ties)
        bad = story in (STORY_DISSATISFIED, STORY_FAILED_RECOVERY)
        counts[O.talkers_negative if bad else O.talkers_positive] += 1
        counts[O.told_negative if bad else O.told_positive] += told
        if story == STORY_RECOVERED:
            counts[O.told_recovered] += told
        if told == 0:
            continue
        importance = segments[s].judgement.importance
        belief = predicted(person, importance)
        strong_belief = fixed_point(belief)
        weak_belief = fixed_point(weak_weight * belief)
        column = int(2 * f) + (2 if bad else 1)
        place = int(draw[1] * ties)
        four = draw
        for n in range(told):
            if complete:
                if n % 4 == 0:
                    four = uniforms(seed, TALK, person.luck, period, MIX + n // 4)
                listener = int(four[n % 4] * ties)
                listener += 1 if listener >= i else 0
                strong = 0
            else:
                tie = network.ties[first + place]
                listener = tie >> 1
                strong = tie & 1
                place += 1
                if place == ties:
                    place = 0
            if state.supplier[listener] == f:
                atomic_add_2d(state.inbox, listener, INBOX_TOLD, strong_belief if strong == 1 else weak_belief)
            atomic_add_2d(state.inbox, listener, column, STRONG_WORD if strong == 1 else 1)
            state.heard[listener] = 1
