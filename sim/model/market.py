"""The market: how many people there are, how they are tied, and the calendar."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from sim.vocabulary.parameter import SCALE, OptionalLine, Section, group, parameter, share, users_own

PERIODS_PER_YEAR = {"day": 365, "week": 52, "month": 12}
WEEKS_PER_YEAR = PERIODS_PER_YEAR["week"]
MAX_CUSTOMERS = 100_000_000
MOST_PERIODS = 100_000


class Network(Section):
    """The word-of-mouth network."""

    kind: Literal["small_world", "preferential_attachment", "random", "complete", "edges"] = parameter(
        "small_world",
        "Family of networks: small world, preferential attachment, random, complete mix, or an edge list",
        label="Kind of network",
        unit="name",
        source="Watts & Strogatz 1998; Barabasi & Albert 1999; Erdos & Renyi 1959; Bass 1969 (complete mix); "
        "assumption (which)",
        setup=True,
    )
    mean_degree: float = parameter(
        8.0,
        "Mean number of people whom a person can talk to",
        label="Ties per person",
        unit="ties per person",
        source="assumption: friends, family and colleagues with whom one talks of suppliers",
        setup=True,
        allowed=(0.0, 1000.0),
        practical=(2.0, 50.0),
    )
    rewiring: float = share(
        0.1,
        "Share of a small world's ring ties that become long-range weak ties",
        "Watts & Strogatz 1998 (form); assumption (size, where paths are short and circles hold)",
        label="Long-range ties",
        setup=True,
        practical=(0.01, 0.5),
    )
    strong_share: float = share(
        0.4,
        "Share of ties that are strong (family, friends)",
        "Goldenberg, Libai & Muller 2001 (that ties are of two kinds); assumption (share)",
        label="Strong ties",
        setup=True,
        practical=(0.1, 0.8),
    )
    file: OptionalLine = users_own(
        None,
        "Edge list with columns source,target[,strength or weight], for kind: edges; CSV, .xlsx or .parquet",
        label="Edge list",
        unit="path relative to the scenario file",
    )
    source_column: OptionalLine = users_own(
        None,
        "Column of the edge list with one end of each tie; found by its name if left out",
        label="Column of one end",
    )
    target_column: OptionalLine = users_own(
        None,
        "Column of the edge list with the other end of each tie; found by its name if left out",
        label="Column of the other end",
    )
    weight_column: OptionalLine = users_own(
        None, "Column of the edge list with weights; found by its name if left out", label="Column of weights"
    )
    strong_from: float = users_own(
        0.0,
        "Weight in the edge list from which on a tie is strong; 0 leaves weights aside, and strong_share counts",
        label="Weight of a strong tie",
        unit="weight",
        allowed=(0.0, 1e12),
        practical=(0.0, 1000.0),
    )
    read: OptionalLine = users_own(
        None,
        "How the edge list is read where that is not found out, such as separator=bar; encoding=cp1252; decimal=comma",
        label="Settings of the edge list",
    )


class KnownPeople(Section):
    """People of the start that a table knows, such as a CRM exports."""

    file: OptionalLine = users_own(
        None,
        "Table of people at the start, with columns customer, segment, firm, spend, tenure or joined, satisfaction",
        label="Table of people",
        unit="path relative to the scenario file",
    )
    tenure_unit: Literal["days", "weeks", "months", "years"] = users_own(
        "months", "Unit of the table's tenure", label="Unit of tenure", unit="name"
    )
    scale: OptionalLine = users_own(
        None,
        "Scale of the table's satisfaction, such as 1-5 or 0-10; points of 0 to 100 if left out",
        label="Scale of satisfaction",
        pattern=SCALE,
    )
    read: OptionalLine = users_own(
        None,
        "How the table is read where that is not found out, such as columns.customer=Number; decimal=comma",
        label="Settings of the table",
    )


class Market(Section):
    """People in the market, customers and prospects."""

    customers: int = parameter(
        10_000,
        "People in the market at the start, prospects included",
        label="People in the market",
        unit="people",
        source="assumption: large enough for stable shares, small enough for seconds",
        setup=True,
        allowed=(1, MAX_CUSTOMERS),
        practical=(100, 10_000_000),
    )
    entrants_per_year: float = parameter(
        0.0,
        "New prospects who enter the market, at a constant rate",
        label="Newcomers a year",
        unit="people per year",
        source="assumption: 0, a closed population",
        setup=True,
        allowed=(0.0, 1e8),
        practical=(0.0, 100_000.0),
    )
    rebuy_share: float = share(
        0.85,
        "Share of those who leave a supplier who take a rival at once (when there is one)",
        "assumption: most needs outlast the supplier",
        label="Leavers who take a rival",
        practical=(0.3, 1.0),
    )
    network: Network = group(Network(), "Network")
    people: KnownPeople = group(KnownPeople(), "Known people")


class Settling(Section):
    """A small world that lives by itself before the start, of whom the people of the start are drawn."""

    years: int = parameter(
        0,
        "Years that a small world lives, of whose people those of the start are drawn; 0: all begin by the parameters",
        label="Years of settling",
        unit="years",
        source="assumption: 0, off; Law 2015, ch. 9.5 (that what a start brings with it is not counted)",
        setup=True,
        allowed=(0, 1000),
        practical=(0, 60),
    )
    people: int = parameter(
        4_000,
        "People of that world, one for each replication: the more there are, the less replications differ at the start",
        label="People who settle",
        unit="people",
        source="assumption: in ten replications a firm's share of people is known within half a point",
        setup=True,
        allowed=(100, 1_000_000),
        practical=(1_000, 100_000),
    )


class Run(Section):
    """The calendar and the repetition of a run."""

    period: Literal["day", "week", "month"] = parameter(
        "week",
        "Length of one period; every rate is given per year or per event",
        label="Length of a period",
        unit="name",
        source="model design",
        setup=True,
    )
    periods: int = parameter(
        104,
        "Number of periods to simulate and count",
        label="Number of periods",
        unit="periods",
        source="assumption: two years of weeks",
        setup=True,
        allowed=(1, MOST_PERIODS),
        practical=(1, 1825),
    )
    warm_up: int = parameter(
        0,
        "Periods that the world lives before the first one that is counted: nothing of them is in any table",
        label="Warm-up",
        unit="periods",
        source="assumption: 0, off; Law 2015, ch. 9.5 (that what a start brings with it is not counted)",
        setup=True,
        allowed=(0, MOST_PERIODS),
        practical=(0, 1825),
    )
    settling: Settling = group(Settling(), "Settling")
    start: dt.date = parameter(
        dt.date(2026, 1, 5),
        "Date of the first day of the first period that is counted",
        label="First day",
        unit="date",
        source="assumption: a Monday",
        setup=True,
    )
    seed: int = parameter(
        1,
        "Key of all luck: same seed, same tables",
        label="Seed",
        unit="integer",
        source="model design",
        setup=True,
        allowed=(0, 2**64 - 1),
    )
    replications: int = parameter(
        10,
        "Number of runs with independent luck, for the intervals",
        label="Replications",
        unit="runs",
        source="assumption: intervals of about half a standard deviation",
        setup=True,
        allowed=(1, 10_000),
        practical=(1, 100),
    )
    panel: int = parameter(
        0,
        "Number of customers followed one by one in panel.parquet",
        label="People followed one by one",
        unit="people",
        source="assumption: off",
        setup=True,
        allowed=(0, 100_000),
        practical=(0, 10_000),
    )

    @property
    def has_a_past(self) -> bool:
        """Whether something is lived before the first period that is counted.

        >>> Run().has_a_past, Run(warm_up=1).has_a_past, Run(settling=Settling(years=1)).has_a_past
        (False, True, True)
        """
        return self.warm_up > 0 or self.settling.years > 0
