"""Numbers as a reader wants them: rounded to what they can bear, with unit and interval."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from sim.report.signed_changes import is_money
from sim.words import NO_VALUE, counted, money, percent, priced, rounded_money, say, scaled_amounts, written


def number(value: float, unit: str) -> str:
    """A value in words short enough for a table.

    >>> number(-0.27, "share"), number(12345.6, "EUR"), number(229532.0, "EUR"), number(-7.25, "ratio")
    ('−27.0%', 'EUR 12,300', 'EUR 0.230 M', '−7.2')
    """
    if not math.isfinite(value):
        return NO_VALUE
    if unit.startswith("share"):
        return percent(value, 1).replace("-", "−")
    if unit == "people":
        return counted(value)
    if unit.startswith("points") or unit == "ratio":
        return written(value, ".2g" if unit == "ratio" and abs(value) < 1 else ",.1f").replace("-", "−")
    currency, _, per = unit.partition(" per ")
    return money(value, currency, 2) if per and abs(value) < 100 else rounded_money(value, currency)


def interval(row: pd.Series | Mapping[str, Any]) -> str:
    """The interval of a key figure, `26.1% to 27.9%`; empty where there is none."""
    low, high, unit = float(row["low"]), float(row["high"]), str(row["unit"])
    if not (math.isfinite(low) and math.isfinite(high)):
        return ""
    if is_money(unit):
        ends, name = scaled_amounts((low, high), (high - low) / 2.0)
        currency = unit.partition(" per ")[0]
        return say("{currency} {low} to {high}", currency=currency, low=ends[0], high=f"{ends[1]}{name}")
    return say("{low} to {high}", low=number(low, unit), high=number(high, unit))


def with_interval(row: pd.Series | Mapping[str, Any]) -> str:
    """Value and interval, `27.0% (26.1% to 27.9%)`."""
    unit = str(row["unit"])
    if is_money(unit):
        return told_amount(float(row["value"]), float(row["low"]), float(row["high"]), unit.partition(" per ")[0])
    limits = interval(row)
    value = number(row["value"], unit)
    return f"{value} ({limits})" if limits else value


def per_1000(value: float) -> str:
    """A count of 1,000: whole from ten on, else with a decimal.

    >>> per_1000(39.7), per_1000(3.46), per_1000(math.nan)
    ('40', '3.5', '–')
    """
    if not math.isfinite(value):
        return NO_VALUE
    return counted(value) if abs(value) >= 9.95 or value == 0.0 else written(value, ".1f")


def people(value: float) -> str:
    """A number of people, a change of it or a mean: whole from ten on, with a true minus sign.

    >>> people(59.6), people(-4.25), people(0.0)
    ('60', '−4.2', '0')
    """
    return counted(0.0) if value == 0.0 else per_1000(value).replace("-", "−")


def told_amount(value: float, low: float, high: float, currency: str) -> str:
    """An amount of money with its interval as it is told in a meeting, all in the same thousands or millions.

    >>> told_amount(80000.0, 42000.0, 120000.0, "EUR"), told_amount(229532.0, math.nan, math.nan, "EUR")
    ('EUR 0.080 M (0.042 to 0.120)', 'EUR 0.230 M')
    >>> told_amount(28_000.0, 200.0, 55_700.0, "EUR")
    'EUR 28,000 (200 to 55,700)'
    """
    if not (math.isfinite(low) and math.isfinite(high) and high > low):
        return rounded_money(value, currency)
    half = (high - low) / 2.0
    (told, *ends), name = scaled_amounts((value, low, high), half)
    while any(limit and not text.strip("0.,") for limit, text in zip((low, high), ends, strict=True)):
        half /= 10.0  # a limit that is not 0 is not rounded to it
        (told, *ends), name = scaled_amounts((value, low, high), half)
    return say("{amount} ({low} to {high})", amount=priced(f"{told}{name}", currency), low=ends[0], high=ends[1])
