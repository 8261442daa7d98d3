"""The adapter for ema-workbench: the same values and the same luck give the same rows."""

import inspect
import warnings
from typing import Any

import numpy as np
import pytest

from sim.runs.evaluation import Evaluation
from sim.runs.experiment.reader import read_experiment
from sim.studies.ema import identifier, model

# The library warns at import of what else it could use, and of its own future names.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning", "ignore::DeprecationWarning")

EXPERIMENT = """
name: small
scenario: base.yaml
levers:
  firm.desk.ease: {low: 0, high: 2}
  run.periods: {low: 3, high: 5}
  firm.desk.queue: {values: [first_come, value]}
  firm.desk.follow_up: {values: [0.5]}
uncertainties:
  voice.complain_share: {low: 0.02, high: 0.5, scale: log}
  firm.systems.failure_scale: {distribution: triangular, low: 0.5, mode: 1, high: 4}
  talk.strong_adoption: {distribution: normal, mean: 0.2, sd: 0.1, low: 0.05, high: 0.3}
outputs: [retention, satisfaction, customers]
"""


@pytest.fixture(scope="module", autouse=True)
def workbench() -> Any:
    """The library. For the words of its log it looks for the module of every caller, among all that tests have loaded.

    That took four seconds, for names that come without it.
    """
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        patch.setattr(inspect, "getmodule", lambda *_: None)
        return pytest.importorskip("ema_workbench")


@pytest.fixture
def plan(tmp_path):
    (tmp_path / "base.yaml").write_text("market: {customers: 200}\nrun: {periods: 4, seed: 5}\n", encoding="utf-8")
    (tmp_path / "small.yaml").write_text(EXPERIMENT, encoding="utf-8")
    return read_experiment(tmp_path / "small.yaml")


def test_factors_and_outputs_become_its_nouns(plan):
    made = model(plan)
    assert {item.name for item in made.levers} == {"firm_desk_ease", "run_periods", "firm_desk_queue"}
    assert {item.name for item in made.uncertainties} == {identifier(axis.path) for axis in plan.uncertainties}
    assert {item.name for item in made.outcomes} == {"retention", "satisfaction", "customers"}
    kinds = {item.name: type(item).__name__ for item in made.levers}
    assert kinds == {
        "firm_desk_ease": "RealParameter",
        "run_periods": "IntegerParameter",
        "firm_desk_queue": "CategoricalParameter",
    }


def test_distributions_are_ours(plan):
    made = model(plan)
    unit = np.array([0.01, 0.3, 0.77, 0.99])
    for axis in plan.uncertainties:
        parameter = next(item for item in made.uncertainties if item.name == identifier(axis.path))
        np.testing.assert_allclose(parameter.dist.ppf(unit), axis.from_unit(unit), rtol=1e-6)


@pytest.mark.parametrize("replication", [0, 2])
def test_rows_are_ours(plan, workbench, replication):
    made = model(plan, replication=replication)
    experiments, outcomes = workbench.perform_experiments(made, scenarios=3, policies=2)
    assert len(experiments) == 6
    evaluation = Evaluation(plan.task(), seed=plan.scenario.run.seed)
    native = {axis.path: axis.native for axis in plan.axes}
    for number, row in enumerate(experiments.to_dict(orient="records")):
        values = {path: row[identifier(path)] for path in native if identifier(path) in row}
        values = {path: value.item() if hasattr(value, "item") else value for path, value in values.items()}
        ours = evaluation.evaluate([{**values, "firm.desk.follow_up": 0.5}], range(replication, replication + 1)).iloc[
            0
        ]
        assert ours["status"] == "done", ours["reason"]
        for output in plan.experiment.outputs:
            assert outcomes[output][number] == ours[output]


def test_levers_that_are_left_out_keep_the_scenarios_value(plan, workbench):
    experiments, outcomes = workbench.perform_experiments(model(plan), scenarios=2)
    unknown = [axis.path for axis in plan.uncertainties]
    points = [{path: float(row[identifier(path)]) for path in unknown} for _, row in experiments.iterrows()]
    ours = Evaluation(plan.task(), seed=5).evaluate([{**values, "firm.desk.follow_up": 0.5} for values in points])
    assert list(outcomes["retention"]) == list(ours["retention"])


def test_a_failed_run_is_nan_and_the_others_go_on(plan):
    made = model(plan)
    with pytest.warns(RuntimeWarning, match="a run failed: ScenarioError"):
        found = made.function(**{"firm.desk.ease": 99.0})
    assert all(np.isnan(value) for value in found.values())
    assert list(found) == ["retention", "satisfaction", "customers"]
