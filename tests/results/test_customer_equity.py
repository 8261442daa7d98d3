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
from sim.results.customer_equity import customer_equity, equity, expected_lifetime
from sim.results.outputs import measure, output_label, output_unit
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
    amount(1, revenue=100, service_cost=150, win_back_cost=3)
    tallies[:2, 0, :, O.revenue] *= 9
    return SimpleNamespace(tallies=tallies, initial=initial)


def test_two_segments_by_hand():
    """Good: 72 a year, hazard .24: 7200 / (ln 1.1 + .24). Dear: -12 a year, nobody leaves: -600 / ln 1.1."""
    assert customer_equity(SCENARIO, made_up()) == pytest.approx(21_472.6556 - 6_295.2352, abs=1e-3)


def test_profit_adds_the_margin_of_the_whole_run():
    """A month leaves 1000 - 482 and 100 - 153, and the first two bring 8000 and 800 more each."""
    found = measure(SCENARIO, made_up(), None, ["profit", "customer_equity", "margin"])
    assert found["margin"] == 14 * (518 - 53) + 2 * 8800
    assert found["profit"] == pytest.approx(found["margin"] + 15_177.4204, abs=1e-3)
    assert (output_label("profit"), output_unit("profit", SCENARIO)) == ("Margin and value of customers", "EUR")


def test_who_stays_for_ever_undiscounted_has_no_finite_value():
    assert expected_lifetime(0.0, 0.0) == math.inf
    assert math.isnan(equity(10.0, 50.0, 0.0, 10.0, 0.0))


def test_nobody_in_hand_is_worth_nothing():
    assert equity(0.0, 100.0, 20.0, 50.0, 0.1) == 0.0


def test_it_is_the_limit_of_the_discrete_formula_for_ever_shorter_periods():
    """m r / (1 + d - r), paid n times a year, with r = e^(-h/n) and d = 1.1^(1/n) - 1, tends to m / (ln 1.1 + h)."""
    n, loss, discount = 1_000_000, 0.2, 0.1
    stay, rate = math.exp(-loss / n), (1 + discount) ** (1 / n) - 1
    assert expected_lifetime(loss, discount) == pytest.approx(stay / (1 + rate - stay) / n, rel=1e-5)
