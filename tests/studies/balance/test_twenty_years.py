"""Twenty years of every balanced scenario: no key figure moves further than is steady, by the 99% interval."""

from pathlib import Path

import pytest

from sim.results.drift import STEADY
from sim.studies.balance.balance import balance

SCENARIOS = Path(__file__).parents[3] / "scenarios"
BALANCED = (
    "airline",
    "bank",
    "baseline",
    "health_insurer",
    "public_office",
    "restaurant",
    "retail",
    "software",
    "telecom",
)
"""Shipped scenarios that begin settled and of which it was measured that today holds, by the names of their files."""

PEOPLE, SETTLED, REPLICATIONS, YEARS = 40_000, 40_000, 20, 20

MORE = {"airline": 80}
"""Replications of whom twenty do not tell: who flies buys dearly and seldom, so that the luck of revenue is wide."""


@pytest.mark.slow
@pytest.mark.parametrize("name", BALANCED)
def test_twenty_years_of_a_balanced_scenario_leave_it_as_it_is(name: str) -> None:
    """As it stands in the file, with luck that no search for its start has met."""
    file = SCENARIOS / f"{name}.yaml"
    people = [f"market.customers={PEOPLE}", f"run.settling.people={SETTLED}", "run.seed=20260105"]
    found = balance(file, years=YEARS, replications=MORE.get(name, REPLICATIONS), rounds=0, overrides=people)
    assert found.scenario.market.customers >= PEOPLE
    moved = found.drift[found.drift["verdict"] != STEADY]
    assert moved.empty, moved[["figure", "first", "last", "after", "after_low", "after_high", "most"]].to_string()
