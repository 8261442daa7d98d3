"""Onboarding (docs/odd.md, 7.21): how much more goes wrong at first, and what it is worth to spend on newcomers."""

import numpy as np
import pytest

from sim.model.onboarding import Onboarding, exposure, strain
from tests.model.worked import Examples, numbers, worked

exp, log, mpf = numbers.exp, numbers.log, numbers.mpf

EXAMPLES: Examples = {exposure: [((0.3, 1.75, 75.0), 1 + mpf("1.75") * exp(-mpf("0.3") * 365 / 75))]}

test_rule = worked(EXAMPLES)


def test_spending_divides_the_further_failures() -> None:
    spent = Onboarding(extra_failures=1.75, spending=9.0, reference=2.0, scale=5.0)
    assert strain(spent) == pytest.approx(float(mpf("1.75") * exp(-mpf(7) / 5)), rel=1e-12)
    assert strain(Onboarding(extra_failures=1.75, spending=9.0, reference=2.0, scale=0.0)) == 1.75


def test_the_best_spending_is_its_closed_form() -> None:
    """Failures of cost F, at rate f, x more at the reference and fading in t years: reference + p0 ln(F f x t / p0)."""
    cost, rate, settling = 35.0, 1.5, 0.25
    best = 2.0 + 3.0 * log(mpf(cost) * rate * 2 * settling / 3)
    spending = np.linspace(0.0, 20.0, 20_001)
    loss = [
        s + cost * rate * settling * strain(Onboarding(extra_failures=2.0, spending=float(s), reference=2.0, scale=3.0))
        for s in spending
    ]
    assert abs(spending[int(np.argmin(loss))] - float(best)) < 2e-3
