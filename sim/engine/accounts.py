"""The end of a period: what is booked by the period, and the ledgers that must balance."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from sim.compiled import kernel, rule
from sim.engine.census import CARRIED
from sim.engine.load import note_complaints
from sim.model.choice import ACTIVE
from sim.model.contexts import Environment
from sim.model.loyalty_points import book_points
from sim.model.money import book_running_costs
from sim.model.movement import FLOWS_IN, FLOWS_OUT
from sim.model.records import get_known, get_used, have_moved, priced
from sim.model.rooms import COLUMNS, OBSERVABLES, O
from sim.model.servqual import RATED_GAPS
from sim.vocabulary.errors import ExitVoiceError
from sim.words import say

STOCKS = (O.prospects, O.active, O.lapsed, O.lost)
"""People by what they are to a firm, in the order of `sim.model.choice.PROSPECT` to `LOST`."""

SIGNED = np.array([row.name in ("opinion_sum", "justice_sum", "programme_cost", *RATED_GAPS) for row in OBSERVABLES])
"""Whether an observable may be negative."""


def _changes() -> Any:
    """What each flow does to the four stocks: int64[observables, 4]; 1 in, -1 out."""
    moves = {
        "prospects": (["entered"], [*_WON, "prospects_gone"]),
        "active": (list(FLOWS_IN), list(FLOWS_OUT)),
        "lapsed": ([*_LAPSED, "forgave"], [*_BACK, "lapsed_gone"]),
        "lost": ([*_LOST, "prospects_gone", "lapsed_gone"], ["forgave", "replaced"]),
    }
    changes = np.zeros((len(OBSERVABLES), len(STOCKS)), np.int64)
    for stock, (gains, losses) in enumerate(moves.values()):
        for name in gains:
            changes[getattr(O, name), stock] += 1
        for name in losses:
            changes[getattr(O, name), stock] -= 1
    return changes


_LOST = ["left_silent", "left_complaint", "left_natural"]
_LAPSED = ["lapsed_silent", "left_switch", "left_without", "left_closed"]
_WON = ["won_advertising", "won_talk", "won_switch"]
_BACK = ["returned", "returned_switch", "won_back"]
CHANGES = _changes()
"""What each flow does to the four stocks: int64[observables, 4]; 1 in, -1 out."""


class LedgerError(ExitVoiceError):
    """A stock, a flow or an amount that cannot be: the run stops rather than print it."""


class Fault(NamedTuple):
    """What is wrong with a period's accounts, and where: the kind of fault, 0 for none, firm, segment, observable."""

    kind: int
    f: int
    s: int
    observable: int


UNEXPLAINED, NEGATIVE, UNHEARD, UNACCOUNTED, OWED = 1, 2, 3, 4, 5
"""Kinds of faults: customers whom no flow explains, a negative number, words, the dissatisfied, points."""

MOVED = -1
"""No fault, but prices that customers are used to, or that others ask, have moved."""


@kernel
def roll_stocks(tally: Any, before: Any, changes: Any) -> Fault:
    """Stocks from previous stocks and flows, for every firm and segment; the active are checked against the count.

    Args:
        tally: int64[firms, segments, observables] of this period; prospects, lapsed and lost are filled in.
        before: The same of the period before.
        changes: What each flow does to the stocks, `CHANGES`.
    """
    for f in range(tally.shape[0]):
        for s in range(tally.shape[1]):
            if _rolled(tally[f, s], before[f, s], changes, ACTIVE) != tally[f, s, O.active]:
                return Fault(UNEXPLAINED, f, s, O.active)
            flowed = tally[f, s, O.points_issued] - tally[f, s, O.points_redeemed] - tally[f, s, O.points_lapsed]
            if before[f, s, O.points_held] + flowed != tally[f, s, O.points_held]:
                return Fault(OWED, f, s, O.points_held)
    for f in range(tally.shape[0]):
        for s in range(tally.shape[1]):
            for stock in range(len(STOCKS)):
                tally[f, s, STOCKS[stock]] = _rolled(tally[f, s], before[f, s], changes, stock)
    return Fault(0, 0, 0, 0)


@rule
def _rolled(counts: Any, before: Any, changes: Any, stock: int) -> int:
    """A stock of one firm and segment: what it was, and what flowed."""
    value = before[STOCKS[stock]]
    for k in range(changes.shape[0]):
        value += counts[k] * changes[k, stock]
    return value


@kernel
def book_period(environment: Environment, tally: Any, began: Any) -> None:
    """Book what costs by the period: by customers, by prospects, overheads, and a desk that is paid idle or not.

    `began` is int64[firms, segments, observables] at the start, by whose customers' spending overheads are measured.
    """
    years = environment.world[0].years
    for f in range(tally.shape[0]):
        firm = environment.firms[f]
        for s in range(tally.shape[1]):
            book_points(firm, tally[f, s], years)
        customers = 0
        for s in range(tally.shape[1]):
            customers += tally[f, s, O.active]
        if firm.in_market == 0.0 and customers == 0:
            continue
        for s in range(tally.shape[1]):
            book_running_costs(firm, environment.segments[s], tally[f, s], began[f, s, O.active], years)


@kernel
def check_ledger(tally: Any, signed: Any) -> Fault:
    """Find something negative, or words told that nobody heard; `signed` says which of the observables may be."""
    for f in range(tally.shape[0]):
        for s in range(tally.shape[1]):
            for k in range(signed.shape[0]):
                if tally[f, s, k] < 0 and not signed[k]:
                    return Fault(NEGATIVE, f, s, k)
    for f in range(tally.shape[0]):
        positive = 0
        negative = 0
        for s in range(tally.shape[1]):
            positive += tally[f, s, O.told_positive] - tally[f, s, O.heard_positive]
            negative += tally[f, s, O.told_negative] - tally[f, s, O.heard_negative]
        if positive != 0 or negative != 0:
            return Fault(UNHEARD, f, 0, O.told_positive)
    for f in range(tally.shape[0]):
        for s in range(tally.shape[1]):
            counts = tally[f, s]
            if counts[O.complained] + counts[O.silent] + counts[O.pending] != counts[O.dissatisfied]:
                return Fault(UNACCOUNTED, f, s, O.dissatisfied)
    return Fault(0, 0, 0, 0)


class Used(NamedTuple):
    """Room for the price indexes that a period brings, see `sim.model.records.get_used`: float64[firms] each."""

    usual: Any
    market: Any


def room_for(firms: int) -> Used:
    """Room for so many firms, which the next period may have again."""
    return Used(np.empty(firms), np.empty(firms))


@kernel
def close_period(
    environment: Environment,
    tally: Any,
    before: Any,
    began: Any,
    crews: Any,
    changes: Any,
    signed: Any,
    used: Used,
) -> int:
    """All of the above, and what is known and remembered a period later, in one call; the kind of fault, or `MOVED`.

    The reputation of the firms becomes that of the next period, and crews remember the complaints of this one.
    """
    fault = roll_stocks(tally, before, changes)
    if fault.kind != 0:
        return fault.kind
    book_period(environment, tally, began)
    fault = check_ledger(tally, signed)
    if fault.kind != 0:
        return fault.kind
    get_known(environment, tally, environment.reputation)
    note_complaints(crews, tally)
    get_used(environment, tally, used.usual, used.market)
    return MOVED if have_moved(environment, used.usual, used.market) else 0


def end_period(
    environment: Environment,
    tally: Any,
    before: Any,
    began: Any,
    crews: Any,
    used: Used,
    close: Callable[..., int] = close_period,
) -> Environment:
    """Roll the stocks, book what costs by the period, check the ledgers; the environment of the next period.

    Args:
        environment: Of the period; the reputation in it is changed.
        tally: int64[firms, segments, observables] of the period.
        before: The same of the period before.
        began: The same of the start: stocks only.
        crews: float64[firms, fields of `Crew`]; what they remember of the period's complaints is changed.
        used: Room, see `room_for`.
        close: `close_period`, or what calls it faster.

    Raises:
        LedgerError: If the counted customers are not the previous ones plus flows, something is negative, words told
            and words heard differ, or the dissatisfied are not all accounted for.
    """
    kind = close(environment, tally, before, began, crews, CHANGES, SIGNED, used)
    if kind == 0:
        return environment
    if kind == MOVED:
        return priced(environment, used.usual.tolist(), used.market.tolist())
    refuse(
        roll_stocks(tally, before, CHANGES) if kind in (UNEXPLAINED, OWED) else check_ledger(tally, SIGNED),
        tally,
        before,
    )
    return environment


def refuse(fault: Fault, tally: Any, before: Any) -> None:
    """Say what is wrong, if something is.

    Raises:
        LedgerError: With firm, segment and the observable's name.
    """
    f, s = fault.f, fault.s
    if fault.kind == UNEXPLAINED:
        carried = int(before[f, s, O.active] + tally[f, s, : len(CHANGES)] @ CHANGES[:, ACTIVE])
        raise LedgerError(
            say(
                "firm {f}, segment {s}: {counted} customers counted, {carried} by stocks and flows",
                f=f,
                s=s,
                counted=tally[f, s, O.active],
                carried=carried,
            )
        )
    if fault.kind == NEGATIVE:
        name = OBSERVABLES[fault.observable].name
        raise LedgerError(say("firm {f}, segment {s}: {name} is negative", f=f, s=s, name=name))
    if fault.kind == UNHEARD:
        raise LedgerError(say("the words told are not the words heard"))
    if fault.kind == OWED:
        raise LedgerError(say("the points held are not those held before plus issued less redeemed and lapsed"))
    if fault.kind == UNACCOUNTED:
        raise LedgerError(say("the dissatisfied are not the complainers plus the silent plus those still waiting"))


def check_recount(stocks: Any, counted: Any) -> None:
    """Compare the stocks with a recount of everybody, int64[firms, segments, observables] both.

    Args:
        stocks: As they were carried.
        counted: Relations, and what customers feel.

    Raises:
        LedgerError: If they disagree.
    """
    observables = [*STOCKS, *CARRIED]
    differ = (counted[:, :, observables] != stocks[:, :, observables]).any(axis=(0, 1))
    for observable, wrong in zip(observables, differ.tolist(), strict=True):
        if wrong:
            raise LedgerError(say("a recount of {name} disagrees with the stocks", name=OBSERVABLES[observable].name))


def check_unused(state: Any) -> None:
    """See that nobody has anything in a column of which one element stands for everybody.

    Raises:
        LedgerError: If somebody has: a rule has written what only another needs, which was thought to be off.
    """
    for column in COLUMNS:
        if column.apart and column.needed_for:
            values = getattr(state, column.name)
            if len(values) < len(state.supplier) and values.any():
                raise LedgerError(
                    say("{column}: somebody has what nobody should have in this scenario", column=column.name)
                )
