"""Offer (docs/odd.md, 7.27): what an offer moves."""

from sim.model.offer import moved_by
from tests.model.worked import Examples, worked

EXAMPLES: Examples = {
    moved_by: [((61.5, 4.25, 100.0), 65.75), ((97.5, 4.25, 100.0), 100.0), ((0.375, -0.5, 2.0), 0.0)],
}

test_rule = worked(EXAMPLES)
