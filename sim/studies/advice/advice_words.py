"""Advice in plain words: every sentence is made from the numbers, and says where nothing can be told."""

from __future__ import annotations

import math

import pandas as pd

from sim.results.amounts import rounded, signed, value_shown
from sim.studies.advice.advice import Advice
from sim.studies.advice.judgement import (
    BOUND,
    CHOICE,
    DEFINITION,
    INSIDE,
    LEFT_OUT,
    NOTHING,
    UNCLEAR,
    UNJUDGED,
)

MOST_NAMED = 6
"""Levers that a sentence names at most; the table has all."""

CERTAINTY = (
    "Each lever is turned alone, everything else as today, and both sides have the same luck. Profit is the margin of "
    "the run plus the discounted value of the customers in hand at its end. Intervals are 95% t-intervals of paired "
    "differences; verdicts rest on 99%. What wins by its bound wins in this model: it says as much about what the "
    "model leaves free of charge as about the firm."
)


def headline(found: Advice) -> str:
    """How many levers win by their bound."""
    bound, turned = len(found.with_verdict(BOUND)), found.steps["lever"].nunique()
    if not bound:
        return "No lever wins by its bound"
    return f"Levers that win by their bound: {bound} of {turned}"


def sentences(found: Advice) -> list[str]:
    """All that is said, the headline first."""
    return [f"{headline(found)}.", *of_levers(found), *of_price(found), *of_desk(found)]


def named(found: Advice, rows: pd.DataFrame) -> str:
    """The first levers of some, each with its best value and what it gains."""
    money = found.scenario.money.currency
    parts = [
        f"{row['label']} at {value_shown(row['best'])} ({money} {signed(float(row['change']), 3)})"
        for _, row in rows.head(MOST_NAMED).iterrows()
    ]
    return "; ".join(parts) + rest(rows)


def rest(rows: pd.DataFrame) -> str:
    """That there are more rows than are named."""
    left = len(rows) - MOST_NAMED
    return f"; and {left} more" if left > 0 else ""


def _labels(rows: pd.DataFrame) -> str:
    return "; ".join(rows["label"].head(MOST_NAMED)) + rest(rows)


def of_levers(found: Advice) -> list[str]:
    """Verdict by verdict."""
    said = []
    bound, inside, choice = (found.with_verdict(verdict) for verdict in (BOUND, INSIDE, CHOICE))
    if len(bound):
        said.append(f"By their bound win: {named(found, bound)}. Nobody should follow that without asking why.")
    if len(inside):
        said.append(f"Inside their practical range have their maximum: {named(found, inside)}.")
    if len(choice):
        said.append(f"Of choices, the best: {named(found, choice)}.")
    unclear = found.with_verdict(UNCLEAR)
    if len(unclear):
        said.append(f"Where their maximum lies cannot be told from luck: {_labels(unclear)}.")
    nothing = found.with_verdict(NOTHING)
    if len(nothing):
        said.append(f"No effect at all, for nobody met them in these runs: {_labels(nothing)}.")
    outside = found.levers[found.levers["outside"].eq(True)]
    for _, row in outside.iterrows():
        span = f"{value_shown(row['low'])} to {value_shown(row['high'])}"
        said.append(
            f"Today's value lies outside of the practical range: {row['label']}, {value_shown(row['today'])}, "
            f"practical {span}."
        )
    definitions, left_out = (found.levers[found.levers["verdict"] == verdict] for verdict in (DEFINITION, LEFT_OUT))
    if len(definitions):
        said.append(f"No levers, since the firm does not decide on them: {_labels(definitions)}.")
    for reason, rows in left_out.groupby("reason", sort=False):
        said.append(f"Not turned alone: {_labels(rows)}. The reason: {reason}.")
    if found.failed:
        said.append(
            f"Runs that failed, and were left out in pairs: {found.failed:,} of {found.runs:,}. "
            f"The first reason: {found.reason}."
        )
    return said


def of_price(found: Advice) -> list[str]:
    """The own-price elasticity, and why there is no advice on prices."""
    said = []
    row = found.line("elasticity")
    if row is not None and math.isfinite(float(row["value"])):
        said.append(f"At a price 10% higher, the own-price elasticity of units sold over the run is {_told(row)}.")
    elif row is not None:
        said.append("Nothing is sold in these runs, so that there is no elasticity of units sold.")
    unjudged = found.with_verdict(UNJUDGED)
    if len(unjudged):
        share = found.line("can_leave")
        part = 0.0 if share is None else float(share["value"])
        if found.scenario.rivals:
            said.append(
                f"No advice by price, for of the customers only {part:.0%} can leave: who cannot leave pays any price, "
                "and what is gained so is no sign that the price is right."
            )
        else:
            said.append(
                "No advice by price, for there is no rival to go to: who cannot leave pays any price, and what is "
                "gained so is no sign that the price is right."
            )
        said.append(f"Shown without a verdict: {_labels(unjudged)}.")
    return said


def _told(row: pd.Series) -> str:
    """A line's value with its interval."""
    return f"{rounded(float(row['value']))} ({rounded(float(row['low']))} to {rounded(float(row['high']))})"


def of_desk(found: Advice) -> list[str]:
    """Whether the desk pays, by the formula and by closing it."""
    said = [_by_formula(found)]
    closing = found.line("closing")
    if closing is not None and math.isfinite(float(closing["value"])):
        change = f"{found.scenario.money.currency} {signed(float(closing['value']), 3)}"
        limits = f"{signed(float(closing['low']), 3)} to {signed(float(closing['high']), 3)}"
        said.append(f"In the runs themselves, closing the desk changes profit by {change} ({limits}).")
    return said


def _by_formula(found: Advice) -> str:
    lines = {str(row["name"]): row for _, row in found.desk.iterrows()}
    gain, value, cost = lines["gain"], lines["value_of_customer"], lines["cost_of_case"]
    if not math.isfinite(float(gain["value"])):
        return "The desk answered no complaint in these runs, so that the formula cannot tell whether a case pays."
    money = found.scenario.money.currency
    sums = (
        f"an answer keeps {float(lines['kept_by_answer']['value']):.1%}, silence "
        f"{float(lines['kept_in_silence']['value']):.1%}, a customer in hand is worth "
        f"{money} {rounded(float(value['value']))}, and a case costs {money} {rounded(float(cost['value']))}"
    )
    if gain["low"] > 0:
        return f"By the formula, a case at the desk pays: {sums}."
    if gain["high"] < 0:
        return f"By the formula, a case at the desk does not pay: {sums}."
    return f"Whether a case at the desk pays cannot be told from luck by the formula: {sums}."
