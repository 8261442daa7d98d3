"""Each figure by hand from made-up outputs, all of them different."""

import math

import numpy as np
import pytest

from sim.studies.industries.figures import BY_NAME, ELASTICITY, FIGURES, OUTPUTS

MADE_UP = {
    "acsi": 71.5,
    "nps": -3.0,
    "yearly_loss": 0.13,
    "cost_of_winning": 210.0,
    "cost_of_keeping": 11.0,
    "customer_years.total": 4_000.0,
    "failures_felt.total": 600.0,
    "encounters.total": 50_000.0,
    "resolved_quickly.total": 21.0,
    "complaints_ended.total": 60.0,
    "complained.total": 64.0,
    "recorded.total": 25.0,
    "complaint_cost.total": 900.0,
    "compensation_cost.total": 350.0,
    "service_cost.total": 125_000.0,
    "operation_cost.total": 75_000.0,
    "goods_cost.total": 300_000.0,
    "overhead_cost.total": 100_000.0,
    "advertising_cost.total": 10_000.0,
    "welcome_cost.total": 20_000.0,
    "win_back_cost.total": 5_000.0,
    "margin.total": 200_000.0,
    "revenue.total": 1_000_000.0,
}
BY_HAND = {
    "acsi": 71.5,
    "nps": -3.0,
    "problems": 0.15,
    "problem_share": 0.13929202,
    "first_contact": 0.35,
    "yearly_loss": 0.13,
    "complaints_met": 16.0,
    "complaints_recorded": 6.25,
    "cost_per_complaint": 50.0,
    "cost_per_encounter": 2.5,
    "cost_of_winning": 210.0,
    "cost_of_keeping": 11.0,
    "revenue_per_customer": 250.0,
    "goods_share": 0.3,
    "serve_share": 0.2,
    "gross_share": 0.5,
    "contribution_share": 0.335,
    "margin_share": 0.2,
}


def outputs(values: dict[str, float]) -> dict[str, np.ndarray]:
    return {name: np.array([value, 3.0 * value]) for name, value in values.items()}


@pytest.mark.parametrize("name", list(BY_HAND))
def test_a_figure_by_hand(name: str):
    assert BY_NAME[name].compute(outputs(MADE_UP))[0] == pytest.approx(BY_HAND[name], rel=1e-7)


def test_every_figure_and_every_output_is_covered():
    assert {*BY_HAND, ELASTICITY} == {figure.name for figure in FIGURES}
    assert set(OUTPUTS) == set(MADE_UP)


def test_what_nobody_did_has_no_ratio():
    nothing = outputs(dict.fromkeys(MADE_UP, 0.0))
    assert math.isnan(BY_NAME["first_contact"].compute(nothing)[0])
    assert math.isnan(BY_NAME["margin_share"].compute(nothing)[0])


def test_limits_are_cut_to_what_can_be():
    assert BY_NAME["yearly_loss"].bounds == (0.0, 1.0)
    assert BY_NAME["complaints_met"].bounds == BY_NAME["cost_of_winning"].bounds == (0.0, math.inf)
    assert BY_NAME["margin_share"].bounds == BY_NAME["nps"].bounds == (-math.inf, math.inf)
