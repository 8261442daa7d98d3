"""Causes of churn in plain words: every sentence is made from the numbers, and says where nothing can be told."""

from __future__ import annotations

import pandas as pd

from sim.report.wording import people
from sim.studies.causes.causes_of_churn import EXPLAINED, LEAVERS, OTHERS, START, CausesOfChurn
from sim.studies.causes.known_causes import NOT_TO_MEND, RIVALS
from sim.studies.shapley import to_the_cent
from sim.studies.study_of_scenario import of_failures
from sim.words import Sentences, in_years, listed, percent, say, written

CERTAINTY = (
    "A cause is what one takes out: each names the patch of the world without it. Causes work together, so that what "
    "one of them does depends on which others are there; its share is the mean over all orders of taking them out "
    "(Shapley value), and the range goes from the least that it does in any order to the most. Shares add up to what "
    "all do together; the range says how far one may argue. Intervals are 95% t-intervals over replications. Who left "
    "and comes back has left."
)

TOLD = 0.5
"""People: a bound of a range so far below 0 is explained."""

MANY = 50
"""So many who leave by the causes looked at are shared out in whole people, fewer in tenths."""


def headline(found: CausesOfChurn) -> str:
    """How many leave, and by what most."""
    rows, left = found.by_share, found.line(LEAVERS)
    share = _part(float(left["value"]), float(found.line(START)["value"]))
    if float(rows["value"].iloc[0]) <= 0.0:
        return say(
            "Of the customers of the start {share} leave, and none of these causes drives them away", share=share
        )
    return say(
        "Of the customers of the start {share} leave in {time}; of the causes looked at, most by: {label}, {part} of "
        "all who leave",
        share=share,
        time=in_years(found.scenario.run.periods, found.scenario.run.period),
        label=rows["label"].iloc[0],
        part=_part(float(rows["value"].iloc[0]), float(left["value"])),
    )


def sentences(found: CausesOfChurn) -> list[str]:
    """All that is said, the headline first."""
    return [f"{headline(found)}.", *of_all(found), *of_each(found)]


def what_to_do(found: CausesOfChurn) -> list[str]:
    """Where to begin, and where to find out what it costs."""
    of_others = found.by_share["meaning"].str.startswith("rivals.")
    mendable = found.by_share[~found.by_share["cause"].isin(NOT_TO_MEND) & ~of_others]
    first = None if mendable.empty else mendable.iloc[0]
    begin = (
        say(
            "Begin with this cause: {label}. But for it alone {but_for} customers would have stayed.",
            label=first["label"],
            but_for=people(float(first["but_for"])),
        )
        if first is not None and float(first["low"]) > 0.0
        else say(
            "No cause that was looked at and can be mended surely drives customers away: look at what it costs to "
            "win new ones, and at what each is worth."
        )
    )
    said = [
        begin,
        say("What it costs to mend, and what that brings, these runs do not tell: sim advice turns the levers."),
    ]
    rivals = found.causes[found.causes["cause"] == RIVALS]
    if len(rivals) and float(rivals["low"].iloc[0]) > 0.0:
        said.append(
            say(
                "That there are rivals no firm can change: whom they take, it keeps by what it offers beside them, and "
                "how much a plan keeps is told by sim compare."
            )
        )
    return said


def shown_shares(found: CausesOfChurn) -> dict[str, str]:
    """The shares of causes, rounded so that they add up to what is shown of their sum: of many, whole people."""
    whole = float(found.line(EXPLAINED)["value"])
    rounded_shares = to_the_cent(found.causes["value"].tolist(), whole, 1 if whole >= MANY else 10)
    return {
        str(name): written(value, ",.0f" if whole >= MANY else ",.1f").replace("-", "−")
        for name, value in zip(found.causes["cause"], rounded_shares, strict=True)
    }


def of_all(found: CausesOfChurn) -> list[str]:
    """How many leave by these causes together, and how many anyway."""
    left, explained, others = (float(found.line(name)["value"]) for name in (LEAVERS, EXPLAINED, OTHERS))
    said = Sentences()
    said.append(
        say(
            "{left} leave; with all these causes taken out {others} leave still ({part}), for reasons that were not "
            "looked at.",
            left=people(left),
            others=people(others),
            part=_part(others, left),
        )
        if others > 0.0
        else say("{left} leave; with all these causes taken out nobody does.", left=people(left))
    )
    said.say(
        "By these causes together: {explained} ({part}).",
        explained=people(explained),
        part=_part(explained, left),
    )
    if not found.is_exact:
        said.say(
            "There are too many causes for all orders: {orders} were drawn by lot, which leaves an error of "
            "{error} at most.",
            orders=found.orders,
            error=people(float(found.causes["error"].max())),
        )
    return [*said, *of_failures(found)]


def of_each(found: CausesOfChurn) -> list[str]:
    """What each cause contributes, and who would have stayed but for it."""
    shares, left = shown_shares(found), float(found.line(LEAVERS)["value"])
    said = Sentences(_of_one(row, shares[str(row["cause"])], left) for _, row in found.by_share.iterrows())
    backwards = found.by_share[found.by_share["least"] <= -TOLD]
    if len(backwards):
        said.say(
            "Below 0 means that there is an order in which more leave once this is taken out: {labels}. Where no rival "
            "is left, all come to one firm and its staff; with a lower price people come more often, and meet more "
            "that fails.",
            labels=listed(backwards["label"].tolist()),
        )
    return said


def _of_one(row: pd.Series, share: str, left: float) -> str:
    if not row["is_there"]:
        return say("{label}: 0, for the world is without it already.", label=row["label"])
    if not any(float(row[name]) for name in ("least", "most", "but_for", "only_there")):
        return say("{label}: nothing, in whatever order, for nobody who left met it.", label=row["label"])
    parts = {
        "label": row["label"],
        "share": share,
        "part": _part(float(row["value"]), left),
        "least": people(float(row["least"])),
        "most": people(float(row["most"])),
        "but_for": people(float(row["but_for"])),
    }
    if share in ("0", "1"):
        return say(
            "{label}: hardly anybody ({least} to {most} by the order in which causes are taken out; but for it alone "
            "{but_for} would have stayed).",
            **parts,
        )
    if float(row["low"]) <= 0.0 <= float(row["high"]):
        return say(
            "{label}: {share} people, which cannot be told from nothing ({least} to {most} by the order in which "
            "causes are taken out; but for it alone {but_for} would have stayed).",
            **parts,
        )
    return say(
        "{label}: {share} people, {part} of all who leave ({least} to {most} by the order in which causes are taken "
        "out); but for it alone {but_for} would have stayed.",
        **parts,
    )


def _part(value: float, whole: float) -> str:
    return percent(value / whole if whole else float("nan"))
