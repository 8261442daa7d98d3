"""Person by person: who is a customer at the end in one world and not in the other, and through what."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.model.movement import CAUSES, FLOWS_IN, NATURAL
from sim.results.declared_tables import column_names
from sim.results.intervals import mean_interval

Counts = npt.NDArray[np.int64]

NEVER_CUSTOMER, FROM_START, ALL = "never_customer", "from_start", "all"
LOST = (*CAUSES, NEVER_CUSTOMER)
"""Why somebody is no customer at the end: how the firm lost the person last, or that it never had the person."""
HELD = (*FLOWS_IN, FROM_START)
"""Why somebody is a customer at the end: how the firm won the person last, or that it always had the person."""

GROUPS = ("both", "only_first", "only_this", "neither")


class Ending(NamedTuple):
    """What has become of everybody, as far as the focal firm is concerned; one entry a person.

    Attributes:
        customer: bool, customer at the end.
        lost: uint8, index into `LOST`: how the firm lost the person last.
        held: uint8, index into `HELD`: how the firm won the person last.
        satisfaction: float64, points (0-100).
        born: int32, first period of who took the place of another; the same person has the same in both worlds.
    """

    customer: npt.NDArray[np.bool_]
    lost: npt.NDArray[np.uint8]
    held: npt.NDArray[np.uint8]
    satisfaction: npt.NDArray[np.float64]
    born: npt.NDArray[np.int32]


def ending_of(simulation: Any) -> Ending:
    """The ending of a simulation that has run."""
    state = simulation.state
    return Ending(
        np.asarray(state.supplier == 0),
        np.minimum(state.lost_by[:, 0], len(CAUSES)),
        np.minimum(state.won_by[:, 0], len(FLOWS_IN)),
        state.satisfaction.astype(np.float64),
        state.people["born"].copy(),
    )


@dataclass(frozen=True)
class MatchedWorlds:
    """One pair of worlds, counted person by person.

    Attributes:
        both: Customers at the end in both.
        neither: Customers in neither.
        only_first: int64[LOST, HELD], customers in the first world only: how the other lost them, how the first held
            them.
        only_this: The same the other way round.
        satisfaction_change: Mean change of satisfaction of the persons who are customers in both, points (0-100): a
            place that was taken over in one world only, or at another time, holds two persons.
    """

    both: int
    neither: int
    only_first: Counts
    only_this: Counts
    satisfaction_change: float


def _cross(lost: npt.NDArray[np.uint8], held: npt.NDArray[np.uint8]) -> Counts:
    cells = np.bincount(lost.astype(np.int64) * len(HELD) + held, minlength=len(LOST) * len(HELD))
    return cells.reshape(len(LOST), len(HELD)).astype(np.int64)


def match_persons(first: Ending, this: Ending) -> MatchedWorlds:
    """Count the people of two worlds in which the same row is the same place, and mostly the same person.

    Where it holds another person, the one who is not there has left the market.

    >>> def ending(customer, lost, held):
    ...     codes = (np.array(row, np.uint8) for row in (lost, held))
    ...     return Ending(np.array(customer), *codes, np.full(len(customer), 70.0), np.zeros(len(customer), np.int32))
    >>> found = match_persons(ending([True, False], [5, 0], [6, 6]), ending([True, True], [5, 5], [6, 6]))
    >>> found.both, LOST[found.only_this.sum(axis=1).argmax()], int(found.only_this.sum())
    (1, 'left_silent', 1)
    """
    both = first.customer & this.customer
    gone, kept = first.customer & ~this.customer, this.customer & ~first.customer
    same = first.born == this.born
    stayed = both & same
    change = (this.satisfaction[stayed] - first.satisfaction[stayed]).mean() if stayed.any() else math.nan
    return MatchedWorlds(
        int(both.sum()),
        int((~first.customer & ~this.customer).sum()),
        _cross(np.where(same, this.lost, NATURAL)[gone], first.held[gone]),
        _cross(np.where(same, first.lost, NATURAL)[kept], this.held[kept]),
        float(change),
    )


def _cells(group: str, tables: list[Counts]) -> Iterator[tuple[str, str, str, list[int]]]:
    """Totals, margins, then single cells where anybody is in them."""
    stacked = np.stack(tables)
    yield group, ALL, ALL, stacked.sum(axis=(1, 2)).tolist()
    for index, lost in enumerate(LOST):
        yield group, lost, ALL, stacked[:, index].sum(axis=1).tolist()
    for index, held in enumerate(HELD):
        yield group, ALL, held, stacked[:, :, index].sum(axis=1).tolist()
    for row, lost in enumerate(LOST):
        for column, held in enumerate(HELD):
            if stacked[:, row, column].any():
                yield group, lost, held, stacked[:, row, column].tolist()


def build_persons(matched: dict[str, Sequence[MatchedWorlds]]) -> pd.DataFrame:
    """The tidy table of all matched pairs of worlds.

    Args:
        matched: For each later scenario one `MatchedWorlds` a replication; a scenario whose people are not those of
            the first is left out.

    Returns:
        Columns `scenario`; `group`: customers at the end in `both`, `only_first`, `only_this` (this scenario) or
        `neither`; `lost_by` (how the world without them lost them, `all` for the sum) and `held_by` (how the world
        with them has them, `all` for the sum); `measure` (`people`, or `satisfaction_change` of those in both); `unit`;
        `value` with `low` and `high` (mean over replications, 95% t-interval); `n`.
    """
    rows = []
    for label, found in matched.items():
        cells: list[tuple[str, str, str, list[int]]] = [("both", ALL, ALL, [item.both for item in found])]
        cells += _cells("only_first", [item.only_first for item in found])
        cells += _cells("only_this", [item.only_this for item in found])
        cells.append(("neither", ALL, ALL, [item.neither for item in found]))
        for group, lost, held, counts in cells:
            limits = mean_interval(counts).within(0.0, math.inf)
            rows.append((label, group, lost, held, "people", "people", *limits, len(counts)))
        changes = [item.satisfaction_change for item in found]
        known = sum(math.isfinite(change) for change in changes)
        rows.append((label, "both", ALL, ALL, "satisfaction_change", "points (0-100)", *mean_interval(changes), known))
    return pd.DataFrame(rows, columns=column_names("persons", beside=__name__))
