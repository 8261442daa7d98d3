"""Exit, voice or loyalty (docs/odd.md, 7.5), worked out away from where it says nothing."""

from sim.model.voice import Drivers, complaint_shift, severity_driver
from tests.model.worked import Examples, worked

EXAMPLES: Examples = {
    # as many points below adequate as felt disconfirmation lies under -tolerance, less the one point of the reference
    severity_driver: [
        ((-3.75, 1.5), 3.75 - 1.5 - 1),
        ((-0.4, 2.2), 0.4 - 2.2 - 1),
        ((0.8, 0.3), -0.8 - 0.3 - 1),
    ],
    complaint_shift: [
        (
            (Drivers(1.3, 2.1, 0.8, -0.6, 0.35, 0.45), Drivers(0.7, 0.25, -1.6, 0.9, 2.4, 1.1)),
            0.7 * 1.3 + 0.25 * 2.1 - 1.6 * 0.3 - 0.9 * 0.6 - 2.4 * 0.15 + 1.1 * 0.45,
        ),
        (
            (Drivers(-0.4, -1.7, 0.15, 1.9, 0.92, -2.3), Drivers(1.4, 0.6, -0.85, -0.3, 1.2, 0.55)),
            -1.4 * 0.4 - 0.6 * 1.7 + 0.85 * 0.35 - 0.3 * 1.9 + 1.2 * 0.42 - 0.55 * 2.3,
        ),
    ],
}

test_rule = worked(EXAMPLES)
