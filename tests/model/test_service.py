"""What is delivered in an encounter (docs/odd.md, 7.1), worked out in every branch and on its borders."""

from sim.model import service
from sim.model.service import (
    NO_FAILURE,
    Habits,
    carried_over,
    channel_of_encounter,
    delivered,
    failure_mode,
    human_touch,
    kind_of_encounter,
    occasion,
    weight_in_memory,
)
from tests.model.worked import Examples, worked

PURCHASE, HELP, REPAIR = 0, 1, 2
CHAT, TELEPHONE, COUNTER = 0, 1, 2

HABITS = Habits(7.0, 4.0, 5.0, 1.3, 1.7, 0.25, 0.375, 0.6)
LADDER = (0.02, 0.05, 0.09)

EXAMPLES: Examples = {
    # yearly rates of 7, 4 and 5: the first 7/16 of the draw are purchases, the next 4/16 help, the rest repairs
    kind_of_encounter: [
        ((0.4, 7.0, 4.0, 5.0), PURCHASE),
        ((0.4375, 7.0, 4.0, 5.0), HELP),
        ((0.6, 7.0, 4.0, 5.0), HELP),
        ((0.6875, 7.0, 4.0, 5.0), REPAIR),
        ((0.99, 7.0, 4.0, 5.0), REPAIR),
        ((0.9375, 0.25, 0.125, 0.5), REPAIR),
        # where nothing is ever repaired, a draw that is rounded up to 1 is no repair either
        ((1.0, 7.0, 4.0, 0.0), HELP),
    ],
    channel_of_encounter: [
        ((0.2, 0.25, 0.375), CHAT),
        ((0.25, 0.25, 0.375), TELEPHONE),
        ((0.6, 0.25, 0.375), TELEPHONE),
        ((0.625, 0.25, 0.375), COUNTER),
        ((0.9, 0.25, 0.375), COUNTER),
    ],
    # 1 - filter (1 - carried): words are .07, words and tone .42
    human_touch: [
        ((CHAT, 0.6), 1 - 0.6 * 0.93),
        ((TELEPHONE, 0.6), 1 - 0.6 * 0.58),
        ((COUNTER, 0.6), 1.0),
        ((TELEPHONE, 0.25), 1 - 0.25 * 0.58),
    ],
    delivered: [
        ((5.4, 0.7, 1.3, 0.5), 5.4 + 0.91 - 0.5),
        ((5.4, 0.7, -0.9, 2.2), 5.4 - 0.63 - 2.2),
        ((6.5, 0.7, 2.1, 0.2), 7.0),
        ((3.1, 0.7, -1.6, 2.4), 1.0),
    ],
    carried_over: [
        ((6.4, 0.42), 4 + 0.42 * 2.4),
        ((2.3, 0.7), 4 - 0.7 * 1.7),
    ],
    weight_in_memory: [
        ((PURCHASE, 1.3, 1.7), 1.0),
        ((HELP, 1.3, 1.7), 1.3),
        ((REPAIR, 1.3, 1.7), 1.7),
    ],
    # kinds up to 7/16 and 11/16, channels up to .25 and .625, of which .07, .42 and all is carried
    occasion: [
        ((0.43, 0.24, HABITS), (PURCHASE, 1.0, 1 - 0.6 * 0.93)),
        ((0.44, 0.26, HABITS), (HELP, 1.3, 1 - 0.6 * 0.58)),
        ((0.68, 0.62, HABITS), (HELP, 1.3, 1 - 0.6 * 0.58)),
        ((0.69, 0.63, HABITS), (REPAIR, 1.7, 1.0)),
        ((0.69, 0.05, HABITS), (REPAIR, 1.7, 1 - 0.6 * 0.93)),
    ],
    failure_mode: [
        ((0.019, LADDER), 0),
        ((0.02, LADDER), 1),
        ((0.04, LADDER), 1),
        ((0.07, LADDER), 2),
        ((0.09, LADDER), NO_FAILURE),
        ((0.6, LADDER), NO_FAILURE),
    ],
}

test_rule = worked(EXAMPLES)


def test_words_tone_and_gestures_are_the_whole_human_touch() -> None:
    assert (service.WORDS, service.TONE, service.GESTURES) == (0.07, 0.35, 0.58)
