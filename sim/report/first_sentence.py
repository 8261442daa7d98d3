"""The first sentence of a run's report: the answer to the scenario's question, with its number and how sure it is.

What the question is about, the scenario says (`asks`). Where the run cannot answer it, for nothing of the kind
happened or was measured, another sentence says so or the usual one stands in.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import pandas as pd

from sim.model.market import PERIODS_PER_YEAR
from sim.parameters.labels import label
from sim.report.learning_words import learning_answer
from sim.report.leaving_causes import CAUSES, causes
from sim.report.load_words import load_answer
from sim.report.wording import per_1000, told_amount, with_interval
from sim.results.firm_names import NAMELESS, shown_name
from sim.results.intervals import Interval, mean_interval
from sim.results.result import Result
from sim.results.series import focal
from sim.words import counted, in_years, listed, money, percent, say, translated, written

AT_THE_FRONT = 2.0
"""Complaints over those in the register from which on most are made, and stay, at the front line."""


def first_sentence(result: Result) -> str:
    """The answer to what the scenario asks; where it asks nothing in particular, how many leave and what is seen."""
    found = ANSWERS[result.scenario.asks](result) if result.scenario.asks in ANSWERS else ""
    return found or usual(result)


def named(result: Result) -> str:
    """The firm within a sentence."""
    return shown_name(result.scenario.firm.name)


def known(result: Result, *names: str) -> bool:
    """Whether all these key figures have a value."""
    return all(math.isfinite(result.value(name)) for name in names)


CAUSES_NAMED = 2
"""Causes of leaving in an answer: the greatest is often one that no service can mend."""


def usual(result: Result) -> str:
    """How many customers leave, and how much of their dissatisfaction the register shows."""
    subject = named(result) if result.scenario.firm.name != NAMELESS else say("The firm")
    if not known(result, "seen_share", "yearly_loss"):
        return say("{subject}: no customer was dissatisfied in this run.", subject=subject)
    return say(
        "{subject} loses {loss:.0%} of its customers in a year, and its complaint register shows "
        "{seen} of every 1,000 experiences that dissatisfied.",
        subject=subject,
        loss=result.value("yearly_loss"),
        seen=per_1000(1000.0 * result.value("seen_share")),
    )


def told_figure(result: Result, name: str) -> str:
    """A key figure with its interval."""
    return with_interval(result.summary.T[name])


def _money(result: Result, found: Interval) -> str:
    """An amount with its interval, as it is told in a meeting."""
    return told_amount(*found, result.scenario.money.currency)


def _whole(found: Interval) -> str:
    """A count with its interval."""
    if not math.isfinite(found.low) or found.high == found.low:
        return counted(found.value)
    return _between(*map(counted, (found.value, max(found.low, 0.0), found.high)))


def _between(value: str, low: str, high: str) -> str:
    return say("{value} ({low} to {high})", value=value, low=low, high=high)


def _figure(result: Result, name: str) -> Interval:
    row = result.summary.T[name]
    return Interval(float(row["value"]), float(row["low"]), float(row["high"]))


def _register(result: Result) -> str:
    """How far what the firm sees is from what is."""
    if not known(result, "seen_share"):
        return ""
    share = _figure(result, "seen_share")
    seen = per_1000(1000.0 * share.value)
    if math.isfinite(share.low):
        seen = _between(seen, *(per_1000(1000.0 * end) for end in (share.low, share.high)))
    values = {"firm": named(result), "seen": seen, "hidden": per_1000(1000.0 * (1.0 - share.value))}
    if known(result, "complaint_share") and result.value("complaint_share") > AT_THE_FRONT * share.value:
        return say(
            "Of every 1,000 experiences that dissatisfy, {said} are complained of, most of them at the front line, and "
            "the complaint register of {firm} shows {seen}; of the other {hidden} headquarters never hears.",
            said=per_1000(1000.0 * result.value("complaint_share")),
            **values,
        )
    return say(
        "Of every 1,000 experiences that dissatisfy, the complaint register of {firm} shows {seen}; the other "
        "{hidden} it never hears of.",
        **values,
    )


def active_before(result: Result) -> float:
    """Customers with which the run begins, mean over replications."""
    rows = focal(result.series, result.scenario)
    return float(rows.loc[rows["period"] == rows["period"].min(), "active_start"].mean())


def _fate(result: Result) -> str:
    """What becomes of the firm: its customers from start to end, and what it earns."""
    first = active_before(result)
    if not (first > 0.0 and known(result, "customers", "margin", "yearly_loss")):
        return ""
    run = result.scenario.run
    end, margin = _figure(result, "customers"), _figure(result, "margin")
    a_year = run.periods / PERIODS_PER_YEAR[run.period]
    moved = end.value / first - 1.0
    values = {
        "time": in_years(run.periods, run.period),
        "firm": named(result),
        "before": counted(first),
        "after": _whole(end),
        "share": percent(abs(moved)),
        "margin": _money(result, Interval(*(value / a_year for value in margin))),
    }
    if math.isfinite(end.low) and end.low <= first <= end.high:
        return say(
            "After {time} {firm} has about as many customers as before, {after} against {before}, for {loss} leave in "
            "a year and as many are won; its margin is {margin} a year.",
            loss=percent(result.value("yearly_loss")),
            **values,
        )
    if moved > 0.0:
        return say(
            "In {time} {firm} grows by {share}, from {before} to {after} customers, with a margin of {margin} a year.",
            **values,
        )
    return say(
        "In {time} {firm} loses {share} of its size, from {before} to {after} customers, with a margin of {margin} "
        "a year.",
        **values,
    )


def _each_failure(result: Result) -> str:
    """What one failure that a customer feels costs in margin that never comes; empty where it was not measured."""
    found = result.totals
    felt = found["failures_felt"]
    if not known(result, "opportunity_measured") or not (felt > 0).all():
        return ""
    each = mean_interval(found["opportunity_measured"] / felt)
    if each.low <= 0.0 <= each.high:
        return say(
            "What one bad experience costs {firm} in margin that never comes cannot be told from nothing in these "
            "runs: {each}",
            firm=named(result),
            each=_money(result, each),
        )
    return say(
        "One bad experience costs {firm} {each} of margin that never comes, besides what it costs to put right",
        firm=named(result),
        each=_money(result, each),
    )


def _forgiving(result: Result) -> str:
    """Of complainers and of the silent, how many stay."""
    kept = _kept(result)
    if kept is None:
        return ""
    return say(
        "of 100 who complain {complained} buy again, of 100 who say nothing {silent} stay",
        complained=written(100.0 * kept[0], ".0f"),
        silent=written(100.0 * kept[1], ".0f"),
    )


def _kept(result: Result) -> tuple[float, float] | None:
    """Share of complainers who buy again, and of the silent who stay."""
    total = result.totals.sum()
    if total["complaints_ended"] <= 0 or total["silent"] <= 0:
        return None
    stayed = total["silent_stayed"] + total["silent_captive"]
    return float(total["complaints_kept"] / total["complaints_ended"]), float(stayed / total["silent"])


def _joined(*parts: str) -> str:
    """Several findings in one sentence; empty where there are none."""
    told = [part for part in parts if part]
    return "" if not told else "; ".join([told[0][:1].upper() + told[0][1:], *told[1:]]) + "."


def _failures(result: Result) -> str:
    return _joined(_each_failure(result), _forgiving(result))


def _talk(result: Result) -> str:
    total = result.totals.sum()
    brought = ""
    if total["told_positive"] > 0:
        each = 1000.0 * total["won_talk"] / total["told_positive"]
        brought = say(
            "every 1,000 times that somebody is told something good bring {new} customers", new=per_1000(each)
        )
    return _joined(_each_failure(result), brought)


def _world(result: Result, name: str) -> pd.Series | None:
    worlds = result.quality_worlds
    if worlds is None or name not in set(worlds["world"]):
        return None
    return worlds[worlds["world"] == name].iloc[0]


def _perfect(result: Result) -> str:
    row = _world(result, "perfect_answers")
    if row is None:
        return say(
            "what good answers are worth was not measured (“{parameter}” has it measured)",
            parameter=label("money.measure_quality_worlds"),
        )
    missed = Interval(float(row["missed"]), float(row["missed_low"]), float(row["missed_high"]))
    if missed.low <= 0.0 <= missed.high:
        return say(
            "what perfect answers would be worth cannot be told from nothing in these runs: {missed}",
            missed=_money(result, missed),
        )
    return say(
        "perfect answers to every complaint would be worth {missed} over the run, before what they cost",
        missed=_money(result, missed),
    )


def _answers(result: Result) -> str:
    return _joined(_forgiving(result), _perfect(result))


def _keeping(result: Result) -> str:
    if not known(result, "cost_of_winning", "cost_of_keeping"):
        return _answers(result)
    costs = say(
        "a new customer costs {firm} {winning} to win, and one in hand {keeping} a year to keep",
        firm=named(result),
        winning=told_figure(result, "cost_of_winning"),
        keeping=told_figure(result, "cost_of_keeping"),
    )
    return _joined(costs, _perfect(result))


def _departures(result: Result) -> str:
    found = causes(result)
    if not found or not known(result, "yearly_loss"):
        return ""
    lost = say(
        "{loss} of the customers leave in a year; first among the causes: {causes}",
        loss=told_figure(result, "yearly_loss"),
        causes=listed([f"{translated(CAUSES[cause])} ({percent(share)})" for cause, share in found[:CAUSES_NAMED]]),
    )
    worlds = result.quality_worlds
    if worlds is None:
        return _joined(lost)
    best = worlds.sort_values("customers").iloc[-1]
    gain = Interval(float(best["customers"]), float(best["customers_low"]), float(best["customers_high"]))
    if gain.value <= 0.0 or gain.low <= 0.0:
        return _joined(lost, say("none of the better worlds that were tried surely keeps more"))
    world = str(best["label"])[:1].lower() + str(best["label"])[1:]
    return _joined(lost, say("{world}, it would have {more} customers more at the end", world=world, more=_whole(gain)))


def _loyalty(result: Result) -> str:
    kinds = result.census[result.census["typology"] == "loyalty type"].set_index("type")
    count = float(kinds["count"].sum())
    if count <= 0.0 or not known(result, "retention", "satisfaction", "customers"):
        return ""
    row = kinds.T["spurious"]
    spurious = percent(row["count"] / count)
    if math.isfinite(row["low"]):
        spurious = _between(spurious, *(percent(min(max(row[end] / count, 0.0), 1.0)) for end in ("low", "high")))
    held = say(
        "{spurious} of the customers of {firm} stay only because leaving is a burden: another firm pulls at them, "
        "though {retention} are kept for a year.",
        spurious=spurious,
        firm=named(result),
        retention=percent(result.value("retention")),
    )
    before = active_before(result)
    end = _figure(result, "customers")
    if not (math.isfinite(end.low) and not end.low <= before <= end.high):
        return held
    return say(
        "{held} From start to end its customers go from {before} to {after}.",
        held=held,
        before=counted(before),
        after=_whole(end),
    )


def _captives(result: Result) -> str:
    if not known(result, "satisfaction", "retention", "captive_loss"):
        return ""
    total = result.totals
    held = mean_interval(total["silent_captive"] + total["complaint_captive"])
    kept = say(
        "{retention} of the customers are kept for a year, but satisfaction is {satisfaction} of 100",
        retention=percent(result.value("retention")),
        satisfaction=told_figure(result, "satisfaction"),
    )
    values = {"held": _whole(held), "time": in_years(result.scenario.run.periods, result.scenario.run.period)}
    if result.value("captive_loss") <= 0.0:
        return _joined(kept, say("{held} times in {time} somebody stayed only because they cannot leave", **values))
    loss = told_figure(result, "captive_loss")
    return _joined(
        kept,
        say(
            "{held} times in {time} somebody stayed only because they cannot leave, at a cost to themselves of {loss}",
            loss=loss,
            **values,
        ),
    )


TWO_DIGITS = 10.0
"""From here on two digits of an amount are whole."""


def _voice(result: Result) -> str:
    kept = _kept(result)
    if kept is None:
        return ""
    gain, found = kept[0] - kept[1], _forgiving(result)
    if abs(gain) < 0.01:
        return say("Complaining changes little: {found}.", found=found)
    if gain < 0.0:
        return say("Complaining is no remedy here: {found}.", found=found)
    if not known(result, "lifetime_value"):
        return say("Complaining keeps customers: {found}.", found=found)
    cost = gain * result.value("lifetime_value")
    return say(
        "Complaining helps: a complaint that is never made costs {firm} about {cost}, for {found}, and a customer is "
        "worth {value}.",
        firm=named(result),
        cost=money(float(f"{cost:.2g}"), result.scenario.money.currency, 0 if cost >= TWO_DIGITS else 2),
        found=found,
        value=told_figure(result, "lifetime_value"),
    )


def _change(result: Result) -> str:
    if not known(result, "margin", "retention"):
        return ""
    return say(
        "What this brings shows only beside the world without it (sim compare TODAY.yaml THIS.yaml); by itself "
        "{firm} keeps {retention} of its customers for a year, with a margin of {margin} in {time}.",
        firm=named(result),
        retention=told_figure(result, "retention"),
        margin=told_figure(result, "margin"),
        time=in_years(result.scenario.run.periods, result.scenario.run.period),
    )


ANSWERS: dict[str, Callable[[Result], str]] = {
    "register": _register,
    "fate": _fate,
    "failures": _failures,
    "talk": _talk,
    "answers": _answers,
    "keeping": _keeping,
    "departures": _departures,
    "loyalty": _loyalty,
    "captives": _captives,
    "voice": _voice,
    "change": _change,
    "load": load_answer,
    "steering": learning_answer,
}
"""How each kind of question is answered (`asks` of a scenario)."""
