"""What a verdict asks of a comparison: rows of its tables, and what a world does otherwise than the first."""

from __future__ import annotations

import math

import pandas as pd

from sim.parameters.labels import parted
from sim.report.assumed import ChangedParameter
from sim.report.signed_changes import change_and_limits, negligible
from sim.report.wording import told_amount
from sim.studies.comparison.changed import ABSENT, flat
from sim.studies.comparison.comparison import Comparison
from sim.words import in_years, say

NOT_THE_FIRMS = ("run.", "market.", "customers.", "segments.", "rivals.", "voice.", "money.", "movement.", "talk.")
"""Parameters that no firm decides on; a scenario that changes nothing else is something that happens to it."""


def row_of_figure(comparison: Comparison, label: str, name: str) -> pd.Series | None:
    """A row of the differences, where the scenario has it."""
    rows = comparison.differences
    found = rows[(rows["scenario"] == label) & (rows["figure"] == name)]
    return None if found.empty else found.iloc[0]


def money_of(comparison: Comparison, label: str, item: str) -> pd.Series:
    """A row of the table of money."""
    rows = comparison.money
    return rows[(rows["scenario"] == label) & (rows["item"] == item)].iloc[0]


def identical(comparison: Comparison, label: str) -> bool:
    """Whether a scenario differs from the first in nothing at all."""
    rows = comparison.differences[comparison.differences["scenario"] == label]
    return bool((rows["difference"] == 0.0).all() and not (rows["high"] > rows["low"]).any())


def size_of(row: pd.Series) -> str:
    """The size of a change in money without its sign, with its interval."""
    low, high = sorted((abs(row["low"]), abs(row["high"])))
    return told_amount(abs(row["difference"]), low, high, str(row["unit"]))


def steps(comparison: Comparison, label: str) -> list[ChangedParameter]:
    """What the scenario sets otherwise than the first; of a change in time, beside today's value."""
    today, there = flat(comparison.scenarios[comparison.labels[0]]), flat(comparison.scenarios[label])
    return [
        ChangedParameter(path, today.get(path, today.get(parted(path)[0], ABSENT)), value)
        for path, value in there.items()
        if today.get(path) != value
    ]


def is_a_choice(comparison: Comparison, label: str) -> bool:
    """Whether the firm itself does anything otherwise than today."""
    return any(not step.path.startswith(NOT_THE_FIRMS) for step in steps(comparison, label))


def time_of(comparison: Comparison) -> str:
    """How long the worlds are lived, in words."""
    run = comparison.scenario.run
    return in_years(run.periods, run.period)


def earned_of(comparison: Comparison, label: str) -> pd.Series:
    """What a scenario is judged by: margin of the run with the value of the customers in hand at its end.

    Margin alone would reward whoever spends its customers. Where that value has no end (nobody leaves, and nothing is
    discounted), margin alone is left.
    """
    row = money_of(comparison, label, "profit")
    return row if math.isfinite(row["difference"]) else money_of(comparison, label, "margin")


def with_equity(comparison: Comparison, label: str) -> bool:
    """Whether a scenario is judged with the value of the customers in hand, and not by margin alone."""
    return bool(earned_of(comparison, label)["item"] == "profit")


def surely(row: pd.Series) -> int:
    """1 where a change is surely above nothing that matters, -1 where it is surely below, else 0.

    >>> row = pd.Series(
    ...     {"first": 1e2, "difference": 5.0, "low": 1.0, "high": 9.0, "unit": "EUR", "excludes_zero": True}
    ... )
    >>> surely(row), surely(row.replace(1e2, 1e4))
    (1, 0)
    """
    if negligible(row) or not row["excludes_zero"]:
        return 0
    return 1 if row["difference"] > 0 else -1


def change_of(row: pd.Series) -> str:
    """A change with its sign and its interval."""
    told, inside = change_and_limits(row)
    return say("{change} ({limits})", change=told, limits=inside) if inside and row["high"] > row["low"] else told
