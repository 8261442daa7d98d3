"""Desk: the firm's complaint desk, its staff, and its answers."""

from __future__ import annotations

from typing import Literal

from sim.vocabulary.parameter import Section, amount, parameter, share


class Desk(Section):
    """The complaint desk and the response policy."""

    agents: float = parameter(
        1.0,
        "Desk staff per 10,000 people in the market; whole people work (at least one unless 0)",
        label="Desk staff",
        unit="people per 10,000",
        source="assumption",
        ge=0.0,
        le=10_000.0,
        practical=(0.0, 50.0),
    )
    handling_hours: float = parameter(
        3.0,
        "Mean working time on one complaint (exponential)",
        label="Hours of work per complaint",
        unit="hours",
        source="assumption",
        ge=0.0,
        le=10_000.0,
        practical=(0.25, 20.0),
    )
    hours_per_year: float = parameter(
        1700.0,
        "Hours that a desk agent works",
        label="Working hours a year",
        no_lever="a definition: what a working year is",
        unit="hours per year",
        source="assumption",
        gt=0.0,
        le=8784.0,
        practical=(1200.0, 2200.0),
    )
    queue: Literal["first_come", "value"] = parameter(
        "first_come",
        "Who is served first: the longest waiting, or the most valuable customer",
        label="Who is served first",
        unit="name",
        source="model design",
    )
    patience_days: float = parameter(
        60.0,
        "Mean time until a waiting complainer gives up (exponential); 0 means never",
        label="Patience of complainers",
        no_lever="a trait of the customers",
        unit="days",
        source="Erlang A (form); assumption (size)",
        ge=0.0,
        le=1e6,
        practical=(0.0, 365.0),
    )
    investigation_days: float = parameter(
        3.0,
        "Mean elapsed time that an answer needs beyond the desk's own work (exponential)",
        label="Days of investigation",
        unit="days",
        source="assumption",
        ge=0.0,
        le=3650.0,
        practical=(0.0, 60.0),
    )
    speed_target_days: float = parameter(
        2.0,
        "An answer within this time after the complaint counts as quick",
        label="Days of a quick answer",
        no_lever="a definition: what counts as quick",
        unit="days",
        source="TARP ('resolved quickly'); assumption (size)",
        ge=0.0,
        le=3650.0,
        practical=(0.25, 14.0),
    )
    ease: float = parameter(
        0.0,
        "Ease of complaining: number and visibility of channels, 0 average",
        label="Ease of complaining",
        unit="index",
        source="assumption",
        ge=-10.0,
        le=10.0,
        practical=(-3.0, 4.0),
    )
    answer_share: float = share(
        0.9,
        "Share of complaints at the desk that get an answer at all",
        label="Complaints answered",
        practical=(0.2, 1.0),
    )
    resolution_share: float = share(
        0.6, "Share of answered complaints that are resolved", label="Complaints resolved", practical=(0.1, 1.0)
    )
    front_line_resolution: float = share(
        0.4,
        "Share of front-line complaints that empowered staff resolve on the spot",
        label="Resolved at the front line",
        practical=(0.0, 0.95),
    )
    compensation: float = share(
        0.25, "Compensation of the complainer, as a share of a purchase", label="Compensation", practical=(0.0, 1.0)
    )
    apology: float = share(
        0.6,
        "Quality of apology and treatment, 0 none to 1 perfect",
        label="Quality of the apology",
        practical=(0.0, 1.0),
    )
    follow_up: float = share(
        0.2, "Share of answered complainers who are called back", label="Complainers called back", practical=(0.0, 1.0)
    )
    handling_cost: float = amount(
        8.0,
        "Material cost of one handled complaint",
        "money per complaint",
        label="Cost of a complaint",
        practical=(0.0, 100.0),
        no_lever="a price that the firm pays",
    )
    agent_cost: float = amount(
        38_000.0,
        "Cost of a desk agent",
        "money per person and year",
        label="Cost of a desk agent",
        practical=(15_000.0, 120_000.0),
        no_lever="a price that the firm pays",
    )
    follow_up_cost: float = amount(
        4.0,
        "Cost of calling back",
        "money per call",
        label="Cost of calling back",
        practical=(0.0, 50.0),
        no_lever="a price that the firm pays",
    )


DAYS_PER_YEAR = 365.0

QUEUES = {"first_come": 0.0, "value": 1.0}
"""Disciplines of the queue, as records hold them."""

BY_VALUE = QUEUES["value"]

DESK_DRAWS = 4
"""Indexes of the stream DESK that belong to one encounter."""

ANSWER_TALK = 1000
"""First index of the stream TALK for what a complainer tells after the answer."""

STAFFED_CUSTOMERS = 10_000
"""Customers that the desk's number of agents is given for."""


def people_at_the_desk(desk: Desk, customers: int) -> int:
    """Whole people who work at the desk, in a market that began with so many customers; whoever staffs it has one.

    >>> people_at_the_desk(Desk(agents=3.0), 25_000), people_at_the_desk(Desk(agents=1.0), 1000)
    (8, 1)
    """
    return max(1, round(desk.agents * customers / STAFFED_CUSTOMERS)) if desk.agents > 0 else 0
