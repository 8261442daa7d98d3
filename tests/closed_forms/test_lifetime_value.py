"""Lifetime value and retention under the beta-geometric, by runs that end long before the customers do.

The yearly probability of leaving is beta distributed, so that S(t) = B(a, b + t) / B(a, b) (Fader & Hardie 2007). A
newly won customer who brings m a year is worth m sum over k of S(k / n) (1 + d)^-(k + 1/2)/n / n, the discounted
expected lifetime of Fader & Hardie 2010 (2F1(1, b; a + b; 1 / (1 + d)) for n = 1 and payments in advance) for money
that comes in each period. Retention by customers at risk is (1 - (1 - S(T)) / sum over k < nT of S(k / n))^n.

Standard deviations come from 32 runs with luck of their own: z is t-distributed, |t| < 6 fails with probability 1e-6.
"""

import math

import numpy as np
import pytest
from scipy.special import betaln, hyp2f1

from sim.engine.simulation import Simulation
from sim.results.beta_geometric import BetaGeometric
from sim.results.outputs import measure
from sim.scenario import load_scenario

A, B, D = 0.704, 1.182, 0.1
RUNS, PEOPLE, RATE, SPEND, GROSS, SERVICE = 32, 2_000, 4.0, 40.0, 0.45, 2.5


def stay(years):
    return np.exp(betaln(A, B + years) - betaln(A, B))


def lifetime(per_year):
    """Discounted years, summed over 600 years of periods; what is left is below 1e-25."""
    k = np.arange(600 * per_year)
    return float((stay(k / per_year) * (1 + D) ** (-(k + 0.5) / per_year)).sum() / per_year)


@pytest.mark.parametrize("years", [2, 5, 12, 30])
def test_it_does_not_depend_on_how_long_the_run_is(scenario_file, closed_form, years):
    compare = closed_form(
        "value of a newly won customer", "Fader & Hardie 2007, 2010", "attrition .704/1.886, d .1, months"
    )
    file = scenario_file(
        {
            "run.periods": 12 * years,
            "market.customers": PEOPLE,
            "customers.bonds.attrition_per_year": A / (A + B),
            "customers.bonds.attrition_polarization": 1 / (1 + A + B),
            "customers.encounters.purchases_per_year": RATE,
            "customers.encounters.spend_per_purchase": SPEND,
            "firm.strategy.gross_margin": GROSS,
            "firm.costs.purchase_service": SERVICE,
            "firm.costs.overhead_share": 0.2,
        }
    )
    scenario = load_scenario(file).scenario
    found = [
        measure(scenario, Simulation(scenario, seed=40 * years + r).run(), None, ["lifetime_value", "retention"])
        for r in range(RUNS)
    ]
    values = {name: np.array([run[name] for run in found]) for name in found[0]}
    a_year = RATE * (SPEND * GROSS - SERVICE)  # overheads are there whoever is a customer
    at_risk = stay(np.arange(12 * years) / 12).sum()
    kept = (1 - (1 - stay(years)) / at_risk) ** 12
    for name, label, exact in (
        ("lifetime_value", "value by a run of {} years", a_year * lifetime(12)),
        ("retention", "yearly retention over {} years", kept),
    ):
        sd = values[name].std(ddof=1) / math.sqrt(RUNS)
        assert sd < 0.01 * exact
        compare(label.format(years), exact, values[name].mean(), sd)


def test_the_discounted_lifetime_is_the_limit_of_the_published_one():
    """At the start of each year: Fader & Hardie's hypergeometric function; at ever shorter periods, the integral."""
    k = np.arange(600.0)
    assert (stay(k) * (1 + D) ** -k).sum() == pytest.approx(hyp2f1(1, B, A + B, 1 / (1 + D)), rel=1e-12)
    between = [stay(k / n) @ (1 + D) ** (-k / n) / n for n in (2000, 4000) for k in [np.arange(600 * n)]]
    assert BetaGeometric(A, B).discounted_years(D) == pytest.approx(2 * between[1] - between[0], rel=1e-6)
