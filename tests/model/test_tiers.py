"""Tiers of a loyalty programme (docs/odd.md, 7.27): who is in which, what they bind, and haste before a reward."""

import pytest

from sim.model.programme import Programme
from sim.model.tiers import keenness, tier_barrier, tier_of
from tests.model.worked import Examples, numbers, worked

mpf = numbers.mpf

EXAMPLES: Examples = {
    tier_of: [((300, 299.5, 700.0), 1), ((300, 300.5, 700.0), 0), ((300, 100.0, 299.0), 2)],
    keenness: [
        ((60, 2, 150.0, 0.3, 0.04), mpf("1.08") * (1 + mpf("0.3") * 60 / 150)),
        ((160, 1, 150.0, 0.3, 0.04), mpf("1.04")),
    ],
}

test_rule = worked(EXAMPLES)


def test_a_tier_that_gives_nothing_binds_nobody() -> None:
    for bonus, times in ((0.0, 0.0), (0.1, mpf(4) / 7), (0.25, 1.0), (1.0, 1.6)):
        found = tier_barrier(Programme(barrier=0.3, bonus=bonus))
        assert found == pytest.approx(float(mpf("0.3") * times), rel=1e-12)
    assert tier_barrier(Programme(barrier=0.3, bonus=0.0, usual_bonus=0.0)) == 0.3
