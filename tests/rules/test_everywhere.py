"""A rule from outside stands wherever one of ours does: words, schema, tables, pages, studies, the command line."""

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import numpy as np
import pandas as pd
import pytest
import typer
from typer.testing import CliRunner

import sim
from sim.cli.results_command import command_for
from sim.cli.study_commands import app
from sim.engine.footprint import footprint
from sim.model.scenario import Scenario
from sim.parameters.registry import parameters
from sim.parameters.timeline import phases
from sim.report.assumptions import assumptions
from sim.results.outputs import check_outputs, output_label, output_unit
from sim.results.place import FolderError
from sim.rules import kind_with, with_rules
from sim.runs.experiment.experiment_schema import experiment_schema
from sim.runs.experiment.reader import read_experiment
from sim.runs.store.store import Store
from sim.scenario import load_text
from sim.scenario.explain import article, find
from sim.scenario.schema import scenario_schema
from sim.scenario.show import text
from sim.studies.patterns.laboratory import changed
from sim.studies.patterns.patterns import Patterns
from sim.vocabulary.errors import ScenarioError
from tests.cli.calling import call
from tests.results.kept import read_folder
from tests.rules.files import GRUDGES, HABIT, ROOT, SHIPPED

SMALL = "name: small\nrun: {periods: 8, replications: 2, panel: 5}\nmarket: {customers: 150}\n"


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.yaml"
    path.write_text(SMALL, encoding="utf-8")
    return path


# --- before a run -----------------------------------------------------------------------------------------------------


def test_its_parameters_are_listed_explained_shown_and_in_the_schemas():
    kind = kind_with(SHIPPED)
    assert [info.path for info in parameters(kind)][: len(parameters())] == [info.path for info in parameters()]
    paths = [info.path for info in parameters(kind)][len(parameters()) :]
    assert paths == [
        "rules.habit.strength",
        "rules.habit.habit_years",
        "rules.grudges.felt_below",
        "rules.grudges.make_a_grudge",
    ]
    assert "Rules from outside > Habit > Strength of habit" in article(find("habit.strength", kind)[0])
    assert find("rules.habit.strength") == []
    loaded = load_text("rules: {habit: {strength: 0.95}}", name="a", rules=[HABIT])
    assert text(loaded).splitlines()[-1].split() == ["rules.habit.strength", "0.5", "->", "0.95", "a.yaml:1", "share"]
    assert "rules.habit.strength: outside the practical range" in loaded.warnings[0]
    for schema in (scenario_schema(kind), experiment_schema(kind)):
        jsonschema.Draft7Validator.check_schema(schema)
    check = jsonschema.Draft7Validator(scenario_schema(kind))
    good = {"rules": {"habit": {"strength": 0.5}}, "timeline": [{"at": 1, "set": {"rules.grudges.make_a_grudge": 4}}]}
    assert check.is_valid(good)
    assert not check.is_valid({"rules": {"habit": {"strength": 1.5}}})
    assert not check.is_valid({"rules": {"habits": {}}})
    assert not jsonschema.Draft7Validator(scenario_schema()).is_valid(good)
    factors = experiment_schema(kind)["properties"]["levers"]["properties"]
    assert "rules.habit.strength" in factors


def test_the_timeline_and_patches_change_its_parameters():
    scenario = load_text("timeline: [{at: 2, until: 4, set: {rules.habit.strength: 0.1}}]", rules=[HABIT]).scenario
    spans = phases(scenario, {"rules.habit.habit_years": 9.0})
    found = [(start, now.model_dump()["rules"]["habit"]) for start, now in spans]
    assert [start for start, _ in found] == [0, 2, 4]
    assert [values["strength"] for _, values in found] == [0.5, 0.1, 0.5]
    assert {values["habit_years"] for _, values in found} == {9.0}
    with pytest.raises(ScenarioError, match=r"timeline\.0\.set\.rules\.habit\.strength: too large"):
        load_text("timeline: [{at: 2, set: {rules.habit.strength: 3}}]", rules=[HABIT])


def test_its_outputs_have_names_units_and_labels():
    scenario = with_rules(Scenario(), SHIPPED)
    names = ["grudges.end", "resented_margin.total", "reviews_spared.mean", "resented_encounters@3"]
    assert check_outputs(names, scenario) == []
    assert [output_unit(name, scenario) for name in names] == ["people", "EUR", "comparisons per week", "encounters"]
    assert output_label("resented_margin.total") == "Resented margin, over the run"
    assert "no such column" in str(check_outputs(["grudges.end"], Scenario())[0])
    assert "grudges.total: a sum over periods says nothing" in str(check_outputs(["grudges.total"], scenario)[0])


def test_its_columns_and_tallies_are_reckoned_with():
    plain, ruled = (sum(part.size for part in footprint(s).peak) for s in (Scenario(), with_rules(Scenario(), SHIPPED)))
    periods, firms = Scenario().run.periods, 2
    assert ruled - plain >= 10_000 * 2 * 8 + periods * firms * 4 * 8


# --- after a run ------------------------------------------------------------------------------------------------------


def test_a_run_with_rules_leaves_them_in_every_table(small: Path, tmp_path: Path):
    done = call(
        tmp_path,
        "run",
        "small.yaml",
        "--rule",
        str(HABIT),
        "--rule",
        str(GRUDGES),
        "--set",
        "rules.grudges.felt_below=-0.1",
        "--out",
        "out",
        "--no-figures",
    )
    assert done.returncode == 0, done.stderr
    out = tmp_path / "out"
    series = pd.read_parquet(out / "series.parquet")
    panel = pd.read_parquet(out / "panel.parquet")
    assert series["resented_encounters"].sum() > 0
    assert series["resented_encounters"].dtype == np.int64
    assert series["resented_margin"].abs().max() < 1e6
    assert {"habit", "resented"} <= set(panel)
    dictionary = pd.read_csv(out / "dictionary.csv")
    assert set(series.columns) == set(dictionary[dictionary["table"] == "series"]["column"])
    assert set(panel.columns) == set(dictionary[dictionary["table"] == "panel"]["column"])
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    assert [(rule["name"], rule["file"]) for rule in manifest["rules"]] == [
        ("habit", str(HABIT)),
        ("grudges", str(GRUDGES)),
    ]
    assert len(manifest["rules"][0]["sha256"]) == 64
    report = (out / "report.html").read_text("utf-8")
    assumed = report.partition('<section id="assumptions">')[2]
    row = 'Rules from outside, Grudges: Resented below <code class="path">rules.grudges.felt_below</code>'
    assert assumed.count(row) == 2, "among what differs from its default, and among all"
    assert "Share of comparisons that a full habit leaves out" in report
    result = read_folder(out, rules=SHIPPED)
    assert result.scenario.model_dump()["rules"]["grudges"]["felt_below"] == -0.1
    rows = {row.path: row for row in assumptions(result)}
    assert rows["rules.grudges.felt_below"].changed
    assert (rows["rules.habit.strength"].default, rows["rules.habit.strength"].unit) == ("0.5", "share")


def test_a_run_without_rules_says_nothing_of_them(small: Path):
    result = sim.run(small)
    assert "rules" not in result.manifest
    assert "rules" not in result.manifest["scenario"]
    ruled = sim.run(small, rules=[GRUDGES])
    assert ruled.manifest["rules"][0]["name"] == "grudges"
    ours = result.series.columns
    pd.testing.assert_frame_equal(ruled.series[ours], result.series)


@pytest.mark.parametrize(
    "words",
    [
        ("run", "small.yaml", "--out", "x"),
        ("validate", "small.yaml"),
        ("show", "small.yaml"),
        ("explain", "habit"),
        ("schema",),
        ("compare", "small.yaml", "small.yaml", "--out", "x"),
        ("sweep", "e.yaml", "--out", "x"),
        ("sensitivity", "e.yaml", "--out", "x"),
        ("optimise", "e.yaml", "--out", "x"),
        ("advice", "small.yaml", "--out", "x"),
        ("calibrate", "e.yaml", "--data", "d.csv", "--out", "x"),
        ("balance", "small.yaml", "--out", "x"),
        ("cost", "small.yaml", "--out", "x"),
        ("causes", "small.yaml", "--out", "x"),
        ("shares", "small.yaml", "--today", "small.yaml", "--out", "x"),
        ("industries", "small.yaml", "--as", "bank", "--out", "x"),
        ("patterns",),
        ("patterns", "small.yaml"),
    ],
    ids=lambda words: words[0],
)
def test_every_command_that_reads_scenarios_takes_rules_and_refuses_bad_ones(
    words: tuple[str, ...], small: Path, tmp_path: Path
):
    """One clear message, status 2, no traceback, nothing written."""
    (tmp_path / "e.yaml").write_text("scenario: small.yaml\nlevers: {rules.habit.strength: {low: 0, high: 1}}\n")
    (tmp_path / "d.csv").write_text("a\n")
    (tmp_path / "bad.py").write_text("VERSION = 1\nimport nothing_of_this_name\n")
    done = call(tmp_path, *words, "--rule", "bad.py")
    assert done.returncode == 2, done.stderr
    assert done.stderr == (
        "error: bad.py:2: cannot be run: ModuleNotFoundError: No module named 'nothing_of_this_name'\n"
    )
    assert not (tmp_path / "x").exists()


def test_all_commands_take_rules_but_the_page_and_those_that_run_no_scenario():
    commands = typer.main.get_command(app).commands
    without = {name for name, command in commands.items() if "rules" not in {each.name for each in command.params}}
    assert without == {"app", "data", "new", "report", "results"}


def test_patterns_are_measured_with_rules_in_every_world(small: Path, monkeypatch: pytest.MonkeyPatch):
    seen: list[Scenario] = []

    def measured(scenario: Scenario, **_: object) -> Patterns:
        seen.append(changed(scenario, {"firm.desk.ease": 1.0}))
        return Patterns(scenario, (), 1)

    monkeypatch.setattr("sim.studies.patterns.patterns.measure_patterns", measured)
    for file in ((), (str(small),)):
        assert CliRunner().invoke(app, ["patterns", *file, "--rule", str(HABIT)]).exit_code == 0
    assert [(scenario.firm.desk.ease, [rule.name for rule in scenario.outside]) for scenario in seen] == [
        (1.0, ["habit"])
    ] * 2


def test_validate_tells_what_cannot_be_compiled(small: Path, tmp_path: Path):
    broken = HABIT.read_text("utf-8").replace("1.0 - math.exp", "'x' - math.exp")
    (tmp_path / "habit.py").write_text(broken, encoding="utf-8")
    done = call(tmp_path, "validate", "small.yaml", "--rule", "habit.py")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: habit.py:")
    assert "cannot be compiled" in done.stderr
    assert done.stderr.count("\n") == 1


# --- studies ----------------------------------------------------------------------------------------------------------

EXPERIMENT = """
name: habits
scenario: small.yaml
replications: 2
set: {rules.habit.habit_years: 0.1, customers.bonds.reviews_per_year: 50, movement.switch_share: 0.9}
levers:
  rules.habit.strength: {values: [0.0, 0.5, 1.0]}
design: {kind: grid}
outputs: [reviews_spared.total, left_switch.total]
"""


def test_a_sweep_over_its_parameter_with_workers(small: Path, tmp_path: Path):
    experiment = tmp_path / "e.yaml"
    experiment.write_text(EXPERIMENT, encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"a rule that is not loaded; give its file: --rule habit\.py"):
        read_experiment(experiment)
    found = sim.sweep(experiment, out=tmp_path / "spawned", workers=2, engine="spawn", rules=[HABIT])
    here = sim.sweep(experiment, out=tmp_path / "here", workers=1, engine="in-process", rules=[HABIT])
    assert found.digest == here.digest
    assert found.counts.failed == 0
    means = found.runs.merge(found.points, on="point").groupby("rules.habit.strength")
    spared, left = means["reviews_spared.total"].mean(), means["left_switch.total"].mean()
    assert spared[0.0] == 0.0 < spared[0.5] < spared[1.0]
    assert left[0.0] > left[0.5] > left[1.0]
    edited = tmp_path / "habit.py"
    edited.write_text(HABIT.read_text("utf-8") + "\n# edited\n", encoding="utf-8")
    with pytest.raises(FolderError, match=r"rules"):
        sim.sweep(experiment, out=tmp_path / "here", resume=True, rules=[edited])
    with Store.open(tmp_path / "here") as store:
        words = command_for(store, str(found.points["point"].iloc[0]), 0)
    assert f"--rule {HABIT}" in words


def test_a_comparison_with_rules(small: Path, tmp_path: Path):
    other = tmp_path / "other.yaml"
    other.write_text(SMALL.replace("small", "other") + "rules: {habit: {strength: 1.0}}\n", encoding="utf-8")
    found = sim.compare([small, other], replications=2, threads=2, rules=[HABIT])
    row = found.changed.set_index("path").loc["rules.habit.strength"]
    assert (row["small"], row["other"], row["unit"]) == ("0.5", "1", "share")
    assert found.manifest["scenarios"][1]["rules"][0]["name"] == "habit"


# --- compiled code ----------------------------------------------------------------------------------------------------

COUNTED = """
import sys
from sim import kernel_ready
from sim.engine.simulation import Simulation
from sim.kernel_cache import KernelCache
from sim.model.market import Market, Run
from sim.model.scenario import Scenario
from sim.rules import with_rules
found, load = {True: 0, False: 0}, KernelCache.load_overload
def counted(self, signature, context):
    code = load(self, signature, context)
    found[code is not None] += 1
    return code
KernelCache.load_overload = counted
find = kernel_ready.find
def counted_ready(*asked):
    code = find(*asked)
    found[True] += code is not None  # where there is none numba is asked
    return code
kernel_ready.find = counted_ready
scenario = with_rules(Scenario(market=Market(customers=300), run=Run(periods=30)), sys.argv[1:])
Simulation(scenario, threads=1).run().tallies.sum()
print(found[True], found[False])
"""


def test_our_kernels_are_compiled_for_no_rule():
    """In processes of their own: all that is ours comes from the disk, whatever rules there are, and whether any."""
    from sim.compiled import PLAIN

    if PLAIN:
        pytest.skip("nothing is compiled")

    def started(*rules: Path) -> tuple[int, int]:
        done = subprocess.run(
            [sys.executable, "-c", COUNTED, *map(str, rules)], cwd=ROOT, capture_output=True, text=True, timeout=600
        )
        assert done.returncode == 0, done.stderr
        if "compiled code is not kept" in done.stderr:
            pytest.skip(done.stderr)
        taken, missed = done.stdout.split()
        return int(taken), int(missed)

    before, without = started(), started()
    while without != before:  # the folder was empty, or held nothing yet that is called without numba
        before, without = without, started()
    habit, both = started(HABIT), started(*SHIPPED)
    assert without[0] > 5
    assert without == (without[0], 0) == habit
    # the stage at the end of a period, which none of these has called, is called by both, and compiled at most once
    assert sum(both) == without[0] + 1
    assert started(*SHIPPED) == (without[0] + 1, 0)
