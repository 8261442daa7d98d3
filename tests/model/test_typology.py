"""Types of customers (docs/odd.md, 7.15), on both sides of each mark."""

from sim.model.typology import loyalty_type, profit_type, quarter, voice_type, years_of_custom
from tests.model.worked import Examples, worked

SUSTAINABLE, LATENT, SPURIOUS, NONE = range(4)

EXAMPLES: Examples = {
    voice_type: [
        ((True, 85.0, False), 0),
        ((True, 84.5, False), 1),
        ((True, 84.5, True), 1),
        ((False, 90.0, True), 2),
        ((False, 90.0, False), 3),
    ],
    profit_type: [((51.5, 50.0), 0), ((50.0, 50.0), 1), ((0.0, 50.0), 1), ((-0.5, 50.0), 2), ((-0.5, -2.0), 2)],
    quarter: [((5.5, 2.0, 5.0), 0), ((5.0, 2.0, 5.0), 1), ((2.0, 2.0, 5.0), 1), ((1.5, 2.0, 5.0), 2)],
    years_of_custom: [((2, 9, 0.3), 7 * 0.3), ((9, 9, 0.3), 0.3), ((-3, 2, 0.25), 1.25)],
    loyalty_type: [
        ((-0.4, 0.7, 0.95), SUSTAINABLE),
        ((-0.4, 0.7, 0.94), LATENT),
        ((0.0, 0.7, 1.3), SUSTAINABLE),
        ((0.6, 0.7, 0.95), SPURIOUS),
        ((0.7, 0.7, 0.9), SPURIOUS),
        ((0.75, 0.7, 0.95), NONE),
    ],
}

test_rule = worked(EXAMPLES)
