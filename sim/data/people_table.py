"""A table of customers, such as a CRM exports: who they are, keyed by an id; what it leaves open stays open."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sim.data.read_table import read_table
from sim.data.table_kinds import PEOPLE
from sim.data.table_settings import TableSettings
from sim.data.understood import Understood, understood
from sim.data.users_table import UsersTable
from sim.vocabulary.errors import ScenarioError
from sim.vocabulary.files import stamp
from sim.words import say

Numbers = npt.NDArray[np.float64]

MOST_MONEY, MOST_TIME = 1e9, 1e5
HIGHEST = 100.0
NARROW = 10.0
"""A largest satisfaction up to which another scale than 0 to 100 may be meant."""


@dataclass
class PeopleTable:
    """Customers of a table, a row each; columns that it has not are None.

    Attributes:
        label: How messages name the file.
        lines: Line of each row.
        ids: Their ids; the numbers of the rows where there is no such column.
        segment: Names of their segments; empty where a cell is.
        firm: Names of their suppliers; empty for who has none.
        spend: Money per purchase; NaN where it is not known.
        tenure: Time for which they have been customers, in the unit that the user says; NaN where it is not known.
        joined: Days on which they became customers.
        satisfaction: Points (0-100); NaN where it is not known.
        understood: How the table was read.
    """

    label: str
    lines: list[int]
    ids: list[str]
    segment: list[str] | None
    firm: list[str] | None
    spend: Numbers | None
    tenure: Numbers | None
    joined: list[dt.date | None] | None
    satisfaction: Numbers | None
    understood: Understood
    remarks: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class PeopleFile:
    """A table of people that a scenario names.

    Attributes:
        path: Where it is.
        settings: What the user says of it.
    """

    path: Path
    settings: TableSettings = field(default_factory=TableSettings)

    def __hash__(self) -> int:
        return hash(self.path)


def read_people(path: str | Path, settings: TableSettings | None = None) -> PeopleTable:
    """Read a table of customers.

    Args:
        path: CSV in any usual form, .xlsx or .parquet.
        settings: What the user says of it; `scale` is that of satisfaction, 0 to 100 if left out.

    Raises:
        ScenarioError: With file, line and column of everything that is wrong.
    """
    return _read(str(path), stamp(path), (settings or TableSettings()).model_dump_json())


@lru_cache(maxsize=2)
def _read(path: str, unchanged: tuple[int, int], said: str) -> PeopleTable:
    """The same for a file of this size, changed at this time: a study loads its scenario again and again."""
    settings = TableSettings.model_validate_json(said)
    table = read_table(path, PEOPLE, settings)
    if not table.columns:
        raise ScenarioError(say("no column of a table of people"), place=path, allowed=", ".join(PEOPLE.columns))
    ids = table.columns.get("customer") or [str(row) for row in range(len(table))]
    _once(table, ids)
    low, high = settings.scale_ends or (0.0, HIGHEST)
    spend = _numbers(table, "spend", MOST_MONEY)
    tenure = _numbers(table, "tenure", MOST_TIME)
    answers = _numbers(table, "satisfaction", high, low)
    joined = table.dates("joined", empty=True) if "joined" in table else None
    if answers is not None and settings.scale is None and np.nanmax(answers, initial=0.0) <= NARROW:
        table.odd.say(
            "{name!r}: the largest is {largest:g}, read as points of 100; another scale is said by `scale: 1-5`",
            name=table.names["satisfaction"],
            largest=float(np.nanmax(answers, initial=0.0)),
        )
    table.about(say("people")).plural("{n:,} person", "{n:,} people", len(table))
    table.check()
    return PeopleTable(
        path,
        table.lines,
        ids,
        table.columns.get("segment"),
        table.columns.get("firm"),
        spend,
        tenure,
        joined,
        None if answers is None else (answers - low) / (high - low) * HIGHEST,
        understood(table),
        list(table.odd),
    )


def _once(table: UsersTable, ids: list[str]) -> None:
    first: dict[str, int] = {}
    for row, text in enumerate(ids):
        if not text:
            table.complain(row, "customer", say("empty"), allowed=say("the id of a person"))
        elif text in first:
            line = table.lines[first[text]]
            table.complain(row, "customer", say("the same id as in line {line}", line=line), text)
        first.setdefault(text, row)


def _numbers(table: UsersTable, column: str, high: float, low: float = 0.0) -> Numbers | None:
    """A column of numbers of which some may be empty, as NaN; how many is said."""
    if column not in table:
        return None
    found = np.full(len(table), np.nan)
    for row, text in enumerate(table.columns[column]):
        if not text:
            continue
        value = table.convention.number(text)
        if math.isfinite(value) and low <= value <= high:
            found[row] = value
        else:
            allowed = say("a number from {low:,g} to {high:,.12g}, or nothing", low=low, high=high)
            message = say("out of range") if math.isfinite(value) else say("not a number")
            table.complain(row, column, message, text, allowed)
    empty = int(np.isnan(found).sum())
    if empty and not table.problems:
        table.about(say("not known")).plural(
            "{name!r} of {n:,} person: drawn by the model",
            "{name!r} of {n:,} people: drawn by the model",
            empty,
            name=table.names[column],
        )
    return found


def describe_people(path: str | Path, settings: TableSettings) -> Understood:
    """How a table of people would be read, whatever the scenario; see `read_people`."""
    return read_people(path, settings).understood
