"""Rows of sums and means, which count everybody once more: at the foot of any table, and among cohorts."""

from __future__ import annotations

import itertools

from sim.data.column_names import folded
from sim.data.known_names import KNOWN
from sim.data.users_table import UsersTable
from sim.words import plural, say

SUMS = frozenset(KNOWN["sums"])
"""What rows of sums and means are called, as `folded` writes it."""


def sums_at_the_foot(rows: list[list[str]]) -> int:
    """How many rows at the end, below others, are sums or means by their first word.

    >>> sums_at_the_foot([["Ann", "3"], ["Bob", "5"], ["", "Total"]])
    1
    """
    firsts = [next((folded(cell) for cell in row if cell.strip()), "") for row in reversed(rows[1:])]
    return sum(1 for _ in itertools.takewhile(lambda word: word in SUMS, firsts))


def tell_sums(table: UsersTable, count: int, row: list[str]) -> None:
    """Say how many are left aside, with what one is called."""
    text = next(cell.strip() for cell in row if folded(cell) in SUMS)
    words = plural("{n} row of sums ({text!r})", "{n} rows of sums ({text!r})", count, text=text)
    table.tell(say("left aside"), words)


def without_sums(table: UsersTable, rows: list[list[str]], name: str | None, cohort: int | None) -> list[list[str]]:
    """The rows of cohorts: what is called a sum, or names no cohort beside other words, is left aside and said."""
    if name is None or cohort is None:
        return rows
    sums = [
        place
        for place, row in enumerate(rows)
        if any(folded(cell) in SUMS for cell in (row[cohort : cohort + 1] if row[cohort].strip() else row[:cohort]))
    ]
    if sums:
        tell_sums(table, len(sums), rows[sums[0]])
    kept = [place for place in range(len(rows)) if place not in sums]
    table.lines = [table.lines[place] for place in kept]
    return [rows[place] for place in kept]
