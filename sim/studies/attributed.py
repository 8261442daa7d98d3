"""The table of an attribution: what each of several players contributes, with its range and its interval."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.results.intervals import Interval, mean_interval
from sim.studies.shapley import Coalition, CoalitionDesign, shapley

Values = npt.NDArray[np.float64]

CONTRIBUTION = ("value", "low", "high", "part", "least", "most", "alone", "error")
"""What is told of a player: its Shapley value with its 95% t-interval over replications, its part of the whole, the
least and the most that it adds in any order, what it adds first of all, and the error that drawing orders leaves."""

AND = " + "
"""Between the players of a coalition."""


class Attributed(NamedTuple):
    """What came of a game that was played once in each replication.

    Attributes:
        rows: A row for each player, columns as `CONTRIBUTION`.
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
        empty = dict.fromkeys(CONTRIBUTION, math.nan)
        return Attributed([dict(empty) for _ in everybody], total, (), 0)
    mean = {one: sum(map(Fraction, game[one][known].tolist()), Fraction(0)) / count for one in design.coalitions}
    shares = shapley(mean, design)
    whole = sum((share.value for share in shares), Fraction(0))
    rows = []
    for player, share in enumerate(shares):
        spread = mean_interval(float(one[player].value) for one in singly)
        part = float(share.value / whole) if whole else math.nan
        alone = float(mean[frozenset({player})] - mean[frozenset()]) if design.is_exact else math.nan
        around = [float(share.value), spread.low, spread.high, part, float(share.least), float(share.most)]
        rows.append(dict(zip(CONTRIBUTION, [*around, alone, share.error], strict=True)))
    return Attributed(rows, total, tuple(share.value for share in shares), count)


def names_of(coalition: Coalition, names: Sequence[str]) -> str:
    """The players of a coalition, for a table.

    >>> names_of(frozenset({1, 0}), ["price", "desk"]), names_of(frozenset(), ["price"])
    ('price + desk', '')
    """
    return AND.join(names[player] for player in sorted(coalition))
