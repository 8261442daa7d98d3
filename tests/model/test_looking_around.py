"""Looking around after a word (docs/odd.md, 7.10), worked out away from where it says nothing."""

from sim.model.looking_around import chance_after_words
from tests.model.worked import Examples, numbers, worked

mpf = numbers.mpf

EXAMPLES: Examples = {
    # 1 - (1 - r)(1 - q_s)^j (1 - q_w)^m
    chance_after_words: [
        ((0.2, 3, 2, 0.4, 0.25), 1 - mpf("0.8") * mpf("0.216") * mpf("0.5625")),
        ((0.35, 1, 4, 0.15, 0.06), 1 - mpf("0.65") * mpf("0.85") * mpf("0.94") ** 4),
        ((0.05, 0, 1, 0.3, 0.125), 1 - mpf("0.95") * mpf("0.875")),
        ((0.05, 2, 0, 0.3, 0.125), 1 - mpf("0.95") * mpf("0.49")),
    ],
}

test_rule = worked(EXAMPLES)
