"""The choices there are: each lever's values, the scenario's present ones, and what the conditions leave of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from sim.results.amounts import value_shown
from sim.runs.experiment.axes import Axis
from sim.runs.experiment.definition import Lever
from sim.runs.experiment.points import PointValues, point_id
from sim.words import counted, with_signs

FINEST = 100
"""A range is searched in steps of a power of ten, of at most this part of its length."""

DRAWN = 20_000
"""Choices drawn at random in the hope of some that are allowed."""

_DIGITS = 3  # of values on a logarithmic scale


@dataclass(frozen=True)
class Dimension:
    """One lever as the search sees it.

    Attributes:
        path: The parameter.
        today: Its value in the scenario.
        low: Lower end of the range; 0 of a list.
        high: Upper end of the range; the last position of a list.
        log: Whether equal steps multiply by equal factors.
        whole: Whether values are whole numbers.
        options: The values, in order, where they are a list.
        cost: Money a year for each unit above `today`, on top of what the model books; negative where each unit below
            costs.

    A range is searched in round numbers: steps of a power of ten, at most a hundredth of the range (three digits on a
    logarithmic scale), because 0.37 can be decided and 0.371846 cannot.

    >>> Dimension("firm.desk.ease", 0.0, 0.0, 2.0).at(0.18592)
    0.37
    """

    path: str
    today: Any
    low: float = 0.0
    high: float = 1.0
    log: bool = False
    whole: bool = False
    options: tuple[Any, ...] = ()
    cost: float = 0.0

    @property
    def decimals(self) -> int:
        """Digits after the point of values in a range."""
        return -math.floor(math.log10((self.high - self.low) / FINEST) + 1e-9)

    @property
    def ordered(self) -> bool:
        """Whether the values are numbers, so that there is a between."""
        return all(isinstance(value, int | float) and not isinstance(value, bool) for value in self.options)

    def rounded(self, number: float) -> Any:
        """The nearest value that the search uses."""
        if self.options:
            return self.options[round(number)]
        if self.whole:
            return round(number)
        digits = _DIGITS - 1 - math.floor(math.log10(abs(number))) if self.log else self.decimals
        return min(max(round(number, digits), self.low), self.high)

    def at(self, share: float) -> Any:
        """The value at a place in the unit interval."""
        if self.options or self.whole:
            low, high = math.ceil(self.low), math.floor(self.high)
            return self.rounded(min(low + math.floor(share * (high - low + 1)), high))
        if self.log:
            return self.rounded(self.low * (self.high / self.low) ** share)
        return self.rounded(self.low + share * (self.high - self.low))

    def place(self, value: Any) -> float:
        """Where a value stands between both ends, 0 to 1; NaN where it is not between them."""
        if self.options:
            if value not in self.options:
                return math.nan
            return self.options.index(value) / max(len(self.options) - 1, 1)
        if not self.low <= value <= self.high:
            return math.nan
        if self.low == self.high:
            return 0.0
        if self.log:
            return math.log(value / self.low) / math.log(self.high / self.low)
        return float((value - self.low) / (self.high - self.low))

    def apart(self, one: Any, other: Any) -> float:
        """How far two values are from each other, as a share of the range; 1 for different names."""
        if one == other:
            return 0.0
        if self.options and not self.ordered:
            return 1.0
        far = abs(self.place(one) - self.place(other))
        return 1.0 if math.isnan(far) else far

    @property
    def size(self) -> float:
        """How many values there are; infinite on a logarithmic scale."""
        if self.options or self.whole:
            return math.floor(self.high) - math.ceil(self.low) + 1
        if self.log:
            return math.inf
        return math.floor((self.high - self.low) * 10.0**self.decimals + 1e-9) + 1

    def all(self) -> list[Any]:
        """All values, in order; only where `size` is finite."""
        if self.options:
            return list(self.options)
        if self.whole:
            return list(range(math.ceil(self.low), math.floor(self.high) + 1))
        step = 10.0**-self.decimals
        first, last = math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)
        inside = (self.rounded(number * step) for number in range(first, last + 1))
        return sorted({self.low, *inside, self.high})

    def spent(self, value: Any) -> float:
        """Money a year for a value, max(0, cost (value - today)); never a saving.

        What is saved by going back on a lever the model books where it arises; a saving beyond that would let the
        search pay one lever with another's invented refund.
        """
        return max(0.0, self.cost * (float(value) - float(self.today))) if self.cost else 0.0


def dimension(axis: Axis) -> Dimension:
    """The dimension of a lever of an experiment.

    >>> from sim.runs.experiment.definition import Lever
    >>> dimension(Axis("a", Lever(values=[3, 1]), True, "whole", 1)).options
    (1, 3)
    """
    cost = axis.factor.cost if isinstance(axis.factor, Lever) else 0.0
    if axis.values is not None:
        options = tuple(dict.fromkeys(axis.values))
        if all(isinstance(value, int | float) and not isinstance(value, bool) for value in options):
            options = tuple(sorted(options))
        return Dimension(axis.path, axis.base, 0.0, len(options) - 1.0, options=options, cost=cost)
    log = axis.factor.scale == "log"
    return Dimension(axis.path, axis.base, axis.low, axis.high, log, axis.kind == "whole", cost=cost)


@dataclass(frozen=True)
class Space:
    """All levers, and which of their combinations may be chosen.

    Attributes:
        dimensions: The levers.
        allowed: Whether the conditions on factors let a choice pass.
    """

    dimensions: tuple[Dimension, ...]
    allowed: Callable[[PointValues], bool] = lambda _: True

    @property
    def today(self) -> dict[str, Any]:
        """The scenario's own values."""
        return {dimension.path: dimension.today for dimension in self.dimensions}

    @property
    def size(self) -> float:
        """How many combinations there are, conditions left aside."""
        return math.prod(dimension.size for dimension in self.dimensions)

    def contains(self, values: PointValues) -> bool:
        """Whether a choice lies within every lever's range and meets the conditions."""
        inside = all(not math.isnan(dimension.place(values[dimension.path])) for dimension in self.dimensions)
        return inside and self.allowed(values)

    def at(self, shares: Sequence[float]) -> dict[str, Any]:
        """The choice at a place in the unit cube."""
        return {dimension.path: dimension.at(share) for dimension, share in zip(self.dimensions, shares, strict=True)}

    def all(self) -> Iterator[dict[str, Any]]:
        """Every combination that the conditions leave."""
        for values in product(*(dimension.all() for dimension in self.dimensions)):
            choice = {dimension.path: value for dimension, value in zip(self.dimensions, values, strict=True)}
            if self.allowed(choice):
                yield choice

    def has_any(self, seed: int) -> bool:
        """Whether the conditions leave anything, as far as 20,000 choices at random can tell."""
        return (
            next(self.all() if self.size <= DRAWN else filter(self.allowed, self.spread(DRAWN, seed)), None) is not None
        )

    def spread(self, count: int, seed: int) -> Iterator[dict[str, Any]]:
        """Corners (all of up to three levers, else all low and all high), then a Latin hypercube of `count` choices."""
        levers = len(self.dimensions)
        if levers <= 3:
            yield from map(self.at, product((0.0, 1.0), repeat=levers))
        else:
            yield from (self.at([end] * levers) for end in (0.0, 1.0))
        dice = np.random.default_rng(seed)
        strata = np.array([dice.permutation(count) for _ in range(levers)]).reshape(levers, count)
        shares = (strata + dice.random((levers, count))) / count
        yield from map(self.at, shares.T.tolist())

    def apart(self, one: PointValues, other: PointValues) -> float:
        """How far two choices are from each other: the largest distance of a lever, as a share of its range."""
        return max(dimension.apart(one[dimension.path], other[dimension.path]) for dimension in self.dimensions)

    def spent(self, values: PointValues) -> float:
        """The levers' own cost of a choice, money a year."""
        return sum(dimension.spent(values[dimension.path]) for dimension in self.dimensions)


def same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two choices are one.

    >>> same({"a": 1}, {"a": 1.0})
    True
    """
    return point_id(one) == point_id(other)


def lever_value(value: Any) -> str:
    """A lever's value as a person reads it, thousands apart.

    >>> lever_value(0.35), lever_value(250000.0), lever_value("poor")
    ('0.35', '250,000', 'poor')
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value_shown(value)
    return counted(value) if abs(value) >= 10_000 else with_signs(f"{value:.6g}")
