"""Telling: those with a story or a post push it to the people they reach, so that the cost follows what is said."""

from __future__ import annotations

from typing import Any

from sim.compiled import atomic_add_2d, kernel
from sim.model.contexts import Books, Clock, Environment
from sim.model.inbox import BAD_WORDS, GOOD_WORDS, INBOX_TOLD, STRONG_WORD, WORDS_PER_FIRM
from sim.model.luck import uniforms
from sim.model.online import READERS, be_read, post
from sim.model.shares import fixed_point
from sim.model.talk import MIX, STORY_NONE, tell
from sim.vocabulary.streams import TALK

NUMBERS_A_DRAW = 4
"""Random numbers that one index of a stream gives."""


@kernel
def talk_stage(
    state: Any,
    network: Any,
    complete: bool,
    present: int,
    environment: Environment,
    books: Books,
    clock: Clock,
    low: int,
    high: int,
) -> None:
    """Rows `low` to `high` tell their stories into the inboxes of others.

    A teller picks a random place in the row of ties and tells the next people in the row, so that every neighbour is
    as likely and nobody is told twice. Inboxes hold whole numbers that are added atomically: the sums do not depend
    on the order of tellers or threads.
    """
    weak_weight = environment.world[0].talk.weak_tie_weight
    for i in range(low, high):
        if state.story[i] == STORY_NONE:
            continue
        f = state.supplier[i]
        first = network.offsets[i]
        ties = present - 1 if complete else network.offsets[i + 1] - first
        story = tell(state, i, environment, books, clock, ties)
        if story.bad:
            post(state, i, environment, books, clock)
        if story.told == 0:
            continue
        strong_belief = fixed_point(story.belief)
        weak_belief = fixed_point(weak_weight * story.belief)
        column = WORDS_PER_FIRM * int(f) + (BAD_WORDS if story.bad else GOOD_WORDS)
        place = int(story.place * ties)
        four = (0.0, 0.0, 0.0, 0.0)
        for n in range(story.told):
            if complete:
                if n % NUMBERS_A_DRAW == 0:
                    index = MIX + n // NUMBERS_A_DRAW
                    four = uniforms(clock.seed, TALK, state.people[i].luck, clock.period, index)
                listener = int(four[n % NUMBERS_A_DRAW] * ties)
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
    spread_posts(state, present, environment, books, clock, low, high)


@kernel
def spread_posts(
    state: Any, present: int, environment: Environment, books: Books, clock: Clock, low: int, high: int
) -> None:
    """Strangers read what rows `low` to `high` posted in this period or before: anybody in the market, as weak ties."""
    weak_weight = environment.world[0].talk.weak_tie_weight
    for i in range(low, high):
        if state.post[i] == 0:
            continue
        reading = be_read(state, i, environment, books, clock, present - 1)
        belief = fixed_point(weak_weight * reading.belief)
        column = WORDS_PER_FIRM * reading.firm + BAD_WORDS
        four = (0.0, 0.0, 0.0, 0.0)
        for n in range(reading.readers):
            if n % NUMBERS_A_DRAW == 0:
                index = READERS + n // NUMBERS_A_DRAW
                four = uniforms(clock.seed, TALK, state.people[i].luck, clock.period, index)
            listener = int(four[n % NUMBERS_A_DRAW] * (present - 1))
            listener += 1 if listener >= i else 0
            if state.supplier[listener] == reading.firm:
                atomic_add_2d(state.inbox, listener, INBOX_TOLD, belief)
            atomic_add_2d(state.inbox, listener, column, 1)
            state.heard[listener] = 1
