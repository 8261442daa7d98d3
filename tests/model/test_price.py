"""What a price means to customers (docs/odd.md, 7.13), worked out away from an index of 1."""

from typing import Any

import numpy as np
import pytest

from sim.model.price import (
    Others,
    Prices,
    alarm,
    asked,
    asked_of,
    beside,
    demand_at,
    got_used,
    market_prices,
    price_of,
    reference_price,
    share_without,
    value_for_money,
)
from tests.model.worked import Exactly, Examples, numbers, worked

exp, log, mpf = numbers.exp, numbers.log, numbers.mpf

EXAMPLES: Examples = {
    # closes the gap by 1 - exp(-t / memory), upwards and downwards; without a memory at once
    got_used: [
        ((1.2, 1.5, 0.25, 0.8), mpf(1.2) + (1 - exp(-mpf(0.25) / mpf(0.8))) * (mpf(1.5) - mpf(1.2))),
        ((1.4, 0.9, 0.1, 0.6), mpf(1.4) - (1 - exp(-mpf(0.1) / mpf(0.6))) * (mpf(1.4) - mpf(0.9))),
        ((1.4, 0.9, 0.1, 0.0), Exactly(0.9)),
    ],
    reference_price: [((1.3, 0.7), Exactly(1.0)), ((0.8, 1.5), 1.15)],
    # ln(0.9 / 1.2) is a loss, ln(1.5 / 1.2) a gain
    value_for_money: [
        ((1.2, 0.9, 2.25), 2.25 * log(mpf(0.9) / mpf(1.2))),
        ((1.2, 1.5, 2.25), log(mpf(1.5) / mpf(1.2))),
    ],
    demand_at: [((1.44, 0.5), 1 / mpf("1.2")), ((0.64, 1.5), 1 / mpf("0.512"))],
    alarm: [((1.3, 1.1), log(mpf(1.3) / mpf(1.1))), ((0.8, 0.9), Exactly(0.0))],
    # 12 customers used to 1.25 join 30 used to 0.7; nobody joins who is neither there nor has customers
    beside: [
        ((Others(1, 30, 21.0, 0.7), 1.25, 12, True), (2, 42, 36.0, 1.95)),
        ((Others(1, 30, 21.0, 0.7), 1.25, 0, False), (1, 30, 21.0, 0.7)),
        ((Others(1, 30, 21.0, 0.7), 1.25, 12, False), (2, 42, 36.0, 1.95)),
        ((Others(1, 30, 21.0, 0.7), 1.25, 0, True), (2, 30, 21.0, 1.95)),
    ],
    # a mean over customers, else over firms, else the outside option's
    price_of: [
        ((Others(2, 40, 36.0, 1.95),), Exactly(0.9)),
        ((Others(3, 0, 0.5, 2.4),), Exactly(2.4 / 3)),
        ((Others(0, 0, 0.5, 2.4),), Exactly(1.0)),
    ],
    share_without: [((1.44, 0.5), 1 - 1 / mpf("1.2")), ((0.64, 0.5), Exactly(0.0))],
}

test_rule = worked(EXAMPLES)


def test_the_market_is_what_the_others_customers_are_used_to() -> None:
    assert market_prices([1.25, 0.75, 1.5], [7, 30, 10], [True] * 3) == pytest.approx(
        [37.5 / 40, 23.75 / 17, 31.25 / 37]
    )
    assert market_prices([1.25, 0.75, 1.5], [7, 0, 0], [True] * 3) == pytest.approx([1.125, 1.25, 1.25])
    assert market_prices([1.25], [7], [True]) == [1.0]


def test_what_a_price_means_to_a_segment() -> None:
    segment: Any = {
        "encounters": {
            "price_elasticity": 0.5,
            "purchases_per_year": 24.0,
            "help_requests_per_year": 3.0,
            "repairs_per_year": 2.0,
        },
        "bonds": {"doing_without": 1.5, "reviews_per_year": 0.8, "alarm": 30.0},
        "judgement": {"value_effect": 12.0, "loss_aversion": 2.5},
    }
    found = asked({"price_index": 1.44}, segment, 1.2, 0.9, 0.25, rivals=True)
    assert found.demand == pytest.approx(1 / 1.2)
    assert found.visits == pytest.approx((24 / 1.2 + 5) / 4)
    assert found.value == pytest.approx(float(-12 * 2.5 * log(mpf("1.44") / mpf("1.05"))))
    assert found.reviews == pytest.approx(float(1 - exp(-(mpf("0.8") + 30 * log(mpf("1.2"))) / 4)))
    assert found.doing_without == pytest.approx(1 - 1 / 1.728)


@pytest.mark.parametrize(("doing_without", "price", "looks"), [(0.0, 1.4, False), (0.2, 1.4, True), (0.2, 0.9, False)])
def test_without_rivals_only_those_look_around_who_might_do_without(
    doing_without: float, price: float, looks: bool
) -> None:
    segment: Any = {
        "encounters": {
            "price_elasticity": 0.5,
            "purchases_per_year": 24.0,
            "help_requests_per_year": 3.0,
            "repairs_per_year": 2.0,
        },
        "bonds": {"doing_without": doing_without, "reviews_per_year": 0.8, "alarm": 30.0},
        "judgement": {"value_effect": 12.0, "loss_aversion": 2.5},
    }
    assert (asked({"price_index": price}, segment, 1.2, 0.9, 0.25, rivals=False).reviews > 0.0) == looks


def test_each_firm_and_segment_has_its_own_place() -> None:
    """Two firms and three segments: table t holds 100 t + 10 f + s."""
    tables = [np.array([[100.0 * t + 10.0 * f + s for s in range(3)] for f in range(2)]) for t in range(5)]
    prices = Prices(np.ones(2), np.ones(2), *tables, np.ones(2), np.zeros(2))
    assert tuple(asked_of(prices, 1, 2)) == (12.0, 112.0, 212.0, 312.0, 412.0)
    assert tuple(asked_of(prices, 0, 1)) == (1.0, 101.0, 201.0, 301.0, 401.0)
