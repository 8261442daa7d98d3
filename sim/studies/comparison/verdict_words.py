"""What a meeting needs of a comparison: the answer in one sentence, what to do, how sure, what it rests on."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from sim.parameters.labels import parted
from sim.report.assumed import ChangedParameter, rests_on
from sim.report.signed_changes import change, limits, negligible
from sim.report.wording import number, told_amount
from sim.studies.comparison.changed import ABSENT, flat
from sim.studies.comparison.comparison import Comparison
from sim.studies.comparison.differences import Paired, paired
from sim.words import counted, in_years, listed, plural, say

NOT_THE_FIRMS = ("run.", "market.", "customers.", "segments.", "rivals.", "voice.", "money.", "movement.", "talk.")
"""Parameters that no firm decides on; a scenario that changes nothing else is something that happens to it."""


MOST_NAMED = 3
"""Worlds besides the best whose margin the headline of many names."""


def row_of_figure(comparison: Comparison, label: str, name: str) -> pd.Series | None:
    """A row of the differences, where the scenario has it."""
    rows = comparison.differences
    found = rows[(rows["scenario"] == label) & (rows["figure"] == name)]
    return None if found.empty else found.iloc[0]


def money_of(comparison: Comparison, label: str, item: str) -> pd.Series:
    """A row of the table of money."""
    rows = comparison.money
    return rows[(rows["scenario"] == label) & (rows["item"] == item)].iloc[0]


def identical(comparison: Comparison, label: str) -> bool:
    """Whether a scenario differs from the first in nothing at all."""
    rows = comparison.differences[comparison.differences["scenario"] == label]
    return bool((rows["difference"] == 0.0).all() and not (rows["high"] > rows["low"]).any())


def size_of(row: pd.Series) -> str:
    """The size of a change in money without its sign, with its interval."""
    low, high = sorted((abs(row["low"]), abs(row["high"])))
    return told_amount(abs(row["difference"]), low, high, str(row["unit"]))


def steps(comparison: Comparison, label: str) -> list[ChangedParameter]:
    """What the scenario sets otherwise than the first; of a change in time, beside today's value."""
    today, there = flat(comparison.scenarios[comparison.labels[0]]), flat(comparison.scenarios[label])
    return [
        ChangedParameter(path, today.get(path, today.get(parted(path)[0], ABSENT)), value)
        for path, value in there.items()
        if today.get(path) != value
    ]


def is_a_choice(comparison: Comparison, label: str) -> bool:
    """Whether the firm itself does anything otherwise than today."""
    return any(not step.path.startswith(NOT_THE_FIRMS) for step in steps(comparison, label))


def time_of(comparison: Comparison) -> str:
    """How long the worlds are lived, in words."""
    run = comparison.scenario.run
    return in_years(run.periods, run.period)


def verdict(comparison: Comparison, label: str) -> str:
    """Whether it pays, by how much, at what cost, with how many customers: one sentence."""
    if identical(comparison, label):
        return say("{label} changes nothing.", label=label)
    spends = _spends(comparison, label) if is_a_choice(comparison, label) else ""
    parts = [_pays(comparison, label), spends, _customers(comparison, label)]
    return "; ".join(part for part in parts if part) + "."


def _pays(comparison: Comparison, label: str) -> str:
    row = money_of(comparison, label, "margin")
    values = {"label": label, "amount": size_of(row), "time": time_of(comparison)}
    if negligible(row):
        return say("{label} changes margin negligibly over {time}", **values)
    if not row["excludes_zero"]:
        if not limits(row):
            return say("Whether {label} pays is open", **values)
        return say(
            "Whether {label} pays is open: over {time} margin changes by {limits} {unit}",
            limits=limits(row),
            unit=row["unit"],
            **values,
        )
    if not is_a_choice(comparison, label):
        return (
            say("{label} brings the firm {amount} more margin over {time}", **values)
            if row["difference"] > 0
            else say("{label} costs the firm {amount} of margin over {time}", **values)
        )
    return (
        say("{label} pays: {amount} more margin over {time}", **values)
        if row["difference"] > 0
        else say("{label} does not pay: {amount} less margin over {time}", **values)
    )


def _spends(comparison: Comparison, label: str) -> str:
    row = money_of(comparison, label, "spending")
    if row["difference"] == 0.0 and row["high"] == row["low"]:
        return say("spending is the same")
    if not row["excludes_zero"] and row["high"] != row["low"]:
        return (
            say("spending on quality, complaints and winning customers changes negligibly")
            if negligible(row)
            else say("what it spends or saves cannot be told from nothing")
        )
    return (
        say("it takes {amount} more spending on quality, complaints and winning customers", amount=size_of(row))
        if row["difference"] > 0
        else say("it saves {amount} of spending on quality, complaints and winning customers", amount=size_of(row))
    )


def _customers(comparison: Comparison, label: str) -> str:
    row = row_of_figure(comparison, label, "customers")
    if row is None:
        return ""
    if negligible(row):
        return say("customers change negligibly")
    if not row["excludes_zero"]:
        return say("no certain change in customers")
    count = counted(abs(row["difference"]))
    low, high = (counted(end) for end in sorted((abs(row["low"]), abs(row["high"]))))
    if low == high:
        return (
            say("{count} more customers at the end", count=count)
            if row["difference"] > 0
            else say("{count} fewer customers at the end", count=count)
        )
    return (
        say("{count} ({low} to {high}) more customers at the end", count=count, low=low, high=high)
        if row["difference"] > 0
        else say("{count} ({low} to {high}) fewer customers at the end", count=count, low=low, high=high)
    )


def answer(comparison: Comparison, label: str) -> str:
    """The answer to the scenario's question: what it asks about first, and whether it pays."""
    if identical(comparison, label):
        return verdict(comparison, label)
    asks = comparison.scenarios[label].asks
    lead = _voices(comparison, label) if asks == "voice" else _seen(comparison, label) if asks == "register" else ""
    return " ".join(part for part in (lead, verdict(comparison, label)) if part)


def _levels(row: pd.Series) -> Mapping[str, str]:
    return {
        "before": number(row["first"], row["unit"]),
        "after": number(row["value"], row["unit"]),
        "change": change(row["difference"], row["unit"], (row["high"] - row["low"]) / 2.0),
    }


def _voices(comparison: Comparison, label: str) -> str:
    """Whether more complain, and whether more stay."""
    said, kept = row_of_figure(comparison, label, "complaint_share"), row_of_figure(comparison, label, "retention")
    if said is None or kept is None or not math.isfinite(said["difference"]):
        return ""
    voice = say("of the dissatisfied {after} complain instead of {before}", **_levels(said))
    if not said["excludes_zero"] or said["difference"] < 0:
        return say("No: complaints do not surely rise; {voice}.", voice=voice)
    stay = say("yearly retention goes from {before} to {after} ({change})", **_levels(kept))
    if negligible(kept) or not kept["excludes_zero"]:
        return say("More complaints, but not surely more customers who stay: {voice}; {stay}.", voice=voice, stay=stay)
    if kept["difference"] < 0:
        return say("More complaints, but fewer customers who stay: {voice}; {stay}.", voice=voice, stay=stay)
    return say("Yes, both: {voice}; {stay}.", voice=voice, stay=stay)


def _seen(comparison: Comparison, label: str) -> str:
    """How much of the dissatisfaction the register shows."""
    row = row_of_figure(comparison, label, "seen_share")
    if row is None or not math.isfinite(row["difference"]):
        return ""
    return say("The register shows {after} of the dissatisfaction, against {before} today.", **_levels(row))


def ranked(comparison: Comparison) -> list[str]:
    """The later scenarios and today, the most margin first."""
    margin = {label: float(money_of(comparison, label, "margin")["difference"]) for label in comparison.labels[1:]}
    margin[comparison.labels[0]] = 0.0
    return sorted(margin, key=lambda label: -margin[label])


def ahead(comparison: Comparison, one: str, other: str) -> Paired:
    """The margin of one world less that of another, run by run."""
    runs = comparison.runs
    whole = runs[runs.groupby("replication")["status"].transform(lambda status: (status == "done").all())]
    first, second = (whole.loc[whole["scenario"] == label, "margin"].to_numpy(np.float64) for label in (other, one))
    return paired(first, second)


def headline(comparison: Comparison) -> str:
    """The answer; of more than two worlds, which is best and by how much."""
    later: Sequence[str] = comparison.labels[1:]
    if len(later) == 1:
        return answer(comparison, later[0])
    order, today = ranked(comparison), comparison.labels[0]
    if all(identical(comparison, label) for label in later):
        return say("None of the {count} changes anything.", count=len(later))
    best = next(label for label in order if label != today)
    row = money_of(comparison, best, "margin")
    others = [label for label in order if label not in (best, today)]
    values = {
        "count": len(later),
        "today": today,
        "label": best,
        "change": _change_of(row),
        "time": time_of(comparison),
        "others": listed(
            [f"{label} {_change_of(money_of(comparison, label, 'margin'))}" for label in others[:MOST_NAMED]]
        ),
    }
    if best != order[0]:
        return say(
            "None of the {count} brings more margin than {today}: {label}, the best of them, changes it by {change} "
            "over {time}; next: {others}.",
            **values,
        )
    if not row["excludes_zero"]:
        return say(
            "None of the {count} surely brings more margin than {today}: {label}, the best of them, changes it by "
            "{change} over {time}; next: {others}.",
            **values,
        )
    lead = say("Of {count}, {label} brings most margin: {change} over {time} against {today}", **values)
    return "; ".join((lead, _behind(comparison, order))) + "."


def _change_of(row: pd.Series) -> str:
    half = (row["high"] - row["low"]) / 2.0
    told = change(row["difference"], row["unit"], half)
    inside = limits(row)
    return say("{change} ({limits})", change=told, limits=inside) if inside and half > 0.0 else told


def _behind(comparison: Comparison, order: Sequence[str]) -> str:
    """How the best stands to the one that comes next."""
    if order[1] == comparison.labels[0]:
        return say("no other of them brings more than {today}", today=order[1])
    found = ahead(comparison, order[0], order[1])
    values = {"best": order[0], "second": order[1]}
    if found.excludes_zero:
        return say("it surely leads {second}, which comes next", **values)
    return say("whether it is better than {second} cannot be told with these runs", **values)


def what_to_do(comparison: Comparison) -> str:
    """What to do, on margin, with what speaks against it."""
    choices = [label for label in comparison.labels[1:] if is_a_choice(comparison, label)]
    today = comparison.labels[0]
    if not choices:
        return say(
            "Nothing here is the firm's to choose. To find an answer to it, let every lever be tried: sim advice."
        )
    best = next((label for label in ranked(comparison) if label in choices), choices[0])
    row = money_of(comparison, best, "margin")
    if identical(comparison, best):
        return say("Nothing to decide: no figure changes.")
    if row["excludes_zero"] and row["difference"] > 0 and not negligible(row):
        falls = _sure(comparison, best, up=False)
        told = say("On margin: do {label}.", label=best)
        return told if not falls else say("{told} But look at what falls: {falls}.", told=told, falls=falls)
    if row["excludes_zero"] or negligible(row):
        rises = _sure(comparison, best, up=True)
        told = say("On margin: stay with {today}.", today=today)
        if not rises:
            return told
        return say(
            "{told} What rises with {label} may pay later than {time}: {rises}.",
            told=told,
            label=best,
            time=time_of(comparison),
            rises=rises,
        )
    losing = [label for label in choices if _surely_loses(comparison, label)]
    told = say(
        "On margin, whether {label} pays is open: more runs narrow its interval (sim compare --replications, or "
        "--precision with --figure margin).",
        label=best,
    )
    if not losing:
        return told
    return say("{told} Do not do this, which surely costs margin: {losing}.", told=told, losing=listed(losing))


def _surely_loses(comparison: Comparison, label: str) -> bool:
    row = money_of(comparison, label, "margin")
    return bool(row["excludes_zero"]) and row["difference"] < 0 and not negligible(row)


def _sure(comparison: Comparison, label: str, *, up: bool) -> str:
    """Which of satisfaction, retention and customers surely rise, or fall, by more than nothing that matters."""
    names = {
        "customers": say("customers"),
        "retention": say("yearly retention"),
        "satisfaction": say("satisfaction"),
    }
    moved = []
    for name, words in names.items():
        row = row_of_figure(comparison, label, name)
        if row is None or not row["excludes_zero"] or negligible(row) or (row["difference"] > 0) != up:
            continue
        moved.append(f"{words} {_change_of(row)}")
    return listed(moved)


def how_sure(comparison: Comparison) -> str:
    """What stands when all figures are looked at together, and what the runs cannot say."""
    n = comparison.replications
    rows = [(label, row_of_figure(comparison, label, "margin")) for label in comparison.labels[1:]]
    sure = [label for label, row in rows if row is not None and row["excludes_zero_together"]]
    runs = plural("{n} run of each world with the same luck", "{n} runs of each world with the same luck", n)
    if len(sure) == len(rows):
        stands = say("every change in margin stands, even with all figures looked at together")
    elif sure:
        stands = say("the change in margin stands for {sure}, with all figures looked at together", sure=listed(sure))
    else:
        stands = say("no change in margin stands once all figures are looked at together")
    return say(
        "{runs}: {stands}. This is about luck; whether the assumptions hold for a real firm is a larger doubt.",
        runs=runs,
        stands=stands,
    )


def shares_command(comparison: Comparison, label: str) -> list[str]:
    """How to ask what each lever of a bundle contributes; nothing of a world that changes one, or is in no file."""
    changed = len(steps(comparison, label))
    named = comparison.manifest.get("scenarios", [])
    files = dict(zip(comparison.labels, (item.get("scenario_file") for item in named), strict=False))
    today, plan = files.get(comparison.labels[0]), files.get(label)
    if changed < 2 or today is None or plan is None:
        return []
    return [
        say(
            "{label} changes {changed} parameters at once. What each lever contributes, adding up to the whole, tells: "
            "sim shares {plan} --today {today}",
            label=label,
            changed=changed,
            plan=plan["name"],
            today=today["name"],
        )
    ]


def foundations(comparison: Comparison, label: str) -> list[str]:
    """The three changes that went furthest."""
    return rests_on(steps(comparison, label), comparison.scenarios[label])
