"""What will be and what should be (docs/odd.md, 5, 7.4, 7.9 and 7.10), worked out on each side."""

from sim.model.expectation import (
    Memory,
    drifted_should,
    expected_next,
    learned_will,
    left_of_prior,
    newcomer_will,
    updated_should,
    updated_will,
    will_after_talk,
)
from tests.model.worked import Examples, numbers, worked

mpf = numbers.mpf

EXAMPLES: Examples = {
    # m = a W + (1 - a) P, then m + c (promise - m), of which a promise below m has the share of modesty
    updated_will: [
        ((5.4, 3.9, 6.3, 0.8, 0.15, 0.3), 5.1 + 0.15 * 1.2),  # m = 4.32 + 0.78
        ((4.2, 6.7, 5.2, 0.35, 0.6, 1.0), 5.825 - 0.6 * 0.625),  # m = 1.47 + 4.355
        ((4.2, 6.7, 5.2, 0.35, 0.6, 0.4), 5.825 - 0.24 * 0.625),
        ((4.2, 6.7, 5.2, 0.35, 0.6, 0.0), 5.825),
    ],
    updated_should: [
        ((5.2, 6.6, 0.15), 5.41),
        ((5.2, 3.6, 0.15), 5.2),
        ((5.2, 5.5, 0.7), 5.41),
    ],
    # m = .75 x 5.2 + .25 x 6.4 = 5.5, then .2 of the way to 6.7; .3 of the way from 5.9 to 6.4, and never down
    expected_next: [
        ((5.2, 5.9, 6.4, 6.7, 4.1, Memory(0.75, 0.2, 1.0, 0.3, 0.0, 0.0)), (5.74, 6.05)),
        ((5.2, 6.6, 4.4, 3.9, 4.1, Memory(0.75, 0.2, 0.5, 0.3, 0.0, 0.0)), (5.0 - 0.11, 6.6)),
        ((5.2, 5.9, 6.4, 6.7, 4.1, Memory(0.6, 0.1, 0.5, 0.3, 0.0, 0.0)), (5.782, 6.05)),
        # experience is half way from 6.4 to 5.74; .15 of what is then 5.951 above 4.1 goes
        ((5.2, 5.9, 6.4, 6.7, 4.1, Memory(0.75, 0.2, 0.45, 0.3, 0.5, 0.15)), (5.74, 5.951 - 0.15 * 1.851)),
        # the prediction, not the lucky encounter, is what one gets used to
        ((5.2, 5.9, 6.4, 6.7, 4.1, Memory(0.75, 0.2, 1.0, 0.3, 1.0, 0.0)), (5.74, 5.9)),
    ],
    drifted_should: [((6.3, 5.5, 0.15), 6.18), ((4.7, 5.5, 0.35), 4.98)],
    # L + a^n (W - L): a quarter of the way is left after two encounters with a memory of a half
    learned_will: [
        ((6.4, 5.2, 0.25), 5.5),
        ((3.7, 5.2, 0.512), 5.2 - 0.512 * 1.5),
    ],
    left_of_prior: [((0.5, 2.0), 0.25), ((0.8, 3.0), 0.512), ((0.9, 7.5), mpf("0.9") ** mpf("7.5"))],
    newcomer_will: [
        ((4.6, 6.4, 0.35), 5.23),
        ((5.9, 3.9, 0.8), 4.3),
    ],
    # W + s (told - own mean), between 1 and 7
    will_after_talk: [
        ((5.6, 6.2, 4.7, 0.3), 6.05),
        ((5.6, 3.2, 5.2, 0.15), 5.3),
        ((6.8, 6.9, 3.4, 0.7), 7.0),
        ((1.5, 2.1, 6.6, 0.6), 1.0),
    ],
}

test_rule = worked(EXAMPLES)
