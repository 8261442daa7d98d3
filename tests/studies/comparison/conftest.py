import pytest

from sim.model.customer import Segment
from sim.model.market import Market, Run
from sim.model.scenario import Scenario
from sim.parameters.paths import set_path
from sim.studies.comparison.compare import compare


@pytest.fixture(scope="session")
def today() -> Scenario:
    return Scenario(
        name="today",
        market=Market(customers=400, entrants_per_year=40),
        segments=[Segment(name="young", share=0.4), Segment(name="old", share=0.6)],
        run=Run(periods=26, seed=7),
    )


@pytest.fixture(scope="session")
def worlds(today):
    louder = set_path(today, "firm.desk.ease", 3.0).model_copy(update={"name": "louder"})
    worse = set_path(today, "firm.systems.failure_scale", 3.0).model_copy(update={"name": "worse"})
    return [today, louder, worse]


@pytest.fixture(scope="session")
def comparison(worlds):
    return compare(worlds, replications=4, threads=1)
