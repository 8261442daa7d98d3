"""Who is of which segment (docs/odd.md, 5), worked out."""

from sim.model.population import segment_by
from tests.model.worked import Examples, worked

STEPS = (0.25, 0.625)

EXAMPLES: Examples = {
    # the first cumulated share above the draw, of three segments, the last of which has all that is left, and of two
    segment_by: [
        ((0.2, STEPS, 3), 0),
        ((0.25, STEPS, 3), 1),
        ((0.6, STEPS, 3), 1),
        ((0.7, STEPS, 3), 2),
        ((0.7, STEPS, 2), 1),
        ((0.9, STEPS, 1), 0),
    ],
}

test_rule = worked(EXAMPLES)
