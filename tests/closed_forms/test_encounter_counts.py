"""How many encounters: Poisson for one person, negative binomial over people whose frequency is gamma distributed.

Mean and variance of the counts per person (Ehrenberg 1959: NBD), kinds in proportion to their rates, revenue as
purchases times spend. Each comparison asks for |z| < 6: a correct program fails it with probability 2e-9.
"""

import math

import pytest

PEOPLE = 50_000


def poisson_moments(mean):
    """Variance and fourth central moment of a Poisson count."""
    return mean, mean * (1 + 3 * mean)


@pytest.mark.parametrize("period", ["month", "week", "day"])
def test_poisson_counts(simulate, closed_form, period):
    """The counts of a quarter of a year per person, whatever the period: mean and variance are both the rate x 1/4."""
    periods, rate = {"month": (3, 12.0), "week": (13, 12.0), "day": (73, 15.0)}[period]
    mean = rate * periods / {"month": 12, "week": 52, "day": 365}[period]
    compare = closed_form("Poisson encounters", "textbook", f"{rate:g} purchases a year, {periods} {period}s")
    tables = simulate(
        {
            "run.period": period,
            "run.periods": periods,
            "market.customers": PEOPLE,
            "run.panel": PEOPLE,
            "customers.encounters.purchases_per_year": rate,
        },
        seed=61,
    )
    counts = tables.panel["history"][-PEOPLE:].astype(float)
    variance, fourth = poisson_moments(mean)
    compare("mean per person", mean, counts.mean(), math.sqrt(variance / PEOPLE))
    spread = ((counts - mean) ** 2).mean()
    compare("variance over people", variance, spread, math.sqrt((fourth - variance**2) / PEOPLE))
    none = math.exp(-mean)
    compare("share without any", none, (counts == 0).mean(), math.sqrt(none * (1 - none) / PEOPLE))


def test_negative_binomial_counts(simulate, closed_form):
    """Gamma frequencies of mean 1 and variation c: counts have variance m + (m c)^2 and P(0) = (1 + m c^2)^(-1/c^2)."""
    c, mean = 0.7, 3.0
    compare = closed_form("negative binomial encounters", "Ehrenberg 1959", "12 a year, frequency_cv .7, 3 months")
    tables = simulate(
        {
            "run.periods": 3,
            "market.customers": PEOPLE,
            "run.panel": PEOPLE,
            "customers.encounters.purchases_per_year": 12.0,
            "customers.encounters.frequency_cv": c,
        },
        seed=62,
    )
    counts = tables.panel["history"][-PEOPLE:].astype(float)
    k = 1 / c**2
    variance = mean + (mean * c) ** 2
    p = k / (k + mean)
    fourth = (3 + (6 + p * p / (1 - p)) / k) * variance**2  # central moment of the NBD from its kurtosis
    compare("mean per person", mean, counts.mean(), math.sqrt(variance / PEOPLE))
    spread = ((counts - mean) ** 2).mean()
    compare("variance over people", variance, spread, math.sqrt((fourth - variance**2) / PEOPLE))
    none = p**k
    compare("share without any", none, (counts == 0).mean(), math.sqrt(none * (1 - none) / PEOPLE))


def test_kinds_and_money(simulate, flow, closed_form):
    """Kinds are multinomial; revenue and costs are counts times unit prices, to the last digit."""
    compare = closed_form("kinds of encounters and their money", "textbook", "9 purchases, 2 helps, 1 repair a year")
    tables = simulate(
        {
            "run.periods": 6,
            "market.customers": PEOPLE,
            "customers.encounters.purchases_per_year": 9.0,
            "customers.encounters.help_requests_per_year": 2.0,
            "customers.encounters.repairs_per_year": 1.0,
            "customers.encounters.spend_per_purchase": 40.0,
            "firm.strategy.price_index": 1.25,
            "firm.costs.repair_price": 45.0,
            "firm.costs.warranty_share": 0.5,
            "firm.costs.repair_service": 28.0,
            "firm.costs.purchase_service": 2.5,
            "firm.costs.help_service": 7.0,
        },
        seed=63,
    )
    count = lambda name: float(flow(tables, name).sum())  # noqa: E731
    n = count("encounters")
    for name, exact in (("purchases", 9 / 12), ("help_requests", 2 / 12), ("repairs", 1 / 12)):
        compare(name.replace("_", " "), exact, count(name) / n, math.sqrt(exact * (1 - exact) / n))
    warranty = count("warranty_cost") / 28.0
    repairs = count("repairs")
    compare("repairs within warranty", 0.5, warranty / repairs, math.sqrt(0.25 / repairs))
    revenue = count("purchases") * 50.0 + (repairs - warranty) * 45.0
    compare.equal("revenue = purchases x 40 x 1.25 + paid repairs x 45", revenue, count("revenue"), 0.0)
    service = 2.5 * count("purchases") + 7 * count("help_requests") + 28 * (repairs - warranty)
    compare.equal("cost to serve", service, count("service_cost"), 0.0)


def test_spend_is_lognormal_with_the_given_mean(simulate, flow, closed_form):
    """Spend of mean m, variation c: revenue per person L m, variance L m^2 (1 + c^2) + (L m c)^2, L purchases."""
    c, spend, purchases = 0.6, 40.0, 20.0
    compare = closed_form("revenue = purchases x spend", "textbook", "20 purchases, spend 40, spend_cv .6")
    tables = simulate(
        {
            "run.periods": 1,
            "market.customers": PEOPLE,
            "customers.encounters.purchases_per_year": 12 * purchases,
            "customers.encounters.spend_per_purchase": spend,
            "customers.encounters.spend_cv": c,
        },
        seed=64,
    )
    variance = purchases * spend**2 * (1 + c * c) + (purchases * spend * c) ** 2
    seen = flow(tables, "revenue").sum() / PEOPLE
    compare("revenue per person", purchases * spend, seen, math.sqrt(variance / PEOPLE))
