"""Gamma and beta variates: numbers that need more than one draw of luck, whole or in the parts they are made of."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.compiled import rule
from sim.model.luck import normal, uniforms

if TYPE_CHECKING:
    from sim.model.luck import Seed

ATTEMPTS = 1000
"""Indexes set aside for one gamma variate; each attempt is refused with probability below 0.05."""
SQUEEZE = 0.0331
"""Of Marsaglia & Tsang: an attempt at a gamma variate is taken where u < 1 - 0.0331 z**4."""
UNDOUBTED = 1e-6
"""How far below that a draw must be, so that rounding cannot refuse what is taken there."""
LARGE = 1e5
"""The shape up to which rounding is surely less than that."""


@rule
def gamma_frame(shape: float) -> tuple[float, float]:
    """D and c of `gamma`, of the shape or, if it is below 1, of one more.

    >>> d, c = gamma_frame(4.0 / 3.0)
    >>> round(d, 12), round(c, 12)
    (1.0, 0.333333333333)
    """
    full_shape = shape if shape >= 1.0 else shape + 1.0
    d = full_shape - 1.0 / 3.0
    return d, 1.0 / math.sqrt(9.0 * d)


@rule
def surely_taken(u: float, z: float, d: float) -> bool:
    """Whether an attempt at a gamma variate is taken whose logarithms need not be compared: 11 of 12 are.

    Where u < 1 - 0.0331 z**4 the comparison of `gamma` holds; a little is left for the rounding of it. Source:
    Marsaglia & Tsang (2000), section 4.

    >>> surely_taken(0.5, 1.0, 2.0), surely_taken(0.97, 1.0, 2.0)
    (True, False)
    """
    square = z * z
    return (u < 1.0 - UNDOUBTED - SQUEEZE * square * square) & (d <= LARGE)


@rule
def gamma_parts(
    seed: Seed, stream: int, customer: int, period: int, first_index: int, shape: float
) -> tuple[float, float]:
    """A gamma variate as (variate of a shape of at least 1, logarithm of the factor that boosts it down)."""
    d, c = gamma_frame(shape)
    variate = d
    boost = 0.0
    for attempt in range(ATTEMPTS):
        u_normal, u_accept, u_boost, _ = uniforms(seed, stream, customer, period, first_index + attempt)
        z = normal(u_normal)
        root = 1.0 + c * z
        if root <= 0.0:
            continue
        v = root * root * root
        if surely_taken(u_accept, z, d) or math.log(u_accept) < 0.5 * z * z + d - d * v + d * math.log(v):
            variate = d * v
            if shape < 1.0:
                boost = log_boost(u_boost, shape)
            break
    return variate, boost


@rule
def log_boost(u: float, shape: float) -> float:
    """Logarithm of what makes a gamma variate of a shape below 1 of one of a shape greater by 1: ln(u) / shape.

    >>> round(log_boost(0.5, 0.25) / math.log(0.5), 12)
    4.0
    """
    return math.log(u) / shape


@rule
def gamma_of(variate: float, boost: float) -> float:
    """A gamma variate of its parts, see `gamma_parts`.

    >>> gamma_of(2.0, 0.0), round(gamma_of(2.0, -math.log(4.0)), 12)
    (2.0, 0.5)
    """
    return variate * math.exp(boost) if boost < 0.0 else variate


@rule
def gamma(seed: Seed, stream: int, customer: int, period: int, first_index: int, shape: float) -> float:
    """A gamma variate of the given `shape` > 0 and scale 1: mean = variance = shape.

    d = shape - 1/3, v = (1 + z / sqrt(9 d))**3, accepted when ln u < z**2 / 2 + d (1 - v + ln v), then d v; a
    shape below 1 is drawn as shape + 1 and multiplied by u**(1/shape). Uses the indexes from `first_index`
    upward, one an attempt, mostly one and never more than 1000. Source: Marsaglia & Tsang (2000), A simple
    method for generating gamma variables, ACM TOMS 26, 363-372.

    >>> 0.0 < gamma(1, 0, 5, 0, 0, 2.5) < 30.0
    True
    """
    variate, boost = gamma_parts(seed, stream, customer, period, first_index, shape)
    return gamma_of(variate, boost)


@rule
def beta(seed: Seed, stream: int, customer: int, period: int, first_index: int, a: float, b: float) -> float:
    """A beta variate on [0, 1]: mean a / (a + b), variance a b / ((a + b)**2 (a + b + 1)), for a, b > 0.

    x / (x + y) with x ~ gamma(a) and y ~ gamma(b). Uses the indexes `first_index` ... `first_index` + 1999. Source:
    Devroye (1986), IX.3 and IX.4.

    >>> 0.0 <= beta(1, 0, 5, 0, 0, 2.0, 3.0) <= 1.0
    True
    """
    x, log_x = gamma_parts(seed, stream, customer, period, first_index, a)
    y, log_y = gamma_parts(seed, stream, customer, period, first_index + ATTEMPTS, b)
    return beta_of(x, log_x, y, log_y)


@rule
def beta_of(x: float, log_x: float, y: float, log_y: float) -> float:
    """X / (x + y) of two gamma variates in parts, on the logarithmic scale, so that tiny shapes give no 0/0.

    >>> round(beta_of(3.0, 0.0, 1.0, 0.0), 12), round(beta_of(1.0, -1000.0, 1.0, -1000.0), 12)
    (0.75, 0.5)
    """
    log_odds = (math.log(x) + log_x) - (math.log(y) + log_y)
    if log_odds > 0.0:
        return 1.0 / (1.0 + math.exp(-log_odds))
    odds = math.exp(log_odds)
    return odds / (1.0 + odds)
