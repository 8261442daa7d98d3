"""The axis of calendar time: dates below, and what the timeline changes, with its name, where it does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from sim.model.market import PERIODS_PER_YEAR, Run
from sim.model.scenario import Scenario
from sim.parameters.courses import courses
from sim.parameters.labels import registered
from sim.parameters.leaves import leaves
from sim.parameters.plain_words import information
from sim.parameters.timeline import first_day, period_of
from sim.plots.style import MUTED, SIZE
from sim.plots.told_values import note
from sim.words import day, month, say, translated, written

STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 240)
"""Months from tick to tick."""

MOST_TICKS = 6
LONGEST_NAME = 30

_LETTER = 0.62 * (SIZE - 2.5)
_ROW = 1.25 * (SIZE - 2.5)
_APART = 3.0
"""Width of a letter of a name, height of a row of names, and what lies between two, in points."""

_MOST_ROWS = 4
"""More names than these rows hold are under the pointer and in the table of values only."""


class Event(NamedTuple):
    """Something that the timeline changes: when, in years since the start, and what it is called."""

    years: float
    name: str


def calendar_axis(axes: Axes, run: Run, scenarios: Iterable[Scenario], *, named: bool = True) -> None:
    """Dates along the axis, which is in years since the start, and a dotted line for each change of a timeline.

    Args:
        axes: To finish.
        run: Calendar of the run.
        scenarios: Those whose timelines are shown.
        named: Write beside a line what changes.
    """
    end = run.periods / PERIODS_PER_YEAR[run.period]
    axes.set_xlim(0, end)
    axes.grid(axis="x", visible=False)
    ticks = list(_ticks(run, MOST_TICKS if axes.get_window_extent().width > 400 else MOST_TICKS // 2))
    if len(ticks) > 1:
        axes.set_xticks([years for years, _ in ticks], [words for _, words in ticks])
        axes.set_xlabel("")
    else:
        axes.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
        axes.set_xlabel(say("years since the start"), size=SIZE - 1)
    found: dict[float, str] = {}
    for event in (event for scenario in scenarios for event in events(scenario)):
        known = found.get(event.years, "")
        if 0 < event.years < end and event.name not in known.split("; "):
            found[event.years] = f"{known}; {event.name}" if known else event.name
    placed = _placed(axes, found, end) if named else []
    _make_room(axes, 1 + max((one.row for one in placed), default=0))
    tops = {one.years: 1.0 - one.row * _ROW / _points(axes)[1] for one in placed}
    for years, name in found.items():
        axes.axvline(years, ymax=tops.get(years, 1.0), color=MUTED, linewidth=1.0, linestyle=(0, (1, 2)), zorder=1)
        if named:
            note(axes, years, axes.get_ylim()[1], say("what is changed"), date_of(run, years), name)
    for one in placed:
        axes.annotate(
            one.shown,
            (one.years, 1.0),
            xycoords=("data", "axes fraction"),
            xytext=(-3 if one.is_late else 3, -2 - _ROW * one.row),
            textcoords="offset points",
            ha="right" if one.is_late else "left",
            va="top",
            size=SIZE - 2.5,
            color=MUTED,
        )


class _PlacedName(NamedTuple):
    """The name of an event as it is written: when, what, in which row from the top, left of its line or right."""

    years: float
    shown: str
    row: int
    is_late: bool


def _placed(axes: Axes, found: Mapping[float, str], end: float) -> list[_PlacedName]:
    """Names in rows from the top, so that none lies on another; those for which no row has room are left out.

    From both ends towards the middle: a line that ends below the names of its neighbours crosses none of them.
    """
    width = _points(axes)[0]
    rows: list[list[tuple[float, float]]] = [[] for _ in range(_MOST_ROWS)]
    placed = []
    early = [years for years in sorted(found) if years <= 0.5 * end]
    for years in (*early, *sorted(set(found) - set(early), reverse=True)):
        at, is_late = width * years / end, years > 0.5 * end
        shown = _fitting(found[years], max(at, width - at))
        length = len(shown) * _LETTER + 2 * _APART
        left, right = (at - length, at) if is_late else (at, at + length)
        free = (row for row, taken in enumerate(rows) if all(right <= low or high <= left for low, high in taken))
        row = next(free, None)
        if row is not None:
            rows[row].append((left, right))
            placed.append(_PlacedName(years, shown, row, is_late))
    return placed


def _make_room(axes: Axes, rows: int) -> None:
    """Values end below the second row of names and those under it."""
    if rows < 2:
        return
    low, high = axes.get_ylim()
    ticks = [tick for tick in axes.get_yticks() if low <= tick <= high]
    axes.set_ylim(low, low + (high - low) / (1.0 - rows * _ROW / _points(axes)[1]))
    axes.set_yticks(ticks)


def _points(axes: Axes) -> tuple[float, float]:
    """Width and height of axes in points."""
    extent = axes.get_window_extent()
    inch = axes.figure.figure.dpi / 72.0
    return extent.width / inch, extent.height / inch


def _fitting(name: str, room: float) -> str:
    """A name cut to a room in points."""
    most = max(3, int(room / _LETTER))
    return name if len(name) <= most else f"{name[: most - 1]}…"


def events(scenario: Scenario) -> Iterator[Event]:
    """The changes of a timeline, and their ends."""
    per_year = PERIODS_PER_YEAR[scenario.run.period]
    for course in courses(scenario.timeline):
        name = event_name({path: values[-1] for path, values in course.values.items()}, type(scenario))
        yield Event(period_of(scenario.run, course.at) / per_year, name)
        if course.until is not None:
            yield Event(period_of(scenario.run, course.until) / per_year, say("end: {event}", event=name))


def event_name(changed: Mapping[str, Any], kind: type[Scenario] = Scenario) -> str:
    """What a change is called: its parameter, or what its parameters have in common.

    >>> event_name({"firm.desk.ease": 1.0})
    'Ease of complaining'
    >>> event_name({"firm.desk.ease": 1.0, "firm.desk.agents": 0})
    'Complaint desk'
    """
    paths = [
        f"{path}.{inner}" if inner else path
        for path, value in changed.items()
        for inner, _ in (leaves(value) if isinstance(value, dict) else [("", value)])
    ]
    known = [information(registered(path), kind) for path in paths]
    groups = {translated(info.groups[-1]) if info is not None and info.groups else "" for info in known}
    common = groups.pop() if len(groups) == 1 else ""
    if len(known) == 1:
        name = paths[0] if known[0] is None else translated(known[0].label)
    else:
        name = common or say("{count} changes", count=len(known))
    if all(path.startswith("rivals.") for path in paths):
        name = say("{rival}: {change}", rival=paths[0].split(".")[1], change=name)
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


def _ticks(run: Run, most: int) -> Iterator[tuple[float, str]]:
    """Firsts of months, as years since the start and in words; none where the calendar ends before the run does."""
    try:
        last = first_day(run, run.periods)
    except OverflowError:
        return
    begin = run.start if run.start.day == 1 else _next_month(run.start, 1)
    months = (last.year - begin.year) * 12 + last.month - begin.month
    step = next((step for step in STEPS if months // step < most), STEPS[-1])
    at, per_year = begin, PERIODS_PER_YEAR[run.period]
    while (at.month - 1) % min(step, 12):
        at = _next_month(at, 1)
    while at < last:
        yield period_of(run, at) / per_year, written(at.year, "d") if step >= 12 else month(at)
        if at.year > 9000:
            return
        at = _next_month(at, step)


def _next_month(date: dt.date, step: int) -> dt.date:
    number = date.year * 12 + date.month - 1 + step
    return dt.date(number // 12, number % 12 + 1, 1)


def date_of(run: Run, years: float) -> str:
    """The date so many years after the start, in words; the years where the calendar ends before."""
    try:
        return day(first_day(run, int(years * PERIODS_PER_YEAR[run.period] + 1e-9)))
    except OverflowError:
        return say("{years:.2f} years", years=years)
