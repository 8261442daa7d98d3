"""Types of loyalty (docs/odd.md, 7.15), on both sides of each mark."""

from sim.model.typology import loyalty_type
from tests.model.worked import Examples, worked

SUSTAINABLE, LATENT, SPURIOUS, NONE = range(4)

EXAMPLES: Examples = {
    loyalty_type: [
        ((-0.4, 0.7, 0.95), SUSTAINABLE),
        ((-0.4, 0.7, 0.94), LATENT),
        ((0.0, 0.7, 1.3), SUSTAINABLE),
        ((0.6, 0.7, 0.95), SPURIOUS),
        ((0.7, 0.7, 0.9), SPURIOUS),
        ((0.75, 0.7, 0.95), NONE),
    ]
}

test_rule = worked(EXAMPLES)
