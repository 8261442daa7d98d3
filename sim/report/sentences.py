"""The answer in plain words: every sentence is made from the numbers, and left out where there are none."""

from __future__ import annotations

import math

from sim.report.wording import number, per_1000, with_interval
from sim.results.failures import failed_runs
from sim.results.result import Result
from sim.results.series import focal

CAUSES = {
    "left_silent": "leaving in silence after a bad experience",
    "lapsed_silent": "leaving in silence after a bad experience, with a way back",
    "left_complaint": "leaving after a complaint",
    "left_switch": "going over to a rival",
    "left_natural": "reasons that no service can mend",
}


def _known(result: Result, *names: str) -> bool:
    return all(math.isfinite(result.value(name)) for name in names)


def _said(result: Result, name: str) -> str:
    return with_interval(result.summary.T[name])


def headline(result: Result) -> str:
    """One sentence for those who read one sentence."""
    firm = result.scenario.firm.name
    subject = "The firm" if firm == "focal" else firm
    if not _known(result, "seen_share", "yearly_loss"):
        return f"{subject}: no customer was dissatisfied in this run."
    seen = result.value("seen_share") * 1000
    loss = result.value("yearly_loss")
    return (
        f"{subject} loses {loss:.0%} of its customers in a year, and its complaint register shows "
        f"{per_1000(seen)} of every 1,000 experiences that dissatisfied."
    )


def main_cause(result: Result) -> tuple[str, float] | None:
    """The cause that took most customers over the whole run, and its share of all departures."""
    departures = focal(result.series, result.scenario)[list(CAUSES)].sum()
    if departures.sum() <= 0:
        return None
    cause = str(departures.idxmax())
    return cause, float(departures[cause] / departures.sum())


def answer(result: Result) -> list[str]:
    """The answer, sentence by sentence."""
    ledger = result.iceberg["per_1000"]
    said = []
    if _known(result, "yearly_loss"):
        text = f"In a year {_said(result, 'yearly_loss')} of the customers leave."
        cause = main_cause(result)
        if cause is not None:
            text += f" The most frequent reason is {CAUSES[cause[0]]}: {cause[1]:.0%} of those who leave."
        said.append(text)
    if _known(result, "seen_share"):
        text = (
            f"Of every 1,000 encounters that dissatisfy, {per_1000(ledger['complained'])} bring a complaint and "
            f"{per_1000(ledger['registered'])} reach the complaint register. "
            f"{per_1000(ledger['silent_lost'])} end with a customer who leaves for ever without a word"
        )
        if _known(result, "silent_lost_ratio"):
            text += f": {result.value('silent_lost_ratio'):,.1f} for each complainer who is lost for ever"
        said.append(text + ".")
    silent = ledger["silent"]
    if _known(result, "complainers_kept") and math.isfinite(silent) and silent > 0:
        stayed = (ledger["silent_stayed"] + ledger["silent_captive"]) / silent
        said.append(
            f"Of complainers whose complaint has ended, {_said(result, 'complainers_kept')} buy again; of those who "
            f"said nothing, {stayed:.1%} stay."
        )
    if _known(result, "satisfaction", "acsi", "nps"):
        said.append(
            f"Customers' satisfaction is {_said(result, 'satisfaction')} of 100 over the last year; that is an ACSI of "
            f"{_said(result, 'acsi')} and a Net Promoter Score of {_said(result, 'nps')}. These are the true values, "
            "which no survey of a firm knows."
        )
    if _known(result, "talk_ratio"):
        row = result.summary.T["talk_ratio"].copy()
        row["unit"] = "people"
        row[["value", "low", "high"]] *= 100.0
        said.append(f"For 100 people who hear something bad about the firm, {with_interval(row)} hear something good.")
    said += _money(result)
    return said


def _money(result: Result) -> list[str]:
    if not _known(result, "quality_cost_share"):
        return []
    text = f"Poor quality, and the work against it, cost {_said(result, 'quality_cost_share')} of operating cost."
    estimate, unit = result.value("opportunity_estimate"), result.scenario.money.currency
    if not _known(result, "opportunity_measured"):
        return [
            f"{text} In this, the opportunity cost is only estimated ({number(estimate, unit)}), by a rule of thumb, "
            "because the scenario does not ask for it to be measured."
        ]
    measured, low = result.value("opportunity_measured"), result.summary["low"].to_dict()["opportunity_measured"]
    text += (
        f" The same world without the firm's failures would have brought {_said(result, 'opportunity_measured')} more "
        f"before the direct cost of failures; the rule of thumb says {number(estimate, unit)}"
    )
    if measured > 0 and estimate > 0 and not low <= 0:
        times = estimate / measured
        text += f", {times:,.1f} times as much" if times >= 1 else f", {times:.0%} of it"
    elif low <= 0:
        text += ", while the measure is not to be told from nothing"
    return [text + ". The measure ends with the run, the rule of thumb looks beyond it."]


def certainty(result: Result) -> str:
    """What the intervals mean, and what they do not."""
    runs = result.replications
    if runs == 1:
        return (
            "This is one run, so nothing can be said about its luck: ask for more replications to get intervals. Nor "
            "does it say whether the assumptions hold for a real firm."
        )
    return (
        f"Numbers are means of {runs} runs with independent luck, with 95% intervals of that mean in brackets. An "
        "interval shows how much luck is left in the number. It says nothing about whether the assumptions hold for a "
        "real firm: that doubt is usually larger."
    )


def failures(result: Result) -> str:
    """What of the runs that were asked for failed, and why; empty where none did."""
    failed = result.manifest.get("failed", [])
    if not failed:
        return ""
    told = failed_runs(len(failed), len(failed) + result.replications, failed[0]["reason"])
    return f"{told}. Everything on this page comes from the others."


PRESETS = {
    "slogan": (
        "This run takes the slogan at its word. It is an illustration, rejected by the very man whose studies it "
        "quotes: read the results as what would follow if it were true."
    ),
    "tarp_minor": (
        "This run uses the shares that TARP is reported to have found for losses under 5 dollars (read second-hand): "
        "people who lost little, and what they said they would do."
    ),
    "tarp_major": (
        "This run uses the shares that TARP is reported to have found for losses above 100 dollars (read second-hand): "
        "people who lost much, and what they said they would do. The share who complain is not in that source."
    ),
    "goodman_1999": (
        "This run lets half of the dissatisfied speak up at the front line and few of them go further, as Goodman "
        "(1999) reports. What becomes of them is not in that source."
    ),
    "rage_2015": (
        "This run lets 79% of those with a problem report it, as the National Customer Rage study of 2015 found among "
        "United States households, 63% of whom said that they got nothing."
    ),
}


def preset_in_use(result: Result) -> str:
    """What the shares of this run's complainers and leavers rest on."""
    voice = result.scenario.voice
    name = voice.preset
    if name is None:
        text = (
            "This run names no preset. By default the shares are those that TARP is reported to have found for losses "
            "under 5 dollars (read second-hand); the table of assumptions shows which of them were changed."
        )
    else:
        text = PRESETS.get(name, f"This run uses the preset {name}.")
    kept = voice.repurchase
    outcomes = ("silent", "unanswered", "unresolved", "resolved")
    shares = ", ".join(f"{getattr(kept, outcome):.0%} of the {outcome}" for outcome in outcomes)
    text += (
        f" Its base shares: {voice.complain_share:.0%} of the dissatisfied complain; {shares} and "
        f"{kept.resolved_quickly:.0%} of the quickly resolved will buy again."
    )
    drivers = [*voice.complaint_drivers.model_dump().values(), *voice.repurchase_drivers.model_dump().values()]
    if any(drivers):
        text += " Severity, loyalty, ease of complaining and other drivers shift these shares from person to person."
    return text
