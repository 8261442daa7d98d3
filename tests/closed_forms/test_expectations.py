"""Expectations over a history of encounters (Boulding et al. 1993) and asymmetric disconfirmation (Oliver 1980).

Will: W' = (1 - c)(a W + (1 - a) P) + c promise, a linear map: after a Poisson number of encounters of mean L its
moments are in closed form. Should: H' = H + b (P - H) when P > H, which never falls. Disconfirmation with loss
aversion: E v(x) of a normal. Each comparison asks for |z| < 6 (2e-9 for a correct program), or equality up to
float32 where nothing is random.
"""

import math
from statistics import NormalDist

import numpy as np
import pytest

PEOPLE = 50_000
FIVE = ("tangibles", "reliability", "responsiveness", "assurance", "empathy")
IMPORTANCE = (0.11, 0.32, 0.22, 0.19, 0.16)
PHI, DENSITY = NormalDist().cdf, NormalDist().pdf


def all_five(value):
    return dict.fromkeys(FIVE, value)


@pytest.mark.parametrize(("pull", "promise"), [(0.0, 6.0), (0.1, 6.0)])
def test_will_tends_to_what_is_delivered(simulate, flow, closed_form, pull, promise):
    """Fixed point ((1 - c)(1 - a) P + c promise) / (1 - (1 - c) a): delivered quality, and part of the promise."""
    memory, start, level, scatter, rate = 0.8, 3.0, 4.5, 0.3, 24.0
    compare = closed_form(
        "will expectation W' = a W + (1-a) P", "Boulding et al. 1993", f"memory .8, promise 6, pull {pull}, 24 a year"
    )
    tables = simulate(
        {
            "run.periods": 24,
            "market.customers": PEOPLE,
            "customers.encounters.purchases_per_year": rate,
            "customers.expectations.will": all_five(start),
            "customers.expectations.should": all_five(5.0),
            "customers.expectations.will_memory": memory,
            "customers.expectations.promise_pull": pull,
            "firm.strategy.promise": all_five(promise),
            "firm.systems.service": all_five(level),
            "firm.systems.staff_variation": scatter,
        },
        seed=101,
    )
    keep, gain = (1 - pull) * memory, (1 - pull) * (1 - memory)
    fixed = (gain * level + pull * promise) / (1 - keep)
    noise = (gain * scatter) ** 2 * sum(w * w for w in IMPORTANCE)
    for months in (1, 6, 24):
        encounters = rate / 12 * months
        first, second = math.exp(-encounters * (1 - keep)), math.exp(-encounters * (1 - keep**2))
        mean = fixed + (start - fixed) * first
        variance = noise / (1 - keep**2) * (1 - second) + (start - fixed) ** 2 * (second - first**2)
        seen = flow(tables, "will_sum")[months - 1] / PEOPLE
        compare(f"mean after {months} months", mean, seen, math.sqrt(variance / PEOPLE))
    assert abs(mean - fixed) < 1e-3


def test_should_is_a_ratchet(simulate, flow, closed_form):
    """Delivery above what is owed lifts it: P - (P - H) (1 - b)^n; after a fall of service it stays where it was."""
    ratchet, start, level, rate = 0.1, 4.0, 5.0, 24.0
    compare = closed_form("should expectation, a ratchet", "Boulding et al. 1993", "step .1, service 5, then 3")
    tables = simulate(
        {
            "run.periods": 12,
            "market.customers": PEOPLE,
            "run.panel": 2000,
            "customers.encounters.purchases_per_year": rate,
            "customers.expectations.should": all_five(start),
            "customers.expectations.should_ratchet": ratchet,
            "firm.systems.service": all_five(level),
            "timeline": [{"at": 6, "set": {"firm.systems.service": all_five(3.0)}}],
        },
        seed=102,
    )
    keep, encounters = 1 - ratchet, rate / 2
    first, second = math.exp(-encounters * (1 - keep)), math.exp(-encounters * (1 - keep**2))
    exact = level - (level - start) * first
    should = flow(tables, "should_sum")
    compare(
        "mean after 6 months", exact, should[5] / PEOPLE, math.sqrt((level - start) ** 2 * (second - first**2) / PEOPLE)
    )
    assert (should[6:] == should[5]).all(), "worse service lowers nothing"
    people = tables.panel["should_empathy"].reshape(12, 2000)
    assert (np.diff(people, axis=0) >= 0).all()
    history = tables.panel["history"].reshape(12, 2000)[5]
    assert np.allclose(people[5], level - (level - start) * keep**history, atol=1e-5)


def moments_of_felt(mean, sd, aversion):
    """Mean and variance of v(x) = x or aversion x below zero, for a normal x."""
    z = mean / sd
    below = mean * PHI(-z) - sd * DENSITY(z)  # E x 1{x < 0}
    square_below = (mean**2 + sd**2) * PHI(-z) - mean * sd * DENSITY(z)
    first = mean + (aversion - 1) * below
    second = mean**2 + sd**2 + (aversion**2 - 1) * square_below
    return first, second - first**2


@pytest.mark.parametrize(("gap", "aversion"), [(0.0, 1.0), (0.0, 2.25), (0.2, 2.25), (-0.2, 2.25)])
def test_disconfirmation_with_loss_aversion(simulate, flow, closed_form, gap, aversion):
    """Five dimensions, each felt on its own: E D = sum w E v(x), Var D = sum w^2 Var v(x)."""
    scatter, effect = 0.4, 10.0
    compare = closed_form(
        "disconfirmation of a normal delivery",
        "Oliver 1980; Tversky & Kahneman 1992",
        f"gap {gap}, loss aversion {aversion}, variation .4",
    )
    tables = simulate(
        {
            "run.periods": 1,
            "market.customers": PEOPLE,
            "customers.encounters.purchases_per_year": 240.0,
            "customers.judgement.loss_aversion": aversion,
            "customers.judgement.disconfirmation_effect": effect,
            "customers.judgement.first_step": 1.0,
            "customers.judgement.last_step": 1.0,
            "firm.systems.service": all_five(4.0 + gap),
            "firm.systems.staff_variation": scatter,
        },
        seed=103,
    )
    mean, variance = moments_of_felt(gap, scatter, aversion)
    variance *= sum(w * w for w in IMPORTANCE)
    seen = (flow(tables, "satisfaction_sum")[0] / PEOPLE - 50.0) / effect
    compare("mean felt, points", mean, seen, math.sqrt(variance / PEOPLE))
    square = flow(tables, "satisfaction_squares")[0] / PEOPLE / effect**2 - 2 * 5 * seen - 25
    if aversion == 1.0:
        compare("variance", variance, square - seen**2, variance * math.sqrt(2 / PEOPLE))


def test_assimilation_and_contrast(simulate, flow, closed_form):
    """P = Q + a (W - Q) - c (H - Q) for delivery below what is owed: linear, so the mean is exact."""
    a, c, level, will, should, scatter = 0.2, 0.1, 4.0, 5.0, 6.0, 0.3
    compare = closed_form("assimilation and contrast", "Boulding et al. 1993", "a .2, c .1, Q 4, W 5, H 6")
    tables = simulate(
        {
            "run.periods": 3,
            "market.customers": PEOPLE,
            "customers.encounters.purchases_per_year": 12.0,
            "customers.expectations.will": all_five(will),
            "customers.expectations.should": all_five(should),
            "customers.judgement.will_assimilation": a,
            "customers.judgement.should_contrast": c,
            "firm.systems.service": all_five(level),
            "firm.systems.staff_variation": scatter,
        },
        seed=104,
    )
    n = flow(tables, "encounters").sum()
    exact = level + a * (will - level) - c * (should - level)
    seen = flow(tables, "perceived_tangibles").sum() / n
    compare("perceived tangibles", exact, seen, scatter * (1 - a + c) / math.sqrt(n))


def test_newcomers_believe_part_of_the_promise(simulate, flow, closed_form):
    compare = closed_form(
        "expectation of newcomers", "notes 'Atención y servicio al cliente'", "prior 4, promise 6, trust .3"
    )
    tables = simulate(
        {
            "run.periods": 1,
            "firm.initial_share": 0.0,
            "firm.strategy.advertising_hazard": 0.999999,
            "firm.strategy.promise": all_five(6.0),
            "customers.expectations.promise_trust": 0.3,
        },
        seed=105,
    )
    seen = flow(tables, "will_sum")[0] / flow(tables, "active")[0]
    compare.equal("mean", 4.0 + 0.3 * 2.0, seen, 2e-5)
