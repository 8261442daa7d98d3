"""Guarantee of service: a part of a purchase is paid for a failure, without asking or when the customer complains."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.compiled import double, kernel, rule
from sim.model.contexts import Books, Clock, Environment
from sim.model.luck import uniforms
from sim.model.money import add_margin
from sim.model.person import luck_of
from sim.model.recovery import LOGGED, RECOVERY_DRAWS
from sim.model.shares import clipped, fixed_point
from sim.vocabulary.column import Column
from sim.vocabulary.observables import FLOW, O, counts
from sim.vocabulary.parameter import Section, parameter, share
from sim.vocabulary.streams import RECOVERY

if TYPE_CHECKING:
    from sim.model.record_types import FirmRecord
    from sim.model.state_types import State

COLUMNS: tuple[Column, ...] = ()

OBSERVABLES = counts(FLOW, "failures", {"guarantee_paid": "felt failures for which the service guarantee was paid"})


class Guarantee(Section):
    """A guarantee of service."""

    payout: float = parameter(
        0.0,
        "What the guarantee pays for a felt failure, as a part of a purchase; 0 is no guarantee",
        label="Payment of the guarantee",
        unit="share of a purchase",
        source="Hart 1988 (a guarantee pays); assumption: none",
        allowed=(0.0, 10.0),
        practical=(0.0, 2.0),
        paid_by="firm.guarantee.payout",
    )
    unasked: float = share(
        0.0,
        "Share of the felt failures for which it is paid without being asked for; for others a complaint invokes it",
        "assumption: it has to be invoked",
        label="Guarantee paid unasked",
        practical=(0.0, 1.0),
    )
    trust: float = share(
        0.0,
        "Of what is promised and not believed, the part that a guarantee of a whole purchase makes believed",
        "Boulding & Kirmani 1993 (sign: under conditions a warranty is a sign of quality); assumption (form; off)",
        label="Trust by a guarantee",
        practical=(0.0, 0.6),
        no_lever="what customers make of a guarantee; what it pays is the lever",
    )
    invites: float = parameter(
        1.0,
        "Ease of complaining of a failure that a payment of a whole purchase adds, as long as it is not paid",
        label="Complaints that it invites",
        unit="index",
        source="Hart 1988 (sign: a guarantee makes customers speak up); assumption (size)",
        allowed=(0.0, 10.0),
        practical=(0.0, 3.0),
        no_lever="what a guarantee does to complaints; what it pays is the lever",
    )


def warranted(promise: float, believed: float, guarantee: Guarantee) -> float:
    """What is believed of a promise, points (1-7), where a guarantee takes the risk: trust min(1, payout) of the rest.

    >>> warranted(6.5, 6.0, Guarantee(payout=0.5, trust=0.5)), warranted(6.5, 6.0, Guarantee(trust=0.5))
    (6.125, 6.0)
    """
    return believed + guarantee.trust * min(1.0, guarantee.payout) * (promise - believed)


@rule
def paid_unasked(firm: FirmRecord, luck: int, clock: Clock, encounter: int, mode: int) -> bool:
    """Whether the guarantee is paid without asking for the failure felt in an encounter; below 0 nothing failed.

    The same draw gives the same answer whenever it is asked.
    """
    guarantee = firm.guarantee
    if mode < 0 or guarantee.payout <= 0.0 or guarantee.unasked <= 0.0:
        return False
    return (
        uniforms(clock.seed, RECOVERY, luck, clock.period, RECOVERY_DRAWS * encounter + LOGGED)[3] < guarantee.unasked
    )


@rule
def honour_unasked(
    state: State, i: int, environment: Environment, books: Books, clock: Clock, encounter: int, mode: int
) -> bool:
    """The guarantee is paid to the customer of row i without asking, if it is; returns whether it was."""
    firm = environment.firms[state.supplier[i]]
    pays = paid_unasked(firm, luck_of(state, i), clock, encounter, mode)
    if pays:
        honour(state, i, environment, books)
    return pays


@rule
def claimable(firm: FirmRecord, luck: int, clock: Clock, encounter: int, mode: int) -> float:
    """What a complaint about an encounter invokes, part of a purchase: nothing if nothing failed or it was paid."""
    if mode < 0 or paid_unasked(firm, luck, clock, encounter, mode):
        return 0.0
    return firm.guarantee.payout


@rule
def made_good(satisfaction: float, payout: float, full: float, exponent: float) -> float:
    """Satisfaction after a part of a purchase was paid, 0 to 100: S + full min(1, payout)^exponent.

    `full` is what a whole purchase adds, points; the exponent is that of compensation, see `sim.model.recovery`.

    >>> made_good(60.0, 0.25, 6.0, 0.5), made_good(97.0, 2.0, 6.0, 0.5)
    (63.0, 100.0)
    """
    return clipped(satisfaction + full * min(1.0, payout) ** exponent, 0.0, 100.0)


@kernel
def honour(state: State, i: int, environment: Environment, books: Books) -> None:
    """The supplier's guarantee is paid to the customer of row i; it adds what such compensation adds to an answer."""
    person, f = state.people[i], state.supplier[i]
    counts, payout = books.tally[f, person.segment], environment.firms[f].guarantee.payout
    recovery = environment.world[0].recovery
    full = recovery.gain * recovery.distributive * (1.0 - recovery.remedy)
    state.satisfaction[i] = made_good(double(state.satisfaction[i]), payout, full, recovery.compensation_exponent)
    paid = payout * double(state.spend[i])
    counts[O.guarantee_paid] += 1
    counts[O.compensation_cost] += fixed_point(paid)
    add_margin(state, i, f, -paid)
