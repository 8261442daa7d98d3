"""The value of customers in hand against values worked out by hand, segment by segment."""

import math
from types import SimpleNamespace

import numpy as np
import pytest

from sim.model.customer import Segment
from sim.model.market import Run
from sim.model.money import Money
from sim.model.rooms import OBSERVABLES, O
from sim.model.scenario import Scenario
from sim.results.customer_equity import customer_equity, years_left
from sim.results.outputs import output_label, output_unit
from sim.vocabulary.observables import FIXED_POINT

SEGMENTS = [Segment(name="good", share=0.5), Segment(name="dear", share=0.5)]
SCENARIO = Scenario(run=Run(period="month", periods=14), segments=SEGMENTS, money=Money(discount_rate=0.1))


def made_up():
    """Fourteen months: two that the last year leaves out, then twelve that are all the same."""
    tallies = np.zeros((14, 2, 2, len(OBSERVABLES)), np.int64)
    initial = np.zeros((2, 2, len(OBSERVABLES)), np.int64)

    def amount(segment, **amounts):
        for name, value in amounts.items():
            tallies[:, 0, segment, getattr(O, name)] = value * FIXED_POINT

    initial[0, :, O.active] = tallies[:, 0, :, O.active] = [100, 50]
    tallies[:, 0, 0, O.left_natural] = tallies[:, 0, 0, O.won_switch] = 2
    amount(0, revenue=1000, goods_cost=300, service_cost=60, complaint_cost=40, advertising_cost=77, welcome_cost=5)
    amount(0, overhead_cost=123)
    amount(1, revenue=100, service_cost=150, win_back_cost=3)
    tallies[:2, 0, :, O.revenue] *= 9
    return SimpleNamespace(tallies=tallies, initial=initial)


def test_two_segments_by_hand():
    """Good: 600 a month of 100; hazard -12 ln .98 = .24243: 1 / (ln 1.1 + .24243) = 2.96083 years, and half a month
    more discounted by 1 - ln 1.1 x 2.96083: 2.99074. Dear: -50 a month, nobody leaves: 1 / ln 1.1 = 10.49206 years."""
    expected = 7_200 * 2.990743 - 600 * 10.492059
    assert customer_equity(SCENARIO, made_up()) == pytest.approx(expected, rel=2e-5)


def test_how_long_customers_stay_by_hand():
    """One of 20 customer-months leaves a month, nothing discounted: -12 ln .95 = .615520 a year; half a month more."""
    assert years_left(3.0, 60.0, 0.0, 12) == pytest.approx(1 / 0.615520 + 1 / 24, rel=1e-6)
    assert years_left(0.0, 60.0, 0.0, 12) == math.inf


def test_who_waits_for_the_end_of_a_contract_has_left_by_hand():
    """Good, but 1 waits before the last year and 13 at its end, one more each month: 24 + 12 gone of 1,200 - 90.

    -12 ln(1 - 36 / 1110) = .39564 a year; 1 / (.09531 + .39564) = 2.03686, and half a month more of what is not
    discounted away: 2.03686 + (1 - .09531 x 2.03686) / 24 = 2.07043; 87 customers at 72 a year.
    """
    waits = made_up()
    waits.tallies[:, 0, 0, O.waiting] = np.concatenate([[0, 1], np.arange(2, 14)])
    good = 87 * 72 * 2.07043
    assert customer_equity(SCENARIO, waits) + 600 * 10.492059 == pytest.approx(good, rel=1e-4)


def test_the_names_of_outputs():
    assert (output_label("profit"), output_unit("profit", SCENARIO)) == ("Margin and value of customers", "EUR")


def test_who_stays_for_ever_undiscounted_has_no_finite_value():
    free = SCENARIO.model_copy(update={"money": Money(discount_rate=0.0)})
    assert math.isnan(customer_equity(free, made_up()))


def test_nobody_in_hand_is_worth_nothing():
    nobody = made_up()
    nobody.tallies[:, :, :, O.active] = 0
    assert customer_equity(SCENARIO, nobody) == 0.0
