"""The table of advice of shipped scenarios: nothing wins by its bound for nothing, and money is made where it is made.

Ten pairs and three years for each lever and step, so minutes for a scenario; verdicts rest on 99% intervals.
"""

from pathlib import Path

import pytest

from sim.studies.advice.advise import advise
from sim.studies.advice.verdicts import BOUND, INSIDE, UNJUDGED

SCENARIOS = Path(__file__).parents[3] / "scenarios"
INDUSTRIES = ("baseline", "telecom", "health_insurer", "bank", "retail", "airline", "restaurant", "software")
POOR = ("culture_awful", "culture_poor")
CULTURES = (*POOR, "culture_normal", "culture_exceptional")
ICEBERGS = ("iceberg_goodman_1999", "iceberg_rage_2015", "iceberg_slogan", "iceberg_tarp_major", "iceberg_tarp_minor")
PLANS = (
    "a_new_rival",
    "answer_well_and_fast",
    "cut_the_desk",
    "easy_complaints",
    "promise_less_deliver_more",
    "rewards_with_bad_service",
    "rival_improves",
    "strained_call_centre",
    "the_suggestion_box",
    "three_ways_of_steering",
)
CAPTIVES = ("captive_customers", "public_office")
"""Shipped scenarios in which customers can leave."""

FEWER = ["market.customers=8000"]
PRICE, LEVEL, PREVENTION = "firm.strategy.price_index", "firm.systems.service", "firm.costs.prevention"


@pytest.mark.slow
@pytest.mark.parametrize("name", [*INDUSTRIES, *CULTURES, *ICEBERGS, *PLANS])
def test_nothing_wins_by_its_bound_for_nothing(name: str) -> None:
    found = advise(SCENARIOS / f"{name}.yaml", replications=10, years=3, overrides=FEWER, report=False)
    assert found.with_verdict(BOUND).empty, list(found.with_verdict(BOUND)["lever"])
    prices = found.steps[found.steps["lever"] == PRICE]
    doubled = prices[prices["value"].astype(float) >= 1.99 * float(found.lever(PRICE)["today"])]
    assert len(doubled) == 1
    assert float(doubled["profit_high"].iloc[0]) < 0.0
    if name in POOR:
        for lever in (PRICE, LEVEL, PREVENTION):
            assert found.lever(lever)["verdict"] == INSIDE, lever
    if name not in INDUSTRIES:
        return
    for lever in (PRICE, LEVEL, PREVENTION):
        assert found.lever(lever)["verdict"] == INSIDE, lever
    today = float(found.lever(PRICE)["today"])
    assert 0.7 * today < float(found.lever(PRICE)["best"]) < 1.6 * today
    assert -3.0 < float(found.line("elasticity")["value"]) < -1.0


@pytest.mark.slow
@pytest.mark.parametrize("name", CAPTIVES)
def test_captives_are_eased_where_their_firm_can_be_paid_any_price(name: str) -> None:
    levers = [PRICE, LEVEL, PREVENTION]
    found = advise(SCENARIOS / f"{name}.yaml", replications=10, overrides=FEWER, levers=levers, report=False)
    assert set(found.levers.loc[found.levers["lever"].isin(levers), "verdict"]) == {UNJUDGED}
    assert found.lever(PRICE)["best"] == found.lever(PRICE)["today"]
    assert [lever["lever"] for lever, _ in found.that_ease()] != []
    for lever, step in found.that_ease():
        assert step["captive_loss_high"] < 0.0, lever["lever"]
