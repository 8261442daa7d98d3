"""The data dictionary: every column of every table with its unit and meaning."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sim.model.dimensions import DIMENSIONS
from sim.model.movement import CAUSES
from sim.model.rooms import COLUMNS, OBSERVABLES
from sim.model.scenario import Scenario
from sim.results.answer import TableColumn
from sim.results.keyfigures import KEY_FIGURES
from sim.results.measures import MEASURES
from sim.vocabulary.column import Column
from sim.vocabulary.errors import Problem, Problems
from sim.vocabulary.observables import Observable
from sim.words import say, translated

_KEYS = (
    TableColumn("replication", "replication, from 0", "number", "key"),
    TableColumn("seed", "seed of the replication", "integer", "key"),
    TableColumn("period", "period, from 0", "number", "key"),
    TableColumn("date", "first day of the period", "date", "key"),
    TableColumn("years", "time since the start at the end of the period", "years", "key"),
    TableColumn("firm", "firm; the focal one comes first", "name", "key"),
    TableColumn("segment", "segment; 'all' sums over segments, where there are several", "name", "key"),
    TableColumn("active_start", "customers of the firm before the period", "people", "stock"),
    TableColumn(
        "opportunity_measured",
        "measured opportunity cost; empty where not measured, and for rivals",
        "money",
        "flow",
        "margin before direct failure costs, without the firm's failures minus with them, same luck",
    ),
)

_SURVIVAL = (
    TableColumn(
        "cohort",
        "'initial': customers at the start, tenure counted from there; 'newcomers': who joined or came back later",
        "name",
        "key",
    ),
    TableColumn("periods", "tenure", "periods", "key"),
    TableColumn("years", "tenure", "years", "key"),
    TableColumn("at_risk", "spells as a customer that lasted so long, all replications", "spells", "count"),
    TableColumn("left", "spells that ended at this tenure", "spells", "count"),
    TableColumn("censored", "spells of this tenure still open at the end of the run", "spells", "count"),
    TableColumn("survival", "share of spells that last longer", "share", "estimate", "Kaplan-Meier"),
    TableColumn("survival_low", "95% t-interval over replications, lower end", "share", "interval"),
    TableColumn("survival_high", "95% t-interval over replications, upper end", "share", "interval"),
)

_SUMMARY = (
    TableColumn("value", "mean over replications", "see unit", "estimate"),
    TableColumn("low", "95% t-interval of that mean, lower end", "see unit", "interval"),
    TableColumn("high", "95% t-interval of that mean, upper end", "see unit", "interval"),
    TableColumn("unit", "unit of the figure", "name", "text"),
    TableColumn("label", "name of the figure in words", "text", "text"),
    TableColumn("meaning", "what the figure says", "text", "text"),
)

_POINTS = "points (1-7)"

ICEBERG = (
    TableColumn("entry", "line of the ledger", "name", "key"),
    TableColumn("label", "line of the ledger in words", "text", "text"),
    TableColumn("depth", "0 the whole, 1 complained or silent, 2 what became of them", "number", "key"),
    TableColumn("seen", "whether the firm's complaint register shows it", "yes/no", "flag"),
    TableColumn("count", "mean over replications, over the whole run", "people or encounters", "estimate"),
    TableColumn("count_low", "95% t-interval, lower end", "people or encounters", "interval"),
    TableColumn("count_high", "95% t-interval, upper end", "people or encounters", "interval"),
    TableColumn("per_1000", "mean over replications", "per 1,000 dissatisfying encounters", "estimate"),
    TableColumn("per_1000_low", "95% t-interval, lower end", "per 1,000 dissatisfying encounters", "interval"),
    TableColumn("per_1000_high", "95% t-interval, upper end", "per 1,000 dissatisfying encounters", "interval"),
)

FLOWS = (
    *(column for column in _KEYS if column.name in ("replication", "period", "date")),
    TableColumn(
        "origin",
        "whose customers they were before the period; (nobody) without a supplier, (outside) of the market",
        "name",
        "key",
    ),
    TableColumn("destination", "whose customers they were after it; the same for who stayed", "name", "key"),
    TableColumn(
        "people", "people who came from the one to the other: with those who stayed the stock before", "people", "flow"
    ),
)

STAGE_FLOWS = (
    *FLOWS[:3],
    TableColumn("origin", "stage of custom with the focal firm after the period before", "name", "key"),
    TableColumn("destination", "stage after the period; the same for who stayed", "name", "key"),
    TableColumn("people", "of the people followed: who came from the one to the other", "people", "flow"),
)

CENSUS = (
    TableColumn("typology", "way of telling customers apart", "name", "key"),
    TableColumn("type", "type of customer", "name", "key"),
    TableColumn("count", "customers of the focal firm at the end, mean over replications", "people", "estimate"),
    TableColumn("low", "95% t-interval, lower end", "people", "interval"),
    TableColumn("high", "95% t-interval, upper end", "people", "interval"),
    TableColumn("share", "share of the typology", "share", "estimate"),
)

SERVICE_GAPS = (
    TableColumn(
        "gap",
        "gap of the service quality model: of knowledge (true less told), standards (set less owed), delivery (seen "
        "less set), communication (seen less promised), customers (seen less owed: that of standards and of delivery)",
        "name",
        "key",
    ),
    TableColumn("dimension", "dimension of service", "name", "key"),
    TableColumn("value", "mean over encounters and replications; below 0 something is missing", _POINTS, "estimate"),
    TableColumn("low", "95% t-interval, lower end", _POINTS, "interval"),
    TableColumn("high", "95% t-interval, upper end", _POINTS, "interval"),
)


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
    return paid_in(currency, [*_KEYS, *tallies, *measures])


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
    return [
        *_SURVIVAL,
        *(
            TableColumn(
                name, say("share of spells ended by {cause}", cause=name), "share", "estimate", "Aalen-Johansen"
            )
            for name in CAUSES
        ),
    ]


def summary_columns(currency: str = "money") -> list[TableColumn]:
    """Columns of `summary`, and its rows: the key figures."""
    figures = [
        TableColumn(row.name, f"{translated(row.label)}: {translated(row.meaning)}", row.unit, "key figure")
        for row in KEY_FIGURES
    ]
    return paid_in(currency, [*_SUMMARY, *figures])


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
