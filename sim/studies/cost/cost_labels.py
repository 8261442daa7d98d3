"""What the figures of the cost of quality state below, and how they count money."""

from __future__ import annotations

from sim.studies.cost.costed import CostOfQuality
from sim.words import say

_MANY = 20_000.0
"""From so much money on, figures count in thousands."""


def foot(found: CostOfQuality, lines: str) -> str:
    """What every figure states: n, kind of interval, seed, version."""
    return " · ".join(
        [
            say(
                "n = {replications} runs of {people:,} people in every world",
                replications=found.replications,
                people=found.scenario.market.customers,
            ),
            lines,
            say("seed {seed}", seed=found.scenario.run.seed),
            say("ExitVoice {version}", version=found.manifest.get("version", "unknown")),
        ]
    )


def unit(found: CostOfQuality) -> tuple[float, str]:
    """What money is divided by, and the unit then."""
    currency = found.scenario.money.currency
    if found.items["value"].abs().max() >= _MANY:
        return 1000.0, say("thousand {currency}", currency=currency)
    return 1.0, currency
