"""The end of a period: what is booked by the period, and the ledgers that must balance."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.engine.records import period_length
from sim.rules.shares import fixed_point
from sim.vocabulary.errors import ExitVoiceError
from sim.vocabulary.observables import FLOWS_IN, FLOWS_OUT, OBSERVABLES, O
from sim.vocabulary.scenario import Scenario

_LOST = [O.left_silent, O.left_complaint, O.left_natural]
_LAPSED = [O.lapsed_silent, O.left_switch]
_WON = [O.won_advertising, O.won_talk, O.won_switch]
_BACK = [O.returned, O.returned_switch, O.won_back]
_IN = [getattr(O, name) for name in FLOWS_IN]
_OUT = [getattr(O, name) for name in FLOWS_OUT]
_SQUARES_AND_SIGNED = {"opinion_sum", "justice_sum"}
_NEVER_NEGATIVE = [k for k, row in enumerate(OBSERVABLES) if row.name not in _SQUARES_AND_SIGNED]


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
    total = lambda columns: tally[:, :, columns].sum(axis=2)  # noqa: E731
    active = before[:, :, O.active] + total(_IN) - total(_OUT)
    if not np.array_equal(active, tally[:, :, O.active]):
        f, s = np.argwhere(active != tally[:, :, O.active])[0]
        raise LedgerError(
            f"firm {f}, segment {s}: {tally[f, s, O.active]} customers counted, {active[f, s]} by stocks and flows"
        )
    tally[:, :, O.prospects] = (
        before[:, :, O.prospects] + tally[:, :, O.entered] - total(_WON) - tally[:, :, O.prospects_gone]
    )
    tally[:, :, O.lapsed] = before[:, :, O.lapsed] + total(_LAPSED) - total(_BACK) - tally[:, :, O.lapsed_gone]
    tally[:, :, O.lost] = (
        before[:, :, O.lost] + total(_LOST) + tally[:, :, O.prospects_gone] + tally[:, :, O.lapsed_gone]
    )


def book_period(tally: Any, scenario: Scenario) -> None:
    """Book what costs by the period: prevention and appraisal per customer, advertising per prospect, desk staff."""
    years = period_length(scenario)
    segments = scenario.all_segments
    for f, firm in enumerate(scenario.firms):
        customers = tally[f, :, O.active]
        tally[f, :, O.prevention_cost] += customers * fixed_point(firm.costs.prevention * years)
        tally[f, :, O.appraisal_cost] += customers * fixed_point(firm.costs.appraisal * years)
        tally[f, :, O.advertising_cost] += tally[f, :, O.prospects] * fixed_point(
            firm.strategy.advertising_cost * years
        )
        staff = firm.desk.agents * scenario.market.customers / 10_000 * firm.desk.agent_cost * years
        for s, segment in enumerate(segments):
            tally[f, s, O.complaint_cost] += fixed_point(staff * segment.share)


def check_ledger(tally: Any) -> None:
    """Refuse a period in which something is negative, or in which words told and words heard differ.

    Raises:
        LedgerError: With the observable's name.
    """
    if (tally[:, :, _NEVER_NEGATIVE] < 0).any():
        f, s, k = np.argwhere(tally[:, :, _NEVER_NEGATIVE] < 0)[0]
        raise LedgerError(f"firm {f}, segment {s}: {OBSERVABLES[_NEVER_NEGATIVE[k]].name} is negative")
    for told, heard in ((O.told_positive, O.heard_positive), (O.told_negative, O.heard_negative)):
        if not np.array_equal(tally[:, :, told].sum(axis=1), tally[:, :, heard].sum(axis=1)):
            raise LedgerError("the words told are not the words heard")
    voiced = tally[:, :, O.complained] + tally[:, :, O.silent] + tally[:, :, O.pending]
    if not np.array_equal(voiced, tally[:, :, O.dissatisfied]):
        raise LedgerError("the dissatisfied are not the complainers plus the silent plus those still waiting")
