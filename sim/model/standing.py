"""Standing: how a customer counts in the stocks of judgement and expectation."""

from __future__ import annotations

from typing import NamedTuple

from sim.compiled import rule
from sim.model.shares import clipped, fixed_point

PROMOTER, PASSIVE = 85.0, 65.0
"""Satisfaction from which a customer is a promoter, and a passive: 8.5 and 6.5 on the scale from 0 to 10."""


@rule
def recommendation(satisfaction: float) -> int:
    """Promoter (1), passive (0) or detractor (-1): satisfaction / 10 rounded to 0-10, 9-10 and 0-6 (Reichheld 2003).

    >>> recommendation(85.0), recommendation(70.0), recommendation(64.9)
    (1, 0, -1)
    """
    if satisfaction >= PROMOTER:
        return 1
    if satisfaction < PASSIVE:
        return -1
    return 0


@rule
def acsi_expectation_item(confirmation: float) -> float:
    """The ACSI item 'compared with your expectations', 1 to 10: 7.75 + 3 x cumulative disconfirmation.

    7.75 makes an exactly met expectation worth 75 points, the index's long-run level (assumption).

    >>> acsi_expectation_item(-0.5), acsi_expectation_item(2.0)
    (6.25, 10.0)
    """
    return clipped(7.75 + 3.0 * confirmation, 1.0, 10.0)


@rule
def acsi_ideal_item(will: float, should: float) -> float:
    """The ACSI item "compared with the ideal", 1 to 10: 9 minus 3 for each point that prediction falls short of should.

    `will` and `should` are weighted means, points (1-7); what customers predict stands for what they get (assumption).

    >>> acsi_ideal_item(5.5, 6.0)
    7.5
    """
    return clipped(9.0 - 3.0 * (should - will), 1.0, 10.0)


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
