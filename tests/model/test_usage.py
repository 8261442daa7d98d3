"""Usage by satisfaction (docs/odd.md, 7.1): ten points more make k more, as a logarithm."""

from sim.model.usage import appetite
from tests.model.worked import Examples, numbers, worked

exp, mpf = numbers.exp, numbers.mpf

EXAMPLES: Examples = {
    appetite: [
        ((71.5, 79.0, 0.2), exp(mpf("-0.75") * mpf(0.2))),
        ((88.0, 75.5, 0.08), exp(mpf("1.25") * mpf(0.08))),
    ],
}

test_rule = worked(EXAMPLES)
