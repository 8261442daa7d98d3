"""Luck against what others published or mpmath computes: words, uniforms and every distribution (docs/odd.md, 7.14)."""

import math
from typing import Any

import numpy as np
import pytest

from sim.model import gammas, luck
from tests.model.philox import draws, normal_of, words
from tests.model.worked import Examples, Near, agrees, numbers, worked

exp, log, mpf, sqrt = numbers.exp, numbers.log, numbers.mpf, numbers.sqrt

# The three vectors of philox4x32, 10 rounds, in the file of known answers that comes with Random123.
KNOWN_ANSWERS = [
    ("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
]


def _hex(text: str) -> list[int]:
    return [int(word, 16) for word in text.split()]


KNOWN = [
    ((np.uint64(low + (high << 32)), *_hex(counter)), tuple(_hex(answer)))
    for counter, key, answer in KNOWN_ANSWERS
    for low, high in [_hex(key)]
]


def placed(answer: str) -> tuple[Any, ...]:
    """Words as the middles of 2**32 equal steps from 0 to 1."""
    return tuple((mpf(word) + mpf("0.5")) / mpf(2) ** 32 for word in _hex(answer))


def below(mean: float, k: int) -> Any:
    """P(K <= k) of a Poisson number."""
    return sum(exp(-mpf(mean)) * mpf(mean) ** n / numbers.factorial(n) for n in range(k + 1))


def around(mean: float, k: int, near: float = 1e-12) -> list[tuple[tuple[float, float], int]]:
    """The draws just under and just over the chance of at most k events."""
    edge = float(below(mean, k))
    return [((edge - near, mean), k), ((edge + near, mean), k + 1)]


TAILS = [0.074, 0.02, 3.1e-4, 4e-7, 7.5e-8, 2.0**-33, 3e-10, 2e-11, 1.2e-11, 8e-12, 3e-13, 4.2e-16, 7e-19, 1e-300]

CENTRES = [0.002501, 0.00251, 0.01, 0.074, 0.25, 0.46875, 0.625, 0.925, 0.98, 0.9974, 0.997499]
"""Draws of which the swift normal is near the quantile, up to where its centre ends."""

EXAMPLES: Examples = {
    luck.philox4x32: KNOWN,
    luck.uniforms: [
        # the counter is (person, period, stream, index): the arguments of the published vectors in that order
        ((np.uint64(0xFFFFFFFFFFFFFFFF), *[0xFFFFFFFF] * 4), placed("408f276d 41c83b0e a20bc7c6 6d5451fd")),
        (
            (np.uint64(0x299F31D0A4093822), 0x13198A2E, 0x243F6A88, 0x85A308D3, 0x03707344),
            placed("d16cfe09 94fdcceb 5001e420 24126ea1"),
        ),
    ],
    luck._degree7: [
        # 3 + 5/2 + 7/4 + 11/8 + 13/16 + 17/32 + 19/64 + 23/128
        ((0.5, 3.0, 5.0, 7.0, 11.0, 13.0, 17.0, 19.0, 23.0), 10 + 57 / 128),
        ((-2.0, 3.0, 5.0, 7.0, 11.0, 13.0, 17.0, 19.0, 23.0), float(3 - 10 + 28 - 88 + 208 - 544 + 1216 - 2944)),
    ],
    luck._degree6: [
        # 3 + 5/2 + 7/4 + 11/8 + 13/16 + 17/32 + 19/64
        ((0.5, 3.0, 5.0, 7.0, 11.0, 13.0, 17.0, 19.0), 10 + 17 / 64),
        ((-2.0, 3.0, 5.0, 7.0, 11.0, 13.0, 17.0, 19.0), float(3 - 10 + 28 - 88 + 208 - 544 + 1216)),
    ],
    luck.normal: [
        *[((u,), normal_of(u)) for u in (0.53125, 0.25, 0.8125, 0.925, 0.9251, 0.0749, 0.98, 0.9999999, 1 - 2.0**-33)],
        *[((u,), normal_of(u)) for u in TAILS],
        ((0.5,), 0.0),
        ((0.0,), -math.inf),
        ((-0.75,), -math.inf),
        ((1.0,), math.inf),
        ((1.75,), math.inf),
    ],
    luck.normal_centre: [((u - 0.5,), normal_of(u)) for u in (0.53125, 0.25, 0.8125, 0.0751, 0.9249)],
    luck.swift_centre: [((u - 0.5,), Near(normal_of(u), 2e-7)) for u in CENTRES],
    luck.swift_normal: [
        *[((u,), Near(normal_of(u), 2e-7)) for u in CENTRES],
        *[((u,), normal_of(u)) for u in [*TAILS[2:], 0.002499, 0.997501, 0.9999999, 1 - 2.0**-33]],
    ],
    luck.events: [
        ((0.74, 0.3, 0.7405), 0),
        ((0.7406, 0.3, 0.7405), 1),
        ((0.96, 0.3, 0.7405), 1),  # .7405 + .22215 = .96265
        ((0.963, 0.3, 0.7405), 2),
        ((0.75, 2.0, 0.125), 3),  # .125, .25, .25, 1/6 and 1/12: .125, .375, .625, .7917 and .875 together
        ((0.8, 2.0, 0.125), 4),
        ((0.99, 2.0, 0.0625), 64),  # chances that do not add up end
        ((0.5, 20.0, 0.75), 20),  # above a mean of 8 the chance given is none: the median of a mean of 20 is 20
    ],
    luck.no_event: [
        *[((x,), Near(exp(-mpf(x)), float(2e-10 * exp(-mpf(x))))) for x in (0.001, 0.3, 1.7, 4.2, 8.0)],
        ((19.0,), Near(exp(-mpf(8)), float(2e-10 * exp(-mpf(8))))),
    ],
    luck.poisson: [
        *around(0.3, 0, 2e-10),
        *around(0.3, 1, 2e-10),
        *around(2.6, 1, 2e-10),
        *around(2.6, 4, 2e-10),
        *around(7.9, 9, 2e-10),
        *around(14.5, 20),
        ((0.5, 3e-18), 0),
        ((1.0, 1e-20), 0),  # exp(-mean) is 1 on a computer, and 1 is not above it
        ((0.5, 62.5), 62),
        ((0.9, 0.0), 0),
        ((0.9, -1000.0), 0),
        ((0.5, 1e9), 64),
    ],
    luck.swift_exp: [
        ((x,), Near(exp(mpf(x)), float(2e-10 * exp(mpf(x))))) for x in (-0.001, -0.3, -1.7, -4.2, -7.9, -8.0)
    ],
    luck.exponential: [
        ((0.75, 3.5), 7 * log(2)),
        ((0.3, 0.8), mpf("0.8") * log(mpf(10) / 7)),
        ((2.0**-33, 40.0), -40 * log(1 - mpf(2) ** -33)),
    ],
    # d = a - 1/3 and c = 1 / sqrt(9 d), a shape below 1 counted as one more
    gammas.gamma_frame: [
        ((2.5,), (mpf(13) / 6, 1 / sqrt(mpf(39) / 2))),
        ((1.0,), (mpf(2) / 3, 1 / sqrt(mpf(6)))),
        ((0.75,), (mpf(17) / 12, 1 / sqrt(mpf(51) / 4))),
    ],
    # u < 1 - .0331 z^4 less a millionth, and no shape so large that rounding could come to that
    gammas.surely_taken: [
        ((0.4703, 2.0, 3.0), True),  # .0331 * 16 = .5296
        ((0.4703, -2.0, 3.0), True),
        ((0.47041, 2.0, 3.0), False),
        ((0.4703995, 2.0, 3.0), False),
        ((0.999998, 0.0, 3.0), True),
        ((0.999999, 0.0, 3.0), False),
        ((0.5, 1.0, 1e5), True),
        ((0.5, 1.0, 1.1e5), False),
    ],
    gammas.log_boost: [((0.35, 0.7), log(mpf("0.35")) / mpf("0.7")), ((2.0**-33, 0.25), -132 * log(2))],
    gammas.gamma_of: [((3.5, 0.0), 3.5), ((3.5, -0.8), mpf("3.5") * exp(mpf("-0.8")))],
    # x / (x + y) of x = 6 e^-.5 and y = 2 e^-.25, and the other way round
    gammas.beta_of: [
        ((6.0, -0.5, 2.0, -0.25), 1 / (1 + exp(mpf("0.25")) / 3)),
        ((2.0, -0.25, 6.0, -0.5), 1 / (1 + 3 * exp(mpf("-0.25")))),
        ((6.0, -900.0, 2.0, -900.0), 0.75),
    ],
    # s^2 = ln(1 + cv^2): with a cv of 0.75 ln(25/16)
    luck.log_variance: [((0.75,), log(mpf(25) / 16)), ((2.4,), log(mpf("6.76"))), ((0.0,), 0.0)],
    # mean exp(s z - s^2 / 2)
    luck.lognormal_with_mean: [
        ((1.3, 42.0, 0.64), mpf(42) * exp(mpf("0.8") * mpf("1.3") - mpf("0.32"))),
        ((-0.6, 17.0, 2.25), mpf(17) * exp(mpf("-0.9") - mpf("1.125"))),
        ((1.3, 42.0, 0.0), 42.0),
    ],
}

test_rule = worked(EXAMPLES)


def test_the_paper_gives_the_known_answers_too() -> None:
    for (seed, *counter), answer in KNOWN:
        assert words(int(seed), tuple(counter)) == answer
        assert draws(int(seed), counter[2], counter[0], counter[1], counter[3]) == tuple(
            (word + 0.5) / 2**32 for word in answer
        )


# --- gamma and beta: attempts of Marsaglia & Tsang with the luck of the paper ---

SEED, STREAM, PERIOD = 0x9E3779B97F4A7C15, 3, 6


def attempts(person: int, first: int, shape: float) -> tuple[Any, list[str]]:
    """(variate, what happened at each attempt), with one index of luck for each attempt."""
    whole = mpf(shape) if shape >= 1 else mpf(shape) + 1
    d = whole - mpf(1) / 3
    happened = []
    for attempt in range(50):
        u_normal, u_accept, u_boost, _ = draws(SEED, STREAM, person, PERIOD, first + attempt)
        z = normal_of(u_normal)
        v = (1 + z / sqrt(9 * d)) ** 3
        if v <= 0:
            happened.append("below zero")
        elif log(mpf(u_accept)) < z**2 / 2 + d * (1 - v + log(v)):
            happened.append("accepted")
            return d * v * (1 if shape >= 1 else mpf(u_boost) ** (1 / mpf(shape))), happened
        else:
            happened.append("refused")
    raise AssertionError("fifty attempts in vain")


PEOPLE = {
    "at once": (2.6, 11, ["accepted"]),
    "a shape of one is no small shape": (1.0, 12, ["accepted"]),
    "a small shape": (0.35, 13, ["accepted"]),
    "after a refusal": (1.2, 43, ["refused", "accepted"]),
    "after a number below zero": (1.0, 38, ["below zero", "accepted"]),
    "a small shape after a refusal": (0.35, 38, ["refused", "accepted"]),
    # where every term of the condition counts: both sides of it are nearly equal
    "accepted by a hair": (2.6, 10708, ["accepted"]),
    "refused by a hair": (2.6, 7544, ["refused", "accepted"]),
    "accepted by a hair, low": (4.5, 5682, ["accepted"]),
    "accepted by a hair, high": (4.5, 2803, ["accepted"]),
    "refused by a hair, low": (4.5, 3715, ["refused", "accepted"]),
    "refused by a hair, high": (4.5, 9631, ["refused", "accepted"]),
}


@pytest.mark.parametrize("case", PEOPLE)
def test_gamma_is_marsaglia_and_tsang_with_one_index_an_attempt(case: str) -> None:
    shape, person, path = PEOPLE[case]
    value, happened = attempts(person, 40, shape)
    assert happened == path
    assert agrees(gammas.gamma(np.uint64(SEED), STREAM, person, PERIOD, 40, shape), value)


@pytest.mark.parametrize(("person", "a", "b"), [(11, 2.6, 1.7), (12, 1.4, 5.5), (13, 0.3, 0.8), (14, 0.6, 0.2)])
def test_beta_is_one_gamma_of_two_a_thousand_indexes_apart(person: int, a: float, b: float) -> None:
    x, _ = attempts(person, 40, a)
    y, _ = attempts(person, 1040, b)
    assert agrees(gammas.beta(np.uint64(SEED), STREAM, person, PERIOD, 40, a, b), x / (x + y))


@pytest.mark.parametrize(("a", "b"), [(0.0004, 1.7), (1.7, 0.0004)])
def test_beta_of_tiny_shapes_is_nearly_all_or_nothing(a: float, b: float) -> None:
    x, _ = attempts(11, 40, a)
    y, _ = attempts(11, 1040, b)
    assert gammas.beta(np.uint64(SEED), STREAM, 11, PERIOD, 40, a, b) == pytest.approx(float(x / (x + y)), rel=1e-11)
    assert abs(log(x) - log(y)) > 710  # further apart than float64 can hold
