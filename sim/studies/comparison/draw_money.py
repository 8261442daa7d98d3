"""From today's margin to the other's, step by step."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.plots.panels import named_rows
from sim.plots.style import BLUE, GREEN, GREY, INK, MUTED, RED, SIZE, FigureSheet, wrapped, write_above, write_beside
from sim.plots.told_values import between, note
from sim.results.amounts import rounded
from sim.words import priced, rounded_money, say, translated, written

if TYPE_CHECKING:
    from sim.studies.comparison.comparison import Comparison

STEPS = (
    ("Revenue", ("revenue",), 1.0),
    ("Goods and service", ("goods_cost", "service_cost", "operation_cost", "overhead_cost", "staff_cost"), -1.0),
    ("Prevention, appraisal", ("prevention_cost", "appraisal_cost"), -1.0),
    ("Complaints", ("complaint_cost", "compensation_cost"), -1.0),
    ("Winning and rewards", ("advertising_cost", "welcome_cost", "win_back_cost", "programme_cost"), -1.0),
    ("Failures, warranty", ("internal_failure_cost", "failure_effect_cost", "warranty_cost"), -1.0),
)
"""What margin is made of: words, items of the money table, and whether they add or take away."""


def draw(comparison: Comparison, width: float) -> Figure:
    """A waterfall for each later scenario: revenue, each group of costs, and the change in margin with its interval."""
    worlds = comparison.labels[1:]
    currency = comparison.scenario.money.currency
    each = 0.3 * (len(STEPS) + 1) + 0.75
    first = comparison.money[comparison.money["item"] == "margin"]["first"].iloc[0]
    sheet = FigureSheet(
        comparison,
        width,
        each * len(worlds) + 0.35,
        say("From today's margin to the other's"),
        say(
            "Change over the run, in {currency}; today's margin is {first}",
            currency=currency,
            first=rounded_money(float(first), currency),
        ),
        interval=say("line at the margin, of the paired difference"),
    )
    left, right = (1.35, 0.3) if sheet.narrow else (2.0, 0.5)
    for number, label in enumerate(worlds):
        rows = comparison.money[comparison.money["scenario"] == label].set_index("item")
        axes = sheet.axes(left, 0.4 + each * (len(worlds) - 1 - number), sheet.width - left - right, each - 0.5)
        at, reach = 0.0, [0.0]
        names = [translated(words) for words, _, _ in STEPS] + [say("Margin")]
        for place, (_, items, sign) in enumerate(STEPS):
            step = sign * float(rows.loc[list(items), "difference"].sum())
            y = len(STEPS) - place
            axes.barh(y, step, left=at, height=0.62, color=GREEN if step >= 0 else RED)
            axes.vlines(at + step, y - 1.31, y + 0.31, color=GREY, linewidth=0.8)
            _label(axes, at, step, y)
            note(axes, at + step, y, label, names[place], priced(written(step, "+,.0f"), currency))
            at += step
            reach.append(at)
        margin = {column: float(rows[column].to_dict()["margin"]) for column in ("difference", "low", "high")}
        axes.barh(0, margin["difference"], height=0.62, color=BLUE)
        if margin["high"] > margin["low"]:
            axes.hlines(0, margin["low"], margin["high"], color=INK, linewidth=1.6)
            reach += [margin["low"], margin["high"]]
        _label(axes, 0.0, margin["difference"], 0, margin["low"], margin["high"])
        told = priced(written(margin["difference"], "+,.0f"), currency)
        if margin["high"] > margin["low"]:
            told = between(told, *(written(margin[end], "+,.0f") for end in ("low", "high")))
        note(axes, margin["difference"], 0.0, label, say("Margin"), told)
        span = max(max(reach) - min(reach), 1e-9)
        room = (0.5 if sheet.narrow else 0.2) * span
        axes.set_xlim(min(reach) - room, max(reach) + room)
        shown = ["\n".join(wrapped(name, left - 0.1, SIZE - 1)) if sheet.narrow else name for name in reversed(names)]
        named_rows(axes, shown, SIZE - (2 if sheet.narrow else 0.5))
        axes.get_yticklabels()[0].set_fontweight("bold")
        axes.locator_params(axis="x", nbins=3 if sheet.narrow else 5)
        axes.xaxis.set_major_formatter(lambda value, _: written(value, "+,.6g").replace("-", "−") if value else "0")
        axes.axvline(0.0, color=MUTED, linewidth=1.0)
        if len(worlds) > 1:
            write_above(axes, label, (0, 4), size=SIZE)
    return sheet.figure


def _label(axes: Axes, at: float, step: float, y: float, low: float = math.nan, high: float = math.nan) -> None:
    """The size of a step, beyond its end."""
    ends = [end for end in (at, at + step, low, high) if math.isfinite(end)]
    right = step >= 0
    text = rounded(abs(step)) if abs(step) >= 0.5 else "0"
    text = text if text == "0" else ("+" if right else "−") + text
    write_beside(axes, text, (max(ends) if right else min(ends), y), 4 if right else -4)
