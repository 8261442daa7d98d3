"""Unquoted values of a YAML file: what they are here, and what to tell whoever meant something else."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from sim.words import say, translated

_INT = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|(0|[1-9][0-9]*)(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SPECIAL = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf"), float("inf")),
    "-.inf": float("-inf"),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
}
_HINTS = (
    (re.compile(r"(yes|on|y)", re.I), "for a truth value write true"),
    (re.compile(r"(no|off|n)", re.I), "for a truth value write false, for a number write 0"),
    (re.compile(r"[-+]?0[0-9]+(\.[0-9]*)?"), "numbers do not begin with 0"),
    (re.compile(r"0[xob][0-9a-fA-F]+"), "write the number in decimal digits"),
    (re.compile(r"[-+]?[0-9]+[_ '][0-9_ ']+"), "write the number without separators"),
    (re.compile(r"[-+]?[0-9]{1,3}(\.[0-9]{3}){2,}"), "write the number without separators"),
    (re.compile(r"[-+]?[0-9]{1,3}(,[0-9]{3}){2,}"), "write the number without separators"),
    (re.compile(r"(x ?|\* ?)?[-+]?[0-9]+,[0-9]+ ?%?"), "write a decimal point, not a comma"),
    (re.compile(r"[-+]?[0-9.]+ ?%"), "write the number itself: 0.05 for a share of 5%, 1.05 for 5% more than 1"),
    (re.compile(r"[0-9]+(:[0-9]+)+"), "times of day have no meaning here"),
    (re.compile(r"([^\W\d_]{1,3}|[€$£]) ?[0-9.,]+"), "write the number alone, in the unit in brackets"),
    (re.compile(r"[0-9.,]+ ?([^\W\d_]+|[€$£])"), "write the number alone, in the unit in brackets"),
    (re.compile(r"[a-z_]+:[^ ]+"), "put a space behind the colon"),
    (re.compile(r"[-+]?(nan|inf|infinity)", re.I), "numbers must be finite"),
    (re.compile(r"[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}"), "write dates as YYYY-MM-DD, with an existing day"),
)


_GROUPED_BY_COMMA = re.compile(r"[-+]?[1-9][0-9]{0,2},[0-9]{3}")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")


def may_be_thousands(text: str) -> bool:
    """Whether a number is written as many countries write thousands.

    >>> may_be_thousands("38.000"), may_be_thousands("0.125"), may_be_thousands("38.00")
    (True, False, False)
    """
    return _GROUPED.fullmatch(text) is not None


def may_be_more(text: str) -> bool:
    """Whether a number is written as one would say so much more.

    >>> may_be_more("+2"), may_be_more("2"), may_be_more("+3%")
    (True, False, False)
    """
    return text.startswith("+") and (_INT.fullmatch(text) or _FLOAT.fullmatch(text)) is not None


def scalar(text: str) -> tuple[Any, str]:
    """The value of an unquoted scalar, and a hint for the case that something else was wanted.

    >>> scalar("1e3"), scalar("no")[0], scalar("010")[0], scalar("2026-02-28")[0]
    ((1000, ''), 'no', '010', datetime.date(2026, 2, 28))
    """
    if text in _SPECIAL:
        return _SPECIAL[text], ""
    if len(text) <= 40:
        if _INT.fullmatch(text):
            return int(text), ""
        if _FLOAT.fullmatch(text):
            number = float(text)
            whole = "." not in text and abs(number) < 2**53 and number == int(number)
            grouped = may_be_thousands(text)
            hint = say("if thousands are meant write {large}", large=text.replace(".", "")) if grouped else ""
            return (int(number) if whole else number), hint
        if _DATE.fullmatch(text):
            try:
                return dt.date.fromisoformat(text), ""
            except ValueError:
                pass
        if _GROUPED_BY_COMMA.fullmatch(text):
            large = text.replace(",", "")
            return text, say("if thousands are meant write {large}, else a decimal point, not a comma", large=large)
        for pattern, hint in _HINTS:
            if pattern.fullmatch(text):
                return text, translated(hint)
    return text, ""
