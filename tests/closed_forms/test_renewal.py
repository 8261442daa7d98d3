"""A market that renews itself: free and held places, ages, the stock's hazards, anger that passes, norms that return.

Everybody is renewed with one hazard, whoever's customer: a place is free or held like a two-state Markov chain, and its
person's age is geometric. With beta-distributed attrition a the held stock has the density f(a) / (a + v), v being the
renewal. Per period, with advertising that wins the free with chance p after the renewed are out:
held share = p (1 - v) / (p (1 - v) + E_stock(a + v)). All places are independent. Each comparison asks for |z| < 6.
"""

import math

import mpmath
import numpy as np
import pytest

from sim.engine.simulation import Simulation
from sim.model.person import NOBODY
from sim.model.rooms import O
from sim.scenario import load_scenario

PEOPLE = 50_000
FIVE = ("tangibles", "reliability", "responsiveness", "assurance", "empathy")


@pytest.fixture
def market(scenario_file):
    """Scenario in, a simulation that has not begun out."""

    def build(changes, *, seed):
        file = scenario_file({"market.customers": PEOPLE, **changes})
        return Simulation(load_scenario(file).scenario, seed=seed, base_dir=file.parent)

    return build


def focal(simulation, name):
    return simulation.tallies[:, 0, :, getattr(O, name)].sum(axis=1)


def monthly(yearly):
    return 1 - (1 - yearly) ** (1 / 12)


def deviation(share, people=PEOPLE):
    return math.sqrt(share * (1 - share) / people)


def test_places_are_free_or_held_and_ages_are_geometric(market, closed_form):
    renewal, advertising, months = 0.2, 0.5, 360
    v, p = monthly(renewal), monthly(advertising)
    wins = p * (1 - v)
    held = wins / (wins + v)
    compare = closed_form(
        "renewal, free and held places", "textbook", "renewal .2, advertising .5, months, from scratch"
    )
    end = market(
        {
            "run.periods": months,
            "firm.initial_share": 0.0,
            "customers.bonds.renewal_per_year": renewal,
            "firm.strategy.advertising_hazard": advertising,
        },
        seed=301,
    )
    end.run()
    for month in (1, 12, 120, months):
        exact = held * (1 - (1 - wins - v) ** month)
        compare(f"held after {month} months", exact, focal(end, "active")[month - 1] / PEOPLE, deviation(exact))
    compare("renewed a month", v, focal(end, "replaced").sum() / PEOPLE / months, deviation(v, PEOPLE * months))
    born = end.state.people["born"]
    for age in (1, 12, 60, 240):
        older = (born <= months - age).mean()
        compare(f"aged {age} months and more", (1 - v) ** age, older, deviation((1 - v) ** age))
    customers = end.state.supplier != NOBODY
    joined, stays = end.state.joined[customers], (1 - v) ** 12
    compare("customers for a year", stays, (joined <= months - 13).mean(), deviation(stays, customers.sum()))


def stock(mean, polarization, v):
    """Of the stock f(a) / (a + v): the monthly hazard's mean and variance, E_f 1 / (a + v), and who stays a year."""
    size = 1 / polarization - 1
    a, b = mean * size, (1 - mean) * size

    def expected(of):
        def integrand(t):  # x = t^(1/a) takes the singularity of x^(a-1) away
            x = t ** (1 / mpmath.mpf(a))
            return of(1 - (1 - x) ** (mpmath.mpf(1) / 12)) * (1 - x) ** (b - 1)

        return mpmath.quad(integrand, [0, 1e-6, 1e-3, 0.03, 0.1, 0.3, 1]) / a / mpmath.beta(a, b)

    weight = expected(lambda h: 1 / (h + v))
    first = expected(lambda h: h / (h + v)) / weight
    second = expected(lambda h: h * h / (h + v)) / weight
    assert abs(expected(lambda h: mpmath.mpf(1)) - 1) < 1e-9
    stays = expected(lambda h: (1 - h - v) ** 12 / (h + v)) / weight
    return float(first), float(second - first**2), float(weight), float(stays)


@pytest.mark.parametrize(("mean", "polarization", "renewal"), [(0.2, 0.2, 0.05), (0.1, 0.1, 0.03), (0.3, 0.05, 0.02)])
def test_the_stock_at_the_start_is_stationary(market, closed_form, mean, polarization, renewal):
    """Who is at risk is met less often: mean hazard E_f[a/(a+v)] / E_f[1/(a+v)], at the start and 20 years later."""
    v, p, months = monthly(renewal), monthly(0.6), 240
    first, variance, weight, stays = stock(mean, polarization, v)
    wins = p * (1 - v)
    held = wins / (wins + 1 / weight)
    settings = f"mean {mean}, polarization {polarization}, renewal {renewal}, months"
    compare = closed_form("stationary density f(a) / (a + v)", "renewal theory, Cox 1962", settings)
    run = market(
        {
            "run.periods": months,
            "firm.initial_share": held,
            "customers.bonds.attrition_per_year": mean,
            "customers.bonds.attrition_polarization": polarization,
            "customers.bonds.renewal_per_year": renewal,
            "firm.strategy.advertising_hazard": 0.6,
        },
        seed=302,
    )
    for when in ("at the start", "after 20 years"):
        customers = run.state.supplier != NOBODY
        people = int(customers.sum())
        seen = run.state.attrition[customers].astype(float).mean()
        compare(f"mean monthly hazard x 1000, {when}", 1000 * first, 1000 * seen, 1000 * math.sqrt(variance / people))
        compare(f"held, {when}", held, people / PEOPLE, deviation(held))
        year = run.period - 12  # of the stock, the share that has been there for twelve months: E (1 - a - v)^12
        tenure = (run.state.joined[customers] <= year - (when != "at the start")).mean()
        compare(f"customers for a year, {when}", stays, tenure, deviation(stays, people))
        run.run()


def test_half_of_those_who_left_in_anger_forgive_within_the_half_life(market, closed_form):
    """All leave for ever in the first month; lost after k months: 2^(-k / 12 / half-life)."""
    half_life, months = 1.5, 36
    compare = closed_form("anger that passes", "exponential decay", "half-life 1.5 years, months")
    end = market(
        {
            "run.periods": months + 1,
            "customers.bonds.forgiveness_half_life": half_life,
            "customers.encounters.purchases_per_year": 240.0,
            "customers.judgement.tolerance": 0.5,
            "firm.systems.service": dict.fromkeys(FIVE, 1.0),
            "voice.repurchase.silent": 0.0,
            "voice.lapse_share": 0.0,
        },
        seed=303,
    )
    end.run()
    lost = focal(end, "lost")
    assert lost[0] == PEOPLE
    for month in (6, 18, 36):
        exact = 2 ** (-month / 12 / half_life)
        people = int(lost[0])
        compare(f"still angry after {month} months", exact, lost[month] / people, deviation(exact, people))


def test_what_is_owed_settles_between_experience_and_the_norm(market, closed_form):
    """H* = ((1 - r) b W + r norm) / (1 - (1 - b)(1 - r)), W being what is delivered; without luck, to float32."""
    b, r, level, norm = 0.1, 0.05, 5.5, 4.5
    compare = closed_form("what is owed, drawn to the norm", "fixed point", "step .1, drift .05, service 5.5, norm 4.5")
    end = market(
        {
            "run.periods": 60,
            "market.customers": 200,
            "customers.encounters.purchases_per_year": 120.0,
            "customers.expectations.should": dict.fromkeys(FIVE, norm),
            "customers.expectations.should_ratchet": b,
            "customers.expectations.will_memory": 0.8,
            "customers.expectations.ratchet_smoothing": 1.0,
            "customers.expectations.should_drift": r,
            "firm.systems.service": dict.fromkeys(FIVE, level),
        },
        seed=304,
    )
    end.run()
    exact = ((1 - r) * b * level + r * norm) / (1 - (1 - b) * (1 - r))
    for seen in np.unique(end.state.people["should"]):
        compare.equal("should, after 600 encounters", exact, seen, 1e-5)
