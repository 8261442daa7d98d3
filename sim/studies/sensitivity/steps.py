"""Steps from the scenario as it is: a little up and down for levers, to the ends of the range for all factors."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from sim.parameters.paths import is_preset
from sim.runs.experiment.axes import Axis
from sim.runs.experiment.points import PointValues

MARGINAL, END, SWITCH = "marginal", "end", "switch"
TAILS = (0.05, 0.95)
"""Where the ends of a distribution are that is not uniform."""


class FactorStep(NamedTuple):
    """Two points that differ in one factor.

    Attributes:
        factor: Path of the factor.
        lever: Whether the firm decides it.
        kind: `marginal` (a little below to a little above the scenario's value), `end` (the scenario's value to an end
            of the range) or `switch` (to another value of a list).
        start: Value at the first point.
        stop: Value at the second point; of a marginal step the one that costs more, by the file's `cost`.
        cost: Money a year that the lever's own cost adds from start to stop.
    """

    factor: str
    lever: bool
    kind: str
    start: Any
    stop: Any
    cost: float

    @property
    def change(self) -> float:
        """Stop minus start, a truth value counting as 0 or 1; NaN of texts."""
        if _number(self.start) and _number(self.stop):
            return float(self.stop) - float(self.start)
        return math.nan

    def points(self, base: PointValues) -> tuple[PointValues, PointValues]:
        """The two points; the scenario's own value is written as the scenario itself."""
        return _point(self.factor, self.start, base), _point(self.factor, self.stop, base)


def _number(value: Any) -> bool:
    return isinstance(value, int | float)


def _point(factor: str, value: Any, base: PointValues) -> PointValues:
    """The point where one factor has another value. A preset stands with the scenario's other presets that vary.

    Scenarios are at hand for combinations of presets as designs have them, not for one of several alone.
    """
    if value == base[factor] and type(value) is type(base[factor]):
        return {}
    if not is_preset(factor):
        return {factor: value}
    others = {path: known for path, known in base.items() if is_preset(path) and known is not None}
    return {**others, factor: value}


def steps_of(axes: Sequence[Axis], share: float) -> list[FactorStep]:
    """All steps of an experiment.

    Args:
        axes: Its factors.
        share: Length of a marginal step to either side, as a share of the lever's range; on a log scale, of the
            range of logarithms. It is cut at the ends of the range, and at least 1 of whole numbers.

    >>> from sim.runs.experiment.definition import Lever
    >>> ease = Axis("firm.desk.ease", Lever(low=0.0, high=2.0, cost=9.0), True, "number", 0.0)
    >>> [(step.kind, step.start, step.stop, step.cost) for step in steps_of([ease], 0.05)]
    [('marginal', 0.0, 0.1, 0.9), ('end', 0.0, 2.0, 18.0)]
    """
    found: list[FactorStep] = []
    for axis in axes:
        cost = float(getattr(axis.factor, "cost", 0.0))
        if axis.values is not None:
            found += [
                FactorStep(axis.path, axis.lever, SWITCH, axis.base, value, _own_cost(cost, axis.base, value))
                for value in dict.fromkeys(axis.values)
                if not (value == axis.base and isinstance(value, bool) == isinstance(axis.base, bool))
            ]
            continue
        low, high = ends(axis)
        if axis.lever and _number(axis.base):
            below, above = _around(axis, low, high, share)
            if below != above:
                start, stop = (above, below) if cost < 0 else (below, above)
                found.append(FactorStep(axis.path, True, MARGINAL, start, stop, abs(cost) * (above - below)))
        found += [
            FactorStep(axis.path, axis.lever, END, axis.base, value, _own_cost(cost, axis.base, value))
            for value in (low, high)
            if value != axis.base
        ]
    return found


def ends(axis: Axis) -> tuple[Any, Any]:
    """Ends of a range: of a uniform distribution its limits, of others the values with 5% below and 5% above."""
    tails = (0.0, 1.0) if axis.factor.distribution == "uniform" else TAILS
    low, high = axis.from_unit(list(tails)).tolist()
    return low, high


def _own_cost(cost: float, base: Any, value: Any) -> float:
    """What the experiment says a value costs a year beyond the scenario's; never a saving."""
    if not cost or not (_number(base) and _number(value)):
        return 0.0
    return max(0.0, cost * (float(value) - float(base)))


def _around(axis: Axis, low: Any, high: Any, share: float) -> tuple[Any, Any]:
    """Values a step below and above the scenario's; a value outside the range stays where it is on that side."""
    base = axis.base
    if axis.factor.scale == "log" and base > 0:
        factor = (high / low) ** share
        below, above = base / factor, base * factor
    else:
        length = share * (high - low)
        below, above = base - length, base + length
    if axis.kind == "whole":
        below, above = min(base - 1, round(below)), max(base + 1, round(above))
    # 12 digits: 0.3, and not 0.30000000000000004, in tables
    below, above = (value if axis.kind == "whole" else float(f"{value:.12g}") for value in (below, above))
    return max(below, min(low, base)), min(above, max(high, base))
