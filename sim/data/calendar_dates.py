"""Dates as files have them: found out where one reading is possible, and asked for where there are two."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sim.vocabulary.errors import ScenarioError
from sim.words import say

DAY_FIRST, MONTH_FIRST = "day first", "month first"
"""Orders in dates such as 03/04/2026, as the setting `dates` says them."""

FEWEST_MIDNIGHTS = 5
"""Stamps from which on it is no chance that all have the same hour."""

_ZONES = "Europe/Berlin, America/New_York, UTC, ..."
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_OTHERS = {
    **{"mrz": 3, "mär": 3, "mai": 5, "okt": 10, "dez": 12},
    **{"ene": 1, "abr": 4, "ago": 8, "dic": 12},
    **{"fév": 2, "avr": 4, "juin": 6, "juil": 7, "aoû": 8, "déc": 12},
}
"""Beginnings of months' names in German, Spanish and French where English ones begin otherwise."""

_NAME = "(?P<name>" + "|".join((*_OTHERS, *_MONTHS)) + r")[^\W\d_]*\.?"
_TIME = (
    r"(?:,?[T ]+(?P<time>[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?)\s*(?P<half>[AP]M)?"
    r"\s*(?P<zone>Z|(?:UTC|GMT)?[-+][0-9]{1,2}(?::?[0-9]{2})?|UTC|GMT)?)?"
)
_YEAR, _DAY = r"(?P<year>[0-9]{4})", r"(?P<day>[0-9]{1,2})"
_SHAPES = tuple(
    (name, re.compile(shape + _TIME, re.I))
    for name, shape in (
        ("day", rf"{_YEAR}[-/.](?P<month>[0-9]{{1,2}})[-/.]{_DAY}"),
        ("day", r"(?P<year>[12][0-9]{3})(?P<month>[0-9]{2})(?P<day>[0-9]{2})"),
        ("month", rf"{_YEAR}[-/M](?P<month>[0-9]{{1,2}})"),
        ("month", r"(?P<year>[12][0-9]{3})(?P<month>0[1-9]|1[0-2])"),
        ("month", rf"(?P<month>[0-9]{{1,2}})[-/.]{_YEAR}"),
        ("either", rf"(?P<first>[0-9]{{1,2}})(?P<mark>[-/.])(?P<second>[0-9]{{1,2}})(?P=mark){_YEAR}"),
        ("day", rf"{_DAY}\.?[ -](?:de )?{_NAME}[ -](?:de )?{_YEAR}"),
        ("day", rf"{_NAME}[ -]{_DAY},?[ -]{_YEAR}"),
        ("month", rf"{_NAME}[ -](?:de )?{_YEAR}"),
        ("week", rf"{_YEAR}-?W(?P<week>[0-9]{{2}})"),
        ("quarter", rf"{_YEAR}[- ]?Q(?P<quarter>[1-4])"),
    )
)


_COUNTED = (
    (re.compile(r"[2-7][0-9]{4}(?:\.[0-9]+)?"), dt.timedelta(days=1), dt.datetime(1899, 12, 30)),
    (re.compile(r"[0-9]{10}(?:\.[0-9]+)?"), dt.timedelta(seconds=1), dt.datetime(1970, 1, 1)),
    (re.compile(r"[0-9]{13}"), dt.timedelta(milliseconds=1), dt.datetime(1970, 1, 1)),
)
"""Numbers that spreadsheets and systems keep for days, what each counts, and from when."""


@dataclass(frozen=True)
class Dates:
    """A column of dates.

    Attributes:
        days: The day of each cell; None where it is no date.
        how: How they are written, in words.
        asked: What is not decided: the first cell that can be read in two ways, or None.
        both: Cells that show both orders: one of each, or None.
        midnights: Whether all times look like midnights east of Greenwich that were written in its time, as those of
            databases are: every day is then one too early.
    """

    days: list[dt.date | None]
    how: str
    asked: int | None = None
    both: tuple[int, int] | None = None
    midnights: bool = False


def read_dates(texts: Sequence[str], order: str | None, zone: ZoneInfo | None) -> Dates:
    """Dates of a column, all in one order of day and month.

    Args:
        texts: Cells.
        order: `day first`, `month first`, or None to find out.
        zone: Time zone that days are counted in; None takes the day as it is written.

    >>> read_dates(["31/01/2026", "01/02/2026"], None, None).days[1]
    datetime.date(2026, 2, 1)
    >>> read_dates(["01/02/2026"], None, None).asked
    0
    >>> read_dates(["45383", ""], None, None).days[0], read_dates(["1484820207"], None, None).days[0]
    (datetime.date(2024, 4, 1), datetime.date(2017, 1, 19))
    """
    counted = _counted(texts, zone)
    if counted is not None:
        return counted
    found = [_shape(text) for text in texts]
    mixed = [(row, said) for row, item in enumerate(found) if item is not None and item[0] == "either"
             for said in [item[1]]]  # fmt: skip
    days_first = next((row for row, said in mixed if int(said["first"]) > 12), None)
    months_first = next((row for row, said in mixed if int(said["second"]) > 12), None)
    if order is None and days_first is not None and months_first is not None:
        return Dates([None] * len(texts), "", both=(days_first, months_first))
    how, asked = [], None
    if order is None and mixed:
        dotted = all(said["mark"] == "." for _, said in mixed)
        if days_first is not None or months_first is not None:
            order = DAY_FIRST if days_first is not None else MONTH_FIRST
        elif dotted:
            order = DAY_FIRST
        else:
            different = [row for row, said in mixed if said["first"] != said["second"]]
            asked = different[0] if different else None
            order = DAY_FIRST
    if mixed:
        how.append(say("day before month") if order == DAY_FIRST else say("month before day"))
    shapes = {item[0] for item in found if item is not None}
    if "month" in shapes:
        how.append(say("a month is its first day"))
    if "week" in shapes:
        how.append(say("a week is its Monday"))
    if "quarter" in shapes:
        how.append(say("a quarter is its first day"))
    times = [item[1] for item in found if item is not None and item[1]["time"]]
    zones = sorted({said["zone"] for said in times if said["zone"]})
    if zone is not None:
        how.append(say("days counted in {zone}", zone=zone.key))
    elif zones:
        how.append(say("the day as written, with offset {zones} (`time_zone:` converts)", zones=", ".join(zones[:3])))
    elif any(re.search("[1-9]", said["time"]) for said in times):
        how.append(say("times of day left aside"))
    days = [None if item is None else _day(item[0], item[1], order or DAY_FIRST, zone) for item in found]
    return Dates(days, "; ".join(how), asked, midnights=zone is None and _midnights(times))


def _midnights(times: Sequence[re.Match[str]]) -> bool:
    """Whether all times are the same whole hour of the evening in Greenwich, or two as summers have another one."""
    clocks = {said["time"] for said in times}
    hours = [int(clock.partition(":")[0]) for clock in clocks]
    whole = all(re.fullmatch("0*[:0.]*", clock.partition(":")[2]) for clock in clocks)
    there = all(said["zone"] and not _offset(said["zone"].upper()) and not said["half"] for said in times)
    return len(times) >= FEWEST_MIDNIGHTS and there and whole and min(hours) > 11 and max(hours) - min(hours) <= 1


def _counted(texts: Sequence[str], zone: ZoneInfo | None) -> Dates | None:
    """A column of numbers that stand for days; None if it is none."""
    some = [text for text in texts if text]
    kind = next((kind for kind in _COUNTED if some and all(kind[0].fullmatch(text) for text in some)), None)
    if kind is None:
        return None
    _, unit, start = kind
    moments = [start + float(text) * unit if text else None for text in texts]
    if unit.days:
        return Dates([moment and moment.date() for moment in moments], say("days as Excel counts them"))
    if zone is not None:
        moments = [moment and moment.replace(tzinfo=dt.UTC).astimezone(zone) for moment in moments]
    where = zone.key if zone is not None else "UTC"
    how = say("seconds since 1970") if unit.seconds else say("milliseconds since 1970")
    how = say("{how}, days counted in {zone}", how=how, zone=where)
    return Dates([moment and moment.date() for moment in moments], how)


def _shape(text: str) -> tuple[str, re.Match[str]] | None:
    if text.isascii() or not any(sign.isdigit() and not sign.isascii() for sign in text):
        for name, shape in _SHAPES:
            said = shape.fullmatch(text)
            if said is not None:
                return name, said
    return None


def _day(shape: str, said: re.Match[str], order: str, zone: ZoneInfo | None) -> dt.date | None:
    parts = said.groupdict()
    try:
        year = int(said["year"])
        if shape == "week":
            return dt.date.fromisocalendar(year, int(said["week"]), 1)
        if shape == "quarter":
            return dt.date(year, 3 * int(said["quarter"]) - 2, 1)
        if shape == "either":
            pair = int(said["first"]), int(said["second"])
            day, month = pair if order == DAY_FIRST else pair[::-1]
        else:
            month = int(said["month"]) if parts.get("month") else _month(said["name"].lower())
            day = int(said["day"]) if shape == "day" else 1
        found = dt.date(year, month, day)
        if zone is None or not said["time"]:
            return found
        text = said["time"].replace(",", ".").rjust(5, "0")
        hours, _, more = text.partition(":")
        if said["half"]:
            hours = str(int(hours) % 12 + 12 * (said["half"].upper() == "PM"))
        moment = dt.datetime.fromisoformat(f"{found.isoformat()}T{hours:0>2}:{more[:5]}")
        if not said["zone"]:
            return found
        return moment.replace(tzinfo=dt.timezone(_offset(said["zone"].upper()))).astimezone(zone).date()
    except (ValueError, OverflowError):
        return None


def _month(name: str) -> int:
    """Number of the month whose name begins so.

    >>> _month("mär"), _month("dec"), _month("juin")
    (3, 12, 6)
    """
    return _OTHERS[name] if name in _OTHERS else _MONTHS.index(name) + 1


def _offset(text: str) -> dt.timedelta:
    """How far a zone is from Greenwich: Z, UTC, +02, GMT+2, -0530, UTC+01:00.

    >>> str(_offset("GMT+2")), str(_offset("+0530")), _offset("Z")
    ('2:00:00', '5:30:00', datetime.timedelta(0))
    """
    digits = re.sub("[^0-9]", "", text).zfill(2)
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "0")
    size = dt.timedelta(hours=int(hours), minutes=int(minutes))
    return -size if "-" in text else size


def zone_named(name: str | None) -> ZoneInfo | None:
    """A time zone by its name.

    Raises:
        ScenarioError: If there is none of that name.
    """
    if name is None:
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ScenarioError(say("no such time zone"), "time_zone", found=name, allowed=_ZONES) from None


def months_between(start: dt.date, end: dt.date) -> float:
    """Calendar months from one day to another, a part of a month as a share of its days.

    >>> (
    ...     months_between(dt.date(2024, 2, 6), dt.date(2024, 8, 6)),
    ...     months_between(dt.date(2024, 4, 1), dt.date(2024, 4, 16)),
    ... )
    (6.0, 0.5)
    """
    months = (end.year - start.year) * 12 + end.month - start.month
    first = later(start, months)
    if first > end:
        months, first = months - 1, later(start, months - 1)
    return months + (end - first).days / (later(start, months + 1) - first).days


def later(day: dt.date, months: int) -> dt.date:
    """A day some months later; the last of the month where there is no such day.

    >>> later(dt.date(2026, 1, 31), 1)
    datetime.date(2026, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = dt.date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return dt.date(year, month + 1, min(day.day, (following - dt.timedelta(days=1)).day))


def units_between(start: dt.date, end: dt.date, unit: str) -> float:
    """Time from one day to another in days, weeks, calendar months or years.

    >>> units_between(dt.date(2024, 2, 6), dt.date(2025, 2, 6), "years")
    1.0
    """
    if unit in ("days", "weeks"):
        return (end - start).days / (7 if unit == "weeks" else 1)
    months = months_between(start, end)
    return months / 12.0 if unit == "years" else months


def after(day: dt.date, count: int, unit: str) -> dt.date:
    """A day so many units later.

    >>> after(dt.date(2026, 1, 5), 2, "weeks")
    datetime.date(2026, 1, 19)
    """
    if unit in ("days", "weeks"):
        return day + dt.timedelta(days=count * (7 if unit == "weeks" else 1))
    return later(day, count * (12 if unit == "years" else 1))
