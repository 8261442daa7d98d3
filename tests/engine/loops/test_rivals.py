"""Whom a customer looks at among several rivals, some of which it will never buy from again."""

import pytest

from sim.engine.simulation import Simulation
from sim.model.choice import chosen_rival
from sim.model.firm import Firm
from sim.model.market import Market, Network, Run
from sim.model.movement import Movement
from sim.model.scenario import Scenario

ALIKE = Movement(advantage=0.0, opinion=0.0, price=0.0, promise=0.0)
"""Nothing attracts: every firm that is left has the same share."""


@pytest.mark.parametrize(
    ("supplier", "barred", "u", "chosen"),
    [
        (0, (2,), 0.49, 1),
        (0, (2,), 0.5, 3),
        (0, (2,), 0.99, 3),
        (0, (), 0.33, 1),
        (0, (), 0.34, 2),
        (0, (), 0.67, 3),
        (1, (0,), 0.25, 2),
        (1, (0,), 0.75, 3),
        (2, (1,), 0.25, 0),
        (2, (1,), 0.75, 3),
        (2, (3,), 0.25, 0),
        (2, (3,), 0.75, 1),
        (1, (0, 3), 0.75, 2),
        (1, (0, 2, 3), 0.5, -1),
    ],
)
def test_of_four_firms_one_of_those_that_are_left(supplier: int, barred: tuple[int, ...], u: float, chosen: int):
    """In the order of the firms, each with the same stretch of the draw."""
    rivals = [Firm(name=f"rival {n}", initial_share=0.1) for n in range(3)]
    market = Market(customers=2, network=Network(mean_degree=0.0))
    run = Simulation(Scenario(market=market, run=Run(periods=1), movement=ALIKE, rivals=rivals), threads=1)
    run.state.barred[1] = sum(1 << g for g in barred)
    found = chosen_rival(run.state, 1, run.environment, supplier, u)
    assert found == chosen
