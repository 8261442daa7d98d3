"""Beta-geometric retention (Fader & Hardie 2007): cohort retention rises though no customer changes.

Their "Regular" segment, fitted with alpha .704 and beta 1.182: S(t) = prod (b + i - 1) / (a + b + i - 1). The shares
for years 1 to 12 must be the published ones within rounding (on top of the sampling error of the cohort) and the
exact product within |z| < 6 (binomial; a correct program fails one comparison with probability 2e-9).
"""

import math

import numpy as np

ALPHA, BETA = 0.704, 1.182
PUBLISHED = (62.7, 47.4, 38.8, 33.2, 29.2, 26.2, 23.9, 22.0, 20.4, 19.1, 18.0, 17.0)
PEOPLE = 100_000


def test_survival_of_the_regular_segment(simulate, flow, closed_form):
    compare = closed_form(
        "beta-geometric retention", "Fader & Hardie 2007", "attrition .704/1.886, polarization 1/2.886, months"
    )
    tables = simulate(
        {
            "run.periods": 144,
            "customers.bonds.attrition_per_year": ALPHA / (ALPHA + BETA),
            "customers.bonds.attrition_polarization": 1 / (1 + ALPHA + BETA),
        },
        seed=21,
    )
    seen = flow(tables, "active")[11::12] / PEOPLE
    exact = 1.0
    for year in range(1, 13):
        exact *= (BETA + year - 1) / (ALPHA + BETA + year - 1)
        sd = math.sqrt(exact * (1 - exact) / PEOPLE)
        assert abs(100 * exact - PUBLISHED[year - 1]) <= 0.0501, "the published table is the rounded product"
        assert abs(100 * seen[year - 1] - PUBLISHED[year - 1]) < 0.05 + 100 * 6 * sd
        compare(f"S({year}), published {PUBLISHED[year - 1]}%", exact, seen[year - 1], sd)
    retention = seen[1:] / seen[:-1]
    assert (np.diff(retention) > 0).all(), "cohort retention rises with tenure"


def test_degenerate_beta_is_the_constant_hazard(simulate, flow, closed_form):
    """As polarization sinks to 0 the curve becomes (1 - p)^t; at .99 nearly everybody leaves at once or never."""
    compare = closed_form("beta-geometric, its limits", "Sabavala & Morrison 1977", "attrition .3, 5 years of months")
    for polarization in (0.001, 0.9):
        size = 1 / polarization - 1
        a, b = 0.3 * size, 0.7 * size
        exact = math.prod((b + i) / (a + b + i) for i in range(5))
        settings = {
            "run.periods": 60,
            "customers.bonds.attrition_per_year": 0.3,
            "customers.bonds.attrition_polarization": polarization,
        }
        seen = flow(simulate(settings, seed=22), "active")[-1] / PEOPLE
        compare(f"S(5), polarization {polarization}", exact, seen, math.sqrt(exact * (1 - exact) / PEOPLE))
