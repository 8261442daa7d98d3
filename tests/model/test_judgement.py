"""Disconfirmation, level, satisfaction and its indices (docs/odd.md, 7.3 and 7.13), worked out on each side."""

from sim.model.judgement import (
    encounter_satisfaction,
    learning_step,
    level_of,
    moved_towards,
)
from sim.model.perception import Temper, disconfirmation, impression
from tests.model.worked import Examples, numbers, worked

exp, mpf = numbers.exp, numbers.mpf


def saturated(at_reference: float, change: float, saturation: float) -> object:
    """S0 + x + saturation (R (1 - exp(-x / R)) - x), of a change above 0 that is known from other arithmetic."""
    room = 100 - mpf(at_reference)
    x = mpf(change)
    return at_reference + x + saturation * (room * (1 - exp(-x / room)) - x)


EXAMPLES: Examples = {
    disconfirmation: [
        ((1.4, 2.25), 1.4),
        ((0.7, 2.25), 0.7),
        ((-1.4, 2.25), -3.15),
        ((-0.5, 1.5), -0.75),
        ((0.0, 2.25), 0.0),
    ],
    # dissatisfied below -tolerance, delighted above should + margin, satisfied in between and on both borders
    level_of: [
        ((-1.5, 5.25, 6.5, 1.25, 0.5, 6.0), 0),
        ((-1.25, 5.25, 6.5, 1.25, 0.5, 6.0), 1),
        ((-1.0, 5.25, 6.5, 1.25, 0.5, 6.0), 1),
        ((-1.5, 5.25, 3.0, 1.25, 0.5, 6.0), 0),
        ((1.75, 5.25, 6.5, 1.25, 0.5, 6.0), 1),
        ((1.875, 5.25, 6.5, 1.25, 0.5, 6.0), 2),
        ((0.75, 5.25, 6.5, 1.25, -0.5, 6.0), 1),
        ((0.875, 5.25, 6.5, 1.25, -0.5, 6.0), 2),
        ((0.25, 6.75, 6.5, 1.25, 0.75, 6.0), 1),
        ((-0.75, 6.5, 4.5, 1.25, 0.5, 6.0), 2),
        ((-0.25, 6.5, 7.0, 0.125, 0.5, 6.0), 0),
        # judged 4.25, above what is adequate by habit, beside a floor of 6.5 - 2.25 = 4.25 and of 6.5 - 2.125
        ((-1.0, 5.25, 6.5, 1.25, 0.5, 2.25), 1),
        ((-1.0, 5.25, 6.5, 1.25, 0.5, 2.125), 0),
    ],
    encounter_satisfaction: [
        # 8 (6.2 - 5.4) + 12 x 0.35 + 1.5 = 12.1 up, of which curvature takes a part
        ((6.2, 0.35, 1.5, 76.0, 5.4, 8.0, 12.0, 0.6), saturated(76.0, 12.1, 0.6)),
        ((6.2, 0.35, 1.5, 76.0, 5.4, 8.0, 12.0, 0.25), saturated(76.0, 12.1, 0.25)),
        ((6.2, 0.35, 1.5, 76.0, 5.4, 8.0, 12.0, 0.0), 88.1),
        # 8 x 0.5 - 12 x 0.45 + 1.9 = 0.5 up
        ((5.9, -0.45, 1.9, 61.0, 5.4, 8.0, 12.0, 0.9), saturated(61.0, 0.5, 0.9)),
        # 5 x -1.4 - 9 x 0.8 + 3.2 = -11 down, in a straight line
        ((4.1, -0.8, 3.2, 76.0, 5.5, 5.0, 9.0, 0.6), 65.0),
        # 5 x 0.3 - 9 x 0.6 + 3.4 = -0.5
        ((5.8, -0.6, 3.4, 76.0, 5.5, 5.0, 9.0, 0.6), 75.5),
        # with no room or next to none above the reference
        ((6.2, 0.35, 1.5, 100.0, 5.4, 8.0, 12.0, 0.6), 100.0),
        ((5.9, -0.45, 1.9, 99.5, 5.4, 8.0, 12.0, 0.9), saturated(99.5, 0.5, 0.9)),
        ((6.2, 0.35, 1.5, 99.5, 5.4, 8.0, 12.0, 0.5), 100.0),
        # and never beyond 0 and 100: 8 x 1.5 + 20 x 1.5 + 6 = 48 up, 8 x -4.4 - 20 x 3 - 2 = -97.2 down
        ((7.0, 1.5, 6.0, 76.0, 5.5, 8.0, 20.0, 0.125), 100.0),
        ((1.1, -3.0, -2.0, 76.0, 5.5, 8.0, 20.0, 0.6), 0.0),
    ],
    # weight (last + (first - last) half / (half + n)), at most 1
    learning_step: [
        ((18.0, 0.5, 0.2, 6.0, 1.4), 1.4 * (0.2 + 0.3 * 6 / 24)),
        ((3.0, 0.65, 0.05, 9.0, 0.8), 0.8 * (0.05 + 0.6 * 9 / 12)),
        ((2.0, 0.9, 0.3, 4.0, 1.75), 1.0),  # 1.75 (0.3 + 0.6 x 4 / 6) = 1.225
        ((0.0, 0.9, 0.3, 4.0, 0.7), 0.7 * 0.9),
    ],
    moved_towards: [
        ((62.0, 84.0, 0.15), 65.3),
        ((-1.2, -3.6, 0.75), -3.0),
    ],
    # seen 5.2 + .25 x .6 - .125 x 1.2 = 5.2, felt 2.25 x -.6; seen 6.4 + .25 x -1.6 = 6, felt 1.2
    impression: [
        ((5.2, 5.8, 6.4, Temper(0.25, 0.125, 2.25)), (5.2, -1.35)),
        ((6.4, 4.8, 5.6, Temper(0.25, 0.125, 2.25)), (6.0, 1.2)),
        ((4.0, 5.0, 6.0, Temper(0.5, 0.25, 1.75)), (4.0, -1.75)),
    ],
}

test_rule = worked(EXAMPLES)
