"""The value of customers in hand against values worked out by hand, segment by segment."""

import math
from types import SimpleNamespace

import numpy as np
import pytest

from sim.model.customer import Segment
from sim.model.market import Run
from sim.model.money import Money
from sim.model.register import OBSERVABLES, O
from sim.model.scenario import Scenario
from sim.results.beta_geometric import BetaGeometric
from sim.results.customer_equity import customer_equity, relative_hazard
from sim.results.lifetime import Lifetimes
from sim.results.outputs import output_label, output_unit
from sim.vocabulary.observables import FIXED_POINT

SEGMENTS = [Segment(name="good", share=0.5), Segment(name="dear", share=0.5)]
SCENARIO = Scenario(run=Run(period="month", periods=14), segments=SEGMENTS, money=Money(discount_rate=0.1))
ALIKE = BetaGeometric(1e6, 9e6)  # a hazard of -ln .9 = .10536 a year at every tenure


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


def lifetimes(initial=120, model=ALIKE):
    in_hand = np.zeros(15, np.int64)
    in_hand[6] = 30
    return Lifetimes(0.9 ** (np.arange(4) / 12), model, model, in_hand, initial, 14 / 12, 12)


def test_two_segments_by_hand():
    """Good: 600 a month of 100; hazard -12 ln .98 = .24243: 1 / (ln 1.1 + .24243) = 2.96083 years, and half a month
    more discounted by 1 - ln 1.1 x 2.96083: 2.99074. Dear: -50 a month, nobody leaves: 1 / ln 1.1 = 10.49206 years."""
    expected = 7_200 * 2.990743 - 600 * 10.492059
    assert customer_equity(SCENARIO, made_up(), lifetimes()) == pytest.approx(expected, rel=2e-5)


def test_who_stays_longest_is_likeliest_to_stay():
    """With people who differ, the same hazard lately, and a model in which it falls, customers are worth more."""
    differ = lifetimes(model=BetaGeometric(0.7, 1.2))
    assert customer_equity(SCENARIO, made_up(), differ) > 1.2 * customer_equity(SCENARIO, made_up(), lifetimes())


def test_how_fast_customers_left_by_hand():
    """Two of 1,200 customer-months a month each of twelve: -12 ln(1 - 24 / 1200) = .24243 a year, over .1."""
    assert relative_hazard(24.0, 1200.0, 0.1, 12) == pytest.approx(2.424325, rel=1e-6)
    assert relative_hazard(0.0, 0.0, 0.1, 12) == 1.0


def test_the_names_of_outputs():
    assert (output_label("profit"), output_unit("profit", SCENARIO)) == ("Margin and value of customers", "EUR")


def test_who_stays_for_ever_undiscounted_has_no_finite_value():
    free = SCENARIO.model_copy(update={"money": Money(discount_rate=0.0)})
    assert math.isnan(customer_equity(free, made_up(), lifetimes()))


def test_nobody_in_hand_is_worth_nothing():
    nobody = made_up()
    nobody.tallies[:, :, :, O.active] = 0
    assert customer_equity(SCENARIO, nobody, lifetimes()) == 0.0
    assert customer_equity(SCENARIO, nobody, None) == 0.0
