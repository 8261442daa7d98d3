"""How a customer counts in the stocks (docs/odd.md, 7.13), worked out in steps of 1/65536."""

from sim.model.standing import standing
from tests.model.worked import Examples, worked

EXAMPLES: Examples = {
    # in steps of 1/65536, a half up: 87.5; 7656.25; 7.75 + 3 x .25; 9 - 3 x .5; 5.375; 5.875
    standing: [
        ((87.5, 0.25, 5.375, 5.875), (1, 0, 5734400, 501760000, 557056, 491520, 352256, 385024)),
        ((64.5, -0.5, 5.25, 6.5), (0, 1, 4227072, 272646144, 409600, 344064, 344064, 425984)),
        ((72.0, 0.125, 5.75, 6.25), (0, 0, 4718592, 339738624, 532480, 491520, 376832, 409600)),
    ],
}

test_rule = worked(EXAMPLES)
