"""Word of mouth in the engine: tellers push to those they reach, so that the cost follows what is said."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from sim.compiled import claim, kernel, prefetch, rule
from sim.model.contexts import Books, Clock, Environment
from sim.model.in_use import at
from sim.model.inbox import column_of, put_in
from sim.model.online import READERS, be_read
from sim.model.person import luck_of
from sim.model.talk import MIX, NUMBERS_A_DRAW, STORY_NONE, belief_over, strangers, tell

TOGETHER = 64
"""Tellers who speak at a time: memory answers many in the time of one, and all of it is still in the cache."""

BITS = 8
"""Of a byte."""

TOLD, STRONG_BELIEF, WEAK_BELIEF, WORD, TIES, PLACE, SAID = range(7)
"""What is noted of a teller: people told, belief as it goes over either kind of tie, column of the inbox, people known,
with which of them the telling begins; and how many numbers these are."""


class Circle(NamedTuple):
    """Whom people can tell: their neighbours, or in a complete mix everyone else in the market.

    Attributes:
        offsets: Where the ties of each person begin, and the last ones end, see `sim.engine.network.WiredNetwork`.
        ties: The same, uint8[ends, bytes], see `sim.engine.network.in_bytes`.
        complete: Whether it is a complete mix.
        present: People in the market.
        online: Whether anybody may post, or have posted, what strangers read.
    """

    offsets: Any
    ties: Any
    complete: bool
    present: int
    online: bool


class Tellers(NamedTuple):
    """Who has a story among some rows, int32[people], and the first row of the inbox for those who are told.

    Where everybody has a row of the inbox, `free` is 0, and rows are left out: they are found as they speak.
    """

    rows: Any
    free: int


NOT_YET_FOUND = Tellers(np.zeros(0, np.int32), 0)
"""Tellers who are found as they speak."""


@rule
def tie_at(ties: Any, place: int) -> int:
    """The tie at a place, neighbour << 1 | strong, of its bytes.

    >>> int(tie_at(np.array([[0, 0, 0], [2, 1, 0]], np.uint8), 1))
    258
    """
    tie = np.int64(0)
    for byte in range(ties.shape[1]):
        tie += np.int64(ties[place, byte]) << (BITS * byte)
    return int(tie)


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
    circle: Circle,
    environment: Environment,
    books: Books,
    clock: Clock,
    low: int,
    high: int,
    tellers: Tellers,
) -> None:
    """Rows `low` to `high`, of which `tellers` have a story, tell it into the inboxes of others.

    Rows of the inbox from `tellers.free` on are for those who are told here first, one for each word that may be said;
    where it is 0 everybody has a row of their own.

    A teller picks a random place in the row of ties and tells the next people in the row, so that every neighbour is
    as likely and nobody is told twice. Inboxes hold whole numbers that are added atomically: the sums do not depend
    on the order of tellers or threads.

    Some tellers at a time first say what they tell and to whom, so that memory is asked for all these people at once;
    then the words are handed on.
    """
    said = np.empty((SAID, TOGETHER), np.int64)
    rows, free = tellers.rows, tellers.free
    if free == 0 and rows.size == 0:
        rows = find_tellers(state.story, low, high)
    for begin in range(0, rows.size, TOGETHER):
        some = rows[begin : begin + TOGETHER]
        if begin + TOGETHER < rows.size:
            ask_for(state, circle, rows[begin + TOGETHER : begin + 2 * TOGETHER])
        say_all(state, circle, environment, books, clock, some, said)
        free = hand_on(state, circle, clock, some, said, free)
    if circle.online:
        spread_posts(state, circle.present, environment, books, clock, low, high, free)


@kernel
def ask_for(state: Any, circle: Circle, tellers: Any) -> None:
    """Memory is asked for those who tell next."""
    for i in tellers:
        prefetch(state.people, i)
        prefetch(circle.offsets, i)


@kernel
def say_all(
    state: Any, circle: Circle, environment: Environment, books: Books, clock: Clock, tellers: Any, said: Any
) -> None:
    """What each of some tellers says goes into a column of `said`: rows `TOLD` to `PLACE`."""
    weak_weight = environment.world[0].talk.weak_tie_weight
    for i in tellers:
        prefetch(circle.ties, circle.offsets[i])
    for c in range(tellers.size):
        i = tellers[c]
        first = circle.offsets[i]
        ties = circle.present - 1 if circle.complete else circle.offsets[i + 1] - first
        story = tell(state, i, environment, books, clock, ties)
        place = int(story.place * ties)
        said[TOLD, c] = story.told
        said[STRONG_BELIEF, c] = belief_over(story.belief, True, weak_weight)
        said[WEAK_BELIEF, c] = belief_over(story.belief, False, weak_weight)
        said[WORD, c] = column_of(int(state.supplier[i]), story.bad)
        said[TIES, c] = ties
        said[PLACE, c] = place
        if circle.complete:
            continue
        for _ in range(story.told):
            listener = tie_at(circle.ties, first + place) >> 1
            prefetch(state.supplier, listener)
            prefetch(state.heard, listener)
            place += 1
            if place == ties:
                place = 0


@kernel
def hand_on(state: Any, circle: Circle, clock: Clock, tellers: Any, said: Any, free: int) -> int:
    """What some tellers have said goes into the inboxes; returns the next row that is free."""
    for c in range(tellers.size):
        i = tellers[c]
        f = state.supplier[i]
        first, place, ties, column = circle.offsets[i], said[PLACE, c], said[TIES, c], said[WORD, c]
        four = (0, 0, 0, 0)
        for n in range(said[TOLD, c]):
            if circle.complete:
                if n % NUMBERS_A_DRAW == 0:
                    four = strangers(clock.seed, luck_of(state, i), clock.period, MIX + n // NUMBERS_A_DRAW, ties, i)
                listener = four[n % NUMBERS_A_DRAW]
                strong = False
            else:
                tie = tie_at(circle.ties, first + place)
                listener = tie >> 1
                strong = tie & 1 == 1
                place += 1
                if place == ties:
                    place = 0
            row = row_of(state, listener, free)
            free += row == free
            belief = said[STRONG_BELIEF if strong else WEAK_BELIEF, c]
            put_in(state.inbox, row, column, strong, state.supplier[listener] == f, belief)
    return free


@kernel
def spread_posts(
    state: Any, present: int, environment: Environment, books: Books, clock: Clock, low: int, high: int, free: int
) -> None:
    """Strangers read what rows `low` to `high` posted in this period or before: anybody in the market, as weak ties.

    Rows of the inbox from `free` on are for those who hear here first; 0 where everybody has one.
    """
    weak_weight = environment.world[0].talk.weak_tie_weight
    for i in range(low, high):
        if state.post[at(state.post, i)] == 0:
            continue
        reading = be_read(state, i, environment, books, clock, present - 1)
        belief = belief_over(reading.belief, False, weak_weight)
        column = column_of(reading.firm, True)
        four = (0, 0, 0, 0)
        for n in range(reading.readers):
            if n % NUMBERS_A_DRAW == 0:
                index = READERS + n // NUMBERS_A_DRAW
                four = strangers(clock.seed, luck_of(state, i), clock.period, index, present - 1, i)
            listener = four[n % NUMBERS_A_DRAW]
            row = row_of(state, listener, free)
            free += row == free
            put_in(state.inbox, row, column, False, state.supplier[listener] == reading.firm, belief)
