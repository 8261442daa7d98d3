"""Numbers as a reader wants them: rounded to what they can bear, with unit and interval."""

from __future__ import annotations

import math

import pandas as pd

from sim.words import NO_VALUE, counted, money, percent, say, written


def number(value: float, unit: str) -> str:
    """A value in words short enough for a table.

    >>> number(0.27, "share"), number(12345.6, "EUR"), number(7.25, "ratio")
    ('27.0%', 'EUR 12,346', '7.2')
    """
    if not math.isfinite(value):
        return NO_VALUE
    if unit.startswith("share"):
        return percent(value, 1)
    if unit == "people":
        return counted(value)
    if unit == "ratio" and abs(value) < 1:
        return written(value, ".2g")
    if unit.startswith("points") or unit == "ratio":
        return written(value, ",.1f")
    currency, _, per = unit.partition(" per ")
    return money(value, currency, 2 if per and abs(value) < 100 else 0)


def interval(row: pd.Series) -> str:
    """The interval of a key figure, `26.1% to 27.9%`; empty where there is none."""
    if not (math.isfinite(row["low"]) and math.isfinite(row["high"])):
        return ""
    return say("{low} to {high}", low=number(row["low"], row["unit"]), high=number(row["high"], row["unit"]))


def with_interval(row: pd.Series) -> str:
    """Value and interval, `27.0% (26.1% to 27.9%)`."""
    limits = interval(row)
    value = number(row["value"], row["unit"])
    return f"{value} ({limits})" if limits else value


def per_1000(value: float) -> str:
    """A count of 1,000: whole from ten on, else with a decimal.

    >>> per_1000(39.7), per_1000(3.46), per_1000(math.nan)
    ('40', '3.5', '–')
    """
    if not math.isfinite(value):
        return NO_VALUE
    return counted(value) if abs(value) >= 9.95 else written(value, ".1f")
