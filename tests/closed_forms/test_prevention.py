"""Prevention where everything else is off: what it costs and saves, and where both together are least.

Failures cost C each and go with exp(-(spent - reference) / p0). With F = rate x chance x C a customer-year at the
reference, spending plus failures is least at reference + p0 ln(F / p0), and costs p0 more than that spending there.
"""

import math

import pytest

from sim.model.failures import FAILURE_MODES

PEOPLE, YEARS, RATE, CHANCE, COST, REFERENCE, SCALE = 100_000, 1, 24.0, 0.05, 40.0, 2.0, 8.0
FAILURES = RATE * CHANCE * COST
BEST = REFERENCE + SCALE * math.log(FAILURES / SCALE)
SETTINGS = "24 encounters a year, failures .05 of them at 40, p0 8, reference 2, 12 months"


def spending(spent):
    return {
        "run.periods": 12 * YEARS,
        "customers.encounters.purchases_per_year": RATE,
        "firm.systems.failure_scale": 1.0,
        "firm.systems.interception_share": 0.0,
        "firm.systems.failures": {mode: {"probability": CHANCE / len(FAILURE_MODES)} for mode in FAILURE_MODES},
        "firm.costs": {
            "prevention": spent,
            "prevention_reference": REFERENCE,
            "prevention_scale": SCALE,
            "failure_effect": COST,
        },
    }


@pytest.fixture
def cost(simulate, flow):
    """Prevention and felt failures, money per customer-year; all worlds have the same luck."""

    def of(spent):
        tables = simulate(spending(spent), seed=81)
        paid = sum(flow(tables, name).sum() for name in ("prevention_cost", "failure_effect_cost"))
        return paid / (PEOPLE * YEARS)

    return of


def test_the_best_prevention_is_its_closed_form(cost, closed_form):
    """Failures are Poisson: the cost per customer-year has the standard deviation C sqrt(failures / people)."""
    compare = closed_form("optimal prevention", "reference + p0 ln(F / p0)", SETTINGS)
    seen = {}
    for step in (-6.0, 0.0, 6.0):
        felt = SCALE * math.exp(-step / SCALE)
        sd = COST * math.sqrt(felt / COST / (PEOPLE * YEARS))
        name = f"cost at the best {step:+.0f}" if step else "cost at the best"
        seen[step] = cost(BEST + step)
        compare(name, BEST + step + felt, seen[step], sd)
    assert seen[0.0] < min(seen[-6.0], seen[6.0])


def test_what_failures_cost_at_the_reference_tells_the_best_prevention(cost, closed_form):
    """A firm that knows F, p0 and what it spends: the best by what one run at the reference shows of F."""
    compare = closed_form("optimal prevention", "reference + p0 ln(F / p0)", SETTINGS + ", from one run")
    seen = cost(REFERENCE) - REFERENCE
    sd = SCALE / math.sqrt(PEOPLE * YEARS * RATE * CHANCE)
    compare("best spending, money", BEST, REFERENCE + SCALE * math.log(seen / SCALE), sd)
