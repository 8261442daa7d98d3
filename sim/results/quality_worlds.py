"""What poor quality costs, by worlds with a better focal firm: the same people with the same luck."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from sim.model.rooms import O
from sim.results.declared_tables import column_names
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


def build_quality_worlds(tables: Sequence[Tables], better: Mapping[str, Sequence[Tables]]) -> pd.DataFrame:
    """What the focal firm would have earned in better worlds, and how many customers it would have.

    The amount is margin before the direct costs of failures, as for the opportunity cost: revenue less all costs but
    those of internal and felt failures, warranty, complaints and compensation. What better levels cost is in it.

    Args:
        tables: The worlds as they were.
        better: The same with a better firm, in the same order, by name.

    Returns:
        A row for each world with the columns of `tables.json`.
    """
    rows = []
    for name, others in better.items():
        pairs = list(zip(others, tables, strict=True))
        missed = mean_interval(_contribution(there) - _contribution(here) for there, here in pairs)
        customers = mean_interval(_customers(there) - _customers(here) for there, here in pairs)
        rows.append((name, translated(LABELS[name]), *missed, *customers))
    return pd.DataFrame(rows, columns=column_names("quality_worlds", beside=__name__))


def _contribution(tables: Tables) -> float:
    return float(contribution_before_failure_costs(tables.tallies[:, 0]).sum() / FIXED_POINT)


def _customers(tables: Tables) -> float:
    return float(tables.tallies[-1, 0, :, O.active].sum())
