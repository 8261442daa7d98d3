"""A loyalty programme (docs/odd.md, 7.27), one call at a time, worked out without the rules.

Firm 0 of the small market, at a price index of 9/8, gives 1.5 points for each unit of money, a fourth more for each
tier, and a reward for 90; person 1 buys for 41.75 at an index of 1, which are 70.45 points.
"""

from typing import Any

import numpy as np
import pytest

from sim.engine.arrivals import hasten
from sim.model.loyalty_points import book_points, collect, hand_in, keep, lose_points
from sim.model.movement import CAUSES, leave
from sim.model.person import NOBODY
from sim.model.programme import MOST_POINTS
from sim.model.rooms import O
from sim.model.tiers import frequency_of, switching_cost_of, tier_now
from tests.engine.loops.small import Small, fixed, put
from tests.model.worked import numbers

exp, mpf = numbers.exp, numbers.mpf
PERIOD, LUCK_OF_BONDS = 11, 10
SPEND, EACH = 41.75, fixed(mpf("0.03"))
PROGRAMME = {
    "offered": 1.0,
    "points": 1.5,
    "reward": 90.0,
    "point_cost": 0.03,
    "silver": 200.0,
    "gold": 500.0,
    "bonus": 0.25,
    "fit": 1.0,
    "frequency": 0.125,
    "goal": 0.5,
    "attitude": 3.5,
    "lapse_loss": 4.5,
}


def member(points: int = 0, year_points: int = 0, **changes: float) -> Small:
    small = Small()
    for name, value in {**PROGRAMME, **changes}.items():
        put(small.firms, f"programme.{name}", value)
    put(small.firms, "tier_barrier", 0.1875)
    small.become(1, supplier=0, ever=1, points=points, year_points=year_points)
    return small


def buys(small: Small, spend: float = SPEND) -> int:
    return int(collect(small.state, 1, small.environment, small.books, small.clock(PERIOD), spend))


def test_a_purchase_brings_full_points_and_more_in_a_higher_tier() -> None:
    small = member(points=12, year_points=510)
    assert buys(small, 20.0) == 50  # 33.75 x 1.5 = 50.6
    assert (small.of(1, "points"), small.of(1, "year_points")) == (62, 543)
    assert small.counted(0, 0) == {"points_issued": 50}
    assert small.of(1, "margin")[0] == pytest.approx(12.5 + 3.25 - 50 * EACH / 65536, rel=1e-6)
    assert small.of(1, "satisfaction") == 65.25


@pytest.mark.parametrize("fits", [True, False])
def test_points_enough_are_redeemed_by_those_whom_rewards_fit(fits: bool) -> None:
    """40 and 70 points are a reward of 90 and 20 left; nothing but the draw of the person decides."""
    u = Small().draw(1, LUCK_OF_BONDS, 0, 2)[0]
    small = member(points=40, fit=u * (1.001 if fits else 0.999))
    assert buys(small) == (-20 if fits else 70)
    assert small.of(1, "points") == (20 if fits else 110)
    assert small.of(1, "satisfaction") == (68.75 if fits else 65.25)
    assert small.counted(0, 0) == {"points_issued": 70, **({"points_redeemed": 90} if fits else {})}


def test_several_rewards_at_once_move_the_attitude_once_and_a_card_is_full_at_last() -> None:
    small = member(points=40)
    assert buys(small, 200.0) == 377 - 40 - 360  # 337.5 points, four rewards
    assert small.of(1, "satisfaction") == 68.75
    small = member(points=65_500, year_points=65_500, fit=0.0)
    assert buys(small) == MOST_POINTS - 65_500
    assert small.of(1, "points") == small.of(1, "year_points") == 65_535


def test_without_a_programme_nothing_is_given_and_nothing_binds() -> None:
    small = member(points=60, offered=0.0)
    around = small.state, 1, small.environment
    assert buys(small) == 0
    assert (tier_now(*around), switching_cost_of(*around), frequency_of(*around)) == (0, 0.375, 0.875)
    assert small.of(1, "satisfaction") == 65.25
    assert small.counted(0, 0) == {}


def test_when_the_programme_has_ended_a_tier_is_missed_once() -> None:
    small = member(points=60, year_points=600, offered=0.0, loss=2.25)
    around = small.state, 1, small.environment
    assert (tier_now(*around), switching_cost_of(*around), frequency_of(*around)) == (0, 0.375, 0.875)
    for _ in range(2):
        assert buys(small) == 0
        assert (small.of(1, "satisfaction"), small.of(1, "points"), small.of(1, "year_points")) == (60.75, 60, 0)


def test_a_tier_binds_and_with_a_reward_in_sight_one_comes_more_often() -> None:
    small = member(points=60, year_points=200)
    around = small.state, 1, small.environment
    assert tier_now(*around) == 1
    assert switching_cost_of(*around) == 0.5625
    assert frequency_of(*around) == pytest.approx(0.875 * 1.125 * (1 + 0.5 * 60 / 90), rel=1e-12)
    small.become(1, year_points=500, switching_cost=0.75)
    assert tier_now(*around) == 2
    assert switching_cost_of(*around) == 1.0


def test_a_block_of_people_comes_as_often_as_each_alone() -> None:
    small = member(points=60, year_points=200)
    small.become(2, supplier=0, segment=1, points=90, year_points=600, frequency=1.625)
    small.become(3, supplier=1, points=60, year_points=600)
    visits = np.zeros((NOBODY + 1, 2))
    visits[:3] = [[0.5, 0.75], [0.25, 0.625], [0.375, 0.875]]
    means = np.full(3, 0.125)
    hasten(small.state, small.environment, 1, 3, means, visits, np.empty(3))
    alone = [frequency_of(small.state, i, small.environment) for i in (1, 2)]
    assert means.tolist() == [alone[0] * 0.5, alone[1] * 0.75, 0.125]  # the second firm has no programme


def test_points_lapse_and_the_year_passes() -> None:
    """Of 60 points with a life of 9 months 6.31 lapse in one; of 510 of a year 40.78 pass: the period rounds them."""
    small = member(points=60, year_points=510)
    put(small.firms, "points_lapse", float(1 - exp(-mpf(1) / 9)))
    keep(small.state, 1, small.environment, small.books, small.clock(PERIOD))
    part = PERIOD * (mpf(5) ** 0.5 - 1) / 2 % 1
    lapsed, passed = int(60 * (1 - exp(-mpf(1) / 9)) + part), int(510 * (1 - exp(-mpf(1) / 12)) + part)
    assert (small.of(1, "points"), small.of(1, "year_points")) == (60 - lapsed, 510 - passed)
    assert small.counted(0, 0) == {"points_lapsed": lapsed, "members_silver": 1}
    assert small.of(1, "satisfaction") == pytest.approx(65.25 - 4.5 * lapsed / 90, rel=1e-6)
    assert small.of(1, "margin")[0] == pytest.approx(15.75 + lapsed * EACH / 65536, rel=1e-6)


def test_whoever_leaves_has_no_points_any_more() -> None:
    small = member(points=60, year_points=510)
    leave(*(small.state, 1, small.environment, small.books, small.clock(PERIOD), CAUSES.index("left_switch")))
    assert (small.of(1, "points"), small.of(1, "year_points")) == (0, 0)
    assert small.counted(0, 0)["points_lapsed"] == 60
    some: Any = member(points=60, year_points=510)
    lose_points(some.state, 1, some.environment, some.books, 25)
    assert (some.of(1, "points"), some.counted(0, 0)) == (35, {"points_lapsed": 25})
    hand_in(some.state, 1, some.environment, some.books)
    assert some.counted(0, 0) == {"points_lapsed": 60}


def test_what_points_cost_is_booked_when_they_are_issued_and_owed_until_they_are_gone() -> None:
    small = member(upkeep=1.75)
    small.become(1, points=0)
    counts = small.tally[0, 0]
    for name, value in {
        "points_issued": 900,
        "points_redeemed": 360,
        "points_lapsed": 25,
        "points_held": 5000,
        "members_basic": 7,
        "members_silver": 4,
        "members_gold": 2,
    }.items():
        counts[getattr(O, name)] = value
    book_points(small.firms[0], counts, 1 / 12)
    booked = small.counted(0, 0)
    assert booked["programme_liability"] == 5000 * EACH
    assert booked["rewards_paid"] == 360 * EACH
    assert booked["programme_cost"] == 875 * EACH + 13 * fixed(mpf("1.75") / 12)


def test_points_that_lapse_are_minded_by_who_is_on_the_way_to_a_reward() -> None:
    for points, offered, minds in ((89, 1.0, True), (90, 1.0, False), (89, 0.0, False)):
        small = member(points=points, offered=offered)
        put(small.firms, "points_lapse", 0.5)
        keep(small.state, 1, small.environment, small.books, small.clock(PERIOD))
        assert (small.of(1, "satisfaction") < 65.25) == minds
