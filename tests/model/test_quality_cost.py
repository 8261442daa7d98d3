"""What quality costs (docs/odd.md, 7.14), worked out away from the reference."""

from typing import NamedTuple

import pytest

from sim.model.bonds import WinBack, accepted_offers
from sim.model.dimensions import Levels
from sim.model.failures import FAILURE_MODES
from sim.model.firm import Strategy, advertising_reach
from sim.model.quality_cost import QualityCosts, effort_for, inspection_cost, prevented, service_effort
from sim.model.systems import Systems, failure_odds
from tests.model.worked import Examples, numbers, worked

exp, log, mpf = numbers.exp, numbers.log, numbers.mpf


class Inspection(NamedTuple):
    inspection: float


EXAMPLES: Examples = {
    # three quarters take twice what half takes; nothing reaches more than 999 in 1000
    inspection_cost: [
        ((0.8, Inspection(7.0)), 7 * log(mpf(5))),
        ((1.0, Inspection(7.0)), 7 * log(mpf(1000))),
    ],
    effort_for: [((0.75,), log(mpf(4))), ((0.9999,), log(mpf(1000))), ((0.1,), log(mpf(10) / mpf(9)))],
}

test_rule = worked(EXAMPLES)


def near(value: object) -> object:
    return pytest.approx(float(value), rel=1e-12)  # type: ignore[arg-type]


def test_effort_rises_with_the_level_and_with_uniformity() -> None:
    costs = QualityCosts(level_cost=0.4, level_reference=5.2, uniformity_cost=0.7, variation_reference=0.6)
    levels = Levels(tangibles=4.2, reliability=6.2, responsiveness=5.7, assurance=5.0, empathy=6.0)
    # the published importances .11 .32 .22 .19 .16 times -1, 1, .5, -.2, .8
    above = -mpf("0.11") + mpf("0.32") + mpf("0.11") - mpf("0.038") + mpf("0.128")
    assert service_effort(levels, 0.2, costs) == near(exp(mpf("0.4") * above + mpf("0.7") * mpf("0.4")))
    assert service_effort(levels, 0.9, costs) == near(exp(mpf("0.4") * above - mpf("0.7") * mpf("0.3")))


def test_perfection_costs_without_bound() -> None:
    """Beyond 6.5, half a point is missing: a fifth of it costs 5^s, at the importances of the two dimensions there."""
    costs = QualityCosts(level_cost=0.0, uniformity_cost=0.0, perfection_cost=2.0, mastery=6.5)
    levels = Levels(tangibles=6.4, reliability=6.9, responsiveness=6.5, assurance=5.0, empathy=6.75)
    assert service_effort(levels, 0.2, costs) == near(exp(2 * (mpf("0.32") * log(mpf(5)) + mpf("0.16") * log(mpf(2)))))
    nearer = [service_effort(Levels.of(level), 0.2, costs) for level in (6.5, 6.75, 6.99, 7.0)]
    assert nearer == pytest.approx([1.0, 4.0, 2500.0, 2500.0])


def test_effort_of_no_cost_leaves_no_trace() -> None:
    assert (
        service_effort(Levels.of(6.7), 0.1, QualityCosts(level_cost=0.0, perfection_cost=0.0, uniformity_cost=0.0))
        == 1.0
    )


def test_prevention_divides_failures() -> None:
    costs = QualityCosts(prevention=9.0, prevention_reference=3.0, prevention_scale=5.0)
    assert prevented(costs) == near(exp(-mpf("1.2")))
    odds = failure_odds(Systems(failure_scale=1.5), costs)
    stated = Systems().failures
    for mode, odd in zip(FAILURE_MODES, odds, strict=True):
        assert odd == near(mpf(getattr(stated, mode).probability) * mpf("1.5") * exp(-mpf("1.2")))
    assert prevented(QualityCosts(prevention=9.0, prevention_reference=3.0, prevention_scale=0.0)) == 1.0


def test_what_nothing_prevents_stays() -> None:
    costs = QualityCosts(prevention=9.0, prevention_reference=3.0, prevention_scale=5.0, unpreventable_share=0.35)
    assert prevented(costs) == near(mpf("0.35") + mpf("0.65") * exp(-mpf("1.2")))
    assert prevented(costs.model_copy(update={"prevention": 3.0})) == near(mpf(1))
    assert prevented(costs.model_copy(update={"prevention": 1e4})) == 0.35


def test_the_best_prevention_with_failures_that_nothing_prevents() -> None:
    """Spending plus failures is least at reference + p0 ln((1 - u) F / p0): 2 + 4 ln(.6 x 30 / 4) = 8.0163."""

    def total(spent: float) -> float:
        return spent + 30.0 * prevented(QualityCosts(prevention=spent, unpreventable_share=0.4))

    best = 2.0 + 4.0 * float(log(mpf("4.5")))
    assert best == pytest.approx(8.0163, abs=1e-4)
    assert (total(best + 1e-4) - total(best - 1e-4)) / 2e-4 == pytest.approx(0.0, abs=1e-6)


def test_the_best_prevention_is_its_closed_form() -> None:
    """With failure costs F at the reference, spending plus failures is least at reference + p0 ln(F / p0)."""
    reference, scale, failures = 2.0, 4.0, 30.0
    best = float(reference + scale * log(mpf(failures) / mpf(scale)))

    def total(spent: float) -> float:
        costs = QualityCosts(prevention=spent, prevention_reference=reference, prevention_scale=scale)
        return spent + failures * prevented(costs)

    assert best == pytest.approx(10.0596, abs=1e-4)
    assert total(best) < min(total(best - 0.01), total(best + 0.01))
    assert (total(best + 1e-4) - total(best - 1e-4)) / 2e-4 == pytest.approx(0.0, abs=1e-6)


def test_advertising_wears_off() -> None:
    strategy = Strategy(advertising_hazard=0.2, advertising_cost=24.0, advertising_reference=6.0)
    reach = advertising_reach(strategy.model_copy(update={"advertising_response": 0.5}))
    assert reach == near(1 - mpf("0.8") ** 2)
    assert advertising_reach(strategy.model_copy(update={"advertising_response": 0.0})) == 0.2
    assert advertising_reach(Strategy(advertising_cost=0.0)) == 0.0


def test_offers_wear_off() -> None:
    offers = WinBack(contacts_per_year=3.0, acceptance_share=0.3, fatigue=2.0)
    assert accepted_offers(offers) == near(mpf("0.3") * (1 - exp(-mpf("1.5"))) / mpf("1.5"))
    assert accepted_offers(offers.model_copy(update={"fatigue": 0.0})) == 0.3
