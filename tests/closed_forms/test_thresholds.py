"""The three levels of an encounter: shares below and above a threshold of a normal variate.

Delivery scatters normally around the service level, expectations stay, no loss aversion: the weighted
disconfirmation is normal with mean sum w (level - will) and variance s^2 sum w^2. Dissatisfied: Phi((-tolerance -
mean) / sd). Each comparison asks for |z| < 6 (binomial): a correct program fails it with probability 2e-9.
"""

import math
from statistics import NormalDist

import pytest

PEOPLE = 50_000
PHI = NormalDist().cdf
ONE = {"tangibles": 0.0, "reliability": 1.0, "responsiveness": 0.0, "assurance": 0.0, "empathy": 0.0}
FIVE = {"tangibles": 0.11, "reliability": 0.32, "responsiveness": 0.22, "assurance": 0.19, "empathy": 0.16}


@pytest.mark.parametrize(("name", "importance"), [("one dimension", ONE), ("five weighted dimensions", FIVE)])
def test_shares_of_the_levels(simulate, flow, closed_form, name, importance):
    will, should, tolerance, margin, scatter, level = 4.2, 4.4, 0.5, 0.1, 0.4, 4.0
    compare = closed_form(
        f"share below a threshold, {name}", "Zeithaml, Berry & Parasuraman 1993", "variation .4, tolerance .5"
    )
    tables = simulate(
        {
            "run.periods": 6,
            "market.customers": PEOPLE,
            "customers.encounters.purchases_per_year": 12.0,
            "customers.expectations.will": dict.fromkeys(FIVE, will),
            "customers.expectations.should": dict.fromkeys(FIVE, should),
            "customers.judgement.importance": importance,
            "customers.judgement.tolerance": tolerance,
            "customers.judgement.delight_margin": margin,
            "firm.systems.staff_variation": scatter,
            "firm.systems.service": dict.fromkeys(FIVE, level),
        },
        seed=51,
    )
    sd = scatter * math.sqrt(sum(w * w for w in importance.values()))
    below = PHI((-tolerance - (level - will)) / sd)
    above = PHI((level - (should + margin)) / sd)
    n = flow(tables, "encounters").sum()
    for level_name, exact in (("dissatisfied", below), ("satisfied", 1 - below - above), ("delighted", above)):
        seen = flow(tables, level_name).sum() / n
        compare(level_name, exact, seen, math.sqrt(exact * (1 - exact) / n))


def test_personal_expectations_widen_the_share(simulate, flow, closed_form):
    """Expectations that differ between people add their variance; the last encounter of each person."""
    spread, scatter, tolerance, n = 0.5, 0.3, 0.8, 100_000
    compare = closed_form("share below a personal threshold", "textbook", "spread .5, variation .3, tolerance .8")
    tables = simulate(
        {
            "run.periods": 1,
            "customers.encounters.purchases_per_year": 240.0,
            "customers.expectations.spread": spread,
            "customers.judgement.tolerance": tolerance,
            "customers.judgement.importance": ONE,
            "firm.systems.staff_variation": scatter,
        },
        seed=52,
    )
    exact = PHI(-tolerance / math.hypot(spread, scatter))
    seen = flow(tables, "level_dissatisfied")[-1] / n  # the level of the last encounter, one for each person
    compare("dissatisfied at their last encounter", exact, seen, math.sqrt(exact * (1 - exact) / n))


def test_human_touch_of_the_channels(simulate, flow, closed_form):
    """Mean perceived empathy is a mixture over channels: 4 + touch (level - 4), touch = .07, .42, 1 at full filter."""
    level, scatter = 5.5, 0.2
    compare = closed_form(
        "perceived empathy, mixture of channels", "notes 'Servicio al cliente'", "chat .2, telephone .3, filter 1"
    )
    tables = simulate(
        {
            "run.periods": 6,
            "market.customers": PEOPLE,
            "customers.encounters.purchases_per_year": 12.0,
            "firm.systems.service": dict.fromkeys(FIVE, level),
            "firm.systems.staff_variation": scatter,
            "firm.systems.channels": {"chat": 0.2, "telephone": 0.3, "counter": 0.5, "filter_strength": 1.0},
        },
        seed=53,
    )
    n = flow(tables, "encounters").sum()
    shares, touch = (0.2, 0.3, 0.5), (0.07, 0.42, 1.0)
    mean = 4 + sum(p * t * (level - 4) for p, t in zip(shares, touch, strict=True))
    square = sum(p * t * t * ((level - 4) ** 2 + scatter**2) for p, t in zip(shares, touch, strict=True))
    sd = math.sqrt((square - (mean - 4) ** 2) / n)
    compare("perceived empathy", mean, flow(tables, "perceived_empathy").sum() / n, sd)
    compare("perceived reliability", level, flow(tables, "perceived_reliability").sum() / n, scatter / math.sqrt(n))


def test_failure_modes_strike_with_their_probabilities(simulate, flow, closed_form):
    compare = closed_form("failures by mode", "textbook", "default modes x 10, interception .3")
    tables = simulate(
        {
            "run.periods": 6,
            "market.customers": PEOPLE,
            "customers.encounters.purchases_per_year": 12.0,
            "firm.systems.failure_scale": 10.0,
            "firm.systems.interception_share": 0.3,
        },
        seed=54,
    )
    n = flow(tables, "encounters").sum()
    modes = tables.scenario.firm.systems.failures
    total = 10 * sum(getattr(modes, mode).probability for mode in type(modes).model_fields)
    for name, exact in (
        ("failures_felt", total * 0.7),
        ("failures_intercepted", total * 0.3),
        ("failure_broken_commitment", 10 * modes.broken_commitment.probability * 0.7),
        ("failure_runaround", 10 * modes.runaround.probability * 0.7),
    ):
        compare(name.replace("_", " "), exact, flow(tables, name).sum() / n, math.sqrt(exact * (1 - exact) / n))
