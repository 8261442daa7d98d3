"""Steps, paired effects, and effects per unit of money."""

import numpy as np
import pytest

from sim.runs.experiment.axes import Axis
from sim.runs.experiment.definition import Factor, Lever
from sim.runs.experiment.points import point_id
from sim.studies.sensitivity.marginal import FREE, ONE_PAIR, SAVES, UNKNOWN, distinct_points, effects_of
from sim.studies.sensitivity.steps import END, MARGINAL, SWITCH, FactorStep, steps_of

LUCK = np.random.default_rng(3)


def lever(base, kind="number", **factor):
    return Axis("x", Lever(**factor), True, kind, base)


def marginal(axis, share=0.05):
    return next(step for step in steps_of([axis], share) if step.kind == MARGINAL)


@pytest.mark.parametrize(
    ("axis", "start", "stop"),
    [
        (lever(1.0, low=0.0, high=2.0), 0.9, 1.1),
        (lever(0.0, low=0.0, high=2.0), 0.0, 0.1),  # at an end: one side only
        (lever(2.0, low=0.0, high=2.0), 1.9, 2.0),
        (lever(5.0, low=0.0, high=2.0), 4.9, 5.0),  # outside: never further out
        (lever(10.0, low=1.0, high=100.0, scale="log"), 7.94328234724, 12.5892541179),
        (lever(3, "whole", low=1, high=6), 2, 4),  # at least 1
        (lever(50, "whole", low=0, high=100), 45, 55),
        (lever(1.0, low=0.0, high=2.0, cost=-5.0), 1.1, 0.9),  # towards what costs more
    ],
)
def test_small_steps_stay_in_the_range(axis, start, stop):
    step = marginal(axis)
    assert (step.start, step.stop) == (start, stop)
    assert type(step.start) is type(axis.base)


def test_own_cost_is_never_a_saving():
    steps = steps_of([lever(1.0, low=0.0, high=2.0, cost=50.0)], 0.05)
    assert [(step.kind, step.stop, step.cost) for step in steps] == [
        (MARGINAL, 1.1, pytest.approx(10.0)),
        (END, 0.0, 0.0),
        (END, 2.0, 50.0),
    ]


def test_lists_are_switched_and_uncertainties_go_to_their_ends():
    preset = Axis("p", Factor(values=["a", "b", "c"]), False, "text", "b")
    on = Axis("t", Lever(values=[True, False], cost=7.0), True, "truth", False)
    doubt = Axis("n", Factor(distribution="triangular", low=0.0, mode=0.0, high=1.0), False, "number", 0.2)
    steps = steps_of([preset, on, doubt], 0.05)
    assert [(step.factor, step.kind, step.start, step.stop) for step in steps[:3]] == [
        ("p", SWITCH, "b", "a"),
        ("p", SWITCH, "b", "c"),
        ("t", SWITCH, False, True),
    ]
    assert steps[2].cost == 7.0
    # 5% and 95% of a triangle that falls from 0: 1 - sqrt(1 - u)
    assert [step.stop for step in steps[3:]] == pytest.approx([1 - np.sqrt(0.95), 1 - np.sqrt(0.05)])


def test_the_scenario_itself_is_one_point_for_all_steps():
    axes = [lever(0.0, low=0.0, high=2.0), Axis("n", Factor(low=0.0, high=1.0), False, "number", 0.5)]
    steps = steps_of(axes, 0.05)
    points = distinct_points(steps, {"x": 0.0, "n": 0.5})
    assert points == [{}, {"x": 0.1}, {"x": 2.0}, {"n": 0.0}, {"n": 1.0}]


def table(y, spending, cost=0.0, charge=lambda output, yearly: 0.0, step=None):
    """Effects of one step, of runs given as (start, stop)."""
    step = step or FactorStep("x", True, MARGINAL, 0.0, 0.5, cost)
    base = {"x": step.start}
    names = [point_id(values) for values in step.points(base)]
    runs = {name: {"y": np.asarray(y[i]), "spending": np.asarray(spending[i])} for i, name in enumerate(names)}
    return effects_of([step], base, runs, ["y"], charge=charge).iloc[0]


def test_shared_luck_cancels():
    luck = LUCK.normal(size=20) * 100
    row = table((luck, luck + 3.0), (luck, luck + 6.0))
    assert (row["effect"], row["per_unit"], row["spending"]) == pytest.approx((3.0, 6.0, 6.0))
    assert row["low"] == pytest.approx(3.0)
    assert row["per_money"] == pytest.approx(0.5)
    assert row["pairs"] == 20


def test_the_levers_own_cost_counts_as_spending_and_is_charged():
    luck = LUCK.normal(size=8)
    row = table((luck, luck + 3.0), (luck, luck), cost=1.5, charge=lambda output, yearly: -2.0 * yearly)
    assert row["spending"] == pytest.approx(1.5)
    assert row["effect"] == pytest.approx(0.0, abs=1e-12)


def test_a_ratio_that_would_mislead_is_not_given():
    noise = LUCK.normal(size=10)
    zero = np.zeros(10)
    for spending, note in ((zero - 5.0 + 0.1 * noise, SAVES), (noise - noise.mean() + 0.1, UNKNOWN), (zero, FREE)):
        row = table((zero, zero + 1.0), (zero, spending))
        assert row["note"] == note
        assert np.isnan(row["per_money"])
        assert np.isnan(row["per_money_low"])
    assert table(([0.0], [1.0]), ([0.0], [1.0]))["note"] == ONE_PAIR


def test_uncertainties_have_no_effect_per_money():
    row = table((np.zeros(4), np.ones(4)), (np.zeros(4), np.ones(4)), step=FactorStep("x", False, END, 0.0, 1.0, 0.0))
    assert np.isnan(row["per_money"])
    assert row["note"] == ""


def test_a_pair_in_which_a_run_failed_is_left_out():
    start, stop = np.zeros(5), np.array([1.0, np.nan, 1.0, 2.0, 2.0])
    row = table((start, stop), (start, start + 1.0))
    assert (row["pairs"], row["effect"]) == (4, 1.5)


def test_limits_are_in_order_where_a_step_goes_down():
    luck = LUCK.normal(size=9)
    row = table((luck, 2 * luck + 3), (luck, luck + 1), step=FactorStep("x", True, MARGINAL, 0.5, 0.0, 0.0))
    assert row["per_unit_low"] < row["per_unit"] < row["per_unit_high"]
    assert row["per_unit"] == pytest.approx(row["effect"] / -0.5)


def test_intervals_per_unit_of_money_cover_the_truth():
    # 400 experiments of 10 pairs whose effect and money go together: below 92% with probability 0.5% if they cover with
    # 95%; fixed seed.
    generator, covered = np.random.default_rng(5), 0
    for _ in range(400):
        money = 10.0 + generator.normal(size=10) * 4.0
        effect = 2.0 + 0.3 * (money - 10.0) + generator.normal(size=10)
        row = table((np.zeros(10), effect), (np.zeros(10), money))
        covered += row["per_money_low"] <= 0.2 <= row["per_money_high"]
    assert 0.92 <= covered / 400 <= 0.98
