"""Telling: those with a story or a post push it to the people they reach, so that the cost follows what is said."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.compiled import atomic_add_2d, claim, kernel, rule
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
def find_tellers(story: Any, low: int, high: int) -> Any:
    """Those of rows `low` to `high` who have something to tell, in their order: int32."""
    rows = np.empty(high - low, np.int32)
    count = 0
    for i in range(low, high):
        rows[count] = i
        count += story[i] != STORY_NONE
    return rows[:count].copy()


@rule
def row_of(state: Any, listener: int, free: int) -> int:
    """Row of the inbox for what a listener is told; the listener has got the row `free` if that is the answer.

    Where `free` is 0 everybody has a row of their own.
    """
    if free == 0:
        state.heard[listener] = listener + 1
        return listener + 1
    before = claim(state.heard, listener, free)
    return free if before == 0 else before


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
    tellers: Any,
    free: int,
) -> None:
    """Rows `low` to `high`, of which `tellers` have a story, tell it into the inboxes of others.

    Rows of the inbox from `free` on are for those who are told here first, one for each word that may be said; where
    it is 0 everybody has a row of their own, which is so wherever posts may be read.

    A teller picks a random place in the row of ties and tells the next people in the row, so that every neighbour is
    as likely and nobody is told twice. Inboxes hold whole numbers that are added atomically: the sums do not depend
    on the order of tellers or threads.
    """
    weak_weight = environment.world[0].talk.weak_tie_weight
    shares_rows = free > 0
    for i in tellers:
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
            row = row_of(state, listener, free)
            free += row == free
            if state.supplier[listener] == f:
                atomic_add_2d(state.inbox, row, INBOX_TOLD, strong_belief if strong == 1 else weak_belief)
            atomic_add_2d(state.inbox, row, column, STRONG_WORD if strong == 1 else 1)
    if shares_rows:
        return
    spread_posts(state, present, environment, books, clock, low, high)


@kernel
def spread_posts(
    state: Any, present: int, environment: Environment, books: Books, clock: Clock, low: int, high: int
) -> None:
    """Strangers read what rows `low` to `high` posted in this period or before: anybody in the market, as weak ties.

    Everybody has a row of the inbox then.
    """
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
            row = row_of(state, listener, 0)
            if state.supplier[listener] == reading.firm:
                atomic_add_2d(state.inbox, row, INBOX_TOLD, belief)
            atomic_add_2d(state.inbox, row, column, 1)
