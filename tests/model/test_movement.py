"""Parting (docs/odd.md, 7.10), worked out away from where it says nothing."""

from sim.model.movement import parting_opinion
from tests.model.worked import Examples, worked

EXAMPLES: Examples = {
    # (S - neutral) / scale, between -1 and 1
    parting_opinion: [
        ((81.0, 66.0, 25.0), 0.6),
        ((59.0, 66.0, 35.0), -0.2),
        ((98.0, 66.0, 25.0), 1.0),
        ((12.0, 66.0, 25.0), -1.0),
    ],
}

test_rule = worked(EXAMPLES)
