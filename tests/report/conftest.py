import pytest

from sim.model.market import Market, Run
from sim.model.scenario import Change, Scenario
from sim.runs.run import run


@pytest.fixture(scope="session")
def scenario() -> Scenario:
    return Scenario(
        name="small <script>alert(1)</script>",
        question='Why "so" & <b>not</b> otherwise?',
        market=Market(customers=400),
        run=Run(periods=30, replications=2, seed=7),
        timeline=[Change(at=10, until=20, set={"firm.desk.ease": 1.0})],
    )


@pytest.fixture(scope="session")
def result(scenario):
    return run(scenario, threads=1)


@pytest.fixture(scope="session")
def single(scenario):
    return run(scenario, replications=1, threads=1)
