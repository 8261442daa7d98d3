"""Shares of a plan in plain words: every sentence is made from the numbers, and says where nothing can be told."""

from __future__ import annotations

import pandas as pd

from sim.report.signed_changes import change, changed_by
from sim.studies.shared_output import of_each
from sim.studies.shares.shared_out import SharedOut
from sim.studies.study_of_scenario import of_failures
from sim.words import listed, say

CERTAINTY = (
    "Worlds between today and the plan are lived with the same people and luck: today with some of the plan's levers. "
    "What a lever does depends on which others are turned; its share is the mean over all orders of turning them "
    "(Shapley value), and the range goes from the least that it does in any order to the most. Shares add up to the "
    "whole difference. Intervals are 95% t-intervals over replications."
)


MORE_IS_BETTER = ("profit", "margin", "customers", "retention", "satisfaction")
"""Outputs of which a firm wants more: a lever that raises one is worth doing."""


def headline(found: SharedOut) -> str:
    """What the plan changes, and by what most of it comes."""
    output = found.outputs[0]
    total, first = found.total(output), found.of(output).iloc[0]
    values = {
        "label": total["label"],
        "change": _changed(total, "change"),
        "lever": first["label"],
        "share": _changed(first, "value", bare=True),
    }
    if float(total["low"]) <= 0.0 <= float(total["high"]):
        return say(
            "{label}: {change} by the whole plan, which cannot be told from nothing; the largest share: {lever}, "
            "{share}",
            **values,
        )
    return say("{label}: {change} by the whole plan; the largest share: {lever}, {share}", **values)


def sentences(found: SharedOut) -> list[str]:
    """All that is said, the headline first."""
    return [
        f"{headline(found)}.",
        *of_all(found),
        *(text for output in found.outputs for text in of_each(found.shared(output))),
    ]


def what_to_do(found: SharedOut) -> list[str]:
    """Which levers surely move the first output, and without which the plan would be simpler and no worse."""
    output = found.outputs[0]
    rows, label = found.of(output), str(found.total(output)["label"])
    up, down = rows[rows["low"] > 0.0], rows[rows["high"] < 0.0]
    open_ones = rows.drop(index=[*up.index, *down.index])
    levers = {name: _listed(part) for name, part in (("up", up), ("down", down), ("open", open_ones))}
    if output in MORE_IS_BETTER:
        raised = say("Do this: {levers}. It surely raises: {label}.", label=label, levers=levers["up"])
        lowered = say(
            "Think again about this: {levers}. It surely lowers: {label}.", label=label, levers=levers["down"]
        )
    else:
        raised = say("{label} surely rises by: {levers}.", label=label, levers=levers["up"])
        lowered = say("{label} surely falls by: {levers}.", label=label, levers=levers["down"])
    told = [
        (up, raised),
        (down, lowered),
        (
            open_ones,
            say(
                "Not to be told from nothing: {levers}. Without them the plan is simpler, and not surely another.",
                levers=levers["open"],
            ),
        ),
    ]
    return [sentence for part, sentence in told if len(part)]


def _listed(rows: pd.DataFrame) -> str:
    """Levers with what the plan makes of them: a lever may be worth turning down."""
    return listed(
        [
            say("{lever} ({today} → {plan})", lever=row["label"], today=row["today"], plan=row["plan"])
            for _, row in rows.iterrows()
        ]
    )


def of_total(found: SharedOut, output: str) -> str:
    """What the plan as a whole changes of an output, with its interval."""
    total = found.total(output)
    return say("{label}: {change}.", label=total["label"], change=_changed(total, "change"))


def of_all(found: SharedOut) -> list[str]:
    """How the shares were found, where that is not by all orders, and what failed."""
    said = []
    if not found.is_exact:
        said.append(
            say(
                "There are too many levers for all orders: {orders} were drawn by lot; the column error says what that "
                "leaves open.",
                orders=found.orders,
            )
        )
    return [*said, *of_failures(found)]


def _changed(row: pd.Series, name: str, *, bare: bool = False) -> str:
    """A change with its unit and, if not bare, its interval."""
    shown = pd.Series({"difference": row[name], "low": row["low"], "high": row["high"], "unit": row["unit"]})
    return change(row[name], str(row["unit"]), (row["high"] - row["low"]) / 2.0) if bare else changed_by(shown)
