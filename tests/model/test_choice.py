"""Switching (docs/odd.md, 7.10), worked out away from where it says nothing."""

from typing import NamedTuple

from sim.model.choice import Advantage, lasting_chance, return_shift, switch_shift
from tests.model.worked import Examples, worked


class Weights(NamedTuple):
    return_opinion: float
    price_on_return: float


EXAMPLES: Examples = {
    lasting_chance: [((0.0625, 1), 0.9375), ((0.0625, 0), 1.0)],
    return_shift: [((0.6, 0.25, Weights(0.75, 3.5)), 0.75 * 0.6 - 3.5 * 0.25)],
    switch_shift: [
        (
            (Advantage(0.65, -0.4, 0.12, 1.3, 0.8, -0.7, 1.6), Advantage(0.85, 0.55, 4.2, 0.35, -2.1, -0.9, -0.45)),
            0.85 * 0.65 - 0.55 * 0.4 + 4.2 * 0.12 + 0.35 * 1.3 - 2.1 * 0.3 + 0.9 * 0.7 - 0.45 * 1.6,
        ),
        (
            (Advantage(-1.4, 0.9, -0.25, -0.6, 0.15, 1.7, 2.2), Advantage(0.45, 1.2, 3.1, 0.75, -1.6, -0.3, -0.35)),
            -0.45 * 1.4 + 1.2 * 0.9 - 3.1 * 0.25 - 0.75 * 0.6 + 1.6 * 0.35 - 0.3 * 1.7 - 0.35 * 2.2,
        ),
    ],
}

test_rule = worked(EXAMPLES)
