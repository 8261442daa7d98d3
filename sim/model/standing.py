"""Standing: how a customer counts in the stocks of judgement and expectation."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sim.compiled import double, rule
from sim.model.expectation import owed, predicted
from sim.model.in_use import at
from sim.model.judgement import LEVEL_DISSATISFIED
from sim.model.person import CAPTIVE, COMPLAINT_OPEN
from sim.model.shares import clipped, fixed_point
from sim.vocabulary.observables import O

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from sim.model.record_types import Records, SegmentRecord
    from sim.model.state_types import State

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


@rule
def count_customer(
    state: State, segments: Records[SegmentRecord], tally: npt.NDArray[np.int64], f: int, i: int, sign: int
) -> None:
    """Put the customer of row i into the stocks of firm f and its segment (sign 1), or take it out (sign -1).

    Stocks are carried from period to period: whoever is about to change is taken out first and put back afterwards,
    which costs in proportion to what happens. Amounts are whole numbers, so nothing is lost on the way.
    """
    person = state.people[i]
    s = person.segment
    counts = tally[f, s]
    importance = segments[s].judgement.importance
    will, should = predicted(person, importance), owed(person, importance)
    feels = standing(double(state.satisfaction[i]), double(person.confirmation), will, should)
    level = person.level
    flags = person.flags
    counts[O.active] += sign
    counts[O.promoters] += sign * feels.promoter
    counts[O.detractors] += sign * feels.detractor
    counts[O.level_dissatisfied + level] += sign
    if flags & (CAPTIVE | COMPLAINT_OPEN) != 0:
        counts[O.captive_dissatisfied] += sign * ((level == LEVEL_DISSATISFIED) & (flags & CAPTIVE != 0))
        counts[O.open_complaints] += sign * (flags & COMPLAINT_OPEN != 0)
    counts[O.waiting] += sign * (state.leaves[at(state.leaves, i)] != 0)
    counts[O.points_held] += sign * int(state.points[at(state.points, i)])
    counts[O.satisfaction_sum] += sign * feels.satisfaction
    counts[O.satisfaction_squares] += sign * feels.squares
    counts[O.acsi_expectation_sum] += sign * feels.expectation
    counts[O.acsi_ideal_sum] += sign * feels.ideal
    counts[O.will_sum] += sign * feels.will
    counts[O.should_sum] += sign * feels.should
    counts[O.opinion_sum] += sign * fixed_point(double(state.opinion[i, f]))
