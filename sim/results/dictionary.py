"""The data dictionary: every column of every table with its unit and meaning."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from sim.model.dimensions import DIMENSIONS
from sim.model.movement import CAUSES
from sim.model.register import OBSERVABLES
from sim.results.keyfigures import KEY_FIGURES
from sim.results.measures import MEASURES
from sim.results.result import Result


class Column(NamedTuple):
    """What is known of one column."""

    table: str
    column: str
    kind: str
    unit: str
    meaning: str
    formula: str = ""


_KEY_COLUMNS = (
    Column("series", "replication", "key", "number", "replication, from 0"),
    Column("series", "seed", "key", "integer", "seed of the replication"),
    Column("series", "period", "key", "number", "period, from 0"),
    Column("series", "date", "key", "date", "first day of the period"),
    Column("series", "years", "key", "years", "time since the start at the end of the period"),
    Column("series", "firm", "key", "name", "firm; the focal one comes first"),
    Column("series", "segment", "key", "name", "segment; 'all' sums over segments, where there are several"),
    Column("series", "active_start", "stock", "people", "customers of the firm before the period"),
    Column("series", "opportunity_measured", "flow", "money",
           "measured opportunity cost; empty where not measured, and for rivals",
           "margin before direct failure costs, without the firm's failures minus with them, same luck"),
)  # fmt: skip

_SURVIVAL = (
    Column("survival", "cohort", "key", "name", "'initial': customers at the start, tenure counted from there; "
           "'newcomers': who joined or came back later"),
    Column("survival", "periods", "key", "periods", "tenure"),
    Column("survival", "years", "key", "years", "tenure"),
    Column("survival", "at_risk", "count", "spells", "spells as a customer that lasted so long, all replications"),
    Column("survival", "left", "count", "spells", "spells that ended at this tenure"),
    Column("survival", "censored", "count", "spells", "spells of this tenure still open at the end of the run"),
    Column("survival", "survival", "estimate", "share", "share of spells that last longer", "Kaplan-Meier"),
    Column("survival", "survival_low", "interval", "share", "95% t-interval over replications, lower end"),
    Column("survival", "survival_high", "interval", "share", "95% t-interval over replications, upper end"),
)  # fmt: skip

_OTHERS = (
    Column("summary", "value", "estimate", "see unit", "mean over replications"),
    Column("summary", "low", "interval", "see unit", "95% t-interval of that mean, lower end"),
    Column("summary", "high", "interval", "see unit", "95% t-interval of that mean, upper end"),
    Column("summary", "unit", "text", "name", "unit of the figure"),
    Column("summary", "label", "text", "text", "name of the figure in words"),
    Column("summary", "meaning", "text", "text", "what the figure says"),
    Column("iceberg", "entry", "key", "name", "line of the ledger"),
    Column("iceberg", "label", "text", "text", "line of the ledger in words"),
    Column("iceberg", "depth", "key", "number", "0 the whole, 1 complained or silent, 2 what became of them"),
    Column("iceberg", "seen", "flag", "yes/no", "whether the firm's complaint register shows it"),
    Column("iceberg", "count", "estimate", "people or encounters", "mean over replications, over the whole run"),
    Column("iceberg", "count_low", "interval", "people or encounters", "95% t-interval, lower end"),
    Column("iceberg", "count_high", "interval", "people or encounters", "95% t-interval, upper end"),
    Column("iceberg", "per_1000", "estimate", "per 1,000 dissatisfying encounters", "mean over replications"),
    Column("iceberg", "per_1000_low", "interval", "per 1,000 dissatisfying encounters", "95% t-interval, lower end"),
    Column("iceberg", "per_1000_high", "interval", "per 1,000 dissatisfying encounters", "95% t-interval, upper end"),
    Column("census", "typology", "key", "name", "way of telling customers apart"),
    Column("census", "type", "key", "name", "type of customer"),
    Column("census", "count", "estimate", "people", "customers of the focal firm at the end, mean over replications"),
    Column("census", "low", "interval", "people", "95% t-interval, lower end"),
    Column("census", "high", "interval", "people", "95% t-interval, upper end"),
    Column("census", "share", "estimate", "share", "share of the typology"),
)  # fmt: skip


def columns(currency: str = "money") -> list[Column]:
    """Every column of series, survival, summary, iceberg and census, and every key figure.

    >>> [row.unit for row in columns("EUR") if row.column == "revenue" and row.table == "series"]
    ['EUR']
    """
    rows = [*_KEY_COLUMNS]
    rows += [Column("series", row.name, row.kind, row.unit, row.meaning) for row in OBSERVABLES]
    rows += [Column("series", row.name, "measure", row.unit, row.meaning, row.formula) for row in MEASURES]
    rows += _SURVIVAL
    rows += [
        Column("survival", cause, "estimate", "share", f"share of spells ended by {cause}", "Aalen-Johansen")
        for cause in CAUSES
    ]
    rows += _OTHERS
    rows += [Column("summary", row.name, "key figure", row.unit, f"{row.label}: {row.meaning}") for row in KEY_FIGURES]
    return [row._replace(unit=row.unit.replace("money", currency)) for row in rows]


def _panel_column(name: str) -> Column:
    """A column of the panel: a column of the customers' state, one dimension of one, or a key."""
    from sim.model.register import COLUMNS

    keys = {
        "replication": ("number", "replication, from 0"),
        "period": ("number", "period, from 0"),
        "customer": ("id", "person in the market, the same in every replication and scenario with one seed"),
    }
    if name in keys:
        return Column("panel", name, "key", *keys[name])
    known = {column.name: column for column in COLUMNS}
    stem, _, dimension = name.partition("_")
    if name not in known and dimension in DIMENSIONS and stem in known:
        return Column("panel", name, "state", known[stem].unit, f"{known[stem].meaning}: {dimension}")
    return Column("panel", name, "state", known[name].unit, known[name].meaning)


def data_dictionary(result: Result) -> pd.DataFrame:
    """The data dictionary of a result, panel columns included; columns as in `Column`."""
    rows = columns(result.scenario.money.currency)
    if result.panel is not None:
        rows += [_panel_column(str(name)) for name in result.panel.columns]
    return pd.DataFrame(rows, columns=list(Column._fields))
