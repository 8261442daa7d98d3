"""Where words stand in an inbox (docs/odd.md, 7.8): what is believed, then good and bad words of each firm."""

from sim.model.inbox import column_of
from tests.model.worked import Examples, worked

EXAMPLES: Examples = {
    column_of: [((0, False), 1), ((0, True), 2), ((1, False), 3), ((2, True), 6), ((3, False), 7)],
}

test_rule = worked(EXAMPLES)
