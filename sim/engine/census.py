"""Stocks at the end of a period, and the customer types at the end of a run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeAlias

import numpy as np

from sim.compiled import kernel, rule
from sim.model.contexts import Environment
from sim.model.encounter_table import T
from sim.model.judgement import LEVEL_DELIGHTED, LEVEL_DISSATISFIED
from sim.model.perception import weigh
from sim.model.person import NOBODY
from sim.model.programme import COUNTED_AFTER_MOVING
from sim.model.rooms import OBSERVABLES, O
from sim.model.shares import fixed_point
from sim.model.standing import count_customer, recommendation, standing
from sim.model.typology import LOWER_QUARTER, TYPOLOGIES, UPPER_QUARTER, Quarters, kind_of, margin_a_year
from sim.model.work_pressure import FOLLOWED
from sim.vocabulary.observables import STOCK


@rule
def count_change(counts: Any, satisfaction: float, before: float) -> None:
    """Carry stocks of a customer of whom nothing has changed but the satisfaction, from `before`, points (0-100)."""
    now = recommendation(satisfaction)
    was = recommendation(before)
    counts[O.promoters] += int(now > 0) - int(was > 0)
    counts[O.detractors] += int(now < 0) - int(was < 0)
    counts[O.satisfaction_sum] += fixed_point(satisfaction) - fixed_point(before)
    counts[O.satisfaction_squares] += fixed_point(satisfaction * satisfaction) - fixed_point(before * before)


@kernel
def count_standings(table: Any, people: int, segment: Any, captive: Any, counts: Any, sign: int) -> None:
    """Put the first `people` customers of a table into the stocks that an encounter changes, or take them out.

    The same as `count_customer` where nothing else of a person has changed in between; `captive` is 1 for those who
    cannot leave.
    """
    weigh(table, people, segment)
    promoters = 0
    detractors = 0
    satisfaction = 0
    squares = 0
    expectation = 0
    ideal = 0
    will = 0
    should = 0
    for j in range(people):
        feels = standing(
            table[T.satisfaction, j], table[T.confirmation, j], table[T.mean_will, j], table[T.mean_should, j]
        )
        promoters += feels.promoter
        detractors += feels.detractor
        satisfaction += feels.satisfaction
        squares += feels.squares
        expectation += feels.expectation
        ideal += feels.ideal
        will += feels.will
        should += feels.should
    dissatisfied = 0
    delighted = 0
    held = 0
    for j in range(people):
        dissatisfied += table[T.level, j] == LEVEL_DISSATISFIED
        delighted += table[T.level, j] == LEVEL_DELIGHTED
        held += (table[T.level, j] == LEVEL_DISSATISFIED) & (captive[j] != 0)
    counts[O.promoters] += sign * promoters
    counts[O.detractors] += sign * detractors
    counts[O.level_dissatisfied] += sign * dissatisfied
    counts[O.level_satisfied] += sign * (people - dissatisfied - delighted)
    counts[O.level_delighted] += sign * delighted
    counts[O.captive_dissatisfied] += sign * held
    counts[O.satisfaction_sum] += sign * satisfaction
    counts[O.satisfaction_squares] += sign * squares
    counts[O.acsi_expectation_sum] += sign * expectation
    counts[O.acsi_ideal_sum] += sign * ideal
    counts[O.will_sum] += sign * will
    counts[O.should_sum] += sign * should


@kernel
def snapshot(state: Any, segments: Any, tally: Any, low: int, high: int) -> None:
    """Put all customers in rows `low` to `high` into the stocks: before the first period, and as a check at the end."""
    for i in range(low, high):
        if state.supplier[i] != NOBODY:
            count_customer(state, segments, tally, state.supplier[i], i, 1)


CARRIED = tuple(
    getattr(O, row.name)
    for row in OBSERVABLES
    if row.kind == STOCK and row.name not in ("prospects", "lapsed", "lost", *FOLLOWED, *COUNTED_AFTER_MOVING)
)
"""The stocks that `count_customer` keeps."""

STOCKS = [getattr(O, row.name) for row in OBSERVABLES if row.kind == STOCK]
"""All stocks."""


def only_stocks(tally: Any) -> Any:
    """What of a period's counts lasts beyond it: the stocks, with everything else 0.

    >>> counts = np.ones((1, 1, len(OBSERVABLES)), np.int64)
    >>> int(only_stocks(counts).sum()) == len(STOCKS)
    True
    """
    stocks = np.zeros_like(tally)
    stocks[:, :, STOCKS] = tally[:, :, STOCKS]
    return stocks


@kernel
def margins_of_customers(state: Any, environment: Environment, periods: int, margins: Any) -> None:
    """Fill `margins` with the margin a year of each customer of the focal firm, in the order of the rows."""
    found = 0
    for i in range(state.supplier.shape[0]):
        if state.supplier[i] == 0:
            margins[found] = margin_a_year(state, i, environment, periods)
            found += 1


@kernel
def count_kinds(
    state: Any, environment: Environment, periods: int, quarters: Quarters, counts: Any, low: int, high: int
) -> None:
    """Add rows `low` to `high` to `counts`, int64[typologies, types], of the order of `TYPOLOGIES`.

    The last type is none.
    """
    for i in range(low, high):
        kind = kind_of(state, i, environment, periods, quarters)
        for typology in range(counts.shape[0]):
            counts[typology, kind[typology]] += 1


InChunks: TypeAlias = Callable[[Callable[[int, int, Any], Any]], Iterable[tuple[int, Any]]]
"""Does something for all rows, chunk by chunk, perhaps on threads: what came of each chunk, by its first row."""


def summed(count: Callable[[int, int, Any], Any], people: int, in_chunks: InChunks | None = None) -> Any:
    """The sum of what is counted in all chunks of rows, whole numbers; of all rows at once if left out.

    >>> int(summed(lambda low, high, _: np.array(high - low), 7))
    7
    """
    if in_chunks is None:
        return count(0, people, None)
    return np.sum([found for _, found in in_chunks(count)], axis=0)


def quarters_of(columns: Iterable[Any]) -> Quarters:
    """Where the quarters of the focal firm's customers lie; 0 where there are none.

    Args:
        columns: Margins a year, frequencies and spends of these customers; each is put into another order, and is not
            held longer than it is looked at: in a large market one of them takes a twentieth of everything.

    >>> quarters_of([np.arange(5.0), np.arange(5.0), np.zeros(0)]).frequent
    3.0
    """
    earned, frequent, spent = map(_outer_quarters, columns)
    return Quarters(earned[1], *frequent, *spent)


def _outer_quarters(values: Any) -> list[float]:
    marks = [LOWER_QUARTER, UPPER_QUARTER]
    return np.quantile(values, marks, overwrite_input=True).tolist() if len(values) else [0.0, 0.0]


def _columns_of_customers(state: Any, environment: Environment, periods: int) -> Iterator[Any]:
    mine = state.supplier == 0
    yield _margins(state, environment, periods, int(np.count_nonzero(mine)))
    yield state.frequency[mine]
    yield state.spend[mine]


def _margins(state: Any, environment: Environment, periods: int, customers: int) -> Any:
    margins = np.empty(customers)
    margins_of_customers(state, environment, periods, margins)
    return margins


def customer_types(
    state: Any, environment: Environment, periods: int, in_chunks: InChunks | None = None
) -> dict[str, dict[str, int]]:
    """The focal firm's customers at the end of a run, counted by the types of `sim.model.typology`.

    Args:
        state: The people.
        environment: Parameters, and what the market knows of each firm.
        periods: Periods simulated.
        in_chunks: Does something for all rows, chunk by chunk; all at once if left out.

    Returns:
        A mapping from the name of a typology to counts of people.
    """
    quarters = quarters_of(_columns_of_customers(state, environment, periods))

    def counted(low: int, high: int, _: Any) -> Any:
        counts = np.zeros((len(TYPOLOGIES), max(map(len, TYPOLOGIES.values())) + 1), np.int64)
        count_kinds(state, environment, periods, quarters, counts, low, high)
        return counts

    counts = summed(counted, len(state.supplier), in_chunks)
    return {
        name: dict(zip(types, found, strict=False))
        for (name, types), found in zip(TYPOLOGIES.items(), counts.tolist(), strict=True)
    }
