"""Hazards and lengths of custom (docs/odd.md, 5 and 7.18), worked out."""

from sim.model.attrition import attrition_per_period, beta_shapes, periods_of_custom
from tests.model.worked import Examples, numbers, worked

mpf = numbers.mpf

EXAMPLES: Examples = {
    # 1 - (1 - p)^t
    attrition_per_period: [
        ((0.36, 0.5), 0.2),
        ((0.21, 0.25), 1 - mpf("0.79") ** mpf("0.25")),
        ((1.0, 0.25), 1.0),
    ],
    # a + b = 1 / .1 - 1 = 9, of which a is the mean's part
    beta_shapes: [((0.07, 0.1), (0.63, 8.37)), ((0.6, 0.4), (0.9, 0.6))],
    # of those who are renewed at 1/4 a period a quarter has age 0, 3/16 age 1, 9/64 age 2: cumulated .25, .4375, .578
    periods_of_custom: [
        ((0.24, 0.25), 0),
        ((0.26, 0.25), 1),
        ((0.45, 0.25), 2),
        ((0.45, 0.15), 3),  # 1 - .85^3 = .386, 1 - .85^4 = .478
        ((0.7, 1.0), 0),
        ((0.7, 1e-9), 100_000),
    ],
}

test_rule = worked(EXAMPLES)
