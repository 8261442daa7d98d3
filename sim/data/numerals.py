"""How a table writes its numbers: what stands before decimals, and what separates thousands.

`1.234` may be one and a bit, or more than a thousand: as long as no other number of the table shows which, nothing is
read, and the setting `decimal` is asked for.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from sim.vocabulary.errors import Problem
from sim.words import say

_GAPS = "[ '\u00a0\u2009\u202f\u2019]"
_MACHINE = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_NUMBER = re.compile(
    rf"(?P<sign>[-+\u2212]?)(?P<whole>[0-9]*|[0-9]{{1,3}}(?:{_GAPS}[0-9]{{3}})+|[0-9]{{1,3}}(?:\.[0-9]{{3}})+|"
    rf"[0-9]{{1,3}}(?:,[0-9]{{3}})+)(?P<mark>[.,]?)(?P<rest>[0-9]*)(?P<power>[eE][-+]?[0-9]+)?"
    r"[ \u00a0\u202f]?(?P<cent>%?)"
)


_SIGN = r"(?:[$€£¥₹]|EUR|USD|GBP|CHF)?[ \u00a0]?"
_MONEY = re.compile(
    rf"(?P<sign>[-+\u2212]?){_SIGN}(?P<open>\(?){_SIGN}(?P<number>[-+\u2212]?[0-9.,].*?)[ \u00a0]?{_SIGN}"
    r"(?P<close>\)?)(?P<after>[-\u2212]?)"
)
"""An amount as accounts write it: with the sign of its money, in brackets or with a minus behind it if below 0."""


class Cell(NamedTuple):
    """A cell in which a number is expected: its text, and where it stands for messages."""

    text: str
    column: str
    place: str


@dataclass(frozen=True)
class Convention:
    """How numbers are written.

    Attributes:
        decimal: `.` or `,`.
        typed: Whether plain numbers come from a file that has types, and need no guess.
    """

    decimal: str = "."
    typed: bool = False

    def number(self, text: str) -> float:
        """The number in a cell, per cent as shares; NaN if it is none.

        >>> Convention(",").number("1.234,5"), Convention(".").number("1,234.5"), Convention(",").number("71 %")
        (1234.5, 1234.5, 0.71)
        """
        if _MACHINE.fullmatch(text) and (self.decimal == "." or self.typed or "." not in text):
            return float(text)
        parts = _parts(text, self.decimal)
        if parts is None:
            return math.nan
        value = float(parts[0])
        return round(value / 100.0, 15) if parts[1] else value


def without_money(text: str) -> str:
    """An amount as a plain number, with its minus before it.

    >>> without_money("($1,250.00)"), without_money("49.03-"), without_money("€1,44"), without_money("2 - two")
    ('-1,250.00', '-49.03', '1,44', '2 - two')
    """
    said = _MONEY.fullmatch(text)
    if said is None or bool(said["open"]) != bool(said["close"]):
        return text
    minus = [said["sign"] in ("-", "\u2212"), bool(said["open"]), bool(said["after"]), said["number"][0] in "-\u2212"]
    if sum(minus) > 1:
        return text
    return ("-" if any(minus) else "") + said["number"].lstrip("-+\u2212")


def _parts(text: str, decimal: str) -> tuple[str, bool] | None:
    """A number as Python writes it, and whether it was in per cent; None if it is no number in this convention."""
    text = without_money(text)
    said = _NUMBER.fullmatch(text)
    if said is None or not (said["whole"] or said["rest"]):
        return None
    whole, mark, rest = said["whole"], said["mark"], said["rest"]
    other = "," if decimal == "." else "."
    if decimal in whole:
        return None
    if mark == other:
        if other not in whole and not re.fullmatch(r"[0-9]{1,3}", whole):
            return None
        if len(rest) != 3:
            return None
        whole, mark, rest = whole + rest, "", ""
    digits = re.sub(rf"{_GAPS}|[.,]", "", whole)
    sign = "-" if said["sign"] in ("-", "\u2212") else ""
    return f"{sign}{digits or '0'}.{rest or '0'}{said['power'] or ''}", bool(said["cent"])


def speaks_for(text: str) -> str:
    """What a cell shows of the decimal sign: `.`, `,`, `?` where both readings are possible, or nothing.

    >>> [speaks_for(text) for text in ("0,71", "1.000", "1.234,5", "12", "0.123", "1.234.567", "x")]
    [',', '?', ',', '', '.', ',', '']
    """
    as_point, as_comma = _parts(text, "."), _parts(text, ",")
    if as_point == as_comma or not ("." in text or "," in text):
        return ""
    if as_point is None or as_comma is None:
        return "," if as_point is None else "."
    text = without_money(text)
    leading = re.match(r"[-+\u2212]?0[.,]", text)
    if leading:
        return text[leading.end() - 1]
    return "?"


def convention_of(cells: Iterable[Cell], stated: str | None, *, typed: bool) -> tuple[Convention, str, list[Problem]]:
    """How the numbers of a table are written.

    Args:
        cells: Where numbers are expected.
        stated: `point` or `comma`, or None.
        typed: Whether the file has types.

    Returns:
        The convention, what to say of it, and what is wrong: numbers written in two ways, or none that tells.
    """
    shown: dict[str, Cell] = {}
    for cell in cells:
        if typed and _MACHINE.fullmatch(cell.text):
            continue
        sign = speaks_for(cell.text)
        if sign and sign not in shown:
            shown[sign] = cell
    marks = {".": say("decimal point"), ",": say("decimal comma")}
    if stated is not None:
        decimal = "." if stated == "point" else ","
        return Convention(decimal, typed), say("{mark}, as stated", mark=marks[decimal]), []
    if "." in shown and "," in shown:
        first, second = shown["."], shown[","]
        problem = Problem(
            say("numbers are written in two ways"),
            second.column,
            second.place,
            say("{second!r}, but {first!r} at {place}", second=second.text, first=first.text, place=first.place),
            say("one decimal sign in the whole table"),
            hint=say("or say it: decimal: comma, or decimal: point"),
        )
        return Convention(".", typed), "", [problem]
    if "?" in shown and "." not in shown and "," not in shown:
        cell = shown["?"]
        point, comma = Convention(".").number(cell.text), Convention(",").number(cell.text)
        problem = Problem(
            say("may be {point:g} or {comma:g}, and no other number tells", point=point, comma=comma),
            cell.column,
            cell.place,
            repr(cell.text),
            hint=say("say which: decimal: point ({point:g}), or decimal: comma ({comma:g})", point=point, comma=comma),
        )
        return Convention(".", typed), "", [problem]
    decimal = "," if "," in shown else "."
    if decimal not in shown:
        return Convention(".", typed), "", []
    words = say("{mark} ({example!r})", mark=marks[decimal], example=shown[decimal].text)
    if "?" in shown:
        value = Convention(decimal).number(shown["?"].text)
        words = say("{words}, so {text!r} is {value:,g}", words=words, text=shown["?"].text, value=value)
    return Convention(decimal, typed), words, []
