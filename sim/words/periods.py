"""Dates, and lengths of time in periods of a run."""

from __future__ import annotations

import datetime as dt

from sim.words.sentences import plural, say


def in_periods(n: int, period: str) -> str:
    """So many periods, in words.

    Args:
        n: How many.
        period: Their length: `day`, `week` or `month`.

    >>> in_periods(52, "week"), in_periods(1, "month")
    ('52 weeks', '1 month')
    """
    if period == "day":
        return plural("{n} day", "{n} days", n)
    if period == "week":
        return plural("{n} week", "{n} weeks", n)
    return plural("{n} month", "{n} months", n)


def in_years(n: int, period: str) -> str:
    """So many periods in words, in years where they are whole ones, or half a year more.

    >>> in_years(104, "week"), in_years(12, "month"), in_years(30, "week"), in_years(182, "week")
    ('2 years', '1 year', '30 weeks', '3.5 years')
    """
    per_year = {"day": 365, "week": 52, "month": 12}[period]
    years, rest = divmod(n, per_year)
    if years and 2 * rest == per_year:
        return say("{years:.1f} years", years=years + 0.5)
    return in_periods(n, period) if rest or not years else plural("{n} year", "{n} years", years)


def period_word(period: str) -> str:
    """One period, in a word.

    >>> period_word("week")
    'week'
    """
    return {"day": say("day"), "week": say("week"), "month": say("month"), "year": say("year")}.get(period, period)


def periods_word(period: str) -> str:
    """Periods, in a word.

    >>> periods_word("week")
    'weeks'
    """
    return {"day": say("days"), "week": say("weeks"), "month": say("months"), "year": say("years")}.get(period, period)


def day(date: dt.date) -> str:
    """A date in words.

    >>> day(dt.date(2026, 1, 31))
    '31 January 2026'
    """
    months = (
        say("January"),
        say("February"),
        say("March"),
        say("April"),
        say("May"),
        say("June"),
        say("July"),
        say("August"),
        say("September"),
        say("October"),
        say("November"),
        say("December"),
    )
    return say("{day} {month} {year}", day=date.day, month=months[date.month - 1], year=date.year)


def month(date: dt.date) -> str:
    """A month in short, for an axis.

    >>> month(dt.date(2026, 1, 31))
    'Jan 2026'
    """
    months = (
        say("Jan"),
        say("Feb"),
        say("Mar"),
        say("Apr"),
        say("May"),
        say("Jun"),
        say("Jul"),
        say("Aug"),
        say("Sep"),
        say("Oct"),
        say("Nov"),
        say("Dec"),
    )
    return say("{month} {year}", month=months[date.month - 1], year=date.year)
