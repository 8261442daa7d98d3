"""What a complaint costs the firm (docs/odd.md, 7.14), worked out in whole hours and money."""

from typing import NamedTuple

from sim.model.desk import (
    ANSWER_TALK,
    DAYS_PER_YEAR,
    DESK_DRAWS,
    QUEUES,
    Desk,
    Staff,
    channel_upkeep,
    desk_staff,
    difficulty,
    idle_or_not,
    pay_for_handling,
    time_of_work,
)
from tests.model.worked import Exactly, Examples, numbers, worked

exp, log, mpf = numbers.exp, numbers.log, numbers.mpf


class Handling(NamedTuple):
    handling_cost: float
    expedite_cost: float
    investigation_days: float
    dedicated: bool
    agent_cost: float
    hours_per_year: float


class Work(NamedTuple):
    handling_hours: float
    apology_hours: float
    apology: float


class Channels(NamedTuple):
    ease: float
    channel_cost: float


HANDLING = Handling(9.0, 6.0, 1.5, False, 40_000.0, 1600.0)

EXAMPLES: Examples = {
    # the easy half costs ln 2 / 0.5 of the easiest; whoever resolves all pays for 999 in 1000
    difficulty: [((0.3,), -log(mpf(1) - mpf(0.3)) / mpf(0.3)), ((0.9995,), log(mpf(1000)) / mpf(0.999)), ((0.0,), 1.0)],
    # 9 + 6 / 1.5 and 2.2 hours at 25; a dedicated desk is paid elsewhere; below a quarter of a day nothing is dearer
    pay_for_handling: [
        ((2.2, HANDLING), 9 + 4 + 55.0),
        ((2.2, HANDLING._replace(dedicated=True)), 13.0),
        ((2.2, HANDLING._replace(investigation_days=0.125)), 9 + 24 + 55.0),
    ],
    # 0.4 at average ease, e^1.5 times as much at an ease of 1.5
    channel_upkeep: [((Channels(1.5, 0.4),), mpf(0.4) * exp(mpf("1.5")))],
    # a mean of 2.5 + 0.75 x 2 = 4 hours of 1280 a year
    time_of_work: [((0.6, Work(2.5, 2.0, 0.75), 1280.0), -log(mpf(1) - mpf(0.6)) / 320)],
}

test_rule = worked(EXAMPLES)


def test_what_is_paid_for_works() -> None:
    assert desk_staff(Desk(agents=2.4), 10_000) == Staff(2, 1.2)
    assert desk_staff(Desk(agents=0.25), 1000) == Staff(1, Exactly(0.025))
    assert desk_staff(Desk(agents=0.0), 1000) == Staff(0, 1.0)


def test_a_dedicated_desk_is_paid_idle_or_not() -> None:
    desk = Desk(dedicated=True, agent_cost=36_000.0)
    assert idle_or_not(desk, Staff(2, 1.25)) == 90_000.0
    assert idle_or_not(desk.model_copy(update={"dedicated": False}), Staff(2, 1.25)) == 0.0


def test_a_desk_sized_by_load_has_a_reserve_or_shares_its_people() -> None:
    """By hand: 900 cases x 10 of 10,000 x (2 + 0.5 x 4) hours / 1500 = 24 people at work, and 1.5 x sqrt(24) more."""
    desk = Desk(
        sized_by_load=True,
        expected_cases=900.0,
        handling_hours=2.0,
        apology=0.5,
        apology_hours=4.0,
        hours_per_year=1500.0,
        staffing_reserve=1.5,
        agents=3.0,
    )
    staff = desk_staff(desk, 100_000)
    assert (staff.people, staff.people * staff.time) == (31, Exactly(24 + 1.5 * 24**0.5))
    small = desk_staff(desk, 2500)  # 0.6 people at work
    assert (small.people, small.people * small.time) == (1, Exactly(0.6 / 0.85))
    closed = desk.model_copy(update={"agents": 0.0})
    assert desk_staff(closed, 100_000) == Staff(0, 1.0)
    assert desk_staff(desk.model_copy(update={"expected_cases": 0.0}), 100_000) == Staff(0, 1.0)


def test_codes_and_places_of_luck_are_frozen() -> None:
    """Records hold the queue as a number, and a changed place in a stream would change every result of every seed."""
    assert QUEUES == {"first_come": 0.0, "value": 1.0}
    assert (DESK_DRAWS, ANSWER_TALK, DAYS_PER_YEAR) == (4, 1000, 365.0)
