"""How numbers are written for a person; what a machine reads (CSV, JSON) never comes through here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from numbers import Real
from typing import Any, NamedTuple

from sim.words.languages import language

NO_VALUE = "–"


class Signs(NamedTuple):
    """The signs of a language's numbers.

    Attributes:
        decimal: Before the decimals.
        thousands: Between groups of three digits.
        grouped: Digits from which on a whole number is parted into groups.
        percent: Behind a share.
    """

    decimal: str
    thousands: str
    grouped: int
    percent: str


# Spanish as the Academies write it: a thin space that does not break, from five digits on.
SIGNS = {"es": Signs(",", "\N{NARROW NO-BREAK SPACE}", 5, "\N{NO-BREAK SPACE}%")}
_NUMBER = re.compile(r"(\d+(?:,\d{3})*)(\.\d+)?(%?)")
_AS_IN_A_FILE = re.compile(r"(\.\d+)?g")


def written(value: Any, form: str = "") -> str:
    """A value as it is shown, by a format of the language Python, with the signs of the reader's language.

    This is the one place that knows how a number looks: a language with other signs has them here.

    >>> written(12345.6, ",.1f"), written(0.27, ".0%"), written("text")
    ('12,345.6', '27%', 'text')
    """
    text = format(value, form)
    return with_signs(text) if form and isinstance(value, Real) else text


def with_signs(number: str) -> str:
    """A number that is text already, with the signs of the reader's language instead of Python's.

    >>> with_signs("-1,234.5")
    '-1,234.5'
    """
    signs = SIGNS.get(language().partition("_")[0])
    if signs is None:
        return number

    def changed(found: re.Match[str]) -> str:
        whole, rest, percent = found.groups()
        few = len(whole.replace(",", "")) < signs.grouped
        whole = whole.replace(",", "" if few else signs.thousands)
        return whole + (rest or "").replace(".", signs.decimal) + (signs.percent if percent else "")

    return _NUMBER.sub(changed, number)


def counted(value: float) -> str:
    """A whole number with its thousands apart.

    >>> counted(1234567)
    '1,234,567'
    """
    return written(value, ",.0f")


def percent(share: float, digits: int = 0) -> str:
    """A share as per cent.

    >>> percent(0.275, 1)
    '27.5%'
    """
    return written(share, f".{digits}%")


def filled(sentence: str, values: Mapping[str, Any]) -> str:
    """A sentence with its values put in, each `written` by its format.

    A place such as `{value:.6g}`, without thousands, is for a number as it would stand in a file, in any language.

    >>> filled("{count:,} of {name!r}", {"count": 1200, "name": "a{b}"})
    "1,200 of 'a{b}'"
    """
    from string import Formatter

    class Writer(Formatter):
        def format_field(self, value: Any, format_spec: str) -> str:
            return (format if _AS_IN_A_FILE.fullmatch(format_spec) else written)(value, format_spec)

    return Writer().vformat(sentence, (), values)
