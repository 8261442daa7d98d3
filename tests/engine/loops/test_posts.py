"""Posts online, worked out from docs/odd.md (7.8) without the rules: who posts, who reads, what an answer does."""

from typing import Any

import numpy as np
import pytest

from sim.engine.talk import spread_posts
from sim.model.online import be_read, post, would_find
from sim.model.talk import words_of_posts
from sim.vocabulary.streams import TALK
from tests.engine.loops.small import SCENARIO, YEARS, Small, five, fixed, put, strictly, weighted
from tests.engine.loops.test_talk import FAILED, SATISFIED, tell, teller
from tests.model.worked import numbers

mpf, exp = numbers.mpf, numbers.exp
PERIOD = 8
POST, READERS = 1_000_000, 1_000_001


def online(**values: float) -> Small:
    """Person 2 has a story of answers that failed; who posts it is answered unless a share is given."""
    small = teller(FAILED, 1, 0)
    chosen = {"post_share": 1.0, "fewest_readers": 3.5, "tail": 1.25, "most_readers": 70.0, "days": 30.0, **values}
    for name, value in chosen.items():
        put(small.world, f"talk.online.{name}", value)
    return small


def find_readers(small: Small, *, fewest: float = 3.5, tail: float = 1.25, most: float = 70.0) -> int:
    u = mpf(small.draw(2, TALK, PERIOD, POST)[1])
    return int(min(mpf(most), mpf(fewest) * (1 - u) ** (-1 / mpf(tail))))


def posts(small: Small) -> None:
    post(small.state, 2, small.environment, small.books, small.clock(PERIOD))


@pytest.mark.parametrize("does", [True, False])
def test_a_share_posts_and_finds_readers_by_the_draw(does: bool) -> None:
    small = online()
    put(small.world, "talk.online.post_share", strictly(small.draw(2, TALK, PERIOD, POST)[0], does))
    put(small.firms, "desk.public_answers", 0.0, 1)
    posts(small)
    assert small.state.post[2] == (find_readers(small) if does else 0)
    assert small.counted(1, 0) == ({"posts": 1} if does else {})
    assert small.state.posted_about[2] == (1 if does else 0)


@pytest.mark.parametrize("answers", [True, False])
def test_an_answer_halves_the_readers_and_costs(answers: bool) -> None:
    small = online(fewest_readers=21.0)
    put(small.firms, "desk.public_answers", strictly(small.draw(2, TALK, PERIOD, POST)[2], answers), 1)
    put(small.firms, "desk.public_answer_cost", 5.5, 1)
    before = float(small.state.margin[2, 1])
    posts(small)
    found = find_readers(small, fewest=21.0)
    assert small.state.post[2] == (found // 2 if answers else found)
    counts = small.counted(1, 0)
    assert counts.get("posts_answered", 0) == answers
    assert counts.get("complaint_cost", 0) == (fixed(5.5) if answers else 0)
    assert float(small.state.margin[2, 1]) == pytest.approx(before - 5.5 * answers)


@pytest.mark.parametrize(("story", "about"), [(FAILED, 1), (SATISFIED, 0)])
def test_only_bad_stories_are_posted(story: int, about: int) -> None:
    small = online(days=1e9)
    small.become(2, story=story)
    tell(small)
    assert (small.state.post[2] > 0) == bool(about)
    assert small.counted(1, 0).get("posts", 0) == about


def test_strangers_read_it_while_it_fades() -> None:
    """A month of 30 days leaves e^(-365 / 12 / 30) of the readers; each is anybody but the author, over a weak tie."""
    small = online()
    small.become(2, supplier=0)  # has gone to another firm since
    small.become(2, post=9, posted_about=1)
    small.become(4, supplier=1)
    u = mpf(small.draw(2, TALK, PERIOD, POST)[3])
    now = int(9 * (1 - exp(-mpf(YEARS) * 365 / 30)) + u)
    assert 0 < now < 9
    will: Any = weighted(five(SCENARIO.segments[0].judgement.importance), small.of(2, "will"))
    expected = np.zeros((8, 7), np.int64)
    for n in range(now):
        other = int(small.draw(2, TALK, PERIOD, READERS + n // 4)[n % 4] * 7)
        other += other >= 2
        expected[other, 4] += 1
        if small.state.supplier[other] == 1:
            expected[other, 0] += fixed(mpf("0.4375") * will)
    spread_posts(small.state, 8, small.environment, small.books, small.clock(PERIOD), 0, 8, 0)
    assert small.heard_by().tolist() == expected.tolist()
    assert (small.state.heard > 0).tolist() == expected.any(axis=1).tolist()
    assert small.state.post[2] == 9 - now
    assert small.counted(1, 0) == {"readers": now, "told_negative": now}


def test_where_nobody_else_is_nobody_reads() -> None:
    small = online(days=0.01)
    small.become(2, post=9, posted_about=1)
    reading = be_read(small.state, 2, small.environment, small.books, small.clock(PERIOD), 0)
    assert (reading.readers, reading.firm) == (0, 1)
    assert small.state.post[2] == 0
    assert not small.tally.any()


@pytest.mark.parametrize(("present", "read"), [(1, 0), (2, 9)])
def test_who_reads_is_somebody_else(present: int, read: int) -> None:
    small = online(days=0.01)
    small.become(0, post=9, posted_about=1)
    spread_posts(small.state, present, small.environment, small.books, small.clock(PERIOD), 0, 1, 0)
    assert small.heard_by()[:, 4].tolist() == [0, read, 0, 0, 0, 0, 0, 0]
    assert sum(small.counted(1, s).get("readers", 0) for s in range(2)) == read


@pytest.mark.parametrize("posted", [0, 9])
def test_there_is_room_for_all_who_may_read(posted: int) -> None:
    """Who posts anew reaches others than with the post before: there is room for both."""
    small, alone = online(fewest_readers=21.0), online(fewest_readers=21.0)
    for one in (small, alone):
        one.become(2, post=posted, posted_about=1)
        put(one.firms, "desk.public_answers", 0.0, 1)
    clock, tellers = small.clock(PERIOD), np.array([2], np.int32)
    room = words_of_posts(small.state, small.environment, clock, 0, 8, tellers)
    would = would_find(small.state, 2, small.environment, clock)
    assert would == find_readers(small, fewest=21.0)
    part = 1 - exp(-mpf(YEARS) * 365 / 30)
    assert room == int(posted * part + 1) * (posted > 0) + int(would * part + 1)
    small.state = small.state._replace(inbox=np.zeros((1 + room, 7), np.int64))
    for one, free in ((small, 1), (alone, 0)):
        posts(one)
        spread_posts(one.state, 8, one.environment, one.books, clock, 0, 8, free)
    assert small.heard_by().tolist() == alone.heard_by().tolist()
    assert small.tally.tolist() == alone.tally.tolist()


def test_what_is_not_posted_needs_no_room() -> None:
    """Good stories are not posted, whoever would find them, and of bad ones a share."""
    small, tellers = online(), np.array([2], np.int32)
    assert words_of_posts(small.state, small.environment, small.clock(PERIOD), 0, 8, tellers) > 0
    put(small.world, "talk.online.post_share", strictly(small.draw(2, TALK, PERIOD, POST)[0], False))
    assert words_of_posts(small.state, small.environment, small.clock(PERIOD), 0, 8, tellers) == 0
    small = online()
    small.become(2, story=SATISFIED)
    assert words_of_posts(small.state, small.environment, small.clock(PERIOD), 0, 8, tellers) == 0
