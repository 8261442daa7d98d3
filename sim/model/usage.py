"""Usage: who is more satisfied than at the start meets the supplier more often, and who is less so, less often."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.compiled import double, rule
from sim.model.dimensions import TEN_POINTS

if TYPE_CHECKING:
    from sim.model.contexts import Environment
    from sim.model.state_types import State


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
