"""What figures over time share: short periods put together, the axis of years, marks where the policy changes."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, NamedTuple, TypeVar, cast
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from sim.model.market import PERIODS_PER_YEAR, Run
from sim.plots.calendar_axis import calendar_axis, date_of
from sim.plots.style import MUTED, SIZE, spread, write_above, write_beside
from sim.plots.told_values import note, told
from sim.results.intervals import mean_interval
from sim.results.result import Result
from sim.results.series import total_segment
from sim.words import plural, translated, written

F = TypeVar("F", bound=Callable[..., "LineOverTime"])

_MOST_POINTS = 30


class LineOverTime(NamedTuple):
    """A measure over time: years since the start, mean over replications and its interval."""

    years: list[float]
    value: list[float]
    low: list[float]
    high: list[float]


def step(result: Result) -> int:
    """Periods put together in one point, so that no figure has more than thirty."""
    return math.ceil(result.scenario.run.periods / _MOST_POINTS)


def step_words(result: Result) -> str:
    """The same in words: `each point 4 weeks`."""
    count, unit = step(result), result.scenario.run.period
    if unit == "day":
        return plural("each point a day", "each point {n} days", count)
    if unit == "week":
        return plural("each point a week", "each point {n} weeks", count)
    return plural("each point a month", "each point {n} months", count)


def rows_of(result: Result, columns: Sequence[str], firm: str | None = None) -> pd.DataFrame:
    """Some columns of a firm as a whole, with replication and period; of the focal firm where none is named."""
    name = result.scenario.firm.name if firm is None else firm
    series = result.series
    chosen = (series["firm"] == name) & (series["segment"] == total_segment(result.scenario))
    return series.loc[chosen, ["replication", "period", *columns]]


def _once(line: F) -> F:
    """Compute each line of a result once: a figure is drawn in two forms."""
    known: WeakKeyDictionary[Result, dict[Any, LineOverTime]] = WeakKeyDictionary()

    @wraps(line)
    def kept(result: Result, *given: Any, **named: Any) -> LineOverTime:
        lines, asked = known.setdefault(result, {}), (given, *named.items())
        if asked not in lines:
            lines[asked] = line(result, *given, **named)
        return lines[asked]

    return cast(F, kept)


def _line(per_run: pd.DataFrame) -> LineOverTime:
    limits = [mean_interval(values) for values in per_run.to_numpy().T.tolist()]
    return LineOverTime(
        [float(year) for year in per_run.columns],
        [limit.value for limit in limits],
        [limit.low for limit in limits],
        [limit.high for limit in limits],
    )


def _grouped(result: Result, rows: pd.DataFrame) -> list[pd.Series]:
    """Keys: replication, and the middle of the stretch that a period belongs to, in years."""
    size, per_year = step(result), PERIODS_PER_YEAR[result.scenario.run.period]
    first = (rows["period"] // size) * size
    last = np.minimum(first + size, result.scenario.run.periods)
    return [rows["replication"], ((first + last) / 2.0 / per_year).rename("middle")]


@_once
def ratio_line(result: Result, over: str, under: str, firm: str | None = None, scale: float = 1.0) -> LineOverTime:
    """Sum of one column over sum of another, stretch by stretch."""
    rows = rows_of(result, [over, under], firm)
    sums = rows[[over, under]].groupby(_grouped(result, rows)).sum()
    value = scale * sums[over] / sums[under].where(sums[under] != 0).astype(float)
    return _line(value.unstack())


@_once
def yearly_loss_line(result: Result, firm: str | None = None) -> LineOverTime:
    """Share of customers lost in a year at the pace of each stretch: 1 - (product of (1 - loss))^(1/years)."""
    rows = rows_of(result, ["loss"], firm)
    stays = np.log((1.0 - rows["loss"]).clip(lower=1e-12)).groupby(_grouped(result, rows)).mean()
    per_year = PERIODS_PER_YEAR[result.scenario.run.period]
    return _line((1.0 - np.exp(stays * per_year)).unstack())


def draw_line(axes: Axes, line: LineOverTime, colour: str, **options: object) -> None:
    """A line with its band; a single stretch becomes a dot."""
    marker = "o" if len(line.years) == 1 else None
    axes.plot(line.years, line.value, color=colour, marker=marker, **options)  # type: ignore[arg-type]
    if np.isfinite(line.low).any():
        axes.fill_between(line.years, line.low, line.high, color=colour, alpha=0.2, linewidth=0)


def note_line(axes: Axes, line: LineOverTime, series: str, run: Run, form: str) -> None:
    """Note the values of a line, each at the date in whose stretch it lies.

    Args:
        axes: Where it is drawn.
        line: The line.
        series: What it shows.
        run: Calendar of the run.
        form: How a value is written.
    """
    for years, value, low, high in zip(*line, strict=True):
        text = told(lambda number: written(number, form), value, low, high)
        note(axes, years, value, series, date_of(run, years), text)


def end_labels(axes: Axes, labels: list[tuple[LineOverTime, str, str]], gap: float) -> None:
    """Names at the right end of lines, moved apart by at least `gap` in data units."""
    known = [(line, text, colour) for line, text, colour in labels if np.isfinite(line.value[-1])]
    low, high = axes.get_ylim()
    places = spread([line.value[-1] for line, _, _ in known], gap, low, high)
    for (line, text, colour), place in zip(known, places, strict=True):
        write_beside(axes, text, (line.years[-1], place), color=colour, size=SIZE - 0.5, weight="bold")


def unit_above(axes: Axes, unit: str) -> None:
    """The unit of the vertical axis, lying above it where it can be read without turning the head."""
    write_above(axes, translated(unit), (0, 7), color=MUTED, weight="normal")


def finish_time_axis(axes: Axes, result: Result) -> None:
    """Dates, and a dotted line with its name where the timeline changes something."""
    calendar_axis(axes, result.scenario.run, [result.scenario])
