"""The data dictionary: every column of every table with its unit and meaning."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sim.model.dimensions import DIMENSIONS
from sim.model.movement import CAUSES
from sim.model.rooms import COLUMNS, OBSERVABLES
from sim.model.scenario import Scenario
from sim.results.answer import TableColumn
from sim.results.declared_tables import declared_columns
from sim.results.keyfigures import KEY_FIGURES
from sim.results.measures import MEASURES
from sim.vocabulary.column import Column
from sim.vocabulary.errors import Problem, Problems
from sim.vocabulary.observables import Observable
from sim.words import say, translated


def paid_in(currency: str, columns: Iterable[TableColumn]) -> list[TableColumn]:
    """The columns, with the name of the currency for "money"."""
    return [column._replace(unit=column.unit.replace("money", currency)) for column in columns]


def series_columns(currency: str = "money", observables: Iterable[Observable] = OBSERVABLES) -> list[TableColumn]:
    """Columns of `series`: keys, tallies, measures; what is counted is what rules from outside count too.

    >>> [column.unit for column in series_columns("EUR") if column.name == "revenue"]
    ['EUR']
    """
    tallies = [TableColumn(row.name, row.meaning, row.unit, row.kind) for row in observables]
    measures = [TableColumn(row.name, row.meaning, row.unit, "measure", row.formula) for row in MEASURES]
    return paid_in(currency, [*declared_columns("series", beside=__name__), *tallies, *measures])


def refuse_taken_names(scenario: Scenario) -> None:
    """Refuse rules from outside whose columns or observables have the name of a measure, a key figure or a key.

    Raises:
        ScenarioError: With the file of the rule.

    >>> refuse_taken_names(Scenario())
    """
    if not scenario.outside:
        return
    taken = {column.name for column in (*series_columns(), *summary_columns())} | {"customer", "spending", "survival"}
    Problems(
        Problem(say("a name that means something already"), item.name, rule.path, hint=say("take another name"))
        for rule in scenario.outside
        for item in rule.declared
        if item.name in taken
    ).check()


def survival_columns() -> list[TableColumn]:
    """Columns of `survival`."""
    ended = [
        TableColumn(name, say("share of spells ended by {cause}", cause=name), "share", "estimate", "Aalen-Johansen")
        for name in CAUSES
    ]
    return [*declared_columns("survival", beside=__name__), *ended]


def key_figure_columns(kind: str = "") -> list[TableColumn]:
    """A column for each key figure."""
    return [
        TableColumn(row.name, f"{translated(row.label)}: {translated(row.meaning)}", row.unit, kind)
        for row in KEY_FIGURES
    ]


def summary_columns(currency: str = "money") -> list[TableColumn]:
    """Columns of `summary`, and its rows: the key figures."""
    return paid_in(currency, [*declared_columns("summary", beside=__name__), *key_figure_columns("key figure")])


def panel_columns(names: Iterable[str], outside: Sequence[Column] = ()) -> list[TableColumn]:
    """Columns of the panel: columns of the customers' state, one dimension of one, keys, or what is known `outside`."""
    known = {column.name: column for column in (*COLUMNS, *outside)}
    return [_panel_column(name, known) for name in names]


def _panel_column(name: str, known: Mapping[str, Column]) -> TableColumn:
    """A column of the panel: a column of the customers' state, one dimension of one, or a key."""
    keys = {
        "replication": ("number", say("replication, from 0")),
        "period": ("number", say("period, from 0")),
        "customer": ("id", say("person in the market, the same in every replication and scenario with one seed")),
    }
    if name in keys:
        unit, meaning = keys[name]
        return TableColumn(name, meaning, unit, "key")
    stem, _, dimension = name.partition("_")
    if name not in known and dimension in DIMENSIONS and stem in known:
        return TableColumn(name, f"{translated(known[stem].meaning)}: {dimension}", known[stem].unit, "state")
    return TableColumn(name, known[name].meaning, known[name].unit, "state")
