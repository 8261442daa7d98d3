"""Shares and hazards (docs/odd.md, 2 and 7.5), worked out away from where they say nothing."""

from sim.model.shares import chance_of_event, chance_per_period, clipped, fixed_point, shifted_share
from tests.model.worked import Exactly, Examples, numbers, worked

exp, log, mpf = numbers.exp, numbers.log, numbers.mpf

EXAMPLES: Examples = {
    # b e^s / (1 - b + b e^s): odds of 1:4 times 3 are 3:4; odds of 1:4 over 2 are 1:8
    shifted_share: [
        ((0.2, float(log(3))), mpf(3) / 7),
        ((0.2, -float(log(2))), mpf(1) / 9),
        ((0.83, 1.7), mpf(0.83) * exp(1.7) / (1 - mpf(0.83) + mpf(0.83) * exp(1.7))),
        ((0.83, -2.3), mpf(0.83) * exp(-2.3) / (1 - mpf(0.83) + mpf(0.83) * exp(-2.3))),
        ((0.0031, 0.4), mpf(0.0031) * exp(0.4) / (1 - mpf(0.0031) + mpf(0.0031) * exp(0.4))),
        # a shift of nothing leaves the base alone, to the last bit
        ((0.07, 0.0), Exactly(0.07)),
        ((0.001, 0.0), Exactly(0.001)),
        # certainties, and what rounding puts beyond them, cannot be shifted
        ((0.0, 2.6), Exactly(0.0)),
        ((1.0, -2.6), Exactly(1.0)),
        ((-0.25, 1.4), Exactly(-0.25)),
        ((1.25, 1.4), Exactly(1.25)),
        ((1.25, -1.4), Exactly(1.25)),
        # beyond 700 the shift is cut
        ((0.3, -699.5), 3 * exp(-699.5) / 7),
        ((0.3, -700.5), mpf(0.3) * exp(-700) / (1 - mpf(0.3))),
        ((0.3, -5000.0), mpf(0.3) * exp(-700) / (1 - mpf(0.3))),
        ((1e-300, 699.5), mpf(1e-300) / (mpf(1e-300) + exp(-699.5))),
        ((1e-300, 700.5), mpf(1e-300) / (mpf(1e-300) + exp(-700))),
        ((1e-300, 5000.0), mpf(1e-300) / (mpf(1e-300) + exp(-700))),
    ],
    chance_per_period: [
        ((0.36, 0.5), 1 - mpf("0.8")),
        ((0.19, 1.5), 1 - mpf("0.729")),
        ((0.7, 0.25), 1 - mpf("0.3") ** mpf("0.25")),
        ((0.0, 0.5), 0.0),
        ((-0.25, 0.5), 0.0),
        ((-3.0, 0.5), 0.0),
    ],
    chance_of_event: [
        ((2.6, 0.25), 1 - exp(mpf("-0.65"))),
        ((0.4, 3.0), 1 - exp(mpf("-1.2"))),
        ((0.0, 3.0), 0.0),
    ],
    # 65,536 steps to the unit, a half of one rounded up; below zero what is left after adding the half is cut off
    fixed_point: [
        ((2.7,), 176_947),  # 176,947.2
        ((2.70001,), 176_948),  # 176,947.86
        ((3.5 / 65536,), 4),
        ((3.4375 / 65536,), 3),
        ((-2.7,), -176_946),  # -176,947.2 + 0.5 = -176,946.7
        ((-3.5 / 65536,), -3),
    ],
    clipped: [
        ((2.5, 3.25, 6.5), 3.25),
        ((4.75, 3.25, 6.5), 4.75),
        ((8.0, 3.25, 6.5), 6.5),
        ((-5.0, -2.5, -0.5), -2.5),
    ],
}

test_rule = worked(EXAMPLES)
