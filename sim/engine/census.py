"""Stocks at the end of a period, and the customer types at the end of a run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from sim.compiled import double, kernel, rule
from sim.model import typology
from sim.model.contexts import Environment
from sim.model.dimensions import DIMENSION_COUNT
from sim.model.encounter_table import T
from sim.model.judgement import LEVEL_DELIGHTED, LEVEL_DISSATISFIED, LEVEL_SATISFIED
from sim.model.perception import weigh
from sim.model.person import CAPTIVE, COMPLAINT_OPEN, GONE, HAS_COMPLAINED, NOBODY, PRESENT
from sim.model.programme import COUNTED_AFTER_MOVING
from sim.model.register import OBSERVABLES, O
from sim.model.shares import fixed_point
from sim.model.standing import recommendation, standing
from sim.model.work_pressure import FOLLOWED
from sim.vocabulary.observables import STOCK


@rule
def count_customer(state: Any, segments: Any, tally: Any, f: int, i: int, sign: int) -> None:
    """Put the customer of row i into the stocks of firm f and its segment (sign 1), or take it out (sign -1).

    Stocks are carried from period to period: whoever is about to change is taken out first and put back afterwards,
    which costs in proportion to what happens. Amounts are whole numbers, so nothing is lost on the way.
    """
    person = state.people[i]
    s = person.segment
    counts = tally[f, s]
    importance = segments[s].judgement.importance
    satisfaction = double(person.satisfaction)
    will = 0.0
    should = 0.0
    for d in range(DIMENSION_COUNT):
        will += importance[d] * double(person.will[d])
        should += importance[d] * double(person.should[d])
    feels = standing(satisfaction, double(person.confirmation), will, should)
    level = person.level
    flags = person.flags
    counts[O.active] += sign
    counts[O.promoters] += sign * feels.promoter
    counts[O.detractors] += sign * feels.detractor
    counts[O.level_dissatisfied + level] += sign
    if flags & (CAPTIVE | COMPLAINT_OPEN) != 0:
        counts[O.captive_dissatisfied] += sign * ((level == LEVEL_DISSATISFIED) & (flags & CAPTIVE != 0))
        counts[O.open_complaints] += sign * (flags & COMPLAINT_OPEN != 0)
    counts[O.waiting] += sign * (state.leaves[i] != 0)
    counts[O.points_held] += sign * int(state.points[i])
    counts[O.satisfaction_sum] += sign * feels.satisfaction
    counts[O.satisfaction_squares] += sign * feels.squares
    counts[O.acsi_expectation_sum] += sign * feels.expectation
    counts[O.acsi_ideal_sum] += sign * feels.ideal
    counts[O.will_sum] += sign * feels.will
    counts[O.should_sum] += sign * feels.should
    counts[O.opinion_sum] += sign * fixed_point(double(state.opinion[i, f]))


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
def count_loyalty(state: Any, environment: Environment, counts: Any) -> None:
    """Add the focal firm's customers to `counts`, int64[types], by their type of loyalty."""
    for i in range(state.supplier.shape[0]):
        if state.supplier[i] == 0:
            counts[typology.loyalty_type_of(state, i, environment)] += 1


def customer_types(state: Any, environment: Environment, years: float, periods: int) -> dict[str, dict[str, int]]:
    """The focal firm's customers at the end of a run, counted by the types of `sim.model.typology`.

    Looks at `TOGETHER` people at a time: masks and copies of everybody would be a fifth of what a large market takes.

    Args:
        state: The people.
        environment: Parameters, and what the market knows of each firm.
        years: Length of a period.
        periods: Periods simulated.

    Returns:
        A mapping from the name of a typology to counts of people.
    """
    loyalty = np.zeros(len(typology.LOYALTY_TYPES), np.int64)
    count_loyalty(state, environment, loyalty)
    people, counts = len(state.supplier), Counts()
    mine = sum(int(np.count_nonzero(state.supplier[block] == 0)) for block in blocks(people))
    margin, known = np.empty(mine, np.float64), 0
    for block in blocks(people):
        of_block = _look_at(type(state)(*(column[block] for column in state)), years, periods, counts)
        margin[known : known + of_block.size] = of_block
        known += of_block.size
    profit = _profit(margin)
    del margin  # before the next column is made
    return {
        "satisfaction x voice": counts.of("satisfaction x voice", typology.VOICE_TYPES),
        "level": counts.of("level", typology.LEVEL_TYPES),
        "loyalty type": dict(zip(typology.LOYALTY_TYPES, loyalty.tolist(), strict=True)),
        "profitability": profit,
        "frequency": thirds(typology.FREQUENCY_TYPES, _mine(state.supplier, state.frequency, mine)),
        "volume": thirds(typology.VOLUME_TYPES, _mine(state.supplier, state.people["spend"], mine)),
        "activity": counts.of("activity", typology.ACTIVITY_TYPES),
        "lifecycle stage": counts.of("lifecycle stage", typology.PROSPECT_STAGES + typology.CUSTOMER_STAGES),
    }


TOGETHER: Final = 2**16
"""People who are looked at together at the end of a run."""


def blocks(people: int) -> Iterator[slice]:
    """Rows of `people`, `TOGETHER` at a time.

    >>> list(blocks(70_000))
    [slice(0, 65536, None), slice(65536, 70000, None)]
    """
    for low in range(0, people, TOGETHER):
        yield slice(low, min(people, low + TOGETHER))


class Counts:
    """People by typology, added up.

    >>> counts = Counts()
    >>> for _ in range(2):
    ...     counts.add("size", np.array([True, False]), np.array([True, True]))
    >>> counts.of("size", ("large", "small"))
    {'large': 2, 'small': 4}
    """

    def __init__(self) -> None:
        self._known: dict[str, list[int]] = {}

    def add(self, typology: str, *masks: Any) -> None:
        """Add the people of whom the masks say of which type they are."""
        known = self._known.setdefault(typology, [0] * len(masks))
        self._known[typology] = [
            before + int(np.count_nonzero(mask)) for before, mask in zip(known, masks, strict=True)
        ]

    def of(self, typology: str, names: tuple[str, ...]) -> dict[str, int]:
        """How many are of each type, by name; none of any where nobody was added."""
        return dict(zip(names, self._known.get(typology, [0] * len(names)), strict=True))


def _look_at(state: Any, years: float, periods: int, counts: Counts) -> Any:
    """Count the people of a part of the state by what each is alone; returns margins of the focal firm's, a year."""
    mine, people = state.supplier == 0, state.people
    satisfaction, level = people["satisfaction"][mine], people["level"][mine]
    voice = (people["flags"][mine] & HAS_COMPLAINED) != 0
    tenure = np.maximum((periods - people["joined"][mine]) * years, years)
    past, gone = (state.ever & 1 != 0) & ~mine, state.barred & 1 != 0
    prospects = ((people["flags"] & (PRESENT | GONE)) == PRESENT) & ((state.ever & 1) == 0)
    informed = prospects & (state.opinion[:, 0] != 0.0)
    reached = typology.stage_reached(people["history"][mine], satisfaction, tenure, state.frequency[mine])
    stages = (reached == stage for stage in range(len(typology.CUSTOMER_STAGES)))
    counts.add("satisfaction x voice", *typology.voice_types(level >= LEVEL_SATISFIED, satisfaction, voice))
    counts.add("level", level > LEVEL_SATISFIED, level == LEVEL_SATISFIED, level == LEVEL_DISSATISFIED)
    counts.add("activity", mine, past & ~gone, past & gone)
    counts.add("lifecycle stage", prospects & ~informed, informed, *stages)
    return state.margin[mine, 0] / np.minimum(tenure, max(periods, 1) * years)  # it is counted from the start


def _profit(margin: Any) -> dict[str, int]:
    """Customers by what they earn, which are put into another order."""
    upper = np.quantile(margin, typology.UPPER_QUARTER, overwrite_input=True) if margin.size else 0.0
    counts = Counts()
    for block in blocks(margin.size):
        counts.add("profitability", *typology.profit_types(margin[block], upper))
    return counts.of("profitability", typology.PROFIT_TYPES)


def _mine(supplier: Any, column: Any, mine: int) -> Any:
    """A column of the focal firm's customers, who are so many."""
    values, known = np.empty(mine, column.dtype), 0
    for block in blocks(supplier.size):
        of_block = column[block][supplier[block] == 0]
        values[known : known + of_block.size] = of_block
        known += of_block.size
    return values


def thirds(names: tuple[str, ...], values: Any) -> dict[str, int]:
    """The upper quarter, the middle half and the lower quarter of values, which are put into another order."""
    if values.size == 0:
        return dict.fromkeys(names, 0)
    lower, upper = np.quantile(values, [typology.LOWER_QUARTER, typology.UPPER_QUARTER], overwrite_input=True)
    counts = Counts()
    for block in blocks(values.size):
        top, bottom = values[block] > upper, values[block] < lower
        counts.add("thirds", top, ~top & ~bottom, bottom)
    return counts.of("thirds", names)
