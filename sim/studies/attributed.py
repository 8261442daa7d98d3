"""The table of an attribution: what each of several players contributes, with its range and its interval."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.results.answer import TableColumn, with_interval
from sim.results.intervals import Interval, mean_interval
from sim.studies.shapley import Coalition, CoalitionDesign, shapley
from sim.words import say

Values = npt.NDArray[np.float64]

AND = " + "
"""Between the players of a coalition."""


class Attributed(NamedTuple):
    """What came of a game that was played once in each replication.

    Attributes:
        rows: A row for each player, see `contribution_columns`, without its name.
        total: What all do together, mean over replications, with its interval.
        exact: The shares of the mean game as fractions; they add up exactly to the total.
        pairs: Replications in which no world failed.
    """

    rows: list[dict[str, Any]]
    total: Interval
    exact: tuple[Fraction, ...]
    pairs: int


def attribute(game: Mapping[Coalition, Values], design: CoalitionDesign) -> Attributed:
    """Share out what all players do together, replication by replication and on the mean.

    Args:
        game: What each coalition of the design comes to: float64[replications]; NaN where a run failed.
        design: Of the game.

    >>> values = {frozenset(): [0.0, 0.0], frozenset({0}): [2.0, 4.0], frozenset({1}): [0.0, 0.0]}
    >>> values[frozenset({0, 1})] = [2.0, 4.0]
    >>> found = attribute({one: np.array(row) for one, row in values.items()}, CoalitionDesign(2))
    >>> [row["value"] for row in found.rows], found.total.value
    ([3.0, 0.0], 3.0)
    """
    known = np.isfinite(np.array([game[one] for one in design.coalitions])).all(axis=0)
    count = int(known.sum())
    everybody = frozenset(range(design.players))
    singly = [
        shapley({one: float(game[one][number]) for one in design.coalitions}, design)
        for number in np.flatnonzero(known).tolist()
    ]
    total = mean_interval((game[everybody] - game[frozenset()])[known])
    if not count:
        empty = dict.fromkeys((column.name for column in contribution_columns("")), math.nan)
        return Attributed([dict(empty) for _ in everybody], total, (), 0)
    mean = {one: sum(map(Fraction, game[one][known].tolist()), Fraction(0)) / count for one in design.coalitions}
    shares = shapley(mean, design)
    whole = sum((share.value for share in shares), Fraction(0))
    rows = []
    for player, share in enumerate(shares):
        spread = mean_interval(float(one[player].value) for one in singly)
        rows.append(
            {
                "value": float(share.value),
                "low": spread.low,
                "high": spread.high,
                "part": float(share.value / whole) if whole else math.nan,
                "least": float(share.least),
                "most": float(share.most),
                "alone": float(mean[frozenset({player})] - mean[frozenset()]) if design.is_exact else math.nan,
                "error": share.error,
            }
        )
    return Attributed(rows, total, tuple(share.value for share in shares), count)


def contribution_columns(unit: str) -> list[TableColumn]:
    """Columns of what a player contributes."""
    shapley_value = say("Shapley value: mean of what it adds, over all orders; all add up to the whole")
    return [
        *with_interval("value", shapley_value, unit, ends=("low", "high")),
        TableColumn("part", say("its part of the whole"), "share"),
        TableColumn("least", say("least that it adds in any order that was looked at"), unit),
        TableColumn("most", say("most that it adds in any such order"), unit),
        TableColumn("alone", say("what it adds first of all; empty where orders are drawn by lot"), unit),
        TableColumn(
            "error", say("half of the 95% interval that drawing orders leaves; 0 where all are looked at"), unit
        ),
    ]


def names_of(coalition: Coalition, names: Sequence[str]) -> str:
    """The players of a coalition, for a table.

    >>> names_of(frozenset({1, 0}), ["price", "desk"]), names_of(frozenset(), ["price"])
    ('price + desk', '')
    """
    return AND.join(names[player] for player in sorted(coalition))
