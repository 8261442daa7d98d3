"""Onboarding: more goes wrong while customers are new, and what is spent to install and to train."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.compiled import kernel, rule
from sim.model.desk import DAYS_PER_YEAR
from sim.model.encounter_table import T
from sim.model.person import NEWCOMER
from sim.vocabulary.parameter import Section, amount, parameter

if TYPE_CHECKING:
    from sim.model.encounter_table import Table
    from sim.model.record_types import FirmRecord
    from sim.model.state_types import State

ESTABLISHED = 1e9
"""Tenure of those who are customers from the start, years: they are new no more."""

NO_DECISION = "what goes wrong with newcomers is no decision: what is spent on them is"


class Onboarding(Section):
    """The first months of a customer."""

    extra_failures: float = parameter(
        0.5,
        "Further failures of a customer who is new, relative to those of all others, at the beginning; 0 none",
        label="Further failures of newcomers",
        unit="ratio",
        allowed=(0.0, 100.0),
        practical=(0.0, 4.0),
        no_lever=NO_DECISION,
    )
    days: float = parameter(
        90.0,
        "Time constant with which they fade",
        label="Time to settle in",
        unit="days",
        source="assumption: the first three months",
        gt=0.0,
        le=3650.0,
        practical=(14.0, 365.0),
        no_lever=NO_DECISION,
    )
    spending: float = amount(
        3.0,
        "Installation and training of each customer won",
        "money per new customer",
        label="Installation and training",
        practical=(0.0, 60.0),
        paid_by="firm.onboarding.spending",
    )
    reference: float = amount(
        3.0,
        "Spending with which the further failures above hold",
        "money per new customer",
        label="Training as it is",
        practical=(0.0, 60.0),
        no_lever=NO_DECISION,
        definition=True,
    )
    scale: float = amount(
        3.0,
        "p0: further failures go with exp(-(spending - reference) / p0); 0 is no effect of spending",
        "money per new customer",
        label="Training that makes a difference",
        practical=(0.5, 60.0),
        no_lever=NO_DECISION,
    )


def strain(onboarding: Onboarding) -> float:
    """Further failures of a customer who has just come, relative to those of all others, by what is spent.

    >>> strain(Onboarding()), round(strain(Onboarding(extra_failures=2.0, spending=6.0)), 4)
    (0.5, 0.7358)
    """
    if onboarding.scale <= 0.0 or onboarding.spending == onboarding.reference:
        return onboarding.extra_failures
    return onboarding.extra_failures * math.exp(-(onboarding.spending - onboarding.reference) / onboarding.scale)


@rule
def tenure_of(state: State, i: int, period: int, years: float) -> float:
    """Years for which the person of row i has been a customer; whoever was one from the start is new no more."""
    tenure = (period - state.joined[i]) * years  # before anything is asked: nobody can foretell the answer
    return tenure if state.people[i].flags & NEWCOMER else ESTABLISHED


@rule
def exposure(tenure: float, strain: float, days: float) -> float:
    """Chance of a failure relative to that of a customer of old: 1 + strain exp(-tenure / settling time).

    `tenure` in years, `days` the time constant. Assumption.

    >>> exposure(0.0, 0.5, 90.0), round(exposure(0.25, 2.0, 91.25), 4)
    (1.5, 1.7358)
    """
    return 1.0 + strain * math.exp(-tenure * DAYS_PER_YEAR / days)


@kernel
def introduce(table: Table, people: int, firm: FirmRecord) -> None:
    """Newcomers meet more failures: a failure's draw is divided by how exposed the customer is."""
    if firm.strain <= 0.0:
        return
    days = firm.onboarding.days
    for i in range(people):
        if table[T.tenure, i] < ESTABLISHED:
            table[T.u_failure, i] /= exposure(table[T.tenure, i], firm.strain, days)
