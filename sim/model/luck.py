"""Luck: the one door for randomness.

Every random number is a pure function of (seed, stream, customer, period, index). There is no generator to
carry along: whoever asks for the same five gets the same number, in any order, on any thread, in any run. One
more customer, rule or output therefore shifts nobody else's luck, and two scenarios with one seed are paired
person by person.

The bits come from Philox4x32-10 (Salmon, Moraes, Dror & Shaw 2011, "Parallel random numbers: as easy as 1, 2,
3", SC'11), with key = (seed's low word, seed's high word) and counter = (customer, period, stream, index).
One call gives four words. Whole numbers wrap modulo 2**32 in plain Python as in compiled code; floats agree
to the last bit because both call the same C library for `math.exp`, `math.log`, `math.log1p` and `math.sqrt`
(checked on a million random arguments for each) and because nothing is reassociated or fused. A test holds
both to it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.compiled import rule, word32, word64

if TYPE_CHECKING:
    import numpy as np

    Seed = int | np.uint64

WORD = 2.0**-32
MIDDLE = 0.5
"""The middle of all uniform draws."""
POISSON_LIMIT = 64
CENTRE = 0.425
"""Half the width of the region in which the normal quantile needs no logarithm."""
SWIFT = 0.4975
"""The same for `swift_normal`, whose centre is wider and not exact."""
FEW = 8.0
"""The largest mean whose chance of no event is `no_event`; above, `events` takes `math.exp`."""
ALMOST_ONE = 1.0 - 2e-10
"""Of a draw that is not above this less the mean `poisson` is surely 0, for exp(-m) >= 1 - m."""


@rule
def philox4x32(seed: Seed, customer: int, period: int, stream: int, index: int) -> tuple[int, int, int, int]:
    """Four random words, the block cipher Philox4x32-10 of the counter (customer, period, stream, index).

    `seed` is taken modulo 2**64, the other four modulo 2**32. Returns four uint32. From Python (not from a
    kernel) pass seeds as np.uint64: numba refuses a Python int of 2**63 or more. Source: Salmon et al.
    (2011); the test compares with the known answers published with Random123.

    >>> [f"{int(word):08x}" for word in philox4x32(0, 0, 0, 0, 0)]
    ['6627e8d5', 'e169c58d', 'bc57ac4c', '9b00dbd8']
    """
    low = word64(0xFFFFFFFF)
    half = word64(32)
    key0 = word64(seed) & low
    key1 = word64(seed) >> half
    c0 = word64(word32(customer))
    c1 = word64(word32(period))
    c2 = word64(word32(stream))
    c3 = word64(word32(index))
    for _ in range(10):
        product0 = word64(0xD2511F53) * (c0 & low)
        product1 = word64(0xCD9E8D57) * (c2 & low)
        c0 = (product1 >> half) ^ c1 ^ key0
        c1 = product1
        c2 = (product0 >> half) ^ c3 ^ key1
        c3 = product0
        key0 = (key0 + word64(0x9E3779B9)) & low
        key1 = (key1 + word64(0xBB67AE85)) & low
    return word32(c0), word32(c1), word32(c2), word32(c3)


@rule
def uniforms(seed: Seed, stream: int, customer: int, period: int, index: int) -> tuple[float, float, float, float]:
    """Four independent uniform numbers, strictly between 0 and 1: u = (word + 1/2) / 2**32, exact in float64.

    They are symmetric about 1/2 and never nearer to 0 or 1 than 2**-33. Source: `philox4x32`.

    >>> u = uniforms(7, 0, 12, 3, 0)
    >>> u == uniforms(7, 0, 12, 3, 0), u == uniforms(7, 1, 12, 3, 0)
    (True, False)
    >>> all(0.0 < x < 1.0 for x in u)
    True
    """
    w0, w1, w2, w3 = philox4x32(seed, customer, period, stream, index)
    return (
        (float(w0) + 0.5) * WORD,
        (float(w1) + 0.5) * WORD,
        (float(w2) + 0.5) * WORD,
        (float(w3) + 0.5) * WORD,
    )


@rule
def _degree6(r: float, c0: float, c1: float, c2: float, c3: float, c4: float, c5: float, c6: float) -> float:
    """c0 + c1 r + ... + c6 r**6, by Horner's scheme."""
    return (((((c6 * r + c5) * r + c4) * r + c3) * r + c2) * r + c1) * r + c0


@rule
def _degree7(r: float, c0: float, c1: float, c2: float, c3: float, c4: float, c5: float, c6: float, c7: float) -> float:
    """c0 + c1 r + ... + c7 r**7, by Horner's scheme."""
    return ((((((c7 * r + c6) * r + c5) * r + c4) * r + c3) * r + c2) * r + c1) * r + c0


@rule
def normal_centre(q: float) -> float:
    """Standard normal quantile of u = q + 1/2 where abs(q) <= 0.425: `normal` where it has no branches.

    >>> normal_centre(0.25) == normal(0.75)
    True
    """
    r = 0.180625 - q * q
    above = _degree7(
        r,
        3.387132872796366608,
        133.14166789178437745,
        1971.5909503065514427,
        13731.693765509461125,
        45921.953931549871457,
        67265.770927008700853,
        33430.575583588128105,
        2509.0809287301226727,
    )
    below = _degree7(
        r,
        1.0,
        42.313330701600911252,
        687.1870074920579083,
        5394.1960214247511077,
        21213.794301586595867,
        39307.89580009271061,
        28729.085735721942674,
        5226.495278852545925,
    )
    return q * above / below


@rule
def normal(u: float) -> float:
    """Standard normal quantile of `u`, 0 < u < 1: mean 0, standard deviation 1, increasing in u.

    Rational approximations in three regions, relative error about 1e-16. Returns -inf or inf at or beyond 0
    or 1. Source: Wichura (1988), Algorithm AS 241 (PPND16), Applied Statistics 37, 477-484.

    >>> normal(0.5), round(normal(0.975), 12)
    (0.0, 1.95996398454)
    """
    q = u - MIDDLE
    if abs(q) <= CENTRE:
        return normal_centre(q)
    tail = u if q < 0.0 else 1.0 - u
    if tail <= 0.0:
        return -math.inf if q < 0.0 else math.inf
    r = math.sqrt(-math.log(tail))
    if r <= 5.0:
        r -= 1.6
        above = _degree7(
            r,
            1.42343711074968357734,
            4.6303378461565452959,
            5.7694972214606914055,
            3.64784832476320460504,
            1.27045825245236838258,
            0.24178072517745061177,
            0.0227238449892691845833,
            7.7454501427834140764e-4,
        )
        below = _degree7(
            r,
            1.0,
            2.05319162663775882187,
            1.6763848301838038494,
            0.68976733498510000455,
            0.14810397642748007459,
            0.0151986665636164571966,
            5.475938084995344946e-4,
            1.05075007164441684324e-9,
        )
    else:
        r -= 5.0
        above = _degree7(
            r,
            6.6579046435011037772,
            5.4637849111641143699,
            1.7848265399172913358,
            0.29656057182850489123,
            0.026532189526576123093,
            0.0012426609473880784386,
            2.71155556874348757815e-5,
            2.01033439929228813265e-7,
        )
        below = _degree7(
            r,
            1.0,
            0.59983220655588793769,
            0.13692988092273580531,
            0.0148753612908506148525,
            7.868691311456132591e-4,
            1.8463183175100546818e-5,
            1.4215117583164458887e-7,
            2.04426310338993978564e-15,
        )
    return -above / below if q < 0.0 else above / below


@rule
def swift_centre(q: float) -> float:
    """Standard normal quantile of u = q + 1/2 where abs(q) <= 0.4975, to 2e-7: `swift_normal` where it has no branches.

    A rational function of q, of degree 6 over 6 in q**2, fitted so that its largest error in units of max(1, abs(z))
    is small (6e-8); that is at the far ends.

    >>> abs(swift_centre(0.475) - normal(0.975)) < 2e-7, swift_centre(0.25) == swift_normal(0.75)
    (True, True)
    """
    r = q * q
    above = _degree6(
        r,
        2.50662926814079,
        -43.4268860153264,
        300.598299431464,
        -1046.797724559,
        1876.78196800225,
        -1535.17671584586,
        356.065246289061,
    )
    below = _degree6(
        r,
        1.0,
        -18.3719721428306,
        136.855748393806,
        -524.834452880767,
        1078.87979063165,
        -1101.88752762013,
        416.706647512121,
    )
    return q * above / below


@rule
def swift_normal(u: float) -> float:
    """Standard normal quantile of `u`, 0 < u < 1, for what is drawn often: exact in the tails, within 2e-7 elsewhere.

    Where u is within 1/400 of 0 or 1 it is `normal(u)`, beyond 2.807 standard deviations; else `swift_centre`. A loop
    computes the centre for many at once and then mends the few in the tails.

    >>> swift_normal(0.5), swift_normal(0.999) == normal(0.999), round(swift_normal(0.975), 6)
    (0.0, True, 1.959964)
    """
    q = u - MIDDLE
    if abs(q) <= SWIFT:
        return swift_centre(q)
    return normal(u)


@rule
def swift_exp(x: float) -> float:
    """e**x for -8 <= x <= 0, to a relative 2e-10: by seven terms of its series at x / 64, squared six times.

    For what is computed often; unlike `math.exp` a loop computes it for many at once. Beyond -8 it is worse.

    >>> swift_exp(0.0), abs(swift_exp(-0.25) / math.exp(-0.25) - 1.0) < 2e-10
    (1.0, True)
    """
    root = _degree7(x / 64.0, 1.0, 1.0, 1.0 / 2.0, 1.0 / 6.0, 1.0 / 24.0, 1.0 / 120.0, 1.0 / 720.0, 1.0 / 5040.0)
    root *= root
    root *= root
    root *= root
    root *= root
    root *= root
    return root * root


@rule
def no_event(mean: float) -> float:
    """Chance of no event, exp(-mean), to a relative 2e-10; above a mean of 8 that of 8, which `events` leaves aside.

    A loop computes it for many at once.

    >>> abs(no_event(0.25) / math.exp(-0.25) - 1.0) < 2e-10
    True
    """
    return swift_exp(-min(mean, FEW))


@rule
def events(u: float, mean: float, none: float) -> int:
    """Poisson quantile of `u`, given `none = no_event(mean)`: the smallest k with P(K <= k) >= u, at most 64.

    Sequential search from zero, P(k) = P(k - 1) * mean / k, P(0) = none; about `mean` steps, meant for means below 20.
    `mean` is in events. Source: Devroye (1986), Non-Uniform Random Variate Generation, X.3.3.

    >>> events(0.3, 1.0, math.exp(-1.0)), events(0.9, 1.0, math.exp(-1.0))
    (0, 2)
    """
    probability = none if mean <= FEW else math.exp(-mean)
    cumulated = probability
    count = 0
    while u > cumulated and count < POISSON_LIMIT:
        count += 1
        probability *= mean / count
        cumulated += probability
    return count


@rule
def poisson(u: float, mean: float) -> int:
    """Poisson quantile of `u`: the smallest k with P(K <= k) >= u, at most 64; chances are exact to a relative 2e-10.

    `events` for one by itself; a mean of zero or less gives 0.

    >>> poisson(0.3, 1.0), poisson(0.9, 1.0), poisson(0.5, 1e9), poisson(0.5, 0.0)
    (0, 2, 64, 0)
    """
    if mean <= 0.0:
        return 0
    return events(u, mean, no_event(mean))


@rule
def exponential(u: float, mean: float) -> float:
    """Exponential quantile of `u`, 0 < u < 1: -mean * ln(1 - u), in the unit of `mean`, increasing in u.

    >>> round(exponential(0.5, 10.0), 6)
    6.931472
    """
    return -mean * math.log1p(-u)


@rule
def log_variance(cv: float) -> float:
    """Variance of the logarithm of a lognormal number whose coefficient of variation is `cv`: ln(1 + cv**2).

    >>> log_variance(0.0), round(log_variance(0.75), 12) == round(2.0 * math.log(1.25), 12)
    (0.0, True)
    """
    return math.log1p(cv * cv)


@rule
def lognormal_with_mean(z: float, mean: float, variance: float) -> float:
    """A lognormal number with arithmetic `mean` whose logarithm has this `variance` s**2, from a standard normal `z`.

    mean * exp(s z - s**2 / 2), in the unit of `mean`; a variance of 0 gives the mean itself. Of a coefficient of
    variation it is `log_variance`. Source: Johnson, Kotz & Balakrishnan (1994), Continuous Univariate Distributions 1,
    chapter 14.

    >>> lognormal_with_mean(1.3, 20.0, 0.0), round(lognormal_with_mean(0.0, 20.0, log_variance(1.0)), 6)
    (20.0, 14.142136)
    """
    return mean * math.exp(math.sqrt(variance) * z - 0.5 * variance)
