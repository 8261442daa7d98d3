"""Intervals cover at the stated rate, in artificial worlds where the truth is known.

Seeds are fixed; with 4,000 worlds a nominal 95% would fall below 94% by chance with probability .002.
"""

import math

import numpy as np
import pytest

from sim.results.intervals import mean_interval
from sim.studies.optimisation.doubt import (
    crossed_interval,
    difference_interval,
    simultaneous,
    value_interval,
    worst_draw,
)

WORLDS = 4_000


def covered(intervals, truths) -> float:
    return float(np.mean([low <= truth <= high for (_, low, high), truth in zip(intervals, truths, strict=True)]))


@pytest.mark.parametrize(
    ("draws", "replications", "of_draws", "of_luck", "of_both"),
    [
        (16, 10, 1.0, 1.0, 1.0),
        (16, 10, 0.0, 1.0, 0.3),
        (8, 5, 1.0, 0.0, 0.2),
        (8, 5, 0.0, 0.0, 1.0),
        (1, 10, 0.0, 1.0, 1.0),
    ],
)
def test_crossed_intervals_cover(draws, replications, of_draws, of_luck, of_both):
    dice = np.random.default_rng(1)
    intervals = []
    for _ in range(WORLDS):
        cube = of_draws * dice.normal(size=(draws, 1)) + of_luck * dice.normal(size=(1, replications))
        intervals.append(crossed_interval(cube + of_both * dice.normal(size=(draws, replications))))
    assert covered(intervals, [0.0] * WORLDS) >= 0.94


def test_numbers_that_have_luck_in_common_are_not_taken_for_independent():
    dice = np.random.default_rng(2)
    cubes = [np.repeat(dice.normal(size=(1, 5)), 20, axis=0) for _ in range(WORLDS)]
    naive = [mean_interval(cube.ravel()) for cube in cubes]
    assert covered(naive, [0.0] * WORLDS) < 0.5
    assert covered([crossed_interval(cube) for cube in cubes], [0.0] * WORLDS) >= 0.94


@pytest.mark.parametrize("noise", [0.1, 1.0])
def test_differences_of_worst_cases_cover(noise):
    dice = np.random.default_rng(3)
    intervals, truths = [], []
    for _ in range(WORLDS):
        one = dice.normal(size=16)
        other = one + 0.3 * dice.normal(size=16)
        luck = dice.normal(size=(1, 10))
        cubes = [level[:, None] + luck + noise * dice.normal(size=(16, 10)) for level in (one, other)]
        intervals.append(difference_interval(cubes[0], cubes[1], "worst", True))
        truths.append(one.min() - other.min())
    assert covered(intervals, truths) >= 0.94


def test_pairing_takes_common_luck_out():
    dice = np.random.default_rng(4)
    luck, own = 10.0 * dice.normal(size=(1, 10)), dice.normal(size=(2, 8, 10))
    one, other = luck + own[0], luck + own[1]
    paired, alone = difference_interval(one, other, "expected", True), value_interval(one, "expected", True)
    assert paired.high - paired.low < 0.3 * (alone.high - alone.low)


def test_worst_is_the_least_of_what_should_be_large():
    cube = np.array([[1.0, 3.0], [4.0, 6.0]])
    assert (worst_draw(cube, True), worst_draw(cube, False)) == (0, 1)
    assert value_interval(cube, "worst", True).value == 2.0
    assert value_interval(cube, "worst", False).value == 5.0


def test_one_number_has_no_interval_and_equal_numbers_a_sure_one():
    assert math.isnan(crossed_interval(np.array([[1.0]])).low)
    assert crossed_interval(np.ones((3, 4))) == (1.0, 1.0, 1.0)


def test_simultaneous_levels_share_the_doubt():
    assert simultaneous(1) == 0.95
    assert simultaneous(15) == pytest.approx(1.0 - 0.05 / 15)
