"""Numbers as a reader wants them: rounded to what they can bear, with unit and interval."""

from __future__ import annotations

import math

import pandas as pd

NO_VALUE = "–"


def number(value: float, unit: str) -> str:
    """A value in words short enough for a table.

    >>> number(0.27, "share"), number(12345.6, "EUR"), number(7.25, "ratio")
    ('27.0%', 'EUR 12,346', '7.2')
    """
    if not math.isfinite(value):
        return NO_VALUE
    if unit.startswith("share"):
        return f"{value:.1%}"
    if unit == "people":
        return f"{value:,.0f}"
    if unit == "ratio" and abs(value) < 1:
        return f"{value:.2g}"
    if unit.startswith("points") or unit == "ratio":
        return f"{value:,.1f}"
    currency, _, per = unit.partition(" per ")
    return f"{currency} {value:,.2f}" if per and abs(value) < 100 else f"{currency} {value:,.0f}"


def interval(row: pd.Series) -> str:
    """The interval of a key figure, `26.1% to 27.9%`; empty where there is none."""
    if not (math.isfinite(row["low"]) and math.isfinite(row["high"])):
        return ""
    return f"{number(row['low'], row['unit'])} to {number(row['high'], row['unit'])}"


def with_interval(row: pd.Series) -> str:
    """Value and interval, `27.0% (26.1% to 27.9%)`."""
    limits = interval(row)
    return number(row["value"], row["unit"]) + (f" ({limits})" if limits else "")


def per_1000(value: float) -> str:
    """A count of 1,000: whole from ten on, else with a decimal.

    >>> per_1000(39.7), per_1000(3.46), per_1000(math.nan)
    ('40', '3.5', '–')
    """
    if not math.isfinite(value):
        return NO_VALUE
    return f"{value:,.0f}" if abs(value) >= 9.95 else f"{value:.1f}"
