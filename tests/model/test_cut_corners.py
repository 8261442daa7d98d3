"""What cut corners do to service (docs/odd.md, 7.22), worked out away from neutral points."""

import pytest

from sim.model.cut_corners import (
    cost_without_pay,
    feeding,
    loss_of_corners,
    loss_of_waiting,
    resolved_when_empowered,
)
from sim.model.failures import FAILURE_MODES
from sim.model.people import People
from tests.model.worked import numbers

exp, log, mpf = numbers.exp, numbers.log, numbers.mpf
PEOPLE = People(
    corner_effect=0.7,
    waiting_effect=0.3,
    target_weeks=2.0,
    mistakes=2.0,
    morale_effect=3.0,
    training=600.0,
    training_scale=1500.0,
    empowerment=0.4,
    empowered_rules=0.6,
    empowered_resolution=0.25,
    pay=34_000.0,
    hours_per_year=1700.0,
)


def near(value: object) -> object:
    return pytest.approx(float(value), rel=1e-12)  # type: ignore[arg-type]


def test_less_time_and_longer_waits_lose_points() -> None:
    assert loss_of_corners(0.8, PEOPLE) == near(-mpf("0.7") * log(mpf("0.8")))
    assert loss_of_corners(1.25, PEOPLE) == near(mpf("0.7") * log(mpf("0.8")))
    assert loss_of_waiting(3.0, PEOPLE) == near(mpf("0.3") * log(mpf("2.5")))
    assert loss_of_waiting(0.0, PEOPLE) == 0.0


def test_haste_morale_training_and_empowerment_feed_each_their_own() -> None:
    """T .8 and morale .5: (5/4)^2 and 2^3; e^-.4 of wrong answers; 1 - .4 x .6 of what rules do."""
    hasty, low, taught, free = mpf(25) / 16, mpf(8), exp(-mpf("0.4")), mpf("0.76")
    expected = {mode: mpf(1) for mode in FAILURE_MODES}
    expected |= {"broken_commitment": hasty, "wrong_answer": hasty * taught, "lack_of_coordination": hasty}
    expected |= dict.fromkeys(("apathy", "brush_off", "coldness", "condescension", "robotism", "runaround"), low)
    expected |= {"inflexibility": free, "rulebook": low * free}
    assert feeding(0.8, 0.5, PEOPLE) == [near(expected[mode]) for mode in FAILURE_MODES]
    assert feeding(1.0, 1.0, People()) == [1.0] * len(FAILURE_MODES)


def test_empowered_staff_resolve_some_of_the_rest() -> None:
    assert resolved_when_empowered(0.3, PEOPLE) == near(mpf("0.37"))


def test_pay_is_no_part_of_what_is_left_of_the_cost_to_serve() -> None:
    assert cost_without_pay(9.0, 0.2, PEOPLE) == near(mpf(5))
    assert cost_without_pay(3.0, 0.2, PEOPLE) == 0.0
