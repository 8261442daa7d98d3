"""What the figures of a sensitivity analysis state below."""

from __future__ import annotations

from sim.studies.sensitivity.sensitivity import Sensitivity
from sim.words import plural, say


def foot(found: Sensitivity, part: str, intervals: str) -> str:
    """What every figure states: runs and points behind it, kind of interval, seed, version.

    Args:
        found: What is shown.
        part: `design` or `steps`: where its runs come from.
        intervals: How intervals are drawn and what they are; empty where there are none.
    """
    runs = found.runs[found.runs["part"] == part]
    points = runs["index"].nunique()
    people = found.scenario.market.customers
    said = [
        say(
            "n = {runs:,} runs at {points:,} points, {people:,} people each",
            runs=len(runs),
            points=points,
            people=people,
        )
    ]
    failed = int((runs["status"] != "done").sum())
    if failed:
        said.append(plural("{n:,} run failed", "{n:,} runs failed", failed))
    if intervals:
        said.append(intervals)
    said += [
        say("seed {seed}", seed=found.scenario.run.seed),
        say("ExitVoice {version}", version=found.manifest.get("version", "unknown")),
    ]
    return " · ".join(said)
