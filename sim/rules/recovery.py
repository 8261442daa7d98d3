"""The answer to a complaint and how it is judged: distributive, interactional and procedural justice."""

from sim.compiled import rule
from sim.rules.shares import clipped

UNANSWERED, UNRESOLVED, RESOLVED, RESOLVED_QUICKLY = 0, 1, 2, 3


@rule
def outcome_of(answered: bool, resolved: bool, days: float, target_days: float) -> int:
    """Outcome of a complaint: 0 unanswered, 1 unresolved, 2 resolved, 3 resolved quickly.

    >>> outcome_of(True, True, 1.0, 2.0), outcome_of(True, False, 1.0, 2.0)
    (3, 1)
    """
    if not answered:
        return UNANSWERED
    if not resolved:
        return UNRESOLVED
    return RESOLVED_QUICKLY if days <= target_days else RESOLVED


@rule
def distributive_justice(outcome: int, compensation: float, remedy: float, no_remedy: float) -> float:
    """Fairness of what the complainer got, -1 to 1: nothing at all -1, no remedy, remedy, remedy and compensation.

    >>> [distributive_justice(outcome, 0.5, 0.4, -0.7) for outcome in (0, 1, 2)]
    [-1.0, -0.7, 0.7]
    """
    if outcome == UNANSWERED:
        return -1.0
    if outcome == UNRESOLVED:
        return no_remedy
    return remedy + (1.0 - remedy) * compensation


@rule
def interactional_justice(outcome: int, apology: float, called_back: bool, call_back: float) -> float:
    """Fairness of the treatment, -1 to 1: twice the quality of the apology minus one, a call back part of the way up.

    >>> interactional_justice(2, 0.25, False, 0.75), interactional_justice(2, 0.25, True, 0.75)
    (-0.5, 0.625)
    """
    if outcome == UNANSWERED:
        return -1.0
    treatment = 2.0 * apology - 1.0
    if called_back:
        treatment = treatment + call_back * (1.0 - treatment)
    return treatment


@rule
def procedural_justice(outcome: int, days: float, target_days: float) -> float:
    """Fairness of the procedure, -1 to 1: 1 at once, 0.5 on target, -1 from four times the target on.

    A refusal earns nothing by being quick: unresolved it is at most 0.

    >>> procedural_justice(2, 2.0, 2.0), procedural_justice(2, 100.0, 2.0), procedural_justice(1, 0.0, 2.0)
    (0.5, -1.0, 0.0)
    """
    if outcome == UNANSWERED:
        return -1.0
    speed = 1.0 if days <= 0.0 else -1.0
    if target_days > 0.0:
        speed = clipped(1.0 - 0.5 * days / target_days, -1.0, 1.0)
    if outcome == UNRESOLVED and speed > 0.0:
        return 0.0
    return speed


@rule
def justice_of(
    distributive: float, interactional: float, procedural: float, w_dist: float, w_inter: float, w_proc: float
) -> float:
    """Overall justice, the weighted mean of the three (Orsingher, Valentini & de Angelis 2010), -1 to 1.

    >>> round(justice_of(0.7, -0.4, 0.25, 0.45, 0.33, 0.22), 3)
    0.238
    """
    return w_dist * distributive + w_inter * interactional + w_proc * procedural


@rule
def satisfaction_after_answer(satisfaction: float, justice: float, gain: float, double_deviation: float) -> float:
    """Cumulative satisfaction after the answer, 0 to 100: just answers add, unjust ones take again.

    Sources: de Matos, Henrique & Rossi 2007 (recovery paradox in satisfaction); Bitner, Booms & Tetreault 1990.

    >>> satisfaction_after_answer(60.0, 0.5, 18.0, 26.0), satisfaction_after_answer(60.0, -0.5, 18.0, 26.0)
    (69.0, 47.0)
    """
    change = gain * justice if justice >= 0.0 else double_deviation * justice
    return clipped(satisfaction + change, 0.0, 100.0)
