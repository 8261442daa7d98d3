"""Bills come on their date, not by Poisson: who is billed pays the same as others, and nothing is left to luck.

Purchases of 12 a year at 40, whatever the number of bills; what runs is owed by who leaves.
"""

import math

import numpy as np
import pytest

PEOPLE, RATE, SPEND, PRICE = 100_000, 12.0, 40.0, 1.25
TOTAL = PEOPLE * RATE * SPEND * PRICE
NATURAL, INITIAL = 4, 0


def bills(a_year, *, periods, period="month", attrition=0.0):
    return {
        "run.period": period,
        "run.periods": periods,
        "customers.bonds.attrition_per_year": attrition,
        "customers.encounters.purchases_per_year": RATE,
        "customers.encounters.spend_per_purchase": SPEND,
        "firm.strategy.price_index": PRICE,
        "firm.strategy.usual_price": PRICE,
        "firm.contract": {"bills_per_year": a_year},
    }


@pytest.mark.parametrize(("a_year", "period", "periods"), [(12, "month", 12), (4, "month", 12), (12, "week", 13)])
def test_everybody_is_billed_as_often_as_the_calendar_says(simulate, flow, closed_form, a_year, period, periods):
    """A whole number of bills each in so many periods, and so the same revenue in every one of them but for phases."""
    compare = closed_form("bills on their date", "by definition", f"{a_year} a year, price 1.25, {periods} {period}s")
    tables = simulate(bills(a_year, periods=periods, period=period), seed=71)
    years = periods / {"month": 12, "week": 52}[period]
    compare.equal("bills", PEOPLE * a_year * years, flow(tables, "bills").sum(), 0.0)
    compare.equal("revenue", TOTAL * years, flow(tables, "revenue").sum(), 2.0)
    assert np.array_equal(flow(tables, "billed"), flow(tables, "revenue"))
    first, due = flow(tables, "bills")[0], a_year * years / periods
    if due < 1:
        compare("in the first period", PEOPLE * due, first, math.sqrt(PEOPLE * due * (1 - due)))


def test_who_leaves_has_paid_for_the_time_there(simulate, flow, closed_form):
    """Four bills a year, two years: who leaves in month k has paid (k + 1) / 3 + u bills, u 0, 1/3 or 2/3 alike."""
    compare = closed_form("bills of those who leave", "by definition", "4 a year, attrition .4 a year, 24 months")
    tables = simulate(bills(4, periods=24, attrition=0.4), seed=72)
    gone = tables.leavers[0, INITIAL, NATURAL, :24]
    stayed = PEOPLE - gone.sum()
    assert 0.3 < stayed / PEOPLE < 0.4
    exact = (gone * ((np.arange(24) + 1) / 3 + 1 / 3)).sum() + 8 * stayed
    worth = RATE * SPEND * PRICE / 4
    compare("bills paid", exact, flow(tables, "revenue").sum() / worth, math.sqrt(gone.sum() * 2 / 27))


def test_it_comes_to_what_purchases_bring_one_by_one(simulate, flow, closed_form):
    """The same mean, without the luck: purchases are Poisson with a standard deviation of SPEND x PRICE x sqrt(n)."""
    compare = closed_form("bills or purchase by purchase", "Poisson", "12 purchases a year, price 1.25, 12 months")
    one_by_one = flow(simulate(bills(0, periods=12), seed=73), "revenue").sum()
    compare("revenue, money", TOTAL, one_by_one, SPEND * PRICE * math.sqrt(PEOPLE * RATE))
    on_date = flow(simulate(bills(12, periods=12), seed=73), "revenue").sum()
    compare.equal("revenue by bills, money", TOTAL, on_date, 2.0)
