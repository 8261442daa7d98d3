"""What poor quality costs, by worlds with a better focal firm: the same people with the same luck."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from sim.model.rooms import O
from sim.results.answer import TableColumn
from sim.results.intervals import mean_interval
from sim.results.series import contribution_before_failure_costs
from sim.vocabulary.observables import FIXED_POINT
from sim.words import translated

if TYPE_CHECKING:
    from sim.engine.tables import Tables

LABELS = {
    "without_failures": "Without the firm's failures",
    "promises_kept": "With every level at least as promised",
    "perfect_answers": "With perfect answers to complaints",
}
"""The worlds by name, see `sim.parameters.timeline.counterfactuals`."""

QUALITY_WORLDS = (
    TableColumn("world", "world with a better focal firm, the same people and luck", "name", "key"),
    TableColumn("label", "the world in words", "text", "text"),
    TableColumn("missed", "margin before direct failure costs, there minus here, over the run", "money", "estimate"),
    TableColumn("missed_low", "95% t-interval over replications, lower end", "money", "interval"),
    TableColumn("missed_high", "95% t-interval over replications, upper end", "money", "interval"),
    TableColumn("customers", "customers at the end, there minus here", "people", "estimate"),
    TableColumn("customers_low", "95% t-interval over replications, lower end", "people", "interval"),
    TableColumn("customers_high", "95% t-interval over replications, upper end", "people", "interval"),
)


def quality_world_columns(currency: str = "money") -> list[TableColumn]:
    """Columns of `quality_worlds`, in a currency."""
    return [column._replace(unit=column.unit.replace("money", currency)) for column in QUALITY_WORLDS]


def build_quality_worlds(tables: Sequence[Tables], better: Mapping[str, Sequence[Tables]]) -> pd.DataFrame:
    """What the focal firm would have earned in better worlds, and how many customers it would have.

    The amount is margin before the direct costs of failures, as for the opportunity cost: revenue less all costs but
    those of internal and felt failures, warranty, complaints and compensation. What better levels cost is in it.

    Args:
        tables: The worlds as they were.
        better: The same with a better firm, in the same order, by name.

    Returns:
        A row for each world with the columns of `quality_world_columns`.
    """
    rows = []
    for name, others in better.items():
        pairs = list(zip(others, tables, strict=True))
        missed = mean_interval(_contribution(there) - _contribution(here) for there, here in pairs)
        customers = mean_interval(_customers(there) - _customers(here) for there, here in pairs)
        rows.append((name, translated(LABELS[name]), *missed, *customers))
    return pd.DataFrame(rows, columns=[column.name for column in QUALITY_WORLDS])


def _contribution(tables: Tables) -> float:
    return float(contribution_before_failure_costs(tables.tallies[:, 0]).sum() / FIXED_POINT)


def _customers(tables: Tables) -> float:
    return float(tables.tallies[-1, 0, :, O.active].sum())
