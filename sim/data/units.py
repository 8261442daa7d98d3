"""Units of time in which data are counted."""

from __future__ import annotations

from sim.data.known_names import KNOWN
from sim.words import say

UNITS_PER_YEAR = {"days": 365, "weeks": 52, "months": 12, "years": 1}


def unit_named(name: str) -> str:
    """The unit that the name of a column says; empty where it says none, or two.

    >>> unit_named("Tenure (days)"), unit_named("tenureInMonths"), unit_named("age"), unit_named("month of year")
    ('days', 'months', '', '')
    """
    said = [unit for unit, words in KNOWN["units"].items() if any(word in name.casefold() for word in words)]
    return said[0] if len(said) == 1 else ""


LONGEST_YEARS = 150
"""Longer than anybody is a customer, and than any series of counts."""

LONG_YEARS = 40
"""Longer than most firms keep customers: whoever has such tenures may count in another unit than is said."""


def longest(unit: str) -> float:
    """The largest time that is plausible at all, in units.

    >>> longest("months")
    1800.0
    """
    return float(LONGEST_YEARS * UNITS_PER_YEAR[unit])


def time_unit_words(unit: str) -> str:
    """A unit in words."""
    return {"days": say("days"), "weeks": say("weeks"), "months": say("months"), "years": say("years")}[unit]


def doubt_unit(time: float, unit: str) -> str:
    """What to say of a time that is long for its unit, or nothing.

    >>> doubt_unit(1000.0, "months")
    '1,000 months are 83 years: is the unit right? `unit:` says which'
    """
    years = time / UNITS_PER_YEAR[unit]
    if years <= LONG_YEARS:
        return ""
    return say(
        "{time:,g} {unit} are {years:.0f} years: is the unit right? `unit:` says which",
        time=time,
        unit=time_unit_words(unit),
        years=years,
    )
