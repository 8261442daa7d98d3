"""Becoming and ceasing to be a customer: the changes of state that go with it."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.compiled import atomic_add, kernel, rule
from sim.model.expectation import newcomer_will
from sim.model.judgement import LEVEL_SATISFIED
from sim.model.money import remaining_value, yearly_margin
from sim.model.movement import NOBODY, parting_opinion
from sim.model.person import COMPLAINT_OPEN, HAS_COMPLAINED, NEWCOMER
from sim.model.register import O
from sim.model.shares import clipped, fixed_point

SILENT, LAPSED, COMPLAINT, SWITCH, NATURAL = range(5)
"""Causes of leaving, in the order of `CAUSES`."""


@rule
def predicted(person: Any, importance: Any) -> float:
    """What a person predicts of the supplier over all dimensions: the weighted mean of *will*, points (1-7)."""
    mean = 0.0
    for d in range(5):
        mean += importance[d] * np.float64(person.will[d])
    return mean


@rule
def promised(firm: Any, importance: Any) -> float:
    """What a firm promises over all dimensions, weighted by a person's importance, points (1-7)."""
    mean = 0.0
    for d in range(5):
        mean += importance[d] * firm.strategy.promise[d]
    return mean


@kernel
def leave(
    state: Any, firms: Any, segments: Any, world: Any, tally: Any, leavers: Any, period: int, i: int, cause: int
) -> None:
    """The customer of row i leaves the supplier; `cause` as in `CAUSES`.

    `leavers` is int64[firms * 2 * causes * tenures], the counts for the survival curves.
    """
    person = state.people[i]
    f = state.supplier[i]
    s = person.segment
    counts = tally[f, s]
    counts[O.left_silent + cause] += 1
    cohort = 1 if person.flags & NEWCOMER != 0 else 0
    tenures = leavers.shape[0] // (firms.shape[0] * 10)
    tenure = period - person.joined
    atomic_add(leavers, ((np.int64(f) * 2 + cohort) * 5 + cause) * tenures + tenure, 1)
    if cause <= COMPLAINT:
        firm = firms[f]
        meets = segments[s].encounters
        margin = yearly_margin(
            np.float64(person.frequency),
            meets.purchases_per_year,
            meets.help_requests_per_year,
            meets.repairs_per_year,
            np.float64(person.spend),
            firm.strategy.price_index,
            firm.strategy.gross_margin,
            firm.costs.purchase_service,
            firm.costs.help_service,
            firm.costs.repair_service,
            firm.costs.warranty_share,
            firm.costs.repair_price,
        )
        money = world[0].money
        counts[O.opportunity_estimate] += fixed_point(
            remaining_value(margin, money.assumed_retention, money.discount_rate)
        )
    if f == 0:
        person.lost_by = cause
    bit = 1 << np.int64(f)
    if cause in (LAPSED, SWITCH):
        person.former = f
    else:
        person.barred |= bit
    if cause != NATURAL:
        parting = world[0].movement
        state.opinion[i, f] = parting_opinion(
            np.float64(person.satisfaction), parting.parting_neutral, parting.parting_scale
        )
    person.flags &= 255 - COMPLAINT_OPEN
    state.supplier[i] = NOBODY


@kernel
def join(state: Any, firms: Any, segments: Any, tally: Any, period: int, i: int, firm: int, observable: int) -> None:
    """The person of row i becomes a customer of `firm`; `observable` names the way there."""
    person = state.people[i]
    s = person.segment
    counts = tally[firm, s]
    counts[observable] += 1
    counts[O.welcome_cost] += fixed_point(firms[firm].strategy.welcome_cost)
    if firm == 0:
        person.won_by = observable - O.won_advertising
        person.margin -= np.float32(firms[firm].strategy.welcome_cost)
    state.supplier[i] = firm
    person.ever |= 1 << firm
    person.joined = period
    person.flags = (person.flags | NEWCOMER) & (255 - COMPLAINT_OPEN - HAS_COMPLAINED)
    if person.former == firm:
        person.former = NOBODY
    trust = segments[s].expectations.promise_trust
    for d in range(5):
        person.will[d] = newcomer_will(np.float64(person.will[d]), firms[firm].strategy.promise[d], trust)
    person.satisfaction = clipped(
        segments[s].judgement.initial_satisfaction + np.float64(person.disposition), 0.0, 100.0
    )
    person.confirmation = 0.0
    person.history = 0.0
    person.level = LEVEL_SATISFIED
