import math

import numpy as np
import pytest

from sim.studies.lever_costs import LeverBooks
from sim.studies.optimisation.judge_choices import Aim, Judge
from tests.studies.optimisation.worlds import BOOKS, World, judge_of, square, terms

GAIN = Aim("gain", True)
DRAWS = [{"u": 1.0}, {"u": 2.0}, {"u": 6.0}]


def of(values):
    return {"gain": values["x"] * values["u"], "spending": 10.0 * values["u"]}


def test_expected_is_the_mean_and_worst_is_the_worst_draw():
    space = square()
    expected, worst, least = (
        judge_of(World(of), terms(aim, over=over), space, DRAWS)([{"x": 2.0, "y": 0.0}])[0].estimates
        for aim, over in ((GAIN, "expected"), (GAIN, "worst"), (Aim("gain", False), "worst"))
    )
    assert expected == {"gain": 6.0, "spending": 30.0}
    assert worst == {"gain": 2.0, "spending": 60.0}  # of spending, the worst is the most
    assert least["gain"] == 12.0


def test_requirements_hold_in_expectation_or_in_every_draw():
    space, choice = square(), {"x": 1.0, "y": 0.0}
    asked = ["gain >= 2", "spending <= 40"]
    expected = judge_of(World(of), terms(GAIN, requirements=asked), space, DRAWS)([choice])[0]
    worst = judge_of(World(of), terms(GAIN, over="worst", requirements=asked), space, DRAWS)([choice])[0]
    assert expected.meets
    assert worst.shortfalls == (0.5, 0.5)
    assert worst.missing == 1.0


def test_every_choice_meets_the_same_draws_with_the_same_luck():
    space, world = square(), World(of, shared=1.0, own=0.5)
    judge = judge_of(world, terms(GAIN), space, DRAWS, range(4, 6))
    one, other = judge([{"x": 1.0, "y": 0.0}, {"x": 1.0, "y": 1.0}], keep=True)
    assert one.cubes["gain"].shape == (3, 2)
    assert {replication for _, replication in world.asked} == {4, 5}
    assert len(world.asked) == 2 * judge.runs == 12
    alone = judge([{"x": 1.0, "y": 1.0}], keep=True)[0]
    np.testing.assert_array_equal(alone.cubes["gain"], other.cubes["gain"])


def test_levers_own_cost_goes_into_spending_and_margin():
    space = square(100.0, 10.0)
    world = World(lambda values: {"margin": 1000.0, "net_present_value": 900.0, "retention": 0.8, "spending": 50.0})
    aims = (Aim("margin", True), Aim("net_present_value", True))
    named = terms(*aims, requirements=["retention >= 0"])
    judge = Judge(world.evaluate, named, [{}], range(1), space.spent, lambda _: LeverBooks(24, 12, 0.1))
    found = judge([{"x": 0.5, "y": 1.0}])[0]
    assert found.spent == 60.0
    discounted = sum(60.0 / 12 / 1.1 ** (month / 12) for month in range(1, 25))
    assert found.estimates == pytest.approx(
        {"margin": 880.0, "net_present_value": 900.0 - discounted, "retention": 0.8, "spending": 110.0}
    )
    assert found.means["margin"] == pytest.approx(880.0)


def test_the_discount_rate_of_each_draw_is_used():
    world = World(lambda values: {"net_present_value": 0.0, "spending": 0.0})
    draws = [{"rate": 0.0}, {"rate": 1.0}]
    judge = Judge(
        world.evaluate,
        terms(Aim("net_present_value", True)),
        draws,
        range(1),
        lambda _: 8.0,
        lambda draw: LeverBooks(1, 1, draw["rate"]),
    )
    assert judge([{"x": 0.0}], keep=True)[0].cubes["net_present_value"].tolist() == [[-8.0], [-4.0]]


def test_a_failed_run_or_a_missing_number_is_told_and_never_chosen():
    def outputs(values):
        if values["x"] == 1.0 and values["u"] == 2.0:
            raise ValueError("no customers")
        return {"gain": math.nan if values["x"] == 2.0 else 1.0, "spending": 0.0}

    judge = judge_of(World(outputs), terms(GAIN), square(), DRAWS)
    fine, failed, missing = judge([{"x": x, "y": 0.0} for x in (0.0, 1.0, 2.0)])
    assert fine.meets
    assert failed.reason == "1 of 3 runs failed: no customers"
    assert missing.reason == "gain has no value in 3 of 3 runs"
    assert not failed.meets
    assert not missing.meets


def test_books_of_a_year_are_those_of_a_year():
    assert BOOKS.charge("spending", 5.0) == 5.0
    assert BOOKS.charge("margin", 5.0) == BOOKS.charge("net_present_value", 5.0) == -10.0
    assert BOOKS.charge("retention", 5.0) == 0.0
