"""The complaint desk in the engine: finite staff, a queue, and answers that come when they come."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from sim.compiled import kernel, rule
from sim.engine.layout import CASE
from sim.model.case import Ended, finish, registered, take_up, write_down
from sim.model.contexts import Books, Clock, Environment
from sim.model.person import luck_of
from sim.model.records import attributed
from sim.model.standing import count_customer

WAITING, IN_HANDLING, IGNORED = 0, 1, 2


@rule
def ahead(cases: Any, state: Any, a: int, b: int) -> bool:
    """Whether case a is served before case b: by rank, then arrival, then luck id."""
    if cases[a].rank != cases[b].rank:
        return cases[a].rank < cases[b].rank
    if cases[a].arrival != cases[b].arrival:
        return cases[a].arrival < cases[b].arrival
    return luck_of(state, cases[a].row) < luck_of(state, cases[b].row)


@rule
def push(heap: Any, size: int, case: int, cases: Any, state: Any) -> None:
    """Add a case to the binary heap of the queue."""
    j = size
    heap[j] = case
    while j > 0:
        parent = (j - 1) // 2
        if not ahead(cases, state, heap[j], heap[parent]):
            break
        heap[j], heap[parent] = heap[parent], heap[j]
        j = parent


@rule
def pop(heap: Any, size: int, cases: Any, state: Any) -> int:
    """Take the first case out of the heap, whose size sinks by one."""
    first = heap[0]
    heap[0] = heap[size - 1]
    last = size - 1
    j = 0
    while True:
        child = 2 * j + 1
        if child >= last:
            break
        if child + 1 < last and ahead(cases, state, heap[child + 1], heap[child]):
            child += 1
        if not ahead(cases, state, heap[child], heap[j]):
            break
        heap[j], heap[child] = heap[child], heap[j]
        j = child
    return first


@rule
def take_agent(free: Any, until: float) -> None:
    """The agent who is free first (free[0], a heap of times) is busy until `until`."""
    size = free.shape[0]
    j = 0
    free[0] = until
    while True:
        child = 2 * j + 1
        if child >= size:
            break
        if child + 1 < size and free[child + 1] < free[child]:
            child += 1
        if free[child] >= free[j]:
            break
        free[child], free[j] = free[j], free[child]
        j = child


@rule
def register(case: Any, state: Any, firm: Any, years: float, seed: int) -> None:
    """Write down what the desk does not decide: when the complaint arrives, how long it takes, how patient one is."""
    known = registered(state, case.row, firm, years, seed, case.period, case.encounter)
    case.arrival = known.arrival
    case.handling = known.handling
    case.inquiry = known.inquiry
    case.gives_up = known.gives_up
    case.rank = known.rank
    case.answer = math.inf
    case.status = IGNORED if known.ignored else WAITING


@kernel
def register_stage(
    state: Any, environment: Environment, books: Books, clock: Clock, cases: Any, known: int, f: int
) -> None:
    """Register the cases from index `known` on with the desk of firm f."""
    for c in range(known, cases.shape[0]):
        register(cases[c], state, environment.firms[f], environment.world[0].years, clock.seed)
        write_down(books.tally[f, state.people[cases[c].row].segment], environment.firms[f], cases[c].status == IGNORED)


@kernel
def desk_stage(
    state: Any, environment: Environment, books: Books, clock: Clock, cases: Any, order: Any, free: Any, f: int
) -> int:
    """One period of firm f's desk; returns how many cases stay open (moved to the front of `cases`).

    `cases` holds the cases of earlier periods, then the registered new ones, whose indexes `order` lists by arrival.
    `free` is a heap of the times at which agents are free, years since the start. Within the period events
    happen in continuous time: whoever is first in the queue is served when an agent is free, and those whose
    patience ends before leave the queue unanswered.
    """
    total = cases.shape[0]
    close = (clock.period + 1) * environment.world[0].years
    firm = environment.firms[f]
    heap = np.empty(total, np.int64)
    size = 0
    for c in range(total - order.shape[0]):
        if cases[c].status == WAITING:
            push(heap, size, c, cases, state)
            size += 1
    following = 0
    while free.shape[0] > 0:
        while size == 0 and following < order.shape[0]:
            if cases[order[following]].status == WAITING:
                push(heap, size, order[following], cases, state)
                size += 1
            following += 1
        if size == 0:
            break
        start = max(free[0], cases[heap[0]].arrival)
        if start >= close:
            break
        while following < order.shape[0] and cases[order[following]].arrival <= start:
            if cases[order[following]].status == WAITING:
                push(heap, size, order[following], cases, state)
                size += 1
            following += 1
        c = pop(heap, size, cases, state)
        size -= 1
        if cases[c].gives_up <= start:
            continue
        counts = books.tally[f, state.people[cases[c].row].segment]
        take_up(counts, firm, start - cases[c].arrival, cases[c].handling)
        cases[c].status = IN_HANDLING
        cases[c].answer = start + cases[c].handling + cases[c].inquiry
        take_agent(free, start + cases[c].handling)
    kept = 0
    for c in range(total):
        ends = cases[c].answer if cases[c].status == IN_HANDLING else cases[c].gives_up
        if ends < close:
            finish_case(cases[c], state, environment, books, clock, f, ends)
        else:
            cases[kept] = cases[c]
            kept += 1
    return kept


class AtDesks(NamedTuple):
    """What lies at the desks of all firms, and who works there.

    Attributes:
        cases: CASE[firms, room], the cases of each firm from the left.
        known: int64[firms], how many these are.
        free: float64[agents], of one firm after the other a heap of the times at which its agents are free, years since
            the start.
        ends: int64[firms], where in `free` those of each firm end.
    """

    cases: Any
    known: Any
    free: Any
    ends: Any


@kernel
def desk_period(state: Any, environment: Environment, books: Books, clock: Clock, found: Any, desks: AtDesks) -> int:
    """A period of all desks, from the complaints that were found on; returns how many cases stay open.

    Args:
        state: The people.
        environment: Parameters, and what the market knows of each firm.
        books: Where things are counted.
        clock: When it is.
        found: Complaints as the encounter stage found them, of all firms.
        desks: The desks, with room for these; changed.
    """
    still_open = 0
    first = 0
    for f in range(desks.ends.shape[0]):
        cases, known, end = desks.cases[f], desks.known[f], desks.ends[f]
        total = collect_cases(state, found, cases, known, f, clock.period)
        if total > 0:
            register_stage(state, environment, books, clock, cases[:total], known, f)
            order = np.empty(total - known, np.int64)
            by_arrival(cases, known, order, np.empty(total - known, np.int64))
            free = desks.free[first:end]
            desks.known[f] = desk_stage(state, environment, books, clock, cases[:total], order, free, f)
            still_open += desks.known[f]
        first = end
    return still_open


@kernel
def by_arrival(cases: Any, known: int, order: Any, spare: Any) -> None:
    """Fill `order` with the indexes of the cases from `known` on by arrival, equal ones as they stand: a merge sort."""
    count = order.shape[0]
    for c in range(count):
        order[c] = known + c
    width = 1
    while width < count:
        for low in range(0, count, 2 * width):
            middle = min(low + width, count)
            high = min(low + 2 * width, count)
            a = low
            b = middle
            for c in range(low, high):
                if b >= high or (a < middle and cases[order[a]].arrival <= cases[order[b]].arrival):
                    spare[c] = order[a]
                    a += 1
                else:
                    spare[c] = order[b]
                    b += 1
        for c in range(count):
            order[c] = spare[c]
        width *= 2


@kernel
def finish_case(
    case: Any, state: Any, environment: Environment, books: Books, clock: Clock, f: int, ends: float
) -> None:
    """A case ends with an answer, or with its sender's patience; whoever still is a customer is counted anew."""
    i = case.row
    ended = Ended(case.period, case.encounter, case.severity, case.status == IN_HANDLING, ends - case.arrival)
    customer = state.supplier[i] == f
    if customer:
        count_customer(state, environment.segments, books.tally, f, i, -1)
    finish(state, i, environment, books, clock, f, ended)
    if customer:
        count_customer(state, environment.segments, books.tally, f, i, 1)


@kernel
def collect_cases(state: Any, found: Any, cases: Any, known: int, f: int, period: int) -> int:
    """Append to `cases` the complaints of firm f among those that were found; returns the new number."""
    for c in range(found.row.size):
        if state.supplier[found.row[c]] == f:
            cases[known].row = found.row[c]
            cases[known].period = period
            cases[known].encounter = found.encounter[c]
            cases[known].severity = found.severity[c]
            known += 1
    return known


def empty_desks(firms: int) -> AtDesks:
    """Desks at which nobody works and nothing lies.

    >>> empty_desks(2).known
    array([0, 0])
    """
    return AtDesks(_room(firms, 0), np.zeros(firms, np.int64), np.zeros(0), np.zeros(firms, np.int64))


def _room(firms: int, cases: int) -> Any:
    return attributed(np.zeros((firms, cases), CASE))


def with_room_for(desks: AtDesks, cases: int) -> AtDesks:
    """The same desks with room for so many cases at each.

    >>> with_room_for(empty_desks(2), 3).cases.shape[1] >= 3
    True
    """
    if desks.cases.shape[1] >= cases:
        return desks
    room = _room(len(desks.known), 2 * cases)
    for f, known in enumerate(desks.known.tolist()):
        room[f, :known] = desks.cases[f, :known]
    return desks._replace(cases=room)


def with_staff(desks: AtDesks, people: Sequence[int], now: float) -> AtDesks:
    """The same desks with so many agents each, see `staffed`."""
    free = [staffed(times, count, now) for times, count in zip(agents_of(desks), people, strict=True)]
    return desks._replace(free=np.concatenate(free), ends=np.cumsum([times.size for times in free], dtype=np.int64))


def agents_of(desks: AtDesks) -> list[Any]:
    """When the agents of each firm are free: a heap of float64 each."""
    return np.split(desks.free, desks.ends[:-1])


def cases_of(desks: AtDesks) -> list[Any]:
    """The cases at the desk of each firm."""
    return [cases[:known] for cases, known in zip(desks.cases, desks.known.tolist(), strict=True)]


def taken_up(cases: Sequence[Any], free: Sequence[Any]) -> AtDesks:
    """Desks with these cases and agents of each firm, as `cases_of` and `agents_of` have them."""
    desks = with_room_for(empty_desks(len(cases)), max(map(len, cases)))
    for f, those in enumerate(cases):
        desks.cases[f, : len(those)], desks.known[f] = those, len(those)
    return desks._replace(free=np.concatenate(free), ends=np.cumsum([times.size for times in free], dtype=np.int64))


def staffed(free: Any, count: int, now: float) -> Any:
    """The times at which agents are free, after the staff has been changed to `count`; the idle go first.

    >>> staffed(np.array([1.0, 5.0]), 1, 2.0), staffed(np.array([1.0]), 2, 2.0)
    (array([5.]), array([1., 2.]))
    """
    times = np.sort(free)
    if count <= times.size:
        return times[times.size - count :].copy()
    return np.sort(np.concatenate([times, np.full(count - times.size, now)]))
