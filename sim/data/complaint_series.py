"""Counts of complaints over time, with the customers who could have made them."""

from __future__ import annotations

import numpy as np

from sim.data.complaint_rows import add_up_modes, add_up_segments, count_tickets
from sim.data.count_series import CountSeries, UnitsOfTime, oldest_first, one_of, refuse_gaps, tell_span, units_of_time
from sim.data.life_table import Array
from sim.data.units import UNITS_PER_YEAR
from sim.data.users_table import MOST, UsersTable
from sim.vocabulary.errors import Problem, ScenarioError
from sim.words import say

FEWEST_ROWS = 3
FEWEST_COMPLAINTS = 5

DAYS_PER_YEAR = 365
"""Most complaints that a customer can be thought to make in a year, on average over all: one every day."""


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
        oldest_first(table)
    counted = table.numbers("complaints", low=0.0, whole=True)
    units = units_of_time(table, unit, stated=stated, whole_days=log)
    unit = units.unit
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
    refuse_gaps(table, units)
    _tell(table, units, counted, there)
    return CountSeries(table, *units, counted, there)


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


def _tell(table: UsersTable, units: UnitsOfTime, counted: Array, there: Array) -> None:
    rate = 1000.0 * counted.sum() / there.sum()
    table.tell(
        say("counts"),
        say(
            "{complaints:,.0f} complaints of {customers:,.9g} customers: {rate:,.3g} per 1,000 and {unit}",
            complaints=counted.sum(),
            customers=there.min(),
            rate=rate,
            unit=one_of(units.unit),
        )
        if there.min() == there.max()
        else say(
            "{complaints:,.0f} complaints of {least:,.9g} to {most:,.9g} customers: {rate:,.3g} per 1,000 and {unit}",
            complaints=counted.sum(),
            least=there.min(),
            most=there.max(),
            rate=rate,
            unit=one_of(units.unit),
        ),
    )
    tell_span(table, units)
    if len(table) > 3 and (counted % 10 == 0).all():
        table.odd.say("all counts are whole tens: are they rounded, or thousands?")
