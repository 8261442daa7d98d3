"""Rules from outside in the readable twin: plain calls of the functions of the rule file, one customer at a time."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from sim.model.moments import KNOWN as FIELDS
from sim.model.moments import LUCK, MOMENTS, MOST, NO_LUCK
from sim.model.register import OBSERVABLES, columns_outside, observables_of
from sim.model.scenario import Scenario
from sim.model.shares import clipped
from sim.rules.loops import flawed, key_of_luck
from sim.twin.customer import Customer
from sim.vocabulary.observables import AMOUNT, FIXED_POINT
from sim.vocabulary.outside_rule import OutsideRule
from sim.vocabulary.streams import OUTSIDE


def ask(customer: Customer, moment: str, outcomes: Mapping[str, float], turn: int = 0) -> dict[str, float]:
    """Ask all rules about a customer, one after the other.

    Args:
        customer: Who is somebody's customer.
        moment: One of `MOMENTS`.
        outcomes: What the moment knows besides.
        turn: Number of the times before in this period.

    Returns:
        What the moment lets rules change, as they have left it.
    """
    scenario, row = customer.model.parameters, customer.state.outside[0]
    if not any(rule.at(moment) for rule in scenario.outside):
        return {name: outcomes[name] for name in MOMENTS[moment].changes}
    columns = {column.name: place for place, column in enumerate(columns_outside(scenario))}
    observables = {item.name: item for item in observables_of(scenario)[len(OBSERVABLES) :]}
    known = {**outcomes, **{name: float(row[place]) for name, place in columns.items()}}
    counted: dict[str, float] = {}
    for rule in scenario.outside:
        step = rule.at(moment)
        if step is None:
            continue
        values = {**known, **parameters_of(scenario, rule), **luck_of(customer, key_of_luck(rule, step), turn)}
        given = [values[name] if name in values else float(KNOWN[name](customer)) for name in step.arguments]
        for name, value in zip(step.results, step.function(*given), strict=True):
            (counted if name in observables else known)[name] = float(value)
    for name, place in columns.items():
        row[place] = usable(customer, known[name])
    for place, (name, item) in enumerate(observables.items(), len(OBSERVABLES)):
        steps = usable(customer, counted.get(name, 0.0) * (FIXED_POINT if item.form == AMOUNT else 1.0) + 0.5)
        customer.model.books.tally[customer.supplier, customer.segment, place] += math.floor(steps)
    return {name: clipped(usable(customer, known[name]), *limits) for name, limits in MOMENTS[moment].changes.items()}


def usable(customer: Customer, value: float) -> float:
    """The value, if it can be counted."""
    if abs(value) < MOST:
        return value
    raise flawed(customer.model.parameters, 1, customer.model.period)


def parameters_of(scenario: Scenario, rule: OutsideRule) -> dict[str, float]:
    """The parameters of a rule, by name."""
    section = getattr(scenario.rules, rule.name)  # type: ignore[attr-defined]
    return {name: float(value) for name, value in section}


def luck_of(customer: Customer, key: int, turn: int) -> dict[str, float]:
    """The luck that a rule has for a customer in this period; nothing if it asks for none."""
    if key == NO_LUCK:
        return {}
    return dict(zip((field.name for field in LUCK), customer.draw(OUTSIDE, key + turn), strict=True))


def _same(name: str) -> Callable[[Customer], Any]:
    return lambda customer: getattr(customer, name)


KNOWN: dict[str, Callable[[Customer], Any]] = {field.name: _same(field.name) for field in FIELDS} | {
    "period": lambda customer: customer.model.period,
    "years": lambda customer: customer.model.years,
    "tenure": lambda customer: (customer.model.period - customer.joined) * customer.model.years,
    "firm": lambda customer: customer.supplier,
    "will": lambda customer: customer.weighted(customer.will),
    "should": lambda customer: customer.weighted(customer.should),
    "opinion": lambda customer: customer.opinion[customer.supplier],
}
"""What rules may know of a customer at every moment: mostly columns and marks under their own names."""
