"""Days and stretches of the calendar by their names: Christmas 2026, July 2026, the second half of 2026."""

from __future__ import annotations

import datetime as dt
import re

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
_ELSEWHERE = (
    ("enero", "febrero", "marzo", "abril", "mayo", "junio"),
    ("julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
    ("januar", "februar", "märz", "april", "mai", "juni"),
    ("juli", "august", "september", "oktober", "november", "dezember"),
)
"""Months in Spanish and in German, by half years."""

FEASTS = ("christmas", "new year", "black friday")
MOVING_FEASTS = ("easter", "thanksgiving", "ramadan", "diwali", "carnival")
SEASONS = ("spring", "summer", "autumn", "fall", "winter")

_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_ORDINALS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4}
_FILLING = ("the", "on", "of", "by", "de", "del")
_PART = re.compile(rf"({'|'.join(_ORDINALS)}) (quarter|half)(?= |$)", re.I)
_STRETCH = re.compile(r"(?:(?P<name>[^\W\d_]+\.?|Q[1-4]|H[12])[ -])?(?P<year>[0-9]{4})", re.I)


def plainly_said(text: str) -> str:
    """A time without the words that say nothing, and with digits where numbers are said in words.

    >>> plainly_said("the 1st of July 2026"), plainly_said("in a year"), plainly_said("in the first quarter of 2026")
    ('1 July 2026', 'in 1 year', 'Q1 2026')
    """
    said = _PART.sub(lambda part: f"{part[2][0].upper()}{_ORDINALS[part[1].lower()]}", " ".join(text.split()))
    said = re.sub(r"\b([0-9]{1,2})(?:st|nd|rd|th)\b", r"\1", said, flags=re.I)
    said = re.sub(r"\b(after|in) an? ", r"\1 1 ", said, flags=re.I)
    words = [word for word in said.split() if word.lower() not in _FILLING]
    said = " ".join(str(_NUMBERS.index(word.lower()) + 1) if word.lower() in _NUMBERS else word for word in words)
    return re.sub(r"^in (?![0-9])", "", said, flags=re.I)


def month_named(name: str) -> int | None:
    """The number of a month from 1, by its name, also in Spanish or German, or the first three letters of the English.

    >>> month_named("Dec"), month_named("December"), month_named("Decem"), month_named("diciembre")
    (12, 12, None, 12)
    """
    folded = name.strip().lower().rstrip(".")
    first, second, third, fourth = _ELSEWHERE
    names = enumerate(zip(MONTHS, first + second, third + fourth, strict=True), 1)
    return next((i for i, called in names if folded in (*called, called[0][:3])), None)


def feast(name: str, year: int) -> dt.date:
    """The day of one of `FEASTS`. Black Friday follows the fourth Thursday of November.

    >>> feast("Black Friday", 2026), feast("Christmas", 2026)
    (datetime.date(2026, 11, 27), datetime.date(2026, 12, 25))
    """
    if name.lower() == FEASTS[-1]:
        first = dt.date(year, 11, 23)
        return first + dt.timedelta(days=(4 - first.weekday()) % 7)
    return dt.date(year, 12, 25) if name.lower() == FEASTS[0] else dt.date(year, 1, 1)


def stretch(text: str) -> tuple[dt.date, dt.date] | None:
    """The first day of a year, a half or quarter of it or a month, and the first day after; None if it is none.

    >>> stretch("H2 2026")
    (datetime.date(2026, 7, 1), datetime.date(2027, 1, 1))
    """
    said = _STRETCH.fullmatch(text)
    if said is None or not 1 <= int(said["year"]) < dt.MAXYEAR:
        return None
    year, name = int(said["year"]), said["name"]
    months = 12 if name is None else {"q": 3, "h": 6}.get(name[0].lower(), 1) if name[-1].isdigit() else 1
    number = 1 if name is None else int(name[1]) if name[-1].isdigit() else month_named(name)
    if number is None:
        return None
    last = months * number
    return dt.date(year, last - months + 1, 1), dt.date(year + last // 12, last % 12 + 1, 1)
