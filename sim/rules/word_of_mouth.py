"""Talk: to how many, and what it does to opinion and adoption."""

import math

from sim.compiled import rule
from sim.rules.shares import clipped, shifted_share


@rule
def people_told(reach: float, u: float) -> int:
    """A whole number of people with mean `reach`: the fraction decides by the draw u.

    >>> people_told(2.5, 0.4), people_told(2.5, 0.6)
    (3, 2)
    """
    whole = math.floor(reach)
    return int(whole) + (1 if u < reach - whole else 0)


@rule
def tone_heard(good: float, bad: float, negative_impact: float) -> float:
    """Tone of all that was heard about a firm, -1 to 1: (g - k b) / (g + k b), weighted words. Assumption.

    >>> tone_heard(4.5, 1.0, 1.5)
    0.5
    """
    weight = good + negative_impact * bad
    if weight <= 0.0:
        return 0.0
    return (good - negative_impact * bad) / weight


@rule
def opinion_after_talk(opinion: float, tone: float, susceptibility: float) -> float:
    """Opinion of a firm after listening, -1 to 1.

    >>> opinion_after_talk(0.5, -0.75, 0.2)
    0.25
    """
    return clipped(opinion + susceptibility * (tone - opinion), -1.0, 1.0)


@rule
def appeal_of(opinion: float, promise: float, will: float, w_opinion: float, w_promise: float) -> float:
    """Appeal of a firm to someone who is not its customer, logit: opinion, and its promise above what one predicts.

    `promise` and `will` are weighted means, points (1-7). Source: notes 'Atención y servicio al cliente' (promises draw
    and bind); assumption (form).

    >>> appeal_of(0.5, 6.0, 4.5, 1.25, 0.5)
    1.375
    """
    return w_opinion * opinion + w_promise * (promise - will)


@rule
def adoption_chance(advertising: float, strong: int, weak: int, b_strong: float, b_weak: float, appeal: float) -> float:
    """Chance that a prospect adopts in a period: 1 - (1 - a)(1 - b_w)^m (1 - b_s)^j, shifted by the firm's appeal.

    `advertising` is a per period; m weak and j strong ties spoke well of the firm; `appeal` in logit. Source:
    Goldenberg, Libai & Muller 2001; with an appeal of 0 exactly theirs.

    >>> round(adoption_chance(0.2, 1, 2, 0.5, 0.25, 0.0), 3), round(adoption_chance(0.2, 1, 2, 0.5, 0.25, -0.7), 3)
    (0.775, 0.631)
    """
    chance = advertising
    if strong > 0 or weak > 0:
        chance = 1.0 - (1.0 - advertising) * math.pow(1.0 - b_weak, float(weak)) * math.pow(
            1.0 - b_strong, float(strong)
        )
    return shifted_share(chance, appeal)
