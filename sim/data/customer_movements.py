"""Movements of a firm's customers: how many there were at the beginning of each period, and how many it lost and won.

What most firms count about their customers. It is no curve of retention, which is of people who began together: those
who came lately leave sooner, and the mix of both is what is seen here.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.data.calendar_dates import read_dates
from sim.data.cohorts import as_shares
from sim.data.complaint_rows import add_up_segments
from sim.data.count_series import CountSeries, UnitsOfTime, oldest_first, one_of, refuse_gaps, tell_span, units_of_time
from sim.data.life_table import Array
from sim.data.read_table import read_table
from sim.data.table_kinds import MOVEMENTS
from sim.data.table_settings import TableSettings
from sim.data.users_table import MOST, UsersTable
from sim.vocabulary.errors import ScenarioError
from sim.words import say

FEWEST_ROWS = 3
FEWEST_LOST = 5
AWAY = 0.001
"""Share of the customers by which a period's end may miss the next one's beginning: transfers, corrections."""


@dataclass(frozen=True)
class CustomerMovements:
    """Both series of a table; `won` is None where nobody has counted them."""

    lost: CountSeries
    won: CountSeries | None


def read_movements(table: UsersTable, unit: str, *, stated: bool) -> CustomerMovements:
    """From `period` or `date`, `customers` at its beginning (or `closing` at its end), `lost` or `rate`, and `won`.

    Where the numbers add up only if `customers` is taken at the end of each period, it is, which is told.

    Args:
        table: Of the kind `movements`.
        unit: Of time.
        stated: Whether the user has said the unit; of dates it is found out otherwise.

    Raises:
        ScenarioError: With line and column of what is wrong.
    """
    if "rate" in table.form:
        _count_lost(table)
    if "segment" in table and not table.of_segment:
        add_up_segments(table)
    if "date" in table.form:
        oldest_first(table)
    units = units_of_time(table, unit, stated=stated)
    there = table.numbers("closing" if "closing" in table.form else "customers", low=0.0, high=MOST)
    won = table.numbers("won", low=0.0, high=MOST, whole=True) if "won" in table else None
    lost = table.numbers("lost", low=0.0, high=MOST, whole=True)
    table.check()
    opening = _opening(table, there, lost, won)
    _plausible(table, opening, lost)
    if len(table) < FEWEST_ROWS or lost.sum() < FEWEST_LOST:
        raise ScenarioError(
            say("too little to learn from"),
            place=table.label,
            found=say("{rows} rows, {lost:g} customers lost", rows=len(table), lost=lost.sum()),
            allowed=say("at least {rows} rows and {lost} customers lost", rows=FEWEST_ROWS, lost=FEWEST_LOST),
        )
    refuse_gaps(table, units)
    _tell(table, units, opening, lost, won)
    return CustomerMovements(
        CountSeries(table, *units, lost, opening), None if won is None else CountSeries(table, *units, won, opening)
    )


def begin_together(path: str | Path, settings: TableSettings) -> bool:
    """Whether a table that could be of movements is of people who began together, and whom nobody joins.

    Raises:
        ScenarioError: If it cannot be read.
    """
    table = read_table(path, MOVEMENTS, settings)
    if "won" in table or "closing" in table.form:
        return False
    if "date" in table.form and None in read_dates(table.columns["date"], settings.dates, None).days:
        return True  # numbers of months since each of them began
    if "rate" in table.form:
        _count_lost(table)
    there, lost = table.numbers("customers", low=0.0), table.numbers("lost", low=0.0)
    table.check()
    return bool((np.abs(there[1:] - (there[:-1] - lost[:-1])) <= 1.0).all())


def _count_lost(table: UsersTable) -> None:
    """How many a rate of leaving is."""
    there = table.numbers("customers", low=0.0, high=MOST)
    shares, whole = as_shares(table, "rate", say("rates in per cent? Then scale: percent"))
    table.about(say("scale")).say("rates from 0 to {whole:g}", whole=whole)
    table.check()
    table.columns["lost"] = [f"{count:.0f}" for count in np.round(shares * there)]


def _opening(table: UsersTable, there: Array, lost: Array, won: Array | None) -> Array:
    """Customers at the beginning of each period, found out by what adds up; what does not is told."""
    if "closing" in table.form and won is not None:
        return there + lost - won
    if won is None or len(table) < FEWEST_ROWS:
        return there
    room = AWAY * there[:-1] + 1.0
    if not (np.abs(there[:-1] + won[:-1] - lost[:-1] - there[1:]) > room).any():
        return there
    if not (np.abs(there[:-1] + won[1:] - lost[1:] - there[1:]) > room).any():
        table.about(say("customers")).say(
            "{name!r} is taken at the end of each period: only then does what was won and lost add up",
            name=table.names["customers"],
        )
        return there + lost - won
    row = int(np.argmax(np.abs(there[:-1] + won[:-1] - lost[:-1] - there[1:]) > room))
    table.odd.say(
        "{there:,g} customers, {won:,g} won and {lost:,g} lost do not make the {next:,g} of line {line}: were others "
        "taken over, or counted otherwise?",
        there=there[row],
        won=won[row],
        lost=lost[row],
        next=there[row + 1],
        line=table.lines[row + 1],
    )
    return there


def _plausible(table: UsersTable, opening: Array, lost: Array) -> None:
    """Refuse more lost than there were, and periods that nobody was there in."""
    column = "rate" if "rate" in table.form else "lost"
    for row in np.flatnonzero(opening < np.maximum(lost, 1.0)):
        table.complain(
            int(row),
            column,
            say("more than were there") if opening[row] >= 1.0 else say("nobody was there to be lost"),
            table.columns[column][row],
            say("at most {most:,g}", most=max(opening[row], 0.0)),
        )
    table.check()


def _tell(table: UsersTable, units: UnitsOfTime, opening: Array, lost: Array, won: Array | None) -> None:
    unit = one_of(units.unit)
    table.about(say("customers")).say(
        "{first:,g} at the beginning of the first row, {last:,g} of the last", first=opening[0], last=opening[-1]
    )
    table.about(say("lost")).say(
        "{lost:,g}: {rate:.3g}% of those who were there a {unit}",
        lost=lost.sum(),
        rate=100.0 * lost.sum() / opening.sum(),
        unit=unit,
    )
    if won is not None:
        table.about(say("won")).say(
            "{won:,g}: {rate:.3g}% of those who were there a {unit}",
            won=won.sum(),
            rate=100.0 * won.sum() / opening.sum(),
            unit=unit,
        )
    tell_span(table, units)
    rates = lost / opening
    if len(table) > FEWEST_ROWS and rates.min() > 0.3:
        table.odd.say(
            "more than {least:.0%} leave in every row: are the rates yearly, or in per cent (scale: percent)?",
            least=rates.min(),
        )
