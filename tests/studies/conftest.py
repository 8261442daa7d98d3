import pytest

from sim.studies.run import run
from sim.vocabulary.customer import Segment
from sim.vocabulary.market import Market, Run
from sim.vocabulary.scenario import Scenario


@pytest.fixture(scope="session")
def scenario() -> Scenario:
    return Scenario(
        name="small",
        market=Market(customers=400),
        segments=[Segment(name="young", share=0.4), Segment(name="old", share=0.6)],
        run=Run(periods=30, replications=3, seed=7, panel=5),
    )


@pytest.fixture(scope="session")
def result(scenario):
    return run(scenario, threads=1)
