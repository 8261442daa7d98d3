"""Orders, curves, Qini and what a firm learns of a trial, against values worked out by hand."""

from itertools import permutations

import numpy as np
import pytest

from sim.studies.offers.targeting import (
    STEPS,
    Gain,
    Seen,
    Trial,
    Truth,
    curve,
    fitted,
    gain,
    in_order,
    predicted_uplift,
    predictors,
    qini,
)

FIVE = Truth(
    np.array([True, True, False, False, True]),
    np.array([False, True, True, False, False]),
    np.array([30.0, -2.0, -50.0, -2.0, 5.0]),
)


def test_who_is_saved_and_who_is_driven_away() -> None:
    assert FIVE.saved.tolist() == [True, False, False, False, True]
    assert FIVE.driven.tolist() == [False, False, True, False, False]
    assert gain(FIVE, np.array([0, 2, 4])) == Gain(2.0, 1.0, -15.0)


def test_a_curve_counts_the_first_of_the_order() -> None:
    found = curve(FIVE, in_order(np.array([0.1, 0.5, 0.2, 0.4, 0.3]), np.zeros(5)))
    assert found[0.2] == Gain(0.0, 0.0, -2.0)  # 1
    assert found[0.6] == Gain(1.0, 0.0, 1.0)  # 1, 3, 4
    assert found[1.0] == Gain(2.0, 1.0, -19.0)


def test_chance_saves_its_share_of_all() -> None:
    """The mean over all orders of five is exactly the share times the total."""
    orders = [np.array(order) for order in permutations(range(5))]
    for share in (0.2, 0.4, 0.6, 0.8, 1.0):
        found = [curve(FIVE, order)[share] for order in orders]
        assert np.mean([one.saved for one in found]) == pytest.approx(share * 2.0, rel=1e-12)
        assert np.mean([one.money for one in found]) == pytest.approx(share * -19.0, rel=1e-12)


def test_by_true_uplift_no_other_order_earns_more_at_any_share() -> None:
    best = curve(FIVE, in_order(FIVE.money, np.zeros(5)))
    for order in permutations(range(5)):
        other = curve(FIVE, np.array(order))
        assert all(best[share].money >= other[share].money for share in STEPS)


def test_qini_of_a_perfect_order_by_hand() -> None:
    """Of ten customers one is saved, and found first: 1 at every share, whose line is the share itself.

    Beyond the line: 0 at 0, 1 - s at s; between 0 and .1 it rises to .9, then falls: .045 + .9 x .9 / 2.
    """
    tenths = {n / 10: 1.0 for n in range(1, 11)}
    assert qini(tenths) == pytest.approx(0.045 + 0.405, rel=1e-12)
    assert qini({n / 10: n / 10 * 7.0 for n in range(1, 11)}) == pytest.approx(0.0, abs=1e-12)


def test_a_trial_whose_answer_is_known_is_learnt_exactly() -> None:
    """Without the offer nobody stays below x = 0, with it everybody does; who stays brings 40 + 10 x."""
    x = np.array([-1.0, -1.0, 1.0, 1.0])
    design = np.stack([np.ones(4), x], axis=1)
    left = x < 0.0
    trial = Trial(design, design, np.zeros(4, bool), left, np.full(4, 7.0), 40.0 + 10.0 * x)
    asked = np.array([[1.0, -1.0], [1.0, 1.0], [1.0, 0.0]])
    found = predicted_uplift(trial, asked, np.array([6.0, 5.0, 4.0]))
    # of those who stay only x = 1 is known: 50 there, by the smallest weights 25 + 25 x
    assert found == pytest.approx([1.0 * 0.0 - 6.0, 0.0 - 5.0, 0.5 * 25.0 - 4.0], abs=1e-9)


def test_predictors_are_on_a_common_scale_and_a_column_that_says_nothing_is_zero() -> None:
    some = np.array([60.0, 70.0, 80.0, 90.0])
    seen = Seen(some, some / 10, some / 5, some, np.zeros(4), np.array([0.0, 1.0, 0.0, 1.0]))
    found = predictors(seen)
    assert found.shape == (4, 9)
    assert found[:, 1] == pytest.approx(np.array([-3.0, -1.0, 1.0, 3.0]) / np.sqrt(5.0))
    assert found[:, 5].tolist() == [0.0] * 4
    assert found[:, 7] == pytest.approx(found[:, 1] ** 2)
    assert fitted(found[:, :2], 3.0 + 2.0 * found[:, 1]) == pytest.approx([3.0, 2.0])
