"""The market: how many people there are, how they are tied, and the calendar."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from sim.vocabulary.parameter import OptionalLine, Section, parameter

PERIODS_PER_YEAR = {"day": 365, "week": 52, "month": 12}
MAX_CUSTOMERS = 100_000_000
MOST_PERIODS = 100_000


class Network(Section):
    """The word-of-mouth network."""

    kind: Literal["small_world", "preferential_attachment", "random", "complete", "edges"] = parameter(
        "small_world",
        "Family of networks: small world, preferential attachment, random, complete mix, or an edge list",
        unit="name",
        source="Watts & Strogatz 1998; Barabasi & Albert 1999; Erdos & Renyi 1959; Bass 1969 (complete mix)",
        setup=True,
    )
    mean_degree: float = parameter(
        8.0,
        "Mean number of people whom a person can talk to",
        unit="ties per person",
        source="assumption: friends, family and colleagues with whom one talks of suppliers",
        setup=True,
        ge=0.0,
        le=1000.0,
    )
    rewiring: float = parameter(
        0.1,
        "Share of a small world's ring ties that become long-range weak ties",
        unit="share",
        source="Watts & Strogatz 1998, the small-world range",
        setup=True,
        ge=0.0,
        le=1.0,
    )
    strong_share: float = parameter(
        0.4,
        "Share of ties that are strong (family, friends)",
        unit="share",
        source="assumption: between the settings of Goldenberg, Libai & Muller 2001",
        setup=True,
        ge=0.0,
        le=1.0,
    )
    file: OptionalLine = parameter(
        None,
        "CSV edge list with columns source,target[,strength], for kind: edges",
        unit="path relative to the scenario file",
        source="user's data",
        setup=True,
    )


class Market(Section):
    """People in the market, customers and prospects."""

    customers: int = parameter(
        10_000,
        "People in the market at the start, prospects included",
        unit="people",
        source="assumption: large enough for stable shares, small enough for seconds",
        setup=True,
        ge=1,
        le=MAX_CUSTOMERS,
    )
    entrants_per_year: float = parameter(
        0.0,
        "New prospects who enter the market, at a constant rate",
        unit="people per year",
        source="assumption: 0, a closed population",
        setup=True,
        ge=0.0,
        le=1e8,
    )
    rebuy_share: float = parameter(
        0.85,
        "Share of those who leave a supplier who take a rival at once (when there is one)",
        unit="share",
        source="assumption: most needs outlast the supplier",
        ge=0.0,
        le=1.0,
    )
    network: Network = Network()


class Run(Section):
    """The calendar and the repetition of a run."""

    period: Literal["day", "week", "month"] = parameter(
        "week", "Length of one period; every rate is given per year or per event", unit="name",
        source="model design", setup=True,
    )  # fmt: skip
    periods: int = parameter(
        104, "Number of periods to simulate", unit="periods", source="assumption: two years of weeks",
        setup=True, ge=1, le=MOST_PERIODS,
    )  # fmt: skip
    start: dt.date = parameter(
        dt.date(2026, 1, 5), "Date of the first day of the first period", unit="date",
        source="assumption: a Monday", setup=True,
    )  # fmt: skip
    seed: int = parameter(
        1, "Key of all luck: same seed, same tables", unit="integer", source="model design",
        setup=True, ge=0, lt=2**64,
    )  # fmt: skip
    replications: int = parameter(
        10, "Number of runs with independent luck, for the intervals", unit="runs",
        source="assumption: intervals of about half a standard deviation", setup=True, ge=1, le=10_000,
    )  # fmt: skip
    panel: int = parameter(
        0, "Number of customers followed one by one in panel.parquet", unit="people",
        source="assumption: off", setup=True, ge=0, le=100_000,
    )  # fmt: skip
