"""What a step does and what it costs: paired differences under the same luck."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from sim.results.declared_tables import column_names
from sim.results.intervals import Interval, fieller, mean_interval
from sim.runs.experiment.points import PointValues, point_id
from sim.studies.sensitivity.indices import Floats
from sim.studies.sensitivity.steps import FactorStep

Charge = Callable[[str, float], float]
"""What a yearly cost that the model does not book adds to an output."""

SAVES = "saves money"
UNKNOWN = "the change in spending cannot be told from 0"
FREE = "spending does not change"
ONE_PAIR = "one pair of runs only: no interval"


def distinct_points(steps: Sequence[FactorStep], base: PointValues) -> list[PointValues]:
    """Every point of the steps once; the scenario itself first."""
    found: dict[str, PointValues] = {point_id({}): {}}
    for step in steps:
        for values in step.points(base):
            found.setdefault(point_id(values), values)
    return list(found.values())


def effects_of(
    steps: Sequence[FactorStep],
    base: PointValues,
    runs: Mapping[str, Mapping[str, Floats]],
    outputs: Sequence[str],
    *,
    spending: str = "spending",
    charge: Charge = lambda output, yearly: 0.0,
) -> pd.DataFrame:
    """Effect of each step on each output, with 95% intervals, and per unit of money.

    All replications are paired: the same luck at both points, d_r = Y_r(stop) - Y_r(start). The effect is the mean of d
    with its t-interval. Money is the change in booked spending plus the lever's own cost, m_r, and the effect per unit
    of money is mean(d) / mean(m) with Fieller's (1954) interval, which takes in that both are uncertain and go
    together. Where spending falls, or its interval includes 0, a ratio would mislead: it is NaN and `note` says why.

    Args:
        steps: See `sim.studies.sensitivity.steps.steps_of`.
        base: The scenario's own value of each factor.
        runs: float64[replications] of each output (and of `spending`), by point and output; NaN where a run failed.
        outputs: Outputs to explain.
        spending: Name of the output that is money spent a year.
        charge: What own cost, money a year, adds to an output.

    Returns:
        A row for each step and output, columns as in `tables.json`: `per_unit` is effect / change (NaN of texts),
        `spending` money a year, `pairs` the number of pairs in which neither run failed.
    """
    rows = []
    for step in steps:
        start, stop = (runs[point_id(values)] for values in step.points(base))
        spent = stop[spending] - start[spending] + step.cost
        for output in outputs:
            difference = stop[output] - start[output] + charge(output, step.cost)
            kept = np.isfinite(difference) & np.isfinite(spent)
            rows.append(_row(step, output, difference[kept], spent[kept]))
    return pd.DataFrame(rows, columns=column_names("effects", beside=__name__))


def _row(step: FactorStep, output: str, difference: Floats, spent: Floats) -> tuple[Any, ...]:
    effect, money = mean_interval(difference), mean_interval(spent)
    unit = step.change if step.change else math.nan
    slopes = sorted((effect.low / unit, effect.high / unit))
    ratio, note = Interval(math.nan, math.nan, math.nan), ""
    if step.lever:
        note = money_note(money)
        if not note:
            ratio = fieller(difference, spent)
    return (
        step.factor,
        step.lever,
        step.kind,
        step.start,
        step.stop,
        step.change,
        output,
        *effect,
        effect.value / unit,
        *slopes,
        *money,
        *ratio,
        len(difference),
        note,
    )


def money_note(money: Interval) -> str:
    """Why an effect is not divided by the money it takes; empty where it is.

    >>> money_note(Interval(10.0, 5.0, 15.0)), money_note(Interval(-3.0, -4.0, -2.0))
    ('', 'saves money')
    """
    if math.isnan(money.low):
        return ONE_PAIR
    if money.low == money.high == 0.0:
        return FREE
    if money.low > 0.0:
        return ""
    return SAVES if money.high < 0.0 else UNKNOWN


def round_amount(spending: Sequence[float]) -> float:
    """A round sum of money, near the middle of what steps take: effects are told for this much a year.

    >>> round_amount([800.0, 1500.0, 90_000.0])
    1000.0
    """
    known = [abs(amount) for amount in spending if math.isfinite(amount) and amount]
    return 10.0 ** round(math.log10(float(np.median(known)))) if known else 1.0
