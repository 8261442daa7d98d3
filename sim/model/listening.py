"""Listening: what a firm's instrument reaches in a period, and what it costs; who tells it stands in `learning`."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.model.learning import Learning


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
