"""The load of a period: each firm's work against its staff, what that does to its service, and what is counted.

Firms whose people are not followed are left as they are; where none are, nothing is touched at all. The twin does the
same by the same functions, as with the accounts: there is no person in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from sim.compiled import kernel
from sim.model.contexts import Environment
from sim.model.cut_corners import costs_without_pay, feeding, points_lost, resolved_when_empowered
from sim.model.dimensions import SCALE_HIGH, SCALE_LOW
from sim.model.firm import Firm
from sim.model.people import People
from sim.model.records import copied
from sim.model.rooms import O
from sim.model.shares import clipped, fixed_point
from sim.model.systems import failure_ladder, failure_odds
from sim.model.work_pressure import NO_CREW, Crew, Load, counted, crew_at_work, hours_asked, lived, load_of, work_coming

COMPLAINTS = Crew._fields.index("complaints")
RELATIONS = (O.prospects, O.active, O.lapsed, O.lost)
"""What people are to a firm: everybody in the market is one of these."""
CREW: Final = np.dtype(("f8", len(NO_CREW)))
"""What a firm carries about its staff: the fields of `Crew`."""


def no_crews(firms: int) -> Any:
    """What firms carry before anybody is followed: float64[firms, fields of `Crew`].

    >>> no_crews(2).shape
    (2, 8)
    """
    return np.zeros(firms, CREW)


def hours_of(environment: Environment, customers: Any, f: int, people: People) -> float:
    """Hours that the customers of firm f, int64[segments], ask of its staff in a period, at their yearly rates."""
    years = float(environment.world[0]["years"])
    hours = 0.0
    for s, count in enumerate(customers.tolist()):
        rates = environment.segments[s]["encounters"]
        purchases = float(rates["purchases_per_year"]) * float(environment.prices.demand[f, s])
        helps, repairs = float(rates["help_requests_per_year"]), float(rates["repairs_per_year"])
        hours += count * hours_asked(purchases, helps, repairs, people) * years
    return hours


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
        people, customers = firm.people, before[f, :, O.active]
        if not people.followed or (customers.sum() == 0 and not firm.in_market):
            crews[f] = 0.0
            continue
        hours = hours_of(environment, customers, f, people)
        everybody = int(sum(before[f, :, of].sum() for of in RELATIONS))
        crew = crew_at_work(Crew(*crews[f].tolist()), hours, int(customers.sum()), everybody, people, years)
        if crew.planned == 0.0:
            continue
        came = work_coming(crew, hours, people)
        load = load_of(crew, came, people, years)
        after = lived(crew, came, load, people, years)
        serve_under(worn, f, firm, load, crew.standard)
        for name, amount in counted(crew, load, after, people, years).items():
            for s, segment in enumerate(environment.segments):
                tally[f, s, getattr(O, name)] += fixed_point(amount * float(segment["share"]))
        crews[f] = after.crew
    return environment._replace(firms=worn)


def serve_under(worn: Any, f: int, firm: Firm, load: Load, standard: float) -> None:
    """Write into the record of firm f what its customers get under a load."""
    people, service, costs = firm.people, worn["systems"]["service"], worn["costs"]
    for d, points in points_lost(load.time, load.wait, people).items():
        service[f, d] = clipped(float(service[f, d]) - points, SCALE_LOW, SCALE_HIGH)
    fed = zip(failure_odds(firm.systems, firm.costs), feeding(load.time, standard, people), strict=True)
    worn["failure_ladder"][f] = failure_ladder(odds * times for odds, times in fed)
    worn["desk"]["front_line_resolution"][f] = resolved_when_empowered(firm.desk.front_line_resolution, people)
    for name, cost in costs_without_pay(firm.costs, people).items():
        costs[name][f] = cost


@kernel
def note_complaints(crews: Any, tally: Any) -> None:
    """Remember a period's front-line complaints, which the staff have to deal with in the next one."""
    for f in range(tally.shape[0]):
        complaints = 0
        for s in range(tally.shape[1]):
            complaints += tally[f, s, O.complained_front_line]
        crews[f, COMPLAINTS] = complaints
