"""Telling and adopting (docs/odd.md, 7.8 and 7.11), worked out away from where they say nothing."""

from sim.model.adoption import adoption_chance, appeal_of, cell_of
from sim.model.talk import belief_over, is_bad, most_told, people_told, somebody_else, strangers
from sim.vocabulary.streams import TALK
from tests.model.philox import draws
from tests.model.worked import Exactly, Examples, numbers, worked

exp, mpf = numbers.exp, numbers.mpf


def shifted(base: object, shift: float) -> object:
    """b e^s / (1 - b + b e^s), of a base that is known from other arithmetic."""
    b = mpf(base)
    return b * exp(shift) / (1 - b + b * exp(shift))


def four(seed: int, luck: int, period: int, index: int, others: int, own: int) -> tuple[int, ...]:
    """The places of four others by the draws of an index: those at and behind one's own are one further on."""
    places = [int(u * others) for u in draws(seed, TALK, luck, period, index)]
    return tuple(place + (place >= own) for place in places)


EXAMPLES: Examples = {
    strangers: [
        (key, four(*key)) for key in ((77, 5, 9, 3000, 40, 21), (77, 4, 9, 3001, 7, 3), (2**62, 5, 8, 3000, 2, 1))
    ],
    belief_over: [
        # 5.25 x 65536, and .4375 of it; 3.4 and 1.7 of 65536, a half up
        ((5.25, True, 0.4375), 344064),
        ((5.25, False, 0.4375), 150528),
        ((3.4, True, 0.5), 222822),
        ((3.4, False, 0.5), 111411),
    ],
    is_bad: [((story,), story in (1, 5)) for story in range(1, 6)],
    people_told: [
        ((3.625, 0.5), 4),
        ((3.625, 0.625), 3),
        ((3.625, 0.75), 3),
        ((0.25, 0.125), 1),
        ((7.0, 0.01), 7),
    ],
    somebody_else: [  # of 4 others, the person at place 2 left out: 0, 1, 3, 4
        ((0.2, 4, 2), 0),
        ((0.49, 4, 2), 1),
        ((0.5, 4, 2), 3),
        ((0.51, 7, 3), 4),
        ((0.99, 4, 2), 4),
    ],
    appeal_of: [
        ((0.45, 6.3, 5.1, 1.6, 0.35), 0.45 * 1.6 + 0.35 * 1.2),
        ((-0.7, 4.2, 5.8, 2.2, 0.9), -0.7 * 2.2 - 0.9 * 1.6),
    ],
    cell_of: [((5.6,), 18), ((0.4,), 0), ((7.3,), 23), ((5.5,), 18), ((5.45,), 17)],
    adoption_chance: [
        # 1 - (1 - 0.2)(1 - 0.25)^2 (1 - 0.4)^3, then shifted
        ((0.2, 3, 2, 0.4, 0.25, 0.7), shifted(mpf(1) - mpf("0.8") * mpf("0.5625") * mpf("0.216"), 0.7)),
        ((0.35, 1, 4, 0.15, 0.06, -1.1), shifted(1 - mpf("0.65") * mpf("0.94") ** 4 * mpf("0.85"), -1.1)),
        # one word is enough to count, over either tie
        ((0.2, 1, 0, 0.4, 0.25, 0.6), shifted(1 - mpf("0.8") * mpf("0.6"), 0.6)),
        ((0.2, 0, 1, 0.4, 0.25, 0.6), shifted(1 - mpf("0.8") * mpf("0.75"), 0.6)),
        ((0.2, 0, 0, 0.4, 0.25, 0.6), shifted(mpf("0.2"), 0.6)),
        # without words and appeal advertising is what it is, to the last bit
        ((0.1, 0, 0, 0.4, 0.25, 0.0), Exactly(0.1)),
    ],
}

test_rule = worked(EXAMPLES)


def test_nobody_tells_more_than_there_is_room_for() -> None:
    """The most influential tell 2.25 times as many; who is less so than others tells no more than they."""
    assert most_told(3.6, [2.25, 1.5]) == int(3.6 * 2.25) + 1
    assert most_told(3.6, [0.5]) == 4
    assert all(people_told(3.6 * 2.25, u) <= most_told(3.6, [2.25]) for u in (0.0, 0.05, 0.5, 0.999))
