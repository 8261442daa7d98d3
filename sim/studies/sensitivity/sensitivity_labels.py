"""What the figures of a sensitivity analysis state below."""

from __future__ import annotations

from sim.results.below_figures import runs_at_points, standing_below
from sim.studies.sensitivity.sensitivity import Sensitivity


def foot(found: Sensitivity, part: str, intervals: str) -> str:
    """What every figure states: runs and points behind it, kind of interval, seed, version.

    Args:
        found: What is shown.
        part: `design` or `steps`: where its runs come from.
        intervals: How intervals are drawn and what they are; empty where there are none.
    """
    runs = found.runs[found.runs["part"] == part]
    said = runs_at_points(runs, runs["index"].nunique(), found.scenario.market.customers)
    return standing_below(found, *said, intervals)
