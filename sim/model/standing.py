"""Standing: how a customer counts in the stocks of judgement and expectation."""

from __future__ import annotations

from typing import NamedTuple

from sim.compiled import rule
from sim.model.judgement import acsi_expectation_item, acsi_ideal_item, recommendation
from sim.model.shares import fixed_point


class Standing(NamedTuple):
    """How a customer counts in the stocks: people as 0 or 1, amounts in steps of 1/65536."""

    promoter: int
    detractor: int
    satisfaction: int
    squares: int
    expectation: int
    ideal: int
    will: int
    should: int


@rule
def standing(satisfaction: float, confirmation: float, will: float, should: float) -> Standing:
    """What a customer adds to the stocks; `will` and `should` are weighted means, points.

    >>> standing(90.0, 0.25, 5.5, 6.0).promoter, standing(0.5, 0.25, 5.5, 6.0).squares
    (1, 16384)
    """
    recommends = recommendation(satisfaction)
    return Standing(
        int(recommends > 0),
        int(recommends < 0),
        fixed_point(satisfaction),
        fixed_point(satisfaction * satisfaction),
        fixed_point(acsi_expectation_item(confirmation)),
        fixed_point(acsi_ideal_item(will, should)),
        fixed_point(will),
        fixed_point(should),
    )
