"""A file becomes a plan: its scenario, its presets, and runs that are what they say."""

import pickle
from pathlib import Path

import pytest

from sim.parameters.paths import get_path
from sim.runs.experiment.definition import Experiment
from sim.runs.experiment.designs import design_points
from sim.runs.experiment.plan import ExperimentPlan
from sim.runs.experiment.reader import plan_experiment, read_experiment
from sim.scenario import load_scenario

SCENARIO = "market: {customers: 200}\nrun: {periods: 4}\nvoice: {preset: tarp_minor}\n"


def read(folder: Path, text: str, *overrides: str) -> ExperimentPlan:
    (folder / "scenario.yaml").write_text(SCENARIO, encoding="utf-8")
    (folder / "study").mkdir(exist_ok=True)
    file = folder / "study" / "experiment.yaml"
    file.write_text(f"scenario: ../scenario.yaml\n{text}", encoding="utf-8")
    return read_experiment(file, overrides)


def test_what_set_says_lies_over_the_scenario_and_overrides_over_that(tmp_path: Path):
    text = "set: {firm.desk.agents: 2, run.start: 2026-02-02, firm.strategy: {price_index: 1.1}}\n"
    text += "levers: {firm.desk.ease: {low: 0, high: 1}}\n"
    plan = read(tmp_path, text, "firm.desk.agents=3", "run.periods=5")
    assert plan.scenario.firm.desk.agents == 3.0
    assert plan.scenario.firm.strategy.price_index == 1.1
    assert plan.scenario.run.start.isoformat() == "2026-02-02"
    assert plan.scenario.run.periods == 5
    assert plan.bases == {(): plan.scenario}
    assert plan.text.startswith("scenario: ../scenario.yaml")
    assert len(plan.sha256) == 64


def test_levers_come_first_and_are_kept_apart_from_uncertainties(tmp_path: Path):
    text = "uncertainties: {recovery.gain: {low: 12, high: 32}}\nlevers: {firm.desk.ease: {low: 0, high: 1, cost: 5}}\n"
    plan = read(tmp_path, text)
    assert [axis.path for axis in plan.axes] == ["firm.desk.ease", "recovery.gain"]
    assert [axis.path for axis in plan.levers] == ["firm.desk.ease"]
    assert [axis.path for axis in plan.uncertainties] == ["recovery.gain"]
    assert plan.base_values == {"firm.desk.ease": 0.0, "recovery.gain": 22.0}
    assert (plan.axes[1].unit, plan.axes[1].lowest, plan.axes[1].highest) == ("points (0-100)", 0.0, 100.0)


def test_a_preset_is_laid_beneath_the_points_values(tmp_path: Path):
    text = "levers: {firm.culture: {values: [poor, exceptional]}, firm.desk.agents: {values: [1, 3]}}\n"
    text += "set: {firm.desk.apology: 0.123}\ndesign: {kind: grid}\n"
    plan = read(tmp_path, text)
    task = plan.task()
    for point in design_points(plan):
        culture, agents = point.values.values()
        here = task.scenario(point.values)
        overrides = ["firm.desk.apology=0.123", f"firm.culture={culture}", f"firm.desk.agents={agents}"]
        assert here == load_scenario(tmp_path / "scenario.yaml", overrides).scenario
        assert here.firm.desk.agents == agents
        assert here.firm.desk.apology == 0.123
    assert set(plan.bases) == {(("firm.culture", "poor"),), (("firm.culture", "exceptional"),)}


def test_presets_of_a_list_are_those_of_its_rows(tmp_path: Path):
    text = "uncertainties: {voice.preset: {}, firm.culture: {}}\ndesign:\n  kind: list\n  rows:\n"
    text += "    - {voice.preset: slogan, firm.culture: poor}\n    - {firm.culture: normal}\n"
    plan = read(tmp_path, text)
    assert set(plan.bases) == {
        (("firm.culture", "poor"), ("voice.preset", "slogan")),
        (("firm.culture", "normal"), ("voice.preset", "tarp_minor")),
    }
    assert [point.values["voice.preset"] for point in design_points(plan)] == ["slogan", "tarp_minor"]


def test_every_point_is_the_scenario_with_its_values(tmp_path: Path):
    text = "levers: {firm.desk.ease: {low: 0, high: 1}, rivals.rival.desk.ease: {values: [0, 1]}}\n"
    text += "uncertainties: {market.customers: {low: 100, high: 150}}\ndesign: {kind: sobol, points: 8}\n"
    plan = read(tmp_path, text)
    for point in design_points(plan):
        here = plan.task().scenario(point.values)
        assert {path: get_path(here, path) for path in point.values} == point.values


def test_a_run_of_a_plan_gives_its_outputs(tmp_path: Path):
    plan = read(tmp_path, "levers: {firm.desk.ease: {low: 0, high: 1}}\noutputs: [nps, active@3]\n")
    task = pickle.loads(pickle.dumps(plan.task()))
    found = task({"firm.desk.ease": 0.5}, 7, lambda: None)
    assert list(found) == ["nps", "active@3"]
    assert list(plan.task(["margin"])({"firm.desk.ease": 0.5}, 7, lambda: None)) == ["margin"]


def test_a_plan_made_in_python_is_the_plan_of_the_file(tmp_path: Path):
    plan = read(tmp_path, "levers: {firm.desk.ease: {low: 0, high: 1}}\ndesign: {kind: random, points: 5}\n")
    experiment = Experiment.model_validate(
        {
            "scenario": "scenario.yaml",
            "levers": {"firm.desk.ease": {"low": 0.0, "high": 1.0}},
            "design": {"kind": "random", "points": 5},
        }
    )
    made = plan_experiment(experiment, tmp_path)
    assert list(design_points(made)) == list(design_points(plan))
    assert made.scenario == plan.scenario
    assert made.path is None


@pytest.mark.parametrize("text", ["levers: {firm.desk.ease: {low: 0, high: 1}}\ndesign:\nset:\nuncertainties:\n"])
def test_an_empty_section_says_nothing(tmp_path: Path, text: str):
    assert read(tmp_path, text).experiment.set == {}
