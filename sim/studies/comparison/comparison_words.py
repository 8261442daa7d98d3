"""A comparison in plain words: every sentence is made from the numbers, and says so where nothing can be told."""

from __future__ import annotations

import math

import pandas as pd

from sim.report.signed_changes import change, changed_by, limits, negligible, parts, signed_to_decimals
from sim.report.wording import number
from sim.results.unmet import unmet_sentence
from sim.studies.comparison.comparison import Comparison
from sim.studies.comparison.comparison_rows import identical, money_of, row_of_figure, size_of
from sim.studies.comparison.pays_words import equity_told
from sim.studies.comparison.persons import ALL, NEVER_CUSTOMER
from sim.studies.comparison.verdict_words import headline, what_to_do
from sim.words import listed, plural, priced, say, translated, written

SURE, ALONE, UNSURE = "yes", "alone", "no"


def sure(row: pd.Series) -> str:
    """Whether a change is to be told from nothing: together with all others, on its own only, or not."""
    if row["excludes_zero_together"]:
        return SURE
    return ALONE if row["excludes_zero"] else UNSURE


def times(row: pd.Series) -> str:
    """How many times as many replications independent luck would have needed.

    >>> times(pd.Series({"variance_ratio": math.inf, "ratio_low": math.nan, "ratio_high": math.nan}))
    'all luck cancels'
    """
    value, low, high = row["variance_ratio"], row["ratio_low"], row["ratio_high"]
    if math.isnan(value):
        return say("no luck in it")
    if math.isinf(value):
        return say("all luck cancels")
    if math.isnan(low):
        return say("{value} (too few runs for an interval)", value=_three(value))
    return say("{value} ({low} to {high})", value=_three(value), low=_three(low), high=_three(high))


def _three(value: float) -> str:
    return written(value, ".2g" if value < 10 else ",.0f")


def _goes(row: pd.Series, subject: str) -> str:
    """One figure in one sentence."""
    unit = row["unit"]
    if negligible(row):
        return say("{subject} changes negligibly, from {before}.", subject=subject, before=number(row["first"], unit))
    if not row["excludes_zero"]:
        first = number(row["first"], unit)
        if not limits(row):
            return say("{subject} cannot be told apart from today's {first}.", subject=subject, first=first)
        return say(
            "{subject} cannot be told apart from today's {first} (change {change}).",
            subject=subject,
            first=first,
            change=limits(row, bare=False),
        )
    before, after = number(row["first"], unit), number(row["value"], unit)
    values = {"subject": subject, "before": before, "after": after, "change": changed_by(row)}
    if row["difference"] > 0:
        if before == after:
            return say("{subject} rises very little, from {before}: {change}.", **values)
        return say("{subject} rises from {before} to {after}: {change}.", **values)
    if before == after:
        return say("{subject} falls very little, from {before}: {change}.", **values)
    return say("{subject} falls from {before} to {after}: {change}.", **values)


def sentences(comparison: Comparison) -> list[str]:
    """All that is said of the scenarios, the headline first."""
    said = [headline(comparison), what_to_do(comparison)]
    for label in comparison.labels[1:]:
        said += what_changes(comparison, label) + costs_and_returns(comparison, label) + who(comparison, label)
    return said


MAIN = (
    ("retention", "Yearly retention"),
    ("satisfaction", "Satisfaction"),
    ("complaint_share", "The share of dissatisfied customers who complain"),
    ("market_share", "Market share at the end"),
)


def what_changes(comparison: Comparison, label: str) -> list[str]:
    """What changes, by how much, how sure."""
    if identical(comparison, label):
        return [
            say("Nothing: under the same luck every key figure is the same in every run."),
            *idle(comparison, label),
        ]
    said = []
    for name, subject in MAIN:
        row = row_of_figure(comparison, label, name)
        if row is not None:
            said.append(_goes(row, translated(subject)))
    return said + idle(comparison, label)


def idle(comparison: Comparison, label: str) -> list[str]:
    """What the scenario changes and nobody met."""
    sentence = unmet_sentence(comparison.unmet.get(label, {}))
    return [sentence] if sentence else []


def _people(comparison: Comparison, label: str, group: str, **cell: str) -> pd.DataFrame:
    rows = comparison.persons
    chosen = (rows["scenario"] == label) & (rows["group"] == group) & (rows["measure"] == "people")
    for column, value in cell.items():
        chosen &= rows[column] == value
    return rows[chosen]


def _count(row: pd.Series) -> str:
    value = row["value"]
    digits = 0 if value >= 10 else 1
    text = written(value, f",.{digits}f")
    if math.isfinite(row["low"]) and row["high"] > row["low"]:
        low, high = (written(row[end], f",.{digits}f") for end in ("low", "high"))
        return say("{value} ({low} to {high})", value=text, low=low, high=high)
    return text


def _through(comparison: Comparison, label: str, group: str, world: str) -> str:
    """What became of the people of a group in the world that has them not: the two most frequent causes."""
    causes = _people(comparison, label, group, held_by=ALL)
    causes = causes[(causes["lost_by"] != ALL) & (causes["value"] > 0)].sort_values("value", ascending=False)
    parts = [_some(row["value"], str(row["lost_by"])) for _, row in causes.iterrows() if row["value"] >= 0.5][:2]
    return say("In {world} {fates}.", world=world, fates=listed(parts)) if parts else ""


def who(comparison: Comparison, label: str) -> list[str]:
    """Person by person: who is kept and who is lost, and through what."""
    first = comparison.labels[0]
    here = _people(comparison, label, "only_this", lost_by=ALL, held_by=ALL)
    if here.empty:
        return [say("People of {label} cannot be matched one by one with those of {first}.", label=label, first=first)]
    gained, lost = here.iloc[0], _people(comparison, label, "only_first", lost_by=ALL, held_by=ALL).iloc[0]
    if gained["value"] == 0 and lost["value"] == 0:
        return [say("Every person is a customer at the end in both worlds or in neither.")]
    said = []
    if gained["value"] > 0:
        text = say(
            "{count} people are customers at the end in {label} who are not in {first}.",
            count=_count(gained),
            label=label,
            first=first,
        )
        said.append(f"{text} {_through(comparison, label, 'only_this', first)}".strip())
    if lost["value"] > 0:
        text = say("{count} are customers in {first} and not in {label}.", count=_count(lost), first=first, label=label)
        said.append(f"{text} {_through(comparison, label, 'only_first', label)}".strip())
    return said


def costs_and_returns(comparison: Comparison, label: str) -> list[str]:
    """What it costs and what it returns."""
    if identical(comparison, label):
        return [say("It costs nothing and returns nothing.")]
    spending, margin = money_of(comparison, label, "spending"), money_of(comparison, label, "margin")
    present, ratio = money_of(comparison, label, "net_present_value"), money_of(comparison, label, "return_on_spending")
    said = [_spending(spending)]
    if negligible(margin):
        said.append(say("Margin changes negligibly over the run."))
    elif margin["excludes_zero"]:
        values = {"amount": size_of(margin), "change": change(present["difference"], present["unit"], _half(present))}
        said.append(
            say("Margin rises by {amount}; in present value that is {change}.", **values)
            if margin["difference"] > 0
            else say("Margin falls by {amount}; in present value that is {change}.", **values)
        )
    else:
        said.append(
            say(
                "Whether that pays within the run is open: margin cannot be told apart from today's (change {limits}).",
                limits=limits(margin),
            )
        )
    return said + equity_told(comparison, label) + _each_unit(spending, ratio)


def _half(row: pd.Series) -> float:
    return float((row["high"] - row["low"]) / 2.0)


def _spending(row: pd.Series) -> str:
    if row["difference"] == 0.0 and row["high"] == row["low"]:
        return say("Spending on quality, staff, complaints, rewards and winning customers is the same over the run.")
    if not row["excludes_zero"]:
        return say(
            "Spending on quality, staff, complaints, rewards and winning customers cannot be told apart from today's "
            "(change {change}) over the run.",
            change=limits(row),
        )
    if row["difference"] > 0:
        return say(
            "Spending on quality, staff, complaints, rewards and winning customers rises by {amount} over the run.",
            amount=size_of(row),
        )
    return say(
        "Spending on quality, staff, complaints, rewards and winning customers falls by {amount} over the run.",
        amount=size_of(row),
    )


def _some(count: float, became: str) -> str:
    """So many became this.

    >>> _some(1.0, NEVER_CUSTOMER), _some(0.5, "left_complaint")
    ('1 was never won', '0.5 left after a complaint')
    """
    text = written(count, ",.0f") if count >= 9.95 else written(count, ".1f").removesuffix(".0")
    n = 1 if text == "1" else 2  # what is written decides, not what is rounded away
    if became == "left_silent":
        return plural(
            "{count} left in silence after a bad experience",
            "{count} left in silence after a bad experience",
            n,
            count=text,
        )
    if became == "lapsed_silent":
        return plural(
            "{count} left in silence, with a way back", "{count} left in silence, with a way back", n, count=text
        )
    if became == "left_complaint":
        return plural("{count} left after a complaint", "{count} left after a complaint", n, count=text)
    if became == "left_switch":
        return plural("{count} went over to a rival", "{count} went over to a rival", n, count=text)
    if became == "left_without":
        return plural(
            "{count} does without because of the price", "{count} do without because of the price", n, count=text
        )
    if became == "left_closed":
        return plural("{count} left because the firm closed", "{count} left because the firm closed", n, count=text)
    if became == NEVER_CUSTOMER:
        return plural("{count} was never won", "{count} were never won", n, count=text)
    return plural(
        "{count} left for reasons that no service can mend",
        "{count} left for reasons that no service can mend",
        n,
        count=text,
    )


def _each_unit(spending: pd.Series, ratio: pd.Series) -> list[str]:
    """The return on each unit of money spent more; nothing where none surely is, for a ratio would mean nothing."""
    if not pays_back(spending, ratio):
        return []
    unit = spending["unit"]
    change = priced(signed_to_decimals(ratio["difference"], 2), unit)
    if math.isfinite(ratio["low"]):
        change = say(
            "{change} ({low} to {high})",
            change=change,
            low=signed_to_decimals(ratio["low"], 2),
            high=signed_to_decimals(ratio["high"], 2),
        )
    return [say("Each {unit} spent more changes margin by {change}, all costs counted.", unit=unit, change=change)]


def pays_back(spending: pd.Series, ratio: pd.Series) -> bool:
    """Whether a return on spending means anything: more is surely spent, and the ratio is surely not nothing."""
    more = spending["difference"] > 0 and (spending["excludes_zero"] or spending["high"] == spending["low"])
    told = not ratio["note"] and math.isfinite(ratio["difference"])
    return bool(more and told and not ratio["low"] <= 0.0 <= ratio["high"])


def certainty(comparison: Comparison) -> str:
    """What the intervals mean, and what they do not."""
    rows = comparison.differences
    n, tests = comparison.replications, int(rows["p"].notna().sum())
    by_chance = 0.05 * tests
    return say(
        "Each world was run {count} times with the same luck; brackets hold 95% intervals of the "
        "mean difference. They show how much luck is left, not whether the assumptions hold for a "
        "real firm: that doubt is usually larger. Of {tests} differences some {by_chance:.0f} would "
        "seem sure by chance alone if nothing changed; “{sure}” marks those that stand even so "
        "(Holm's rule), “{alone}” those whose own interval excludes 0.",
        count=n,
        tests=tests,
        by_chance=by_chance,
        sure=translated(SURE),
        alone=translated(ALONE),
    )


def pairing(comparison: Comparison, label: str) -> str:
    """What the same luck has saved, for the main figures."""
    parts = []
    names = {"retention": say("retention"), "satisfaction": say("satisfaction"), "margin": say("margin")}
    for name, words in names.items():
        row = row_of_figure(comparison, label, name)
        if row is not None and math.isfinite(row["variance_ratio"]) and math.isfinite(row["ratio_low"]):
            parts.append(f"{words} {times(row)}")
    if not parts:
        return ""
    return say(
        "{label}: with independent luck the same intervals would have needed this many times as many "
        "replications: {parts}.",
        label=label,
        parts=", ".join(parts),
    )


def precision(comparison: Comparison) -> str:
    """How the number of replications came about, where a half-width was asked for; else empty."""
    if comparison.precision is None:
        return ""
    figure, half_width = comparison.precision
    row = comparison.differences[comparison.differences["figure"] == figure].iloc[0]
    scale, before, behind = parts(row["unit"])
    return say(
        "The number of runs was chosen so that the interval of {lower} reaches at most "
        "{before}{half_width:,g}{behind} to either side: 20 runs showed how much luck is left, and as "
        "many were added as that takes (Stein's two-stage rule).",
        lower=row["label"].lower(),
        before=before,
        half_width=half_width * scale,
        behind=behind,
    )
