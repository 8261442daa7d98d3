"""What is measured of an industry: each figure with its unit, its meaning, and how it comes out of a run's outputs."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.results.measures import ACQUISITION

Values = npt.NDArray[np.float64]
IndustryOutputs = Mapping[str, Values]
"""Outputs by name, a value for each replication."""

SHARE, OF_REVENUE, RATIO = "share", "share of revenue", "ratio"
ELASTICITY = "elasticity"
"""Figure that takes a second world, where the price is higher."""


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


_YEARS, _REVENUE = "customer_years.total", "revenue.total"


def _totals(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"{name}.total" for name in names)


def _sum(outputs: IndustryOutputs, names: tuple[str, ...]) -> Values:
    return np.sum([outputs[name] for name in names], axis=0)


def _key(name: str, label: str, unit: str, meaning: str) -> Figure:
    """A key figure as it is."""
    return Figure(name, label, unit, meaning, (name,), lambda outputs: outputs[name])


def _ratio(
    name: str, label: str, unit: str, meaning: str, above: Sequence[str], below: Sequence[str], times: float = 1.0
) -> Figure:
    """Totals over totals."""
    tops, bottoms = _totals(above), _totals(below)
    return Figure(
        name,
        label,
        unit,
        meaning,
        (*tops, *bottoms),
        lambda outputs: times * over(_sum(outputs, tops), _sum(outputs, bottoms)),
    )


def _left_of_revenue(name: str, label: str, meaning: str, costs: Sequence[str]) -> Figure:
    """What is left of revenue after some costs, as a share of it."""
    taken = _totals(costs)
    return Figure(
        name,
        label,
        OF_REVENUE,
        meaning,
        (_REVENUE, *taken),
        lambda outputs: 1.0 - over(_sum(outputs, taken), outputs[_REVENUE]),
    )


_SERVING = ("service_cost", "operation_cost")
_CASES = ("complaint_cost", "compensation_cost")
_PER_1000 = "per 1,000 customer-years"

FIGURES: tuple[Figure, ...] = (
    _key("acsi", "Satisfaction (ACSI)", "points (0-100)", "American Customer Satisfaction Index over the last year"),
    _key("nps", "Net Promoter Score", "points (-100 to 100)", "Promoters minus detractors over the last year"),
    _ratio(
        "problems",
        "Problems",
        "per customer and year",
        "Failures that customers felt per customer-year",
        ("failures_felt",),
        ("customer_years",),
    ),
    Figure(
        "problem_share",
        "Customers with a problem in a year",
        SHARE,
        "1 - exp(-problems per customer-year), as if they were spread evenly: an upper limit",
        ("failures_felt.total", _YEARS),
        lambda outputs: share_with_one(over(outputs["failures_felt.total"], outputs[_YEARS])),
    ),
    _ratio(
        "first_contact",
        "Complaints settled at once",
        SHARE,
        "Complaints resolved at the front line, or quickly at the desk, of those that ended",
        ("resolved_quickly",),
        ("complaints_ended",),
    ),
    _key("yearly_loss", "Customers lost in a year", SHARE, "1 minus yearly retention, whatever the cause"),
    _ratio(
        "complaints_met",
        "Complaints made",
        _PER_1000,
        "Made to anybody, at the front line or the desk",
        ("complained",),
        ("customer_years",),
        1000.0,
    ),
    _ratio(
        "complaints_recorded",
        "Complaints recorded",
        _PER_1000,
        "In the firm's register: at the desk, and logged at the front line",
        ("recorded",),
        ("customer_years",),
        1000.0,
    ),
    _ratio(
        "cost_per_complaint",
        "Cost of a recorded complaint",
        "money per complaint",
        "Desk, handling, calling back and compensation, per complaint recorded",
        _CASES,
        ("recorded",),
    ),
    _ratio(
        "cost_per_encounter",
        "Cost to serve an encounter",
        "money per encounter",
        "Serving purchases, help and repairs, per encounter; running the service apart",
        ("service_cost",),
        ("encounters",),
    ),
    _key(
        "cost_of_winning",
        "Cost of winning a customer",
        "money per new customer",
        "Advertising, welcome and win-back per customer won or regained",
    ),
    _key(
        "cost_of_keeping",
        "Cost of keeping a customer",
        "money per customer and year",
        "Prevention, appraisal, complaint handling and compensation per customer-year",
    ),
    _ratio(
        "revenue_per_customer",
        "Revenue of a customer",
        "money per customer and year",
        "Revenue per customer-year",
        ("revenue",),
        ("customer_years",),
    ),
    _ratio(
        "goods_share",
        "Goods",
        OF_REVENUE,
        "Cost of the goods themselves; of an insurer, claims paid",
        ("goods_cost",),
        ("revenue",),
    ),
    _ratio("serve_share", "Cost to serve", OF_REVENUE, "Serving, and running the service", _SERVING, ("revenue",)),
    _left_of_revenue(
        "gross_share",
        "Gross margin after serving",
        "What is left after the goods, serving, and running the service",
        ("goods_cost", *_SERVING),
    ),
    Figure(
        "contribution_share",
        "Contribution",
        OF_REVENUE,
        "What is left before overheads and the cost of winning customers",
        (_REVENUE, "margin.total", *_totals(("overhead_cost", *ACQUISITION))),
        lambda outputs: over(
            _sum(outputs, ("margin.total", *_totals(("overhead_cost", *ACQUISITION)))), outputs[_REVENUE]
        ),
    ),
    _ratio(
        "margin_share",
        "Margin",
        OF_REVENUE,
        "What is left after all costs that are booked; capital is free here",
        ("margin",),
        ("revenue",),
    ),
    Figure(
        ELASTICITY,
        "Own-price elasticity",
        RATIO,
        "Of units sold over two years, at a price 10% higher, with the same luck",
        (),
        lambda outputs: np.empty(0),
    ),
)
"""All figures, in the order of the table."""

BY_NAME: dict[str, Figure] = {figure.name: figure for figure in FIGURES}

OUTPUTS: tuple[str, ...] = tuple(dict.fromkeys(output for figure in FIGURES for output in figure.outputs))
"""All outputs that figures are made of, each once."""
