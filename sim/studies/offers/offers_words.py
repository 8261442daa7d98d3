"""Who is worth an offer in plain words: every sentence is made from the numbers, and says where nothing can be told."""

from __future__ import annotations

import pandas as pd

from sim.report.wording import per_1000, told_amount
from sim.results.amounts import rounded
from sim.studies.offers.targeting import AT_RANDOM, BOUND
from sim.studies.offers.worth_an_offer import WorthAnOffer
from sim.studies.study_of_scenario import of_failures
from sim.words import counted, percent, rounded_money, say

CERTAINTY = (
    "Every customer lives with the offer and without it, with the same luck: the difference is what it does to that "
    "person. Half of the customers, by lot, are those from whom the firm learns: who leaves, and in a trial on half of "
    "them what the offer does. Ways of choosing are judged on the others. Counts and amounts are of 1,000 customers at "
    "the date; money is what they bring from then on to the end of the run, discounted. Intervals are 95% t-intervals "
    "over replications."
)

ALIKE = 0.02
"""Relative difference from which ways of choosing are told to cost differently."""

SEEN = (
    "What the firm sees of a customer at the date: satisfaction, by a survey that everybody answers; for how long a "
    "customer; purchases a year and money per purchase; complaints so far, and whether one is open. It sees neither "
    "opinions, nor switching costs, nor what is told among friends."
)


def headline(found: WorthAnOffer) -> str:
    """Which way of choosing earns most, and whether that is worth more than chance."""
    if found.reaches_nobody:
        return say("Nobody gets this offer: it is an answer, and nobody waits for one at its date")
    best = found.best
    parts = {"share": percent(found.share), "policy": _lower(best), "amount": _earned(found, best)}
    if float(best["money_high"]) < 0.0:
        return say(
            "Offers to {share} of the customers do not pay, whoever is chosen: they lose least {policy}, {amount} per "
            "1,000 customers",
            **parts,
        )
    if float(best["money_low"]) <= 0.0:
        return say(
            "Whether offers to {share} of the customers pay cannot be told: best {policy}, {amount} per 1,000 "
            "customers",
            **parts,
        )
    if float(best["more_low"]) > 0.0:
        return say(
            "Offers to {share} of the customers earn most {policy}: {amount} per 1,000 customers, more than at random",
            **parts,
        )
    return say(
        "Offers to {share} of the customers earn most {policy}: {amount} per 1,000 customers, which cannot be told "
        "from choosing at random",
        **parts,
    )


def sentences(found: WorthAnOffer) -> list[str]:
    """All that is said, the headline first."""
    return [f"{headline(found)}.", *of_all(found), *of_each(found), *of_talk(found)]


def what_to_do(found: WorthAnOffer) -> str:
    """Make the offer or not, and to whom."""
    best, share = found.best, percent(found.share)
    if found.reaches_nobody:
        return say("Look at a date at which complaints wait for their answer (--at), or at a desk that is behind.")
    if float(best["money_high"]) < 0.0:
        return say("Do not make this offer: it loses money, whoever is chosen.")
    if float(best["money_low"]) <= 0.0:
        return say("Try it on a few first, drawn by lot, beside as many without it: whether it pays is open.")
    if float(best["more_low"]) > 0.0:
        return say("Make the offer to {share} of the customers, chosen {policy}.", share=share, policy=_lower(best))
    return say("Make the offer to {share} of the customers; drawing them by lot will do.", share=share)


def of_all(found: WorthAnOffer) -> list[str]:
    """What the offer does to whom, and what failed."""
    people = {str(row["group"]): per_1000(float(row["people"])) for _, row in found.groups.iterrows()}
    said = [
        say(
            "Were everybody to get the offer, then of 1,000 customers {stays} would stay anyway, {saved} be saved by "
            "it, {leaves} leave anyway, and {driven} leave because of it: sleeping dogs.",
            **people,
        )
    ]
    return [*said, *_of_cost(found), *_of_one_budget(found), *of_failures(found)]


def _of_cost(found: WorthAnOffer) -> list[str]:
    """What the offers of the best way of choosing cost and bring, and why that is little, where anybody gets one."""
    best = found.best
    if found.reaches_nobody:
        return []
    cost = float(best["cost"])
    parts = {
        "policy": _lower(best),
        "offers": rounded(float(best["offers"])),
        "cost": money_per_thousand(found, cost),
        "brought": money_per_thousand(found, float(best["money"]) + cost),
    }
    if found.offer.answers:
        return [
            say(
                "It reaches those alone who wait for an answer: chosen {policy}, {reached} of {offers}. Theirs cost "
                "{cost} and bring {brought} by the end of the run.",
                reached=rounded(float(best["reached"]), 2),
                **parts,
            )
        ]
    if float(best["saved"]) + float(best["driven"]) >= float(best["reached"]) / 2.0:
        return [say("Chosen {policy}, {offers} offers cost {cost} and bring {brought} by the end of the run.", **parts)]
    return [
        say(
            "Chosen {policy}, {offers} offers cost {cost} and bring {brought} by the end of the run: most who get one "
            "stay, or leave, with it as without it.",
            **parts,
        )
    ]


def _of_one_budget(found: WorthAnOffer) -> list[str]:
    """What each way that a firm can follow earns for the money that offers at random cost, where costs differ."""
    rows = found.policies[~found.policies["policy"].isin([AT_RANDOM, BOUND])]
    budget = float(found.policy(AT_RANDOM)["cost"])
    if found.reaches_nobody or not ((rows["cost"] - budget).abs() > ALIKE * budget).any():
        return []
    return [
        say(
            "Under one budget, the {budget} that offers at random cost: {each}.",
            budget=money_per_thousand(found, budget),
            each="; ".join(
                say(
                    "{policy} {offers} offers, {amount}",
                    policy=_lower(row),
                    offers=counted(float(row["same_offers"])),
                    amount=_earned(found, row, "same_money"),
                )
                for _, row in rows.iterrows()
            ),
        )
    ]


def of_each(found: WorthAnOffer) -> list[str]:
    """What each way of choosing saves and earns."""
    return [_of_one(found, row) for _, row in found.policies.iterrows()]


def _of_one(found: WorthAnOffer, row: pd.Series) -> str:
    parts = {
        "policy": row["label"],
        "offers": rounded(float(row["offers"])),
        "saved": rounded(float(row["saved"]), 2),
        "driven": rounded(float(row["driven"]), 2),
        "amount": _earned(found, row),
    }
    if row["policy"] == BOUND:
        return say(
            "{policy}: {offers} offers would save {saved} and drive away {driven}; {amount} is the most that so many "
            "offers can earn, not a goal.",
            **parts,
        )
    if float(row["more_low"]) <= 0.0 <= float(row["more_high"]):
        return say(
            "{policy}: {offers} offers save {saved} and drive away {driven}; {amount}.",
            **parts,
        )
    return say(
        "{policy}: {offers} offers save {saved} and drive away {driven}; {amount}, {more} against chance.",
        more=money_per_thousand(found, float(row["more"]), signs=True),
        **parts,
    )


def of_talk(found: WorthAnOffer) -> list[str]:
    """What was lived where the chosen alone got the offer, beside the sum of what it does to each."""
    if found.reaches_nobody:
        return []
    best = found.best["policy"]
    rows = found.interference[(found.interference["policy"] == best) & (found.interference["what"] == "money")]
    row = rows.iloc[0]
    lived = money_per_thousand(found, float(row["chosen"]) + float(row["others"]))
    parts = {"policy": _lower(row), "sum": money_per_thousand(found, float(row["one_by_one"])), "lived": lived}
    if float(row["difference_low"]) <= 0.0 <= float(row["difference_high"]):
        return [
            say(
                "An offer to one reaches others, by talk and reputation: lived with those chosen {policy} alone, "
                "offers earn {lived} with all that others bring, where the sum one by one says {sum}; the two cannot "
                "be told apart.",
                **parts,
            )
        ]
    return [
        say(
            "An offer to one reaches others, by talk and reputation: lived with those chosen {policy} alone, offers "
            "earn {lived} with all that others bring, where the sum one by one says {sum}.",
            **parts,
        )
    ]


def _lower(row: pd.Series) -> str:
    label = str(row["label"])
    return label[:1].lower() + label[1:]


def _earned(found: WorthAnOffer, row: pd.Series, name: str = "money") -> str:
    """What a way of choosing earns, with its interval."""
    value, low, high = (float(row[f"{name}{end}"]) for end in ("", "_low", "_high"))
    return told_amount(value, low, high, found.scenario.money.currency)


def money_per_thousand(found: WorthAnOffer, value: float, *, signs: bool = False) -> str:
    """An amount of money of 1,000 customers."""
    text = rounded_money(value, found.scenario.money.currency)
    return say("{amount} more", amount=text) if signs and value > 0.0 else text
