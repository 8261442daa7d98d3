"""What a choice must meet: conditions on outputs, with the distance by which they are missed."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from sim.runs.experiment.conditions import Condition

_SIMPLE = re.compile(r"^\s*`?([^\s`<>=]+)`?\s*(<=|>=|<|>)\s*([+-]?[\d.]+(?:[eE][+-]?\d+)?)\s*$")


@dataclass(frozen=True)
class Requirement:
    """A condition on outputs, of a choice's expected value or of its worst case.

    Attributes:
        condition: What must hold.
        output: The output that is bounded, where the condition is of the form `output >= number`; else empty.
        least: Whether the bound is a lower one.
        bound: The bound.

    >>> Requirement.parse("satisfaction >= 70").shortfall({"satisfaction": 63.0})
    0.1
    """

    condition: Condition
    output: str = ""
    least: bool = True
    bound: float = math.nan

    @classmethod
    def parse(cls, text: str) -> Requirement:
        """Read a requirement.

        Raises:
            ScenarioError: If it is not a condition.
        """
        condition = Condition.parse(text)
        found = _SIMPLE.match(text)
        if found is None:
            return cls(condition)
        return cls(condition, found[1], found[2].startswith(">"), float(found[3]))

    def __str__(self) -> str:
        return self.condition.text

    def shortfall(self, values: Mapping[str, float]) -> float:
        """By how much it is missed: 0 where it is met, else a share of the bound; 1 of any other condition."""
        if self.condition.holds(values):
            return 0.0
        if not self.output or not math.isfinite(values[self.output]):
            return 1.0
        return max(abs(values[self.output] - self.bound) / (abs(self.bound) or 1.0), 1e-12)
