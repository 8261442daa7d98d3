"""Whether a change pays: margin within the run, weighed with what the customers in hand at its end are worth."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from sim.report.signed_changes import limits, negligible
from sim.studies.comparison.comparison import Comparison
from sim.studies.comparison.comparison_rows import (
    change_of,
    earned_of,
    is_a_choice,
    money_of,
    size_of,
    surely,
    time_of,
    with_equity,
)
from sim.words import priced, say


class Weighed(NamedTuple):
    """What a change is judged by, wherever its worlds were lived.

    Attributes:
        label: What it is called.
        margin: Its change in margin: `first`, `difference`, `low`, `high`, `unit`, `excludes_zero`.
        whole: The same of margin and the value of the customers in hand together; None where that value has no end.
        time: How long the worlds are lived, in words.
        choice: Whether the firm decides on it.
    """

    label: str
    margin: pd.Series
    whole: pd.Series | None
    time: str
    choice: bool


def called(comparison: Comparison, label: str) -> str:
    """A scenario within a sentence: what the firm does in it, or what happens to the firm."""
    if is_a_choice(comparison, label):
        return say("the plan “{label}”", label=label)
    return say("what happens in “{label}”", label=label)


def pays(comparison: Comparison, label: str) -> str:
    """Whether it pays, and by how much: within the run, and with the value of the customers in hand at its end."""
    return judged(
        Weighed(
            called(comparison, label),
            money_of(comparison, label, "margin"),
            earned_of(comparison, label) if with_equity(comparison, label) else None,
            time_of(comparison),
            is_a_choice(comparison, label),
        )
    )


def judged(weighed: Weighed) -> str:
    """Whether a change pays, and by how much, as a sentence without its full stop."""
    margin, whole = weighed.margin, weighed.whole
    if whole is None:
        return _by_margin(weighed)
    values = {"label": weighed.label, "margin": _margin(margin), "time": weighed.time, "total": size_of(whole)}
    if surely(whole) == 0:
        return _undecided(weighed, whole, values)
    agree = surely(margin) == surely(whole)
    if not weighed.choice:
        return _happens(whole, values, agree=agree)
    if whole["difference"] > 0:
        return (
            say(
                "{label} pays: {margin} over {time}, and {total} more with the value of the customers in hand at the "
                "end",
                **values,
            )
            if agree
            else say(
                "{label} pays, though not within {time}: {margin} by then, but {total} more with the value of the "
                "customers in hand at the end",
                **values,
            )
        )
    return (
        say(
            "{label} does not pay: {margin} over {time}, and {total} less with the value of the customers in hand at "
            "the end",
            **values,
        )
        if agree
        else say(
            "{label} does not pay in the long run: {margin} over {time}, but {total} less with the value of the "
            "customers in hand at the end",
            **values,
        )
    )


def _undecided(weighed: Weighed, whole: pd.Series, values: dict[str, str]) -> str:
    """Where the whole changes by next to nothing, or cannot be told from nothing."""
    told = {**values, "total": change_of(whole)}
    if negligible(whole):
        return say(
            "{label} makes next to no difference: {margin} over {time}, and {total} with the value of the customers "
            "in hand at the end",
            **told,
        )
    if weighed.choice:
        return say(
            "Whether {label} pays is open: {margin} over {time}, and {total} with the value of the customers in hand "
            "at the end",
            **told,
        )
    return say(
        "Whether {label} helps or harms the firm is open: {margin} over {time}, and {total} with the value of the "
        "customers in hand at the end",
        **told,
    )


def _happens(whole: pd.Series, values: dict[str, str], *, agree: bool) -> str:
    """What something does to the firm that it does not choose."""
    if whole["difference"] > 0:
        return (
            say(
                "{label} helps the firm: {margin} over {time}, and {total} more with the value of the customers in "
                "hand at the end",
                **values,
            )
            if agree
            else say(
                "{label} helps the firm in the long run: {margin} over {time}, but {total} more with the value of the "
                "customers in hand at the end",
                **values,
            )
        )
    return (
        say(
            "{label} harms the firm: {margin} over {time}, and {total} less with the value of the customers in hand "
            "at the end",
            **values,
        )
        if agree
        else say(
            "{label} harms the firm in the long run: {margin} over {time}, but {total} less with the value of the "
            "customers in hand at the end",
            **values,
        )
    )


def _margin(row: pd.Series) -> str:
    """The change in margin as a part of a sentence."""
    if negligible(row):
        return say("hardly any change in margin")
    if not row["excludes_zero"]:
        return say("no sure change in margin ({limits})", limits=priced(limits(row), str(row["unit"])))
    return (
        say("{amount} more margin", amount=size_of(row))
        if row["difference"] > 0
        else say("{amount} less margin", amount=size_of(row))
    )


def _by_margin(weighed: Weighed) -> str:
    """Of margin alone, where the customers in hand have no value that ends."""
    row = weighed.margin
    values = {"label": weighed.label, "amount": size_of(row), "time": weighed.time}
    if negligible(row):
        return say("{label} changes margin negligibly over {time}", **values)
    if not row["excludes_zero"]:
        if not limits(row):
            return say("Whether {label} pays is open", **values)
        return say(
            "Whether {label} pays is open: over {time} margin changes by {limits} {unit}",
            limits=limits(row),
            unit=row["unit"],
            **values,
        )
    if not weighed.choice:
        return (
            say("{label} brings the firm {amount} more margin over {time}", **values)
            if row["difference"] > 0
            else say("{label} costs the firm {amount} of margin over {time}", **values)
        )
    return (
        say("{label} pays: {amount} more margin over {time}", **values)
        if row["difference"] > 0
        else say("{label} does not pay: {amount} less margin over {time}", **values)
    )


def equity_told(comparison: Comparison, label: str) -> list[str]:
    """What becomes of the value of the customers in hand, and why it and margin may point to opposite sides."""
    if not with_equity(comparison, label):
        return []
    row, margin = money_of(comparison, label, "customer_equity"), money_of(comparison, label, "margin")
    whole = earned_of(comparison, label)
    values = {"amount": size_of(row), "total": change_of(whole)}
    if negligible(row):
        said = [
            say(
                "What the customers in hand at the end are still worth, if they go on buying and leaving as in the "
                "last year, changes negligibly."
            )
        ]
    elif not row["excludes_zero"]:
        said = [
            say(
                "What the customers in hand at the end are still worth, if they go on buying and leaving as in the "
                "last year, cannot be told apart from today's (change {change}); with margin that makes {total}.",
                change=limits(row),
                **values,
            )
        ]
    elif row["difference"] > 0:
        said = [
            say(
                "What the customers in hand at the end are still worth, if they go on buying and leaving as in the "
                "last year, rises by {amount}; with margin that makes {total}.",
                **values,
            )
        ]
    else:
        said = [
            say(
                "What the customers in hand at the end are still worth, if they go on buying and leaving as in the "
                "last year, falls by {amount}; with margin that makes {total}.",
                **values,
            )
        ]
    if surely(margin) * surely(whole) < 0:
        said.append(
            say(
                "The two point to opposite sides: within the run it costs more than it brings, and afterwards the "
                "customers whom it leaves in hand bring more than that."
            )
            if surely(whole) > 0
            else say(
                "The two point to opposite sides: what it brings within the run is less than what the customers would "
                "still have brought whom it costs."
            )
        )
    return said
