"""`sim sensitivity` as a user meets it, on a small world."""

import json
import sys
from pathlib import Path

import pandas as pd
import pytest

from sim.cli import main
from sim.runs import evaluation
from sim.studies.sensitivity.find_what_matters import sensitivity

SCENARIO = """
name: small
run: {periods: 12, seed: 3}
market: {customers: 300}
"""
EXPERIMENT = """
name: small_matters
question: What matters?
scenario: small.yaml
levers:
  firm.desk.answer_share: {low: 0.2, high: 1.0, cost: 1000}
  firm.systems.failure_scale: {low: 0.5, high: 3.0}
uncertainties:
  customers.bonds.switching_cost: {low: 0.1, high: 0.9}
outputs: [retention, satisfaction]
replications: 2
sensitivity: {samples: 8, pairs: 3, condition: satisfaction < 70}
"""


@pytest.fixture
def call(monkeypatch, capsys, tmp_path):
    """Run the command line in this process, in a folder with the experiment."""
    (tmp_path / "small.yaml").write_text(SCENARIO, encoding="utf-8")
    (tmp_path / "matters.yaml").write_text(EXPERIMENT, encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["sim", "sensitivity", *arguments])
        status = 0
        try:
            main()
        except SystemExit as end:
            status = int(end.code or 0)
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


def test_from_a_file_to_a_folder_and_a_table(call):
    status, out, _ = call("matters.yaml", "--engine", "in-process", "--workers", "1", "--no-report")
    assert status == 0
    assert "What matters?" in out
    assert "Systems: Scale of failures" in out
    assert "firm." not in out
    assert "for the next EUR" in out
    folder = Path("results/small_matters_what_matters/analysis")
    assert folder.as_posix() in out
    indices = pd.read_csv(folder / "indices.csv")
    assert indices.groupby(["output", "measure"]).size().eq(3).all()
    assert not (folder / "report.html").exists()


def test_json_is_the_summary_and_nothing_else(call):
    status, out, _ = call(
        "matters.yaml", "--engine", "in-process", "--workers", "1", "--no-report", "--json", "--quiet"
    )
    assert status == 0
    answer = json.loads(out)
    summary = json.loads(Path("results/small_matters_what_matters/analysis/summary.json").read_text(encoding="utf-8"))
    assert {key: value for key, value in answer.items() if key != "folder"} == summary


def test_resuming_runs_nothing_again_and_another_experiment_is_refused(call, monkeypatch):
    settings = ("matters.yaml", "--engine", "in-process", "--workers", "1", "--no-report", "--quiet", "--out", "kept")
    assert call(*settings)[0] == 0
    before = Path("kept/analysis/indices.csv").read_bytes()
    status, _, err = call(*settings)
    assert status == 2
    assert "kept" in err

    def nothing(*_, **__):
        raise AssertionError("a run was done again")

    monkeypatch.setattr(evaluation, "execute", nothing)
    assert call(*settings, "--resume")[0] == 0
    assert Path("kept/analysis/indices.csv").read_bytes() == before
    text = Path("matters.yaml").read_text(encoding="utf-8")
    Path("matters.yaml").write_text(text.replace("high: 3.0", "high: 4.0"), encoding="utf-8")
    status, _, err = call(*settings, "--resume")
    assert status == 2
    assert "firm.systems.failure_scale" in err


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("samples: 8", "samples: 10", "power of 2"),
        ("satisfaction < 70", "satisfacton < 70", "satisfaction"),
        ("sensitivity: {", "constraints: [firm.desk.answer_share < 0.5]\nsensitivity: {", "constraints"),
        ("samples: 8", "sample: 8", "samples"),
        ("samples: 8", "samples: 1048576", "runs; allowed: at most 1,000,000 runs"),
    ],
)
def test_a_bad_file_is_refused_with_its_place_before_anything_is_run(call, monkeypatch, old, new, said):
    def nothing(*_, **__):
        raise AssertionError("a run was done")

    monkeypatch.setattr(evaluation, "execute", nothing)
    Path("matters.yaml").write_text(EXPERIMENT.replace(old, new), encoding="utf-8")
    status, out, err = call("matters.yaml")
    assert status == 2
    assert out == ""
    assert said in err
    assert "matters.yaml:" in err
    assert not Path("results").exists()


@pytest.mark.usefixtures("call")
def test_workers_change_nothing(tmp_path):
    one = sensitivity(tmp_path / "matters.yaml", engine="in-process", workers=1)
    two = sensitivity(tmp_path / "matters.yaml", engine="in-process", workers=2)
    for name in ("indices", "luck", "effects", "dependence", "maps", "regions", "points", "runs"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(two, name), check_exact=True)


@pytest.mark.usefixtures("call")
@pytest.mark.parametrize("named", [True, False])
def test_presets_are_switched_where_the_scenario_names_those_that_vary_with_them(tmp_path, named):
    text = EXPERIMENT.replace(
        "  customers.bonds.switching_cost: {low: 0.1, high: 0.9}",
        "  voice.preset: {values: [tarp_minor, tarp_major]}\n  firm.culture: {values: [poor, awful]}",
    )
    (tmp_path / "matters.yaml").write_text(text, encoding="utf-8")
    if named:
        (tmp_path / "small.yaml").write_text(SCENARIO + "voice: {preset: tarp_minor}\nfirm: {culture: poor}\n")
    found = sensitivity(tmp_path / "matters.yaml", engine="in-process", workers=1)
    assert found.failed == 0
    switches = found.effects[found.effects["kind"] == "switch"]
    assert set(switches["stop"]) == ({"tarp_major", "awful"} if named else set())
    assert (switches["pairs"] == 3).all()
