"""Cumulative satisfaction as an exponentially weighted mean of experiences: mean and variance, at any time.

With a constant step g, staff variation as the only luck, no loss aversion and expectations that stay, satisfaction
with an encounter is normal with mean m and variance v = (q + d)^2 s^2 sum w^2, and S' = S + g (X - S). After a
Poisson number of encounters of mean L the moments are in closed form; at equilibrium the variance is v g / (2 - g).
Each comparison asks for |z| < 6: a correct program fails it with probability 2e-9.
"""

import math

import pytest

IMPORTANCE = (0.11, 0.32, 0.22, 0.19, 0.16)
FIVE = ("tangibles", "reliability", "responsiveness", "assurance", "empathy")
PEOPLE = 50_000


@pytest.mark.parametrize("step", [0.1, 0.5])
def test_mean_and_variance(simulate, flow, closed_form, step):
    scatter, quality, confirmation, start, rate = 0.3, 8.0, 12.0, 40.0, 24.0
    compare = closed_form(
        "exponentially weighted satisfaction", "textbook; Bolton 1998 (form)", f"steps {step}, variation .3, 24 a year"
    )
    tables = simulate(
        {
            "run.periods": 48,
            "market.customers": PEOPLE,
            "customers.encounters.purchases_per_year": rate,
            "customers.judgement.initial_satisfaction": start,
            "customers.judgement.satisfaction_at_reference": 50.0,
            "customers.judgement.first_step": step,
            "customers.judgement.last_step": step,
            "customers.judgement.quality_effect": quality,
            "customers.judgement.disconfirmation_effect": confirmation,
            "firm.systems.staff_variation": scatter,
        },
        seed=41,
    )
    one = (quality + confirmation) ** 2 * scatter**2 * sum(w * w for w in IMPORTANCE)
    total, squares = flow(tables, "satisfaction_sum"), flow(tables, "satisfaction_squares")
    keep = 1 - step
    for months in (1, 6, 48):
        encounters = rate / 12 * months
        first = math.exp(-encounters * (1 - keep))  # E keep^n for Poisson n
        second = math.exp(-encounters * (1 - keep**2))
        mean = 50.0 + (start - 50.0) * first
        variance = one * step / (2 - step) * (1 - second) + (start - 50.0) ** 2 * (second - first**2)
        seen = total[months - 1] / PEOPLE
        compare(f"mean after {months} months", mean, seen, math.sqrt(variance / PEOPLE))
        if months == 48:  # normal by now: the sample variance has variance 2 v^2 / n
            spread = squares[-1] / PEOPLE - seen**2
            compare("variance at equilibrium", one * step / (2 - step), spread, variance * math.sqrt(2 / PEOPLE))


def test_step_that_shrinks_with_history(simulate, flow, closed_form):
    """Step 1 / (n + 1): from 1 to 0, half way after one encounter. It is the mean of all experiences."""
    scatter, rate, months = 0.3, 120.0, 2
    compare = closed_form(
        "plain mean of all experiences", "Bolton 1998 (limit)", "steps 1 to 0, half after 1 encounter"
    )
    tables = simulate(
        {
            "run.periods": months,
            "market.customers": PEOPLE,
            "customers.encounters.purchases_per_year": rate,
            "customers.judgement.first_step": 1.0,
            "customers.judgement.last_step": 0.0,
            "customers.judgement.history_half": 1.0,
            "customers.judgement.quality_effect": 10.0,
            "customers.judgement.initial_satisfaction": 50.0,
            "firm.systems.staff_variation": scatter,
        },
        seed=42,
    )
    one = 100 * scatter**2 * sum(w * w for w in IMPORTANCE)
    mean = rate / 12 * months
    chance, inverse, fourth = math.exp(-mean), 0.0, 0.0
    for n in range(1, 200):
        chance *= mean / n
        inverse += chance / n  # variance of the mean of n experiences, in units of v
        fourth += 3 * chance / n**2
    seen_mean = flow(tables, "satisfaction_sum")[-1] / PEOPLE
    seen = flow(tables, "satisfaction_squares")[-1] / PEOPLE - 100 * seen_mean + 2500
    compare("variance about the true mean", one * inverse, seen, one * math.sqrt((fourth - inverse**2) / PEOPLE))


def test_disposition(simulate, flow, closed_form):
    """Personal dispositions of spread d: satisfaction at the start and all experiences scatter by d."""
    d, step, scatter, n = 8.0, 0.2, 0.3, 100_000
    compare = closed_form("disposition to be satisfied", "Westbrook 1980 (concept)", "spread 8, variation .3, step .2")
    tables = simulate(
        {
            "run.periods": 12,
            "customers.judgement.initial_satisfaction": 60.0,
            "customers.judgement.satisfaction_at_reference": 60.0,
            "customers.judgement.disposition_spread": d,
            "customers.judgement.first_step": step,
            "customers.judgement.last_step": step,
            "customers.judgement.quality_effect": 20.0,
            "customers.encounters.purchases_per_year": 60.0,
            "firm.systems.staff_variation": scatter,
        },
        seed=43,
    )
    one = 400 * scatter**2 * sum(w * w for w in IMPORTANCE)
    variance = d * d + one * step / (2 - step)  # 60 encounters on average: within 1e-10 of the equilibrium
    mean = flow(tables, "satisfaction_sum")[-1] / n
    compare("mean", 60.0, mean, math.sqrt(variance / n))
    seen = flow(tables, "satisfaction_squares")[-1] / n - mean**2
    compare("variance", variance, seen, variance * math.sqrt(2 / n))
    promoters = 0.5 * math.erfc((85 - 60) / math.sqrt(2 * variance))
    compare("promoters", promoters, flow(tables, "promoters")[-1] / n, math.sqrt(promoters * (1 - promoters) / n))


@pytest.mark.parametrize("saturation", [0.0, 0.5, 1.0])
def test_saturation(simulate, flow, closed_form, saturation):
    """No luck, delivery above the reference: S0 + x, bent towards S0 + (100 - S0)(1 - exp(-x / (100 - S0)))."""
    compare = closed_form("saturating satisfaction", "exponential approach", f"S0 80, x = 15, saturation {saturation}")
    tables = simulate(
        {
            "run.periods": 1,
            "market.customers": 1000,
            "customers.encounters.purchases_per_year": 240.0,
            "customers.judgement.satisfaction_at_reference": 80.0,
            "customers.judgement.quality_effect": 15.0,
            "customers.judgement.first_step": 1.0,
            "customers.judgement.last_step": 1.0,
            "customers.judgement.saturation": saturation,
            "customers.expectations.will": dict.fromkeys(FIVE, 5.0),
            "firm.systems.service": dict.fromkeys(FIVE, 5.0),
        },
        seed=44,
    )
    exact = 80 + (1 - saturation) * 15 + saturation * 20 * (1 - math.exp(-15 / 20))
    compare.equal("satisfaction", exact, flow(tables, "satisfaction_sum")[0] / 1000, 2e-5)
