"""What the figure of a sweep states below."""

from __future__ import annotations

from sim.studies.sweep.swept import Sweep
from sim.words import plural, say


def foot(found: Sweep, drawn: str) -> str:
    """What every figure states: runs and points behind it, what is drawn, seed, version.

    Args:
        found: What is shown.
        drawn: What dots, lines and intervals are.
    """
    runs, points = len(found.runs), len(found.points)
    said = [
        say("n = {runs:,} runs at {points:,} points", runs=runs, points=points)
        if "market.customers" in found.factors
        else say(
            "n = {runs:,} runs at {points:,} points, {people:,} people each",
            runs=runs,
            points=points,
            people=found.scenario.market.customers,
        )
    ]
    failed = int((found.runs["status"] != "done").sum())
    if failed:
        said.append(plural("{n:,} run failed", "{n:,} runs failed", failed))
    said += [
        drawn,
        say("seed {seed}", seed=found.scenario.run.seed),
        say("ExitVoice {version}", version=found.manifest.get("version", "unknown")),
    ]
    return " · ".join(said)
