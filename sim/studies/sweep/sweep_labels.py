"""What the figure of a sweep states below."""

from __future__ import annotations

from sim.results.below_figures import runs_at_points, standing_below
from sim.studies.sweep.swept import Sweep


def foot(found: Sweep, drawn: str) -> str:
    """What every figure states: runs and points behind it, what is drawn, seed, version.

    Args:
        found: What is shown.
        drawn: What dots, lines and intervals are.
    """
    people = None if "market.customers" in found.factors else found.scenario.market.customers
    return standing_below(found, *runs_at_points(found.runs, len(found.points), people), drawn)
