"""Offer: what reaches a chosen customer at a date so that the customer stays, and what it does and costs.

Nobody gets one in an ordinary run: who does is asked by a study (`sim offers`), before the encounters of a period. An
offer that does nothing, or that nobody gets, leaves no trace.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sim.compiled import double, kernel, rule
from sim.model.choice import compare_suppliers
from sim.model.contexts import Books, Clock, Environment
from sim.model.in_use import at
from sim.model.luck import uniforms
from sim.model.person import CAPTIVE, luck_of
from sim.model.shares import clipped
from sim.vocabulary.parameter import Section, amount, parameter, share, switch
from sim.vocabulary.streams import OFFER

if TYPE_CHECKING:
    from sim.model.state_types import State


class Offer(Section):
    """What is offered; all zero is an offer that does nothing and costs nothing."""

    cost: float = amount(
        0.0, "What making the offer costs", "money per offer", label="Cost of an offer", practical=(0.0, 50.0)
    )
    credit: float = parameter(
        0.0,
        "Credit that comes with it, as part of what the customer spends a year",
        label="Credit",
        unit="share of a year's spending",
        source="assumption: none",
        allowed=(0.0, 1.0),
        practical=(0.0, 0.2),
    )
    lift: float = parameter(
        0.0,
        "What it adds to satisfaction; experience goes on from there",
        label="Lift of satisfaction",
        unit="points (0-100)",
        source="assumption: none",
        allowed=(-100.0, 100.0),
        practical=(0.0, 15.0),
    )
    binds: float = parameter(
        0.0,
        "What it adds to the personal switching cost: a term, or what would be lost by leaving",
        label="Binding",
        unit="index (0-1)",
        source="Burnham, Frels & Mahajan 2003 (what is lost by leaving binds); assumption (size)",
        allowed=(-1.0, 1.0),
        practical=(0.0, 0.3),
    )
    wakes: float = share(
        0.0,
        "Share of those who get it whom it makes compare suppliers at once",
        label="Awakened by the offer",
        source="Ascarza, Iyengar & Schleicher 2016 (an offer can drive away); assumption (form and size)",
        practical=(0.0, 0.3),
    )
    answers: bool = switch(
        False,
        "Whether it is the answer to an open complaint, at once; only those who wait for one get it then",
        "model design",
        label="Answered at once",
    )


class Terms(NamedTuple):
    """What an offer does to a person; the fields of `Offer` of these names."""

    lift: float
    binds: float
    wakes: float


def terms_of(offer: Offer) -> Terms:
    """What an offer does, as compiled code takes it.

    >>> terms_of(Offer(lift=5.0, wakes=0.1))
    Terms(lift=5.0, binds=0.0, wakes=0.1)
    """
    return Terms(offer.lift, offer.binds, offer.wakes)


@rule
def moved_by(value: float, change: float, most: float) -> float:
    """What is left of a value between 0 and `most` that an offer changes.

    >>> moved_by(90.0, 15.0, 100.0), moved_by(0.25, 0.5, 1.0)
    (100.0, 0.75)
    """
    return clipped(value + change, 0.0, most)


@kernel
def be_offered(state: State, i: int, environment: Environment, books: Books, clock: Clock, terms: Terms) -> None:
    """The customer of row i gets an offer: satisfaction and switching cost move, and some compare suppliers at once.

    Those who cannot leave, or have decided to and wait for the end of their contract, compare nothing. A comparison is
    that of movement, with luck of its own; it comes on top of those of the period.
    """
    person = state.people[i]
    if terms.lift != 0.0:
        state.satisfaction[i] = moved_by(double(state.satisfaction[i]), terms.lift, 100.0)
    if terms.binds != 0.0:
        state.switching_cost[i] = moved_by(double(state.switching_cost[i]), terms.binds, 1.0)
    u_wakes, u_switch, u_rival, u_without = uniforms(clock.seed, OFFER, luck_of(state, i), clock.period, 0)
    if u_wakes < terms.wakes and person.flags & CAPTIVE == 0 and state.leaves[at(state.leaves, i)] == 0:
        compare_suppliers(state, i, environment, books, clock, u_switch, u_rival, u_without)
