"""A firm's reply to prices (docs/odd.md, 7.23), worked out away from neutral points."""

import pytest

from sim.model.price_reply import PriceReply, cheapest_other, price_after

POLICY = PriceReply(cuts=0.3, rises=0.125, premium=1.25, lowest=0.85)


def test_a_reply_closes_its_share_of_the_gap_to_the_price_aimed_at() -> None:
    """Aims of 1 and 1.5: gaps of -.4 and .1."""
    assert price_after(1.4, 0.8, POLICY) == pytest.approx(1.28)
    assert price_after(1.4, 1.2, POLICY) == pytest.approx(1.4125)
    assert price_after(1.5, 1.2, POLICY) == 1.5


def test_no_reply_goes_below_its_bound_nor_lifts_who_is_below_it() -> None:
    """From .9 to an aim of .5, 3/10 of which would be .78; from .8 it stays."""
    assert price_after(0.9, 0.4, POLICY) == 0.85
    assert price_after(0.8, 0.4, POLICY) == 0.8
    assert price_after(9.9, 10.0, PriceReply(rises=1.0, premium=2.0)) == 10.0


def test_the_cheapest_is_another_firm_that_is_there() -> None:
    assert cheapest_other([0.7, 0.8, 0.6, 0.9], [True, True, False, True], 0) == 0.8
    assert cheapest_other([0.7, 0.8, 0.6, 0.9], [True, True, False, True], 1) == 0.7
    assert cheapest_other([0.7], [True], 0) is None
