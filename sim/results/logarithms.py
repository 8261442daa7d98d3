"""Logarithms of many numbers at once: loops that a compiler does for eight of them at a time.

The C library's are called number by number. These differ from them in the last places, and so serve only where the
error is reckoned with, see `sim.results.likeliest_beta`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.compiled import kernel, rule

if TYPE_CHECKING:
    from sim.results.survival import Curve

LOT = 32
"""Numbers that a loop does in one go, four times eight: arrays of such a length leave none over."""

SHIFT = 8.0
"""So far on, the series of the logarithm of the gamma function is exact to the last places."""

_HALF_LOG_TAU = 0.5 * math.log(2.0 * math.pi)
_LOG_2_HIGH, _LOG_2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
"""ln 2 in two parts, of which the first has few digits, so that whole multiples of it are exact."""
_PER_LOG_2 = 1.0 / math.log(2.0)
_BITS = 52
"""Of a number in double precision, without exponent and sign."""
_BIAS = 1023
_FRACTION = (1 << _BITS) - 1
_ROOT_HALF, _ONE = 0x3FE6A09E << 32, _BIAS << _BITS
"""The bits of the root of one half, and of one."""
_LEAST = -700.0
"""The exponential of less is 0 beside 1, and no number of full precision."""


@kernel
def take_logs(numbers: Curve, logs: Curve) -> None:
    """Fill `logs` with the natural logarithms of positive `numbers`, which are changed.

    x = 2^k m with m between the roots of 1/2 and of 2; ln m by a polynomial in s = (m - 1) / (m + 1). Error below one
    unit of the last place. Source: Sun Microsystems (1993), FDLIBM, e_log.c.

    >>> numbers, logs = np.array([0.001, 1.0, 10.0]), np.empty(3)
    >>> take_logs(numbers, logs)
    >>> bool(np.allclose(logs, np.log([0.001, 1.0, 10.0]), rtol=1e-15))
    True
    """
    bits = numbers.view(np.int64)
    for i in range(bits.size):
        shifted = bits[i] + (_ONE - _ROOT_HALF)
        logs[i] = (shifted >> _BITS) - _BIAS
        bits[i] = (shifted & _FRACTION) + _ROOT_HALF
    for i in range(bits.size):
        f, k = numbers[i] - 1.0, logs[i]
        half = 0.5 * f * f
        s = f / (2.0 + f)
        z = s * s
        w = z * z
        even = w * (3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01))
        odd = 1.818357216161805012e-01 + w * 1.479819860511658591e-01
        odd = z * (6.666666666666735130e-01 + w * (2.857142874366239149e-01 + w * odd))
        logs[i] = s * (half + (even + odd)) + k * _LOG_2_LOW - half + f + k * _LOG_2_HIGH


@rule
def risen(x: float) -> float:
    """The gamma function at x + `SHIFT`, divided by that at x: x (x + 1) ... (x + 7)."""
    return (x * (x + 1.0)) * ((x + 2.0) * (x + 3.0)) * (((x + 4.0) * (x + 5.0)) * ((x + 6.0) * (x + 7.0)))


@rule
def shifted_log_gamma(x: float, log_x: float) -> float:
    """Logarithm of the gamma function of x, which is at least `SHIFT`, by Stirling's series to the power -15.

    Error below 1e-16 beside rounding. Source: Abramowitz & Stegun (1972), 6.1.40.

    >>> round(shifted_log_gamma(9.0, math.log(9.0)), 12) == round(math.log(40320.0), 12)
    True
    """
    v = 1.0 / x
    q = v * v
    tail = 1 / 1188 + q * (-691 / 360360 + q * (1 / 156 + q * (-3617 / 122400)))
    series = v * (1 / 12 + q * (-1 / 360 + q * (1 / 1260 + q * (-1 / 1680 + q * tail))))
    return (x - 0.5) * log_x - x + _HALF_LOG_TAU + series


@kernel
def take_gone(numbers: Curve, gone: Curve, spare: Curve) -> None:
    """Fill `gone` with 1 - exp(x) of `numbers` below 0; `spare` is room for as many.

    x = n ln 2 + r, and exp(r) - 1 by its series to the power 13. Error some units of the last place.

    >>> numbers, gone = np.array([-1e-9, -0.5, -20.0]), np.empty(3)
    >>> take_gone(numbers, gone, np.empty(3))
    >>> bool(np.allclose(gone, -np.expm1(numbers), rtol=1e-15))
    True
    """
    for i in range(numbers.size):
        x = max(numbers[i], _LEAST)
        n = math.floor(x * _PER_LOG_2 + 0.5)
        r = x - n * _LOG_2_HIGH - n * _LOG_2_LOW
        p = 1 / 39916800 + r * (1 / 479001600 + r * (1 / 6227020800))
        p = 1 / 5040 + r * (1 / 40320 + r * (1 / 362880 + r * (1 / 3628800 + r * p)))
        p = 1 / 6 + r * (1 / 24 + r * (1 / 120 + r * (1 / 720 + r * p)))
        gone[i] = r * (1.0 + r * (0.5 + r * p))
        spare[i] = n
    bits = spare.view(np.int64)
    for i in range(numbers.size):
        bits[i] = (int(spare[i]) + _BIAS) << _BITS
    for i in range(numbers.size):
        gone[i] = -(spare[i] * gone[i] + (spare[i] - 1.0))
