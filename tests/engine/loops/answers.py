"""The end of a complaint by docs/odd.md (7.7), without the rules: justice, satisfaction, the shift of buying again."""

from typing import Any

import numpy as np

from tests.engine.loops.small import SCENARIO, YEARS, Small, loyalty_by_hand
from tests.model.worked import numbers

mpf = numbers.mpf
UNANSWERED, UNRESOLVED, RESOLVED, QUICKLY = range(4)
OUTCOMES = ("unanswered", "unresolved", "resolved", "resolved_quickly")


def justice(f: int, outcome: int, days: float, called: bool) -> Any:
    """J of the page, with the weights 0.4375, 0.3125, 0.25."""
    desk = SCENARIO.firms[f].desk
    if outcome == UNANSWERED:
        return -mpf("0.4375") - mpf("0.3125") - mpf("0.25")
    distributive = mpf("-0.6875") if outcome == UNRESOLVED else mpf("0.375") + mpf("0.625") * desk.compensation
    a = 2 * mpf(desk.apology) - 1
    interactional = a + mpf("0.5625") * (1 - a) if called else a
    procedural = min(max(1 - days / (2 * mpf(desk.speed_target_days)), mpf(-1)), mpf(1))
    if outcome == UNRESOLVED:
        procedural = min(procedural, mpf(0))
    return mpf("0.4375") * distributive + mpf("0.3125") * interactional + mpf("0.25") * procedural


def satisfied(before: float, j: Any) -> Any:
    return min(max(before + (17 * j if j >= 0 else 23 * j), mpf(0)), mpf(100))


def returning(small: Small, i: int, j: Any, satisfaction: Any, severity: Any, period: int) -> Any:
    """Shift of buying again: r.severity severity + r.switching_cost (cost - 0.5) + r.loyalty loyalty + r.justice J."""
    years = (period - small.of(i, "joined")) * mpf(YEARS)
    single = mpf(float(np.float32(float(satisfaction))))  # as it is stored
    return (
        mpf("-0.1875") * severity
        + mpf("0.9375") * (small.of(i, "switching_cost") - mpf("0.5"))
        + mpf("0.5625") * loyalty_by_hand(single, years)
        + mpf("0.4375") * j
    )
