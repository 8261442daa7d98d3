"""Points of a loyalty programme (docs/odd.md, 7.27): numbers that stay whole, what is owed, who minds."""

import pytest

from sim.model.loyalty_points import lapse_minded, lapsing, owed, whole, with_points
from sim.model.programme import MOST_POINTS
from tests.model.worked import Examples, numbers, worked

mpf, sqrt, floor = numbers.mpf, numbers.sqrt, numbers.floor
GOLDEN = (sqrt(5) - 1) / 2

EXAMPLES: Examples = {
    whole: [((4.3, 3), int(floor(mpf("4.3") + GOLDEN * 3 - 1))), ((4.3, 8), int(floor(mpf("4.3") + GOLDEN * 8 - 4)))],
    owed: [((37, 0.25), 37 * 16384)],
    # 3 x .6180 = 1.854: 37 x .3 = 11.1 does not get over 12 with .854, 38 x .3 = 11.4 does; one point is at most one
    lapsing: [((37, 0.3, 3), 11), ((38, 0.3, 3), 12), ((1, 1.0, 3), 1), ((0, 0.3, 3), 0)],
    lapse_minded: [
        ((60.0, 199, 30, 8.0, 200.0), mpf(60) - mpf(8) * 30 / 200),
        ((60.0, 201, 30, 8.0, 201.5), 60.0),  # who has points for a reward does not mind; whole points
        ((0.5, 100, 90, 8.0, 200.0), 0.0),
    ],
    with_points: [((40, 19.99), 59), ((MOST_POINTS - 3, 7.0), MOST_POINTS)],
}

test_rule = worked(EXAMPLES)


def test_what_is_rounded_is_right_on_average_whatever_the_number() -> None:
    for value in (0.02, 3.37, 19.999):
        rounded = [whole(value, period) for period in range(-500, 500)]
        assert sum(rounded) == pytest.approx(1000 * value, abs=3)
        assert {*rounded} <= {int(value), int(value) + 1}
