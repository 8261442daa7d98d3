"""What was counted in each of units of time that follow each other: by their numbers or by dates."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from sim.data.calendar_dates import after, read_dates
from sim.data.dated_times import turn_round
from sim.data.life_table import Array
from sim.data.units import longest, time_unit_words
from sim.data.users_table import UsersTable
from sim.words import say

_STEPS = {"days": (1, 1), "weeks": (7, 7), "months": (28, 31), "years": (365, 366)}
"""Days between rows of each unit, at least and at most."""

Ordinals = np.ndarray[tuple[int], np.dtype[np.int64]]
Spans = tuple[tuple[dt.date, dt.date], ...]


@dataclass(frozen=True)
class CountSeries:
    """What was counted in units of time that follow each other.

    Attributes:
        table: Where they come from.
        unit: Of time.
        column: `period` or `date`.
        numbers: Number of each unit since the start, int64[n]; of dates since the first row.
        spans: First day of each unit, and the first day after it; empty where units are numbered.
        counts: What was counted, float64[n].
        customers: Whom it could have happened to, float64[n].
    """

    table: UsersTable
    unit: str
    column: str
    numbers: Ordinals
    spans: Spans
    counts: Array
    customers: Array


class UnitsOfTime(NamedTuple):
    """The units of a table: their name, the column that says them, and as in `CountSeries`."""

    unit: str
    column: str
    numbers: Ordinals
    spans: Spans


def oldest_first(table: UsersTable) -> None:
    """Turn the rows round where the newest stands first."""
    found = read_dates(table.columns["date"], table.settings.dates, None).days
    days = [day for day in found if day is not None]
    if len(days) == len(found) > 1 and all(later < day for day, later in pairwise(days)):
        turn_round(table)


def units_of_time(table: UsersTable, unit: str, *, stated: bool, whole_days: bool = False) -> UnitsOfTime:
    """The unit of each row, by `period` (whole numbers from 0) or `date`.

    Args:
        table: With one of these columns.
        unit: Of time, if dates do not tell.
        stated: Whether the user has said the unit.
        whole_days: Whether the dates are first days of units already.
    """
    if "period" in table.form:
        numbers = table.numbers("period", low=0.0, high=longest(unit), whole=True).astype(np.int64)
        if "date" in table:
            table.odd.say("{name!r} is not used beside the numbers of periods", name=table.names["date"])
        return UnitsOfTime(unit, "period", numbers, ())
    days = [dt.date.fromisoformat(text) for text in table.columns["date"]] if whole_days else _days(table)
    if not stated and not whole_days:
        found = _unit_of(days)
        if found:
            table.retell(
                say("unit"),
                say("{unit}, by the distance of the dates: `unit:` says another", unit=time_unit_words(found)),
            )
        unit = found or unit
    return UnitsOfTime(unit, "date", np.arange(len(table)), _spans(days, unit, table.settings.stamps))


def _days(table: UsersTable) -> list[dt.date]:
    days = [day or dt.date.min for day in table.dates("date")]
    table.check()
    return days


def _unit_of(days: list[dt.date]) -> str:
    """The unit that lies between the dates, or nothing where they do not follow each other in one."""
    steps = [(later - day).days for day, later in pairwise(days)]
    return next(
        (unit for unit, (least, most) in _STEPS.items() if steps and all(least <= step <= most for step in steps)), ""
    )


def _spans(days: list[dt.date], unit: str, stamps: str | None) -> tuple[tuple[dt.date, dt.date], ...]:
    """First day of each unit, and the first after it; a stamp is its first day unless it is said to be its last."""
    spans = []
    for day in days:
        try:
            if stamps == "end":
                end = day + dt.timedelta(days=1)
                spans.append((after(end, -1, unit), end))
            else:
                spans.append((day, after(day, 1, unit)))
        except (OverflowError, ValueError):  # at the ends of the calendar
            spans.append((day, dt.date.max))
    return tuple(spans)


def refuse_gaps(table: UsersTable, units: UnitsOfTime) -> None:
    """Refuse gaps and rows that are out of order."""
    _, column, numbers, spans = units
    for row in range(1, len(table)):
        if spans:
            late = max(spans[row][0].day, spans[row - 1][0].day) >= 28
            ends_of_months = late and _unit_of(list(spans[row])) == "months"
            apart = abs((spans[row][0] - spans[row - 1][1]).days)
            wrong = apart > (3 if ends_of_months else 0)  # the last days of months lie 28 to 31 days apart
        else:
            wrong = bool(numbers[row] != numbers[row - 1] + 1)
        if wrong:
            table.complain(
                row,
                column,
                say("does not follow the row before"),
                table.columns[column][row],
                say("one row for every period, in order"),
                say("where the unit is another: unit: days, weeks, months or years") if spans else "",
            )
    table.check()


def tell_span(table: UsersTable, units: UnitsOfTime) -> None:
    """Say how many units there are."""
    words = say("{rows} {unit}", rows=len(table), unit=time_unit_words(units.unit))
    if units.column == "period":
        words = say(
            "{rows} {unit}, numbered {first} to {last}; 0 is the run's first",
            rows=len(table),
            unit=time_unit_words(units.unit),
            first=units.numbers[0],
            last=units.numbers[-1],
        )
    table.tell(say("span"), words)


def one_of(unit: str) -> str:
    """The word for one unit of time."""
    return {"days": say("day"), "weeks": say("week"), "months": say("month"), "years": say("year")}[unit]
