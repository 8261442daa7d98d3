"""A loyalty programme at rest: points balance to the last one, and what of them is held settles where it must.

Everybody buys for 40 at Poisson times, 12 a year; a purchase brings 40 points, and nobody redeems any.
"""

import math

import numpy as np
import pytest

from sim.vocabulary.observables import FIXED_POINT

PEOPLE, RATE, SPEND, YEARS, LIFE = 20_000, 12.0, 40.0, 6, 1.5
MONTHS = 12 * YEARS


@pytest.fixture
def lived(simulate):
    def of(**programme):
        return simulate(
            {
                "run.period": "month",
                "run.periods": MONTHS,
                "market.customers": PEOPLE,
                "customers.encounters.purchases_per_year": RATE,
                "customers.encounters.spend_per_purchase": SPEND,
                "firm.programme": {
                    "offered": True,
                    "goal": 0.0,
                    "frequency": 0.0,
                    "bonus": 0.0,
                    "upkeep": 0.0,
                    **programme,
                },
            },
            seed=81,
        )

    return of


def test_points_that_nobody_redeems_settle_at_their_life_times_what_is_issued(lived, flow, closed_form):
    """Held after n months: 480 a year x q (1 - q^n) / (1 - q) / 12, q = exp(-1 / 18); its variance by the same sum."""
    compare = closed_form("points held", "geometric sum of Poisson", "480 points a year, a life of 18 months, 6 years")
    tables = lived(fit=0.0, lapse_months=12 * LIFE)
    keep = math.exp(-1 / (12 * LIFE)) ** np.arange(1, MONTHS + 1)
    held = flow(tables, "points_held")[-1]
    compare(
        "points of all",
        PEOPLE * SPEND * RATE / 12 * keep.sum(),
        held,
        SPEND * math.sqrt(PEOPLE * RATE / 12 * (keep**2).sum()) + PEOPLE / 6,
    )
    year = math.exp(-1 / 12) ** np.arange(1, MONTHS + 1)
    mean, sd = SPEND * RATE / 12 * year.sum(), SPEND * math.sqrt(RATE / 12 * (year**2).sum())
    assert mean == pytest.approx(SPEND * RATE, rel=0.05)  # the points of twelve months
    silver = flow(tables, "members_silver")[-1] + flow(tables, "members_gold")[-1]
    assert silver / PEOPLE == pytest.approx(0.5 * math.erfc((400 - mean) / sd / math.sqrt(2)), abs=0.03)


def test_issued_are_redeemed_lapsed_and_outstanding_and_so_is_the_money(lived, flow):
    tables = lived()
    issued, redeemed, lapsed, held = (
        flow(tables, f"points_{name}") for name in ("issued", "redeemed", "lapsed", "held")
    )
    assert redeemed.sum() > 0
    assert lapsed.sum() > 0
    assert np.array_equal(np.cumsum(issued - redeemed - lapsed), held)
    cost, paid, owed = (
        np.rint(flow(tables, name) * FIXED_POINT).astype(np.int64)
        for name in ("programme_cost", "rewards_paid", "programme_liability")
    )
    assert np.array_equal(np.cumsum(cost - paid), owed)
    assert issued[-12:].sum() == pytest.approx(PEOPLE * SPEND * RATE, rel=0.01)
