"""Values said relative to today's: `+3%`, `x 0.5`, `-2 points`, `2 more`, `3/12 of the way to 1.1`; shares as `90%`.

Such a text stands wherever a number is expected in a scenario. It is worked out in decimal digits against the value
that lies beneath it: in a file that of what the file extends, in a timeline that of the period without the change.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sim.parameters.registry import ParameterInfo
from sim.vocabulary.errors import Problem, ScenarioError
from sim.words import say

_NUMBER = r"(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
_PER_CENT = re.compile(rf"(?P<sign>[-+\u2212]) ?(?P<number>{_NUMBER}) ?(?:%|per ?cent|percent)")
_SHARE_MORE = re.compile(
    rf"(?P<number>{_NUMBER}) ?(?:%|per ?cent|percent) (?P<word>more|less|fewer|higher|lower|dearer|cheaper|up|down)",
    re.I,
)
_SHARE = re.compile(rf"(?P<number>{_NUMBER}) ?(?:%|per ?cent|percent)", re.I)
_TIMES = re.compile(rf"(?:x|\u00d7|times) ?(?P<number>{_NUMBER})", re.I)
_POINTS = re.compile(rf"(?P<sign>[-+\u2212]) ?(?P<number>{_NUMBER}) ?(?:percentage )?(?:points?|pp)", re.I)
_MORE = re.compile(rf"(?P<number>{_NUMBER}) (?P<word>more|fewer|less)", re.I)
_WORDS = {
    **dict.fromkeys(("double", "doubled", "twice"), Fraction(2)),
    **dict.fromkeys(("half", "halved"), Fraction(1, 2)),
    **dict.fromkeys(("triple", "tripled"), Fraction(3)),
}
"""What is said without a number of how many times the value before is meant."""

_WAY = re.compile(
    r"(?P<done>[0-9]{1,6})/(?P<all>[1-9][0-9]{0,5})\sof\sthe\sway\s(?:from\s(?P<start>\S.*?)\s)?to\s(?P<end>\S.*)", re.I
)
_FEWER = ("fewer", "less", "lower", "cheaper", "down")
WAY = " of the way "
"""What every text of a value on its way holds."""

SHARE = "share"
"""How per cent without a sign are meant."""

LONGEST = 120
"""Characters of a text that may be a relative value."""


@dataclass(frozen=True)
class Relative:
    """A value that depends on the one before it, or a share in per cent, which does not.

    Attributes:
        text: As it was said.
        how: `percent`, `times`, `points` or `more`; `share` for so many per cent.
        amount: By how much, with its sign; per cent as a share.
    """

    text: str
    how: str
    amount: Fraction

    @property
    def everywhere(self) -> bool:
        """Whether it is of each segment's own value."""
        return self.how != SHARE

    def applied(self, today: Any, info: ParameterInfo | None) -> Any:
        """The value that is meant.

        Args:
            today: The value before.
            info: The parameter; points of a share are percentage points.

        Raises:
            ScenarioError: If there is nothing that it could be relative to; or for per cent of what is no share, since
                of what so much is meant is then not said.

        >>> from sim.parameters.plain_words import information
        >>> price, share = information("firm.strategy.price_index"), information("firm.desk.answer_share")
        >>> spoken("+3%", price).applied(1.1, price), spoken("-2 points", share).applied(0.9, share)
        (1.133, 0.88)
        >>> spoken("90%", share).applied(0.5, share)
        0.9
        """
        if self.how == SHARE:
            return self._of_share(info)
        if isinstance(today, bool) or not isinstance(today, int | float):
            raise ScenarioError(say("relative to a value that is no number"), found=repr(self.text))
        before = exact(today)
        if self.how == "percent":
            value = before * (1 + self.amount)
        elif self.how == "times":
            value = before * self.amount
        elif self.how == "points":
            value = before + self.amount * _point(info, self.text)
        else:
            value = before + self.amount
        return _number(value, today)

    def _of_share(self, info: ParameterInfo | None) -> float:
        if not is_share(info):
            raise ScenarioError(
                say("per cent of what?"),
                found=repr(self.text),
                hint=say(
                    "write +{said} for so much more, x {part:.10g} for so much of the value before, or {part:.10g}",
                    said=self.text,
                    part=float(self.amount),
                ),
            )
        return _number(self.amount, 0.0)

    def is_of_nothing(self, today: Any) -> bool:
        """Whether it is a part of 0, and so changes nothing."""
        return self.how in ("percent", "times") and today == 0


@dataclass(frozen=True)
class Underway:
    """A value on its way from one to another, in equal steps.

    Attributes:
        text: As it was said.
        share: The part of the way that is done.
        start: Where the way begins: a number, a relative value, or None for the value before.
        end: Where it ends.
    """

    text: str
    share: Fraction
    start: float | Relative | None
    end: float | Relative

    @property
    def everywhere(self) -> bool:
        """Whether it is of each segment's own value."""
        return isinstance(self.end, Relative) and self.end.everywhere

    def applied(self, today: Any, info: ParameterInfo | None) -> Any:
        """The value that is meant; see `Relative.applied`.

        >>> spoken("3/4 of the way to 2", None).applied(1.0, None)
        1.75
        """
        if isinstance(today, bool) or not isinstance(today, int | float):
            raise ScenarioError(say("relative to a value that is no number"), found=repr(self.text))
        start = exact(today if self.start is None else _resolved(self.start, today, info))
        return _number(start + (exact(_resolved(self.end, today, info)) - start) * self.share, float(today))

    def is_of_nothing(self, today: Any) -> bool:
        """Whether it is a part of 0, and so changes nothing."""
        return any(isinstance(part, Relative) and part.is_of_nothing(today) for part in (self.start, self.end))


def spoken(value: Any, info: ParameterInfo | None) -> Relative | Underway | None:
    """What a text says relative to today's value, or None where it is none, or none is expected.

    Args:
        value: What stands in the file.
        info: The parameter; None for any number.

    >>> from sim.parameters.plain_words import information
    >>> spoken("x 0.5", information("firm.desk.agents")).how
    'times'
    >>> spoken("x 0.5", information("firm.name"))
    """
    if not isinstance(value, str) or len(value) > LONGEST or (info is not None and not is_numeric(info)):
        return None
    text = value.strip()
    way = _WAY.fullmatch(text)
    if way is not None:
        start, end = _part(way["start"]), _part(way["end"])
        if end is None or (way["start"] and start is None):
            return None
        return Underway(text, Fraction(int(way["done"]), int(way["all"])), start, end)
    return _relative(text)


def is_numeric(info: ParameterInfo) -> bool:
    """Whether a parameter is a number."""
    number = isinstance(info.default, int | float) and not isinstance(info.default, bool)
    return not info.choices and (number or info.low is not None or info.high is not None)


def exact(number: float) -> Fraction:
    """A number as it is written in decimal digits.

    >>> exact(0.1)
    Fraction(1, 10)
    """
    return Fraction(repr(number))


def of_nothing(text: str) -> Problem:
    """What is wrong with a part of 0.

    >>> str(of_nothing("+5%"))
    '+5% of 0 is nothing; write the value that is meant'
    """
    return Problem(say("{text} of 0 is nothing", text=text), hint=say("write the value that is meant"))


def _relative(text: str) -> Relative | None:
    times = _WORDS.get(text.lower())
    if times is not None:
        return Relative(text, "times", times)
    for how, pattern in (
        ("percent", _PER_CENT),
        ("percent", _SHARE_MORE),
        ("times", _TIMES),
        ("points", _POINTS),
        ("more", _MORE),
        (SHARE, _SHARE),
    ):
        said = pattern.fullmatch(text)
        if said is None:
            continue
        amount = Fraction(said["number"])
        parts = said.groupdict()
        if parts.get("sign") in ("-", "\u2212") or str(parts.get("word", "")).lower() in _FEWER:
            amount = -amount
        return Relative(text, how, amount / 100 if how in ("percent", SHARE) else amount)
    return None


def _part(text: str | None) -> float | Relative | None:
    if text is None:
        return None
    said = _relative(text.strip())
    if said is not None:
        return said
    return float(text) if re.fullmatch(rf"[-+]?{_NUMBER}(?:e[-+]?[0-9]{{1,3}})?", text.strip(), re.I) else None


def _resolved(part: float | Relative, today: float, info: ParameterInfo | None) -> float:
    return part if isinstance(part, float) else float(part.applied(float(today), info))


def is_share(info: ParameterInfo | None) -> bool:
    """Whether a parameter is a share, whose points are percentage points."""
    if info is None or info.unit.startswith("index"):
        return False
    return info.unit.startswith("share") or (info.low == 0 and info.high is not None and info.high <= 1)


def _point(info: ParameterInfo | None, text: str) -> Fraction:
    """One point of a parameter, in its own unit."""
    if is_share(info):
        return Fraction(1, 100)
    if info is not None and "points" in info.unit:
        return Fraction(1)
    raise ScenarioError(
        say("points are said of shares and of scales in points"),
        found=repr(text),
        allowed=say("+3%, x 0.5, or 2 more and 2 fewer in the parameter's own unit"),
    )


def _number(value: Fraction, like: float) -> float:
    """A fraction as the nearest number; whole where the value before was a whole number, if it is one."""
    if isinstance(like, int) and value.denominator == 1:
        return int(value)
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")
