"""Changes as a reader wants them: signed, rounded to what their interval can bear, shares in percentage points."""

from __future__ import annotations

import math

import pandas as pd

from sim.words import NO_VALUE, priced, say, scaled_amounts, written


def _decimals(half: float) -> int:
    """Digits behind the point that leave two digits of a half-width."""
    if not (math.isfinite(half) and half > 0):
        return 1
    return min(6, max(0, 1 - math.floor(math.log10(half) + 1e-9)))


def parts(unit: str) -> tuple[float, str, str]:
    """Scale, what stands before and what stands behind a change in that unit."""
    if unit.startswith("share"):
        return 100.0, "", f" {say('percentage points')}"
    if unit in ("people", "ratio"):
        return 1.0, "", ""
    if unit.startswith("points"):
        return 1.0, "", f" {say('points')}"
    before, _, behind = priced("\0", unit.partition(" per ")[0]).partition("\0")
    return 1.0, before, behind


def is_money(unit: str) -> bool:
    """Whether a figure is counted in money."""
    return unit not in ("people", "ratio", "") and not unit.startswith(("share", "points"))


def signed_to_decimals(value: float, decimals: int) -> str:
    """A number with its sign, a true minus, and no sign before a zero."""
    text = written(abs(value), f",.{decimals}f")
    if not text.strip("0.,"):
        return text
    return ("+" if value > 0 else "−") + text


def change(value: float, unit: str, half: float = math.nan, *, bare: bool = False) -> str:
    """A change with its sign, rounded to what its interval can bear.

    Args:
        value: The change, in the figure's unit.
        unit: Unit of the figure.
        half: Half-width of the change's interval.
        bare: Without the unit.

    >>> change(0.00452, "share", 0.0009), change(-3014.2, "EUR", 3500.0), change(0.0, "people", 0.0)
    ('+0.452 percentage points', 'EUR −3,000', '0.0')
    """
    if not math.isfinite(value):
        return NO_VALUE
    if is_money(unit):
        currency = unit.partition(" per ")[0]
        (text,), name = scaled_amounts((value,), half, signs=True)
        return f"{text}{name}" if bare else priced(f"{text}{name}", currency)
    scale, before, behind = parts(unit)
    text = signed_to_decimals(value * scale, _decimals(half * scale))
    return text if bare else f"{before}{text}{behind}"


def limits(row: pd.Series, *, bare: bool = True) -> str:
    """The interval of a change: `+0.36 to +0.54`; empty where there is none.

    A limit that is not 0 is not rounded to it: whether the interval holds 0 is what a reader wants to see.
    """
    if not (math.isfinite(row["low"]) and math.isfinite(row["high"])):
        return ""
    if is_money(row["unit"]):
        shown = (row["low"], row["high"])
        ends, name = scaled_amounts(shown, (row["high"] - row["low"]) / 2.0, signs=True)
        return say("{low} to {high}", low=ends[0], high=f"{ends[1]}{name}")
    scale, _, behind = parts(row["unit"])
    low, high = row["low"] * scale, row["high"] * scale
    digits = _decimals((high - low) / 2.0)
    nearest = min((abs(end) for end in (low, high) if end != 0.0), default=1.0)
    while digits < 6 and nearest < 0.5 * 10.0**-digits:
        digits += 1
    told = say("{low} to {high}", low=signed_to_decimals(low, digits), high=signed_to_decimals(high, digits))
    return told if bare else f"{told}{behind}"


def plus_minus(row: pd.Series) -> str:
    """Change and half-width, short enough for a narrow table: `+0.446 ± 0.090 pp`.

    >>> plus_minus(pd.Series({"difference": 0.0045, "low": 0.0036, "high": 0.0054, "unit": "share"}))
    '+0.450 ± 0.090 pp'
    """
    scale, _, _ = parts(row["unit"])
    half = (row["high"] - row["low"]) / 2.0 * scale
    digits = _decimals(half)
    text = signed_to_decimals(row["difference"] * scale, digits) if math.isfinite(row["difference"]) else NO_VALUE
    text += f" ± {written(half, f',.{digits}f')}" if half > 0 else ""
    return say("{change} pp", change=text) if row["unit"].startswith("share") else text


def change_and_limits(row: pd.Series) -> tuple[str, str]:
    """A change, and its interval without the unit; of money both are told in the same thousands or millions.

    >>> row = pd.Series({"difference": 95_300.0, "low": 88_200.0, "high": 102_400.0, "unit": "EUR"})
    >>> change_and_limits(row)
    ('EUR +0.0953 M', '+0.0882 to +0.1024')
    """
    value, low, high, unit = (row[name] for name in ("difference", "low", "high", "unit"))
    half = (high - low) / 2.0
    if not (is_money(unit) and math.isfinite(half) and math.isfinite(value)):
        return change(value, unit, half), limits(row)
    (told, *ends), name = scaled_amounts((value, low, high), half, signs=True)
    return priced(f"{told}{name}", unit.partition(" per ")[0]), say("{low} to {high}", low=ends[0], high=ends[1])


def changed_by(row: pd.Series) -> str:
    """Change and interval: `+0.45 percentage points (+0.36 to +0.54)`."""
    told, inside = change_and_limits(row)
    return f"{told} ({inside})" if inside else told


NEGLIGIBLE_SHARE, NEGLIGIBLE_POINTS, NEGLIGIBLE_OF_IT = 0.001, 0.1, 0.005
"""Below them a change is negligible: 0.1 percentage points, 0.1 points, half a per cent of the figure."""


def negligible(row: pd.Series) -> bool:
    """Whether a change is surely too small to matter: its whole interval is, or without one the change itself.

    >>> row = pd.Series({"first": 0.85, "difference": 0.0003, "low": 0.0001, "high": 0.0005, "unit": "share"})
    >>> negligible(row), negligible(row.replace(0.0005, 0.002))
    (True, False)
    """
    ends = [row["low"], row["high"]] if math.isfinite(row["low"]) and math.isfinite(row["high"]) else []
    furthest = max(map(abs, [row["difference"], *ends]))
    unit = str(row["unit"])
    if unit.startswith("share"):
        return bool(furthest < NEGLIGIBLE_SHARE)
    if unit.startswith("points"):
        return bool(furthest < NEGLIGIBLE_POINTS)
    return bool(furthest < NEGLIGIBLE_OF_IT * abs(row["first"])) or furthest == 0.0
