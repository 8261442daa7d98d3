"""Work pressure: a firm's work against what its staff can do, and how staff and standard follow (Oliva & Sterman 2001).

All of it is about one firm in one period, and no person's luck is in it. Work is measured in hours at the standard of
the start, so that a standard, the time that an order ought to take, is 1 at the start: demand = orders x standard.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from sim.model.market import WEEKS_PER_YEAR
from sim.model.shares import chance_per_period
from sim.vocabulary.column import Column
from sim.vocabulary.observables import FLOW, STOCK, amounts

if TYPE_CHECKING:
    from sim.model.people import People

COLUMNS: tuple[Column, ...] = ()

OBSERVABLES = (
    *amounts(
        STOCK,
        "people",
        {"staff": "people who serve customers, if they are followed", "rookies": "of the staff: not yet experienced"},
    ),
    *amounts(STOCK, "hours", {"work_waiting": "work left over, in hours at the standard of the start"}),
    *amounts(
        FLOW,
        "hours",
        {
            "work_ordered": "work that came in or was due from before, in hours at the standard of the start",
            "work_demanded": "the same in hours at the standard of the period",
            "work_needed": "the same in hours as the period's pressure lets it take",
            "work_capacity": "hours of work that the staff can do without overtime",
            "work_done": "hours worked, overtime included",
            "overtime": "of the hours worked: beyond the capacity",
            "capacity_unused": "hours of capacity that nobody asked for, and that are lost",
        },
    ),
    *amounts(FLOW, "people", {"staff_left": "people of the staff who left", "staff_hired": "people who began to work"}),
    *amounts(
        FLOW, "money", {"staff_cost": "pay of the staff, busy or idle, overtime and hiring, if they are followed"}
    ),
)

FOLLOWED = ("staff", "rookies", "work_waiting")
"""The stocks of this room: of a firm, not of its customers."""

LOWEST_STANDARD = 0.05
"""Part of the standard of the start that no standard sinks below: every order takes some time (assumption)."""

LONGEST_WAIT = 520.0
"""Weeks: nobody knows of a longer wait."""


class Crew(NamedTuple):
    """What a firm carries from period to period about its staff.

    Attributes:
        planned: Work at the start, hours a year; 0 where nobody is followed yet.
        rookies, experienced: People at work.
        hiring: People who will come, and have not begun.
        standard: Time that an order ought to take, relative to the start.
        tired: Hours worked relative to the capacity, as the last weeks remember it; 1 is no overtime.
        backlog: Work left over, hours at the standard of the start.
        complaints: Front-line complaints of the last period.
    """

    planned: float
    rookies: float
    experienced: float
    hiring: float
    standard: float
    tired: float
    backlog: float
    complaints: float


NO_CREW = Crew(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
"""Of a firm whose people are not followed."""


class Load(NamedTuple):
    """A period's work and what was done of it; hours.

    Attributes:
        ordered: Work that came in or was due, at the standard of the start.
        demanded: The same at the standard of the period.
        capacity: What the staff can do without overtime.
        pressure: Demanded over capacity.
        time: Time that an order takes, relative to the start.
        needed: What the work takes at that time.
        done: Hours worked.
        wait: Weeks that work left over before the period waits.
    """

    ordered: float
    demanded: float
    capacity: float
    pressure: float
    time: float
    needed: float
    done: float
    wait: float


def passed(years: float, weeks: float) -> float:
    """Share of a gap that is closed in some time, with a time constant in weeks: 1 - exp(-52 years / weeks).

    >>> round(passed(0.5, 26.0), 4), passed(0.5, 0.0)
    (0.6321, 1.0)
    """
    return 1.0 if weeks <= 0.0 else -math.expm1(-years * WEEKS_PER_YEAR / weeks)


def pressure_of(demand: float, capacity: float) -> float:
    """Work pressure w: demand over capacity; where there is no capacity infinite, and 1 if there is no work either.

    >>> pressure_of(90.0, 60.0), pressure_of(1.0, 0.0), pressure_of(0.0, 0.0)
    (1.5, inf, 1.0)
    """
    if capacity > 0.0:
        return demand / capacity
    return math.inf if demand > 0.0 else 1.0


def haste(pressure: float, people: People) -> float:
    """Time per order relative to the standard: w^-a, no less than the floor and no more than the ceiling.

    Source: Oliva & Sterman 2001 (w^-.64); that it is bounded is an assumption.

    >>> from sim.model.people import People
    >>> round(haste(1.2, People()), 4), haste(1e9, People()), haste(0.0, People())
    (0.8899, 0.5, 1.5)
    """
    if people.pressure_effect == 0.0:
        return 1.0
    if pressure <= 0.0:
        return people.most_time
    slower = -people.pressure_effect * math.log(pressure)
    if slower >= math.log(people.most_time):
        return people.most_time
    return max(math.exp(slower), people.least_time)


def vigour(tired: float, people: People) -> float:
    """Capacity left by overtime: 1 - effect x (hours worked relative to capacity - 1); assumption.

    >>> from sim.model.people import People
    >>> vigour(1.25, People(fatigue_effect=0.4))
    0.9
    """
    return max(0.0, 1.0 - people.fatigue_effect * (tired - 1.0))


def capacity_of(crew: Crew, people: People, years: float) -> float:
    """Hours of work that the staff can do in a period without overtime.

    (experienced + effect x rookies) x hours x (1 - absence) x vigour x years.
    """
    hands = crew.experienced + people.rookie_effect * crew.rookies
    return hands * people.hours_per_year * (1.0 - people.absence) * vigour(crew.tired, people) * years


def load_of(crew: Crew, came: float, people: People, years: float) -> Load:
    """A firm's work in a period, the pressure, and what is done.

    Args:
        crew: What the firm carries.
        came: Work that comes in, hours at the standard of the start.
        people: The firm's parameters.
        years: Length of the period.

    Work left over is due within the target. Staff work as long as the work takes at the time that the pressure leaves
    for an order, overtime at most; if it takes less, capacity is lost.
    """
    due = crew.backlog * min(1.0, years * WEEKS_PER_YEAR / people.target_weeks)
    ordered = came + due
    demanded = ordered * crew.standard
    capacity = capacity_of(crew, people, years)
    pressure = pressure_of(demanded, capacity)
    time = crew.standard * haste(pressure, people)
    needed = ordered * time
    done = min(needed, capacity * people.most_overtime)
    wait = 0.0
    if crew.backlog > 0.0:
        weeks = years * WEEKS_PER_YEAR
        wait = min(crew.backlog * time * weeks / capacity, LONGEST_WAIT) if capacity > 0.0 else LONGEST_WAIT
    return Load(ordered, demanded, capacity, pressure, time, needed, done, wait)


def standard_after(standard: float, time: float, people: People, years: float) -> float:
    """The standard a period later: it moves to the time taken, fast down and hardly up, and training lets it return.

    T* + (T - T*) (1 - exp(-dt / tau)), tau the one of its direction; then, where it lies below the start's, it closes
    the gap to 1 with the time constant of training, training_weeks x scale / training.

    >>> from sim.model.people import People
    >>> round(standard_after(1.0, 0.8, People(erosion_weeks=26.0), 0.5), 4)
    0.8736
    """
    weeks = people.erosion_weeks if time < standard else people.recovery_weeks
    moved = standard + (time - standard) * passed(years, weeks)
    if people.training > 0.0 and moved < 1.0:
        moved += (1.0 - moved) * passed(years, people.training_weeks * people.training_scale / people.training)
    return max(moved, LOWEST_STANDARD)


def rookie_share(people: People, years: float) -> float:
    """Share of rookies in a staff whose leavers have always been replaced.

    Hired are l a period, of which (1 - l) stay, and of those b have become experienced: l / (1 - (1 - l)(1 - b)).
    """
    leaves = chance_per_period(people.leaving_per_year, years)
    if leaves <= 0.0:
        return 0.0
    return leaves / (1.0 - (1.0 - leaves) * (1.0 - passed(years, people.rookie_weeks)))


def staff_for(work: float, people: People, years: float) -> float:
    """People who can just do so much work, hours a year, with the rookies that replacing leavers brings."""
    each = 1.0 - (1.0 - people.rookie_effect) * rookie_share(people, years)
    return work / (people.hours_per_year * (1.0 - people.absence) * each)


def on_their_way(staff: float, people: People, years: float) -> float:
    """People being hired who keep a staff as large as it is: those who leave in a period over the share that comes."""
    return staff * chance_per_period(people.leaving_per_year, years) / passed(years, people.hiring_weeks)


def hours_asked(purchases: float, helps: float, repairs: float, people: People) -> float:
    """Work that encounters bring, hours at the standard of the start.

    >>> from sim.model.people import People
    >>> hours_asked(10.0, 4.0, 2.0, People(hours_per_purchase=0.25, hours_per_help=0.5, hours_per_repair=1.5))
    7.5
    """
    hours = purchases * people.hours_per_purchase
    hours += helps * people.hours_per_help
    return hours + repairs * people.hours_per_repair


def work_coming(crew: Crew, hours: float, people: People) -> float:
    """Work that comes in with encounters of so many hours, and with the front-line complaints of the last period.

    >>> from sim.model.people import People
    >>> work_coming(NO_CREW._replace(complaints=4.0), 10.0, People(hours_per_complaint=0.5))
    12.0
    """
    return hours + crew.complaints * people.hours_per_complaint


def crew_of_start(hours: float, customers: int, market: int, people: People, years: float) -> Crew:
    """The staff of the start, for encounters of so many hours a period and the complaints to expect; for none, nobody.

    `market` is how many people there are in it, a share of whom the firm may expect as customers: then the staff is
    that for so many, if they are more.

    >>> from sim.model.people import People
    >>> crew_of_start(0.0, 0, 900, People(), 0.25).planned, crew_of_start(5.0, 10, 900, People(), 0.25).planned
    (0.0, 20.0)
    >>> crew_of_start(5.0, 10, 900, People(expected_share=0.1), 0.25).planned
    180.0
    """
    expected = people.expected_complaints * customers
    work = hours / years + expected * people.hours_per_complaint
    larger = max(1.0, people.expected_share * market / customers) if customers > 0 else 1.0
    return beginning(work * larger, expected * years, people, years)


def crew_at_work(crew: Crew, hours: float, customers: int, market: int, people: People, years: float) -> Crew:
    """The crew that a firm carries; where it carries none yet, that of the start.

    >>> from sim.model.people import People
    >>> crew_at_work(NO_CREW._replace(planned=2.0), 10.0, 5, 90, People(), 0.25).planned
    2.0
    """
    return crew if crew.planned > 0.0 else crew_of_start(hours, customers, market, people, years)


def beginning(work: float, complaints: float, people: People, years: float) -> Crew:
    """The staff of the start: what `staffing` says of the work, hours a year, with leavers always replaced.

    `complaints` are those that a period is expected to bring.
    """
    staff = people.staffing * staff_for(work, people, years)
    rookies = staff * rookie_share(people, years)
    return Crew(work, rookies, staff - rookies, on_their_way(staff, people, years), 1.0, 1.0, 0.0, complaints)


def wanted_staff(crew: Crew, work: float, people: People, years: float) -> float:
    """People whom the firm wants: for the work of the start, or as far as hiring follows it for that at hand.

    `work` is that at hand at the present standard, hours a year: a sunken standard asks for fewer people.
    """
    planned = crew.planned + people.follow_load * (work - crew.planned)
    return people.staffing * staff_for(planned, people, years)


class Turnover(NamedTuple):
    """The staff a period later, and how many left and came."""

    rookies: float
    experienced: float
    hiring: float
    left: float
    hired: float


def turnover(crew: Crew, wanted: float, people: People, years: float) -> Turnover:
    """A period of leaving, growing experienced, beginning and looking for people; who is too many is not dismissed.

    Looked for are those whom staff and people on their way lack; people on their way begin with the time constant of
    hiring.
    """
    leaves = chance_per_period(people.leaving_per_year, years)
    rookies, experienced = crew.rookies * (1.0 - leaves), crew.experienced * (1.0 - leaves)
    grown = rookies * passed(years, people.rookie_weeks)
    hired = crew.hiring * passed(years, people.hiring_weeks)
    rookies, experienced, hiring = rookies - grown + hired, experienced + grown, crew.hiring - hired
    lacking = wanted - rookies - experienced + on_their_way(wanted, people, years) - hiring
    return Turnover(rookies, experienced, hiring + max(0.0, lacking), (crew.rookies + crew.experienced) * leaves, hired)


def tired_after(tired: float, worked: float, capacity: float, people: People, years: float) -> float:
    """Hours worked relative to the capacity, as the last weeks remember it, a period later; never below 1."""
    now = max(1.0, worked / capacity) if capacity > 0.0 else 1.0
    return tired + (now - tired) * passed(years, people.fatigue_weeks)


class Lived(NamedTuple):
    """A firm after a period: its crew, and who left and was hired."""

    crew: Crew
    left: float
    hired: float


def lived(crew: Crew, came: float, load: Load, people: People, years: float) -> Lived:
    """What a firm carries into the next period; complaints are counted at the end of the period."""
    wanted = wanted_staff(crew, came * crew.standard / years, people, years)
    flow = turnover(crew, wanted, people, years)
    return Lived(
        crew._replace(
            rookies=flow.rookies,
            experienced=flow.experienced,
            hiring=flow.hiring,
            standard=standard_after(crew.standard, load.time, people, years),
            tired=tired_after(crew.tired, load.done, load.capacity, people, years),
            backlog=max(0.0, crew.backlog + came - load.done / load.time),
        ),
        flow.left,
        flow.hired,
    )


def staff_cost(crew: Crew, load: Load, hired: float, people: People, years: float) -> float:
    """What the staff cost in a period: pay, busy or idle, overtime with its premium, and finding people; money."""
    overtime = max(0.0, load.done - load.capacity) * people.pay / people.hours_per_year
    paid = (crew.rookies + crew.experienced) * people.pay * years
    return paid + overtime * (1.0 + people.overtime_premium) + hired * people.hiring_cost


def care_for_staff(crew: Crew, people: People, years: float) -> float:
    """What training and empowerment cost in a period, money."""
    each = people.training + people.empowerment * people.empowerment_cost
    return (crew.rookies + crew.experienced) * each * years


def counted(crew: Crew, load: Load, after: Lived, people: People, years: float) -> dict[str, float]:
    """What is counted of a firm's staff in a period, by the names of observables: people, hours and money."""
    regular = min(load.done, load.capacity)
    return {
        "staff": after.crew.rookies + after.crew.experienced,
        "rookies": after.crew.rookies,
        "work_waiting": after.crew.backlog,
        "work_ordered": load.ordered,
        "work_demanded": load.demanded,
        "work_needed": load.needed,
        "work_capacity": load.capacity,
        "work_done": load.done,
        "overtime": load.done - regular,
        "capacity_unused": load.capacity - regular,
        "staff_left": after.left,
        "staff_hired": after.hired,
        "staff_cost": staff_cost(crew, load, after.hired, people, years),
        "prevention_cost": care_for_staff(crew, people, years),
    }
