"""How money is valued over time."""

from __future__ import annotations

from sim.vocabulary.parameter import OneLine, Section, parameter


class Money(Section):
    """Valuation of cash flows and of lost customers."""

    currency: OneLine = parameter(
        "EUR", "Name of the money unit, for labels only", unit="name", source="user's data", setup=True,
        min_length=1, max_length=8,
    )  # fmt: skip
    discount_rate: float = parameter(
        0.10, "Yearly discount rate", unit="per year", source="Gupta & Lehmann 2003 use 12%; assumption", setup=True,
        ge=0.0, le=1.0,
    )  # fmt: skip
    assumed_retention: float = parameter(
        0.80, "Yearly retention in the rule of thumb for the remaining value of a lost customer, m r / (1 + d - r)",
        unit="per year", source="Gupta & Lehmann 2003 (form); assumption (size)", setup=True, ge=0.0, le=0.999,
    )  # fmt: skip
    measure_opportunity_cost: bool = parameter(
        True, "Run the same world with the same luck but without failures, to measure the opportunity cost",
        unit="yes/no", source="model design", setup=True,
    )  # fmt: skip
