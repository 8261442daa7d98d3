"""A parameter's course out of a table: a row for each date, or period, from which on a value holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sim.data.column_names import folded
from sim.data.read_table import read_table
from sim.data.table_kinds import SERIES, WHICHEVER
from sim.data.table_settings import TableSettings
from sim.data.users_table import UsersTable
from sim.parameters.plain_words import closest
from sim.vocabulary.errors import Problems, ScenarioError
from sim.words import say


@dataclass(frozen=True)
class ValueSeries:
    """The courses of some parameters.

    Attributes:
        when: The date or period of each row, in order.
        values: By path of the parameter, a value for each row.
        lines: Of each row in the file.
        odd: What looks odd, in sentences.
    """

    when: tuple[dt.date | int, ...]
    values: Mapping[str, tuple[float, ...]]
    lines: tuple[int, ...]
    odd: tuple[str, ...]


def read_series(path: Path, wanted: Mapping[str, str], settings: TableSettings) -> ValueSeries:
    """Read columns of a table as courses of parameters.

    Args:
        path: The file, as `sim.data.read_table` reads it, with a column `date` or `period`.
        wanted: By path of a parameter the column that holds it; `column` means the one of the parameter's name, or
            the only one beside the dates.
        settings: What the user says of the file.

    Raises:
        ScenarioError: With all that is wrong with it: file, line, column, what was found, what is allowed.
    """
    table = read_table(path, SERIES, settings)
    timed = table.form[0]
    columns = [*table.aside, *([table.names["value"]] if "value" in table.names else [])]
    values: dict[str, tuple[float, ...]] = {}
    odd: list[str] = []
    problems = Problems()
    for parameter, name in wanted.items():
        try:
            chosen = _chosen(parameter, name, columns, table)
            one = read_table(
                path, SERIES, settings.model_copy(update={"columns": {**settings.columns, "value": chosen}})
            )
            values[parameter] = tuple(float(number) for number in one.numbers("value"))
            one.check()
            odd += one.odd
        except ScenarioError as error:
            problems += error.problems
    when: list[dt.date | int] = []
    if timed == "date":
        days = table.dates("date")
        when = [day for day in days if day is not None]
    else:
        when = [int(number) for number in table.numbers("period", low=0, high=1e6, whole=True)]
    problems += table.problems
    problems.check()
    for row in range(1, len(when)):
        if not when[row - 1] < when[row]:  # type: ignore[operator]  # all are dates, or all are numbers
            table.complain(
                row, timed, say("not after the row before"), str(when[row]), say("dates or periods in order, each once")
            )
    table.check()
    return ValueSeries(tuple(when), values, tuple(table.lines), tuple(dict.fromkeys(odd)))


def _chosen(parameter: str, name: str, columns: list[str], table: UsersTable) -> str:
    """The column that holds a parameter."""
    if name in columns:
        return name
    alike = [column for column in columns if folded(column) == folded(name)]
    if len(alike) == 1:
        return alike[0]
    if name == WHICHEVER:
        last = parameter.rsplit(".", 1)[-1]
        of_name = [column for column in columns if folded(column) in (folded(last), folded(parameter), "value")]
        if len(of_name) == 1:
            return of_name[0]
        if len(columns) == 1:
            return columns[0]
    raise ScenarioError(
        say("no such column"),
        parameter,
        table.label,
        repr(name),
        allowed=", ".join(columns)[:200],
        suggestion=closest(name, columns),
    )
