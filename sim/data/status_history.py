"""A customer's states with their dates, a row each, as systems of billing log them: when each joined and left."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from sim.data.table_kinds import CHURN
from sim.data.users_table import UsersTable
from sim.words import say

SHARED = 3
"""Rows of one date, on average, from which on a table looks at all its customers on the same days."""


def spans_of(table: UsersTable) -> UsersTable:
    """The table as one of joining and leaving, a row for each customer; whatever is peculiar in the history is said.

    A customer joins with the first state of a customer, and has left since the first of the last ones that say so;
    whoever left and came back counts as one stay. A segment is that of the first state.

    Args:
        table: Of the kind `HISTORY`.

    Raises:
        ScenarioError: With line and column of what is no day, or no state that is known.
    """
    days, gone = table.dates("date"), table.truths("status")
    table.check()
    dated = [day or dt.date.min for day in days]
    rows: dict[str, list[int]] = {}
    for row in sorted(range(len(table)), key=dated.__getitem__):
        rows.setdefault(table.columns["customer"][row], []).append(row)
    never = [who for who, own in rows.items() if gone[own].all()]
    found = UsersTable(table.label, table.sha256, CHURN, table.settings, {}, [], {}, ("joined", "left"))
    found.columns = {"customer": [], "joined": [], "left": []}
    if "segment" in table:
        found.columns["segment"], found.names["segment"] = [], table.names["segment"]
    for who, own in rows.items():
        if who in never:
            continue
        first, last = _stay(gone[own])
        found.columns["customer"].append(who)
        found.columns["joined"].append(dated[own[first]].isoformat())
        found.columns["left"].append("" if last is None else dated[own[last]].isoformat())
        found.lines.append(table.lines[own[first]])
        if "segment" in table:
            found.columns["segment"].append(table.columns["segment"][own[first]])
    name = table.names["date"]
    found.names |= {"customer": table.names["customer"], "joined": name, "left": name}
    found.facts, found.odd, found.aside = table.facts, table.odd, table.aside
    found.about(say("history")).say(
        "{rows:,} states of {customers:,} customers by {name!r}",
        rows=len(table),
        customers=len(rows),
        name=table.names["status"],
    )
    _doubt(found, dated, list(rows.values()), gone, len(never))
    return found


def _stay(gone: npt.NDArray[np.bool_]) -> tuple[int, int | None]:
    """The first state of a customer, and the first of those at the end that say that the customer has left, or none.

    >>> _stay(np.array([False, True, False, True, True])), _stay(np.array([True, False]))
    ((0, 3), (1, None))
    """
    there = np.flatnonzero(~gone)
    return int(there[0]), int(there[-1]) + 1 if gone[-1] else None


def _doubt(
    table: UsersTable, days: Sequence[dt.date], customers: list[list[int]], gone: npt.NDArray[np.bool_], never: int
) -> None:
    back = sum(bool((gone[own][:-1] & ~gone[own][1:]).any()) for own in customers)
    if back:
        table.odd.plural(
            "{n:,} customer left and came back: that counts as one stay",
            "{n:,} customers left and came back: that counts as one stay of each",
            back,
        )
    if never:
        table.odd.plural(
            "{n:,} customer was never there by the table, and is left aside",
            "{n:,} customers were never there by the table, and are left aside",
            never,
        )
    first, last = min(days), max(days)
    early = sum(days[own[0]] == first for own in customers)
    if 2 * early > len(customers):
        table.odd.say(
            "{early:,} customers begin on the first day of the table: whoever was one before has stayed for longer "
            "than it says",
            early=early,
        )
    if len(days) >= SHARED * len(Counter(days)):
        lost = sum(days[own[-1]] < last and not gone[own[-1]] for own in customers)
        if lost:
            table.odd.plural(
                "{n:,} customer has no row on the last day and none of leaving, and counts as still there",
                "{n:,} customers have no row on the last day and none of leaving, and count as still there",
                lost,
            )
