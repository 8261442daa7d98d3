"""The worlds over time, and the paired difference beneath, where the same luck makes small changes visible."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sim.model.market import Run
from sim.plots.calendar_axis import calendar_axis
from sim.plots.overtime import LineOverTime, note_line, unit_above
from sim.plots.style import INK, MUTED, SIZE, FigureSheet, percent_tick, write_above
from sim.studies.comparison.draw_differences import WORLDS
from sim.words import say, written

if TYPE_CHECKING:
    from sim.studies.comparison.comparison import Comparison


def draw_yearly_loss(comparison: Comparison, width: float) -> Figure:
    """Share of customers lost in a year at the pace of each stretch, and its change."""
    return _draw(
        comparison,
        width,
        "yearly_loss",
        say("Customers lost in a year"),
        say("share lost per year"),
        100.0,
        say("change, percentage points"),
    )


def draw_satisfaction(comparison: Comparison, width: float) -> Figure:
    """Mean satisfaction of customers, and its change."""
    return _draw(
        comparison, width, "satisfaction", say("Customers' satisfaction"), "points (0-100)", 1.0, say("change, points")
    )


def draw_payback(comparison: Comparison, width: float) -> Figure:
    """Change in margin since the start, as it adds up."""
    currency = comparison.scenario.money.currency
    worlds = comparison.labels[1:]
    sheet = FigureSheet(
        comparison,
        width,
        2.3 + _key_room(worlds),
        say("When does it pay?"),
        say("Margin since the start, more or less than {label} earned by then", label=comparison.labels[0]),
        interval=say("bands, of paired differences"),
    )
    axes = sheet.single(left=0.85, top=0.35 + _key_room(worlds))
    for index, label in enumerate(worlds):
        rows = _rows(comparison, label, "cumulative_margin")
        _band(axes, rows, "difference", WORLDS[index % len(WORLDS)], comparison.scenario.run, label, form="+,.0f")
    axes.axhline(0.0, color=MUTED, linewidth=1.0)
    axes.yaxis.set_major_formatter(lambda value, _: written(value, "+,.0f").replace("-", "−") if value else "0")
    unit_above(axes, currency)
    _time_axis(axes, comparison)
    _key(axes, [(label, WORLDS[index % len(WORLDS)]) for index, label in enumerate(worlds)])
    return sheet.figure


def _draw(
    comparison: Comparison, width: float, measure: str, title: str, unit: str, scale: float, change: str
) -> Figure:
    worlds = comparison.labels[1:]
    names = [(comparison.labels[0], INK)] + [(label, WORLDS[index % len(WORLDS)]) for index, label in enumerate(worlds)]
    room = _key_room([label for label, _ in names])
    sheet = FigureSheet(
        comparison,
        width,
        3.75 + room,
        say("{title}, world by world", title=title),
        say("Above: each world. Below: the change against today, run by run with the same luck"),
        interval="bands",
    )
    left, right = 0.7, 0.25
    inner = sheet.width - left - right
    above = sheet.axes(left, 1.95, inner, 1.45)
    below = sheet.axes(left, 0.5, inner, 0.95)
    form = ".1%" if measure == "yearly_loss" else ".1f"
    for label, colour in names:
        _band(above, _rows(comparison, label, measure), "value", colour, comparison.scenario.run, label, form=form)
    if measure == "yearly_loss":
        above.yaxis.set_major_formatter(percent_tick)
    unit_above(above, unit)
    _key(above, names)
    known = False
    for label, colour in names[1:]:
        changed = say("{label}, change", label=label)
        rows = _rows(comparison, label, measure)
        known |= bool(rows["difference"].notna().any())
        _band(below, rows, "difference", colour, comparison.scenario.run, changed, scale, "+.3g")
    below.axhline(0.0, color=INK, linewidth=1.0)
    unit_above(below, change if known else say("no change drawn: other periods"))
    below.yaxis.set_major_locator(MaxNLocator(4))
    below.yaxis.set_major_formatter(lambda value, _: written(value, "+.6g").replace("-", "−") if value else "0")
    _time_axis(above, comparison)
    above.set_xlabel("")
    above.tick_params(labelbottom=False)
    _time_axis(below, comparison, named=False)
    return sheet.figure


def _rows(comparison: Comparison, label: str, measure: str) -> pd.DataFrame:
    rows = comparison.trajectories
    return rows[(rows["scenario"] == label) & (rows["measure"] == measure)]


def _band(
    axes: Axes, rows: pd.DataFrame, column: str, colour: str, run: Run, series: str, scale: float = 1.0, form: str = ""
) -> None:
    """A line with its band, whose values are noted; a single stretch becomes a dot."""
    limits = ("low", "high") if column == "value" else ("difference_low", "difference_high")
    years = rows["years"].to_numpy(float)
    value, low, high = (scale * rows[name].to_numpy(float) for name in (column, *limits))
    axes.plot(years, value, color=colour, marker="o" if len(years) == 1 else None, linewidth=1.8)
    note_line(axes, LineOverTime(list(years), list(value), list(low), list(high)), series, run, form)
    if np.isfinite(low).any():
        axes.fill_between(years, low, high, color=colour, alpha=0.18, linewidth=0)


def _key_room(labels: list[str]) -> float:
    return 0.2 * len(labels)


def _key(axes: Axes, names: list[tuple[str, str]]) -> None:
    """Names in their colours above the axes and above the unit, one a line."""
    for line, (label, colour) in enumerate(reversed(names)):
        write_above(axes, f"● {label}", (0, 22 + 14 * line), color=colour, size=SIZE - 0.5)


def _time_axis(axes: Axes, comparison: Comparison, *, named: bool = True) -> None:
    """Dates, and a dotted line where a timeline changes something."""
    calendar_axis(axes, comparison.scenario.run, comparison.scenarios.values(), named=named)
