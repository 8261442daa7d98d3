"""Perception (docs/odd.md, 7.2), worked out on each side of what is owed and at both ends of the scale."""

from sim.model.perception import perceived
from tests.model.worked import Examples, worked

EXAMPLES: Examples = {
    # Q + a (W - Q) - c max(0, H - Q)
    perceived: [
        ((4.4, 5.9, 6.6, 0.3, 0.15), 4.4 + 0.3 * 1.5 - 0.15 * 2.2),
        ((4.4, 3.2, 5.1, 0.25, 0.45), 4.4 - 0.25 * 1.2 - 0.45 * 0.7),
        ((5.7, 6.5, 4.2, 0.4, 0.35), 5.7 + 0.4 * 0.8),
        ((5.7, 6.5, 5.7, 0.4, 0.35), 5.7 + 0.4 * 0.8),
        ((6.6, 6.9, 2.0, 1.75, 0.35), 7.0),
        ((1.4, 1.2, 6.8, 0.6, 0.3), 1.0),
    ],
}

test_rule = worked(EXAMPLES)
