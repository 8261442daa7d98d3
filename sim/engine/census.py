"""Stocks at the end of a period, and the customer types at the end of a run."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.compiled import kernel, rule
from sim.model.judgement import (
    LEVEL_DELIGHTED,
    LEVEL_DISSATISFIED,
    LEVEL_SATISFIED,
    standing,
    weigh,
)
from sim.model.movement import NOBODY
from sim.model.person import CAPTIVE, COMPLAINT_OPEN, GONE, HAS_COMPLAINED, PRESENT
from sim.model.register import OBSERVABLES, O
from sim.model.shares import fixed_point
from sim.model.table import T
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
    satisfaction = np.float64(person.satisfaction)
    will = 0.0
    should = 0.0
    for d in range(5):
        will += importance[d] * np.float64(person.will[d])
        should += importance[d] * np.float64(person.should[d])
    feels = standing(satisfaction, np.float64(person.confirmation), will, should)
    level = person.level
    flags = person.flags
    counts[O.active] += sign
    counts[O.promoters] += sign * feels.promoter
    counts[O.detractors] += sign * feels.detractor
    counts[O.level_dissatisfied + level] += sign
    if flags & (CAPTIVE | COMPLAINT_OPEN) != 0:
        counts[O.captive_dissatisfied] += sign * ((level == LEVEL_DISSATISFIED) & (flags & CAPTIVE != 0))
        counts[O.open_complaints] += sign * (flags & COMPLAINT_OPEN != 0)
    counts[O.satisfaction_sum] += sign * feels.satisfaction
    counts[O.satisfaction_squares] += sign * feels.squares
    counts[O.acsi_expectation_sum] += sign * feels.expectation
    counts[O.acsi_ideal_sum] += sign * feels.ideal
    counts[O.will_sum] += sign * feels.will
    counts[O.should_sum] += sign * feels.should
    counts[O.opinion_sum] += sign * fixed_point(np.float64(state.opinion[i, f]))


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
    getattr(O, row.name) for row in OBSERVABLES if row.kind == STOCK and row.name not in ("prospects", "lapsed", "lost")
)
"""The stocks that `count_customer` keeps."""


def customer_types(state: Any, years: float, periods: int) -> dict[str, dict[str, int]]:
    """The focal firm's customers at the end of a run, counted by the types of the notes (docs/sources.md).

    Returns a mapping from the name of a typology to counts of people. Frequent and high-volume customers are the
    upper quarter, occasional and low-volume the lower quarter of personal rates; attitude is high from 75 points;
    patronage is high from the average frequency on; a margin per year above 60 is very, above 0 little profitable.
    """
    mine = state.supplier == 0
    people = state.people
    satisfaction = people["satisfaction"][mine]
    voice = (people["flags"][mine] & HAS_COMPLAINED) != 0
    content = people["level"][mine] >= LEVEL_SATISFIED
    attitude = satisfaction >= 75.0
    frequency = people["frequency"][mine]
    patronage = frequency >= 1.0
    tenure = np.maximum((periods - people["joined"][mine]) * years, years)
    margin = people["margin"][mine] / tenure
    past = (people["ever"] & 1 != 0) & ~mine
    gone = people["barred"] & 1 != 0
    stages = _stages(state, mine, satisfaction, tenure, frequency)
    count = lambda mask: int(np.count_nonzero(mask))  # noqa: E731
    praisers = content & (satisfaction >= 85.0)
    return {
        "satisfaction x voice": {
            "praisers": count(praisers),
            "returners": count(content & ~praisers),
            "complainers": count(~content & voice),
            "fleers": count(~content & ~voice),
        },
        "level": {
            "delighted": count(people["level"][mine] > LEVEL_SATISFIED),
            "satisfied": count(people["level"][mine] == LEVEL_SATISFIED),
            "dissatisfied": count(people["level"][mine] == LEVEL_DISSATISFIED),
        },
        "loyalty type": {
            "sustainable": count(attitude & patronage),
            "latent": count(attitude & ~patronage),
            "spurious": count(~attitude & patronage),
            "none": count(~attitude & ~patronage),
        },
        "profitability": {
            "very profitable": count(margin >= 60.0),
            "little profitable": count((margin >= 0.0) & (margin < 60.0)),
            "not profitable": count(margin < 0.0),
        },
        "frequency": _thirds(frequency, "frequent", "average", "occasional"),
        "volume": _thirds(people["spend"][mine], "high volume", "average volume", "low volume"),
        "activity": {
            "active": count(mine),
            "inactive, may return": count(past & ~gone),
            "inactive, lost": count(past & gone),
        },
        "lifecycle stage": stages,
    }


def _thirds(values: Any, high: str, middle: str, low: str) -> dict[str, int]:
    if values.size == 0:
        return {high: 0, middle: 0, low: 0}
    lower, upper = np.quantile(values, [0.25, 0.75])
    top = int(np.count_nonzero(values > upper))
    bottom = int(np.count_nonzero(values < lower))
    return {high: top, middle: values.size - top - bottom, low: bottom}


def _stages(state: Any, mine: Any, satisfaction: Any, tenure: Any, frequency: Any) -> dict[str, int]:
    """The eight stages of the notes 'Plan de calidad': from identified in the market to member of a community.

    A customer stands at the highest stage whose mark is met: sale (no encounter yet), service (has been served),
    satisfaction (75 points), loyalty (and a year of custom), development (and above-average frequency), community
    (and a promoter).
    """
    people = state.people
    in_market = (people["flags"] & (PRESENT | GONE)) == PRESENT
    prospects = in_market & ((people["ever"] & 1) == 0)
    informed = prospects & (state.opinion[:, 0] != 0.0)
    stage = np.where(people["history"][mine] > 0, 1, 0)
    stage = np.where((stage >= 1) & (satisfaction >= 75.0), 2, stage)
    stage = np.where((stage == 2) & (tenure >= 1.0), 3, stage)
    stage = np.where((stage == 3) & (frequency >= 1.0), 4, stage)
    stage = np.where((stage == 4) & (satisfaction >= 85.0), 5, stage)
    counts = np.bincount(stage, minlength=6)
    names = ("sale", "service", "satisfaction", "loyalty", "development", "community")
    found = {
        "identification": int(np.count_nonzero(prospects & ~informed)),
        "information and attraction": int(np.count_nonzero(informed)),
    }
    return found | {name: int(number) for name, number in zip(names, counts, strict=True)}
