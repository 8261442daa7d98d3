"""What stands below every figure of an answer: what is said of it, then seed and version."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sim.words import plural, say


def standing_below(found: Any, *said: str) -> str:
    """The line below a figure.

    Args:
        found: The answer, with its scenario and manifest.
        said: Of the figure: n, kind of interval; empty texts are left out.
    """
    seed = say("seed {seed}", seed=found.scenario.run.seed)
    version = say("ExitVoice {version}", version=found.manifest.get("version", "unknown"))
    return " · ".join([*filter(None, said), seed, version])


def runs_at_points(runs: pd.DataFrame, points: int, people: int | None) -> list[str]:
    """How many runs a figure rests on, and how many of them failed.

    Args:
        runs: A row each, with its `status`.
        points: How many points they were done at.
        people: In each; None where that is among what varies.

    >>> runs_at_points(pd.DataFrame({"status": ["done", "failed"]}), 2, 500)
    ['n = 2 runs at 2 points, 500 people each', '1 run failed']
    """
    parts = {"runs": len(runs), "points": points}
    told = (
        say("n = {runs:,} runs at {points:,} points", **parts)
        if people is None
        else say("n = {runs:,} runs at {points:,} points, {people:,} people each", **parts, people=people)
    )
    failed = int((runs["status"] != "done").sum())
    return [told, plural("{n:,} run failed", "{n:,} runs failed", failed)] if failed else [told]
