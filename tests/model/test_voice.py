"""Exit, voice or loyalty (docs/odd.md, 7.5), worked out away from where it says nothing."""

from sim.model.voice import complaint_shift, loyalty_index, repurchase_shift, severity_driver
from tests.model.worked import Examples, numbers, worked

log = numbers.log

EXAMPLES: Examples = {
    # (S - reference) / scale + weight ln(1 + years) / ln 11: ln 121 is twice ln 11, and ln 1331 three times
    loyalty_index: [
        ((83.0, 120.0, 71.0, 16.0, 0.3), 12 / 16 + 0.3 * 2),
        ((52.0, 1330.0, 64.0, 5.0, 0.45), -12 / 5 + 0.45 * 3),
        ((90.5, 3.5, 75.25, 20.0, 1.75), 15.25 / 20 + 1.75 * log(4.5) / log(11)),
        ((66.0, 0.0, 75.0, 12.0, 0.7), -9 / 12),
    ],
    # as many points below adequate as felt disconfirmation lies under -tolerance, less the one point of the reference
    severity_driver: [
        ((-3.75, 1.5), 3.75 - 1.5 - 1),
        ((-0.4, 2.2), 0.4 - 2.2 - 1),
        ((0.8, 0.3), -0.8 - 0.3 - 1),
    ],
    complaint_shift: [
        (
            (1.3, 2.1, 0.8, -0.6, 0.35, 0.45, 0.7, 0.25, -1.6, 0.9, 2.4, 1.1),
            0.7 * 1.3 + 0.25 * 2.1 - 1.6 * 0.3 - 0.9 * 0.6 - 2.4 * 0.15 + 1.1 * 0.45,
        ),
        (
            (-0.4, -1.7, 0.15, 1.9, 0.92, -2.3, 1.4, 0.6, -0.85, -0.3, 1.2, 0.55),
            -1.4 * 0.4 - 0.6 * 1.7 + 0.85 * 0.35 - 0.3 * 1.9 + 1.2 * 0.42 - 0.55 * 2.3,
        ),
    ],
    repurchase_shift: [
        ((2.6, 0.9, -1.4, 0.7, -0.35, 1.15, 0.65, 0.55), -0.35 * 2.6 + 1.15 * 0.4 - 0.65 * 1.4 + 0.55 * 0.7),
        ((-0.8, 0.2, 0.95, -0.45, -1.3, 2.2, 0.15, 1.7), 1.3 * 0.8 - 2.2 * 0.3 + 0.15 * 0.95 - 1.7 * 0.45),
    ],
}

test_rule = worked(EXAMPLES)
