"""Cut corners: what haste, waiting, morale, training and empowerment do to the service that customers get."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.model.dimensions import EMPATHY, RESPONSIVENESS
from sim.model.failures import FAILURE_MODES

if TYPE_CHECKING:
    from sim.model.people import People
    from sim.model.quality_cost import QualityCosts

IN_HASTE = ("broken_commitment", "wrong_answer", "lack_of_coordination")
"""Failures that haste feeds."""

OF_MORALE = ("apathy", "brush_off", "coldness", "condescension", "robotism", "rulebook", "runaround")
"""The sins of service, which morale keeps down (notes 'Servicio al cliente')."""

BY_RULES = ("inflexibility", "rulebook")
"""Failures of staff who may not decide."""


def loss_of_corners(time: float, people: People) -> float:
    """Points that responsiveness and empathy lose when an order takes `time` of what it took at the start: k ln(1 / T).

    Below 0, a gain, where it takes longer. Source: Oliva & Sterman 2001 (that less time per order is worse service);
    assumption (form and size).

    >>> from sim.model.people import People
    >>> round(loss_of_corners(0.8, People(corner_effect=0.5)), 4)
    0.1116
    """
    return -people.corner_effect * math.log(time)


def loss_of_waiting(wait: float, people: People) -> float:
    """Points that responsiveness loses by weeks of waiting: c ln(1 + wait / target); assumption.

    >>> from sim.model.people import People
    >>> round(loss_of_waiting(3.0, People(waiting_effect=0.5, target_weeks=1.5)), 4)
    0.5493
    """
    return people.waiting_effect * math.log1p(wait / people.target_weeks)


def points_lost(time: float, wait: float, people: People) -> dict[int, float]:
    """Points that each dimension of service loses by the time that an order gets and by weeks of waiting.

    >>> from sim.model.people import People
    >>> points_lost(1.0, 3.0, People(waiting_effect=0.5, target_weeks=3.0))[RESPONSIVENESS] == 0.5 * math.log(2.0)
    True
    """
    corners = loss_of_corners(time, people)
    return {RESPONSIVENESS: corners + loss_of_waiting(wait, people), EMPATHY: corners}


def feeding(time: float, morale: float, people: People) -> list[float]:
    """What the probability of each failure mode is multiplied by, in the order of `FAILURE_MODES`; assumption (forms).

    Haste (1 / T)^phi, morale (1 / m)^x, training exp(-spent / scale) on wrong answers, empowerment 1 - e x share.
    """
    hasty, low = time**-people.mistakes, morale**-people.morale_effect
    taught = math.exp(-people.training / people.training_scale)
    free = 1.0 - people.empowerment * people.empowered_rules
    return [
        (hasty if mode in IN_HASTE else 1.0)
        * (low if mode in OF_MORALE else 1.0)
        * (taught if mode == "wrong_answer" else 1.0)
        * (free if mode in BY_RULES else 1.0)
        for mode in FAILURE_MODES
    ]


def resolved_when_empowered(share: float, people: People) -> float:
    """Share of front-line complaints resolved: q + (1 - q) x empowerment x what it resolves; assumption.

    >>> from sim.model.people import People
    >>> resolved_when_empowered(0.4, People(empowerment=0.5, empowered_resolution=0.5))
    0.55
    """
    return share + (1.0 - share) * people.empowerment * people.empowered_resolution


def cost_without_pay(cost: float, hours: float, people: People) -> float:
    """Cost to serve without the pay of those who serve, which is booked by itself: no hour is paid twice; money.

    What is left, material and machines, is never below 0.

    >>> from sim.model.people import People
    >>> cost_without_pay(7.0, 0.25, People(pay=34_000.0)), cost_without_pay(2.0, 0.25, People(pay=34_000.0))
    (2.0, 0.0)
    """
    return max(0.0, cost - hours * people.pay / people.hours_per_year)


def costs_without_pay(costs: QualityCosts, people: People) -> dict[str, float]:
    """The costs to serve of a firm without the pay of its staff, by their names in `costs`.

    >>> from sim.model.quality_cost import QualityCosts
    >>> from sim.model.people import People
    >>> costs_without_pay(QualityCosts(help_service=9.0), People(hours_per_help=0.0))["help_service"]
    9.0
    """
    hours = {
        "purchase_service": people.hours_per_purchase,
        "help_service": people.hours_per_help,
        "repair_service": people.hours_per_repair,
    }
    return {name: cost_without_pay(getattr(costs, name), each, people) for name, each in hours.items()}
