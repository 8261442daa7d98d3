"""A balance in plain words: every sentence is made from the numbers."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from sim.results.amounts import signed
from sim.results.drift import BY_NAME, DRIFTS, STEADY, UNCLEAR
from sim.studies.balance.balanced import Balanced
from sim.words import Sentences, say

CERTAINTY = "Both starts were judged by runs with luck that the search had not met; intervals are at 99%."

MOST_NAMED = 4
"""Figures that a sentence names at most; the table has all."""


def change_told(row: pd.Series, what: str = "after", *, bare: bool = False) -> str:
    """A change in the unit that a reader wants: per cent of itself, percentage points, or points; `bare` without it.

    >>> change_told(pd.Series({"figure": "customers", "unit": "share", "after": -0.0321}))
    '−3.2%'
    >>> change_told(pd.Series({"figure": "nps", "unit": "points (-100 to 100)", "after": 1.234}))
    '+1.2 points'
    """
    value, share = float(row[what]), str(row["unit"]) == "share"
    change = signed(100.0 * value if share else value)
    if bare:
        return change
    if BY_NAME[str(row["figure"])].relative:
        return say("{percent}%", percent=change)
    return say("{change} pp", change=change) if share else say("{change} points", change=change)


def interval_told(row: pd.Series) -> str:
    """The interval of the change from the start that was found, in the unit of the change."""
    return say(
        "{low} to {high}", low=change_told(row, "after_low", bare=True), high=change_told(row, "after_high", bare=True)
    )


def headline(found: Balanced) -> str:
    """Whether today stays as it is."""
    name = found.scenario.name
    if found.verdict == STEADY:
        if not found.start["before"].ne(found.start["after"]).any():
            return say("“{name}” is balanced as it is", name=name)
        return say("“{name}” is balanced: from the start that was found, today stays as it is", name=name)
    if found.verdict == DRIFTS:
        return say("“{name}” is not balanced: no start was found from which today stays as it is", name=name)
    return say(
        "Whether “{name}” is balanced cannot be told from luck: more replications or more people would tell", name=name
    )


def what_to_do(found: Balanced) -> str:
    """From which start to compare."""
    if found.verdict == STEADY:
        return (
            say("Compare from the balanced scenario: what then moves is a change's doing, and no drift.")
            if found.start["before"].ne(found.start["after"]).any()
            else say("Compare from this scenario as it is: what then moves is a change's doing, and no drift.")
        )
    if found.verdict == DRIFTS:
        return say(
            "Take no level of this scenario for the effect of anything: compare two worlds, which drift alike "
            "(sim compare)."
        )
    return say("Run it again with more replications or more people before anything rests on its levels.")


def sentences(found: Balanced) -> list[str]:
    """All that is said, the headline first."""
    moved = found.drift.assign(size=(found.drift["before"].abs() / found.drift["most"]).fillna(0.0))
    moved = moved[moved["size"] > 1.0].sort_values("size", ascending=False)
    said = Sentences([f"{headline(found)}."])
    if len(moved):
        said.say(
            "From the file's own start, with nothing done, these move in {years} years: {moved}.",
            years=found.years,
            moved=_named(moved, "before"),
        )
    else:
        said.say(
            "From the file's own start, with nothing done, no key figure moves far in {years} years.", years=found.years
        )
    left, unclear = (found.drift[found.drift["verdict"] == verdict] for verdict in (DRIFTS, UNCLEAR))
    if len(left):
        said.say("From the start that was found these still drift: {moved}.", moved=_named(left, "after"))
    if len(unclear):
        names = _named(unclear, "after")
        said.say("Of these luck does not let us tell whether they are steady: {names}.", names=names)
    if left["figure"].eq("customers").any():
        said.say(
            "A market in which people leave and nobody takes their place runs out of customers from any start; "
            "a renewal of people, or newcomers, would keep it."
        )
    return said


def _named(rows: pd.DataFrame, what: str) -> str:
    parts = [
        say("{label} {change}", label=row["label"], change=change_told(row, what))
        for _, row in rows.head(MOST_NAMED).iterrows()
    ]
    left, names = len(rows) - MOST_NAMED, "; ".join(parts)
    return say("{names}; and {left} more", names=names, left=left) if left > 0 else names


def shortfall(found: Balanced, _: Path) -> str:
    """Why there is no answer that holds, in one line; empty where there is one."""
    if found.verdict == STEADY:
        return ""
    return say("not balanced: {headline}", headline=headline(found))
