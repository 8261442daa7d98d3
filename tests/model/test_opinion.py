"""Listening and forgetting (docs/odd.md, 7.9), worked out away from where they say nothing."""

from sim.model.opinion import opinion_after_talk, share_left, sway_of_words, tone_heard
from tests.model.worked import Exactly, Examples, numbers, worked

mpf = numbers.mpf

EXAMPLES: Examples = {
    # (g - k b) / (g + k b), and nothing where nothing counts
    tone_heard: [
        ((4.5, 2.5, 1.4), (4.5 - 3.5) / (4.5 + 3.5)),
        ((0.5, 3.0, 0.75), (0.5 - 2.25) / (0.5 + 2.25)),
        ((0.25, 0.5, 1.25), (0.25 - 0.625) / (0.25 + 0.625)),
        ((0.0, 2.5, 0.6), -1.0),
        ((3.5, 0.0, 0.6), 1.0),
        ((0.0, 0.0, 1.4), 0.0),
        ((0.0, 2.5, 0.0), 0.0),
    ],
    # o + s (tone - o), between -1 and 1
    opinion_after_talk: [
        ((0.35, -0.8, 0.3), 0.005),
        ((-0.6, 0.7, 0.15), -0.405),
        ((0.5, 0.9, 2.5), 1.0),
        ((-0.5, -0.9, 2.5), -1.0),
    ],
    # 1 - (1 - s)^n
    sway_of_words: [
        ((0.2, 3.0), 0.488),
        ((0.36, 2.5), 1 - mpf("0.8") ** 5),
        ((0.19, 0.5), mpf("0.1")),
        ((0.15, 0.0), Exactly(0.0)),
    ],
    # 2^(-t / half-life), and all of it where nothing fades
    share_left: [
        ((0.75, 0.5), mpf(2) ** mpf("-1.5")),
        ((0.25, 3.5), mpf(2) ** (mpf(-1) / 14)),
        ((0.25, 0.0), Exactly(1.0)),
    ],
}

test_rule = worked(EXAMPLES)
