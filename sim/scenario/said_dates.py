"""Times of a plan as people say them: `July 2026`, `month 6`, `2026-07-01`, every December, weekends."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

from sim.model.market import Run
from sim.parameters.plain_words import closest, shown
from sim.parameters.timeline import first_day
from sim.vocabulary.errors import ScenarioError
from sim.words import say

MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NUMBERED = re.compile(r"(?P<unit>period|day|week|month|quarter|year)\s+(?P<number>[0-9]{1,6})", re.I)
_AFTER = re.compile(r"(?:after|in)\s+(?P<number>[0-9]{1,6})\s+(?P<unit>day|week|month|quarter|year)s?", re.I)
_QUARTER = re.compile(r"Q(?P<quarter>[1-4])[ -](?P<year>[0-9]{4})", re.I)

Wanted = Callable[[dt.date], bool]
"""Whether something recurs in the period whose middle is this day."""


def moment(text: str, run: Run) -> int | dt.date:
    """The period, or the date, that a text means.

    `month 6` is the sixth month of the run; it begins five months after the run's start. `period 6` is the period of
    that number, where 0 is the first; `after 6 months` is the seventh month. A month, a quarter or a week is its first
    day.

    Raises:
        ScenarioError: If it is no time, one that may be two dates, or one before the run.

    >>> run = Run(period="month", start=dt.date(2026, 1, 5))
    >>> moment("month 6", run), moment("period 6", run), moment("week 3", run), moment("July 2026", run)
    (5, 6, datetime.date(2026, 1, 19), datetime.date(2026, 7, 1))
    >>> moment("after 6 months", run)
    6
    """
    from sim.data.calendar_dates import read_dates  # most plans count periods, or have dates of YAML's own

    said = " ".join(text.split())
    numbered = _NUMBERED.fullmatch(said)
    if numbered is not None:
        return _numbered(numbered["unit"].lower(), int(numbered["number"]), run)
    passed = _AFTER.fullmatch(said)
    if passed is not None:
        return _numbered(passed["unit"].lower(), int(passed["number"]) + 1, run)
    quarter = _QUARTER.fullmatch(said)
    if quarter is not None:
        said = f"{quarter['year']}-Q{quarter['quarter']}"
    found = read_dates([said], None, None)
    if found.asked is not None:
        raise ScenarioError(
            say("may be two dates"), found=shown(text), hint=say("write it as YYYY-MM-DD, or 3 April 2026")
        )
    day = found.days[0]
    strange = [word for word in re.findall(r"[^\W\d_]{4,}", said) if month_named(word) is None]
    if strange and day is not None:
        near = closest(strange[0], MONTHS)
        raise ScenarioError(
            say("no month"), found=shown(text), suggestion=said.replace(strange[0], near.capitalize()) if near else ""
        )
    if day is None:
        bare = month_named(said) is not None or re.fullmatch("Q[1-4]", said, re.I) is not None
        hint = say("say of which year: {text} {year}", text=said, year=run.start.year) if bare else ""
        raise ScenarioError(say("not a period"), found=shown(text), allowed=allowed_moments(), hint=hint)
    return day


def allowed_moments() -> str:
    """What may stand after `at` and `until`, in words."""
    return say(
        "a period number (0 is the first), a date (YYYY-MM-DD, July 2026, Q3 2026), or `month 6`, the sixth of the run"
    )


def _numbered(unit: str, number: int, run: Run) -> int | dt.date:
    from sim.data.calendar_dates import after

    if unit == "period":
        return number
    if number == 0:
        raise ScenarioError(
            say("{unit}s are counted from 1", unit=unit),
            found=f"'{unit} 0'",
            hint=say("the first period is `at: 0`, or `{unit} 1`", unit=unit),
        )
    if unit == run.period:
        return number - 1
    try:
        if unit == "quarter":
            return after(run.start, 3 * (number - 1), "months")
        return after(run.start, number - 1, f"{unit}s")
    except (OverflowError, ValueError):
        raise ScenarioError(say("lies after the year 9999"), found=f"'{unit} {number}'") from None


def middle(run: Run, period: int) -> dt.date:
    """The day in the middle of a period, by which it belongs to a month, and to a day of the week.

    >>> middle(Run(period="month", start=dt.date(2026, 1, 25)), 10)
    datetime.date(2026, 12, 10)

    Raises:
        OverflowError: If it lies after the year 9999.
    """
    start = first_day(run, period)
    return start + (first_day(run, period + 1) - start) // 2


def month_named(name: str) -> int | None:
    """The number of a month from 1, by its name or the first three letters of it.

    >>> month_named("Dec"), month_named("December"), month_named("Decem")
    (12, 12, None)
    """
    folded = name.strip().lower().rstrip(".")
    return next((i for i, month in enumerate(MONTHS, 1) if folded in (month, month[:3])), None)


def recurring(name: object, run: Run) -> Wanted:
    """When something recurs.

    Args:
        name: `December`, `Dec`, `weekend`, `weekday`, `Saturday`, `Q4`, `year` (always), or a number of a month.
        run: Days of the week need a run by days.

    Raises:
        ScenarioError: If that is nothing that recurs, or too short for the run's periods.

    >>> every = recurring("weekend", Run(period="day"))
    >>> [every(dt.date(2026, 1, day)) for day in (2, 3, 4, 5)]
    [False, True, True, False]
    """
    text = str(name).strip().lower().rstrip(".") if isinstance(name, str) else ""
    if text == "year":
        return lambda day: True
    month = month_named(text)
    if month is not None:
        return lambda day: day.month == month
    if re.fullmatch("q[1-4]", text):
        return lambda day: (day.month + 2) // 3 == int(text[1])
    days = {"weekend": (5, 6), "weekday": (0, 1, 2, 3, 4), "workday": (0, 1, 2, 3, 4)}.get(text.removesuffix("s"))
    if days is None:
        days = tuple(i for i, known in enumerate(DAYS) if text.removesuffix("s") in (known, known[:3]))
    if not days:
        known_names = [*(m.capitalize() for m in MONTHS), *(d.capitalize() for d in DAYS), "weekend", "weekday", "year"]
        raise ScenarioError(
            say("nothing that recurs"),
            found=shown(name),
            allowed=say("a month (December), a quarter (Q4), weekend, weekday, a day of the week, year; or a list"),
            suggestion=closest(text, [known.lower() for known in known_names]),
        )
    if run.period != "day":
        raise ScenarioError(
            say("a period is longer than a day of the week"),
            found=shown(name),
            hint=say("run: {{period: day}} has days of the week"),
        )
    return lambda day: day.weekday() in days
