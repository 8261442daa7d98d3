"""Complaint tables with more rows than units of time: modes and segments are added up, the rows of a log counted."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import replace

from sim.data.calendar_dates import after
from sim.data.units import time_unit_words
from sim.data.users_table import UsersTable
from sim.words import say, written

COUNTED = ("complaints", "customers", "closing", "lost", "won")
"""Columns that are summed up where segments are."""

MOST_MODES = 15
"""Modes that are told of one by one, the most frequent first."""

MOST_UNITS = 60_000
"""Units of time between the first and the last row of a log: days of 150 years, with room."""


def add_up_modes(table: UsersTable) -> None:
    """One row for each unit of time, in the order of the table, with the complaints of all modes; told mode by mode.

    With a column `segment` there is one for each unit of time and segment.

    Raises:
        ScenarioError: Where a mode stands twice at a time, or rows of one time do not agree.
    """
    counted = table.numbers("complaints", low=0.0, whole=True)
    table.check()
    key = _when(table)
    parts = table.columns.get("segment", [""] * len(table))
    first: dict[tuple[str, str], int] = {}
    total: dict[tuple[str, str], float] = {}
    modes: dict[str, float] = {}
    seen: dict[tuple[str, str, str], int] = {}
    for row, (when, mode, part) in enumerate(zip(table.columns[key], table.columns["mode"], parts, strict=True)):
        other = first.setdefault((when, part), row)
        for column in ("customers", "date"):
            if column in table and table.columns[column][row] != table.columns[column][other]:
                table.complain(
                    row, column, say("not as in the other rows of that time"), table.columns[column][row],
                    table.columns[column][other],
                )  # fmt: skip
        if seen.setdefault((when, mode, part), row) != row:
            table.complain(row, "mode", say("stands twice at that time"), mode, say("one row for each mode and time"))
        total[when, part] = total.get((when, part), 0.0) + counted[row]
        modes[mode] = modes.get(mode, 0.0) + counted[row]
    table.check()
    _tell_modes(table, modes)
    table.keep(list(first.values()))
    table.columns["complaints"] = [f"{count:.0f}" for count in total.values()]


def add_up_segments(table: UsersTable) -> None:
    """One row for each unit of time with what is counted, and the customers, of all segments; told if that adds any up.

    Raises:
        ScenarioError: Where a segment stands twice at a time.
    """
    key = _when(table)
    names = list(dict.fromkeys(table.columns["segment"]))
    if len(set(table.columns[key])) == len(table):
        return
    first: dict[str, int] = {}
    seen: dict[tuple[str, str], int] = {}
    added = {column: table.numbers(column, low=0.0) for column in COUNTED if column in table}
    table.check()
    sums: dict[str, dict[str, float]] = {column: {} for column in added}
    for row, (when, part) in enumerate(zip(table.columns[key], table.columns["segment"], strict=True)):
        first.setdefault(when, row)
        if seen.setdefault((when, part), row) != row:
            table.complain(
                row, "segment", say("stands twice at that time"), part, say("one row for each segment and time")
            )
        for column, values in added.items():
            sums[column][when] = sums[column].get(when, 0.0) + float(values[row])
    for when, row in first.items():
        lacking = [part for part in names if (when, part) not in seen]
        if lacking:
            table.complain(
                row,
                "segment",
                say("a time without a row of each segment"),
                when,
                say("also a row of {part!r}", part=lacking[0]),
            )
    table.check()
    table.keep(list(first.values()))
    for column, by_time in sums.items():
        table.columns[column] = [f"{total:.15g}" for total in by_time.values()]
    table.convention = replace(table.convention, typed=True)
    sentence = (
        say(
            "{segments} segments are added up, their customers too, where they are none of the scenario",
            segments=len(names),
        )
        if "customers" in added
        else say("{segments} segments are added up, where they are none of the scenario", segments=len(names))
    )
    table.odd.append(sentence)


def count_tickets(table: UsersTable, unit: str) -> str:
    """From a log, a row a complaint, to counts of each calendar unit from the first complaint to the last.

    Args:
        table: With `ticket` and `date`.
        unit: Of time: calendar days, weeks from Monday on, months or years.

    Returns:
        The unit.

    Raises:
        ScenarioError: Where a cell is no date.
    """
    days = [day or dt.date.min for day in table.dates("date")]
    table.check()
    first: dict[str, int] = {}
    for row, ticket in sorted(enumerate(table.columns["ticket"]), key=lambda pair: days[pair[0]]):
        first.setdefault(ticket, row)
    kept = sorted(first.values())
    if len(kept) < len(table):
        table.odd.plural(
            "{n:,} row repeats an id of {name!r}: a complaint counts once, on its first day",
            "{n:,} rows repeat an id of {name!r}: a complaint counts once, on its first day",
            len(table) - len(kept),
            name=table.names["ticket"],
        )
    table.about(say("log")).plural(
        "a row a complaint: {n:,} complaint, counted by {unit} of the calendar",
        "a row a complaint: {n:,} complaints, counted by {unit} of the calendar",
        len(kept),
        unit=time_unit_words(unit),
    )
    if "mode" in table:
        _tell_modes(table, Counter(table.columns["mode"][row] for row in kept))
        del table.columns["mode"]
    starts = [_start(days[row], unit) for row in kept]
    counts, lines = (
        Counter(starts),
        dict(zip(reversed(starts), (table.lines[row] for row in reversed(kept)), strict=True)),
    )
    spans = [min(starts)]
    while spans[-1] < max(starts) and len(spans) < MOST_UNITS:
        spans.append(after(spans[-1], 1, unit))
    days = [days[row] for row in kept]
    if min(days) != spans[0] or max(days) != after(spans[-1], 1, unit) - dt.timedelta(days=1):
        table.odd.say(
            "complaints from {first} to {last} are counted as of all {unit} they begin and end in: half ones look "
            "better than they were",
            first=min(days),
            last=max(days),
            unit=time_unit_words(unit),
        )
    table.columns = {
        "date": [day.isoformat() for day in spans],
        "complaints": [str(counts[day]) for day in spans],
    }
    table.lines = [lines.get(day, table.lines[kept[0]]) for day in spans]
    return unit


def _start(day: dt.date, unit: str) -> dt.date:
    """First day of the calendar unit that holds a day."""
    if unit == "weeks":
        return day - dt.timedelta(days=day.weekday())
    if unit == "months":
        return day.replace(day=1)
    return day.replace(month=1, day=1) if unit == "years" else day


def _when(table: UsersTable) -> str:
    return "period" if "period" in table.form else "date"


def _tell_modes(table: UsersTable, modes: dict[str, float] | Counter[str]) -> None:
    told = [f"{mode!r} {written(count, ',.0f')}" for mode, count in sorted(modes.items(), key=lambda pair: -pair[1])]
    table.tell(say("modes"), ", ".join(told[:MOST_MODES]) + (", ..." if len(told) > MOST_MODES else ""))
    if len(modes) > 1:
        table.odd.say("{modes} modes of complaints are added up: no fit tells them apart", modes=len(modes))
