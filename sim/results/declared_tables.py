"""What the columns of tables mean, declared as data: in `tables.json`, beside the modules whose tables they are.

A table is its columns in their order, each with its meaning, or with a list: meaning, unit, kind, formula. A column
`value, low, high` is three: a mean over replications, and the ends of its 95% t-interval, all of one unit. `{money}` in
a unit is the currency.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files

from sim.results.answer import Answer, AnswerTable, TableColumn
from sim.words import say, translated


@cache
def _declared(package: str) -> Mapping[str, Mapping[str, str | list[str]]]:
    found: dict[str, dict[str, str | list[str]]]
    found = json.loads(files(package).joinpath("tables.json").read_text(encoding="utf-8"))
    return found


def declared_columns(table: str, *, beside: str, currency: str = "money") -> list[TableColumn]:
    """Columns of a table.

    Args:
        table: Its name.
        beside: The module in whose folder it is declared, by its `__name__`.
        currency: Of amounts.

    >>> [column.name for column in declared_columns("census", beside="sim.results.result")]
    ['typology', 'type', 'count', 'low', 'high', 'share']
    """
    declared = _declared(beside.rpartition(".")[0])[table]
    return [column for names, told in declared.items() for column in _columns(names, told, currency)]


def column_names(table: str, *, beside: str) -> list[str]:
    """Names of a table's columns; arguments as of `declared_columns`."""
    return [column.name for column in declared_columns(table, beside=beside)]


def naming(columns: Sequence[TableColumn], **named: Mapping[str, str]) -> list[TableColumn]:
    """The columns, of which some hold one of several names: told of these are the names, each with its meaning.

    Args:
        columns: Of a table.
        named: Names with their meanings, by column.

    >>> told = naming([TableColumn("mark", "marks")], mark={"below": "less", "above": "more"})
    >>> told[0].meaning
    'below: less; above: more'
    """
    told = {
        column: "; ".join(f"{name}: {translated(meaning)}" for name, meaning in names.items())
        for column, names in named.items()
    }
    return [column._replace(meaning=told.get(column.name, column.meaning)) for column in columns]


def _columns(names: str, told: str | list[str], currency: str) -> Iterator[TableColumn]:
    meaning, unit, *others = (told, "") if isinstance(told, str) else told
    if "{money}" in unit:
        unit = translated(unit).replace("{money}", currency)
    first, *ends = names.split(", ")
    yield TableColumn(first, meaning, unit, *others)
    limits = (say("95% t-interval over replications, lower end"), say("its upper end"))
    yield from (TableColumn(end, limit, unit, *others) for end, limit in zip(ends, limits, strict=False))


def declared_tables(answer: Answer, currency: str = "money") -> list[AnswerTable]:
    """All tables that are declared beside an answer: attributes of their names, as CSV."""
    beside = type(answer).__module__
    names = _declared(beside.rpartition(".")[0])
    return [
        AnswerTable(name, getattr(answer, name), declared_columns(name, beside=beside, currency=currency))
        for name in names
    ]
