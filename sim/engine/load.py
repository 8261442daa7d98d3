"""The load of a period: each firm's work against its staff, what that does to its service, and what is counted.

Firms whose people are not followed are left as they are; where none are, nothing is touched at all. The twin does the
same by the same functions, as with the accounts: there is no person in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from sim.model.contexts import Environment
from sim.model.cut_corners import (
    cost_without_pay,
    feeding,
    loss_of_corners,
    loss_of_waiting,
    resolved_when_empowered,
)
from sim.model.dimensions import EMPATHY, RESPONSIVENESS, SCALE_HIGH, SCALE_LOW
from sim.model.firm import Firm
from sim.model.people import People
from sim.model.records import copied
from sim.model.register import O
from sim.model.shares import clipped, fixed_point
from sim.model.systems import failure_odds
from sim.model.work_pressure import (
    NOBODY,
    Crew,
    Lived,
    Load,
    beginning,
    care_for_staff,
    lived,
    load_of,
    staff_cost,
)

COMPLAINTS = Crew._fields.index("complaints")
CREW: Final = np.dtype(("f8", len(NOBODY)))
"""What a firm carries about its staff: the fields of `Crew`."""


class Orders(NamedTuple):
    """What comes to a firm in a period: hours at the standard of the start, and its customers."""

    hours: float
    customers: int


def no_crews(firms: int) -> Any:
    """What firms carry before anybody is followed: float64[firms, fields of `Crew`].

    >>> no_crews(2).shape
    (2, 8)
    """
    return np.zeros(firms, CREW)


def orders_of(environment: Environment, customers: Any, f: int, people: People) -> Orders:
    """What the customers of firm f, int64[segments], ask of its staff in a period, at their yearly rates."""
    years = float(environment.world[0]["years"])
    hours = 0.0
    for s, count in enumerate(customers.tolist()):
        rates, demand = environment.segments[s]["encounters"], float(environment.prices.demand[f, s])
        each = float(rates["purchases_per_year"]) * demand * people.hours_per_purchase
        each += float(rates["help_requests_per_year"]) * people.hours_per_help
        each += float(rates["repairs_per_year"]) * people.hours_per_repair
        hours += count * each * years
    return Orders(hours, sum(customers.tolist()))


def load_stage(
    environment: Environment, rested: Any, firms: Sequence[Firm], crews: Any, tally: Any, before: Any
) -> Environment:
    """The environment of a period under its load; crews are moved on, and the load is counted.

    Args:
        environment: Of the period.
        rested: The firms' records as their parameters say.
        firms: The firms' parameters.
        crews: float64[firms, fields of `Crew`], changed.
        tally: int64[firms, segments, observables] of the period.
        before: The same of the period before.
    """
    if not any(firm.people.followed for firm in firms):
        crews[:] = 0.0
        return environment._replace(firms=rested)
    years, worn = float(environment.world[0]["years"]), copied(rested)
    for f, firm in enumerate(firms):
        people, orders = firm.people, orders_of(environment, before[f, :, O.active], f, firm.people)
        if not people.followed or (orders.customers == 0 and not firm.in_market):
            crews[f] = 0.0
            continue
        crew = Crew(*crews[f].tolist())
        if crew.planned == 0.0:
            expected = people.expected_complaints * orders.customers
            work = orders.hours / years + expected * people.hours_per_complaint
            if work == 0.0:
                continue
            crew = beginning(work, expected * years, people, years)
        came = orders.hours + crew.complaints * people.hours_per_complaint
        load = load_of(crew, came, people, years)
        moved = lived(crew, came, load, people, years)
        serve_under(worn, f, firm, load, crew.standard)
        for s, segment in enumerate(environment.segments):
            share = float(segment["share"])
            count(tally[f, s], load, moved, share)
            tally[f, s, O.staff_cost] += fixed_point(staff_cost(crew, load, moved.hired, people, years) * share)
            tally[f, s, O.prevention_cost] += fixed_point(care_for_staff(crew, people, years) * share)
        crews[f] = moved.crew
    return environment._replace(firms=worn)


def serve_under(worn: Any, f: int, firm: Firm, load: Load, standard: float) -> None:
    """Write into the record of firm f what its customers get under a load."""
    people, service = firm.people, worn["systems"]["service"]
    corners = loss_of_corners(load.time, people)
    lost = {RESPONSIVENESS: corners + loss_of_waiting(load.wait, people), EMPATHY: corners}
    for d, points in lost.items():
        service[f, d] = clipped(float(service[f, d]) - points, SCALE_LOW, SCALE_HIGH)
    fed = np.array(failure_odds(firm.systems, firm.costs)) * feeding(load.time, standard, people)
    worn["failure_ladder"][f] = np.minimum(np.cumsum(fed), 1.0)
    desk, costs = worn["desk"], worn["costs"]
    desk["front_line_resolution"][f] = resolved_when_empowered(firm.desk.front_line_resolution, people)
    costs["purchase_service"][f] = cost_without_pay(firm.costs.purchase_service, people.hours_per_purchase, people)
    costs["help_service"][f] = cost_without_pay(firm.costs.help_service, people.hours_per_help, people)
    costs["repair_service"][f] = cost_without_pay(firm.costs.repair_service, people.hours_per_repair, people)


def count(counts: Any, load: Load, moved: Lived, share: float) -> None:
    """Count a firm's load and staff for a segment of that share of the market; `counts` is int64[observables]."""
    crew, done = moved.crew, min(load.done, load.capacity)
    for observable, amount in (
        (O.staff, crew.rookies + crew.experienced),
        (O.rookies, crew.rookies),
        (O.work_waiting, crew.backlog),
        (O.work_ordered, load.ordered),
        (O.work_demanded, load.demanded),
        (O.work_needed, load.needed),
        (O.work_capacity, load.capacity),
        (O.work_done, load.done),
        (O.overtime, load.done - done),
        (O.capacity_unused, load.capacity - done),
        (O.staff_left, moved.left),
        (O.staff_hired, moved.hired),
    ):
        counts[observable] += fixed_point(amount * share)


def note_complaints(crews: Any, tally: Any) -> None:
    """Remember a period's front-line complaints, which the staff have to deal with in the next one."""
    crews[:, COMPLAINTS] = tally[:, :, O.complained_front_line].sum(axis=1)
