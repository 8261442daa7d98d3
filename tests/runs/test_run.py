import pandas as pd
import pytest

from sim.model.market import Market, Run
from sim.model.money import Money
from sim.model.scenario import Scenario
from sim.runs.run import replication_seed, run, workload
from sim.vocabulary.errors import ScenarioError

FILE = """
name: from a file
market: {customers: 200}
run: {periods: 3, replications: 1}
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "small.yaml"
    path.write_text(FILE, encoding="utf-8")
    return path


def test_replication_seeds_are_frozen():
    assert [replication_seed(0, r) for r in range(3)] == [0, 4073086235079949473, 17533548451796102026]


def test_replication_seeds_differ_and_fit_into_64_bits():
    seeds = {replication_seed(seed, r) for seed in range(50) for r in range(50)}
    assert len(seeds) == 2500
    assert max(seeds) < 2**64


def test_more_replications_leave_the_earlier_ones_as_they_were(scenario, result):
    fewer = run(scenario, replications=2, threads=1)
    earlier = result.series[result.series["replication"] < 2]
    pd.testing.assert_frame_equal(fewer.series, earlier)


def test_a_replication_can_be_run_on_its_own(scenario, result):
    seed = replication_seed(scenario.run.seed, 2)
    alone = run(scenario, seed=seed, replications=1, threads=1).series
    third = result.series[result.series["replication"] == 2].reset_index(drop=True)
    pd.testing.assert_frame_equal(alone.drop(columns="replication"), third.drop(columns="replication"))


def test_arguments_replace_what_the_scenario_says(scenario):
    result = run(scenario, seed=0, replications=1, threads=1)
    assert result.scenario.run.seed == 0
    assert result.manifest["seeds"] == [0]
    assert result.replications == 1


@pytest.mark.parametrize("arguments", [{"seed": -1}, {"seed": 2**64}, {"replications": 0}])
def test_arguments_that_a_file_could_not_hold_are_refused(scenario, arguments):
    with pytest.raises(ScenarioError):
        run(scenario, **arguments)


def test_overrides_without_a_file_are_refused(scenario):
    with pytest.raises(ValueError, match="scenario file"):
        run(scenario, overrides=["firm.desk.ease=1"])


def test_a_file_is_run_with_overrides_and_remembered(file):
    result = run(file, overrides=["firm.desk.ease=1"], seed=3, threads=1)
    assert result.scenario.firm.desk.ease == 1.0
    assert result.manifest["scenario_file"]["name"] == "small.yaml"
    assert result.manifest["origins"]["firm.desk.ease"] == "--set"
    assert "money.currency" not in result.manifest["origins"]
    assert repr(result) == "Result('from a file', 1 run, seed 3)"


def test_progress_adds_up_to_the_workload(scenario):
    done = []
    run(scenario, threads=1, progress=done.append)
    assert sum(done) == workload(scenario)


def test_without_the_measured_opportunity_cost_only_the_estimate_is_there():
    scenario = Scenario(
        market=Market(customers=200), run=Run(periods=3, replications=1), money=Money(measure_opportunity_cost=False)
    )
    result = run(scenario, threads=1)
    assert result.series["opportunity_measured"].isna().all()
    assert (result.series["opportunity_cost"] == result.series["opportunity_estimate"]).all()


def test_the_panel_follows_each_replication(result):
    assert set(result.panel["replication"]) == {0, 1, 2}
