"""Philox4x32-10 from its paper (Salmon et al. 2011, section 3.3), in whole numbers of any size, to check `luck` by.

One round takes the counter words (a, b, c, d) to (high(M1 c) ^ b ^ k0, low(M1 c), high(M0 a) ^ d ^ k1, low(M0 a)); then
the key grows by Weyl's constants. Ten rounds.
"""

from typing import Any

from tests.model.worked import numbers

M0, M1 = 3528531795, 3449720151
W0, W1 = 2654435769, 3144134277
"""The golden ratio's fraction and the square root of three's, times 2**32."""


def words(key: int, counter: tuple[int, int, int, int]) -> tuple[int, ...]:
    """Four words of the counter, under a key of 64 bits."""
    a, b, c, d = counter
    k0, k1 = key % 2**32, key >> 32
    for _ in range(10):
        high0, low0 = divmod(M0 * a, 2**32)
        high1, low1 = divmod(M1 * c, 2**32)
        a, b, c, d = high1 ^ b ^ k0, low1, high0 ^ d ^ k1, low0
        k0, k1 = (k0 + W0) % 2**32, (k1 + W1) % 2**32
    return a, b, c, d


def draws(seed: int, stream: int, person: int, period: int, index: int) -> tuple[float, ...]:
    """The four uniform numbers (word + 1/2) / 2**32 of a purpose; exact, since float64 has 53 bits."""
    return tuple((2 * word + 1) / 2**33 for word in words(seed, (person, period, stream, index)))


def normal_of(u: float) -> Any:
    """The standard normal quantile, to 40 digits: of a small `u` with more, since 2 u - 1 swallows those of `u`."""
    with numbers.workdps(40 - int(numbers.floor(numbers.log10(u)))):
        return numbers.sqrt(2) * numbers.erfinv(2 * numbers.mpf(u) - 1)
