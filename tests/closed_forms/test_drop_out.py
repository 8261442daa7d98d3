"""Dropping out after purchases: with nothing else, repeat buying is the BG/NBD model (Fader, Hardie & Lee 2005).

The parameters are those that they publish for CDNOW (r .243, alpha 4.414 weeks, a .793, b 2.426). Compared with the
closed forms by |z| < 6, binomial: nobody who bought (their equation 8), shares by purchases and by the week of the
last one (their equation 6, integrated over the times in between), who is still a customer; the mean number of
purchases (equation 9) against its standard error. A correct program fails one comparison with probability 2e-9.
"""

import math

import numpy as np
import pytest
from scipy.special import betaln, gammaln, hyp2f1

from sim.engine.buyers import Buyers
from sim.engine.followed import FollowedSimulation
from sim.model.rooms import O
from sim.scenario import load_scenario

R, ALPHA, A, B = 0.243, 4.414, 0.793, 2.426
PEOPLE, WEEKS = 100_000, 39
BUYING = {
    "run.period": "week",
    "run.periods": WEEKS,
    "market.customers": PEOPLE,
    "customers.encounters.purchases_per_year": 52 * R / ALPHA,
    "customers.encounters.frequency_cv": R**-0.5,
    "customers.drop_out.per_purchase": A / (A + B),
    "customers.drop_out.polarization": 1 / (1 + A + B),
}


def chance_of(times: int, weeks: float) -> float:
    """Chance of so many purchases in so many weeks: equation 8."""
    odds = weeks / (ALPHA + weeks)
    nobody = (ALPHA / (ALPHA + weeks)) ** R
    upto = [math.exp(gammaln(R + j) - gammaln(R) - gammaln(j + 1)) * odds**j for j in range(times + 1)]
    active = math.exp(betaln(A, B + times) - betaln(A, B)) * nobody * upto[times]
    if times == 0:
        return active
    return active + math.exp(betaln(A + 1, B + times - 1) - betaln(A, B)) * (1 - nobody * sum(upto[:times]))


def chance_of_last(times: int, low: float, high: float, weeks: float) -> float:
    """Chance of so many purchases, the last of them between two weeks: equation 6 over the orders in between."""
    nodes, weights = np.polynomial.legendre.leggauss(40)
    at = (low + high) / 2 + (high - low) / 2 * nodes
    rate = math.exp(gammaln(R + times) - gammaln(R) + R * math.log(ALPHA))
    stay = math.exp(betaln(A, B + times) - betaln(A, B)) * (ALPHA + weeks) ** -(R + times)
    gone = math.exp(betaln(A + 1, B + times - 1) - betaln(A, B)) * (ALPHA + at) ** -(R + times)
    density = rate * (stay + gone) * at ** (times - 1) / math.factorial(times - 1)
    return float(weights @ density) * (high - low) / 2


def test_purchases_follow_the_bg_nbd_model(scenario_file, closed_form):
    compare = closed_form(
        "BG/NBD repeat buying", "Fader, Hardie & Lee 2005", "CDNOW: r .243, alpha 4.414, a .793, b 2.426"
    )
    groups = [Buyers(0, 0), *(Buyers(x, x, 0, WEEKS - 1) for x in range(1, 6)), Buyers(6, None, 0, WEEKS - 1)]
    late = [(1, 0, 4), (1, 20, 38), (2, 10, 19), (4, 25, 38)]
    asked = [(WEEKS, one) for one in (*groups, *(Buyers(x, x, low, high) for x, low, high in late))]
    early = [(weeks, Buyers(0, 0)) for weeks in (1, 13)]
    run = FollowedSimulation(load_scenario(scenario_file(BUYING)).scenario, asked=[*asked, *early], seed=31)
    tables, followed = run.run(), run.followed

    def share(weeks: int, buyers: Buyers) -> float:
        return followed.share(weeks, buyers, slice(None))

    def near(what: str, exact: float, seen: float) -> None:
        compare(what, exact, seen, math.sqrt(exact * (1 - exact) / PEOPLE))

    for weeks in (1, 13, WEEKS):
        near(f"nobody who bought in {weeks} weeks", chance_of(0, weeks), share(weeks, Buyers(0, 0)))
    for buyers in groups[1:-1]:
        near(f"{buyers.least} purchases", chance_of(buyers.least, WEEKS), share(WEEKS, buyers))
    near("6 or more", 1 - sum(chance_of(x, WEEKS) for x in range(6)), share(WEEKS, groups[-1]))
    for x, low, high in late:
        exact = chance_of_last(x, low, high + 1, WEEKS)
        near(f"{x} purchases, the last in weeks {low} to {high}", exact, share(WEEKS, Buyers(x, x, low, high)))
    for weeks in (1, 13, WEEKS):
        exact = float(hyp2f1(R, A, A + B, -weeks / ALPHA))
        near(f"still a customer after {weeks} weeks", exact, followed.share(weeks, None, slice(None)))
    mean = (
        (A + B - 1) / (A - 1) * (1 - (ALPHA / (ALPHA + WEEKS)) ** R * hyp2f1(R, B, A + B - 1, WEEKS / (ALPHA + WEEKS)))
    )
    bought = followed.bought
    compare("purchases a customer in 39 weeks", float(mean), float(bought.mean()), float(bought.std() / PEOPLE**0.5))
    # every purchase, and whoever dropped out, stands in the books
    assert tables.tallies[:, 0, 0, O.purchases].sum() == bought.sum()
    gone = tables.tallies[:, 0, 0, O.dropped_out].sum()
    assert gone == tables.tallies[:, 0, 0, O.left_natural].sum() == PEOPLE - followed.staying[WEEKS].sum()


def test_who_never_buys_never_drops_out(scenario_file):
    """The chance is one after a purchase, not of a visit: help and repairs count for nothing."""
    world = {
        **BUYING,
        "market.customers": 2000,
        "customers.encounters.purchases_per_year": 0.0,
        "customers.encounters.help_requests_per_year": 30.0,
        "customers.drop_out.per_purchase": 0.9,
    }
    run = FollowedSimulation(load_scenario(scenario_file(world)).scenario, seed=1)
    tables = run.run()
    assert tables.tallies[:, 0, 0, O.help_requests].sum() > 1000
    assert tables.tallies[:, 0, 0, O.dropped_out].sum() == 0
    assert not run.followed.bought.any()


@pytest.mark.parametrize("weeks", [1, 26])
def test_survival_of_those_followed_is_that_of_the_tables(scenario_file, weeks):
    """By Kaplan and Meier for the whole firm, and counted person by person: none of the first customers is censored."""
    from sim.results.outputs import measure

    world = {**BUYING, "market.customers": 2000, "run.periods": 26, "customers.bonds.attrition_per_year": 0.3}
    scenario = load_scenario(scenario_file(world)).scenario
    run = FollowedSimulation(scenario, seed=2)
    told = measure(scenario, run.run(), None, [f"survival@{weeks}", f"survival@{weeks}[everyone]"], run.followed)
    whole, own = told.values()
    assert own == pytest.approx(whole, abs=1e-12)
    assert own < 1.0
