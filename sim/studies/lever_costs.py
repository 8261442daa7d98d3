"""What a lever costs on top of what the model books, booked as the model books its own costs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

SPENDING = "spending"
_SUMS = ("margin", "margin.total", "profit")
AFTER_COST = (SPENDING, *_SUMS, "net_present_value")
"""Outputs that take the levers' own cost in; all others are as the model books them."""


@dataclass(frozen=True)
class LeverBooks:
    """What it takes to book a yearly cost like the model's own: length of the run and discount rate.

    >>> LeverBooks(periods=104, per_year=52, discount=0.0).charge("net_present_value", 10.0)
    -20.0
    """

    periods: int
    per_year: int
    discount: float

    def charge(self, output: str, yearly: float) -> float:
        """What a cost of so much a year adds to an output; present values count it at the end of each period."""
        if output == SPENDING:
            return yearly
        if output in _SUMS:
            return -yearly * self.periods / self.per_year
        if output == "net_present_value":
            ends = np.arange(1, self.periods + 1) / self.per_year
            return -yearly / self.per_year * float(((1.0 + self.discount) ** -ends).sum())
        return 0.0
