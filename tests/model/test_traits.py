"""What is drawn of people (docs/odd.md, 5), worked out."""

from sim.model.traits import frequency_shape
from tests.model.worked import Examples, worked

# 1 / cv^2
EXAMPLES: Examples = {frequency_shape: [((0.8,), 1.5625), ((2.5,), 0.16)]}

test_rule = worked(EXAMPLES)
