"""The data dictionary: every column of every table with its unit and meaning."""

from __future__ import annotations

from collections.abc import Iterable

from sim.model.dimensions import DIMENSIONS
from sim.model.movement import CAUSES
from sim.model.register import OBSERVABLES
from sim.results.answer import Column
from sim.results.keyfigures import KEY_FIGURES
from sim.results.measures import MEASURES

_KEYS = (
    Column("replication", "replication, from 0", "number", "key"),
    Column("seed", "seed of the replication", "integer", "key"),
    Column("period", "period, from 0", "number", "key"),
    Column("date", "first day of the period", "date", "key"),
    Column("years", "time since the start at the end of the period", "years", "key"),
    Column("firm", "firm; the focal one comes first", "name", "key"),
    Column("segment", "segment; 'all' sums over segments, where there are several", "name", "key"),
    Column("active_start", "customers of the firm before the period", "people", "stock"),
    Column(
        "opportunity_measured",
        "measured opportunity cost; empty where not measured, and for rivals",
        "money",
        "flow",
        "margin before direct failure costs, without the firm's failures minus with them, same luck",
    ),
)

_SURVIVAL = (
    Column(
        "cohort",
        "'initial': customers at the start, tenure counted from there; 'newcomers': who joined or came back later",
        "name",
        "key",
    ),
    Column("periods", "tenure", "periods", "key"),
    Column("years", "tenure", "years", "key"),
    Column("at_risk", "spells as a customer that lasted so long, all replications", "spells", "count"),
    Column("left", "spells that ended at this tenure", "spells", "count"),
    Column("censored", "spells of this tenure still open at the end of the run", "spells", "count"),
    Column("survival", "share of spells that last longer", "share", "estimate", "Kaplan-Meier"),
    Column("survival_low", "95% t-interval over replications, lower end", "share", "interval"),
    Column("survival_high", "95% t-interval over replications, upper end", "share", "interval"),
)

_SUMMARY = (
    Column("value", "mean over replications", "see unit", "estimate"),
    Column("low", "95% t-interval of that mean, lower end", "see unit", "interval"),
    Column("high", "95% t-interval of that mean, upper end", "see unit", "interval"),
    Column("unit", "unit of the figure", "name", "text"),
    Column("label", "name of the figure in words", "text", "text"),
    Column("meaning", "what the figure says", "text", "text"),
)

ICEBERG = (
    Column("entry", "line of the ledger", "name", "key"),
    Column("label", "line of the ledger in words", "text", "text"),
    Column("depth", "0 the whole, 1 complained or silent, 2 what became of them", "number", "key"),
    Column("seen", "whether the firm's complaint register shows it", "yes/no", "flag"),
    Column("count", "mean over replications, over the whole run", "people or encounters", "estimate"),
    Column("count_low", "95% t-interval, lower end", "people or encounters", "interval"),
    Column("count_high", "95% t-interval, upper end", "people or encounters", "interval"),
    Column("per_1000", "mean over replications", "per 1,000 dissatisfying encounters", "estimate"),
    Column("per_1000_low", "95% t-interval, lower end", "per 1,000 dissatisfying encounters", "interval"),
    Column("per_1000_high", "95% t-interval, upper end", "per 1,000 dissatisfying encounters", "interval"),
)

CENSUS = (
    Column("typology", "way of telling customers apart", "name", "key"),
    Column("type", "type of customer", "name", "key"),
    Column("count", "customers of the focal firm at the end, mean over replications", "people", "estimate"),
    Column("low", "95% t-interval, lower end", "people", "interval"),
    Column("high", "95% t-interval, upper end", "people", "interval"),
    Column("share", "share of the typology", "share", "estimate"),
)


def _paid_in(currency: str, columns: Iterable[Column]) -> list[Column]:
    return [column._replace(unit=column.unit.replace("money", currency)) for column in columns]


def series_columns(currency: str = "money") -> list[Column]:
    """Columns of `series`: keys, tallies, measures.

    >>> [column.unit for column in series_columns("EUR") if column.name == "revenue"]
    ['EUR']
    """
    tallies = [Column(row.name, row.meaning, row.unit, row.kind) for row in OBSERVABLES]
    measures = [Column(row.name, row.meaning, row.unit, "measure", row.formula) for row in MEASURES]
    return _paid_in(currency, [*_KEYS, *tallies, *measures])


def survival_columns() -> list[Column]:
    """Columns of `survival`."""
    ended = "share of spells ended by {}"
    return [*_SURVIVAL, *(Column(name, ended.format(name), "share", "estimate", "Aalen-Johansen") for name in CAUSES)]


def summary_columns(currency: str = "money") -> list[Column]:
    """Columns of `summary`, and its rows: the key figures."""
    figures = [Column(row.name, f"{row.label}: {row.meaning}", row.unit, "key figure") for row in KEY_FIGURES]
    return _paid_in(currency, [*_SUMMARY, *figures])


def panel_columns(names: Iterable[str]) -> list[Column]:
    """Columns of the panel: columns of the customers' state, one dimension of one, or keys."""
    return [_panel_column(name) for name in names]


def _panel_column(name: str) -> Column:
    """A column of the panel: a column of the customers' state, one dimension of one, or a key."""
    from sim.model.register import COLUMNS

    keys = {
        "replication": ("number", "replication, from 0"),
        "period": ("number", "period, from 0"),
        "customer": ("id", "person in the market, the same in every replication and scenario with one seed"),
    }
    if name in keys:
        unit, meaning = keys[name]
        return Column(name, meaning, unit, "key")
    known = {column.name: column for column in COLUMNS}
    stem, _, dimension = name.partition("_")
    if name not in known and dimension in DIMENSIONS and stem in known:
        return Column(name, f"{known[stem].meaning}: {dimension}", known[stem].unit, "state")
    return Column(name, known[name].meaning, known[name].unit, "state")
