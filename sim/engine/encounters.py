"""Service encounters in the engine: drawn in blocks; people of one firm and one segment are served together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np

from sim.compiled import double, kernel, prefetch, rule, single
from sim.engine.arrivals import Coming, Rates, who_comes
from sim.engine.bills import blank_envelopes, send_bills
from sim.engine.census import count_standings
from sim.engine.loyalty_points import blank_cards, collect_points
from sim.engine.outside import Asking, ask_after_encounter, height
from sim.model.contexts import Books, Clock, Environment, Served
from sim.model.dimensions import DIMENSION_COUNT
from sim.model.encounter import draw, serve, tell_of
from sim.model.encounter_table import ROWS as TABLE_ROWS
from sim.model.encounter_table import T
from sim.model.guarantee import honour_unasked
from sim.model.judgement import LEVEL_DISSATISFIED
from sim.model.moments import Outside
from sim.model.money import add_margin
from sim.model.onboarding import tenure_of
from sim.model.person import CAPTIVE, INTENT_STAY, NOBODY, luck_of
from sim.model.price import asked_of
from sim.model.servqual import rate
from sim.model.standing import count_customer
from sim.model.voice import decide, severity_driver

BLOCK = 8192
"""Rows handled together: what the dense pass reads is still in the cache for the sparse one, and people of one
firm and segment are enough to be worth a call, which takes as long as twenty of them."""

AHEAD = 16
"""So many people before it is read, memory is asked for somebody's record."""

PADDING = 8
"""Columns of a table beyond those of a block: rows a power of two apart would share a few lines of the cache."""

HEIGHT = len(TABLE_ROWS)

FEW = 8
"""Groups of people who are served together, firms times segments, that are few."""

ROOM = 1024
"""Complaints for which there is room at first; one in some thousand people complains in a period. Likewise of people
who have more than one encounter."""

TOGETHER = 1024
"""People who have another encounter, served together: what is read of them all fits into a near cache."""


class Found(NamedTuple):
    """Complaints that the encounters of a period bring, not yet with a desk.

    Attributes:
        row: int32[complaints], who complains.
        encounter: uint8[complaints], at which encounter of the period.
        severity: float32[complaints], see `sim.model.voice.severity_driver`.
    """

    row: Any
    encounter: Any
    severity: Any


def all_found(parts: Iterable[tuple[Any, Any, Any]]) -> Found:
    """Complaints of several chunks of rows, one after the other.

    >>> chunk = np.array([7], np.int32), np.zeros(1, np.uint8), np.ones(1, np.float32)
    >>> all_found([chunk, chunk]).row.tolist()
    [7, 7]
    """
    found = list(parts)
    if len(found) == 1:  # of a small market, where to put one part together takes as long as some of its people
        return Found(*found[0])
    return Found(*(np.concatenate(column) for column in zip(*found, strict=True)))


@rule
def ask_for(state: Any, i: int) -> None:
    """Memory is asked for what an encounter reads of the person of row i, if few have one."""
    prefetch(state.people, i)
    prefetch(state.intent, i)
    prefetch(state.supplier, i)
    prefetch(state.satisfaction, i)
    prefetch(state.spend, i)
    prefetch(state.margin, i)


@kernel
def encounter_stage(
    state: Any, environment: Environment, books: Books, clock: Clock, outside: Outside, low: int, high: int
) -> tuple[Any, Any, Any]:
    """All encounters of rows `low` to `high` in one period; returns the complaints that go to the desks.

    Staged in blocks: a dense pass draws who may have an encounter, the few are compacted and put together by firm and
    segment, and only for those the rules are computed. Who has more than one waits until everybody has had the first:
    those of many blocks are then enough for a call that those of one are not. Complaints are returned as `Found` says,
    in no order that anything rests on; there is room for those that there are, as few complain.
    """
    segments, tally = environment.segments, books.tally
    coming = Coming(
        np.empty(BLOCK, np.int32),
        np.empty(BLOCK, np.int32),
        np.empty(BLOCK, np.uint32),
        np.empty(BLOCK, np.float64),
        np.empty(BLOCK, np.float64),
        np.empty(BLOCK, np.float64),
        np.empty(BLOCK, np.float64),
        np.empty(BLOCK, np.float64),
    )
    rows, times = coming.rows, coming.times
    lucks = np.empty(BLOCK, np.uint32)
    group = np.empty(BLOCK, np.int32)
    ordered = np.empty(BLOCK + 1, np.int32)
    captive = np.empty(BLOCK, np.int64)
    asked = outside.after_encounter.shape[0] > 0
    aside = np.empty((height(state, outside), BLOCK if asked else 0), np.float64)
    segment_count = tally.shape[1]
    ends = np.empty(tally.shape[0] * segment_count, np.int32)
    table = np.empty((HEIGHT, BLOCK + PADDING), np.float64)
    visits = np.zeros((NOBODY + 1, segment_count), np.float64)
    visits[: tally.shape[0]] = environment.prices.visits
    rates = np.zeros(NOBODY + 1, np.float64)
    billing = False
    programmes = False
    guarantees = False
    dropping = False
    swayed = False
    for s in range(segment_count):
        dropping |= segments[s].drop_out.per_purchase > 0.0
        swayed |= segments[s].encounters.satisfaction_effect > 0.0
    for f in range(environment.firms.shape[0]):
        rates[f] = environment.firms[f].contract.bills_per_year
        billing |= rates[f] > 0.0
        programmes |= environment.firms[f].programme.offered > 0.0
        guarantees |= environment.firms[f].guarantee.payout > 0.0
    means = Rates(visits, programmes, swayed, dropping)
    envelopes = blank_envelopes(BLOCK if billing else 0)
    collecting = state.year_points.shape[0] == state.supplier.shape[0]
    cards = blank_cards(BLOCK if collecting else 0)
    opened = 0
    row_found = np.empty(ROOM, np.int32)
    encounter_found = np.empty(ROOM, np.uint8)
    severity_found = np.empty(ROOM, np.float32)
    again = 0
    served_again = 0
    row_again = np.empty(ROOM, np.int32)
    times_again = np.empty(ROOM, np.int32)
    points = 0
    start = low
    while start < high or served_again < again:
        k = 0
        if start < high:
            size = min(BLOCK, high - start)
            if billing:
                send_bills(state, environment, books, clock, start, start + size, rates, envelopes)
            if collecting:
                year_points = state.year_points[start : start + size]
                for j in range(size):
                    points |= year_points[j]
            count = who_comes(state, environment, clock, start, size, means, coming)
            start += size
        else:
            k = 1
            count = min(TOGETHER, again - served_again)
            for c in range(count):
                rows[c] = row_again[served_again + c]
                times[c] = times_again[served_again + c]
                ask_for(state, rows[c])
            served_again += count
        while True:
            left = 0
            for c in range(count):
                rows[left] = rows[c]
                times[left] = times[c]
                left += (times[c] > k) & (state.intent[rows[c]] == INTENT_STAY)
            count = left
            if count == 0:
                break
            for c in range(count):
                s = 0 if segment_count == 1 else state.people[rows[c]].segment
                group[c] = state.supplier[rows[c]] * segment_count + s
            put_together(rows, group, count, ends, ordered)
            begin = 0
            for g in range(ends.size):
                those = ordered[begin : ends[g]]
                begin = ends[g]
                people = those.size
                if people == 0:
                    continue
                f = g // segment_count
                segment, counts = segments[g % segment_count], tally[f, g % segment_count]
                gather(state, those, table, lucks, captive, clock.period, environment.world[0].years)
                count_standings(table, people, segment, captive, counts, -1)
                draw(table, people, lucks, clock, k)
                serve(
                    table,
                    people,
                    environment.firms[f],
                    segment,
                    asked_of(environment.prices, f, g % segment_count),
                    counts,
                )
                rate(table, people, lucks, environment.firms[f], clock, k, counts)
                scatter(state, those, table, f)
                if programmes or points != 0:
                    collect_points(state, environment, books, clock, table, those, cards)
                if guarantees:
                    pay_unasked(state, environment, books, clock, table, those, k)
                if asked:
                    asking = Asking(outside, aside)
                    ask_after_encounter(state, environment, books, clock, asking, table, those, k)
                count_standings(table, people, segment, captive, counts, 1)
                if opened + people > row_found.size:
                    room = 2 * (opened + people)
                    row_found = with_room(row_found, opened, room)
                    encounter_found = with_room(encounter_found, opened, room)
                    severity_found = with_room(severity_found, opened, room)
                for j in range(people):
                    i = those[j]
                    served = Served(k, table[T.felt, j], table[T.u_talk, j], int(table[T.failed, j]))
                    tell_of(state, i, environment, books, clock, served)
                    if table[T.level, j] != LEVEL_DISSATISFIED:
                        continue
                    count_customer(state, segments, tally, f, i, -1)
                    if decide(state, i, environment, books, clock, served):
                        row_found[opened] = i
                        encounter_found[opened] = k
                        severity_found[opened] = severity_driver(served.felt, segment.judgement.tolerance)
                        opened += 1
                    count_customer(state, segments, tally, f, i, 1)
            k += 1
            if k == 1:
                if again + count > row_again.size:
                    row_again = with_room(row_again, again, 2 * (again + count))
                    times_again = with_room(times_again, again, 2 * (again + count))
                for c in range(count):
                    row_again[again] = rows[c]
                    times_again[again] = times[c]
                    again += times[c] > 1
                break
    return row_found[:opened].copy(), encounter_found[:opened].copy(), severity_found[:opened].copy()


@kernel
def with_room(array: Any, used: int, room: int) -> Any:
    """An array of `room` elements that begins with the first `used` of another."""
    larger = np.empty(room, array.dtype)
    for place in range(used):  # one by one: numba compiles that three times as fast as a slice
        larger[place] = array[place]
    return larger


@kernel
def put_together(rows: Any, group: Any, count: int, ends: Any, ordered: Any) -> None:
    """Sort the first `count` rows by group, each group in the order in which they stand.

    `ordered`, which has room for one more, is filled with rows, group after group; those of group g end before
    `ends[g]`.
    """
    if ends.size <= FEW:  # to count each place of few groups is to wait for the place before
        found = 0
        for g in range(ends.size):
            for c in range(count):
                ordered[found] = rows[c]
                found += group[c] == g
            ends[g] = found
        return
    for g in range(ends.size):
        ends[g] = 0
    for c in range(count):
        ends[group[c]] += 1
    before = 0
    for g in range(ends.size):
        size = ends[g]
        ends[g] = before
        before += size
    for c in range(count):
        ordered[ends[group[c]]] = rows[c]
        ends[group[c]] += 1


@rule
def gather(state: Any, those: Any, table: Any, lucks: Any, captive: Any, period: int, years: float) -> None:
    """Write what is known of the persons of rows `those` into the table, widened."""
    for j in range(those.size):
        later = those[min(j + AHEAD, those.size - 1)]
        prefetch(state.people, later)
        prefetch(state.margin, later)
        i = those[j]
        person = state.people[i]
        lucks[j] = luck_of(state, i)
        captive[j] = (person.flags & CAPTIVE) != 0
        for d in range(DIMENSION_COUNT):
            table[T.will + d, j] = person.will[d]
            table[T.should + d, j] = person.should[d]
        table[T.satisfaction, j] = state.satisfaction[i]
        table[T.confirmation, j] = person.confirmation
        table[T.history, j] = person.history
        table[T.standards, j] = person.standards
        table[T.disposition, j] = person.disposition
        table[T.spend, j] = state.spend[i]
        table[T.tenure, j] = tenure_of(state, i, period, years)
        table[T.level, j] = person.level


@rule
def scatter(state: Any, those: Any, table: Any, f: int) -> None:
    """Write what has become of the persons of rows `those` back, in single precision, which the table then has."""
    for changed in range(T.will, T.history):  # expectations, satisfaction and confirmation stand one after the other
        for j in range(those.size):
            table[changed, j] = double(single(table[changed, j]))
    for j in range(those.size):
        i = those[j]
        person = state.people[i]
        for d in range(DIMENSION_COUNT):
            person.will[d] = table[T.will + d, j]
            person.should[d] = table[T.should + d, j]
        state.satisfaction[i] = table[T.satisfaction, j]
        person.confirmation = table[T.confirmation, j]
        person.history = table[T.history, j]
        person.level = int(table[T.level, j])
        add_margin(state, i, f, table[T.earned, j])


@kernel
def pay_unasked(
    state: Any, environment: Environment, books: Books, clock: Clock, table: Any, those: Any, k: int
) -> None:
    """Guarantees that are paid without asking to those in the table, at the rows `those`, after the k-th encounter."""
    for j in range(those.size):
        mode = int(table[T.failed, j])
        if mode < 0:
            continue
        i = those[j]
        if honour_unasked(state, i, environment, books, clock, k, mode):
            table[T.satisfaction, j] = state.satisfaction[i]
