"""How a customer counts in the stocks (docs/odd.md, 7.13), worked out in steps of 1/65536."""

from sim.model.standing import acsi_expectation_item, acsi_ideal_item, recommendation, standing
from tests.model.worked import Examples, worked

EXAMPLES: Examples = {
    # in steps of 1/65536, a half up: 87.5; 7656.25; 7.75 + 3 x .25; 9 - 3 x .5; 5.375; 5.875
    standing: [
        ((87.5, 0.25, 5.375, 5.875), (1, 0, 5734400, 501760000, 557056, 491520, 352256, 385024)),
        ((64.5, -0.5, 5.25, 6.5), (0, 1, 4227072, 272646144, 409600, 344064, 344064, 425984)),
        ((72.0, 0.125, 5.75, 6.25), (0, 0, 4718592, 339738624, 532480, 491520, 376832, 409600)),
    ],
    recommendation: [
        ((85.0,), 1),
        ((97.0,), 1),
        ((84.875,), 0),
        ((65.0,), 0),
        ((64.875,), -1),
        ((12.0,), -1),
    ],
    acsi_expectation_item: [
        ((0.4,), 8.95),
        ((-1.1,), 4.45),
        ((0.8,), 10.0),
        ((-2.5,), 1.0),
    ],
    acsi_ideal_item: [
        ((5.3, 6.1), 6.6),
        ((6.4, 6.2), 9.6),
        ((6.9, 5.1), 10.0),
        ((2.2, 6.7), 1.0),
    ],
}

test_rule = worked(EXAMPLES)
