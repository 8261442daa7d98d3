"""Usage by satisfaction (docs/odd.md, 7.1): ten points more make k more, as a logarithm."""

from sim.model.usage import appetite, few_events
from tests.model.worked import Examples, numbers, worked

exp, mpf = numbers.exp, numbers.mpf

EXAMPLES: Examples = {
    appetite: [
        ((71.5, 79.0, 0.2), exp(mpf("-0.75") * mpf(0.2))),
        ((88.0, 75.5, 0.08), exp(mpf("1.25") * mpf(0.08))),
    ],
    few_events: [
        ((0.74, 0.3, 0.7405), 0),
        ((0.7406, 0.3, 0.7405), 1),
        ((0.96, 0.3, 0.7405), 1),  # .7405 + .22215 = .96265
        ((0.963, 0.3, 0.7405), 2),
        ((0.62, 2.0, 0.125), 2),  # .125, .25 and .25: .125, .375 and .625 together
        ((0.63, 2.0, 0.125), 3),
        ((0.99, 2.0, 0.125), 3),  # more are not told
        ((0.5, 8.5, 0.75), 3),
        ((0.8, 8.5, 0.75), 4),  # above a mean of 8 more than any that is told, whatever the chance given
    ],
}

test_rule = worked(EXAMPLES)
