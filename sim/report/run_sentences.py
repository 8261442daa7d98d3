"""The answer in plain words: every sentence is made from the numbers, and left out where there are none."""

from __future__ import annotations

import math

from sim.report.beside_words import beside, loyalty_next_step
from sim.report.first_sentence import known, told_figure
from sim.report.flow_words import flow_sentences, newcomer_next_step
from sim.report.gap_words import gap_sentences
from sim.report.learning_words import learning_next_step, learning_sentences
from sim.report.leaving_causes import CAUSES, main_cause
from sim.report.load_words import load_next_step, load_sentences
from sim.report.programme_words import programme_sentences
from sim.report.wording import number, per_1000, with_interval
from sim.results.failed_work import failed_runs_told
from sim.results.result import Result
from sim.results.series import focal
from sim.words import Sentences, in_years, say, translated


def answer(result: Result) -> list[str]:
    """What else the run says, sentence by sentence."""
    ledger = result.iceberg["per_1000"]
    said = Sentences()
    if known(result, "yearly_loss"):
        text = say("In a year {yearly_loss} of the customers leave.", yearly_loss=told_figure(result, "yearly_loss"))
        cause = main_cause(result)
        if cause is not None:
            reason = translated(CAUSES[cause[0]])
            why = say(
                "First among the causes: {reason} ({share:.0%} of those who leave).", reason=reason, share=cause[1]
            )
            text = f"{text} {why}"
        said += [text, *flow_sentences(result)]
    if known(result, "seen_share"):
        counts = {name: per_1000(ledger[name]) for name in ("complained", "registered", "silent_lost")}
        said.append(
            say(
                "Of every 1,000 encounters that dissatisfy, {complained} bring a complaint and {registered} "
                "reach the complaint register. {silent_lost} end with a customer who leaves in anger without a "
                "word: {ratio:,.1f} for each complainer who is lost so.",
                ratio=result.value("silent_lost_ratio"),
                **counts,
            )
            if known(result, "silent_lost_ratio")
            else say(
                "Of every 1,000 encounters that dissatisfy, {complained} bring a complaint and {registered} reach the "
                "complaint register. {silent_lost} end with a customer who leaves in anger without a word.",
                **counts,
            )
        )
    silent = ledger["silent"]
    if known(result, "complainers_kept") and math.isfinite(silent) and silent > 0:
        stayed = (ledger["silent_stayed"] + ledger["silent_captive"]) / silent
        said.say(
            "Of complainers whose complaint has ended, {complainers_kept} buy again; of those who said "
            "nothing, {stayed:.1%} stay.",
            complainers_kept=told_figure(result, "complainers_kept"),
            stayed=stayed,
        )
    if known(result, "satisfaction", "acsi", "nps"):
        said.say(
            "Customers' satisfaction is {satisfaction} of 100 over the last year; that is an ACSI of "
            "{acsi} and a Net Promoter Score of {nps}. These are the true values, which no survey of a "
            "firm knows.",
            satisfaction=told_figure(result, "satisfaction"),
            acsi=told_figure(result, "acsi"),
            nps=told_figure(result, "nps"),
        )
        said += gap_sentences(result)
    if known(result, "talk_ratio"):
        row = result.summary.T["talk_ratio"].copy()
        row["unit"] = "people"
        row[["value", "low", "high"]] *= 100.0
        said.say(
            "For 100 people who hear something bad about the firm, {value} hear something good.",
            value=with_interval(row),
        )
    said += _bonds(result) + _money(result)
    said += _better_worlds(result)
    said += _captives(result)
    said += load_sentences(result) + learning_sentences(result) + programme_sentences(result)
    return said


def _captives(result: Result) -> list[str]:
    """What those bear themselves who cannot leave, where there are any."""
    if not known(result, "captive_loss") or result.value("captive_loss") <= 0.0:
        return []
    money = result.scenario.money
    return [
        say(
            "Those who cannot leave bear {loss} themselves, which is in no account of the firm: each experience after "
            "which others leave costs them {hours:,.1f} hours at {value} an hour (assumptions).",
            loss=told_figure(result, "captive_loss"),
            hours=money.hours_lost,
            value=number(money.value_of_time, money.currency),
        )
    ]


def _better_worlds(result: Result) -> list[str]:
    """What kept promises and perfect answers would have brought."""
    worlds, unit = result.quality_worlds, result.scenario.money.currency
    if worlds is None:
        return []
    rows = {row["world"]: row for _, row in worlds.iterrows()}
    said = Sentences()
    if "promises_kept" in rows:
        row = rows["promises_kept"]
        said.append(
            say("On every dimension the firm delivers at least what it promises.")
            if row["missed"] == 0.0 and row["customers"] == 0.0
            else say(
                "Had every dimension of service been at least what the firm promises, it would have brought {missed} "
                "more before the direct cost of failures, and changed the customers at the end by {customers:+,.0f}.",
                missed=number(row["missed"], unit),
                customers=row["customers"],
            )
        )
    if "perfect_answers" in rows:
        row = rows["perfect_answers"]
        said.say(
            "Had every complaint been resolved at once and in full, it would have brought {missed} more before the "
            "direct cost of failures, which such answers are part of, and changed the customers at the end by "
            "{customers:+,.0f}.",
            missed=number(row["missed"], unit),
            customers=row["customers"],
        )
    return said


def _bonds(result: Result) -> list[str]:
    """What a third party and contracts had to do with it; nothing where nobody met them."""
    total = focal(result.series, result.scenario).sum(numeric_only=True)
    said = Sentences()
    if total["third_party_cases"] > 0:
        said.say(
            "Of complaints that ended without a remedy, {share:.1%} were taken to a third party, which upheld "
            "{upheld:.0%} of them; a case cost the firm {cost}.",
            share=total["third_party_cases"] / (total["unanswered"] + total["unresolved"]),
            upheld=total["third_party_upheld"] / total["third_party_cases"],
            cost=number(total["third_party_cost"] / total["third_party_cases"], result.scenario.money.currency),
        )
    if total["bound"] > 0:
        said.say(
            "Of customers bound by a contract who decided to leave, {waiting:.0%} had to wait for its end; the "
            "others paid the fee.",
            waiting=total["bound"] / (total["bound"] + total["paid_out"]),
        )
    return said


def _money(result: Result) -> list[str]:
    if not known(result, "quality_cost_share"):
        return []
    text = say(
        "Poor quality, and the work against it, cost {quality_cost_share} of operating cost, goods apart.",
        quality_cost_share=told_figure(result, "quality_cost_share"),
    )
    estimate, unit = result.value("opportunity_estimate"), result.scenario.money.currency
    if not known(result, "opportunity_measured"):
        estimated = say(
            "In this, the opportunity cost is only estimated ({estimate}), by a rule of thumb, because the "
            "scenario does not ask for it to be measured.",
            estimate=number(estimate, unit),
        )
        return [f"{text} {estimated}"]
    measured, low = result.value("opportunity_measured"), result.summary["low"].to_dict()["opportunity_measured"]
    values = {"measured": told_figure(result, "opportunity_measured"), "estimate": number(estimate, unit)}
    if measured > 0 and estimate > 0 and not low <= 0:
        times = estimate / measured
        compared = (
            say(
                "The same world without the firm's failures would have brought {measured} more before the "
                "direct cost of failures; the rule of thumb says {estimate}, {times:,.1f} times as much.",
                times=times,
                **values,
            )
            if times >= 1
            else say(
                "The same world without the firm's failures would have brought {measured} more before the "
                "direct cost of failures; the rule of thumb says {estimate}, {times:.0%} of it.",
                times=times,
                **values,
            )
        )
    elif low <= 0:
        compared = say(
            "The same world without the firm's failures would have brought {measured} more before the direct cost of "
            "failures; the rule of thumb says {estimate}, while the measure is not to be told from nothing.",
            **values,
        )
    else:
        compared = say(
            "The same world without the firm's failures would have brought {measured} more before the direct cost of "
            "failures; the rule of thumb says {estimate}.",
            **values,
        )
    horizon = (
        say("Both end with the run.")
        if result.scenario.money.estimate_within_run
        else say("The measure ends with the run, the rule of thumb looks beyond it.")
    )
    return [f"{text} {compared} {horizon}"]


def certainty(result: Result) -> str:
    """What the intervals mean, and what they do not."""
    runs = result.replications
    if runs == 1:
        return say(
            "This is one run, so nothing can be said about its luck: ask for more replications to get "
            "intervals. Nor does it say whether the assumptions hold for a real firm."
        )
    return say(
        "Numbers are means of {runs} runs with independent luck, with 95% intervals of that mean in "
        "brackets. An interval shows how much luck is left in the number. It says nothing about "
        "whether the assumptions hold for a real firm: that doubt is usually larger.",
        runs=runs,
    )


def failures(result: Result) -> str:
    """What of the runs that were asked for failed, and why; empty where none did."""
    failed = result.manifest.get("failed", [])
    if not failed:
        return ""
    told = failed_runs_told(len(failed), len(failed) + result.replications, failed[0]["reason"])
    return say("{failed}. Everything on this page comes from the others.", failed=told)


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
        text = say(
            "This run names no preset. By default the shares are those that TARP is reported to have "
            "found for losses under 5 dollars (read second-hand); the table of assumptions shows which "
            "of them were changed."
        )
    else:
        text = translated(PRESETS[name]) if name in PRESETS else say("This run uses the preset {name}.", name=name)
    shares = say(
        "Its base shares: {complain:.0%} of the dissatisfied complain; {silent:.0%} of the silent, "
        "{unanswered:.0%} of the unanswered, {unresolved:.0%} of the unresolved, {resolved:.0%} of the "
        "resolved and {resolved_quickly:.0%} of the quickly resolved will buy again.",
        complain=voice.complain_share,
        **voice.repurchase.model_dump(),
    )
    told = Sentences([text, shares])
    drivers = [*voice.complaint_drivers.model_dump().values(), *voice.repurchase_drivers.model_dump().values()]
    if any(drivers):
        told.say("Severity, loyalty, ease of complaining and other drivers shift these shares from person to person.")
    return " ".join(told)


LOOK_FIRST = {
    "left_silent": "Look first at what nobody reports: more leave in silence than for any other reason.",
    "lapsed_silent": "Look first at what nobody reports: more leave in silence than for any other reason.",
    "left_complaint": "Look first at how complaints are answered: more leave after one than for any other reason.",
    "left_switch": "Look first at what rivals offer: more go over to one than leave for any other reason.",
    "left_natural": "More leave for reasons that no service can mend than for any other: look at what it "
    "costs to win customers, and at what each is worth.",
    "left_without": "Look first at the price: more do without because of it than leave for any other reason.",
    "left_closed": "Look first at how the firm is to stay in the market.",
}
"""Where to begin, by the most frequent cause of leaving."""

NOWHERE_ELSE = (
    "Nobody can go elsewhere, so that who leaves tells nothing of the service: look at satisfaction, at complaints and "
    "at what staying costs those who are served badly."
)
"""The same where there is no rival and no more leave than no service can mend."""


def next_step(result: Result) -> list[str]:
    """What to do tomorrow: where to look first, and how to try it; a run of one world recommends no more."""
    cause = main_cause(result)
    said = [] if cause is None else [translated(LOOK_FIRST[cause[0]])]
    if cause is not None and cause[0] == "left_natural" and not result.scenario.rivals:
        said = [translated(NOWHERE_ELSE)]
    return [
        *load_next_step(result),
        *beside(result.scenario),
        *learning_next_step(result),
        *loyalty_next_step(result),
        *newcomer_next_step(result),
        *said,
        say(
            "One world by itself recommends nothing: sim advice tries every lever of the firm, sim compare sets a "
            "change beside today."
        ),
    ]


def costs_and_brings(result: Result) -> list[str]:
    """What the firm earns over the run, and what its failures take of it."""
    if not known(result, "margin"):
        return []
    run = result.scenario.run
    said = Sentences()
    said.say(
        "Margin is {margin} over {time}.", margin=told_figure(result, "margin"), time=in_years(run.periods, run.period)
    )
    if known(result, "opportunity_measured") and result.value("opportunity_measured") > 0.0:
        said.say(
            "The firm's failures keep {missed} of margin from coming, besides what they cost directly.",
            missed=told_figure(result, "opportunity_measured"),
        )
    return said
