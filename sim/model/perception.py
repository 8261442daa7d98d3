"""Perception: from what was delivered to what is seen and felt, against what was expected (Boulding et al. 1993)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sim.compiled import kernel, rule
from sim.model.dimensions import DIMENSION_COUNT, SCALE_HIGH, SCALE_LOW
from sim.model.encounter_table import T
from sim.model.shares import clipped, fixed_point
from sim.vocabulary.observables import O

if TYPE_CHECKING:
    from sim.model.encounter_table import Table
    from sim.model.record_types import Counts, SegmentRecord


@rule
def perceived(delivered: float, will: float, should: float, assimilation: float, contrast: float) -> float:
    """Perceived quality of one dimension: P = Q + a (W - Q) - c max(0, H - Q), on the scale 1 to 7.

    Perception rises with what the customer predicts (will) and falls with what the customer thinks is owed (should).
    Source: Boulding et al. 1993 (signs). That only falling short of should counts is an assumption: theirs is linear.

    >>> round(perceived(5.0, 6.0, 6.5, 0.3, 0.1), 3), round(perceived(5.0, 6.0, 4.5, 0.3, 0.1), 3)
    (5.15, 5.3)
    """
    shortfall = should - delivered
    shortfall = max(shortfall, 0.0)
    return clipped(delivered + assimilation * (will - delivered) - contrast * shortfall, SCALE_LOW, SCALE_HIGH)


@rule
def disconfirmation(gap: float, loss_aversion: float) -> float:
    """Felt disconfirmation of one dimension: v(x) = x for gains, lambda x for losses.

    `gap` is perceived minus will, points. Sources: Oliver 1980; Mittal, Ross & Baldasare 1998; Tversky & Kahneman 1992.

    >>> disconfirmation(1.0, 2.25), disconfirmation(-1.0, 2.25)
    (1.0, -2.25)
    """
    if gap < 0.0:
        return loss_aversion * gap
    return gap


class Temper(NamedTuple):
    """How people of a segment see and feel: pull of the prediction, loss by what is owed, weight of losses."""

    will_assimilation: float
    should_contrast: float
    loss_aversion: float


class Impression(NamedTuple):
    """What one dimension of an encounter leaves: perceived quality, and felt disconfirmation; points."""

    seen: float
    felt: float


@rule
def impression(reached: float, will: float, should: float, temper: Temper) -> Impression:
    """One dimension of an encounter, as it is perceived and felt against the prediction.

    >>> impression(5.0, 6.0, 7.0, Temper(0.25, 0.125, 2.0))
    Impression(seen=5.0, felt=-2.0)
    """
    seen = perceived(reached, will, should, temper.will_assimilation, temper.should_contrast)
    return Impression(seen, disconfirmation(seen - will, temper.loss_aversion))


@kernel
def weigh(table: Table, people: int, segment: SegmentRecord) -> None:
    """Weighted means of what the first `people` customers predict and think is owed: `mean_will`, `mean_should`."""
    importance = segment.judgement.importance
    for i in range(people):
        will = 0.0
        should = 0.0
        for d in range(DIMENSION_COUNT):
            will += importance[d] * table[T.will + d, i]
            should += importance[d] * table[T.should + d, i]
        table[T.mean_will, i] = will
        table[T.mean_should, i] = should


@kernel
def perceive(table: Table, people: int, segment: SegmentRecord, counts: Counts) -> None:
    """See and feel what reached the first `people` customers, dimension by dimension; weighted means of it."""
    judgement = segment.judgement
    temper = Temper(judgement.will_assimilation, judgement.should_contrast, judgement.loss_aversion)
    for i in range(people):
        table[T.quality, i] = 0.0
        table[T.felt, i] = 0.0
    for d in range(DIMENSION_COUNT):
        weight = judgement.importance[d]
        booked = 0
        for i in range(people):
            left = impression(table[T.reached + d, i], table[T.will + d, i], table[T.should + d, i], temper)
            table[T.seen + d, i] = left.seen
            table[T.quality, i] += weight * left.seen
            table[T.felt, i] += weight * left.felt
            booked += fixed_point(left.seen)
        counts[O.perceived_tangibles + d] += booked
