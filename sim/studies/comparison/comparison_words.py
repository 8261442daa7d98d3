"""A comparison in plain words: every sentence is made from the numbers, and says so where nothing can be told."""

from __future__ import annotations

import math

import pandas as pd

from sim.report.changes import change, changed_by, limits, parts, signed
from sim.report.wording import number
from sim.studies.comparison.comparison import Comparison
from sim.studies.comparison.persons import ALL, FROM_START, NEVER_CUSTOMER

LOST = {
    "left_silent": "left in silence after a bad experience",
    "lapsed_silent": "left in silence, with a way back",
    "left_complaint": "left after a complaint",
    "left_switch": "went over to a rival",
    "left_natural": "left for reasons that no service can mend",
    NEVER_CUSTOMER: "were never won",
}
HELD = {
    FROM_START: "stayed from the start",
    "won_advertising": "were won by advertising",
    "won_talk": "were won by word of mouth",
    "won_switch": "came over from a rival",
    "returned": "came back unasked",
    "returned_switch": "came back from a rival",
    "won_back": "took a win-back offer",
}

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
        return "no luck in it"
    if math.isinf(value):
        return "all luck cancels"
    if math.isnan(low):
        return f"{_three(value)} (too few runs for an interval)"
    return f"{_three(value)} ({_three(low)} to {_three(high)})"


def _three(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2g}" if value < 10 else f"{value:.0f}"


def _row(comparison: Comparison, label: str, figure: str) -> pd.Series | None:
    rows = comparison.differences
    found = rows[(rows["scenario"] == label) & (rows["figure"] == figure)]
    return None if found.empty else found.iloc[0]


def _money(comparison: Comparison, label: str, item: str) -> pd.Series:
    rows = comparison.money
    return rows[(rows["scenario"] == label) & (rows["item"] == item)].iloc[0]


def identical(comparison: Comparison, label: str) -> bool:
    """Whether a scenario differs from the first in nothing at all."""
    rows = comparison.differences[comparison.differences["scenario"] == label]
    return bool((rows["difference"] == 0.0).all() and not (rows["high"] > rows["low"]).any())


def _goes(row: pd.Series, subject: str) -> str:
    """One figure in one sentence."""
    unit = row["unit"]
    if not row["excludes_zero"]:
        inside = f" (change {limits(row, bare=False)})" if limits(row) else ""
        return f"{subject} cannot be told apart from today's {number(row['first'], unit)}{inside}."
    verb = "rises" if row["difference"] > 0 else "falls"
    before, after = number(row["first"], unit), number(row["value"], unit)
    if before == after:
        return f"{subject} {verb} very little, from {before}: {changed_by(row)}."
    return f"{subject} {verb} from {before} to {after}: {changed_by(row)}."


def headline(comparison: Comparison) -> str:
    """One sentence for those who read one sentence."""
    clauses = []
    for label in comparison.labels[1:]:
        if identical(comparison, label):
            clauses.append(f"{label} changes nothing")
            continue
        customers, margin = _row(comparison, label, "customers"), _money(comparison, label, "margin")
        words = []
        if customers is not None and customers["excludes_zero"]:
            more = "more" if customers["difference"] > 0 else "fewer"
            words.append(f"{abs(customers['difference']):,.0f} {more} customers")
        else:
            words.append("no certain change in customers")
        if margin["excludes_zero"]:
            more = "more" if margin["difference"] > 0 else "less"
            words.append(f"{margin['unit']} {abs(margin['difference']):,.0f} {more} margin")
        else:
            words.append("a margin that cannot be told apart from today's")
        clauses.append(f"{label}: {words[0]}, and {words[1]}")
    return "; ".join(clauses) + "."


def sentences(comparison: Comparison) -> list[str]:
    """All that is said of the scenarios, the headline first."""
    said = [headline(comparison)]
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
        return ["Nothing: under the same luck every key figure is the same in every run."]
    said = []
    for figure, subject in MAIN:
        row = _row(comparison, label, figure)
        if row is not None:
            said.append(_goes(row, subject))
    return said


def _people(comparison: Comparison, label: str, group: str, **cell: str) -> pd.DataFrame:
    rows = comparison.persons
    chosen = (rows["scenario"] == label) & (rows["group"] == group) & (rows["measure"] == "people")
    for column, value in cell.items():
        chosen &= rows[column] == value
    return rows[chosen]


def _count(row: pd.Series) -> str:
    value = row["value"]
    digits = 0 if value >= 10 else 1
    text = f"{value:,.{digits}f}"
    if math.isfinite(row["low"]) and row["high"] > row["low"]:
        text += f" ({row['low']:,.{digits}f} to {row['high']:,.{digits}f})"
    return text


def _through(comparison: Comparison, label: str, group: str, world: str) -> str:
    """What became of the people of a group in the world that has them not: the two most frequent causes."""
    causes = _people(comparison, label, group, held_by=ALL)
    causes = causes[(causes["lost_by"] != ALL) & (causes["value"] > 0)].sort_values("value", ascending=False)
    parts = [_some(row["value"], LOST[row["lost_by"]]) for _, row in causes.iterrows() if row["value"] >= 0.5][:2]
    return f" In {world} {' and '.join(parts)}." if parts else ""


def who(comparison: Comparison, label: str) -> list[str]:
    """Person by person: who is kept and who is lost, and through what."""
    first = comparison.labels[0]
    here = _people(comparison, label, "only_this", lost_by=ALL, held_by=ALL)
    if here.empty:
        return [f"People of {label} cannot be matched one by one with those of {first}."]
    gained, lost = here.iloc[0], _people(comparison, label, "only_first", lost_by=ALL, held_by=ALL).iloc[0]
    if gained["value"] == 0 and lost["value"] == 0:
        return ["Every person is a customer at the end in both worlds or in neither."]
    said = []
    if gained["value"] > 0:
        said.append(
            f"{_count(gained)} people are customers at the end in {label} who are not in {first}."
            f"{_through(comparison, label, 'only_this', first)}"
        )
    if lost["value"] > 0:
        said.append(
            f"{_count(lost)} are customers in {first} and not in {label}."
            f"{_through(comparison, label, 'only_first', label)}"
        )
    return said


def costs_and_returns(comparison: Comparison, label: str) -> list[str]:
    """What it costs and what it returns."""
    if identical(comparison, label):
        return ["It costs nothing and returns nothing."]
    spending, margin = _money(comparison, label, "spending"), _money(comparison, label, "margin")
    present, ratio = _money(comparison, label, "net_present_value"), _money(comparison, label, "return_on_spending")
    text = "Spending on quality, complaints and winning customers "
    if spending["difference"] == 0.0 and spending["high"] == spending["low"]:
        text += "is the same"
    elif spending["excludes_zero"]:
        text += f"{'rises' if spending['difference'] > 0 else 'falls'} by {_amount(spending)}"
    else:
        text += f"cannot be told apart from today's (change {limits(spending)})"
    said = [text + " over the run."]
    if margin["excludes_zero"]:
        verb = "rises" if margin["difference"] > 0 else "falls"
        said.append(
            f"Margin {verb} by {_amount(margin)}; in present value that is "
            f"{change(present['difference'], present['unit'], 100.0)}."
        )
    else:
        said.append(
            "Whether that pays within the run is open: margin cannot be told apart from today's "
            f"(change {limits(margin)})."
        )
    return said + _each_unit(spending, ratio)


def _some(count: float, became: str) -> str:
    """So many became this.

    >>> _some(1.0, "were never won"), _some(0.5, "left after a complaint")
    ('1 was never won', '0.5 left after a complaint')
    """
    text = f"{count:,.0f}" if count >= 9.95 else f"{count:.1f}".removesuffix(".0")
    return f"{text} {became.replace('were ', 'was ', 1) if text == '1' else became}"


def _amount(row: pd.Series) -> str:
    """The size of a change in money, with its interval when that has a width."""
    low, high = sorted((abs(row["low"]), abs(row["high"])))
    text = f"{row['unit']} {abs(row['difference']):,.0f}"
    return text + (f" ({low:,.0f} to {high:,.0f})" if math.isfinite(low) and high - low >= 1 else "")


def _each_unit(spending: pd.Series, ratio: pd.Series) -> list[str]:
    """The return on each unit of money spent more, or saved."""
    if ratio["note"]:
        return [f"No return on spending can be given: {ratio['note']}."]
    if not math.isfinite(ratio["difference"]):
        return []
    saved = spending["difference"] < 0
    sign = -1.0 if saved else 1.0
    low, high = sorted((sign * ratio["low"], sign * ratio["high"]))
    inside = f" ({signed(low, 2)} to {signed(high, 2)})" if math.isfinite(low) else ""
    unit = spending["unit"]
    each = f"Each {unit} {'saved' if saved else 'spent more'}"
    text = f"{each} changes margin by {unit} {signed(sign * ratio['difference'], 2)}{inside}"
    return [text + (", all costs counted." if not saved else ".")]


def certainty(comparison: Comparison) -> str:
    """What the intervals mean, and what they do not."""
    rows = comparison.differences
    n, tests = comparison.replications, int(rows["p"].notna().sum())
    by_chance = 0.05 * tests
    return (
        f"Each world was run {n} times with the same luck; brackets hold 95% intervals of the mean difference. They "
        f"show how much luck is left, not whether the assumptions hold for a real firm: that doubt is usually larger. "
        f"Of {tests} differences some {by_chance:.0f} would seem sure by chance alone if nothing changed; “{SURE}” "
        f"marks those that stand even so (Holm's rule), “{ALONE}” those whose own interval excludes 0."
    )


def pairing(comparison: Comparison, label: str) -> str:
    """What the same luck has saved, for the main figures."""
    parts = []
    for figure, words in (("retention", "retention"), ("satisfaction", "satisfaction"), ("margin", "margin")):
        row = _row(comparison, label, figure)
        if row is not None and math.isfinite(row["variance_ratio"]) and math.isfinite(row["ratio_low"]):
            parts.append(f"{words} {times(row)}")
    if not parts:
        return ""
    return (
        f"{label}: with independent luck the same intervals would have needed this many times as many replications: "
        f"{', '.join(parts)}."
    )


def precision(comparison: Comparison) -> str:
    """How the number of replications came about, where a half-width was asked for; else empty."""
    if comparison.precision is None:
        return ""
    figure, half_width = comparison.precision
    row = comparison.differences[comparison.differences["figure"] == figure].iloc[0]
    scale, before, behind = parts(row["unit"])
    return (
        f"The number of runs was chosen so that the interval of {row['label'].lower()} reaches at most "
        f"{before}{half_width * scale:g}{behind} to either side: 20 runs showed how much luck is left, and as many "
        "were added as that takes (Stein's two-stage rule)."
    )
