"""Staying: whom one meets after years as a customer is somebody who has stayed, and not anybody who once came.

Of those who come, those go first who are likely to go. Of natural attrition `attrition_of_anybody` knows it; this room
is of those who drop out after purchases. Source: Fader & Hardie 2007 (retention that rises by sorting alone); Fader,
Hardie & Lee 2005.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from sim.compiled import kernel
from sim.model.gammas import ATTEMPTS, beta, gamma
from sim.model.in_use import at
from sim.model.luck import uniforms
from sim.model.person import luck_of
from sim.vocabulary.streams import INITIAL

if TYPE_CHECKING:
    from sim.model.state_types import State

STAYING_DRAWS = 40_000_000
"""Where the indexes of the stream INITIAL begin of those who have stayed, beyond all others."""

DRAWS_OF_STAYING = 3 * ATTEMPTS + 1
"""Indexes of an attempt: a gamma and a beta variate, and whether they are taken."""

MOST_TRIED = 1000
"""Attempts at somebody who has stayed: enough wherever one in a hundred does."""


@kernel
def stay_so_long(state: State, i: int, segment: Any, years: float, seed: int) -> None:
    """Draw anew how often the customer of row i buys, and how likely it drops out, as of those who stayed for `years`.

    Purchases come at the rate l of the person and each ends all with the chance q, so that exp(-l q years) of such
    people have stayed: pairs are drawn as of those who come, and taken with that probability. Where nobody drops out,
    or all are alike, nothing changes.
    """
    meets, dropping = segment.encounters, segment.drop_out
    mean = dropping.per_purchase
    unequal = dropping.polarization > 0.0 or meets.frequency_cv > 0.0
    if mean > 0.0 and years > 0.0 and unequal:
        person = state.people[i]
        luck, born = luck_of(state, i), person.born
        frequency, chance = 1.0, mean
        for attempt in range(MOST_TRIED):
            first = STAYING_DRAWS + DRAWS_OF_STAYING * attempt
            if meets.frequency_cv > 0.0:
                shape = 1.0 / (meets.frequency_cv * meets.frequency_cv)
                frequency = gamma(seed, INITIAL, luck, born, first, shape) / shape
            if dropping.polarization > 0.0:
                size = 1.0 / dropping.polarization - 1.0
                chance = beta(seed, INITIAL, luck, born, first + ATTEMPTS, mean * size, (1.0 - mean) * size)
            stayed = math.exp(-frequency * meets.purchases_per_year * years * chance)
            if uniforms(seed, INITIAL, luck, born, first + DRAWS_OF_STAYING - 1)[0] < stayed:
                break
        state.frequency[i] = frequency
        state.drop_out[at(state.drop_out, i)] = chance
