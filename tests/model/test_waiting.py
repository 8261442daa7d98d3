"""Word while waiting (docs/odd.md, 7.28): how much of a wait is felt."""

from sim.model.waiting import pace
from tests.model.worked import Examples, numbers, worked

mpf = numbers.mpf

EXAMPLES: Examples = {pace: [((0.75, 0.4), 1 - mpf("0.75") * mpf(0.4))]}

test_rule = worked(EXAMPLES)
