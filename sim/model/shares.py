"""Shares and hazards: the one shape of every decision, and rates per year turned into chances per period."""

import math

from sim.compiled import rule


@rule
def shifted_share(base: float, shift: float) -> float:
    """A published base share, shifted on the logit scale: logit(p) = logit(base) + shift.

    With a shift of zero exactly the base comes out, so that a published figure is the limiting case of the general
    rule; bases of 0 and 1 stay what they are.

    Args:
        base: Share, 0 to 1.
        shift: Sum of weighted drivers, logit.

    Returns:
        Share, 0 to 1.

    >>> shifted_share(0.04, 0.0)
    0.04
    >>> round(shifted_share(0.5, 1.0), 6)
    0.731059
    """
    if shift == 0.0 or base <= 0.0 or base >= 1.0:
        return base
    if shift > 0.0:
        odds = math.exp(-shift if shift < 700.0 else -700.0)
        return base / (base + (1.0 - base) * odds)
    odds = math.exp(shift if shift > -700.0 else -700.0)
    return base * odds / (1.0 - base + base * odds)


@rule
def chance_per_period(yearly: float, years: float) -> float:
    """Chance within a period from a yearly probability: 1 - (1 - p)^years (constant hazard).

    >>> round(chance_per_period(0.19, 0.5), 12)
    0.1
    """
    if yearly <= 0.0:
        return 0.0
    return 1.0 - math.exp(math.log1p(-yearly) * years)


@rule
def chance_of_event(rate: float, years: float) -> float:
    """Chance of at least one event of a Poisson process: 1 - exp(-rate * years).

    >>> round(chance_of_event(1.0, 1.0), 6)
    0.632121
    """
    return 1.0 - math.exp(-rate * years)


@rule
def fixed_point(value: float) -> int:
    """An amount as a whole number of 1/65536: sums of these do not depend on their order.

    Rounded half up where it is not negative; negative amounts are rounded towards zero after adding the half.

    >>> fixed_point(1.5)
    98304
    """
    return int(value * 65536.0 + 0.5)


@rule
def clipped(value: float, low: float, high: float) -> float:
    """`value` cut to the range low to high.

    >>> clipped(8.0, 1.0, 7.0)
    7.0
    """
    if value < low:
        return low
    if value > high:
        return high
    return value
