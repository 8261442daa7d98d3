"""Measures derived from the tallies of a row: one definition each, with unit, meaning and formula."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from sim.model.dimensions import DIMENSIONS
from sim.model.learning import BELIEVED
from sim.model.movement import FLOWS_IN, FLOWS_OUT

if TYPE_CHECKING:
    import pandas as pd

AnyArray = npt.NDArray[Any]
TallyColumns = Mapping[str, AnyArray]
"""Columns by name, all of one length: int64 counts, float64 amounts."""
MARKET = "market_active"
"""Customers of all firms, in the row's period and segment: known while measures are computed, not kept."""

RATIO = "ratio"
"""Kind of a measure that is neither a stock nor a flow: shares, means, rates."""


MeasureRule = Callable[[TallyColumns, int], AnyArray]
"""A column from the others and the periods in a year."""

_FORMULA = re.compile(r"\(?(?P<summed>\w+(?: [+-] \w+)*)\)?(?: / (?P<under>\w+))?")


@dataclass(frozen=True)
class Measure:
    """A derived column.

    Attributes:
        name: Column name.
        unit: Unit of the value.
        meaning: One sentence.
        formula: The definition in terms of other columns.
        compute: The column from the others and the periods in a year.
        kind: `flow` (its sum over periods says something), `stock` or `ratio`.
    """

    name: str
    unit: str
    meaning: str
    formula: str
    compute: MeasureRule
    kind: str = RATIO


def ratio(numerator: AnyArray, denominator: AnyArray) -> AnyArray:
    """`numerator / denominator`, NaN where the denominator is 0.

    >>> ratio(np.array([1.0, 1.0]), np.array([2, 0])).tolist()
    [0.5, nan]
    """
    return numerator / np.where(denominator != 0, denominator, np.nan)


def by_formula(formula: str) -> MeasureRule | None:
    """What a formula computes that is a sum, or a sum over a column or a number; None of any other.

    >>> table = {"told": np.array([3.0, 1.0]), "heard": np.array([1.0, 1.0]), "talks": np.array([2.0, 0.0])}
    >>> by_formula("(told - heard) / talks")(table, 52).tolist(), by_formula("told + heard")(table, 52).tolist()
    ([1.0, nan], [4.0, 2.0])
    >>> by_formula("sqrt(told)") is None
    True
    """
    found = _FORMULA.fullmatch(formula)
    if found is None:
        return None
    first, *others = re.findall(r"([+-]?) ?(\w+)", found["summed"])
    under = found["under"]

    def compute(table: TallyColumns, _: int) -> AnyArray:
        total = table[first[1]]
        for sign, name in others:
            total = total - table[name] if sign == "-" else total + table[name]
        if under is None:
            return total
        return total / float(under) if under.isdigit() else ratio(total, table[under])

    return compute


def acsi(satisfaction: AnyArray, expectation: AnyArray, ideal: AnyArray) -> AnyArray:
    """American Customer Satisfaction Index, 0-100: 100 (mean of three items - 1) / 9, equal weights.

    The items, on 1-10, are overall satisfaction (1 + 9 S / 100 from cumulative satisfaction S on 0-100), satisfaction
    compared with expectations, and compared with the ideal. Source: Fornell et al. 1996 for the items; they weight them
    by partial least squares, and that ours weigh the same is an assumption.

    >>> acsi(np.array([75.0]), np.array([7.0]), np.array([6.25])).round(3).tolist()
    [66.667]
    """
    overall = 1.0 + 9.0 * satisfaction / 100.0
    return 100.0 * ((overall + expectation + ideal) / 3.0 - 1.0) / 9.0


def annual_retention(loss: AnyArray, periods_per_year: int) -> AnyArray:
    """Share of customers who would still be there after a year of such periods: (1 - loss)^periods.

    >>> annual_retention(np.array([0.5]), 2).tolist()
    [0.25]
    """
    return np.maximum(1.0 - loss, 0.0) ** periods_per_year


def _spread(table: TallyColumns, _: int) -> AnyArray:
    mean = ratio(table["satisfaction_sum"], table["active"])
    variance = ratio(table["satisfaction_squares"], table["active"]) - mean * mean
    return np.maximum(variance, 0.0) ** 0.5


def _measured_or_estimated(table: TallyColumns, _: int) -> AnyArray:
    measured = table["opportunity_measured"]
    return np.where(np.isnan(measured), table["opportunity_estimate"], measured)


RULES: dict[str, MeasureRule] = {
    "customer_years": lambda table, per_year: (table["active_start"] + table["active"]) / 2.0 / per_year,
    "retention": lambda table, per_year: annual_retention(table["loss"], per_year),
    "market_share": lambda table, _: ratio(table["active"], table[MARKET]),
    "satisfaction_sd": _spread,
    "acsi": lambda table, _: acsi(table["satisfaction_mean"], table["acsi_expectation"], table["acsi_ideal"]),
    "nps": lambda table, _: 100.0 * ratio(table["promoters"] - table["detractors"], table["active"]),
    "opportunity_cost": _measured_or_estimated,
}
"""Of measures whose formula is more than a sum, or a sum over something."""

KEEPING = ("prevention_cost", "appraisal_cost", "complaint_cost", "compensation_cost", "programme_cost")
_DAILY = ("goods_cost", "operation_cost", "service_cost", "overhead_cost", "staff_cost")
ACQUISITION = ("advertising_cost", "welcome_cost", "win_back_cost")
"""What it costs to win customers, and not to serve and keep those in hand."""
SPENDING = (*KEEPING, *ACQUISITION, "staff_cost")
"""What a firm decides to spend; staff where they are followed, so that no budget hires for nothing."""
RUNNING_COSTS = (*_DAILY, *ACQUISITION, "programme_cost")
"""All that is booked beside the costs of quality."""


def _listed() -> dict[str, str]:
    """Sums of the columns that a formula names together."""
    lists = {
        "flows_in": FLOWS_IN,
        "flows_out": FLOWS_OUT,
        "believed": BELIEVED,
        "spending": SPENDING,
        "running_costs": RUNNING_COSTS,
        "gaps": [f"gap_{name}" for name in DIMENSIONS],
        "gaps_will": [f"gap_will_{name}" for name in DIMENSIONS],
    }
    return {name: " + ".join(columns) for name, columns in lists.items()}


def _measures() -> Iterator[Measure]:
    """Of `measures.json` beside this file: by name its meaning, unit, kind, formula; of `{dimension}` one for each."""
    declared = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
    listed = _listed()
    for key, told in declared.items():
        for dimension in DIMENSIONS if "{dimension}" in key else ("",):
            name, meaning, unit, kind, formula = (text.format(dimension=dimension, **listed) for text in (key, *told))
            rule = RULES.get(name) or by_formula(formula)
            if rule is None:
                raise LookupError(name)
            yield Measure(name, unit, meaning, formula, rule, kind)


MEASURES: tuple[Measure, ...] = tuple(_measures())
"""All derived columns, in the order in which they are computed."""

BY_NAME: dict[str, Measure] = {measure.name: measure for measure in MEASURES}


def add_measures(table: pd.DataFrame, periods_per_year: int) -> pd.DataFrame:
    """Append every measure to a table of tallies.

    Args:
        table: Rows with the tallies, `active_start`, `opportunity_measured`, `replication`, `period`, `segment`.
        periods_per_year: 365, 52 or 12.

    Returns:
        A new table with the columns of `MEASURES` behind the others. A share of nothing is NaN.
    """
    import pandas as pd

    keys = [table[name] for name in ("replication", "period", "segment")]
    market = table["active"].groupby(keys, sort=False).transform("sum")
    columns: dict[str, AnyArray] = {str(name): each.to_numpy() for name, each in table.select_dtypes("number").items()}
    columns[MARKET] = market.to_numpy()
    for measure in MEASURES:
        columns[measure.name] = measure.compute(columns, periods_per_year)
    computed = pd.DataFrame({name: columns[name] for name in BY_NAME}, index=table.index)
    return pd.concat([table, computed], axis=1)
