"""Nobody is better pleased by a higher price: the very people who are customers in both worlds, with the same luck.

The mean difference of their satisfaction is paired within a replication; its 99% t-interval over replications must not
lie above 0. Were a price of no effect at all, that would fail one time in 200 for each scenario and price; seeds are
fixed, so that what has passed passes always.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.engine.simulation import Simulation
from sim.parameters.paths import set_path
from sim.results.intervals import mean_interval
from sim.runs.run import replication_seed
from sim.scenario import load_scenario

SCENARIOS = Path(__file__).parents[2] / "scenarios"
INDUSTRIES = ("airline", "bank", "health_insurer", "restaurant", "retail", "software", "telecom")
CAPTIVE = ("captive_customers", "public_office")
PRICE = "firm.strategy.price_index"
PEOPLE, RUNS, YEARS = 4000, 6, 2
FEW = 50
"""Who stays is too few to be told from luck below this many people."""


def differences(name: str, times: float, runs: int) -> tuple[list[float], int]:
    """Mean change of satisfaction by a price so many times today's, run by run; people in both worlds, at least."""
    scenario = load_scenario(SCENARIOS / f"{name}.yaml", [f"market.customers={PEOPLE}"]).scenario
    periods = YEARS * {"week": 52, "month": 12, "day": 365}[scenario.run.period]
    scenario = set_path(scenario, "run.periods", periods)
    dearer = set_path(scenario, PRICE, times * scenario.firm.strategy.price_index)
    found, people = [], []
    for number in range(runs):
        worlds = [
            Simulation(world, seed=replication_seed(5, number), threads=1, today=scenario)
            for world in (scenario, dearer)
        ]
        for world in worlds:
            world.run()
        both = (worlds[0].state.supplier == 0) & (worlds[1].state.supplier == 0)
        today, then = (world.state.satisfaction[both].astype(np.float64) for world in worlds)
        found.append(float((then - today).mean()))
        people.append(int(both.sum()))
    return found, min(people)


def test_nobody_who_stays_with_the_baseline_is_pleased_by_a_higher_price() -> None:
    found, people = differences("baseline", 1.2, 3)
    assert people > 500
    assert mean_interval(found, 0.99).high < 0.0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "times"),
    [
        *((name, times) for name in ("baseline", *INDUSTRIES) for times in (1.1, 1.3)),
        *((name, times) for name in CAPTIVE for times in (1.1, 2.0)),  # twice today's leaves nobody elsewhere
    ],
)
def test_nobody_who_stays_is_pleased_by_a_higher_price(name: str, times: float) -> None:
    found, people = differences(name, times, RUNS)
    seen = mean_interval(found, 0.99)
    print(f"{name} x {times}: {seen.value:+.2f} ({seen.low:+.2f} to {seen.high:+.2f}), {people} people")
    assert people >= FEW
    assert not seen.low > 0.0
