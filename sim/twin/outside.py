"""Rules from outside in the readable twin: plain calls of the functions of the rule file, one customer at a time."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from sim.model.moments import FIELDS, KNOWN, LUCK, MOMENTS, MOST, NO_LUCK, describe
from sim.model.rooms import OBSERVABLES, columns_outside, observables_of
from sim.model.shares import clipped
from sim.rules.loops import flawed, key_of_luck
from sim.twin.customer import Customer
from sim.vocabulary.observables import AMOUNT, FIXED_POINT
from sim.vocabulary.streams import OUTSIDE

ALONE = np.zeros(1, np.int64)
"""The row of a person whose state holds nobody else."""


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
    model, scenario, changes = customer.model, customer.model.parameters, MOMENTS[moment].changes
    steps = [(rule, step) for rule in scenario.outside if (step := rule.at(moment)) is not None]
    if not steps:
        return {name: outcomes[name] for name in changes}
    columns = [column.name for column in columns_outside(scenario)]
    known = {**described(customer), **outcomes, **dict(zip(columns, customer.state.outside[0].tolist(), strict=True))}
    for rule, step in steps:
        values = {**known, **dict(getattr(scenario.rules, rule.name))}  # type: ignore[attr-defined]
        if (key := key_of_luck(rule, step)) != NO_LUCK:
            values |= zip((field.name for field in LUCK), customer.draw(OUTSIDE, key + turn), strict=True)
        given = [float(values[name]) for name in step.arguments]
        known |= zip(step.results, map(float, step.function(*given)), strict=True)
    customer.state.outside[0] = [usable(customer, known[name]) for name in columns]
    for place, item in enumerate(observables_of(scenario)[len(OBSERVABLES) :], len(OBSERVABLES)):
        steps_of_unit = FIXED_POINT if item.form == AMOUNT else 1.0
        amount = usable(customer, known.get(item.name, 0.0) * steps_of_unit + 0.5)
        model.books.tally[customer.supplier, customer.segment, place] += math.floor(amount)
    return {name: clipped(usable(customer, known[name]), *limits) for name, limits in changes.items()}


def described(customer: Customer) -> dict[str, float]:
    """What rules may know of a customer at every moment."""
    table = np.zeros((len(FIELDS), 1))
    describe(customer.state, customer.model.environment, customer.model.clock, ALONE, 1, table)
    return dict(zip((field.name for field in KNOWN), table[:, 0].tolist(), strict=False))


def usable(customer: Customer, value: float) -> float:
    """The value, if it can be counted."""
    if abs(value) < MOST:
        return value
    raise flawed(customer.model.parameters, 1, customer.model.period)
