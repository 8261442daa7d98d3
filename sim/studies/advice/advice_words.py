"""Advice in plain words: every sentence is made from the numbers, and says where nothing can be told."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from sim.results.amounts import rounded, signed, value_shown
from sim.studies.advice.advice import Advice
from sim.studies.advice.advice_plan import CAPTIVE_LOSS, CASES
from sim.studies.advice.levers import RISE, are_held
from sim.studies.advice.verdicts import (
    BOUND,
    CHOICE,
    DEFINITION,
    EXPLAINED,
    INSIDE,
    KEPT,
    LEFT_OUT,
    NOTHING,
    PAID,
    UNCLEAR,
    UNJUDGED,
)
from sim.studies.study_of_scenario import of_failures
from sim.words import Sentences, percent, priced, say

MOST_NAMED = 6
"""Levers that a sentence names at most; the table has all."""

CERTAINTY = (
    "Each lever is turned alone, everything else as today, and both sides have the same luck. It is turned from the "
    "first day on: what it takes to get there, in time and money, is not counted. Profit is the margin of the run plus "
    "the discounted value of the customers in hand at its end. Intervals are 95% t-intervals of paired differences; "
    "verdicts rest on 99%. Closing the desk is run with more and more pairs until it can be told from luck, and its "
    "interval is wide enough for looking again: all of them together hold with 99%. What wins by its bound wins in "
    "this model: it says as much about what the model leaves free of charge as about the firm."
)


def headline(found: Advice) -> str:
    """How many levers win by their bound, and nothing is paid for it; who can hardly leave is no measure of that."""
    if are_held(found.scenario):
        return say("No advice by money, where so few can leave")
    bound, turned = len(found.with_verdict(BOUND)), found.steps["lever"].nunique()
    if not bound:
        return _most_by_one(found)
    return say("Levers that win by their bound for nothing: {bound} of {turned}", bound=bound, turned=turned)


def _most_by_one(found: Advice) -> str:
    """What the best of the levers that can be told brings, turned alone."""
    told = _told_to_pay(found)
    if told.empty:
        return say("No lever, turned alone, surely brings more than it does today")
    return say("Most by one lever alone: {named}", named=named(found, told.head(1)))


def _told_to_pay(found: Advice) -> pd.DataFrame:
    """Levers whose best value surely brings more than today's and is paid for, the most first."""
    told = found.levers[found.levers["verdict"].isin((INSIDE, PAID, CHOICE)) & (found.levers["change"] > 0.0)]
    return told.sort_values("change", ascending=False, kind="stable")


def sentences(found: Advice) -> list[str]:
    """All that is said, the headline first."""
    return [f"{headline(found)}.", *_of_captives(found), *of_levers(found), *of_price(found), *of_desk(found)]


def what_to_do(found: Advice) -> list[str]:
    """Which levers to try first, and which not to believe before it is known what they cost."""
    if are_held(found.scenario):
        return [say("Money is no guide here: look at what those bear who cannot leave."), *_of_captives(found)]
    told, bound = _told_to_pay(found), found.with_verdict(BOUND)
    said = Sentences()
    said.append(
        say("Leave the levers as they are: turned alone, none of them surely brings more.")
        if told.empty
        else say("Try first, one at a time: {named}.", named=named(found, told.head(3)))
    )
    if len(bound):
        said.say(
            "Find out first what these cost, which win by their bound for nothing here: {labels}.",
            labels=_labels(bound),
        )
    return said


def named(found: Advice, rows: pd.DataFrame) -> str:
    """The first levers of some, each with its best value, between which it is sought, and what it gains."""
    money = found.scenario.money.currency
    return _with_rest([_at_best(row, money) for _, row in rows.head(MOST_NAMED).iterrows()], rows)


def _at_best(row: pd.Series, money: str) -> str:
    """A lever at its best step: where that lies inside, the best of all may lie anywhere up to the steps beside it."""
    told = {
        "label": row["label"],
        "value": value_shown(row["best"]),
        "money": money,
        "change": signed(float(row["change"]), 3),
    }
    if row["verdict"] != INSIDE:
        return say("{label} at {value} ({money} {change})", **told)
    low, high = (value_shown(row[name]) for name in ("best_from", "best_to"))
    return say("{label} at about {value}, between {low} and {high} ({money} {change})", low=low, high=high, **told)


def _with_rest(parts: Sequence[str], rows: pd.DataFrame) -> str:
    """What is named, and that there are more rows than that."""
    left, names = len(rows) - MOST_NAMED, "; ".join(parts)
    return say("{names}; and {left} more", names=names, left=left) if left > 0 else names


def _labels(rows: pd.DataFrame) -> str:
    return _with_rest(list(rows["label"].head(MOST_NAMED)), rows)


def of_levers(found: Advice) -> list[str]:
    """Verdict by verdict."""
    said = Sentences()
    bound, paid, inside, choice = (found.with_verdict(verdict) for verdict in (BOUND, PAID, INSIDE, CHOICE))
    if not len(bound) and not are_held(found.scenario):
        said.say("No lever wins by its bound for nothing.")
    elif len(bound):
        said.say(
            "By their bound, and for nothing, win: {named}. Nobody should follow that without asking why.",
            named=named(found, bound),
        )
    for _, row in found.with_verdict(EXPLAINED).iterrows():
        said.say(
            "{named} brings most at its bound, and not for nothing: {reason}.",
            named=named(found, row.to_frame().T),
            reason=row["reason"],
        )
    if len(paid):
        said.say("All that is practical, though it is paid for, brings most: {named}.", named=named(found, paid))
    kept = found.with_verdict(KEPT)
    if len(kept):
        said.say("On a bound, where they stand today, bring most: {labels}.", labels=_labels(kept))
    if len(inside):
        said.say("Inside their practical range have their maximum: {named}.", named=named(found, inside))
    if len(choice):
        said.say("Of choices, the best: {named}.", named=named(found, choice))
    unclear = found.with_verdict(UNCLEAR)
    if len(unclear):
        said.say("Where their maximum lies cannot be told from luck: {labels}.", labels=_labels(unclear))
    nothing = found.with_verdict(NOTHING)
    if len(nothing):
        said.say("No effect at all, for nobody met them in these runs: {labels}.", labels=_labels(nothing))
    outside = found.levers[found.levers["outside"].eq(True)]
    for _, row in outside.iterrows():
        span = say("{low} to {high}", low=value_shown(row["low"]), high=value_shown(row["high"]))
        said.say(
            "Today's value lies outside of the practical range: {label}, {value}, practical {span}.",
            label=row["label"],
            value=value_shown(row["today"]),
            span=span,
        )
    definitions, left_out = (found.levers[found.levers["verdict"] == verdict] for verdict in (DEFINITION, LEFT_OUT))
    if len(definitions):
        said.say("No levers, since the firm does not decide on them: {labels}.", labels=_labels(definitions))
    for reason, rows in left_out.groupby("reason", sort=False):
        said.say("Not turned alone: {labels}. The reason: {reason}.", labels=_labels(rows), reason=reason)
    return [*said, *of_failures(found, in_pairs=True)]


def of_price(found: Advice) -> list[str]:
    """The own-price elasticity, and why there is no advice by money."""
    said = Sentences()
    row = found.line("elasticity")
    if row is not None and math.isfinite(float(row["value"])):
        sold = RISE ** float(row["value"]) - 1.0
        values = {"rise": percent(RISE - 1.0), "part": percent(abs(sold)), "value": _told(row)}
        said.append(
            say(
                "A price {rise} higher sells {part} fewer units over the run: an own-price elasticity of {value}.",
                **values,
            )
            if sold < 0.0
            else say(
                "A price {rise} higher does not sell fewer units over the run: an own-price elasticity of {value}.",
                **values,
            )
        )
    elif row is not None:
        said.say("Nothing is sold in these runs, so that there is no elasticity of units sold.")
    unjudged = found.with_verdict(UNJUDGED)
    if len(unjudged):
        share = found.line("can_leave")
        part = 0.0 if share is None else float(share["value"])
        if found.scenario.rivals:
            said.say(
                "No advice by money, for of the customers only {part:.0%} can leave: who cannot leave pays "
                "any price and bears any service, and what is gained so is no sign that it is right.",
                part=part,
            )
        else:
            said.say(
                "No advice by money, for there is no rival to go to: who cannot leave pays any price and bears "
                "any service, and what is gained so is no sign that it is right."
            )
        said.say("Shown without a verdict: {labels}.", labels=_labels(unjudged))
    return said


def _of_captives(found: Advice) -> list[str]:
    """What those bear themselves who cannot leave, and where they go, which are in the place of advice by money."""
    loss, cases = found.line(CAPTIVE_LOSS), found.line(CASES)
    if loss is None or cases is None:
        return []
    said = Sentences()
    said.say(
        "Those who cannot leave bear {money} {loss} of time and bother themselves in these runs, which is in no "
        "account of the firm.",
        money=found.scenario.money.currency,
        loss=_told(loss),
    )
    if found.scenario.third_party.case_share > 0.0:
        said.say("To a third party {cases} complaints are taken.", cases=_told(cases))
    eased = [
        say(
            "{label} at {value} ({money} {loss}, profit {change})",
            label=row["label"],
            value=value_shown(row["best"]),
            money=found.scenario.money.currency,
            loss=signed(float(step[f"{CAPTIVE_LOSS}_change"]), 3),
            change=signed(float(row["change"]), 3),
        )
        for row, step in found.that_ease()
        if step[f"{CAPTIVE_LOSS}_high"] < 0.0
    ]
    if eased:
        said.say("They bear less with {named}.", named="; ".join(eased[:MOST_NAMED]))
    return said


def _told(row: pd.Series) -> str:
    """A line's value with its interval."""
    return say(
        "{value} ({low} to {high})",
        value=rounded(float(row["value"])),
        low=rounded(float(row["low"])),
        high=rounded(float(row["high"])),
    )


def of_desk(found: Advice) -> list[str]:
    """Whether the desk pays, by the formula and by closing it, and whether to invite complaints."""
    said = [_by_formula(found), *_by_inviting(found)]
    closing, pairs = found.line("closing"), found.line("pairs")
    if closing is None or pairs is None or not math.isfinite(float(closing["low"])):
        return said
    change = priced(signed(float(closing["value"]), 3), found.scenario.money.currency)
    limits = say("{low} to {high}", low=signed(float(closing["low"]), 3), high=signed(float(closing["high"]), 3))
    if closing["low"] > 0.0 or closing["high"] < 0.0 or closing["low"] == closing["high"]:
        sentence = say(
            "In the runs themselves, closing the desk changes profit by {change} ({limits}; {pairs} pairs of runs).",
            change=change,
            limits=limits,
            pairs=int(pairs["value"]),
        )
    else:
        sentence = say(
            "In {pairs} pairs of runs, what closing the desk does cannot be told from luck: {change} ({limits}).",
            change=change,
            limits=limits,
            pairs=int(pairs["value"]),
        )
    return [*said, sentence]


def _by_formula(found: Advice) -> str:
    lines = {str(row["name"]): row for _, row in found.desk.iterrows()}
    gain, value, cost = lines["gain"], lines["value_of_complainer"], lines["cost_of_case"]
    if not math.isfinite(float(gain["value"])):
        return say("The desk answered nobody in these runs, so that the formula cannot tell whether a case pays.")
    money = found.scenario.money.currency
    sums = say(
        "an answer of the desk keeps {answer:.1%}, none keeps {none:.1%} and silence {silence:.1%}, a complainer in "
        "hand is worth {money} {worth}, and a case costs {money} {cost}",
        answer=float(lines["kept_by_answer"]["value"]),
        none=float(lines["kept_unanswered"]["value"]),
        silence=float(lines["kept_in_silence"]["value"]),
        money=money,
        worth=rounded(float(value["value"])),
        cost=rounded(float(cost["value"])),
    )
    if gain["low"] > 0:
        return say("By the formula, an answer of the desk pays: {sums}.", sums=sums)
    if gain["high"] < 0:
        return say("By the formula, an answer of the desk does not pay: {sums}.", sums=sums)
    return say("Whether an answer of the desk pays cannot be told from luck by the formula: {sums}.", sums=sums)


def _by_inviting(found: Advice) -> list[str]:
    """Whether complaints of those who would have been silent pay; nothing where that cannot be told."""
    line, money = found.line("gain_by_inviting"), found.scenario.money.currency
    if line is None or not math.isfinite(float(line["value"])):
        return []
    amount = rounded(abs(float(line["value"])))
    if line["high"] < 0.0:
        return [
            say(
                "To answer is one thing, to invite complaints another: of the silent so many stay that a complaint of "
                "one of them loses {money} {amount}.",
                money=money,
                amount=amount,
            )
        ]
    if line["low"] > 0.0:
        return [
            say(
                "To invite complaints pays too: one of the silent who speaks up gains {money} {amount}.",
                money=money,
                amount=amount,
            )
        ]
    return []
