"""The cost of quality in plain words: every sentence is made from the numbers, and says where nothing can be told."""

from __future__ import annotations

import math

import pandas as pd

from sim.results.amounts import rounded, signed
from sim.studies.cost.costed import BY_FORMULA, LEAST, OPPORTUNITY, TOTAL, CostOfQuality
from sim.studies.study_of_scenario import of_failures
from sim.words import percent, priced, say

CERTAINTY = (
    "All worlds have the same people and the same luck, so that a difference between two of them is the cause's and "
    "not luck's. The margin that never came is that of the world without the firm's failures minus that of the world "
    "as it is, both before the direct costs of failures, and within the run: what happens later is not in it. "
    "Intervals are 95% t-intervals over replications. What prevention does to failures is an assumption of the model "
    "(firm.costs.prevention_scale), and the curve is no better than it."
)


def headline(found: CostOfQuality) -> str:
    """What quality costs altogether."""
    row = found.item(TOTAL)
    return say(
        "Quality costs {money} {total}, {part} of revenue",
        money=found.scenario.money.currency,
        total=rounded(float(row["value"])),
        part=_share(row["of_revenue"]),
    )


def sentences(found: CostOfQuality) -> list[str]:
    """All that is said, the headline first."""
    return [f"{headline(found)}.", *of_costs(found), *of_prevention(found), *of_worlds(found)]


def of_costs(found: CostOfQuality) -> list[str]:
    """What is booked, what never came, and what is largest."""
    money, missed, total = found.scenario.money.currency, found.item(OPPORTUNITY), found.item(TOTAL)
    booked = float(total["value"]) - float(missed["value"])
    said = [
        say(
            "Booked are {money} {booked}; no account shows the {money} {missed} ({limits}) of margin that never came "
            "because of failures.",
            money=money,
            booked=rounded(booked),
            missed=rounded(float(missed["value"])),
            limits=_limits(missed, "low", "high"),
        )
    ]
    parts = found.items[found.items["item"] != TOTAL]
    largest = parts.iloc[int(parts["value"].argmax())]
    if float(total["value"]) > 0.0 and float(largest["value"]) > 0.0:
        said.append(
            say(
                "The largest part: {label}, {part} of the whole.",
                label=largest["label"],
                part=_share(float(largest["value"]) / float(total["value"])),
            )
        )
    return [*said, *of_failures(found, in_pairs=True)]


def of_prevention(found: CostOfQuality) -> list[str]:
    """Where all costs together are least, and how sure that is."""
    money, least, today, saved = found.scenario.money.currency, *map(found.line, (LEAST, "today", "saved"))
    where = say(
        "All costs of quality together are least with {money} {least} of prevention per customer and year (today "
        "{today})",
        money=money,
        least=rounded(float(least["value"])),
        today=rounded(float(today["value"])),
    )
    share = _share(found.line("least_share")["value"])
    if float(least["low"]) == float(least["high"]):
        said = [
            say(
                "{where}; every other step surely costs more, and it is least in {share} of the replications.",
                where=where,
                share=share,
            )
        ]
    else:
        said = [
            say(
                "{where}; it is least in {share} of the replications, and cannot be told from luck between {low} and "
                "{high}.",
                where=where,
                share=share,
                low=rounded(float(least["low"])),
                high=rounded(float(least["high"])),
            )
        ]
    said.append(_saved(found, least, today, saved))
    if at_the_end(found):
        said.append(
            say("That is the most that was tried: where the minimum lies, if there is one, these runs cannot tell.")
        )
    formula = found.line(BY_FORMULA)
    if math.isfinite(float(formula["low"])):
        said.append(
            say(
                "By the formula, reference + p0 ln(F / p0) with F the cost of failures per customer and year, it would "
                "be {money} {value} ({limits}).",
                money=money,
                value=rounded(float(formula["value"])),
                limits=_limits(formula, "low", "high"),
            )
        )
    return said


def at_the_end(found: CostOfQuality) -> bool:
    """Whether the least lies at the most prevention that was tried."""
    return bool(found.curve["is_least"].iloc[-1])


def _saved(found: CostOfQuality, least: pd.Series, today: pd.Series, saved: pd.Series) -> str:
    if float(least["value"]) == float(today["value"]):
        return say("That is today's spending.")
    change = priced(signed(-float(saved["value"]), 3), found.scenario.money.currency)
    if float(saved["low"]) > 0.0:
        return say(
            "Against today that is {change} over the run ({low} to {high}).",
            change=change,
            low=signed(-float(saved["high"]), 3),
            high=signed(-float(saved["low"]), 3),
        )
    return say("Whether that saves anything against today cannot be told from luck.")


def of_worlds(found: CostOfQuality) -> list[str]:
    """What better firms would have earned."""
    return [_of_world(found, row) for _, row in found.worlds.iterrows()]


def _of_world(found: CostOfQuality, row: pd.Series) -> str:
    if not any(float(row[name]) for name in ("missed_low", "missed_high", "customers_low", "customers_high")):
        return say("{label}: nothing changes, for it is so already, or nobody meets it.", label=row["label"])
    return say(
        "{label}: {money} {missed} before the direct costs of failures ({low} to {high}), and {people} customers at "
        "the end.",
        label=row["label"],
        money=found.scenario.money.currency,
        missed=signed(float(row["missed"]), 3),
        low=signed(float(row["missed_low"]), 3),
        high=signed(float(row["missed_high"]), 3),
        people=signed(float(row["customers"]), 3),
    )


def _share(value: float) -> str:
    return percent(float(value), 1)


def _limits(row: pd.Series, low: str, high: str) -> str:
    return say("{low} to {high}", low=rounded(float(row[low])), high=rounded(float(row[high])))
