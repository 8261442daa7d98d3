"""What an offer does to one person, one call at a time (docs/odd.md, 7.26)."""

import numpy as np
import pytest

from sim.engine.offer import offer_stage
from sim.model.offer import Terms, be_offered
from sim.model.person import CAPTIVE, NOBODY, PRESENT
from sim.vocabulary.streams import OFFER
from tests.engine.loops.small import Small, put

PERIOD = 11


def offered(small: Small, i: int, terms: Terms) -> None:
    be_offered(small.state, i, small.environment, small.books, small.clock(PERIOD), terms)


def test_an_offer_lifts_and_binds_within_the_scales() -> None:
    small = Small()
    small.become(2, supplier=0, satisfaction=62.5, switching_cost=0.375)
    small.become(3, supplier=0, satisfaction=98.0, switching_cost=0.875)
    for i in (2, 3):
        offered(small, i, Terms(4.25, 0.1875, 0.0))
    assert [small.of(i, "satisfaction") for i in (2, 3)] == [66.75, 100.0]
    assert [small.of(i, "switching_cost") for i in (2, 3)] == [0.5625, 1.0]
    assert not small.tally.any()


@pytest.mark.parametrize("wakes", [True, False])
def test_whoever_is_awakened_compares_with_luck_of_its_own(wakes: bool) -> None:
    """Everybody who compares switches; the first draw of the stream says who compares."""
    small = Small()
    put(small.world, "movement.switch_share", 1.0)
    small.become(3, supplier=0, ever=0b001)
    u = small.draw(3, OFFER, PERIOD, 0)[0]
    offered(small, 3, Terms(0.0, 0.0, np.nextafter(u, 1.0 if wakes else 0.0)))
    assert bool(small.state.supplier[3] != 0) is wakes
    assert small.counted(0, 0).get("left_switch", 0) == wakes


def test_a_draw_on_the_border_wakes_nobody_and_no_captive_and_none_who_waits_compares() -> None:
    small = Small()
    put(small.world, "movement.switch_share", 1.0)
    small.become(3, supplier=0)
    small.become(4, supplier=0, flags=PRESENT | CAPTIVE)
    small.become(5, supplier=0, leaves=PERIOD + 4)
    offered(small, 3, Terms(0.0, 0.0, float(small.draw(3, OFFER, PERIOD, 0)[0])))
    for i in (4, 5):
        offered(small, i, Terms(0.0, 0.0, 1.0))
    assert [int(small.state.supplier[i]) for i in (3, 4, 5)] == [0, 0, 0]
    assert not small.tally.any()


def test_the_stage_takes_stocks_along_and_passes_over_who_is_no_customer() -> None:
    small = Small()
    small.become(2, supplier=0, satisfaction=62.5)
    small.become(3, supplier=NOBODY, satisfaction=40.0)
    clock = small.clock(PERIOD)
    offer_stage(small.state, small.environment, small.books, clock, np.array([2, 3]), Terms(4.5, 0.0, 0.0))
    assert small.counted(0, 0)["satisfaction_sum"] == round(4.5 * 65536)
    assert small.of(3, "satisfaction") == 40.0
