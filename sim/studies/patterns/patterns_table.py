"""The table of patterns: what is expected, what is seen, and whether the one lies within the other."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sim.results.intervals import Interval, mean_interval
from sim.studies.patterns.laboratory import Laboratory
from sim.studies.patterns.measured import Measuring
from sim.words import percent, say, written

HOLDS, FAILS, OPEN, UNMEASURED = "holds", "does not hold", "undecided", "not measured"

ABOVE_0, BELOW_0 = (0, math.inf), (-math.inf, 0)
"""What is expected where a sign is all that is claimed."""


@dataclass(frozen=True)
class Pattern:
    """One pattern with one number.

    Attributes:
        name: Short name, for `--json` and tests.
        label: What should be seen, in words.
        source: Where it was observed.
        unit: `share`, `percentage points` (a difference of shares), `points`, `ratio`, `index` or `money`.
        expected: Limits between which it should lie; -inf and inf for none.
        measure: One number for each replication.
        required: False for a contrast that is shown and not claimed.
        note: Of a contrast: what it teaches.
    """

    name: str
    label: str
    source: str
    unit: str
    expected: tuple[float, float]
    measure: Measuring
    required: bool = True
    note: str = ""


@dataclass(frozen=True)
class PatternGroup:
    """Patterns that are measured together, and a paragraph on how."""

    title: str
    text: str
    patterns: tuple[Pattern, ...]


@dataclass(frozen=True)
class SeenPattern:
    """A pattern and what was seen of it."""

    pattern: Pattern
    group: str
    seen: Interval

    @property
    def verdict(self) -> str:
        """`holds` where the whole interval is as expected, `does not hold` where none of it is, else `undecided`.

        `not measured` where there is no number: in a small market nobody may have met what the pattern is about.
        The limits themselves are outside: no effect at all is not an effect above 0. With one replication there is no
        interval, and the value alone decides.
        """
        value, low, high = self.seen
        if math.isnan(value):
            return UNMEASURED
        if not math.isfinite(low):
            low = high = value
        least, most = self.pattern.expected
        if least < low and high < most:
            return HOLDS
        return FAILS if high <= least or low >= most else OPEN


def measure_all(groups: Sequence[PatternGroup], laboratory: Laboratory) -> list[SeenPattern]:
    """Measure every pattern; worlds are run when the first pattern needs them."""
    return [
        SeenPattern(pattern, group.title, mean_interval(pattern.measure(laboratory)))
        for group in groups
        for pattern in group.patterns
    ]


def figure(value: float, unit: str) -> str:
    """A number as a reader wants it.

    >>> figure(0.1234, "share"), figure(-0.0101, "percentage points"), figure(-12345.6, "money")
    ('12.3%', '-1.01 pp', '-12,346 EUR')
    >>> figure(3.14159, "ratio"), figure(77.84, "points"), figure(float("nan"), "ratio")
    ('3.14', '77.8', '-')
    """
    if not math.isfinite(value):
        return "-"
    if unit == "share":
        return percent(value, 1)
    if unit == "percentage points":
        return say("{value:.2f} pp", value=100.0 * value)
    if unit == "money":
        return f"{written(value, ',.0f')} EUR"
    if unit == "points":
        return written(value, ".1f" if abs(value) >= 10.0 else ".2f")
    return written(value, ".3g")


def expected(pattern: Pattern) -> str:
    """What is expected, in words.

    >>> (
    ...     expected(Pattern("x", "", "", "share", (0.1, 0.3), list)),
    ...     expected(Pattern("x", "", "", "ratio", (1, math.inf), list)),
    ... )
    ('10.0% to 30.0%', 'above 1')
    """
    low, high = (figure(limit, pattern.unit) for limit in pattern.expected)
    if low == "-":
        return say("below {high}", high=high)
    return say("above {low}", low=low) if high == "-" else say("{low} to {high}", low=low, high=high)


def seen(row: SeenPattern) -> tuple[str, str]:
    """Value and interval as text."""
    unit = row.pattern.unit
    limits = (
        "-"
        if not math.isfinite(row.seen.low)
        else say("{low} to {high}", low=figure(row.seen.low, unit), high=figure(row.seen.high, unit))
    )
    return figure(row.seen.value, unit), limits


def as_records(rows: Sequence[SeenPattern]) -> list[dict[str, Any]]:
    """The rows as plain values, for JSON: limits that do not exist are null."""
    keep = lambda value: value if math.isfinite(value) else None  # noqa: E731
    return [
        {
            "pattern": row.pattern.name,
            "group": row.group,
            "label": row.pattern.label,
            "source": row.pattern.source,
            "unit": row.pattern.unit,
            "expected_low": keep(row.pattern.expected[0]),
            "expected_high": keep(row.pattern.expected[1]),
            "seen": keep(row.seen.value),
            "low": keep(row.seen.low),
            "high": keep(row.seen.high),
            "verdict": row.verdict,
            "required": row.pattern.required,
        }
        for row in rows
    ]
