"""Loyalty programme (docs/odd.md, 7.27): tiers, haste before a reward, and numbers of points that stay whole."""

import pytest

from sim.model.programme import Programme, owed, points_lapse, whole
from tests.model.worked import Examples, numbers, worked

exp, mpf, sqrt, floor = numbers.exp, numbers.mpf, numbers.sqrt, numbers.floor
GOLDEN = (sqrt(5) - 1) / 2

EXAMPLES: Examples = {
    whole: [((4.3, 3), int(floor(mpf("4.3") + GOLDEN * 3 - 1))), ((4.3, 8), int(floor(mpf("4.3") + GOLDEN * 8 - 4)))],
    owed: [((37, 0.25), 37 * 16384)],
}

test_rule = worked(EXAMPLES)


def test_what_is_rounded_is_right_on_average_whatever_the_number() -> None:
    for value in (0.02, 3.37, 19.999):
        rounded = [whole(value, period) for period in range(-500, 500)]
        assert sum(rounded) == pytest.approx(1000 * value, abs=3)
        assert {*rounded} <= {int(value), int(value) + 1}


def test_points_lapse_by_their_life() -> None:
    assert points_lapse(Programme(lapse_months=9.0), 0.5) == pytest.approx(float(1 - exp(-mpf(6) / 9)), rel=1e-12)
