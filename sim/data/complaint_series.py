"""Counts of complaints over time, with the customers who could have made them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from sim.data.calendar_dates import after, read_dates
from sim.data.complaint_rows import add_up_modes, add_up_segments, count_tickets
from sim.data.dated_times import turn_round
from sim.data.life_table import Array
from sim.data.units import UNITS_PER_YEAR, longest, time_unit_words
from sim.data.users_table import MOST, UsersTable
from sim.vocabulary.errors import Problem, ScenarioError
from sim.words import say

FEWEST_ROWS = 3
FEWEST_COMPLAINTS = 5

DAYS_PER_YEAR = 365
"""Most complaints that a customer can be thought to make in a year, on average over all: one every day."""

_STEPS = {"days": (1, 1), "weeks": (7, 7), "months": (28, 31), "years": (365, 366)}
"""Days between rows of each unit, at least and at most."""


@dataclass(frozen=True)
class CountSeries:
    """Complaints in units of time that follow each other.

    Attributes:
        table: Where they come from.
        unit: Of time.
        column: `period` or `date`.
        numbers: Number of each unit since the start, int64[n]; of dates since the first row.
        spans: First day of each unit, and the first day after it; empty where units are numbered.
        counts: Complaints, float64[n].
        customers: Who could have made them, float64[n].
    """

    table: UsersTable
    unit: str
    column: str
    numbers: np.ndarray[tuple[int], np.dtype[np.int64]]
    spans: tuple[tuple[dt.date, dt.date], ...]
    counts: Array
    customers: Array


def read_counts(table: UsersTable, unit: str, customers: int | None, *, stated: bool) -> CountSeries:
    """From `period` (whole numbers from 0) or `date`, `complaints`, and `customers` or their number; or from a log.

    A log has a row a complaint, with `ticket` and `date`: they are counted in calendar units.

    Args:
        table: Of the kind `complaints`.
        unit: Of time.
        customers: How many there are, where the table does not say.
        stated: Whether the user has said the unit; of dates it is found out otherwise.

    Raises:
        ScenarioError: With line and column of what is wrong.
    """
    log = "complaints" not in table
    if log:
        unit = count_tickets(table, unit)
    if "mode" in table:
        add_up_modes(table)
    if "segment" in table and not table.of_segment:
        add_up_segments(table)
    if "date" in table.form:
        _oldest_first(table)
    counted = table.numbers("complaints", low=0.0, whole=True)
    if "period" in table.form:
        column = "period"
        spans: tuple[tuple[dt.date, dt.date], ...] = ()
        numbers = table.numbers("period", low=0.0, high=longest(unit), whole=True).astype(np.int64)
        if "date" in table:
            table.odd.say("{name!r} is not used beside the numbers of periods", name=table.names["date"])
    else:
        column = "date"
        days = [dt.date.fromisoformat(text) for text in table.columns["date"]] if log else _days(table)
        if not stated and not log:
            unit = _unit_of(days) or unit
        spans = _spans(days, unit, table.settings.stamps)
        numbers = np.arange(len(table))
    if "customers" in table:
        there = table.numbers("customers", low=1.0, high=MOST)
    elif customers is not None:
        there = np.full(len(table), float(customers))
    else:
        raise ScenarioError(
            [
                *table.problems,
                Problem(
                    say("complaints of how many customers?"),
                    "complaints",
                    table.label,
                    hint=say("give `calibrate: {{customers: 1000}}`, --read customers=1000, or a column `customers`"),
                ),
            ]
        )
    table.check()
    _plausible(table, counted, there, unit)
    if len(table) < FEWEST_ROWS or counted.sum() < FEWEST_COMPLAINTS:
        raise ScenarioError(
            say("too little to learn from"),
            place=table.label,
            found=say("{rows} rows, {counted:g} complaints", rows=len(table), counted=counted.sum()),
            allowed=say(
                "at least {fewest_rows} rows and {fewest_complaints} complaints",
                fewest_rows=FEWEST_ROWS,
                fewest_complaints=FEWEST_COMPLAINTS,
            ),
        )
    _following(table, column, numbers, spans)
    _tell(table, unit, column, numbers, counted, there)
    return CountSeries(table, unit, column, numbers, spans, counted, there)


def _days(table: UsersTable) -> list[dt.date]:
    days = [day or dt.date.min for day in table.dates("date")]
    table.check()
    return days


def _oldest_first(table: UsersTable) -> None:
    """Turn the rows round where the newest stands first."""
    found = read_dates(table.columns["date"], table.settings.dates, None).days
    days = [day for day in found if day is not None]
    if len(days) == len(found) > 1 and all(later < day for day, later in pairwise(days)):
        turn_round(table)


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


def _plausible(table: UsersTable, counted: Array, there: Array, unit: str) -> None:
    """Refuse more complaints than the customers could make: one a day each."""
    most = np.floor(there * DAYS_PER_YEAR / UNITS_PER_YEAR[unit])
    for row in np.flatnonzero(counted > most):
        table.complain(
            int(row),
            "complaints",
            say("more complaints than {customers:,.12g} customers make", customers=there[row]),
            table.columns["complaints"][row],
            say("at most {most:,.12g}, one per customer and day", most=most[row]),
        )
    table.check()


def _following(
    table: UsersTable,
    column: str,
    numbers: np.ndarray[tuple[int], np.dtype[np.int64]],
    spans: tuple[tuple[dt.date, dt.date], ...],
) -> None:
    """Refuse gaps and rows that are out of order."""
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


def _tell(
    table: UsersTable,
    unit: str,
    column: str,
    numbers: np.ndarray[tuple[int], np.dtype[np.int64]],
    counted: Array,
    there: Array,
) -> None:
    rate = 1000.0 * counted.sum() / there.sum()
    table.tell(
        say("counts"),
        say(
            "{complaints:,.0f} complaints of {customers:,.9g} customers: {rate:,.3g} per 1,000 and {unit}",
            complaints=counted.sum(),
            customers=there.min(),
            rate=rate,
            unit=_one(unit),
        )
        if there.min() == there.max()
        else say(
            "{complaints:,.0f} complaints of {least:,.9g} to {most:,.9g} customers: {rate:,.3g} per 1,000 and {unit}",
            complaints=counted.sum(),
            least=there.min(),
            most=there.max(),
            rate=rate,
            unit=_one(unit),
        ),
    )
    if column == "period":
        words = say(
            "{rows} {unit}, numbered {first} to {last}; 0 is the run's first",
            rows=len(table),
            unit=time_unit_words(unit),
            first=numbers[0],
            last=numbers[-1],
        )
    else:
        words = say("{rows} {unit}", rows=len(table), unit=time_unit_words(unit))
    table.tell(say("span"), words)
    if len(table) > 3 and (counted % 10 == 0).all():
        table.odd.say("all counts are whole tens: are they rounded, or thousands?")


def _one(unit: str) -> str:
    return {"days": say("day"), "weeks": say("week"), "months": say("month"), "years": say("year")}[unit]
