"""Verdicts on made-up profits whose maximum is known, and the elasticity by hand."""

import numpy as np
import pytest

from sim.studies.advice.verdicts import BOUND, CHOICE, INSIDE, KEPT, NOTHING, PAID, UNCLEAR, JudgedLever, judge
from sim.studies.elasticity import elasticity

LUCK = np.array([3.0, -2.0, 5.0, 0.5, -7.0, 1.0])
"""Shared by all steps: paired differences know nothing of it."""

OWN = np.array([[0.1, -0.1, 0.05, 0.0, -0.05, 0.02], [-0.03, 0.08, 0.0, -0.1, 0.1, 0.0], [0.0] * 6, [0.07, -0.06] * 3])
"""What is left of luck at each of four steps."""

OUTER = [True, False, False, True]


def profits(*means, scatter=1.0):
    return np.array(means)[:, None] + LUCK + scatter * OWN[: len(means)]


def judged(*means, today=1, outer=OUTER, scatter=1.0, choice=False, untouched=False):
    return judge(profits(*means, scatter=scatter), today, outer, choice=choice, untouched=untouched)


def test_a_hill_has_its_maximum_inside():
    assert judged(1.0, 4.0, 5.0, 2.0) == JudgedLever(2, INSIDE)
    assert judged(1.0, 6.0, 5.0, 2.0) == JudgedLever(1, INSIDE)


def test_a_slope_wins_by_its_bound():
    assert judged(1.0, 2.0, 3.0, 4.0) == JudgedLever(3, BOUND)
    assert judged(9.0, 2.0, 3.0, 4.0) == JudgedLever(0, BOUND)


def test_who_stands_on_the_bound_that_brings_most_is_not_told_to_move():
    assert judged(1.0, 2.0, 3.0, 4.0, today=3) == JudgedLever(3, KEPT)
    assert judged(9.0, 2.0, 3.0, 4.0, today=0) == JudgedLever(0, KEPT)
    assert judged(1.0, 2.0, 3.99, 4.0, today=3) == JudgedLever(3, UNCLEAR)


def test_where_that_bound_is_paid_for_it_is_said():
    rows = profits(1.0, 2.0, 3.0, 4.0)
    for costs, verdict in (("high", PAID), ("low", KEPT)):
        assert judge(rows, 3, OUTER, choice=False, untouched=False, costs=costs) == JudgedLever(3, verdict)


def test_a_step_beyond_the_bound_counts_as_one():
    assert judged(1.0, 2.0, 5.0, 4.0, outer=[True, False, True, True]) == JudgedLever(2, BOUND)


def test_luck_is_not_taken_for_a_maximum():
    assert judged(1.0, 1.01, 1.02, 1.03) == JudgedLever(3, UNCLEAR)
    assert judged(1.0, 1.0, 1.5, 1.49).verdict == UNCLEAR  # inside, and not surely above the bound


def test_verdicts_rest_on_99_per_cent():
    """Differences 1 to 6: mean 3.5, s = 1.871, so that the half-width is 1.963 at 95% and 3.080 at 99%."""
    differences = np.arange(1.0, 7.0)
    for shift, verdict in ((0.0, BOUND), (-0.5, UNCLEAR)):
        rows = np.array([np.zeros(6), differences + shift])
        assert judge(rows, 0, [False, True], choice=False, untouched=False).verdict == verdict


def test_what_nobody_met_does_nothing():
    assert judged(2.0, 2.0, 2.0, 2.0, untouched=True) == JudgedLever(1, NOTHING)


def test_a_choice_has_no_bound():
    assert judged(2.0, 3.0, today=0, outer=[False, False], choice=True) == JudgedLever(1, CHOICE)
    assert judged(3.0, 2.0, today=0, outer=[False, False], choice=True) == JudgedLever(0, CHOICE)
    assert judged(2.0, 2.001, today=0, outer=[False, False], choice=True) == JudgedLever(1, UNCLEAR)


def test_steps_that_failed_are_never_best_and_pairs_are_kept():
    rows = profits(1.0, 2.0, 3.0, 9.0)
    rows[3] = np.nan
    rows[2, 0] = np.nan
    assert judge(rows, 1, OUTER, choice=False, untouched=False).best == 2


def test_elasticity_by_hand():
    """Units fall to 1.1^-2 and 1.1^-3 of today's: elasticities -2 and -3; where nothing is sold there is none."""
    today = np.array([100.0, 50.0, 80.0])
    risen = np.array([100.0 / 1.21, 50.0 / 1.331, 0.0])
    assert elasticity(risen, today, 1.1).value == pytest.approx(-2.5)
