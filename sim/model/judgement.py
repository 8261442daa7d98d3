"""Judgement: from delivery to perception, disconfirmation, level and cumulative satisfaction, and its indices."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.compiled import kernel, rule
from sim.model.dimensions import DIMENSIONS, Importance
from sim.model.encounter_table import T
from sim.model.service import PURCHASE
from sim.model.shares import clipped
from sim.vocabulary.column import Column
from sim.vocabulary.observables import FLOW, STOCK, O, amounts, counts
from sim.vocabulary.parameter import Section, group, parameter, share

if TYPE_CHECKING:
    from sim.model.encounter_table import Table
    from sim.model.record_types import Counts, SegmentRecord

LEVEL_DISSATISFIED, LEVEL_SATISFIED, LEVEL_DELIGHTED = 0, 1, 2

COLUMNS = (
    Column("level", "u1", 1, "code", "level of the last encounter: dissatisfied, satisfied, delighted", followed=True),
    Column(
        "satisfaction",
        "f4",
        1,
        "points (0-100)",
        "cumulative satisfaction with the supplier",
        apart=True,
        followed=True,
    ),
    Column("disposition", "f4", 1, "points (0-100)", "personal disposition to be satisfied"),
    Column(
        "confirmation",
        "f4",
        1,
        "points (1-7)",
        "cumulative disconfirmation: better or worse than expected",
        followed=True,
    ),
    Column("history", "f4", 1, "encounters", "encounters with the supplier so far", followed=True),
)

OBSERVABLES = (
    *counts(
        STOCK,
        "people",
        {
            "promoters": "customers who would recommend with 9 or 10 of 10",
            "detractors": "customers who would recommend with 0 to 6 of 10",
            "level_dissatisfied": "customers whose last encounter dissatisfied",
            "level_satisfied": "customers whose last encounter satisfied (or who had none yet)",
            "level_delighted": "customers whose last encounter delighted",
        },
    ),
    *amounts(STOCK, "points (0-100)", {"satisfaction_sum": "sum of cumulative satisfaction over customers"}),
    *amounts(
        STOCK, "points squared", {"satisfaction_squares": "sum of squared cumulative satisfaction over customers"}
    ),
    *amounts(
        STOCK,
        "points (1-10)",
        {
            "acsi_expectation_sum": "sum of the ACSI item 'compared with expectations' over customers",
            "acsi_ideal_sum": "sum of the ACSI item 'compared with the ideal' over customers",
        },
    ),
    *counts(
        FLOW,
        "encounters",
        {
            "dissatisfied": "encounters that dissatisfied",
            "satisfied": "encounters that satisfied",
            "delighted": "encounters that delighted",
        },
    ),
    *amounts(
        FLOW,
        "points (1-7)",
        {f"perceived_{name}": f"sum over encounters of perceived quality, {name}" for name in DIMENSIONS},
    ),
)


_BOULDING = "Boulding, Kalra, Staelin & Zeithaml 1993 (form); assumption (size)"


class Judgement(Section):
    """From perception to satisfaction."""

    importance: Importance = group(Importance(), "Importance")
    will_assimilation: float = share(
        0.08,
        "Pull of perception towards the prediction",
        _BOULDING,
        label="Pull of the prediction",
        practical=(0.0, 0.4),
    )
    should_contrast: float = parameter(
        0.05,
        "Loss of perceived quality per point that delivery falls short of what should be",
        label="Penalty for falling short",
        unit="points per point",
        allowed=(0.0, 1.0),
        source="Boulding, Kalra, Staelin & Zeithaml 1993 (sign); assumption (size, and that only a shortfall counts)",
        practical=(0.0, 0.3),
    )
    loss_aversion: float = parameter(
        2.25,
        "Weight of a negative disconfirmation relative to a positive one",
        label="Loss aversion",
        unit="ratio",
        source="Tversky & Kahneman 1992 (2.25, choices between lotteries); Mittal, Ross & Baldasare 1998 (sign); "
        "assumption (that the size carries over to service)",
        allowed=(1.0, 10.0),
        practical=(1.0, 3.0),
    )
    tolerance: float = parameter(
        1.5,
        "Felt (loss-weighted) disconfirmation below which service is inadequate: lower edge of the zone",
        label="Zone of tolerance",
        unit="felt points (1-7)",
        source="Zeithaml, Berry & Parasuraman 1993 (form); assumption (size)",
        allowed=(0.0, 6.0),
        practical=(0.5, 3.0),
    )
    tolerance_floor: float = parameter(
        20.0,
        "Distance below the desired (should) level from which service is inadequate whatever one is used to; 20 is off",
        label="Floor of the zone",
        unit="points (1-7)",
        source="Zeithaml, Berry & Parasuraman 1993 (adequate service); assumption (form and size)",
        allowed=(0.0, 20.0),
        practical=(2.0, 20.0),
    )
    delight_margin: float = parameter(
        0.0,
        "Distance above the desired (should) level from which an encounter delights",
        label="Margin of delight",
        unit="points (1-7)",
        source="Zeithaml, Berry & Parasuraman 1993 (form); assumption (size)",
        allowed=(-6.0, 6.0),
        practical=(-0.5, 1.5),
    )
    satisfaction_at_reference: float = parameter(
        82.0,
        "Satisfaction with an encounter that delivers the reference quality exactly as expected",
        label="Satisfaction when as expected",
        unit="points (0-100)",
        source="assumption: set so that the baseline's ACSI comes out between 70 and 80",
        allowed=(0.0, 100.0),
        practical=(65.0, 92.0),
    )
    reference_quality: float = parameter(
        5.5,
        "Perceived quality at which the above holds",
        label="Reference quality",
        unit="points (1-7)",
        allowed=(1.0, 7.0),
        practical=(4.5, 6.5),
        definition=True,
    )
    quality_effect: float = parameter(
        8.0,
        "Satisfaction per point of perceived quality",
        label="Effect of quality",
        unit="points (0-100) per point (1-7)",
        source="Oliver 1980; Fornell et al. 1996 (form); assumption (size)",
        allowed=(0.0, 100.0),
        practical=(3.0, 18.0),
    )
    disconfirmation_effect: float = parameter(
        14.0,
        "Satisfaction per point of weighted, asymmetric disconfirmation",
        label="Effect of disconfirmation",
        unit="points (0-100) per point (1-7)",
        source="Oliver 1980 (form); assumption (size)",
        allowed=(0.0, 100.0),
        practical=(5.0, 25.0),
    )
    saturation: float = share(
        1.0,
        "How far satisfaction above the reference level saturates towards 100; 0 is a straight line",
        "Mittal, Ross & Baldasare 1998 (diminishing sensitivity); assumption (form)",
        label="Saturation near the top",
        practical=(0.0, 1.0),
    )
    value_effect: float = parameter(
        15.0,
        "Satisfaction with a purchase per log unit that its price is below the reference price",
        label="Effect of value for money",
        unit="points (0-100) per log unit",
        source="Fornell et al. 1996 (perceived value precedes satisfaction); assumption (size)",
        allowed=(0.0, 200.0),
        practical=(0.0, 50.0),
    )
    first_step: float = share(
        0.5,
        "Step of cumulative satisfaction towards the very first experience",
        "Bolton 1998 (form); assumption (size)",
        label="Step of the first impression",
        practical=(0.2, 0.9),
    )
    last_step: float = share(
        0.2,
        "Step that remains after a long history",
        "Bolton 1998 (form); assumption (size): quicker than expectations, so that their following shows",
        label="Step after a long history",
        practical=(0.02, 0.4),
    )
    history_half: float = parameter(
        6.0,
        "Encounters after which the step is half way between first and last",
        label="Encounters to half the step",
        unit="encounters",
        source="Bolton 1998 (form); assumption (size)",
        gt=0.0,
        le=1e6,
        practical=(2.0, 30.0),
    )
    initial_satisfaction: float = parameter(
        76.0,
        "Cumulative satisfaction of the customers at the start, and the anchor of newcomers",
        label="Satisfaction at the start",
        unit="points (0-100)",
        source="ACSI national average (level); assumption",
        setup=True,
        allowed=(0.0, 100.0),
        practical=(50.0, 90.0),
    )
    disposition_spread: float = parameter(
        11.0,
        "Standard deviation of the personal disposition to be satisfied, which adds to every judgement",
        label="Spread of disposition",
        unit="points (0-100)",
        source="Westbrook 1980 (concept); assumption (size)",
        setup=True,
        allowed=(0.0, 50.0),
        practical=(0.0, 20.0),
    )
    initial_history: float = parameter(
        20.0,
        "Encounters that customers at the start have behind them",
        label="Encounters before the start",
        unit="encounters",
        setup=True,
        allowed=(0.0, 60_000.0),
        practical=(0.0, 200.0),
    )


@rule
def level_of(felt: float, will: float, should: float, tolerance: float, delight_margin: float, floor: float) -> int:
    """Level of an encounter: 0 dissatisfied, 1 satisfied, 2 delighted.

    Dissatisfied below the adequate level, where the judged service will + felt is under will - tolerance or under
    should - floor, since nobody gets used to everything; delighted when it exceeds the desired level (should +
    margin). Source: Zeithaml, Berry & Parasuraman 1993; assumption (floor).

    >>> [level_of(felt, 5.5, 6.0, 1.3, 0.0, 2.5) for felt in (-2.0, 0.0, 0.6)], level_of(-1.0, 4.0, 6.0, 1.3, 0.0, 2.5)
    ([0, 1, 2], 0)
    """
    if felt < -tolerance or will + felt < should - floor:
        return 0
    if will + felt > should + delight_margin:
        return 2
    return 1


@rule
def encounter_satisfaction(
    quality: float,
    felt: float,
    personal: float,
    at_reference: float,
    reference: float,
    quality_effect: float,
    felt_effect: float,
    saturation: float,
) -> float:
    """Satisfaction with one encounter, 0 to 100: S0 + x with x = q (P - P0) + d D + personal.

    Above S0 satisfaction saturates: there x becomes (100 - S0)(1 - exp(-x / (100 - S0))), blended with the straight
    line by `saturation` (0 is straight). `quality` is weighted perceived quality, `felt` weighted asymmetric
    disconfirmation, both in points (1-7); `personal` is one's disposition and, of a purchase, its value for money.
    Sources: Oliver 1980; Fornell et al. 1996 (form); diminishing sensitivity: Mittal, Ross & Baldasare 1998.

    >>> encounter_satisfaction(4.5, -0.75, 2.0, 78.0, 5.5, 8.0, 12.0, 0.5)
    63.0
    >>> round(encounter_satisfaction(6.0, 0.75, 3.0, 78.0, 5.5, 8.0, 12.0, 0.5), 2)
    91.68
    """
    change = quality_effect * (quality - reference) + felt_effect * felt + personal
    room = 100.0 - at_reference
    if change > 0.0 and room > 0.0:
        change = change + saturation * (room * (1.0 - math.exp(-change / room)) - change)
    return clipped(at_reference + change, 0.0, 100.0)


@rule
def learning_step(history: float, first: float, last: float, half: float, weight: float) -> float:
    """Step of cumulative satisfaction: the longer the history, the smaller (Bolton 1998).

    last + (first - last) half / (half + history), times the weight of the kind of encounter, at most 1.

    >>> learning_step(0.0, 0.5, 0.25, 6.0, 1.0), learning_step(6.0, 0.5, 0.25, 6.0, 1.0)
    (0.5, 0.375)
    """
    step = weight * (last + (first - last) * half / (half + history))
    return step if step < 1.0 else 1.0


@rule
def moved_towards(old: float, new: float, step: float) -> float:
    """An anchor that a new experience updates: old + step (new - old).

    >>> moved_towards(70.0, 80.0, 0.1)
    71.0
    """
    return old + step * (new - old)


@kernel
def conclude(table: Table, people: int, segment: SegmentRecord, value: float, counts: Counts) -> None:
    """Level of the first `people` encounters, and what becomes of satisfaction, confirmation and history.

    `value` is what the price adds to satisfaction with a purchase, points (0-100).
    """
    judgement = segment.judgement
    tolerance, delight_margin, floor = judgement.tolerance, judgement.delight_margin, judgement.tolerance_floor
    at_reference, reference = judgement.satisfaction_at_reference, judgement.reference_quality
    quality_effect, felt_effect = judgement.quality_effect, judgement.disconfirmation_effect
    saturation = judgement.saturation
    first, last, half = judgement.first_step, judgement.last_step, judgement.history_half
    dissatisfied = 0
    delighted = 0
    for i in range(people):
        level = level_of(
            table[T.felt, i], table[T.mean_will, i], table[T.mean_should, i], tolerance, delight_margin, floor
        )
        table[T.level, i] = level
        dissatisfied += level == LEVEL_DISSATISFIED
        delighted += level == LEVEL_DELIGHTED
    for i in range(people):  # alone: the exponential keeps its loop from being vectorised
        table[T.now, i] = encounter_satisfaction(
            table[T.quality, i],
            table[T.felt, i],
            table[T.disposition, i] + (value if table[T.kind, i] == PURCHASE else 0.0),
            at_reference,
            reference,
            quality_effect,
            felt_effect,
            saturation,
        )
    for i in range(people):
        step = learning_step(table[T.history, i], first, last, half, table[T.weight, i])
        table[T.satisfaction, i] = moved_towards(table[T.satisfaction, i], table[T.now, i], step)
        table[T.confirmation, i] = moved_towards(table[T.confirmation, i], table[T.felt, i], step)
        table[T.history, i] += 1.0
    counts[O.dissatisfied] += dissatisfied
    counts[O.satisfied] += people - dissatisfied - delighted
    counts[O.delighted] += delighted
