"""Usage: who is more satisfied than at the start meets the supplier more often, and who is less so, less often.

How many encounters there are is Poisson luck (`sim.model.luck`), of which the few that most people have are told here.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.compiled import double, rule
from sim.model.dimensions import TEN_POINTS
from sim.model.luck import FEW

if TYPE_CHECKING:
    from sim.model.contexts import Environment
    from sim.model.state_types import State

MOST_AT_ONCE = 2
"""So many encounters `few_events` tells, and no more."""


@rule
def appetite(satisfaction: float, usual: float, effect: float) -> float:
    """Encounters relative to one's usual ones, by satisfaction: exp(k (S - S0) / 10), points 0 to 100.

    Args:
        satisfaction: S, cumulative satisfaction.
        usual: S0, one's own at the start: the segment's initial satisfaction and the person's disposition.
        effect: k, `customers.encounters.satisfaction_effect`.

    >>> appetite(76.0, 76.0, 0.25), round(appetite(86.0, 76.0, 0.0625), 4)
    (1.0, 1.0645)
    """
    return math.exp(effect * (satisfaction - usual) / TEN_POINTS)


@rule
def appetite_of(state: State, i: int, environment: Environment) -> float:
    """Encounters of the customer of row i relative to the usual ones, by satisfaction."""
    person = state.people[i]
    segment = environment.segments[person.segment]
    usual = segment.judgement.initial_satisfaction + double(person.disposition)
    return appetite(double(state.satisfaction[i]), usual, segment.encounters.satisfaction_effect)


@rule
def few_events(u: float, mean: float, none: float) -> int:
    """What `sim.model.luck.events` gives where it is at most `MOST_AT_ONCE`; else, or above a mean of 8, a larger one.

    Without branches, so that a loop computes it for many at once; `events` is asked of the few for whom it is larger.

    >>> [few_events(u, 1.0, math.exp(-1.0)) for u in (0.3, 0.9, 0.999)]
    [0, 2, 3]
    """
    once = none * mean
    twice = once * (mean / 2.0)
    upto = none + once
    found = int(u > none) + int(u > upto) + int(u > upto + twice)
    return found + (MOST_AT_ONCE + 1) * int(mean > FEW)
