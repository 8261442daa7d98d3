"""Times of a plan as people say them: `July 2026`, `month 6`, `2026-07-01`, every December, weekends."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

from sim.model.market import Run
from sim.parameters.plain_words import closest, shown
from sim.parameters.timeline import first_day, period_of
from sim.scenario.calendar_names import (
    FEASTS,
    MONTHS,
    MOVING_FEASTS,
    SEASONS,
    feast,
    month_named,
    plainly_said,
    stretch,
)
from sim.vocabulary.errors import ScenarioError
from sim.words import say

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NUMBERED = re.compile(r"(?P<unit>period|day|week|month|quarter|year)\s+(?P<number>[0-9]{1,6})", re.I)
_AFTER = re.compile(r"(?:after|in)\s+(?P<number>[0-9]{1,6})\s+(?P<unit>day|week|month|quarter|year)s?", re.I)
_PART = re.compile(r"(?P<part>beginning|start|middle|mid|end)(?:[ -](?P<whole>.+))?|(?P<year_end>year[ -]end)", re.I)
_FEAST = re.compile(rf"(?P<name>{'|'.join(FEASTS)})(?: (?P<year>[1-9][0-9]{{3}}))?", re.I)
_BARE = re.compile(r"Q[1-4]|H[12]|year", re.I)

Wanted = Callable[[dt.date], bool]
"""Whether something recurs in the period whose middle is this day."""


def moment(text: str, run: Run, *, until: bool = False) -> int | dt.date:
    """The period, or the date, that a text means.

    `month 6` is the sixth month of the run; it begins five months after the run's start. `period 6` is the period of
    that number, where 0 is the first; `after 6 months` is the seventh month. A month, a quarter or a week is its first
    day; the end of one is the first day after it, which is what lasts `until` then.

    Args:
        text: What stands in the file.
        run: Its calendar.
        until: Whether it is said of an end.

    Raises:
        ScenarioError: If it is no time, one that may be two dates, or one before the run.

    >>> run = Run(period="month", start=dt.date(2026, 1, 5))
    >>> moment("month 6", run), moment("period 6", run), moment("week 3", run), moment("July 2026", run)
    (5, 6, datetime.date(2026, 1, 19), datetime.date(2026, 7, 1))
    >>> moment("after six months", run), moment("end of 2026", run, until=True)
    (6, datetime.date(2027, 1, 1))
    """
    from sim.data.calendar_dates import read_dates  # most plans count periods, or have dates of YAML's own

    said = plainly_said(text)
    numbered = _NUMBERED.fullmatch(said)
    if numbered is not None:
        return _numbered(numbered["unit"].lower(), int(numbered["number"]), run)
    passed = _AFTER.fullmatch(said)
    if passed is not None:
        return _numbered(passed["unit"].lower(), int(passed["number"]) + 1, run)
    part, named = _PART.fullmatch(said), _FEAST.fullmatch(said)
    if part is not None:
        return _part_of(text, part, run, until=until)
    if named is not None and named["year"]:
        return feast(named["name"], int(named["year"]))
    whole = stretch(said)
    if whole is not None and not said.isdigit():
        return whole[0]
    found = read_dates([said], None, None)
    if found.asked is not None:
        raise ScenarioError(
            say("may be two dates"), found=shown(text), hint=say("write it as YYYY-MM-DD, or 3 April 2026")
        )
    day = found.days[0]
    strange = [word for word in re.findall(r"[^\W\d_]{4,}", said) if month_named(word) is None]
    if strange and day is not None:
        near = closest(strange[0], MONTHS) or MONTHS[day.month - 1]
        raise ScenarioError(say("no month"), found=shown(text), suggestion=said.replace(strange[0], near.capitalize()))
    if day is None:
        raise ScenarioError(
            say("not a period"), found=shown(text), allowed=allowed_moments(), hint=_meant(text, said, run)
        )
    return day


def _part_of(text: str, said: re.Match[str], run: Run, *, until: bool) -> int | dt.date:
    """The beginning, the middle or the end of something; of the run where nothing else is named."""
    part, what = (said["part"] or "end").lower(), said["whole"] or ("year" if said["year_end"] else "run")
    if what.lower() == "run" and part != "middle":
        return run.periods if part == "end" else 0
    bare = month_named(what) is not None or _BARE.fullmatch(what) is not None
    year = run.start.year
    whole = stretch(what) or (stretch(f"{year}" if what.lower() == "year" else f"{what} {year}") if bare else None)
    if whole is None or (bare and (until or part != "end")):
        of_year = say("say of which year: {text} {year}", text=text, year=year)
        if what.lower() == "year":
            of_year = say("say of which year: {part} of {year}", part=part, year=year)
        raise ScenarioError(
            say("not a period"), found=shown(text), allowed=allowed_moments(), hint=of_year if bare else ""
        )
    first, after = whole
    if part == "end" and not until:
        raise ScenarioError(
            say("may be two periods"),
            found=shown(text),
            hint=say(
                "its last day is {last}, and it is over on {after}: write the one that is meant",
                last=after - dt.timedelta(days=1),
                after=after,
            ),
        )
    return after if part == "end" else first + (after - first) // 2 if part.startswith("mid") else first


def _meant(text: str, said: str, run: Run) -> str:
    """What to write for a time that is none."""
    if month_named(said) is not None or _BARE.fullmatch(said) or _FEAST.fullmatch(said):
        return say("say of which year: {text} {year}", text=text, year=run.start.year)
    if re.fullmatch("[0-9]{4}", said):
        return say("write a month of that year: January {year}", year=said)
    if any(feast_day in said.lower() for feast_day in MOVING_FEASTS):
        return say("its day is another one each year: write it as YYYY-MM-DD")
    if any(season in said.lower() for season in SEASONS):
        return say("seasons begin on several days: write a month, such as June {year}", year=run.start.year)
    return ""


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
    if text in FEASTS:
        return lambda day: any(
            period_of(run, feast(text, year)) == period_of(run, day)
            for year in (day.year, min(day.year + 1, dt.MAXYEAR))
        )
    between = re.fullmatch(r"([a-z.]+) (?:to|-) ([a-z.]+)", text)
    ends = [month_named(name) for name in between.groups()] if between else []
    if ends and None not in ends:
        first, last = (int(end or 0) for end in ends)
        return lambda day: (day.month - first) % 12 <= (last - first) % 12
    days = {"weekend": (5, 6), "weekday": (0, 1, 2, 3, 4), "workday": (0, 1, 2, 3, 4)}.get(text.removesuffix("s"))
    if days is None:
        days = tuple(i for i, known in enumerate(DAYS) if text.removesuffix("s") in (known, known[:3]))
    if not days:
        known_names = [*(m.capitalize() for m in MONTHS), *(d.capitalize() for d in DAYS), "weekend", "weekday", "year"]
        raise ScenarioError(
            say("nothing that recurs"),
            found=shown(name),
            allowed=say("a month (December), a quarter (Q4), weekend, weekday, a day of the week, year; or a list"),
            hint=say("seasons are told by their months: June to August") if text in SEASONS else "",
            suggestion="" if text in MOVING_FEASTS else closest(text, [known.lower() for known in known_names]),
        )
    if run.period != "day":
        raise ScenarioError(
            say("a period is longer than a day of the week"),
            found=shown(name),
            hint=say("run: {{period: day}} has days of the week"),
        )
    return lambda day: day.weekday() in days
