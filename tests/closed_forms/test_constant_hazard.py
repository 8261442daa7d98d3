"""A constant yearly hazard: survival, waiting time and the discounted value of a cohort.

Natural attrition alone, the same for everybody: S(t) = (1 - p)^t, whatever the period. With purchases the discounted
margins of the cohort are a geometric series (Gupta & Lehmann 2003). Each comparison asks for |z| < 6 with the exact
variance: a correct program fails it with probability 2e-9.
"""

import math

import numpy as np
import pytest

import sim
from sim.model.market import PERIODS_PER_YEAR
from sim.model.movement import CAUSES

PEOPLE = 100_000


@pytest.mark.parametrize("period", ["month", "week"])
def test_survival(simulate, flow, closed_form, period):
    p, years, per_year = 0.2, 5, PERIODS_PER_YEAR[period]
    compare = closed_form("constant hazard S = (1-p)^t", "textbook", f"attrition_per_year .2, {period}s")
    tables = simulate(
        {"run.period": period, "run.periods": years * per_year, "customers.bonds.attrition_per_year": p}, seed=11
    )
    active = flow(tables, "active")
    for year in range(1, years + 1):
        exact = (1 - p) ** year
        seen = active[year * per_year - 1] / PEOPLE
        compare(f"S({year})", exact, seen, math.sqrt(exact * (1 - exact) / PEOPLE))


def test_waiting_time_is_geometric(simulate, closed_form):
    yearly, periods = 0.9, 300
    p = 1 - (1 - yearly) ** (1 / 12)
    compare = closed_form("geometric waiting time", "textbook", "attrition_per_year .9, months, until all have left")
    tables = simulate({"run.periods": periods, "customers.bonds.attrition_per_year": yearly}, seed=12)
    left = tables.leavers[0, 0, CAUSES.index("left_natural")]
    assert left.sum() == PEOPLE
    months = 1 + np.arange(left.size)  # who leaves in period k has been there for k + 1 periods
    mean = (left * months).sum() / PEOPLE
    compare("mean months", 1 / p, mean, math.sqrt((1 - p) / p**2 / PEOPLE))
    # E (X - EX)^4 = (1-p)(p^2 - 9p + 9) / p^4
    fourth = (1 - p) * (p * p - 9 * p + 9) / p**4
    variance = (1 - p) / p**2
    spread = (left * (months - 1 / p) ** 2).sum() / PEOPLE
    compare("variance", variance, spread, math.sqrt((fourth - variance**2) / PEOPLE))


@pytest.mark.parametrize("period", ["month", "week"])
def test_discounted_value_of_a_cohort(simulate, flow, closed_form, period):
    """V = m / (1 - r v) for margins m at the start of each period, r = retention, v = discount factor per period.

    Variance over independent customers: E sum v^2t c^2 L + Var(c L (1 - v^T) / (1 - v)), T geometric, Poisson
    purchases of mean L and margin c.
    """
    per_year, yearly, discount, rate = PERIODS_PER_YEAR[period], 0.5, 0.1, 6.0
    spend, gross, service = 40.0, 0.45, 2.5
    people, periods = (50_000, 25 * 12) if period == "month" else (15_000, 25 * 52)
    compare = closed_form("lifetime value of a cohort", "Gupta & Lehmann 2003", f"p .5, d .1, {period}s")
    tables = simulate(
        {
            "run.period": period,
            "run.periods": periods,
            "market.customers": people,
            "customers.bonds.attrition_per_year": yearly,
            "customers.encounters.purchases_per_year": rate,
            "customers.encounters.spend_per_purchase": spend,
            "firm.strategy.gross_margin": gross,
            "firm.costs.purchase_service": service,
        },
        seed=13,
    )
    stay, v, each, mean = (
        (1 - yearly) ** (1 / per_year),
        (1 + discount) ** (-1 / per_year),
        spend * gross - service,
        0.0,
    )
    mean = rate / per_year
    margins = flow(tables, "revenue") - flow(tables, "goods_cost") - flow(tables, "service_cost")
    seen = (margins * v ** np.arange(periods)).sum() / people
    exact = each * mean / (1 - stay * v)
    power = lambda x: (1 - stay) * x / (1 - stay * x)  # noqa: E731  E x^T for geometric T >= 1
    of_length = (power(v * v) - power(v) ** 2) / (1 - v) ** 2
    variance = each**2 * mean / (1 - stay * v * v) + (each * mean) ** 2 * of_length
    compare("value, money", exact, seen, math.sqrt(variance / people))
    if period == "month":
        by_year = flow(tables, "active")[11::12]
        m = 100.0  # paid at the end of each year by those who are still there: m r / (1 + d - r)
        value = (by_year * (1 + discount) ** -np.arange(1.0, 26.0)).sum() * m / people
        r, w = 1 - yearly, 1 / (1 + discount)
        alive = lambda x: r * x / (1 - r * x)  # noqa: E731
        # number of payments K is geometric: value = m w (1 - w^K) / (1 - w)
        spread = m * w / (1 - w) * math.sqrt(((1 - r) / (1 - r * w * w) - ((1 - r) / (1 - r * w)) ** 2) / people)
        compare("m r / (1 + d - r), m = 100", m * alive(w), value, spread)


@pytest.mark.filterwarnings("ignore::sim.scenario.practical.ScenarioWarning")
def test_present_value_of_a_constant_cash_flow(scenario_file, closed_form):
    """Nobody leaves: the key figure is the annuity, margins at the end of each period."""
    people, periods, rate, margin = 20_000, 60, 12.0, 10.0
    compare = closed_form("present value of a constant cash flow", "textbook", "12 purchases a year, d .1, 5 years")
    file = scenario_file(
        {
            "run.periods": periods,
            "run.replications": 1,
            "market.customers": people,
            "customers.encounters.purchases_per_year": rate,
            "customers.encounters.spend_per_purchase": margin,
            "firm.strategy.gross_margin": 1.0,
            "money.discount_rate": 0.1,
        }
    )
    result = sim.run(file, seed=14)
    v = 1.1 ** (-1 / 12)
    exact = people * margin * v * (1 - v**periods) / (1 - v)
    variance = people * margin**2 * v**2 * (1 - v ** (2 * periods)) / (1 - v * v)
    compare("money", exact, result.summary.loc["net_present_value", "value"], math.sqrt(variance))


@pytest.mark.parametrize("within", [False, True])
def test_remaining_value_of_the_lost(simulate, flow, closed_form, within):
    """The rule of thumb books m r / (1 + d - r) for each customer lost through dissatisfaction, to the last digit.

    Within the run it is 1 - (r / (1 + d))^n of that, n the years left when the customer is lost.
    """
    what = "all dissatisfied leave" + (", 2 years" if within else "")
    compare = closed_form("rule of thumb m r / (1 + d - r)", "Gupta & Lehmann 2003", what)
    tables = simulate(
        {
            "run.periods": 24,
            "market.customers": 1000,
            "customers.encounters.purchases_per_year": 1.0,
            "customers.encounters.spend_per_purchase": 480.0,
            "firm.strategy.gross_margin": 0.5,
            "firm.systems.service.reliability": 1.0,
            "customers.judgement.tolerance": 0.0,
            "voice.repurchase.silent": 0.0,
            "money.discount_rate": 0.1,
            "money.assumed_retention": 0.8,
            "money.estimate_within_run": within,
        },
        seed=15,
    )
    lost = flow(tables, "left_silent")
    assert (lost > 5).all()
    value = 240 * 0.8 / 0.3
    expected = sum(n * value * (1 - (0.8 / 1.1) ** ((23 - k) / 12) if within else 1) for k, n in enumerate(lost))
    each = 1 / lost.sum()
    compare.equal("money per lost", expected * each, flow(tables, "opportunity_estimate").sum() * each, 1e-4)
