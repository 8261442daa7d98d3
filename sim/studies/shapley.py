"""Shapley values: what each of several causes, or levers, contributes to what all of them do together.

A game gives a value to every coalition of players; a player's share is the mean of what joining adds, over all orders
in which the players may come (Shapley 1953). Whoever adds nothing gets nothing, two who do the same get the same, and
the shares add up to what all do together. No weighing by hand has these three.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import factorial, isfinite, nan, sqrt

from sim.results.intervals import t_quantile

Coalition = frozenset[int]
"""Players by number."""

MOST_EXACT = 6
"""Up to so many players all coalitions are asked for: 64 worlds."""


@dataclass(frozen=True)
class CoalitionDesign:
    """Which coalitions a game is asked for.

    Attributes:
        players: How many there are.
        orders: In which they come, if not all orders are looked at; empty where they are.
    """

    players: int
    orders: tuple[tuple[int, ...], ...] = ()

    @property
    def is_exact(self) -> bool:
        """Whether all orders are looked at."""
        return not self.orders

    @property
    def coalitions(self) -> tuple[Coalition, ...]:
        """All that are asked for, each once, the empty one first and that of all players last.

        >>> [sorted(one) for one in CoalitionDesign(2).coalitions]
        [[], [0], [1], [0, 1]]
        """
        everybody = range(self.players)
        if self.is_exact:
            found = {frozenset(one) for size in range(self.players + 1) for one in combinations(everybody, size)}
        else:
            found = {frozenset(order[:size]) for order in self.orders for size in range(self.players + 1)}
        return tuple(sorted(found, key=lambda one: (len(one), sorted(one))))


def design(players: int, orders: int, seed: int) -> CoalitionDesign:
    """All orders of up to six players; of more, so many orders by lot, each with its reverse.

    An order and its reverse err in opposite directions where a player adds less the more have come already; sampling
    orders as such: Mitchell, Cooper, Frank & Holmes 2022.

    Args:
        players: How many there are.
        orders: How many orders are drawn, four at least; an odd number is one less.
        seed: Of the lot.

    >>> design(3, 10, 1).is_exact, len(design(7, 10, 1).orders)
    (True, 10)
    """
    if players <= MOST_EXACT:
        return CoalitionDesign(players)
    lot = random.Random(seed)
    drawn: list[tuple[int, ...]] = []
    while len(drawn) + 1 < orders:
        order = tuple(lot.sample(range(players), players))
        drawn += [order, order[::-1]]
    return CoalitionDesign(players, tuple(drawn))


@dataclass(frozen=True)
class Share:
    """What one player contributes.

    Attributes:
        value: The Shapley value, exactly.
        least: Least that joining adds, over the orders looked at.
        most: Most that it adds.
        error: Half of the 95% interval that sampling orders leaves; 0 where all are looked at.
    """

    value: Fraction
    least: Fraction
    most: Fraction
    error: float


def shapley(game: Mapping[Coalition, float | Fraction], plan: CoalitionDesign) -> tuple[Share, ...]:
    """The shares of all players, which add up exactly to the value of all minus the value of nobody.

    Args:
        game: The value of each coalition of the design; a float stands for the number that it is, to the last bit.
        plan: The design.

    >>> gloves = {frozenset(): 0, frozenset({0}): 0, frozenset({1}): 0, frozenset({0, 1}): 1}
    >>> [str(share.value) for share in shapley(gloves, CoalitionDesign(2))]
    ['1/2', '1/2']
    """
    exact = {coalition: Fraction(value) for coalition, value in game.items()}
    return tuple(_share(exact.__getitem__, plan, player) for player in range(plan.players))


def _share(value: Callable[[Coalition], Fraction], plan: CoalitionDesign, player: int) -> Share:
    def adds(before: Coalition) -> Fraction:
        return value(before | {player}) - value(before)

    if plan.is_exact:
        others = [other for other in range(plan.players) if other != player]
        total, each = Fraction(0), []
        for size in range(plan.players):
            weight = Fraction(factorial(size) * factorial(plan.players - 1 - size), factorial(plan.players))
            for before in combinations(others, size):
                each.append(adds(frozenset(before)))
                total += weight * each[-1]
        return Share(total, min(each), max(each), 0.0)
    each = [adds(frozenset(order[: order.index(player)])) for order in plan.orders]
    pairs = [float(one + other) / 2.0 for one, other in zip(each[::2], each[1::2], strict=False)]
    return Share(sum(each, Fraction(0)) / len(each), min(each), max(each), _half_interval(pairs))


def _half_interval(values: Sequence[float]) -> float:
    """Half of the 95% t-interval of a mean; NaN of one value."""
    n = len(values)
    if n < 2:
        return nan
    mean = sum(values) / n
    spread = sum((value - mean) ** 2 for value in values) / (n - 1)
    return t_quantile(n - 1) * sqrt(spread / n)


def to_the_cent(parts: Sequence[Fraction | float], total: Fraction | float, cents: Fraction | int = 100) -> list[float]:
    """Amounts rounded to cents so that they add up to the rounded total: the largest remainders are rounded up.

    Args:
        parts: Which add up to the total.
        total: Their sum.
        cents: To what parts of a unit they are rounded; 1/100 are hundreds.

    >>> to_the_cent([Fraction(1, 3)] * 3, 1)
    [0.34, 0.33, 0.33]
    >>> to_the_cent([16.5, 33.5, 50.0], 100, Fraction(1, 10))
    [20.0, 30.0, 50.0]
    """
    if not all(isfinite(part) for part in (*parts, total)):
        return [float(part) for part in parts]
    scaled = [Fraction(part) * cents for part in parts]
    whole = [scale // 1 for scale in scaled]
    missing = round(Fraction(total) * cents) - sum(whole)
    order = sorted(range(len(parts)), key=lambda number: (whole[number] - scaled[number], number))
    for number in order[: max(missing, 0)]:
        whole[number] += 1
    return [float(number / cents) for number in whole]
