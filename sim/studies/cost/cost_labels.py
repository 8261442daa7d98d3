"""How the figures of the cost of quality count money."""

from __future__ import annotations

from sim.studies.cost.costed import CostOfQuality
from sim.words import say

_MANY = 20_000.0
"""From so much money on, figures count in thousands."""


def unit(found: CostOfQuality) -> tuple[float, str]:
    """What money is divided by, and the unit then."""
    currency = found.scenario.money.currency
    if found.items["value"].abs().max() >= _MANY:
        return 1000.0, say("thousand {currency}", currency=currency)
    return 1.0, currency
