"""Which lever of a plan does it: the share of each, what comes of parts of it, how to ask where neither is known."""

from __future__ import annotations

import pandas as pd

from sim.parameters.labels import label as parameter_label
from sim.report.signed_changes import negligible
from sim.results.outputs import PROFIT
from sim.studies.attributed import AND
from sim.studies.changed_levers import find_changed
from sim.studies.comparison.bundles import ORDERS
from sim.studies.comparison.comparison import Comparison
from sim.studies.comparison.comparison_plan import begins_as
from sim.studies.comparison.comparison_rows import change_of, size_of, steps, with_equity
from sim.studies.shapley import MOST_EXACT
from sim.studies.shared_output import SharedOutput, is_idle, is_open, told_shares
from sim.vocabulary.errors import Problem, ScenarioError
from sim.words import listed, say


def judged_by(comparison: Comparison, label: str) -> str:
    """The output that a scenario is judged by, and that is shared out first."""
    return PROFIT if with_equity(comparison, label) else "margin"


def shared_of(comparison: Comparison, label: str) -> SharedOutput | None:
    """What each lever contributes to that; None where it was not shared out."""
    return comparison.shared(judged_by(comparison, label), label)


def bundles_of(comparison: Comparison) -> dict[str, SharedOutput]:
    """All plans that were shared out among their levers."""
    found = {label: shared_of(comparison, label) for label in comparison.labels[1:]}
    return {label: shared for label, shared in found.items() if shared is not None}


def lever_by_lever(comparison: Comparison, label: str) -> list[str]:
    """What each lever contributes, in one sentence for the first page; else how to ask."""
    shared = shared_of(comparison, label)
    if shared is None:
        return _not_shared(comparison, label)
    found = told_shares(shared)
    parts = [
        _told(row, found.shares[str(row["lever"])], found.spans[str(row["lever"])]) for _, row in shared.rows.iterrows()
    ]
    values = {
        "label": label,
        "count": len(parts),
        "whole": found.whole,
        "parts": "; ".join(parts),
    }
    told = (
        say(
            "“{label}” changes {count} levers at once. Their shares of {whole}, margin and the value of customers "
            "together, add up to it: {parts}.",
            **values,
        )
        if with_equity(comparison, label)
        else say(
            "“{label}” changes {count} levers at once. Their shares of {whole} of margin add up to it: {parts}.",
            **values,
        )
    )
    return [told, *_without(comparison, label, shared)]


def _told(row: pd.Series, share: str, interval: str) -> str:
    values = {"lever": row["label"], "share": share, "interval": interval}
    if is_idle(row):
        return say("{lever} nothing, in whatever order levers are turned", **values)
    if not values["interval"]:
        return say("{lever} {share}", **values)
    if is_open(row):
        return say("{lever} {share} ({interval}), which cannot be told from nothing", **values)
    return say("{lever} {share} ({interval})", **values)


def beside_shares(comparison: Comparison, label: str) -> list[str]:
    """What is said below the table of shares; where there is none, how to ask for one."""
    shared = shared_of(comparison, label)
    if shared is None:
        return _not_shared(comparison, label)
    drawn = how_shared(comparison, label)
    return [*([drawn] if drawn else []), *_without(comparison, label, shared)]


def how_shared(comparison: Comparison, label: str) -> str:
    """In what orders the levers of a plan were taken."""
    shared = shared_of(comparison, label)
    if shared is None or len(shared.rows) <= MOST_EXACT:
        return ""
    return say(
        "“{label}” changes too many levers for all orders: {orders} were drawn by lot.", label=label, orders=ORDERS
    )


def parts_of(comparison: Comparison, label: str) -> pd.DataFrame:
    """The parts of a plan that were lived, the whole plan last."""
    parts = comparison.levers.parts
    if parts.empty:
        return parts
    return parts[(parts["scenario"] == label) & (parts["output"] == judged_by(comparison, label))]


def _row(part: pd.Series, against: str, first: float) -> pd.Series:
    """A part against today (`change`) or the whole plan (`ahead`), as a row of differences."""
    low, high = float(part[f"{against}_low"]), float(part[f"{against}_high"])
    told = {"first": first, "difference": float(part[against]), "low": low, "high": high, "unit": part["unit"]}
    return pd.Series({**told, "excludes_zero": low > 0.0 or high < 0.0})


def _better(comparison: Comparison, label: str) -> tuple[pd.Series, pd.Series] | None:
    """The part of a plan that surely brings more than the whole, and how much more; None where there is none."""
    parts = parts_of(comparison, label)
    if len(parts) < 2:
        return None
    some, whole = parts.iloc[:-1], float(parts.iloc[-1]["value"])
    best = some.iloc[int(some["ahead"].argmax())]
    row = _row(best, "ahead", whole)
    if not row["excludes_zero"] or row["difference"] < 0.0 or negligible(row):
        return None
    return best, row


def better_part(comparison: Comparison, label: str) -> str:
    """The part of a plan that surely brings more than the whole, where there is one."""
    found = _better(comparison, label)
    if found is None:
        return ""
    return say(
        "Better still, do only this part of it: {levers}. It brings {amount} more than the whole plan.",
        levers=_named(found[0]),
        amount=size_of(found[1]),
    )


def better_without(comparison: Comparison, label: str) -> str:
    """The same within a sentence about the whole plan, by what that part leaves out."""
    found, shared = _better(comparison, label), shared_of(comparison, label)
    if found is None or shared is None:
        return ""
    kept = str(found[0]["levers"]).split(AND)
    left_out = [name for name in shared.rows["label"].map(str) if name not in kept]
    return say(
        "without its change of {levers} it would bring {amount} more", levers=listed(left_out), amount=size_of(found[1])
    )


def _without(comparison: Comparison, label: str, shared: SharedOutput) -> list[str]:
    """What a plan could do without: levers whose share cannot be told from nothing."""
    idle = [str(row["label"]) for _, row in shared.rows.iterrows() if is_open(row)]
    kept = {str(row["label"]) for _, row in shared.rows.iterrows() if not is_open(row)}
    parts = parts_of(comparison, label)
    found = parts[parts["levers"].map(lambda names: set(names.split(AND)) == kept)]
    if not idle or found.empty:
        return []
    row = _row(found.iloc[0], "ahead", float(parts.iloc[-1]["value"]))
    if row["excludes_zero"]:
        return []
    return [
        say(
            "Without {levers} the plan is simpler, and not surely another ({change} against the whole of it).",
            levers=listed(idle),
            change=change_of(row),
        )
    ]


def _named(part: pd.Series) -> str:
    return listed(str(part["levers"]).split(AND))


def paying_part(comparison: Comparison, label: str) -> str:
    """Of a plan that is not worth doing: the part that surely pays, or may, where there is one.

    A part of which nobody can tell is named only where it surely brings more than the whole.
    """
    parts = parts_of(comparison, label)
    if len(parts) < 2:
        return ""
    some = parts.iloc[:-1]
    best = some.iloc[int(some["change"].argmax())]
    row = _row(best, "change", float(best["value"]) - float(best["change"]))
    if row["difference"] < 0.0 or negligible(row):
        return ""
    if not row["excludes_zero"]:
        if _better(comparison, label) is None:
            return ""
        return say(
            "Part of it may pay, and is surely better than the whole: {levers}, {change} against {today}. More runs "
            "tell (--replications).",
            levers=_named(best),
            change=change_of(row),
            today=comparison.labels[0],
        )
    return say("But part of it pays: {levers}. That brings {amount}.", levers=_named(best), amount=size_of(row))


def _refused(comparison: Comparison, label: str, problem: Problem) -> str:
    """Why a plan that changes several parameters cannot be shared out among them."""
    return say(
        "What each lever of “{label}” contributes cannot be told: {parameter}: {reason}.",
        label=label,
        parameter=parameter_label(problem.key, type(comparison.scenario)),
        reason=problem.message,
    )


def _not_shared(comparison: Comparison, label: str) -> list[str]:
    """How to ask what each lever contributes, or why not; nothing of a plan of one lever, or that is in no file."""
    today = comparison.scenario
    plan = comparison.scenarios[label]
    if begins_as(today, plan) is None:
        return []
    try:
        changed = len(find_changed(today, plan))
    except ScenarioError as error:
        return [] if len(steps(comparison, label)) < 2 else [_refused(comparison, label, error.problems[0])]
    named = comparison.manifest.get("scenarios", [])
    files = dict(zip(comparison.labels, (item.get("scenario_file") for item in named), strict=False))
    first, second = files.get(comparison.labels[0]), files.get(label)
    if changed < 2 or first is None or second is None:
        return []
    return [
        say(
            "“{label}” changes {changed} levers at once. What each of them contributes, adding up to the whole, "
            "tells: sim shares {plan} --today {today}",
            label=label,
            changed=changed,
            plan=second["name"],
            today=first["name"],
        )
    ]
