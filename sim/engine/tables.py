"""What a run leaves behind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from sim.model.movement import COHORTS
from sim.model.person import GONE, NEWCOMER, NOBODY, PRESENT
from sim.model.rooms import O
from sim.model.scenario import Scenario

TOGETHER: Final = 2**16
"""People who are looked at together at the end of a run."""


@dataclass(frozen=True)
class Tables:
    """The raw results of one run.

    Attributes:
        scenario: The scenario that was run.
        seed: Key of its luck.
        tallies: int64[periods, firms, segments, observables], see `sim.vocabulary.observables`.
        initial: int64[firms, segments, observables], the stocks before the first period.
        leavers: int64[firms, cohorts, causes, periods + 1], customers who left, by tenure in periods.
        stayers: int64[firms, cohorts, periods + 1], customers at the end, by tenure in periods.
        flows: int64[periods, firms + 2, firms + 2], people whose customers they were before a period
            and after it. After the firms come those without a supplier, and those out of the market.
        census: Customer types of the focal firm at the end, by typology; empty where nobody asked for them.
        panel: Columns of the people followed one by one, a row per person and period; None if nobody was.
    """

    scenario: Scenario
    seed: int
    tallies: npt.NDArray[Any]
    initial: npt.NDArray[Any]
    leavers: npt.NDArray[Any]
    stayers: npt.NDArray[Any]
    flows: npt.NDArray[Any]
    census: dict[str, dict[str, int]]
    panel: dict[str, npt.NDArray[Any]] | None


def _parts(people: int) -> Iterator[slice]:
    """Rows of `people`, `TOGETHER` at a time: masks of everybody would add a twentieth to a large market."""
    for low in range(0, people, TOGETHER):
        yield slice(low, min(people, low + TOGETHER))


def count_stayers(state: Any, firm_count: int, periods: int, period: int) -> Any:
    """Customers at the end of a run, int64[firms, cohorts, periods + 1], by tenure within its `periods`."""
    shape = firm_count, len(COHORTS), periods + 1
    stayers = np.zeros(shape[0] * shape[1] * shape[2], np.int64)
    for part in _parts(len(state.supplier)):
        people, supplier = state.people[part], state.supplier[part]
        tenure = max(period, 0) - np.maximum(state.joined[part], 0)
        cohort = (people["flags"] & NEWCOMER) != 0
        customer = supplier < firm_count
        places = (supplier[customer].astype(np.intp) * shape[1] + cohort[customer]) * shape[2] + tenure[customer]
        stayers += np.bincount(places, minlength=stayers.size)
    return stayers.reshape(shape)


def without_supplier(state: Any) -> int:
    """How many people are in the market and nobody's customers."""
    without = 0
    for part in _parts(len(state.supplier)):
        there = state.people["flags"][part] & (PRESENT | GONE) == PRESENT
        without += int((there & (state.supplier[part] == NOBODY)).sum())
    return without


def come_from_outside(moves: Any, state: Any, low: int, high: int, period: int) -> None:
    """People of rows `low` to `high` entered the market in this period: where they went, they went from outside.

    Args:
        moves: Of the period, see `sim.model.contexts.Books`; changed.
        state: The people, after they have moved; whoever took another's place was born for the next period.
        low: First of their rows.
        high: End of their rows.
        period: Number of the period.
    """
    if low == high:
        return
    firms, people, supplier = len(moves) - 2, state.people[low:high], state.supplier[low:high]
    gone = (people["flags"] & GONE != 0) | (people["born"] == period + 1)
    places = np.where(gone, firms + 1, np.where(supplier == NOBODY, firms, supplier))
    places = places[places != firms]
    np.subtract.at(moves[firms], places, 1)
    np.add.at(moves[firms + 1], places, 1)


def with_those_who_stay(moves: Any, tallies: Any, without: int) -> Any:
    """The matrix of flows of each period, int64[periods, firms + 2, firms + 2], whose rows sum to the stocks before it.

    Args:
        moves: The same of those who moved, newcomers who found no supplier left out.
        tallies: int64[periods, firms, segments, observables].
        without: People in the market without a supplier after the last period.
    """
    flows, tallies = np.array(moves), np.array(tallies, np.int64)[: len(moves)]
    firms = flows.shape[1] - 2
    if len(flows) == 0:
        return flows
    flows[:, firms + 1, firms] = tallies[:, 0, :, O.entered].sum(axis=1) - flows[:, firms + 1].sum(axis=1)
    flows[:, firms + 1, firms + 1] = 0
    gains = flows.sum(axis=1) - flows.sum(axis=2)
    after = np.empty((len(flows), firms + 1), np.int64)
    after[:, :firms] = tallies[:, :, :, O.active].sum(axis=2)
    after[:, firms] = without - gains[::-1, firms].cumsum()[::-1] + gains[:, firms]
    for place in range(firms + 1):
        flows[:, place, place] += after[:, place] - flows[:, :, place].sum(axis=1)
    return flows
