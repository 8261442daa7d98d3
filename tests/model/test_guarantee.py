"""Service guarantee (docs/odd.md, 7.29): what a payment makes good; who is paid stands in `tests/engine/loops`."""

from sim.model.guarantee import made_good
from tests.model.worked import Examples, numbers, worked

mpf = numbers.mpf

EXAMPLES: Examples = {
    made_good: [
        ((61.5, 0.3, 7.25, 0.6), mpf("61.5") + mpf("7.25") * mpf(0.3) ** mpf(0.6)),
        ((61.5, 3.0, 7.25, 0.6), mpf("68.75")),
        ((98.5, 0.9, 7.25, 0.6), 100.0),
    ]
}

test_rule = worked(EXAMPLES)
