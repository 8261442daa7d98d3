"""The cost of quality in plain words: every sentence is made from the numbers, and says where nothing can be told."""

from __future__ import annotations

import math

import pandas as pd

from sim.report.signed_changes import changed_by
from sim.report.wording import told_amount
from sim.results.amounts import rounded, signed
from sim.studies.cost.costed import BY_FORMULA, LEAST, OPPORTUNITY, TOTAL, CostOfQuality
from sim.studies.study_of_scenario import of_failures
from sim.words import Sentences, in_years, percent, priced, rounded_money, say

CERTAINTY = (
    "All worlds have the same people and the same luck, so that a difference between two of them is the cause's and "
    "not luck's. The margin that never came is that of the world without the firm's failures minus that of the world "
    "as it is, both before the direct costs of failures, and within the run: what happens later is not in it. "
    "Intervals are 95% t-intervals over replications. What prevention does to failures is an assumption of the model, "
    "and the curve is no better than it."
)


def headline(found: CostOfQuality) -> str:
    """What quality costs altogether, and with how much prevention it would cost less."""
    row, saved = found.item(TOTAL), found.line("saved")
    values = {
        "total": _priced(found, row["value"]),
        "time": time_of(found),
        "part": percent(float(row["of_revenue"]), 1),
    }
    if float(saved["low"]) > 0.0:
        return say(
            "Quality costs {total} over {time}, {part} of revenue, and {saved} less with {least} of prevention per "
            "customer and year instead of {today}",
            saved=_amount(found, saved),
            least=_rate(found, LEAST),
            today=_rate(found, "today"),
            **values,
        )
    return say(
        "Quality costs {total} over {time}, {part} of revenue; more or less prevention does not surely lower it",
        **values,
    )


def time_of(found: CostOfQuality) -> str:
    """How long the run lasts, in words."""
    run = found.scenario.run
    return in_years(run.periods, run.period)


def sentences(found: CostOfQuality) -> list[str]:
    """All that is said, the headline first."""
    return [
        f"{headline(found)}.",
        *of_costs(found),
        *what_to_do(found),
        *of_prevention(found),
        *of_formula(found),
        *of_worlds(found),
    ]


def of_costs(found: CostOfQuality) -> list[str]:
    """What is booked, what never came, and what is largest."""
    missed, total = found.item(OPPORTUNITY), found.item(TOTAL)
    booked = float(total["value"]) - float(missed["value"])
    said, values = Sentences(), {"booked": _priced(found, booked), "missed": _amount(found, missed)}
    if float(missed["high"]) < 0.0:
        said.say(
            "Booked are {booked}. Margin that never came because of failures is below 0, {missed}: those whom failures "
            "keep away would cost more than they bring.",
            **values,
        )
    elif float(missed["low"]) <= 0.0 and float(missed["value"]) != 0.0:
        said.say(
            "Booked are {booked}. Whether any margin never came because of failures cannot be told: {missed}.", **values
        )
    else:
        said.say(
            "Booked are {booked}; no account shows the {missed} of margin that never came because of failures.",
            **values,
        )
    if any(segment.bonds.captive_share > 0.0 for segment in found.scenario.all_segments):
        said.say(
            "What failures cost customers who cannot leave is in no account of the firm, and none of this sum: sim run "
            "tells it."
        )
    parts = found.items[found.items["item"] != TOTAL]
    largest = parts.iloc[int(parts["value"].argmax())]
    if float(total["value"]) > 0.0 and float(largest["value"]) > 0.0:
        said.say(
            "The largest part: {label}, {part} of the whole.",
            label=largest["label"],
            part=percent(float(largest["value"]) / float(total["value"])),
        )
    return [*said, *of_failures(found, in_pairs=True)]


def what_to_do(found: CostOfQuality) -> list[str]:
    """How much to spend on prevention, as far as the runs can tell."""
    least, today, saved = map(found.line, (LEAST, "today", "saved"))
    values = {"least": _rate(found, LEAST), "today": _rate(found, "today"), "time": time_of(found)}
    if float(least["value"]) == float(today["value"]):
        said = Sentences(
            [say("Leave prevention at {today} per customer and year: no other step costs less.", **values)]
        )
    elif float(saved["low"]) > 0.0:
        said = Sentences()
        said.say(
            "Spend {least} per customer and year on prevention, not {today}: that saves {saved} over {time}.",
            saved=_amount(found, saved),
            **values,
        )
    else:
        said = Sentences()
        said.say(
            "Leave prevention at {today} per customer and year: whether {least}, where the sum is least, saves "
            "anything cannot be told from luck.",
            **values,
        )
    if at_the_end(found):
        said.say("That is the most that was tried: where the minimum lies, if there is one, these runs cannot tell.")
    return said


def of_prevention(found: CostOfQuality) -> list[str]:
    """How sure it is where all costs together are least."""
    least, share = found.line(LEAST), percent(float(found.line("least_share")["value"]))
    values = {"least": _rate(found, LEAST), "share": share}
    if float(least["low"]) == float(least["high"]):
        return [
            say(
                "All costs of quality together are least with {least} of prevention per customer and year: every other "
                "step surely costs more, and it is least in {share} of the replications.",
                **values,
            )
        ]
    return [
        say(
            "All costs of quality together are least with {least} of prevention per customer and year, in {share} of "
            "the replications; between {low} and {high} the difference cannot be told from luck.",
            low=rounded(float(least["low"])),
            high=rounded(float(least["high"])),
            **values,
        )
    ]


def of_formula(found: CostOfQuality) -> list[str]:
    """Where the formula has the minimum."""
    formula = found.line(BY_FORMULA)
    if not math.isfinite(float(formula["low"])):
        return []
    return [
        say(
            "By the formula, reference + p0 ln(F / p0) with F the cost of failures per customer and year, the least is "
            "at {value} ({low} to {high}).",
            value=_rate(found, BY_FORMULA),
            low=rounded(float(formula["low"])),
            high=rounded(float(formula["high"])),
        )
    ]


def at_the_end(found: CostOfQuality) -> bool:
    """Whether the least lies at the most prevention that was tried."""
    return bool(found.curve["is_least"].iloc[-1])


def of_worlds(found: CostOfQuality) -> list[str]:
    """What better firms would have earned."""
    return [_of_world(found, row) for _, row in found.worlds.iterrows()]


def _of_world(found: CostOfQuality, row: pd.Series) -> str:
    if not any(float(row[name]) for name in ("missed_low", "missed_high", "customers_low", "customers_high")):
        return say("{label}: nothing changes, for it is so already, or nobody meets it.", label=row["label"])
    missed = [float(row[f"missed{end}"]) for end in ("", "_low", "_high")]
    return say(
        "{label}: {missed} before the direct costs of failures, and {people} customers at the end.",
        label=row["label"],
        missed=changed_by(pd.Series([*missed, found.scenario.money.currency], ["difference", "low", "high", "unit"])),
        people=signed(float(row["customers"])),
    )


def _rate(found: CostOfQuality, line: str) -> str:
    """What is spent per customer and year."""
    return priced(rounded(float(found.line(line)["value"])), found.scenario.money.currency)


def _priced(found: CostOfQuality, value: float) -> str:
    return rounded_money(float(value), found.scenario.money.currency)


def _amount(found: CostOfQuality, row: pd.Series) -> str:
    return told_amount(float(row["value"]), float(row["low"]), float(row["high"]), found.scenario.money.currency)
