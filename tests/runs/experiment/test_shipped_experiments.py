"""The shipped experiments, their schema and their reference."""

import json
import runpy
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from sim.runs.evaluation import Evaluation
from sim.runs.experiment.definition import Experiment
from sim.runs.experiment.designs import MOST_RUNS, design_points, design_size
from sim.runs.experiment.experiment_schema import SCHEMA_FILE, experiment_schema, schema_text
from sim.runs.experiment.reader import read_experiment
from sim.scenario.document import read_file, read_text

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "experiments"
SHIPPED = sorted(FOLDER.glob("*.yaml"))
EXPECTED = {
    "ease_of_complaining",
    "desk_or_prevention",
    "culture_and_desk",
    "iceberg_presets",
    "what_matters_most",
    "choose_the_desk",
    "calibrate_retention",
}
TINY = ("market.customers=200", "run.periods=26", "run.settling.people=100")


@cache
def editor() -> Any:
    """What checks a file as it is typed. To make the schema takes half a second of the processor."""
    return jsonschema.Draft7Validator(experiment_schema())


def in_editor(document: Any) -> list[str]:
    return [error.message for error in editor().iter_errors(document)]


def test_all_experiments_are_shipped_and_listed():
    assert {path.stem for path in SHIPPED} >= EXPECTED
    listed = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in SHIPPED if f"`{path.name}`" not in listed] == []


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_experiment(path: Path):
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0] == f"# yaml-language-server: $schema={SCHEMA_FILE}"
    assert lines[1].startswith("# Question: ")
    assert lines[1].endswith("?")
    assert len(lines) <= 40
    assert in_editor(read_file(path).root.plain) == []
    plan = read_experiment(path)
    assert plan.experiment.name == path.stem
    assert plan.experiment.question == lines[1].removeprefix("# Question: ")
    assert plan.warnings == ()


@pytest.mark.parametrize(
    "path", [path for path in SHIPPED if "design:" in path.read_text(encoding="utf-8")], ids=lambda path: path.stem
)
def test_a_shipped_sweep_runs(path: Path):
    """In a tiny world: every point can be simulated."""
    plan = read_experiment(path, TINY)
    points = [point.values for point in design_points(plan)]
    assert len(points) == design_size(plan), "some are left out or repeated"
    assert len(points) * plan.experiment.replications <= 1000 < MOST_RUNS
    rows = Evaluation(plan.task(), seed=1).evaluate(points[:16])
    assert set(rows["reason"]) == {""}
    assert rows[list(plan.experiment.outputs)].notna().any(axis=None)


def test_easier_complaining_brings_more_complaints():
    """Same luck at both points; 1,000 people, two replications, one seed: no chance is left that could fail."""
    plan = read_experiment(FOLDER / "ease_of_complaining.yaml", ("market.customers=1000", "run.settling.people=100"))
    points = [{"firm.desk.ease": ease, "firm.desk.agents": 1.0} for ease in (0.0, 1.0, 4.0)]
    rows = Evaluation(plan.task(["complained.total"]), seed=1).evaluate(points, 2)
    average, easier, easiest = rows.groupby("index")["complained.total"].mean()
    assert easiest > easier > average


def test_the_shipped_schema_is_current():
    committed = (FOLDER / SCHEMA_FILE).read_text(encoding="utf-8")
    assert committed == schema_text(), f"run: sim schema --experiment --out experiments/{SCHEMA_FILE}"


def test_the_schema_is_a_schema_and_documents_every_key():
    schema = json.loads(schema_text())
    jsonschema.Draft7Validator.check_schema(schema)
    assert set(schema["properties"]) == set(Experiment.model_fields)
    for section in ("levers", "uncertainties"):
        offered = schema["properties"][section]["properties"]
        assert "firm.desk.ease" in offered
        assert "run.seed" not in offered
        assert all(declared["description"] for declared in offered.values())


@pytest.mark.parametrize(
    "text",
    [
        "levers: {}",
        "scenario: a.yaml\nlevars: {}",
        "scenario: a.yaml\nlevers: {firm.desk.eese: {}}",
        "scenario: a.yaml\nlevers: {run.seed: {values: [1]}}",
        "scenario: a.yaml\nlevers: {firm.desk.ease: {lo: 1}}",
        "scenario: a.yaml\nlevers: {firm.desk.ease: {low: high}}",
        "scenario: a.yaml\nlevers: {firm.desk.ease: {values: []}}",
        "scenario: a.yaml\nuncertainties: {firm.desk.ease: {cost: 1}}",
        "scenario: a.yaml\ndesign: {kind: sobel}",
        "scenario: a.yaml\ndesign: {points: 0}",
        "scenario: a.yaml\ndesign: {rows: [{firm.desk.eese: 1}]}",
        "scenario: a.yaml\nset: {firm.desk.agents: -1}",
        "scenario: a.yaml\nset: {firm.desk.eese: 1}",
        "scenario: a.yaml\noptimise: {}",
        "scenario: a.yaml\noutputs: [5]",
    ],
)
def test_an_editor_sees_what_is_wrong(text: str):
    assert in_editor(read_text(text, "a.yaml").root.plain) != []


@pytest.mark.parametrize(
    "text",
    [
        "scenario: a.yaml\nlevers: {firm.desk.ease: null, rivals.rival.culture: {values: [poor]}}",
        "scenario: a.yaml\nlevers:\ndesign:\nset: {firm.desk: {agents: 2}, segments.old.share: 1}",
        "scenario: a.yaml\ndesign: {rows: [{rivals.0.desk.ease: 1, firm.desk.queue: value}]}\nstopping:\n",
    ],
)
def test_an_editor_lets_pass_what_is_right(text: str):
    assert in_editor(read_text(text, "a.yaml").root.plain) == []


def test_the_reference_is_current():
    pages = runpy.run_path(str(ROOT / "docs" / "generate.py"))["PAGES"]
    committed = (ROOT / "docs" / "experiments.md").read_text(encoding="utf-8")
    assert committed == pages["experiments.md"](), "out of date: run python docs/generate.py"


def test_what_the_reference_says_is_so(tmp_path: Path):
    page = (ROOT / "docs" / "experiments.md").read_text(encoding="utf-8")
    assert f"more than {MOST_RUNS:,} runs is refused" in page
    example = page.split("```yaml\n")[1].split("```")[0].replace("../scenarios", (ROOT / "scenarios").as_posix())
    (tmp_path / "example.yaml").write_text(example, encoding="utf-8")
    plan = read_experiment(tmp_path / "example.yaml")
    assert plan.warnings == ()
    assert 0 < len(list(design_points(plan))) < design_size(plan) == 64
