"""Stocks at the end of a period, and the customer types at the end of a run."""

from __future__ import annotations

from typing import Any

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
    mine = state.supplier == 0
    people = state.people
    satisfaction = people["satisfaction"][mine]
    voice = (people["flags"][mine] & HAS_COMPLAINED) != 0
    level = people["level"][mine]
    content = level >= LEVEL_SATISFIED
    frequency = state.frequency[mine]
    tenure = np.maximum((periods - people["joined"][mine]) * years, years)
    margin = state.margin[mine, 0] / np.minimum(tenure, max(periods, 1) * years)  # it is counted from the start
    past = (state.ever & 1 != 0) & ~mine
    gone = state.barred & 1 != 0
    upper = np.quantile(margin, typology.UPPER_QUARTER) if margin.size else 0.0
    return {
        "satisfaction x voice": _counted(typology.VOICE_TYPES, *typology.voice_types(content, satisfaction, voice)),
        "level": _counted(
            typology.LEVEL_TYPES, level > LEVEL_SATISFIED, level == LEVEL_SATISFIED, level == LEVEL_DISSATISFIED
        ),
        "loyalty type": dict(zip(typology.LOYALTY_TYPES, loyalty.tolist(), strict=True)),
        "profitability": _counted(typology.PROFIT_TYPES, *typology.profit_types(margin, upper)),
        "frequency": thirds(typology.FREQUENCY_TYPES, frequency),
        "volume": thirds(typology.VOLUME_TYPES, people["spend"][mine]),
        "activity": _counted(typology.ACTIVITY_TYPES, mine, past & ~gone, past & gone),
        "lifecycle stage": _stages(state, mine, satisfaction, tenure, frequency),
    }


def _counted(names: tuple[str, ...], *masks: Any) -> dict[str, int]:
    return {name: int(np.count_nonzero(mask)) for name, mask in zip(names, masks, strict=True)}


def thirds(names: tuple[str, ...], values: Any) -> dict[str, int]:
    """The upper quarter, the middle half and the lower quarter."""
    if values.size == 0:
        return dict.fromkeys(names, 0)
    lower, upper = np.quantile(values, [typology.LOWER_QUARTER, typology.UPPER_QUARTER])
    top, bottom = values > upper, values < lower
    return _counted(names, top, ~top & ~bottom, bottom)


def _stages(state: Any, mine: Any, satisfaction: Any, tenure: Any, frequency: Any) -> dict[str, int]:
    people = state.people
    prospects = ((people["flags"] & (PRESENT | GONE)) == PRESENT) & ((state.ever & 1) == 0)
    informed = prospects & (state.opinion[:, 0] != 0.0)
    reached = typology.stage_reached(people["history"][mine], satisfaction, tenure, frequency)
    stages = (reached == stage for stage in range(len(typology.CUSTOMER_STAGES)))
    return _counted(typology.PROSPECT_STAGES, prospects & ~informed, informed) | _counted(
        typology.CUSTOMER_STAGES, *stages
    )
