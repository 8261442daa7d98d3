"""Disconfirmation, the zone of tolerance, cumulative satisfaction and its indices."""

import math

from sim.compiled import rule
from sim.rules.shares import clipped


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


@rule
def level_of(felt: float, will: float, should: float, tolerance: float, delight_margin: float) -> int:
    """Level of an encounter: 0 dissatisfied, 1 satisfied, 2 delighted.

    Dissatisfied below the adequate level (felt disconfirmation under -tolerance), delighted when the judged service
    will + felt exceeds the desired level (should + margin). Source: Zeithaml, Berry & Parasuraman 1993.

    >>> level_of(-2.0, 5.5, 6.0, 1.3, 0.0), level_of(0.0, 5.5, 6.0, 1.3, 0.0), level_of(0.6, 5.5, 6.0, 1.3, 0.0)
    (0, 1, 2)
    """
    if felt < -tolerance:
        return 0
    if will + felt > should + delight_margin:
        return 2
    return 1


@rule
def encounter_satisfaction(
    quality: float,
    felt: float,
    disposition: float,
    at_reference: float,
    reference: float,
    quality_effect: float,
    felt_effect: float,
    saturation: float,
) -> float:
    """Satisfaction with one encounter, 0 to 100: S0 + x with x = q (P - P0) + d D + disposition.

    Above S0 satisfaction saturates: there x becomes (100 - S0)(1 - exp(-x / (100 - S0))), blended with the straight
    line by `saturation` (0 is straight). `quality` is weighted perceived quality, `felt` weighted asymmetric
    disconfirmation, both in points (1-7). Sources: Oliver 1980; Fornell et al. 1996 (form); diminishing sensitivity:
    Mittal, Ross & Baldasare 1998.

    >>> encounter_satisfaction(4.5, -0.75, 2.0, 78.0, 5.5, 8.0, 12.0, 0.5)
    63.0
    >>> round(encounter_satisfaction(6.0, 0.75, 3.0, 78.0, 5.5, 8.0, 12.0, 0.5), 2)
    91.68
    """
    change = quality_effect * (quality - reference) + felt_effect * felt + disposition
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


@rule
def recommendation(satisfaction: float) -> int:
    """Promoter (1), passive (0) or detractor (-1): satisfaction / 10 rounded to 0-10, 9-10 and 0-6 (Reichheld 2003).

    >>> recommendation(85.0), recommendation(70.0), recommendation(64.9)
    (1, 0, -1)
    """
    if satisfaction >= 85.0:
        return 1
    if satisfaction < 65.0:
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
