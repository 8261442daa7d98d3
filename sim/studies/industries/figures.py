"""What is measured of an industry: each figure with its unit, its meaning, and how it comes out of a run's outputs."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]
IndustryOutputs = Mapping[str, Values]
"""Outputs by name, a value for each replication."""

SHARE, OF_REVENUE, RATIO = "share", "share of revenue", "ratio"
ELASTICITY = "elasticity"
"""Figure that takes a second world, where the price is higher."""


FigureRule = tuple[tuple[str, ...], Callable[[IndustryOutputs], Values]]
"""Names of the outputs that a figure is made of, and the figure from them."""


@dataclass(frozen=True)
class Figure:
    """A figure of an industry.

    Attributes:
        name: Short name, for files.
        label: What it is called.
        unit: Of the value; `money` stands for the scenario's currency.
        meaning: A sentence or two: what it is, in the terms of the model.
        outputs: Names of the outputs that it is made of.
        compute: From them, a value for each replication.
    """

    name: str
    label: str
    unit: str
    meaning: str
    outputs: tuple[str, ...]
    compute: Callable[[IndustryOutputs], Values]

    @property
    def bounds(self) -> tuple[float, float]:
        """What its value can be: shares lie between 0 and 1, counts and costs are not below 0.

        Of revenue, more may be lost than there is.
        """
        if self.unit.startswith(("points", RATIO, OF_REVENUE)):
            return -math.inf, math.inf
        return 0.0, 1.0 if self.unit == SHARE else math.inf


def over(numerator: Values, denominator: Values) -> Values:
    """`numerator / denominator`, NaN where the denominator is 0.

    >>> over(np.array([1.0, 1.0]), np.array([4.0, 0.0])).tolist()
    [0.25, nan]
    """
    return numerator / np.where(denominator != 0.0, denominator, np.nan)


def share_with_one(rate: Values) -> Values:
    """Share of people who meet an event in a year if all meet it at this rate, independently: 1 - exp(-rate).

    Those who meet it more often than others leave fewer who meet it at all, so that it is an upper limit.

    >>> share_with_one(np.array([0.0, 0.25])).round(4).tolist()
    [0.0, 0.2212]
    """
    return -np.expm1(-rate)


_FORMULA = re.compile(r"(?P<times>\d+ |1 - )?\(?(?P<over>\w+(?: \+ \w+)*)\)? / (?P<under>\w+)")


def _by_formula(formula: str) -> FigureRule:
    """Of a formula that is a ratio of totals, so many times that, or 1 less that."""
    found = _FORMULA.fullmatch(formula)
    if found is None:
        raise LookupError(formula)
    above, below, times = (found[part] for part in ("over", "under", "times"))
    tops, bottom = tuple(f"{one}.total" for one in above.split(" + ")), f"{below}.total"

    def compute(outputs: IndustryOutputs) -> Values:
        share = over(np.sum([outputs[one] for one in tops], axis=0), outputs[bottom])
        return 1.0 - share if times == "1 - " else float(times or 1.0) * share

    return (*tops, bottom), compute


_FELT, _YEARS = "failures_felt.total", "customer_years.total"

RULES: dict[str, FigureRule] = {
    "problem_share": ((_FELT, _YEARS), lambda outputs: share_with_one(over(outputs[_FELT], outputs[_YEARS]))),
    ELASTICITY: ((), lambda outputs: np.empty(0)),
}
"""Of figures that are neither a key figure nor a ratio of totals."""


def _figures() -> Iterator[Figure]:
    """Of `figures.json` beside this file: by name its label, unit, meaning, formula; without one, key figures."""
    declared = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
    for name, (label, unit, meaning, *formula) in declared.items():
        as_it_is: FigureRule = ((name,), itemgetter(name))
        outputs, compute = _by_formula(*formula) if formula else RULES.get(name, as_it_is)
        yield Figure(name, label, unit, meaning, outputs, compute)


FIGURES: tuple[Figure, ...] = tuple(_figures())
"""All figures, in the order of the table."""

BY_NAME: dict[str, Figure] = {figure.name: figure for figure in FIGURES}

OUTPUTS: tuple[str, ...] = tuple(dict.fromkeys(output for figure in FIGURES for output in figure.outputs))
"""All outputs that figures are made of, each once."""
