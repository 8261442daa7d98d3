"""Billing: what customers pay on the dates of their bills, where a firm is not paid purchase by purchase."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.compiled import double, kernel, rule
from sim.model.contexts import Books, Clock, Environment
from sim.model.contract import PHASE
from sim.model.luck import uniforms
from sim.model.money import Tariff, add_margin, bill, earned_by
from sim.model.person import NEWCOMER, NOBODY, luck_of, segment_of
from sim.model.service import PURCHASE
from sim.model.shares import fixed_point
from sim.vocabulary.column import Column
from sim.vocabulary.observables import FLOW, O, amounts, counts
from sim.vocabulary.streams import BONDS

if TYPE_CHECKING:
    from sim.model.state_types import State

COLUMNS: tuple[Column, ...] = ()

OBSERVABLES = (
    *counts(FLOW, "bills", {"bills": "bills that fell due on their date, last ones of those who left among them"}),
    *amounts(FLOW, "money", {"billed": "of the revenue: by bills, where firms are not paid purchase by purchase"}),
)

A_HAIR = 1e-9
"""What a bill may be short of by rounding, bills."""


@rule
def periods_before(u: float, a_year: float, bills: float) -> int:
    """Periods for which a customer from the start had been billed before, by a draw: any number of a year's, evenly.

    Where there is less than one bill a year it is any number of those between two bills.

    Args:
        u: Draw between 0 and 1.
        a_year: Periods in a year.
        bills: Bills a year.

    >>> periods_before(0.75, 52.0, 12.0), periods_before(0.75, 52.0, 0.5)
    (39, 78)
    """
    return math.floor(u * (a_year if bills >= 1.0 else a_year / bills))


@rule
def bills_due(before: float, after: float) -> int:
    """Bills whose date lies between two moments, both in bills since the first day: dates are at whole numbers.

    >>> bills_due(1.75, 2.0), bills_due(2.0, 2.25), bills_due(0.5, 4.25)
    (1, 0, 4)
    """
    return math.floor(after + A_HAIR) - math.floor(before + A_HAIR)


@rule
def running_part(bills: float) -> float:
    """Part of the running bill that is owed by who leaves now: what lies beyond the last whole one.

    >>> running_part(2.75), running_part(3.0)
    (0.75, 0.0)
    """
    part = bills - math.floor(bills + A_HAIR)
    return part if part > 0.0 else 0.0


@rule
def worth_of_bill(frequency: float, spend: float, purchases: float, bills: float) -> float:
    """Purchases that one bill stands for, at a price index of 1, money: frequency x spend x purchases a year / bills.

    >>> worth_of_bill(1.5, 40.0, 6.0, 12.0)
    30.0
    """
    return frequency * spend * purchases / bills


@rule
def bills_until(periods: int, newcomer: bool, u: float, bills: float, years: float) -> float:
    """Bills of a customer until the end of a period, the running one as the part of it that has run.

    Args:
        periods: Periods since the customer joined; those from the start joined in any period of the year before it.
        newcomer: Whether the customer joined during the run.
        u: Draw that says how long before the start a customer from then had joined.
        bills: Bills a year.
        years: Length of a period, years.

    >>> bills_until(13, True, 0.75, 12.0, 0.125), bills_until(5, False, 0.75, 4.0, 0.125)
    (19.5, 6.0)
    """
    earlier = 1 + periods_before(u, 1.0 / years, bills)
    return (periods + (0 if newcomer else earlier)) * bills * years


@rule
def may_be_either(joined: int, warm_up: bool) -> bool:
    """Whether a customer since the period `joined` may be one from the start or a newcomer: in period 0, or a warm-up.

    Whoever joined later is a newcomer, and whoever did so earlier belongs to the customers of the start.

    >>> [may_be_either(joined, False) for joined in (-3, 0, 4)], may_be_either(-3, True)
    ([False, True, False], True)
    """
    return joined == 0 or warm_up


@rule
def bills_so_far(state: State, i: int, environment: Environment, clock: Clock) -> float:
    """Bills of the customer of row i until the end of the period, see `bills_until`."""
    person = state.people[i]
    bills, years = environment.firms[state.supplier[i]].contract.bills_per_year, environment.world[0].years
    new = person.flags & NEWCOMER != 0
    u = 0.0 if new else uniforms(clock.seed, BONDS, luck_of(state, i), 0, PHASE)[1]
    return bills_until(clock.period - int(state.joined[i]), new, u, bills, years)


@rule
def ask_for(state: State, i: int, environment: Environment, books: Books, bills: float) -> None:
    """The customer of row i pays so many bills: revenue, and the goods and operation that they stand for."""
    f, s = int(state.supplier[i]), segment_of(state, i, environment)
    firm = environment.firms[f]
    counts = books.tally[f, s]
    purchases = environment.segments[s].encounters.purchases_per_year
    purchases *= environment.prices.demand[f, s]
    worth = worth_of_bill(double(state.frequency[i]), double(state.spend[i]), purchases, firm.contract.bills_per_year)
    strategy, operation = firm.strategy, firm.effort * firm.costs.operation_share
    tariff = Tariff(strategy.price_index, strategy.gross_margin, operation, 0.0, 0.0, 0.0, 0.0, 0.0)
    booked = bill(PURCHASE, bills * worth, 1.0, tariff)
    counts[O.revenue] += fixed_point(booked.revenue)
    counts[O.billed] += fixed_point(booked.revenue)
    counts[O.goods_cost] += fixed_point(booked.goods)
    counts[O.operation_cost] += fixed_point(booked.operation)
    add_margin(state, i, f, earned_by(booked))


@kernel
def charge(state: State, i: int, environment: Environment, books: Books, clock: Clock) -> None:
    """The customer of row i, if there is one and the firm sends bills, pays those that fall due in the period."""
    f = state.supplier[i]
    if f == NOBODY or environment.firms[f].contract.bills_per_year <= 0.0:
        return
    so_far = bills_so_far(state, i, environment, clock)
    per_period = environment.firms[f].contract.bills_per_year * environment.world[0].years
    due = bills_due(so_far - per_period, so_far)
    if due > 0:
        books.tally[f, state.people[i].segment, O.bills] += due
        ask_for(state, i, environment, books, double(due))


@kernel
def settle_up(state: State, i: int, environment: Environment, books: Books, clock: Clock) -> None:
    """The customer of row i leaves, and pays the part of a bill that has run since the last one."""
    f = state.supplier[i]
    if environment.firms[f].contract.bills_per_year <= 0.0:
        return
    part = running_part(bills_so_far(state, i, environment, clock))
    if part > A_HAIR:
        books.tally[f, state.people[i].segment, O.bills] += 1
        ask_for(state, i, environment, books, part)
