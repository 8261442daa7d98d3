"""Posts online (docs/odd.md, 7.8), worked out away from where they say nothing."""

import pytest

from sim.model.online import readers_found, readers_now
from tests.model.worked import Examples, worked

EXAMPLES: Examples = {
    # min(most, fewest (1 - u)^(-1 / tail)), cut to whole people
    readers_found: [
        ((0.75, 4.5, 2.0, 500.0), 9),
        ((0.488, 2.625, 0.5, 40.0), 10),
        ((0.7, 4.5, 0.5, 32.0), 32),
    ],
    # left (1 - e^(-365 years / days)), and one more where the draw is large
    readers_now: [
        ((40, 0.02, 3.5, 0.3), 35),  # 40 x .8758 = 35.03
        ((40, 0.02, 3.5, 0.98), 36),
        ((7, 0.004, 5.0, 0.2), 1),  # 7 x .2533 = 1.77
        ((7, 0.004, 5.0, 0.24), 2),
        ((9, 30.0, 0.5, 0.999), 9),
    ],
}

test_rule = worked(EXAMPLES)


def test_the_mean_of_readers_is_that_of_a_capped_pareto() -> None:
    """m + m / (a - 1) (1 - (m / M)^(a - 1)), less half a reader for whole people."""
    fewest, tail, most, points = 20.0, 1.6, 900.0, 200_000
    found = sum(readers_found((k + 0.5) / points, fewest, tail, most) for k in range(points)) / points
    exact = fewest + fewest / (tail - 1) * (1 - (fewest / most) ** (tail - 1))
    assert found == pytest.approx(exact - 0.5, abs=0.1)
