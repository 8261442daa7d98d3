"""What a loyalty programme costs, whom it has, and what is owed of it, in plain words."""

from __future__ import annotations

from sim.parameters.timeline import phases
from sim.report.wording import number
from sim.results.result import Result
from sim.results.series import focal
from sim.words import Sentences, say

_TIERS = ["members_silver", "members_gold"]
_NAMES = [*_TIERS, "members_basic", "active", "points_issued", "programme_cost", "programme_liability", "revenue"]


def programme_sentences(result: Result) -> list[str]:
    """Members and tiers, what the programme cost, and what is still owed; none where nobody was given a point.

    Members are those of the last period in which points were given, means over replications.
    """
    periods = focal(result.series, result.scenario).groupby("period")[_NAMES].sum() / result.replications
    offered = periods[(periods["points_issued"] > 0.0) & (periods["active"] > 0.0)]
    if offered.empty:
        return []
    last, money = offered.iloc[-1], result.scenario.money.currency
    members, tiers = float(last[[*_TIERS, "members_basic"]].sum()), float(last[_TIERS].sum())
    said = Sentences()
    said.say(
        "Of the customers {members:.0%} hold points of the loyalty programme, and {tiers:.0%} are in one of its tiers "
        "(in the last period in which points were given).",
        members=members / float(last["active"]),
        tiers=tiers / float(last["active"]),
    )
    whole = periods.sum()
    said.say(
        "The programme costs {cost} over the run, {share:.1%} of revenue: points as they are given, less those that "
        "lapse, and its upkeep. What it brings shows beside a world without it.",
        cost=number(float(whole["programme_cost"]), money),
        share=float(whole["programme_cost"]) / float(whole["revenue"]),
    )
    owed, then = (float(line["programme_liability"]) for line in (periods.iloc[-1], last))
    if then <= 0.0:
        return said
    if phases(result.scenario)[-1][1].firm.programme.offered:
        said.say("At the end the points that customers hold are a debt of {owed}.", owed=number(owed, money))
    else:
        said.append(
            say(
                "It has ended, and what customers hold is owed still: {owed} at the end of the run, {part:.0%} of the "
                "{then} when it ended.",
                owed=number(owed, money),
                part=owed / then,
                then=number(then, money),
            )
        )
    return said
