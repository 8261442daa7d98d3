"""Natural attrition: who leaves for reasons of their own, how likely, and for how long they have been customers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.compiled import rule
from sim.model.gammas import ATTEMPTS, beta
from sim.model.luck import uniforms
from sim.model.shares import chance_per_period
from sim.vocabulary.streams import INITIAL

if TYPE_CHECKING:
    from sim.model.bonds import Bonds
    from sim.model.luck import Seed

ATTRITION_DRAWS = 20_000
"""Where the indexes of the stream INITIAL begin of attrition, which needs more than one draw."""

DRAWS_AN_ATTEMPT = 2 * ATTEMPTS + 1
"""Indexes of an attempt at the attrition of the stock: a beta variate, and whether it is taken."""

MOST_ATTEMPTS = 10_000
"""Attempts at it: a thousand times more than a renewal in its practical range needs."""

LONGEST_CUSTOM = 100_000.0
"""Periods that somebody can have been a customer; no run lasts longer."""


@rule
def attrition_of_anybody(seed: Seed, luck: int, born: int, bonds: Bonds, years: float, there: float) -> float:
    """Hazard of natural attrition per period of a person who comes, or has stayed `there` years: beta, or fixed.

    Those who stay are beta distributed too, with b + `there` for b. Source: Fader & Hardie 2007; the parameters are
    mean and polarization, see `customers.bonds`.
    """
    hazard = bonds.attrition_per_year
    if attrition_differs(bonds):
        a, b = beta_shapes(hazard, bonds.attrition_polarization)
        hazard = beta(seed, INITIAL, luck, born, ATTRITION_DRAWS, a, b + there)
    return attrition_per_period(hazard, years)


@rule
def attrition_differs(bonds: Bonds) -> bool:
    """Whether people of a segment differ in their attrition."""
    return bonds.attrition_polarization > 0.0 and bonds.attrition_per_year > 0.0


@rule
def beta_shapes(mean: float, polarization: float) -> tuple[float, float]:
    """A and b of the beta distribution with this mean a / (a + b) and polarization 1 / (1 + a + b).

    >>> beta_shapes(0.25, 0.2)
    (1.0, 3.0)
    """
    size = 1.0 / polarization - 1.0
    return mean * size, (1.0 - mean) * size


@rule
def attrition_per_period(hazard: float, years: float) -> float:
    """Chance within a period of natural attrition with a yearly probability, which may be a certainty.

    >>> attrition_per_period(1.0, 0.5), attrition_per_period(0.75, 0.5)
    (1.0, 0.5)
    """
    return 1.0 if hazard >= 1.0 else chance_per_period(hazard, years)


@rule
def attrition_in_stock(seed: Seed, luck: int, born: int, bonds: Bonds, years: float, renewal: float) -> float:
    """Hazard of natural attrition per period of somebody met in a market that has always renewed itself.

    Who is likely to leave is met less often: the density is in proportion to f(a) / (a + renewal), f being the density
    of those who come and both hazards those of a period. Drawn by rejection, from f itself, or, where that accepts
    more often, from f(x) / x, which is a beta distribution too. Source: the stationary density of a renewal process
    with mixed hazards (Cox 1962, Renewal Theory; the length-biased stock).
    """
    mean = bonds.attrition_per_year
    if not attrition_differs(bonds):
        return attrition_per_period(mean, years)
    a, b = beta_shapes(mean, bonds.attrition_polarization)
    size = 1.0 / bonds.attrition_polarization - 1.0
    lighter = years * (a - 1.0) > renewal * (size - 1.0)  # which proposal is accepted more often
    hazard = 0.0
    for attempt in range(MOST_ATTEMPTS):
        first = ATTRITION_DRAWS + DRAWS_AN_ATTEMPT * attempt
        x = beta(seed, INITIAL, luck, born, first, a - 1.0 if lighter else a, b)
        hazard = attrition_per_period(x, years)
        accepted = (x * years if lighter else renewal) / (hazard + renewal)
        if uniforms(seed, INITIAL, luck, born, first + DRAWS_AN_ATTEMPT - 1)[0] < accepted:
            break
    return hazard


@rule
def periods_of_custom(u: float, hazard: float) -> int:
    """Whole periods that a customer who leaves with `hazard` per period has been one: geometric, from the draw u.

    The smallest k with 1 - (1 - hazard)^(k + 1) > u, at most `LONGEST_CUSTOM`; so is the age of what is renewed at a
    constant rate.

    >>> [periods_of_custom(u, 0.5) for u in (0.4, 0.6, 0.8)], periods_of_custom(0.5, 1.0)
    ([0, 1, 2], 0)
    """
    if hazard >= 1.0:
        return 0
    return int(min(math.log1p(-u) / math.log1p(-hazard), LONGEST_CUSTOM))
