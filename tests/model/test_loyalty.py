"""Loyalty and buying again (docs/odd.md, 7.5 and 7.7), worked out away from where they say nothing."""

from typing import NamedTuple

from sim.model.loyalty import Grounds, held_shift, loyalty_index, repurchase_shift
from tests.model.worked import Examples, numbers, worked

log = numbers.log


class Weights(NamedTuple):
    switching_cost: float
    contract: float


EXAMPLES: Examples = {
    # (S - reference) / scale + weight ln(1 + years) / ln 11: ln 121 is twice ln 11, and ln 1331 three times
    loyalty_index: [
        ((83.0, 120.0, 71.0, 16.0, 0.3), 12 / 16 + 0.3 * 2),
        ((52.0, 1330.0, 64.0, 5.0, 0.45), -12 / 5 + 0.45 * 3),
        ((90.5, 3.5, 75.25, 20.0, 1.75), 15.25 / 20 + 1.75 * log(4.5) / log(11)),
        ((66.0, 0.0, 75.0, 12.0, 0.7), -9 / 12),
    ],
    held_shift: [
        ((0.85, 1.4, Weights(2.5, 0.45)), 2.5 * 0.35 + 0.45 * 1.4),
        ((0.2, 0.3, Weights(1.5, 0.7)), 0.7 * 0.3),
    ],
    repurchase_shift: [
        (
            (Grounds(2.6, 0.9, -1.4, 0.7), Grounds(-0.35, 1.15, 0.65, 0.55)),
            -0.35 * 2.6 + 1.15 * 0.4 - 0.65 * 1.4 + 0.55 * 0.7,
        ),
        (
            (Grounds(-0.8, 0.2, 0.95, -0.45), Grounds(-1.3, 2.2, 0.15, 1.7)),
            1.3 * 0.8 - 2.2 * 0.3 + 0.15 * 0.95 - 1.7 * 0.45,
        ),
    ],
}

test_rule = worked(EXAMPLES)
