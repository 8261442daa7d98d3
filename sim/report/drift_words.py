"""How far today drifts when nothing is done, as a sentence."""

from __future__ import annotations

import math

import pandas as pd

from sim.report.signed_changes import change, limits
from sim.results.drift import BY_NAME, DRIFTS, STEADY, judged, verdict_of
from sim.results.result import Result
from sim.words import say

TOLD = ("customers", "market_share", "satisfaction", "margin")
"""Figures that the sentence is about."""


def drift_sentence(result: Result) -> str:
    """Whether today holds, and how far its figures move; empty where something is done in the run, or it is too short.

    It holds where no figure moves beyond what is steady, by the interval over replications; it drifts where one does.
    """
    table = result.drift
    if table is None:
        return ""
    rows = table.set_index("figure").loc[list(TOLD)]
    parts = [told(row, str(name)) for name, row in rows.iterrows() if math.isfinite(row["change"])]
    if not parts:
        return ""
    moves = "; ".join(parts)
    verdict = verdict_of(judged(row["low"], row["high"], row["most"]) for _, row in table.iterrows())
    if verdict == STEADY:
        return say(
            "Nothing is changed in this run, and today holds. From its first year to its last: {parts}.", parts=moves
        )
    if verdict == DRIFTS:
        return say(
            "Nothing is changed in this run. From its first year to its last, today drifts: {parts}.", parts=moves
        )
    return say(
        "Nothing is changed in this run. From its first year to its last no figure surely moves further than is "
        "steady: {parts}.",
        parts=moves,
    )


def told(row: pd.Series, name: str) -> str:
    """A figure with its change and interval: `customers −3.21% (−3.52 to −2.90)`.

    >>> row = pd.Series({"label": "Customers", "unit": "share", "change": -0.0321, "low": -0.0352, "high": -0.029})
    >>> told(row, "customers")
    'customers −3.21% (−3.52 to −2.90)'
    """
    half = (float(row["high"]) - float(row["low"])) / 2.0
    label = str(row["label"])[:1].lower() + str(row["label"])[1:]
    inside = limits(row)
    if BY_NAME[name].relative:
        text = say("{percent}%", percent=change(100.0 * float(row["change"]), "people", 100.0 * half))
    else:
        text = change(float(row["change"]), str(row["unit"]), half)
    return say("{label} {change} ({inside})", label=label, change=text, inside=inside) if inside else f"{label} {text}"
