"""Rules from outside in the engine: customers are written into a table, and what rules give on it is taken over.

The loops that are called are not known when this is compiled: they stand in `Outside` as addresses, so that whatever
rules a run has, and whether it has any, its kernels are the same.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from sim.compiled import atomic_add, call_at, double, kernel, rule
from sim.model.contexts import Books, Clock, Environment
from sim.model.encounter_table import T
from sim.model.luck import uniforms
from sim.model.moments import FIELDS, MOMENTS, MOST, NO_LUCK, Outside, W, describe
from sim.model.person import NOBODY, luck_of
from sim.model.rooms import OBSERVABLES
from sim.model.shares import clipped
from sim.vocabulary.streams import OUTSIDE

BLOCK = 2048
"""Customers who are asked about together."""

HEIGHT = len(FIELDS)
OURS = len(OBSERVABLES)

_LOWEST_SATISFACTION, _HIGHEST_SATISFACTION = MOMENTS["after_encounter"].changes["satisfaction"]
_LOWEST_CHANCE, _HIGHEST_CHANCE = MOMENTS["before_moving"].changes["review_chance"]


class Asking(NamedTuple):
    """The rules of a run, and room for a table in which they are asked, float64[`height`, people]."""

    outside: Outside
    table: Any


def nobody_outside() -> Outside:
    """No rule at all.

    >>> nobody_outside().after_encounter.shape
    (0, 2)
    """
    none = np.zeros((0, 2), np.int64)
    return Outside(none, none, none, np.zeros(0), np.zeros(0), np.zeros(1, np.int64))


@rule
def height(state: Any, outside: Outside) -> int:
    """Rows of a table: the fields of the contract, the rules' columns, their observables."""
    return HEIGHT + state.outside.shape[1] + outside.scales.size


@kernel
def lay_out(
    state: Any, environment: Environment, clock: Clock, outside: Outside, rows: Any, people: int, table: Any
) -> None:
    """Write what is known of the first `people` of `rows`, all of them customers, into the table."""
    describe(state, environment, clock, rows, people, table)
    own = state.outside
    for c in range(own.shape[1]):
        for j in range(people):
            table[HEIGHT + c, j] = own[rows[j], c]
    for row in range(HEIGHT + own.shape[1], height(state, outside)):
        for j in range(people):
            table[row, j] = 0.0


@kernel
def ask(state: Any, clock: Clock, outside: Outside, rules: Any, rows: Any, people: int, table: Any, turn: int) -> None:
    """Call the rules of a moment, one after the other, on a table that describes the first `people` of `rows`.

    `turn` numbers the times within a period at which the same rule asks about the same person.
    """
    for r in range(rules.shape[0]):
        if rules[r, 1] != NO_LUCK:
            for j in range(people):
                draw = uniforms(clock.seed, OUTSIDE, luck_of(state, rows[j]), clock.period, rules[r, 1] + turn)
                table[W.luck_1, j], table[W.luck_2, j], table[W.luck_3, j], table[W.luck_4, j] = draw
        table[W.done, 0] = 0.0
        call_at(rules[r, 0], table, people, outside.parameters)
        if table[W.done, 0] == 0.0:
            atomic_add(outside.flaws, 0, people)


@kernel
def take_over(state: Any, books: Books, outside: Outside, rows: Any, people: int, table: Any) -> None:
    """Store the rules' columns and count their observables; whatever is no usable number is a flaw, and left out."""
    columns = state.outside.shape[1]
    flaws = 0
    for c in range(columns):
        for j in range(people):
            value = table[HEIGHT + c, j]
            if abs(value) < MOST:
                state.outside[rows[j], c] = value
            else:
                flaws += 1
    for o in range(outside.scales.size):
        for j in range(people):
            steps = table[HEIGHT + columns + o, j] * outside.scales[o] + 0.5
            if abs(steps) < MOST:
                i = rows[j]
                books.tally[state.supplier[i], state.people[i].segment, OURS + o] += math.floor(steps)
            else:
                flaws += 1
    if flaws > 0:
        atomic_add(outside.flaws, 0, flaws)


@rule
def changed(value: float, low: float, high: float, outside: Outside, before: float) -> float:
    """What a rule has made of a value, cut to what is allowed; what is no number is a flaw, and changes nothing."""
    if abs(value) < MOST:
        return clipped(value, low, high)
    atomic_add(outside.flaws, 0, 1)
    return before


@kernel
def ask_after_encounter(
    state: Any,
    environment: Environment,
    books: Books,
    clock: Clock,
    asking: Asking,
    served: Any,
    rows: Any,
    k: int,
) -> None:
    """Ask about people of one firm and one segment after their k-th encounter of the period.

    Args:
        state: All people.
        environment: Parameters.
        books: Where it is counted.
        clock: Seed and period.
        asking: The rules, and room for their table.
        served: The table of the encounter; its satisfaction is what is stored in the end.
        rows: Rows of the people, in the order of its columns.
        k: Number of the encounter.
    """
    people, outside, table = rows.size, asking.outside, asking.table
    lay_out(state, environment, clock, outside, rows, people, table)
    for j in range(people):
        table[W.quality, j] = served[T.quality, j]
        table[W.felt, j] = served[T.felt, j]
        table[W.now, j] = served[T.now, j]
        table[W.earned, j] = served[T.earned, j]
    ask(state, clock, outside, outside.after_encounter, rows, people, table, k)
    for j in range(people):
        i = rows[j]
        before = double(state.satisfaction[i])
        state.satisfaction[i] = changed(
            table[W.satisfaction, j], _LOWEST_SATISFACTION, _HIGHEST_SATISFACTION, outside, before
        )
        served[T.satisfaction, j] = state.satisfaction[i]
    take_over(state, books, outside, rows, people, table)


@kernel
def ask_before_moving(
    state: Any,
    environment: Environment,
    books: Books,
    clock: Clock,
    asking: Asking,
    start: int,
    chances: Any,
    size: int,
) -> None:
    """Ask about the customers among `size` rows from `start` on, whose `chances` to compare suppliers are changed."""
    outside, table = asking.outside, asking.table
    rows = np.empty(size, np.int32)
    people = customers(state, start, start + size, rows)
    lay_out(state, environment, clock, outside, rows, people, table)
    for j in range(people):
        table[W.review_chance, j] = chances[rows[j] - start]
    ask(state, clock, outside, outside.before_moving, rows, people, table, 0)
    for j in range(people):
        c = rows[j] - start
        chances[c] = changed(table[W.review_chance, j], _LOWEST_CHANCE, _HIGHEST_CHANCE, outside, chances[c])
    take_over(state, books, outside, rows, people, table)


@kernel
def outside_stage(
    state: Any, environment: Environment, books: Books, clock: Clock, outside: Outside, low: int, high: int
) -> None:
    """Ask about the customers among rows `low` to `high` at the end of the period."""
    rows = np.empty(BLOCK, np.int32)
    table = np.empty((height(state, outside), BLOCK), np.float64)
    for start in range(low, high, BLOCK):
        people = customers(state, start, min(start + BLOCK, high), rows)
        lay_out(state, environment, clock, outside, rows, people, table)
        ask(state, clock, outside, outside.end_of_period, rows, people, table, 0)
        take_over(state, books, outside, rows, people, table)


@kernel
def customers(state: Any, low: int, high: int, rows: Any) -> int:
    """Write the rows of the customers among `low` to `high` to `rows`, and return how many there are."""
    people = 0
    for i in range(low, high):
        rows[people] = i
        people += state.supplier[i] != NOBODY
    return people
