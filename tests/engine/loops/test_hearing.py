"""What a word does, one call at a time: by the word, fading, looking around, looking at the rival praised."""

from typing import Any

import numpy as np
import pytest

from sim.engine.movement import fade_opinions
from sim.model.choice import Draws, attraction, part
from sim.model.looking_around import praise_heard, review_chance
from sim.model.opinion import fade, listen
from sim.model.person import CAPTIVE, NOBODY, PRESENT
from sim.model.rooms import O
from tests.engine.loops.small import SCENARIO, Small, five, fixed, put, weighted
from tests.model.worked import numbers

mpf, exp = numbers.mpf, numbers.exp
STRONG = 2**32
LEFT = [0.875, 0.9375]
"""What a period leaves of hearsay, and of the opinion of a firm that one knows."""


def by_the_word() -> Small:
    small = Small()
    put(small.world, "talk.opinion.by_the_word", 1.0)
    return small


def test_by_the_word_a_listener_goes_part_of_the_way_with_each() -> None:
    """2 strong and 3 weak praises, 1 strong and 5 weak blames: (1 - s)^(g + 1.375 b), and (1 - e)^(g + b)."""
    small, i, told = by_the_word(), 2, 9 * 65536 + 12345
    small.become(i, supplier=1)
    small.hears(i, [told, 0, 0, 2 * STRONG + 3, STRONG + 5, 0, 0])
    before, will = float(small.state.opinion[i, 1]), small.of(i, "will")
    listen(small.state, i, small.environment, small.books, small.sways)
    g, b = mpf(2) + mpf("0.4375") * 3, mpf(1) + mpf("0.4375") * 5
    tone = (g - mpf("1.375") * b) / (g + mpf("1.375") * b)
    kept = (1 - mpf("0.3125")) ** (g + mpf("1.375") * b)
    assert small.state.opinion[i, 1] == pytest.approx(float(tone + (before - tone) * kept), rel=1e-6)
    heard = mpf(told) / 65536 / (g + b)
    mean = weighted(five(SCENARIO.segments[0].judgement.importance), will)
    way = 1 - (1 - mpf("0.1875")) ** (g + b)
    for found, old in zip(small.of(i, "will"), will, strict=True):
        assert found == pytest.approx(float(min(max(old + way * (heard - mean), mpf(1)), mpf(7))), rel=1e-6)


@pytest.mark.parametrize("bad", [False, True])
@pytest.mark.parametrize(("word", "weight"), [(STRONG, "1"), (1, "0.4375")])
def test_a_word_alone_moves_as_the_power_says(word: int, weight: str, bad: bool) -> None:
    small, i, told = by_the_word(), 2, 3 * 65536 + 12345
    small.become(i, supplier=1)
    small.hears(i, [told, 0, 0, 0 if bad else word, word if bad else 0, 0, 0])
    before, will = float(small.state.opinion[i, 1]), small.of(i, "will")
    listen(small.state, i, small.environment, small.books, small.sways)
    tone, kept = -1 if bad else 1, (1 - mpf("0.3125")) ** (mpf(weight) * (mpf("1.375") if bad else 1))
    assert small.state.opinion[i, 1] == pytest.approx(float(tone + (before - tone) * kept), rel=1e-6)
    way, heard = 1 - (1 - mpf("0.1875")) ** mpf(weight), mpf(told) / 65536 / mpf(weight)
    mean = weighted(five(SCENARIO.segments[0].judgement.importance), will)
    for found, old in zip(small.of(i, "will"), will, strict=True):
        assert found == pytest.approx(float(min(max(old + way * (heard - mean), mpf(1)), mpf(7))), rel=1e-6)


def test_words_heard_one_by_one_leave_what_they_leave_together() -> None:
    together, apart = by_the_word(), by_the_word()
    together.hears(3, [0, 3 * STRONG + 2, 0, 0, 0, 0, 0])
    listen(together.state, 3, together.environment, together.books, together.sways)
    for word in (STRONG, 1, 2 * STRONG, 1):
        apart.hears(3, [0, word, 0, 0, 0, 0, 0])
        listen(apart.state, 3, apart.environment, apart.books, apart.sways)
    assert together.state.opinion[3, 0] == pytest.approx(apart.state.opinion[3, 0], rel=1e-6)


def test_opinions_fade_slower_of_a_firm_that_one_knows() -> None:
    small = Small()
    put(small.world, "opinion_left", LEFT)
    small.become(2, ever=0b010)
    before = small.state.opinion[2].astype(float)
    fade(small.state, 2, small.environment)
    assert small.state.opinion[2].tolist() == pytest.approx((before * [0.875, 0.9375, 0.875]).tolist(), rel=1e-6)


def test_the_stock_of_opinions_fades_with_them() -> None:
    small = Small()
    put(small.world, "opinion_left", LEFT)
    small.become(1, supplier=1, ever=0b010)
    small.become(2, supplier=1, ever=0b011, segment=1)
    small.become(4, supplier=2, ever=0b100)
    before = small.state.opinion.astype(float)
    fade_opinions(small.state, small.environment, small.books, 0, 4, np.empty(4, np.int32))
    for f, s, i in ((1, 0, 1), (1, 1, 2)):
        now = fixed(mpf(float(small.state.opinion[i, f])))
        assert small.tally[f, s, O.opinion_sum] == now - fixed(mpf(float(before[i, f])))
    assert np.count_nonzero(small.tally) == 2
    assert (small.state.opinion[4:] == before[4:]).all()
    assert (np.abs(small.state.opinion[:4]) < np.abs(before[:4])).all()


def looking(small: Small) -> None:
    put(small.world, "talk.looking_around.strong_ties", 0.25)
    put(small.world, "talk.looking_around.weak_ties", 0.125)
    put(small.world, "talk.looking_around.praise", 0.75)


@pytest.mark.parametrize(
    ("inbox", "strong", "weak"),
    [
        ([0, 5, 0, 0, 9, 0, 9], 0, 0),  # praise of one's own and blame of rivals keep nobody awake
        ([0, 0, 2 * STRONG + 1, 0, 0, 0, 0], 2, 1),
        ([0, 0, 0, STRONG + 3, 0, 4, 0], 1, 7),
        ([0, 0, 2, STRONG, 0, STRONG, 0], 2, 2),
    ],
)
def test_praise_of_a_rival_or_blame_of_ones_own_makes_one_look_around(inbox: list[int], strong: int, weak: int) -> None:
    small = Small()
    small.become(1, supplier=0)
    small.hears(1, inbox)
    assert review_chance(small.state, 1, small.environment, 0, 0.1) == 0.1
    looking(small)
    found = review_chance(small.state, 1, small.environment, 0, 0.1)
    assert found == pytest.approx(1 - 0.9 * 0.75**strong * 0.875**weak, rel=1e-12)


def test_either_kind_of_tie_is_enough() -> None:
    for path, found in (("strong_ties", 1 - 0.9 * 0.75), ("weak_ties", 1 - 0.9 * 0.75**2)):
        small = Small()
        small.hears(1, [0, 0, STRONG + 2, 0, 0, 0, 0])
        put(small.world, f"talk.looking_around.{path}", 0.25)
        assert review_chance(small.state, 1, small.environment, 0, 0.1) == pytest.approx(found, rel=1e-12)


def moved(small: Small, i: int, review: float) -> bool:
    draws = Draws(0.9999, review, 1.0, 1.0, 0.1)
    return part(small.state, i, small.environment, small.books, small.clock(14), draws)


@pytest.mark.parametrize("captive", [False, True])
def test_who_heard_a_word_compares_and_captives_do_not(captive: bool) -> None:
    """1 - 0.9 x 0.75 = 0.325 decides, and not the 0.1 of one who heard nothing."""
    for review, heard, moves in ((0.3249, STRONG, True), (0.3251, STRONG, False), (0.3249, 0, False)):
        small = Small()
        looking(small)
        put(small.world, "movement.switch_share", 1.0)
        small.become(1, supplier=0, ever=0b001, flags=PRESENT | (CAPTIVE if captive else 0))
        small.hears(1, [0, 0, heard, 0, 0, 0, 0])
        assert moved(small, 1, review) is (moves and not captive)
        assert (small.state.supplier[1] != 0) == (moves and not captive)


def test_the_rival_that_was_praised_is_looked_at_first() -> None:
    """2 strong and 3 weak words of praise: exp(0.75 (2 + 0.4375 x 3))."""
    small = Small()
    small.become(3, supplier=NOBODY)
    small.hears(3, [0, 0, 0, 2 * STRONG + 3, 0, 0, 0])
    before: Any = attraction(small.state, 3, small.environment, 1)
    looking(small)
    words = mpf("0.75") * (2 + mpf("0.4375") * 3)
    assert praise_heard(small.state, 3, small.environment, 1) == pytest.approx(float(words), rel=1e-12)
    assert attraction(small.state, 3, small.environment, 1) / before == pytest.approx(float(exp(words)), rel=1e-12)
    assert praise_heard(small.state, 3, small.environment, 0) == 0.0
