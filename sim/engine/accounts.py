"""The end of a period: what is booked by the period, and the ledgers that must balance."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.model.desk import channel_upkeep, desk_staff
from sim.model.movement import FLOWS_IN, FLOWS_OUT
from sim.model.quality_cost import inspection_cost
from sim.model.records import period_length
from sim.model.register import OBSERVABLES, O
from sim.model.scenario import Scenario
from sim.model.shares import fixed_point
from sim.vocabulary.errors import ExitVoiceError
from sim.words import say

_STOCKS = (O.prospects, O.active, O.lapsed, O.lost)
_SIGNED = {"opinion_sum", "justice_sum"}
_NEVER_NEGATIVE = np.array([row.name not in _SIGNED for row in OBSERVABLES])


def _changes() -> Any:
    """What each flow does to the four stocks: int64[observables, 4]; 1 in, -1 out."""
    moves = {
        "prospects": (["entered"], [*_WON, "prospects_gone"]),
        "active": (list(FLOWS_IN), list(FLOWS_OUT)),
        "lapsed": ([*_LAPSED, "forgave"], [*_BACK, "lapsed_gone"]),
        "lost": ([*_LOST, "prospects_gone", "lapsed_gone"], ["forgave", "replaced"]),
    }
    changes = np.zeros((len(OBSERVABLES), len(_STOCKS)), np.int64)
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
_CHANGES = _changes()


class LedgerError(ExitVoiceError):
    """A stock, a flow or an amount that cannot be: the run stops rather than print it."""


def roll_stocks(tally: Any, before: Any) -> None:
    """Stocks from previous stocks and flows, for every firm and segment; the active are checked against the count.

    Args:
        tally: int64[firms, segments, observables] of this period; prospects, lapsed and lost are filled in.
        before: The same of the period before.

    Raises:
        LedgerError: If the counted customers are not the previous ones plus flows.
    """
    stocks = before[:, :, _STOCKS] + tally[:, :, : len(OBSERVABLES)] @ _CHANGES
    active = stocks[:, :, 1]
    if not np.array_equal(active, tally[:, :, O.active]):
        f, s = np.argwhere(active != tally[:, :, O.active])[0]
        raise LedgerError(
            say(
                "firm {f}, segment {s}: {counted} customers counted, {carried} by stocks and flows",
                f=f,
                s=s,
                counted=tally[f, s, O.active],
                carried=active[f, s],
            )
        )
    tally[:, :, _STOCKS] = stocks


def book_period(tally: Any, scenario: Scenario, began_with: Any) -> None:
    """Book what costs by the period: by customers, by prospects, overheads, and a desk that is paid idle or not.

    `began_with` is int64[firms, segments]: customers at the start, by whose spending overheads are measured.
    """
    years = period_length(scenario)
    segments = scenario.all_segments
    for f, firm in enumerate(scenario.firms):
        customers = tally[f, :, O.active]
        if not firm.in_market and not customers.any():
            continue
        tally[f, :, O.prevention_cost] += customers * fixed_point(firm.costs.prevention * years)
        appraisal = firm.costs.appraisal + inspection_cost(firm.systems.interception_share, firm.costs)
        appraisal += channel_upkeep(firm.desk)
        tally[f, :, O.appraisal_cost] += customers * fixed_point(appraisal * years)
        tally[f, :, O.advertising_cost] += tally[f, :, O.prospects] * fixed_point(
            firm.strategy.advertising_cost * years
        )
        staff = desk_staff(firm.desk, scenario.market.customers)
        desk = staff.people * staff.time * firm.desk.agent_cost * years if firm.desk.dedicated else 0.0
        for s, segment in enumerate(segments):
            spent = segment.encounters.purchases_per_year * segment.encounters.spend_per_purchase
            tally[f, s, O.complaint_cost] += fixed_point(desk * segment.share)
            tally[f, s, O.overhead_cost] += fixed_point(
                firm.costs.overhead_share * float(began_with[f, s]) * spent * years
            )


def check_ledger(tally: Any) -> None:
    """Refuse a period in which something is negative, or in which words told and words heard differ.

    Raises:
        LedgerError: With the observable's name.
    """
    negative = (tally[:, :, : len(OBSERVABLES)] < 0) & _NEVER_NEGATIVE
    if negative.any():
        f, s, k = np.argwhere(negative)[0]
        raise LedgerError(say("firm {f}, segment {s}: {name} is negative", f=f, s=s, name=OBSERVABLES[k].name))
    for told, heard in ((O.told_positive, O.heard_positive), (O.told_negative, O.heard_negative)):
        if not np.array_equal(tally[:, :, told].sum(axis=1), tally[:, :, heard].sum(axis=1)):
            raise LedgerError(say("the words told are not the words heard"))
    voiced = tally[:, :, O.complained] + tally[:, :, O.silent] + tally[:, :, O.pending]
    if not np.array_equal(voiced, tally[:, :, O.dissatisfied]):
        raise LedgerError(say("the dissatisfied are not the complainers plus the silent plus those still waiting"))
