"""The opportunity cost: measured by a twin world, and by the rule of thumb, where the rule holds.

It holds where whoever a failure drives out would have stayed with the retention that the rule assumes, at the same
margin, and nothing is discounted. A customer lost with n periods to go would have paid for each of them that natural
attrition leaves: m dt sum of q^j for j = 1 ... n, q = r^dt, which is m dt q / (1 - q) (1 - q^n). The rule within the
run says m r / (1 - r) (1 - r^(n dt)). The share of the horizon is the same; they differ by when is paid alone, at the
end of a year by the rule, r / (1 - r), and by the period in the run, q dt / (1 - q).
"""

import math

import numpy as np
import pytest

from sim.engine.simulation import Simulation
from sim.model.market import PERIODS_PER_YEAR
from sim.parameters.timeline import WITHOUT_FAILURES
from sim.results.outputs import measure
from sim.scenario import load_scenario

PEOPLE, YEARS = 20_000, 4
MARGIN = 6.0 * 40.0 * 0.5
"""Six purchases a year at 40, half of which is left."""


@pytest.fixture
def both(scenario_file, flow):
    """The two opportunity costs of a world in which every failure drives a customer out, and whom it lost when."""

    def lived(retention, period, assumed):
        changes = {
            "run.period": period,
            "run.periods": YEARS * PERIODS_PER_YEAR[period],
            "market.customers": PEOPLE,
            "customers.encounters.purchases_per_year": 6.0,
            "customers.encounters.spend_per_purchase": 40.0,
            "customers.bonds.attrition_per_year": 1.0 - retention,
            "customers.judgement.tolerance": 0.0,
            "voice.repurchase.silent": 0.0,
            "firm.systems.failure_scale": 1.0,
            "firm.systems.interception_share": 0.0,
            "firm.strategy.gross_margin": 0.5,
            "firm.contract.bills_per_year": PERIODS_PER_YEAR[period],
            "money.discount_rate": 0.0,
            "money.assumed_retention": assumed,
            "money.estimate_within_run": True,
        }
        scenario = load_scenario(scenario_file(changes)).scenario
        here, there = (Simulation(scenario, seed=21, patch=patch).run() for patch in ({}, WITHOUT_FAILURES))
        (missed,) = measure(scenario, here, there, ["opportunity_measured.total"]).values()
        return missed, flow(here, "opportunity_estimate").sum(), flow(here, "left_silent")

    return lived


@pytest.mark.parametrize(("retention", "period"), [(0.8, "month"), (0.95, "month"), (0.6, "week")])
def test_measured_and_quick_agree_where_the_rule_of_thumb_holds(both, closed_form, retention, period):
    """Given who was lost when, the luck that is left is for how long each would have stayed: K of n periods."""
    missed, quick, lost = both(retention, period, assumed=retention)
    compare = closed_form(
        "opportunity cost, measured and by m r / (1 - r)", "Gupta & Lehmann 2003", f"r {retention}, {period}s, 4 years"
    )
    dt = 1.0 / PERIODS_PER_YEAR[period]
    stay, left = retention**dt, np.arange(len(lost))[::-1]
    pays = MARGIN * dt * stay / (1.0 - stay)
    each = pays * (1.0 - stay**left)
    j = np.arange(1.0, len(lost))
    second = np.concatenate([[0.0], np.cumsum((2.0 * j - 1.0) * stay**j)])[left]  # E K^2, K the periods paid for
    variance = (MARGIN * dt) ** 2 * second - each**2
    assert lost.sum() > 500
    by_the_year = MARGIN * retention / (1.0 - retention)
    compare.equal("quick over the same, paid by the year", by_the_year / pays, quick / (lost * each).sum(), 1e-5)
    spread = math.sqrt((lost * variance).sum()) / quick
    compare("measured over quick", pays / by_the_year, missed / quick, spread)


def test_where_customers_stay_shorter_than_the_rule_assumes_it_says_too_much(both):
    """They agree by what the rule assumes, and not because one is made from the other."""
    missed, quick, _ = both(0.8, "month", assumed=0.95)
    assert quick > 1.2 * missed
