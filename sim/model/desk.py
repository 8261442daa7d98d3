"""Desk: the firm's complaint desk, its staff, and its answers."""

from __future__ import annotations

import math
from typing import Literal, NamedTuple

from sim.compiled import rule
from sim.model.luck import exponential
from sim.model.quality_cost import NEARLY_ALL, effort_for
from sim.vocabulary.parameter import PRICE_PAID, Section, parameter, price_paid, share, switch


class Desk(Section):
    """The complaint desk and the response policy."""

    agents: float = parameter(
        1.0,
        "Desk staff per 10,000 people in the market; a fraction works a fraction of the time",
        label="Desk staff",
        unit="people per 10,000",
        allowed=(0.0, 10_000.0),
        practical=(0.0, 50.0),
    )
    sized_by_load: bool = switch(
        False,
        "Whether the desk has the staff that its expected cases need, whatever `agents` says; 0 agents close it still",
        "model design",
        label="Staff by the load",
    )
    expected_cases: float = parameter(
        100.0,
        "Cases that a desk sized by load expects",
        label="Cases expected",
        unit="cases per 10,000 people and year",
        source="assumption: of the normal culture; a run says how many there are",
        allowed=(0.0, 1e6),
        practical=(1.0, 5000.0),
    )
    staffing_reserve: float = parameter(
        1.0,
        "beta: a desk sized by load R, in people, has R + beta sqrt(R) of them; below one it is pooled, R / 0.85",
        label="Reserve of staff",
        unit="ratio",
        source="Halfin & Whitt 1981 (square-root staffing); assumption (size)",
        allowed=(0.0, 10.0),
        practical=(0.0, 3.0),
    )
    dedicated: bool = switch(
        False,
        "Whether the staff do nothing else and are paid idle or not; else they are paid for the hours on complaints",
        "model design",
        label="A desk of its own",
    )
    handling_hours: float = parameter(
        2.4,
        "Mean working time on one complaint (exponential), the apology apart",
        label="Hours of work per complaint",
        unit="hours",
        allowed=(0.0, 10_000.0),
        practical=(0.25, 20.0),
        no_lever="how long the work takes",
    )
    apology_hours: float = parameter(
        1.0,
        "Further mean working time that a perfect apology takes",
        label="Hours of a perfect apology",
        unit="hours",
        allowed=(0.0, 1000.0),
        practical=(0.0, 4.0),
        no_lever="how long the work takes",
    )
    hours_per_year: float = parameter(
        1700.0,
        "Hours that a desk agent works",
        label="Working hours a year",
        no_lever="a definition: what a working year is",
        unit="hours per year",
        gt=0.0,
        le=8784.0,
        practical=(1200.0, 2200.0),
        definition=True,
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
        allowed=(0.0, 1e6),
        practical=(0.0, 365.0),
    )
    investigation_days: float = parameter(
        3.0,
        "Mean elapsed time that an answer needs beyond the desk's own work (exponential)",
        label="Days of investigation",
        unit="days",
        allowed=(0.0, 3650.0),
        practical=(0.0, 60.0),
        paid_by="firm.desk.expedite_cost",
        less_costs=True,
    )
    speed_target_days: float = parameter(
        2.0,
        "An answer within this time after the complaint counts as quick",
        label="Days of a quick answer",
        no_lever="a definition: what counts as quick",
        unit="days",
        source="TARP ('resolved quickly'); assumption (size)",
        allowed=(0.0, 3650.0),
        practical=(0.25, 14.0),
        definition=True,
    )
    ease: float = parameter(
        0.0,
        "Ease of complaining: number and visibility of channels, 0 average",
        label="Ease of complaining",
        unit="index",
        allowed=(-10.0, 10.0),
        practical=(-3.0, 4.0),
        paid_by="firm.desk.channel_cost",
    )
    channel_cost: float = price_paid(
        0.1,
        "Keeping channels for complaints open and known at average ease; a unit of ease more takes e times as much",
        "money per customer and year",
        label="Channels for complaints",
        practical=(0.0, 2.0),
    )
    answer_share: float = share(
        0.9,
        "Share of complaints at the desk that get an answer at all",
        label="Complaints answered",
        practical=(0.2, 1.0),
        paid_by="firm.desk.handling_cost",
    )
    resolution_share: float = share(
        0.6,
        "Share of answered complaints that are resolved",
        label="Complaints resolved",
        practical=(0.1, 1.0),
        paid_by="firm.desk.remedy_cost",
    )
    front_line_resolution: float = share(
        0.4,
        "Share of front-line complaints that empowered staff resolve on the spot",
        label="Resolved at the front line",
        practical=(0.0, 0.95),
        paid_by="firm.desk.remedy_cost",
    )
    logged_share: float = share(
        0.1,
        "Share of front-line complaints that are written down as well: nearly all where a system logs every call",
        label="Front-line complaints logged",
        practical=(0.0, 1.0),
    )
    compensation: float = share(
        0.25,
        "Compensation of the complainer, as a share of a purchase",
        label="Compensation",
        practical=(0.0, 1.0),
        paid_by="firm.desk.compensation",
    )
    apology: float = share(
        0.6,
        "Quality of apology and treatment, 0 none to 1 perfect",
        label="Quality of the apology",
        practical=(0.0, 1.0),
        paid_by="firm.desk.apology_hours",
    )
    follow_up: float = share(
        0.2,
        "Share of answered complainers who are called back",
        label="Complainers called back",
        practical=(0.0, 1.0),
        paid_by="firm.desk.follow_up_cost",
    )
    remedy_cost: float = share(
        0.3,
        "What putting the easiest complaint right costs, as a share of a purchase; the last ones cost more",
        label="Cost of a remedy",
        practical=(0.0, 1.0),
        no_lever=PRICE_PAID,
    )
    expedite_cost: float = price_paid(
        6.0,
        "Cost of an answer that needs one day of investigation; d days cost the d-th part",
        "money and days per complaint",
        label="Cost of a quick answer",
        practical=(0.0, 60.0),
    )
    handling_cost: float = price_paid(
        8.0,
        "Material cost of one handled complaint",
        "money per complaint",
        label="Cost of a complaint",
        practical=(0.0, 100.0),
    )
    agent_cost: float = price_paid(
        38_000.0,
        "Cost of a desk agent",
        "money per person and year",
        label="Cost of a desk agent",
        practical=(15_000.0, 120_000.0),
    )
    public_answers: float = share(
        0.0,
        "Share of the posts about the firm that it answers in public, which halves their readers",
        label="Posts answered in public",
        practical=(0.0, 1.0),
        paid_by="firm.desk.public_answer_cost",
    )
    public_answer_cost: float = price_paid(
        5.0,
        "Cost of a public answer",
        "money per answer",
        label="Cost of a public answer",
        practical=(0.0, 50.0),
    )
    follow_up_cost: float = price_paid(
        4.0,
        "Cost of calling back",
        "money per call",
        label="Cost of calling back",
        practical=(0.0, 50.0),
    )


DAYS_PER_YEAR = 365.0

QUEUES = {"first_come": 0.0, "value": 1.0}
"""Disciplines of the queue, as records hold them."""

BY_VALUE = QUEUES["value"]

DESK_DRAWS = 4
"""Indexes of the stream DESK that belong to one encounter."""

ANSWER_TALK = 1000
"""First index of the stream TALK for what a complainer tells after the answer."""

SOONEST = 0.25
"""Days: to answer sooner than this costs no more."""

STAFFED_CUSTOMERS = 10_000
"""Customers that the desk's number of agents is given for."""


class Staff(NamedTuple):
    """Who works at a desk: a whole number of people, each for a part of the working time."""

    people: int
    time: float


POOLED_OCCUPANCY = 0.85
"""Part of their time that those work on cases who do other work too (assumption)."""


def staff_for_load(load: float, reserve: float) -> float:
    """People for an offered load R, the mean number who would be at work if nobody ever waited: R + beta sqrt(R).

    Below one person the work is pooled with other work: R / 0.85. Source: Halfin & Whitt 1981 (square-root staffing).

    >>> staff_for_load(16.0, 1.5), round(staff_for_load(0.17, 1.5), 12)
    (22.0, 0.2)
    """
    if load < 1.0:
        return load / POOLED_OCCUPANCY
    return load + reserve * math.sqrt(load)


def desk_staff(desk: Desk, customers: int) -> Staff:
    """Who works at the desk in a market that began with so many customers; what is paid for and what works agree.

    A fraction of a person is a person who works a fraction of the time; 2.4 are two people who work a fifth more.

    >>> desk_staff(Desk(agents=3.0), 25_000), desk_staff(Desk(agents=1.0), 1000)
    (Staff(people=8, time=0.9375), Staff(people=1, time=0.1))
    """
    if desk.agents <= 0.0:
        return Staff(0, 1.0)
    wanted = desk.agents * customers / STAFFED_CUSTOMERS
    if desk.sized_by_load:
        hours = desk.handling_hours + desk.apology * desk.apology_hours
        load = desk.expected_cases * customers / STAFFED_CUSTOMERS * hours / desk.hours_per_year
        wanted = staff_for_load(load, desk.staffing_reserve)
        if wanted <= 0.0:
            return Staff(0, 1.0)
    people = max(1, round(wanted))
    return Staff(people, wanted / people)


def idle_or_not(desk: Desk, staff: Staff) -> float:
    """What the staff of a dedicated desk are paid, money per year; others are paid for the hours on complaints.

    >>> idle_or_not(Desk(dedicated=True, agent_cost=30_000.0), Staff(2, 0.5)), idle_or_not(Desk(), Staff(2, 0.5))
    (30000.0, 0.0)
    """
    return staff.people * staff.time * desk.agent_cost if desk.dedicated else 0.0


@rule
def difficulty(resolved: float) -> float:
    """Mean cost of resolving a case, relative to the easiest, where a share of the cases is resolved: -ln(1 - q) / q.

    The easy cases are resolved first; the last ones cost most (assumption).

    >>> round(difficulty(0.5), 4), difficulty(0.0)
    (1.3863, 1.0)
    """
    if resolved <= 0.0:
        return 1.0
    return effort_for(resolved) / min(resolved, NEARLY_ALL)


@rule
def channel_upkeep(desk: Desk) -> float:
    """What keeping channels open and known costs, money per customer and year: channel_cost exp(ease).

    It is booked with what else is paid to learn how the service is (appraisal).

    Ease multiplies the odds that the dissatisfied complain by exp(ease), and costs in the same proportion (assumption).
    `desk` has the fields of `Desk`.
    """
    return desk.channel_cost * math.exp(desk.ease)


@rule
def pay_for_handling(hours: float, desk: Desk) -> float:
    """What handling a complaint costs: material, what an answer within the given days takes, and the hours worked.

    `hours` are those worked; staff of a dedicated desk are paid by the year, and not here. `desk` has the fields of
    `Desk`; an answer sooner costs as the inverse of the days of investigation, down to a quarter of a day (assumption).
    """
    cost = desk.handling_cost + desk.expedite_cost / max(desk.investigation_days, SOONEST)
    if desk.dedicated == 0.0:
        cost += hours * desk.agent_cost / desk.hours_per_year
    return cost


@rule
def time_of_work(u: float, desk: Desk, hours: float) -> float:
    """Years that a complaint takes of staff who work so many hours a year: exponential, more the better the apology.

    `desk` has the fields of `Desk`.
    """
    return exponential(u, (desk.handling_hours + desk.apology * desk.apology_hours) / hours)
