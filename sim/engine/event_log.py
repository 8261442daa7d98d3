"""The event log: what the focal firm would have in its books of each of some people, event by event.

Nothing is drawn for it: what an encounter was about is asked of the same luck again, who came and went is seen by
looking at people before and after they move. A run with a log is the run without it, to the last bit.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from sim.compiled import double, kernel
from sim.engine.fitting import ALWAYS
from sim.engine.footprint import MIB, encounters_per_period, everybody
from sim.engine.free import free_memory
from sim.engine.lucks import lucks_of
from sim.model.billing import A_HAIR, bills_due, bills_so_far, running_part, worth_of_bill
from sim.model.contexts import Clock, Environment
from sim.model.contract import periods_left
from sim.model.drop_out import kind_served
from sim.model.encounter import LUCK_OF_ENCOUNTER
from sim.model.in_use import at
from sim.model.luck import uniforms
from sim.model.market import PERIODS_PER_YEAR
from sim.model.money import Tariff, bill
from sim.model.movement import NATURAL, is_there
from sim.model.person import luck_of
from sim.vocabulary.errors import ScenarioError
from sim.vocabulary.streams import SERVICE
from sim.words import say

if TYPE_CHECKING:
    from sim.model.scenario import Scenario

FOCAL = 0
"""The firm whose books they are."""

EVENTS = ("start", "joined", "purchase", "help", "repair", "bill", "fee", "complaint", "left")
"""Kinds of events; the three kinds of encounters in the order of `sim.model.service`."""

START, JOINED, PURCHASE, HELP, REPAIR, BILL, FEE, COMPLAINT, LEFT = range(len(EVENTS))

NOT_SAID = 255
"""`how` of events other than joining and leaving."""

EVENT = np.dtype(
    [
        ("period", np.int32),
        ("place", np.uint32),
        ("born", np.int32),
        ("segment", np.uint8),
        ("event", np.uint8),
        ("how", np.uint8),
        ("amount", np.float64),
    ]
)
"""One event: of whom (place and first period), what, the way or cause (`FLOWS_IN`, `CAUSES`), money or not a number."""

EVENT_BYTES = 200
"""What an event takes at the peak, while all are sorted and made tables; measured: 170 to 185."""

MOST_OF_FREE = 0.5
"""Share of the memory that is free which a log may take; the run and its tables need the rest."""

SURPLUS = 1.3
"""How many times the encounters that are expected of its people a log may hold: three in ten more."""

Written = namedtuple("Written", ["row", "event", "amount"])
"""Where a kernel writes events: row of the person, kind, money."""

Before = namedtuple("Before", ["supplier", "born", "owed", "fee"])
"""Whose customers people were before they moved, who they were, and what a leaver would owe and pay not to wait."""


class EventLog:
    """Events of the first `people` places of a market, as the periods go by; places are in no order, so it is a sample.

    Args:
        people: How many places are followed.
        parts: Events noted before a run was stopped.
    """

    def __init__(self, people: int, parts: Sequence[npt.NDArray[Any]] = ()) -> None:
        self.people = people
        self._parts = list(parts)

    def events(self) -> npt.NDArray[Any]:
        """All events so far, a row of `EVENT` each, by period and place, and there in the order of what happened."""
        found = np.concatenate(self._parts) if self._parts else np.zeros(0, EVENT)
        return found[np.lexsort((found["place"], found["period"]))]

    def note_start(self, state: Any, period: int) -> None:
        """Who is a customer before the first period that is counted."""
        rows = np.flatnonzero(state.supplier[: self.people] == FOCAL)
        self._note(state, period, rows, START)

    def counters(self, state: Any) -> tuple[Any, Any]:
        """Encounters and complaints of everybody so far, to be handed to `note_service` after those of the period."""
        rows = slice(0, self.people)
        return state.people["history"][rows].copy(), state.people["complaints"][rows].copy()

    def note_service(self, state: Any, environment: Environment, clock: Clock, before: tuple[Any, Any]) -> None:
        """Bills that fell due, encounters and complaints of a period, from what was counted before and after."""
        history, complaints = self.counters(state)
        served = np.rint(history.astype(np.float64) - before[0]).astype(np.int64)
        complained = complaints.astype(np.int64) - before[1]
        most = int(served.sum() + complained.sum()) + len(served)
        written = Written(np.zeros(most, np.int64), np.zeros(most, np.uint8), np.zeros(most))
        count = write_service(state, environment, clock, served, complained, written)
        row, event, amount = (column[:count] for column in written)
        self._note(state, clock.period, row, event, amount=amount)

    def before_moving(self, state: Any, environment: Environment, clock: Clock) -> Before:
        """What is to be handed to `note_moves` when people have moved."""
        rows = slice(0, self.people)
        supplier, born = state.supplier[rows].copy(), state.people["born"][rows].copy()
        before = Before(supplier, born, np.zeros(len(supplier)), np.zeros(len(supplier)))
        write_owed(state, environment, clock, before.owed, before.fee)
        return before

    def note_moves(self, state: Any, period: int, before: Before) -> None:
        """Who left, with the fee and the bill of what had run, and who joined: by whose customers people were and are.

        Whoever left the market and was replaced is no longer there to say why: that was for reasons of one's own.
        """
        now = state.supplier[: self.people]
        others = state.people["born"][: self.people] != before.born
        was, is_now = before.supplier == FOCAL, now == FOCAL
        left = np.flatnonzero(was & (~is_now | others))
        cause = np.where(others[left], NATURAL, state.lost_by[left, FOCAL])
        paying = left[(before.fee[left] > 0.0) & (cause != NATURAL)]
        self._note(state, period, paying, FEE, amount=before.fee[paying], born=before.born[paying])
        owing = left[before.owed[left] > 0.0]
        self._note(state, period, owing, BILL, amount=before.owed[owing], born=before.born[owing])
        self._note(state, period, left, LEFT, how=cause, born=before.born[left])
        joined = np.flatnonzero(is_now & ~was)
        self._note(state, period, joined, JOINED, how=state.won_by[joined, FOCAL])

    def _note(
        self,
        state: Any,
        period: int,
        rows: Any,
        event: Any,
        *,
        amount: Any = np.nan,
        how: Any = NOT_SAID,
        born: Any = None,
    ) -> None:
        if len(rows) == 0:
            return
        part = np.zeros(len(rows), EVENT)
        people = state.people
        part["period"], part["event"], part["amount"], part["how"] = period, event, amount, how
        part["place"], part["segment"] = lucks_of(state, rows), people["segment"][rows]
        part["born"] = people["born"][rows] if born is None else born
        self._parts.append(part)


@kernel
def write_service(
    state: Any, environment: Environment, clock: Clock, served: Any, complained: Any, out: Written
) -> int:
    """Write bills, encounters and complaints of the focal firm's customers among the first rows; returns how many.

    Args:
        state: The people, after the encounters of the period.
        environment: Parameters of the period.
        clock: Seed and period.
        served: int64[rows], encounters of each in the period.
        complained: int64[rows], complaints.
        out: Arrays that are large enough.
    """
    firm = environment.firms[FOCAL]
    bills = firm.contract.bills_per_year
    price = firm.strategy.price_index if bills <= 0.0 else 0.0  # purchases are paid with the bill
    tariff = Tariff(price, 1.0, 0.0, 0.0, 0.0, 0.0, firm.costs.warranty_share, firm.costs.repair_price)
    n = 0
    for i in range(served.size):
        if state.supplier[i] != FOCAL:
            continue
        if bills > 0.0:
            so_far = bills_so_far(state, i, environment, clock)
            due = bills_due(so_far - bills * environment.world[0].years, so_far)
            if due > 0:
                out.row[n] = i
                out.event[n] = BILL
                out.amount[n] = worth_of_bills(state, i, environment, double(due))
                n += 1
        for k in range(served[i]):
            more = uniforms(clock.seed, SERVICE, luck_of(state, i), clock.period, LUCK_OF_ENCOUNTER * k + 2)
            kind = kind_served(state, i, environment, clock, FOCAL, k)
            out.row[n] = i
            out.event[n] = PURCHASE + kind
            out.amount[n] = bill(kind, double(state.spend[i]), more[1], tariff).revenue
            n += 1
        for _ in range(complained[i]):
            out.row[n] = i
            out.event[n] = COMPLAINT
            out.amount[n] = np.nan
            n += 1
    return n


@kernel
def write_owed(state: Any, environment: Environment, clock: Clock, owed: Any, fee: Any) -> None:
    """What each of the first rows would be billed for on leaving the focal firm in this period, and pay not to wait.

    `owed` and `fee` are float64[rows], money. The fee is asked of who is bound and has not waited; a firm that leaves
    the market asks for none.
    """
    contract = environment.firms[FOCAL].contract
    asks = contract.exit_fee > 0.0 and is_there(environment, FOCAL)
    for i in range(owed.size):
        if state.supplier[i] != FOCAL:
            continue
        if contract.bills_per_year > 0.0:
            part = running_part(bills_so_far(state, i, environment, clock))
            if part > A_HAIR:
                owed[i] = worth_of_bills(state, i, environment, part)
        if asks and state.leaves[at(state.leaves, i)] == 0 and periods_left(state, i, environment, clock) > 0:
            fee[i] = contract.exit_fee


@kernel
def worth_of_bills(state: Any, i: int, environment: Environment, bills: float) -> float:
    """What the customer of row i pays the focal firm for so many bills, money."""
    person = state.people[i]
    firm = environment.firms[FOCAL]
    purchases = environment.segments[person.segment].encounters.purchases_per_year
    purchases *= environment.prices.demand[FOCAL, person.segment]
    worth = worth_of_bill(double(state.frequency[i]), double(state.spend[i]), purchases, firm.contract.bills_per_year)
    return bills * worth * firm.strategy.price_index


def expected_events(scenario: Scenario, people: int) -> int:
    """About how many events a log of so many people has, at most: all are customers, and three in ten encounters more.

    >>> from sim.model.scenario import Scenario
    >>> expected_events(Scenario(), 1000) // 1000
    39
    """
    among = min(people, everybody(scenario))
    bills = scenario.firms[FOCAL].contract.bills_per_year * scenario.run.periods / PERIODS_PER_YEAR[scenario.run.period]
    return int(among * scenario.run.periods * encounters_per_period(scenario) * SURPLUS + among * (3 + bills))


def refuse_large_log(scenario: Scenario, people: int) -> None:
    """Refuse an event log that memory does not hold, before anything is simulated.

    Raises:
        ScenarioError: With the size, and with how many people it would do.
    """
    allowed, size = MOST_OF_FREE * free_memory().usable, expected_events(scenario, people) * EVENT_BYTES
    if size <= max(allowed, ALWAYS):
        return
    most = int(min(people, everybody(scenario)) * allowed / size)
    raise ScenarioError(
        say(
            "an event log of {people:,} people takes up to {size:,} MiB, and {allowed:,} MiB are there for it: ask for "
            "at most {most:,}, who are a sample of all",
            people=people,
            size=size // MIB,
            allowed=int(allowed) // MIB,
            most=most,
        )
    )
