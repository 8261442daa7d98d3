"""Dropping out after a purchase, one call at a time, from the paper's luck and worked out without the rules."""

from typing import NamedTuple

import numpy as np
import pytest

from sim.model.choice import Draws, part
from sim.model.drop_out import chance_of_anybody, has_had_enough, kind_served, until_drop_out
from sim.model.gammas import beta
from sim.model.person import DROPS_OUT, GONE, INTENT_LEAVE_SILENT, INTENT_STAY, PRESENT
from sim.model.rooms import O
from sim.vocabulary.streams import INITIAL, SERVICE
from tests.engine.loops.small import Small

PERIOD, FIRM = 7, 1


class Chances(NamedTuple):
    """The parameters as compiled code sees them."""

    per_purchase: float
    polarization: float


@pytest.fixture
def small() -> Small:
    """Everybody is a customer of the second firm, half of whose encounters are no purchases."""
    world = Small(people=40)
    for i in range(40):
        world.become(i, supplier=FIRM, ever=1 << FIRM, segment=i % len(world.scenario.all_segments), drop_out=0.375)
    for s in range(len(world.segments)):
        meets = world.segments[s]["encounters"]
        meets["purchases_per_year"], meets["help_requests_per_year"], meets["repairs_per_year"] = 6.5, 2.25, 3.5
    world.environment.prices.demand[FIRM] = 0.8125
    return world


def kind(world: Small, i: int, k: int) -> int:
    """6.5 x 0.8125 purchases, 2.25 requests for help, 3.5 repairs."""
    x = world.draw(i, SERVICE, PERIOD, 3 * k)[0] * (6.5 * 0.8125 + 2.25 + 3.5)
    return 0 if x < 6.5 * 0.8125 else 1 if x < 6.5 * 0.8125 + 2.25 else 2


def test_what_an_encounter_was_about(small: Small) -> None:
    told = [
        kind_served(small.state, i, small.environment, small.clock(PERIOD), FIRM, k) for i in range(40) for k in (0, 2)
    ]
    assert told == [kind(small, i, k) for i in range(40) for k in (0, 2)]
    assert set(told) == {0, 1, 2}


def test_encounters_end_with_the_purchase_after_which_one_drops_out(small: Small) -> None:
    ends = set()
    for i in range(40):
        enough = [
            k for k in range(4) if kind(small, i, k) == 0 and small.draw(i, SERVICE, PERIOD, 3 * k + 2)[3] < 0.375
        ]
        served = until_drop_out(small.state, i, small.environment, small.clock(PERIOD), 4)
        assert served == (enough[0] + 1 if enough else 4)
        assert bool(small.of(i, "flags") & DROPS_OUT) == bool(enough)
        ends.add((served, bool(enough)))
    assert {(1, True), (2, True), (4, False)} <= ends


def test_who_never_drops_out_has_all_encounters(small: Small) -> None:
    small.become(3, drop_out=0.0)
    assert until_drop_out(small.state, 3, small.environment, small.clock(PERIOD), 9) == 9
    assert not small.of(3, "flags") & DROPS_OUT


def test_where_it_does_not_happen_all_have_all_encounters_and_keep_their_chance(small: Small) -> None:
    """Of the two segments, in the second alone."""
    small.segments[1]["drop_out"]["happens"] = 0.0
    ended = {0: 0, 1: 0}
    for i in range(40):
        ended[small.of(i, "segment")] += until_drop_out(small.state, i, small.environment, small.clock(PERIOD), 4) < 4
        assert small.of(i, "drop_out") == 0.375
    assert ended[0] > 0
    assert ended[1] == 0


@pytest.mark.parametrize(("intent", "enough"), [(INTENT_STAY, True), (INTENT_LEAVE_SILENT, False)])
def test_who_decided_to_leave_has_not_dropped_out(small: Small, intent: int, enough: bool) -> None:
    small.become(2, flags=PRESENT | DROPS_OUT, intent=intent)
    assert bool(has_had_enough(small.state, 2)) == enough
    assert small.of(2, "flags") == PRESENT
    assert not has_had_enough(small.state, 2)


def test_whoever_drops_out_leaves_for_good(small: Small) -> None:
    """As by natural attrition, which does not strike here, and counted as such and by itself."""
    small.become(2, flags=PRESENT | DROPS_OUT, attrition=0.0)
    luck = Draws(0.9999, 0.9999, 0.9999, 0.9999, 0.0)
    assert part(small.state, 2, small.environment, small.books, small.clock(PERIOD), luck)
    s = small.of(2, "segment")
    counts = small.tally[FIRM, s]
    assert (counts[O.dropped_out], counts[O.left_natural]) == (1, 1)
    assert small.of(2, "flags") & GONE
    assert not part(small.state, 3, small.environment, small.books, small.clock(PERIOD), luck)
    assert small.tally[FIRM, :, O.dropped_out].sum() == 1


def test_the_chance_is_beta_distributed_or_the_same_for_all(small: Small) -> None:
    """Mean .246, a + b = 1 / .2375 - 1 = 3.210526: a .789789, b 2.420737."""
    unequal = Chances(0.246, 0.2375)
    by_hand = beta(small.seed, INITIAL, 55, 3, 30_000_000, 0.246 * 3.210526315789474, 0.754 * 3.210526315789474)
    assert chance_of_anybody(small.seed, 55, 3, unequal) == pytest.approx(by_hand, rel=1e-9)
    many = np.array([chance_of_anybody(small.seed, luck, 0, unequal) for luck in range(4000)])
    assert many.mean() == pytest.approx(0.246, abs=5 * (0.246 * 0.754 * 0.2375 / 4000) ** 0.5)
    assert many.var() == pytest.approx(0.246 * 0.754 * 0.2375, rel=0.15)
    assert chance_of_anybody(small.seed, 55, 3, Chances(0.3, 0.0)) == 0.3
    assert chance_of_anybody(small.seed, 55, 3, Chances(0.0, 0.2375)) == 0.0
