"""Times of a retention table that are written as dates, as databases give them: units since the cohort began."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

from sim.data.calendar_dates import read_dates, units_between
from sim.data.units import time_unit_words
from sim.data.users_table import UsersTable
from sim.words import say

_SIGNS = frozenset("-/.W ")
_STEPS = {"days": 1, "weeks": 7, "months": 28, "years": 365}
"""Fewest days between two rows of each unit."""


def number_dates(table: UsersTable, unit: str) -> str:
    """Write units since the beginning in the place of dates in `time`; nothing else changes.

    The beginning is the cohort's own date where `cohort` holds dates, else that of the cohort's first row.

    Args:
        table: Of the kind `retention`.
        unit: Of time, where the dates do not tell another.

    Returns:
        The unit.
    """
    texts = table.columns["time"]
    if table.cell_names or not all(set(text) & _SIGNS or any(sign.isalpha() for sign in text) for text in texts):
        return unit
    days = _days(table, texts)
    if days is None:
        return unit
    groups = rows_by_cohort(table)
    if table.settings.unit is None:
        unit = _unit_of([[days[row] for row in rows] for rows in groups.values()]) or unit
    begun = _days(table, table.columns["cohort"]) if "cohort" in table else None
    numbers = [0.0] * len(table)
    for rows in groups.values():
        start = begun[rows[0]] if begun is not None else min(days[row] for row in rows)
        for row in rows:
            numbers[row] = units_between(start, days[row], unit)
    table.columns["time"] = [f"{number:.6g}" for number in numbers]
    name = table.names["time"]
    table.tell(
        say("time"),
        say("{name!r} from {first} to {last}, counted in {unit} since the cohort's own date",
            name=name, first=min(days), last=max(days), unit=time_unit_words(unit))
        if begun is not None
        else say("{name!r} from {first} to {last}, counted in {unit} since the first row",
                 name=name, first=min(days), last=max(days), unit=time_unit_words(unit)),
    )  # fmt: skip
    if begun is None:
        table.odd.say(
            "{name!r} holds dates: a curve of retention is of customers who began together. Counts of a whole "
            "firm, which wins new ones meanwhile, are none: --as movements",
            name=name,
        )
    return unit


def rows_by_cohort(table: UsersTable) -> dict[str, list[int]]:
    """The rows of each cohort, by its name and segment; all rows under one name where the table has neither."""
    groups: dict[str, list[int]] = {}
    for row in range(len(table)):
        names = (table.columns[column][row] for column in ("segment", "cohort") if column in table)
        groups.setdefault(" / ".join(names), []).append(row)
    return groups


def turn_round(table: UsersTable) -> None:
    """Put the last row first, and say so."""
    table.columns = {ours: texts[::-1] for ours, texts in table.columns.items()}
    table.lines.reverse()
    table.about(say("rows")).say("turned round: the newest stands first")


def _days(table: UsersTable, texts: list[str]) -> list[dt.date] | None:
    """The days of a column whose cells are all dates, read in one way; else nothing."""
    found = read_dates(texts, table.settings.dates, None)
    if found.asked is not None or found.both is not None:
        return None
    days = [day for day in found.days if day is not None]
    return days if len(days) == len(texts) else None


def _unit_of(groups: list[list[dt.date]]) -> str:
    """The longest unit that fits between rows that follow each other."""
    steps = [abs((later - day).days) for days in groups for day, later in pairwise(days)]
    shortest = min(steps, default=0)
    return next((unit for unit, least in reversed(_STEPS.items()) if shortest >= least), "")
