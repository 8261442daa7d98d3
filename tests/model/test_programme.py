"""Loyalty programme (docs/odd.md, 7.27): tiers, haste before a reward, and numbers of points that stay whole."""

import pytest

from sim.model.programme import Programme, keenness, owed, points_lapse, tier_of, whole
from tests.model.worked import Examples, numbers, worked

exp, mpf, sqrt, floor = numbers.exp, numbers.mpf, numbers.sqrt, numbers.floor
GOLDEN = (sqrt(5) - 1) / 2

EXAMPLES: Examples = {
    whole: [((4.3, 3), int(floor(mpf("4.3") + GOLDEN * 3 - 1))), ((4.3, 8), int(floor(mpf("4.3") + GOLDEN * 8 - 4)))],
    tier_of: [((300, 299.5, 700.0), 1), ((300, 300.5, 700.0), 0), ((300, 100.0, 299.0), 2)],
    keenness: [
        ((60, 2, 150.0, 0.3, 0.04), mpf("1.08") * (1 + mpf("0.3") * 60 / 150)),
        ((160, 1, 150.0, 0.3, 0.04), mpf("1.04")),
    ],
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
