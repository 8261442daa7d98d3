"""The cost of quality by category."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from sim.plots.style import BLUE, GREEN, INK, MUTED, ORANGE, RED, SIZE, FigureSheet, percent_tick, wrapped, write_beside
from sim.plots.told_values import note, told
from sim.results.intervals import mean_interval
from sim.results.result import Result
from sim.results.series import focal
from sim.words import say, translated, written

BARS = (
    ("prevention", "prevention_cost", GREEN, False),
    ("appraisal", "appraisal_cost", BLUE, False),
    ("internal failure", "internal_failure_cost", ORANGE, False),
    ("external failure", "external_failure_cost", RED, False),
    ("opportunity, measured", "opportunity_measured", MUTED, False),
    ("opportunity, rule of thumb", "opportunity_estimate", MUTED, True),
)


def draw(result: Result, width: float) -> Figure:
    """Bars of each category as a share of operating cost, with intervals; the rule of thumb hatched beside."""
    share = result.value("quality_cost_share")
    title = (
        say("Poor quality costs {share:.0%} of operating cost", share=share)
        if np.isfinite(share)
        else say("The cost of quality")
    )
    subtitle = say("Costs of quality over the whole run, relative to the operating cost that is booked")
    sheet = FigureSheet(result, width, 3.0, title, subtitle, interval="bars")
    axes = sheet.single(left=1.2 if sheet.narrow else 2.1, right=0.65)
    totals = focal(result.series, result.scenario).groupby("replication").sum(numeric_only=True, min_count=1)
    base = totals["operating_cost"].where(totals["operating_cost"] > 0)
    shown = [(translated(bar[0]), *bar[1:]) for bar in BARS if totals[bar[1]].notna().any()]
    ends = [0.0]
    for place, (name, column, colour, hatched) in enumerate(reversed(shown)):
        share, low, high = mean_interval(totals[column] / base)
        if not np.isfinite(share):
            continue
        look = {"facecolor": "none", "edgecolor": colour, "hatch": "////"} if hatched else {"color": colour}
        axes.barh(place, share, height=0.62, **look)  # type: ignore[arg-type]
        if np.isfinite(low):
            axes.hlines(place, low, high, color=INK, linewidth=1.6)
        text = told(lambda value: written(value, ".1%"), share, low, high)
        note(axes, share, place, say("share of operating cost"), name, text)
        ends.append(max(share, high if np.isfinite(high) else share))
        write_beside(axes, written(share, ".1%"), (max(ends[-1], 0.0), place), size=SIZE - 0.5)
    names = ["\n".join(wrapped(bar[0], 1.05, SIZE)) if sheet.narrow else bar[0] for bar in reversed(shown)]
    axes.set_yticks(range(len(shown)), names, color=INK, size=SIZE - (1 if sheet.narrow else 0))
    axes.xaxis.set_major_formatter(percent_tick)
    axes.locator_params(axis="x", nbins=4)
    axes.set_xlabel(say("share of operating cost, goods apart"), size=SIZE - 1)
    axes.grid(axis="y", visible=False)
    axes.spines["left"].set_visible(False)
    axes.axvline(0.0, color=MUTED, linewidth=1.0)
    return sheet.figure
