"""Listening: what a firm's instrument reaches in a period, and what it costs; who tells it stands in `learning`."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from sim.model.contexts import Clock
from sim.model.luck import uniforms
from sim.model.service import NO_FAILURE, failure_mode
from sim.vocabulary.streams import LEARNING

if TYPE_CHECKING:
    from sim.model.learning import Learning

VISITS = 1 << 20
"""Where the indexes of mystery shoppers begin, within the stream LEARNING."""


def visits_of(learning: Learning, period: int, years: float) -> int:
    """Visits of mystery shoppers in a period, whole ones that add up to the rate; 0 where the firm sends none.

    >>> from sim.model.learning import Learning
    >>> shoppers = Learning(steering="shopping", shopping_visits=10.0)
    >>> [visits_of(shoppers, period, 0.25) for period in range(4)], visits_of(Learning(), 0, 0.25)
    ([2, 3, 2, 3], 0)
    """
    if learning.steering != "shopping":
        return 0
    each = learning.shopping_visits * years
    return math.floor(each * (period + 1)) - math.floor(each * period)


def reported_by_shoppers(firm: Any, f: int, visits: int, clock: Clock) -> list[int]:
    """The failure modes that mystery shoppers of firm f report in a period: they are served as customers are.

    Args:
        firm: The firm's record, whose ladder of failures and share of what inspection finds hold for them too.
        f: Number of the firm, and key of their luck.
        visits: How often they come.
        clock: Seed and period.
    """
    found = float(firm["systems"]["interception_share"])
    draws = (uniforms(clock.seed, LEARNING, f, clock.period, VISITS + n) for n in range(visits))
    modes = [failure_mode(draw[0], firm["failure_ladder"]) for draw in draws if draw[1] >= found]
    return [mode for mode in modes if mode != NO_FAILURE]


def encounters_heard_of(learning: Learning, encounters: float, visits: int) -> float:
    """Encounters that the reports of a period are of; those of a survey by its response at a satisfaction of 75.

    >>> from sim.model.learning import Learning
    >>> encounters_heard_of(Learning(steering="survey"), 1000.0, 0), encounters_heard_of(Learning(), 1000.0, 0)
    (20.0, 1000.0)
    """
    if learning.steering == "shopping":
        return float(visits)
    return encounters * learning.survey_share * learning.response_rate if learning.steering == "survey" else encounters


def cost_of_listening(learning: Learning, encounters: float, recorded: float, visits: int, years: float) -> float:
    """What a firm's instrument costs in a period, money; the truth has no price.

    >>> from sim.model.learning import Learning
    >>> cost_of_listening(Learning(steering="register"), 900.0, 15.0, 0, 0.25)
    30.0
    """
    costs = {
        "register": learning.register_cost * recorded,
        "survey": learning.survey_cost * learning.survey_share * encounters,
        "box": learning.box_cost * years,
        "posts": learning.posts_cost * years,
        "shopping": learning.shopping_cost * visits,
    }
    return costs.get(learning.steering, 0.0)
