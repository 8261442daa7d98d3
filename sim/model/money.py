"""Money: what service and its failures cost, what a customer is worth, and what a lost one costs."""

from __future__ import annotations

from typing import Any

from sim.compiled import rule, single
from sim.vocabulary.column import Column
from sim.vocabulary.observables import FLOW, amounts
from sim.vocabulary.parameter import OneLine, Section, amount, parameter, share

COLUMNS = (
    Column(
        "margin",
        "f4",
        "firms",
        "money",
        "margin that the person has brought each firm so far",
        apart=True,
        followed=True,
    ),
)

OBSERVABLES = (
    *amounts(
        FLOW,
        "money",
        {
            "revenue": "paid by customers",
            "goods_cost": "the goods themselves",
            "service_cost": "cost to serve purchases, help and repairs out of warranty",
            "advertising_cost": "advertising to prospects",
            "welcome_cost": "discounts and set-up work for customers won",
            "win_back_cost": "contacts with lapsed customers",
            "prevention_cost": "cost of quality: prevention",
            "appraisal_cost": "cost of quality: appraisal",
            "internal_failure_cost": "cost of quality: failures found before the customer felt them",
            "failure_effect_cost": "cost of quality, external failure: direct effects of felt failures",
            "warranty_cost": "cost of quality, external failure: repairs within warranty",
            "complaint_cost": "cost of quality, external failure: desk staff, handling, calling back",
            "compensation_cost": "cost of quality, external failure: compensation paid",
            "opportunity_estimate": "rule of thumb: remaining value of customers lost through dissatisfaction",
        },
    ),
)


class QualityCosts(Section):
    """Unit costs by which the costs of quality are booked where they arise (Feigenbaum 1956, Juran)."""

    purchase_service: float = amount(
        2.5, "Cost to serve a purchase", "money per purchase", label="Serving a purchase", practical=(0.0, 50.0)
    )
    help_service: float = amount(
        7.0,
        "Cost to serve a 'help me' request",
        "money per request",
        label="Serving a help request",
        practical=(0.0, 100.0),
    )
    repair_service: float = amount(
        28.0, "Cost to serve a 'fix it' request", "money per repair", label="Serving a repair", practical=(0.0, 500.0)
    )
    warranty_share: float = share(
        0.5, "Share of repairs within warranty, paid by the firm", label="Repairs within warranty", practical=(0.0, 1.0)
    )
    repair_price: float = amount(
        45.0, "Price of a repair out of warranty", "money per repair", label="Price of a repair", practical=(0.0, 500.0)
    )
    prevention: float = amount(
        2.0,
        "Training and process design against failures",
        "money per customer and year",
        label="Prevention",
        practical=(0.0, 20.0),
    )
    appraisal: float = amount(
        4.0,
        "Inspection, mystery shopping, surveys",
        "money per customer and year",
        label="Appraisal",
        practical=(0.0, 20.0),
    )
    internal_failure: float = amount(
        15.0,
        "Rework of a failure found before the customer felt it",
        "money per failure",
        label="Failure found in time",
        practical=(0.0, 200.0),
    )
    failure_effect: float = amount(
        25.0,
        "Direct effects of a failure that reached the customer: redo, refunds, staff time",
        "money per failure",
        "notes 'El buen y mal servicio' ('costes efectos'); assumption (size)",
        label="Failure that was felt",
        practical=(0.0, 500.0),
    )


class Money(Section):
    """Valuation of cash flows and of lost customers."""

    currency: OneLine = parameter(
        "EUR",
        "Name of the money unit, for labels only",
        label="Currency",
        unit="name",
        source="user's data",
        setup=True,
        min_length=1,
        max_length=8,
    )
    discount_rate: float = parameter(
        0.10,
        "Yearly discount rate",
        label="Discount rate",
        unit="per year",
        source="Gupta & Lehmann 2003 use 12%; assumption",
        setup=True,
        ge=0.0,
        le=1.0,
        practical=(0.02, 0.25),
    )
    assumed_retention: float = parameter(
        0.80,
        "Yearly retention in the rule of thumb for the remaining value of a lost customer, m r / (1 + d - r)",
        label="Assumed retention",
        unit="per year",
        source="Gupta & Lehmann 2003 (form); assumption (size)",
        setup=True,
        ge=0.0,
        le=0.999,
        practical=(0.5, 0.95),
    )
    measure_opportunity_cost: bool = parameter(
        True,
        "Run the same world with the same luck but without failures, to measure the opportunity cost",
        label="Measure the opportunity cost",
        unit="yes/no",
        source="model design",
        setup=True,
    )


@rule
def yearly_margin(frequency: float, spend: float, rates: Any, strategy: Any, costs: Any) -> float:
    """Expected yearly margin of a customer, before failures: revenue less goods and cost to serve, money.

    frequency x (purchases x (spend (price - (1 - margin)) - cost) - help x cost + repairs x ((1 - w) price - cost)).

    Args:
        frequency: Personal frequency, 1 is average.
        spend: Personal spend per purchase, money.
        rates: The segment's `encounters`: purchases, help requests and repairs per year.
        strategy: The firm's `strategy`: price index and gross margin.
        costs: The firm's `costs`: of service, warranty share and price of repairs.
    """
    purchase = spend * (strategy.price_index - (1.0 - strategy.gross_margin)) - costs.purchase_service
    repair = (1.0 - costs.warranty_share) * costs.repair_price - costs.repair_service
    return frequency * (
        rates.purchases_per_year * purchase
        - rates.help_requests_per_year * costs.help_service
        + rates.repairs_per_year * repair
    )


@rule
def remaining_value(margin: float, retention: float, discount: float) -> float:
    """Value of a customer who is kept, m r / (1 + d - r) (Gupta & Lehmann 2003), money; never below zero.

    >>> round(remaining_value(100.0, 0.8, 0.1), 2)
    266.67
    """
    value = margin * retention / (1.0 + discount - retention)
    return value if value > 0.0 else 0.0


@rule
def add_margin(state: Any, i: int, f: int, amount: float) -> None:
    """Add to the margin that the person of row i has brought firm f: money, below zero where it was spent."""
    state.margin[i, f] += single(amount)
