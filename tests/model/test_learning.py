"""How a firm hears of failures (docs/odd.md, 7.25), worked out away from where the rules say nothing."""

from sim.model.learning import may_tell, response, writing
from tests.model.worked import Examples, worked

EXAMPLES: Examples = {
    # min(1, r (1 + a |S - 75| / 25))
    response: [
        ((55.0, 0.3, 0.75), 0.48),
        ((85.0, 0.25, 0.5), 0.3),
        ((10.0, 0.4, 2.0), 1.0),  # .4 x 6.2
    ],
    # min(1, b ((S - 75) / 25)^2)
    writing: [
        ((40.0, 0.3), 0.588),
        ((95.0, 0.15), 0.096),
        ((10.0, 0.2), 1.0),  # .2 x 6.76
    ],
    # instruments: 0 none, 1 register, 2 box, 3 survey, 4 shopping, 5 truth; levels: 2 delighted
    may_tell: [
        ((2.0, True, 0), 1),
        ((2.0, False, 2), 1),
        ((2.0, False, 0), 0),
        ((3.0, True, 1), 1),
        ((3.0, False, 2), 0),
        ((5.0, True, 0), 1),
        ((1.0, True, 0), 0),
        ((4.0, True, 0), 0),
        ((0.0, True, 2), 0),
    ],
}

test_rule = worked(EXAMPLES)
