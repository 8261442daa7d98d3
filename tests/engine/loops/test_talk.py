"""Telling, worked out from docs/odd.md (7.8) without the rules: who is told what, over which tie."""

from typing import Any

import numpy as np
import pytest

from sim.engine.network import in_bytes, network_from_edges
from sim.engine.talk import Circle, Tellers, find_tellers, talk_stage
from sim.model.person import INFLUENTIAL, NOBODY, PRESENT
from sim.vocabulary.streams import TALK
from tests.engine.loops.small import SCENARIO, Small, five, fixed, put, weighted
from tests.model.worked import numbers

mpf = numbers.mpf
PERIOD = 8
STRONG = 2**32
DISSATISFIED, SATISFIED, DELIGHTED, RECOVERED, FAILED = range(1, 6)
REACH = {DISSATISFIED: 3.6, SATISFIED: 1.3, DELIGHTED: 2.4, RECOVERED: 2.7, FAILED: 4.2}
BAD = (DISSATISFIED, FAILED)

EDGES = np.array([[2, 0], [2, 1], [2, 3], [2, 4], [2, 5], [2, 6], [0, 1], [4, 5]])
STRENGTHS = np.array([True, False, False, True, False, True, True, True])
ROW_OF_2 = [(0, 1), (1, 0), (3, 0), (4, 1), (5, 0), (6, 1)]
"""Ties of person 2, by person: with whom, and whether strong."""


def tell(
    small: Small, *, complete: bool = False, present: int = 8, low: int = 0, high: int | None = None, free: int = 0
) -> None:
    network = network_from_edges(EDGES, STRENGTHS, small.people, 0.0, 1)
    end = small.people if high is None else high
    circle = Circle(network.offsets, in_bytes(network.ties), complete, present, free == 0)
    among = small.state, circle, small.environment, small.books, small.clock(PERIOD)
    talk_stage(*among, low, end, Tellers(find_tellers(small.state.story, low, end), free))


def teller(story: int, f: int, s: int, *, influential: bool = False) -> Small:
    small = Small(people=8)
    small.become(2, supplier=f, segment=s, story=story, flags=PRESENT | (INFLUENTIAL if influential else 0))
    small.state.supplier[[0, 3, 4]] = f
    small.state.supplier[[1, 5]] = (f + 1) % 3
    return small


def told_by(small: Small, story: int, factor: float = 1.0) -> tuple[int, float]:
    """How many a story is told to, before ties run out: the fraction of the reach decides by the first draw."""
    reach = mpf(REACH[story]) * factor
    draw = small.draw(2, TALK, PERIOD, 2000)
    whole = int(numbers.floor(reach))
    return whole + (draw[0] < reach - whole), draw[1]


def check_words(small: Small, listeners: list[tuple[int, int]], story: int, f: int, s: int) -> None:
    """The inboxes hold what these listeners were told, and nothing else is in any."""
    will = weighted(five(SCENARIO.segments[s].judgement.importance), small.of(2, "will"))
    inbox = np.zeros((8, 7), np.int64)
    for listener, strong in listeners:
        inbox[listener, 1 + 2 * f + (story in BAD)] += STRONG if strong else 1
        if small.state.supplier[listener] == f:
            inbox[listener, 0] += fixed(will) if strong else fixed(mpf("0.4375") * will)
    assert small.heard_by().tolist() == inbox.tolist()
    assert (small.state.heard > 0).tolist() == [i in dict(listeners) for i in range(8)]
    kind = "negative" if story in BAD else "positive"
    expected = {f"talkers_{kind}": 1, f"told_{kind}": len(listeners)}
    if story == RECOVERED:
        expected["told_recovered"] = len(listeners)
    assert small.counted(f, s) == expected
    assert small.state.story[2] == 0


@pytest.mark.parametrize("s", [0, 1])
@pytest.mark.parametrize("f", range(3))
@pytest.mark.parametrize("story", range(1, 6))
def test_a_story_is_told_along_the_row_of_ties_from_a_drawn_place_on(story: int, f: int, s: int) -> None:
    small = teller(story, f, s)
    count, u = told_by(small, story)
    place = int(u * 6)
    tell(small)
    check_words(small, [ROW_OF_2[(place + n) % 6] for n in range(count)], story, f, s)


@pytest.mark.parametrize("luck", range(1, 40, 3))
def test_every_place_may_be_the_first_and_the_fraction_goes_by_the_draw(luck: int) -> None:
    small = teller(DISSATISFIED, 1, 0)
    small.become(2, luck=luck)
    count, u = told_by(small, DISSATISFIED)
    tell(small)
    check_words(small, [ROW_OF_2[(int(u * 6) + n) % 6] for n in range(count)], DISSATISFIED, 1, 0)


@pytest.mark.parametrize("free", [1, 2])
def test_rows_of_the_inbox_are_for_those_who_are_told_in_the_order_in_which_they_are(free: int) -> None:
    small = teller(FAILED, 1, 0)
    small.become(0, supplier=1, story=FAILED)
    count, u = told_by(small, FAILED)
    row_of_0 = [1, 2]
    again = [row_of_0[(int(small.draw(0, TALK, PERIOD, 2000)[1] * 2) + n) % 2] for n in range(2)]
    first = [*again, *(ROW_OF_2[(int(u * 6) + n) % 6][0] for n in range(count))]
    tell(small, free=free)
    order = list(dict.fromkeys(first))
    assert [int(small.state.heard[i]) for i in order] == list(range(free, free + len(order)))
    told = small.state.inbox[small.state.heard]
    assert (told[:, 4] // STRONG + told[:, 4] % STRONG).tolist() == [first.count(i) for i in range(8)]
    assert not small.state.inbox[0].any()


def test_the_influential_tell_more_people() -> None:
    small = teller(SATISFIED, 0, 0, influential=True)
    count, u = told_by(small, SATISFIED, 2.25)
    assert count in (2, 3)
    tell(small)
    check_words(small, [ROW_OF_2[(int(u * 6) + n) % 6] for n in range(count)], SATISFIED, 0, 0)


def test_nobody_is_told_twice_and_nobody_without_ties_tells() -> None:
    small = teller(FAILED, 0, 0)
    put(small.segments, "sociability.influencer_factor", 9.0)
    small.become(2, flags=PRESENT | INFLUENTIAL)
    tell(small)
    check_words(small, ROW_OF_2, FAILED, 0, 0)
    small = teller(FAILED, 0, 0)
    small.state.story[2] = 0
    small.become(7, supplier=1, story=DELIGHTED)
    tell(small)
    assert small.counted(1, 0) == {"talkers_positive": 1}
    assert not small.state.inbox.any()
    assert not small.state.story.any()


def test_only_the_rows_of_the_call_tell() -> None:
    small = teller(FAILED, 0, 0)
    tell(small, low=3)
    tell(small, high=2)
    assert small.state.story[2] == FAILED
    assert not small.tally.any()


@pytest.mark.parametrize("present", [6, 8])
def test_in_the_complete_mix_everybody_present_may_be_told_but_not_oneself(present: int) -> None:
    small = teller(FAILED, 0, 0, influential=True)  # 4.2 x 2.25 = 9.45 people: all others, some more than once
    count = min(told_by(small, FAILED, 2.25)[0], present - 1)
    listeners = []
    for n in range(count):
        u = small.draw(2, TALK, PERIOD, 3000 + n // 4)[n % 4]
        other = int(u * (present - 1))
        listeners.append((other + (other >= 2), 0))
    tell(small, complete=True, present=present)
    check_words(small, listeners, FAILED, 0, 0)
    assert count == present - 1


def test_who_has_no_supplier_hears_but_learns_nothing_of_a_supplier() -> None:
    small = teller(DISSATISFIED, 0, 0)
    small.state.supplier[[0, 1, 3, 4, 5, 6]] = NOBODY
    tell(small)
    assert not small.state.inbox[:, 0].any()
    assert small.state.inbox[:, 2].any()


def listener_of(network: Any, i: int) -> list[tuple[int, int]]:
    ties = network.ties[network.offsets[i] : network.offsets[i + 1]]
    return [(int(tie) >> 1, int(tie) & 1) for tie in ties]


def test_the_row_of_ties_is_as_the_cases_above_take_it() -> None:
    assert listener_of(network_from_edges(EDGES, STRENGTHS, 8, 0.0, 1), 2) == ROW_OF_2
