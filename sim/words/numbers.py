"""How numbers and money are written for a person; what a machine reads (CSV, JSON) never comes through here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

NO_VALUE = "–"


def written(value: Any, form: str = "") -> str:
    """A value as it is shown, by a format of the language Python.

    This is the one place that knows how a number looks: a language with other separators changes it here.

    >>> written(12345.6, ",.1f"), written(0.27, ".0%"), written("text")
    ('12,345.6', '27%', 'text')
    """
    return format(value, form)


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


def money(amount: float, currency: str, digits: int = 0) -> str:
    """An amount of money, the currency in front.

    >>> money(12345.6, "EUR"), money(7.5, "USD", 2)
    ('EUR 12,346', 'USD 7.50')
    """
    return f"{currency} {written(amount, f',.{digits}f')}"


def filled(sentence: str, values: Mapping[str, Any]) -> str:
    """A sentence with its values put in, each `written` by its format.

    >>> filled("{count:,} of {name!r}", {"count": 1200, "name": "a{b}"})
    "1,200 of 'a{b}'"
    """
    from string import Formatter

    class Writer(Formatter):
        def format_field(self, value: Any, format_spec: str) -> str:
            return written(value, format_spec)

    return Writer().vformat(sentence, (), values)
