"""What a meeting needs of a comparison: the answer first, what to do, how sure, what it rests on."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from sim.report.signed_changes import change, negligible
from sim.report.wording import number
from sim.studies.comparison.captives_words import ForCaptives, advised, is_about_captives, prices, served, served_best
from sim.studies.comparison.comparison import Comparison
from sim.studies.comparison.comparison_rows import (
    change_of,
    earned_of,
    identical,
    is_a_choice,
    money_of,
    row_of_figure,
    size_of,
    surely,
    time_of,
    with_equity,
)
from sim.studies.comparison.differences import Paired, paired
from sim.studies.comparison.levers_words import better_part, better_without, paying_part
from sim.studies.comparison.no_decisions import with_care
from sim.studies.comparison.pays_words import called, pays
from sim.words import counted, listed, plural, say

MOST_NAMED = 3
"""Worlds besides the best that the headline of many names."""


def verdict(comparison: Comparison, label: str) -> str:
    """Whether it pays, and by how much, or what those get who cannot leave: one sentence."""
    if identical(comparison, label):
        return capital(say("{label} changes nothing.", label=called(comparison, label)))
    captives = _for_captives(comparison, label)
    if captives is not None:
        return capital(served(captives)) + "."
    return capital(pays(comparison, label)) + "."


def behind_verdict(comparison: Comparison, label: str) -> str:
    """Of what the firm may do: without which part more, at what cost. And with how many customers; one sentence."""
    if identical(comparison, label):
        return ""
    chosen = [better_without(comparison, label), _spends(comparison, label)] if is_a_choice(comparison, label) else []
    if _for_captives(comparison, label) is not None:
        chosen = [_spends(comparison, label)]
    parts = [part for part in (*chosen, _customers(comparison, label)) if part]
    return capital("; ".join(parts)) + "." if parts else ""


def _for_captives(comparison: Comparison, label: str) -> ForCaptives | None:
    """What a plan does where customers cannot leave; None where that is not what is asked, or nothing the firm does."""
    satisfaction = row_of_figure(comparison, label, "satisfaction")
    asked = is_about_captives(comparison.scenarios[comparison.labels[0]])
    if not asked or satisfaction is None or not is_a_choice(comparison, label):
        return None
    return ForCaptives(
        called(comparison, label),
        satisfaction,
        money_of(comparison, label, "margin"),
        row_of_figure(comparison, label, "captive_loss"),
        time_of(comparison),
    )


def capital(sentence: str) -> str:
    """A sentence as it begins: names of plans begin as their authors wrote them, sentences do not.

    >>> capital("the plan pays"), capital("")
    ('The plan pays', '')
    """
    return sentence[:1].upper() + sentence[1:]


def _spends(comparison: Comparison, label: str) -> str:
    row = money_of(comparison, label, "spending")
    if row["difference"] == 0.0 and row["high"] == row["low"]:
        return say("spending is the same")
    if not row["excludes_zero"] and row["high"] != row["low"]:
        return say("spending changes negligibly") if negligible(row) else ""
    return (
        say("it takes {amount} more spending", amount=size_of(row))
        if row["difference"] > 0
        else say("it saves {amount} of spending", amount=size_of(row))
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


def answer(comparison: Comparison, label: str) -> tuple[str, str]:
    """The answer to the scenario's question, what it asks about first, then whether it pays; and what else there is."""
    asks = "" if identical(comparison, label) else comparison.scenarios[label].asks
    lead = _voices(comparison, label) if asks == "voice" else _seen(comparison, label) if asks == "register" else ""
    said = [part for part in (lead, verdict(comparison, label), behind_verdict(comparison, label)) if part]
    return said[0], " ".join(said[1:])


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
    today = comparison.scenarios[comparison.labels[0]]
    if not row["excludes_zero"] and comparison.scenarios[label].question == today.question:
        return ""  # a question that only came with what it extends, and nothing new to say of it
    return say("The register shows {after} of the dissatisfaction, against {before} today.", **_levels(row))


def ranked(comparison: Comparison) -> list[str]:
    """The later scenarios and today: what brings most first, margin and the value of the customers in hand together."""
    rows = {label: earned_of(comparison, label) for label in comparison.labels[1:]}
    brought = {label: float(row["difference"]) for label, row in rows.items()} | {comparison.labels[0]: 0.0}
    return sorted(brought, key=lambda label: -brought[label])


def ahead(comparison: Comparison, one: str, other: str) -> Paired:
    """What one world brings less what another does, run by run."""
    runs = comparison.runs
    whole = runs[runs.groupby("replication")["status"].transform(lambda status: (status == "done").all())]
    brought = whole["margin"]
    if all(with_equity(comparison, label) for label in (one, other) if label != comparison.labels[0]):
        brought = brought + whole["customer_equity"]
    first, second = (brought[whole["scenario"] == label].to_numpy(np.float64) for label in (other, one))
    return paired(first, second)


def headline(comparison: Comparison) -> str:
    """The answer and what goes with it, as `answer_first`."""
    return " ".join(part for part in answer_first(comparison) if part)


def answer_first(comparison: Comparison) -> tuple[str, str]:
    """The answer, of more than two worlds which is best and by how much; and what goes with it, empty for nothing."""
    later: Sequence[str] = comparison.labels[1:]
    if len(later) == 1:
        return answer(comparison, later[0])
    order, today = ranked(comparison), comparison.labels[0]
    if all(identical(comparison, label) for label in later):
        return say("None of the {count} changes anything.", count=len(later)), ""
    captives = [found for label in later if (found := _for_captives(comparison, label)) is not None]
    if len(captives) == len(later):
        return served_best(captives, today)
    best = next(label for label in order if label != today)
    others = [label for label in order if label not in (best, today)]
    values = {
        "count": len(later),
        "today": today,
        "label": best,
        "change": change_of(earned_of(comparison, best)),
        "margin": change_of(money_of(comparison, best, "margin")),
        "time": time_of(comparison),
        "others": listed([f"{label} {change_of(earned_of(comparison, label))}" for label in others[:MOST_NAMED]]),
    }
    if best != order[0]:
        none = say(
            "None of the {count} brings more than {today}, margin and the value of the customers in hand at the end "
            "together: “{label}”, the best of them, changes it by {change}, of which margin over {time}: {margin}.",
            **values,
        )
        return none, say("Next: {others}.", **values)
    if surely(earned_of(comparison, best)) <= 0:
        none = say(
            "None of the {count} surely brings more than {today}, margin and the value of the customers in hand at "
            "the end together: “{label}”, the best of them, changes it by {change}, of which margin over {time}: "
            "{margin}.",
            **values,
        )
        return none, say("Next: {others}.", **values)
    lead = say(
        "Of the {count} scenarios, “{label}” brings most, margin and the value of the customers in hand at the end "
        "together: {change} against {today}, of which margin over {time}: {margin}.",
        **values,
    )
    return lead, _behind(comparison, order)


def _behind(comparison: Comparison, order: Sequence[str]) -> str:
    """How the best stands to the one that comes next."""
    if order[1] == comparison.labels[0]:
        return say("No other of them brings more than {today}.", today=order[1])
    found = ahead(comparison, order[0], order[1])
    values = {"best": order[0], "second": order[1]}
    if found.excludes_zero:
        return say("It surely leads {second}, which comes next.", **values)
    return say("Whether it is better than {second} cannot be told with these runs.", **values)


def what_to_do(comparison: Comparison) -> str:
    """What to do, and what of the plan is no lever of the model."""
    return " ".join([_recommended(comparison), *with_care(comparison)])


def _recommended(comparison: Comparison) -> str:
    """What to do, by margin and the value of the customers in hand, with what speaks against it."""
    choices = [label for label in comparison.labels[1:] if is_a_choice(comparison, label)]
    if not choices:
        return say(
            "Nothing here is the firm's to choose. To find an answer to it, let every lever be tried: sim advice."
        )
    best = next((label for label in ranked(comparison) if label in choices), choices[0])
    whole = earned_of(comparison, best)
    if identical(comparison, best):
        return say("Nothing to decide: no figure changes.")
    captives = [found for label in choices if (found := _for_captives(comparison, label)) is not None]
    if captives:
        first = comparison.labels[0]
        return capital(advised(captives[0], first) if len(captives) == 1 else prices(captives, first))
    if surely(whole) > 0:
        return _do(comparison, best)
    if whole["excludes_zero"] or negligible(whole):
        return " ".join(part for part in (_stay(comparison, best), paying_part(comparison, best)) if part)
    losing = [label for label in choices if surely(earned_of(comparison, label)) < 0]
    told = say(
        "Whether “{label}” pays is open: more runs narrow its interval (sim compare --replications).",
        label=best,
    )
    told = " ".join(part for part in (told, paying_part(comparison, best)) if part)
    if not losing:
        return told
    return say("{told} Do not do this, which surely loses money: {losing}.", told=told, losing=listed(losing))


def _do(comparison: Comparison, best: str) -> str:
    """That it is to be done, what it costs first, and what falls with it."""
    margin, falls = money_of(comparison, best, "margin"), _sure(comparison, best, up=False)
    told = say("Do “{label}”.", label=best)
    if surely(margin) < 0:
        told = say(
            "{told} It takes patience: {amount} less margin within {time}, which comes back later from the customers "
            "in hand.",
            told=told,
            amount=size_of(margin),
            time=time_of(comparison),
        )
    if falls:
        told = say("{told} But look at what falls: {falls}.", told=told, falls=falls)
    return " ".join(part for part in (told, better_part(comparison, best)) if part)


def _stay(comparison: Comparison, best: str) -> str:
    """That the best of what could be done is not worth it, and what becomes of what it brings."""
    rises = _sure(comparison, best, up=True)
    values = {
        "told": say("Stay with {today}.", today=comparison.labels[0]),
        "label": best,
        "time": time_of(comparison),
        "rises": rises,
    }
    margin = money_of(comparison, best, "margin")
    if with_equity(comparison, best) and margin["excludes_zero"] and margin["difference"] > 0:
        if surely(earned_of(comparison, best)) < 0:
            return say(
                "{told} What “{label}” brings within {time} it loses again, and more, in the value of the customers in "
                "hand.",
                **values,
            )
        return say(
            "{told} What “{label}” brings within {time} is small beside the value of the customers in hand.", **values
        )
    if not rises:
        return values["told"]
    return say("{told} What rises with “{label}” does not make up for what it costs: {rises}.", **values)


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
        moved.append(f"{words} {change_of(row)}")
    return listed(moved)


def how_sure(comparison: Comparison) -> str:
    """What stands when all figures are looked at together, and what the runs cannot say."""
    n = comparison.replications
    if all(identical(comparison, label) for label in comparison.labels[1:]):
        return say("Every figure is the same in every run with the same luck: here luck decides nothing.")
    rows = [(label, row_of_figure(comparison, label, "margin")) for label in comparison.labels[1:]]
    sure = [label for label, row in rows if row is not None and row["excludes_zero_together"]]
    runs = plural("{n} run of each world with the same luck", "{n} runs of each world with the same luck", n)
    if len(sure) == len(rows):
        stands = say("every change in margin stands, even with all figures looked at together")
    elif sure:
        stands = say("the change in margin stands for {sure}, with all figures looked at together", sure=listed(sure))
    else:
        stands = say("no change in margin stands once all figures are looked at together")
    told = say(
        "{runs}: {stands}. This is about luck; whether the assumptions hold for a real firm is a larger doubt.",
        runs=runs,
        stands=stands,
    )
    if not any(with_equity(comparison, label) for label in comparison.labels[1:]):
        return told
    return say(
        "{told} The value of the customers in hand is an estimate: it lets them go on buying and leaving as in the "
        "last year.",
        told=told,
    )
