"""Work pressure (docs/odd.md, 7.22), worked out away from neutral points."""

import math

import pytest

from sim.model.people import People
from sim.model.work_pressure import (
    LONGEST_WAIT,
    LOWEST_STANDARD,
    Crew,
    beginning,
    capacity_of,
    care_for_staff,
    haste,
    lived,
    load_of,
    on_their_way,
    passed,
    pressure_of,
    rookie_share,
    staff_cost,
    staff_for,
    standard_after,
    tired_after,
    turnover,
    vigour,
    wanted_staff,
)
from tests.model.worked import numbers

exp, mpf = numbers.exp, numbers.mpf

WEEK = 1 / 52
CREW = Crew(
    planned=5000.0, rookies=2.0, experienced=7.0, hiring=1.5, standard=0.9, tired=1.1, backlog=40.0, complaints=3.0
)
PEOPLE = People(
    hours_per_year=1600.0,
    absence=0.1,
    rookie_effect=0.4,
    rookie_weeks=10.0,
    leaving_per_year=0.3,
    hiring_weeks=8.0,
    pressure_effect=0.5,
    least_time=0.6,
    most_time=1.4,
    most_overtime=1.2,
    fatigue_effect=0.3,
    fatigue_weeks=5.0,
    erosion_weeks=20.0,
    recovery_weeks=200.0,
    target_weeks=2.0,
    pay=32_000.0,
    overtime_premium=0.25,
    hiring_cost=2000.0,
    training=600.0,
    training_scale=1200.0,
    training_weeks=30.0,
    empowerment=0.5,
    empowerment_cost=400.0,
    staffing=1.1,
    follow_load=0.25,
)
STAYS = (1 - mpf("0.3")) ** (mpf(1) / 52)
"""Chance that somebody stays for a week."""


def near(value: object) -> object:
    return pytest.approx(float(value), rel=1e-12)  # type: ignore[arg-type]


def test_a_gap_closes_by_its_time_constant() -> None:
    assert passed(0.25, 20.0) == near(1 - exp(-mpf("0.65")))
    assert passed(0.25, 0.0) == 1.0


def test_pressure_is_demand_over_capacity() -> None:
    assert pressure_of(84.0, 70.0) == near(mpf("1.2"))
    assert pressure_of(3.0, 0.0) == math.inf
    assert pressure_of(0.0, 0.0) == 1.0


def test_haste_is_a_power_within_bounds() -> None:
    assert haste(1.44, PEOPLE) == near(1 / mpf("1.2"))
    assert haste(0.64, PEOPLE) == near(mpf("1.25"))
    assert haste(9.0, PEOPLE) == 0.6
    assert haste(0.25, PEOPLE) == 1.4
    assert haste(math.inf, PEOPLE) == 0.6
    assert haste(7.0, PEOPLE.model_copy(update={"pressure_effect": 0.0})) == 1.0


def test_capacity_is_hands_times_hours_times_vigour() -> None:
    assert vigour(1.1, PEOPLE) == near(mpf("0.97"))
    assert vigour(9.0, PEOPLE) == 0.0
    assert capacity_of(CREW, PEOPLE, WEEK) == near(mpf("7.8") * 1600 * mpf("0.9") * mpf("0.97") / 52)


def test_the_load_of_a_week() -> None:
    """250 hours come in, half of 40 left over is due; 7.8 hands can do 209.5."""
    load = load_of(CREW, 250.0, PEOPLE, WEEK)
    capacity = mpf("7.8") * 1600 * mpf("0.9") * mpf("0.97") / 52
    time = mpf("0.9") / (243 / capacity) ** mpf("0.5")
    assert load.ordered == 270.0
    assert load.demanded == near(243)
    assert load.pressure == near(243 / capacity)
    assert load.time == near(time)
    assert load.needed == near(270 * time)
    assert load.done == near(270 * time)  # within the overtime
    assert load.wait == near(40 * time / capacity)
    hard = load_of(CREW, 500.0, PEOPLE, WEEK)
    assert hard.done == near(capacity * mpf("1.2"))
    assert load_of(CREW._replace(experienced=0.0, rookies=0.0), 9.0, PEOPLE, WEEK).wait == LONGEST_WAIT


def test_the_standard_sinks_fast_and_rises_slowly_and_training_brings_it_back() -> None:
    untrained = PEOPLE.model_copy(update={"training": 0.0})
    assert standard_after(0.9, 0.7, untrained, 0.25) == near(mpf("0.9") - mpf("0.2") * (1 - exp(-mpf("0.65"))))
    assert standard_after(0.9, 1.1, untrained, 0.25) == near(mpf("0.9") + mpf("0.2") * (1 - exp(-mpf("0.065"))))
    moved = mpf("0.9") - mpf("0.2") * (1 - exp(-mpf("0.65")))
    assert standard_after(0.9, 0.7, PEOPLE, 0.25) == near(moved + (1 - moved) * (1 - exp(-mpf(13) / 60)))
    assert standard_after(1.2, 1.3, PEOPLE, 0.25) == near(mpf("1.2") + mpf("0.1") * (1 - exp(-mpf("0.065"))))
    assert standard_after(0.06, 0.001, untrained.model_copy(update={"erosion_weeks": 0.0}), 1.0) == LOWEST_STANDARD


def test_the_staff_of_the_start_is_steady() -> None:
    rookies = (1 - STAYS) / (1 - STAYS * exp(-mpf("0.1")))
    assert rookie_share(PEOPLE, WEEK) == near(rookies)
    assert rookie_share(PEOPLE.model_copy(update={"leaving_per_year": 0.0}), WEEK) == 0.0
    staff = 5000 / (1600 * mpf("0.9") * (1 - mpf("0.6") * rookies))
    assert staff_for(5000.0, PEOPLE, WEEK) == near(staff)
    coming = (1 - STAYS) / (1 - exp(-mpf("0.125")))
    assert on_their_way(7.0, PEOPLE, WEEK) == near(7 * coming)
    crew = beginning(5000.0, 2.0, PEOPLE, WEEK)
    assert crew.rookies == near(mpf("1.1") * staff * rookies)
    assert crew.experienced == near(mpf("1.1") * staff * (1 - rookies))
    assert crew.hiring == near(mpf("1.1") * staff * coming)
    assert (crew.planned, crew.standard, crew.tired, crew.backlog, crew.complaints) == (5000.0, 1.0, 1.0, 0.0, 2.0)
    assert capacity_of(crew, PEOPLE, WEEK) == near(mpf("1.1") * 5000 / 52)


def test_hiring_follows_as_much_of_the_load_as_it_is_told() -> None:
    each = staff_for(1.0, PEOPLE, WEEK)
    assert wanted_staff(CREW, 7000.0, PEOPLE, WEEK) == near(mpf("1.1") * 5500 * mpf(each))


def test_a_week_of_leaving_growing_and_beginning() -> None:
    grown, came = 2 * STAYS * (1 - exp(-mpf("0.1"))), mpf("1.5") * (1 - exp(-mpf("0.125")))
    flow = turnover(CREW, 12.0, PEOPLE, WEEK)
    assert flow.rookies == near(2 * STAYS - grown + came)
    assert flow.experienced == near(7 * STAYS + grown)
    assert flow.left == near(9 * (1 - STAYS))
    assert flow.hired == near(came)
    lacking = 12 - 9 * STAYS - came + mpf(on_their_way(12.0, PEOPLE, WEEK)) - (mpf("1.5") - came)
    assert flow.hiring == near(mpf("1.5") - came + lacking)
    assert turnover(CREW, 3.0, PEOPLE, WEEK).hiring == near(mpf("1.5") - came)  # too many, and nobody is dismissed


def test_overtime_is_remembered_and_rest_is_no_less_than_rest() -> None:
    share = 1 - exp(-mpf("0.2"))
    assert tired_after(1.1, 120.0, 100.0, PEOPLE, WEEK) == near(mpf("1.1") + mpf("0.1") * share)
    assert tired_after(1.1, 50.0, 100.0, PEOPLE, WEEK) == near(mpf("1.1") - mpf("0.1") * share)
    assert tired_after(1.1, 0.0, 0.0, PEOPLE, WEEK) == near(mpf("1.1") - mpf("0.1") * share)


def test_what_is_left_over_is_carried() -> None:
    load = load_of(CREW, 900.0, PEOPLE, WEEK)
    after = lived(CREW, 900.0, load, PEOPLE, WEEK)
    assert after.crew.backlog == near(940 - mpf(load.done) / mpf(load.time))
    assert after.crew.standard == standard_after(0.9, load.time, PEOPLE, WEEK)
    wanted = mpf("1.1") * mpf(staff_for(5000 + 0.25 * (900 * 0.9 * 52 - 5000), PEOPLE, WEEK))
    assert after.crew.hiring > CREW.hiring
    assert after.crew.hiring == near(turnover(CREW, float(wanted), PEOPLE, WEEK).hiring)
    assert (after.crew.planned, after.crew.complaints) == (5000.0, 3.0)


def test_staff_cost_by_the_year_overtime_by_the_hour_and_hiring_by_the_head() -> None:
    load = load_of(CREW, 500.0, PEOPLE, WEEK)
    overtime = mpf(load.done) - mpf(load.capacity)
    paid = mpf(9) * 32_000 / 52 + overtime * 20 * mpf("1.25") + mpf("0.7") * 2000
    assert staff_cost(CREW, load, 0.7, PEOPLE, WEEK) == near(paid)
    idle = load_of(CREW, 5.0, PEOPLE, WEEK)
    assert staff_cost(CREW, idle, 0.0, PEOPLE, WEEK) == near(mpf(9) * 32_000 / 52)
    assert care_for_staff(CREW, PEOPLE, WEEK) == near(mpf(9) * 800 / 52)
