"""`sim advice` as a user meets it, on a small world."""

import json
import sys
from pathlib import Path

import pandas as pd
import pytest

from sim.cli import main
from tests.cli.calling import asking
from tests.cli.reading import read_report

SCENARIO = """
name: small
run: {period: month, periods: 3, seed: 3}
market: {customers: 150}
"""
ASKED = ("small.yaml", "--replications", "2", "--years", "1", "--steps", "1", "--levers", "desk.a*")
HOW = ("--looks", "1", "--engine", "in-process", "--workers", "1")


@pytest.fixture
def call(monkeypatch, capsys, tmp_path):
    """Run the command line in this process, in a folder with the scenario."""
    (tmp_path / "small.yaml").write_text(SCENARIO, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return asking("advice", monkeypatch, capsys)


def test_from_a_file_to_a_folder_and_a_table(call):
    status, out, err = call(*ASKED, *HOW)
    assert status == 0
    assert "3 levers, 14 runs" in err
    assert "small: every lever, one at a time" in out
    folder = Path("results/small_advice")
    assert (folder / "analysis/report.html").as_posix() in out
    page = read_report(folder / "analysis/report.html")
    assert "Does the desk pay?" in page
    assert "a price that the firm pays" in page
    levers = pd.read_csv(folder / "analysis/levers.csv")
    turned = levers[levers["verdict"] != "definition"]["lever"].tolist()
    assert turned == ["firm.desk.agents", "firm.desk.answer_share", "firm.desk.apology"]
    explained = pd.read_csv(folder / "analysis/dictionary.csv")
    assert set(explained[explained["table"] == "levers"]["column"]) == set(levers.columns)


def test_json_is_the_summary_and_nothing_else(call):
    status, out, _ = call(*ASKED, *HOW, "--no-report", "--json", "--quiet")
    assert status == 0
    answer = json.loads(out)
    summary = json.loads(Path("results/small_advice/analysis/summary.json").read_text(encoding="utf-8"))
    assert {key: value for key, value in answer.items() if key != "folder"} == summary


def test_its_runs_are_told_with_how_often_each_was_done(call, monkeypatch, capsys):
    assert call(*ASKED, *HOW, "--no-report", "--quiet", "--out", "kept")[0] == 0
    monkeypatch.setattr(sys, "argv", ["sim", "results", "kept", "--json"])
    with pytest.raises(SystemExit):
        main()
    told = json.loads(capsys.readouterr().out)
    assert (told["points"], told["replications"], told["done"]) == (7, 2, 14)


def test_going_on_runs_nothing_again_and_another_question_is_refused(call, monkeypatch):
    from sim.runs.execution.simulate import SimulationTask

    how = (*HOW, "--no-report", "--quiet", "--out", "kept")
    assert call(*ASKED, *how)[0] == 0
    before = Path("kept/analysis/steps.csv").read_bytes()

    def never(*_):
        raise AssertionError("a run that is known was done again")

    monkeypatch.setattr(SimulationTask, "__call__", never)
    assert call(*ASKED, *how, "--resume")[0] == 0
    assert Path("kept/analysis/steps.csv").read_bytes() == before
    status, _, err = call(*ASKED[:-1], "desk.f*", *how, "--resume")
    assert status == 2
    assert "holds another study" in err


def test_an_interruption_tells_how_to_go_on(call, monkeypatch):
    from sim.runs.execution.simulate import SimulationTask

    real, calls = SimulationTask.__call__, []

    def interrupted(self, values, seed, tick):
        calls.append(values)
        if len(calls) == 5:
            raise KeyboardInterrupt
        return real(self, values, seed, tick)

    monkeypatch.setattr(SimulationTask, "__call__", interrupted)
    status, _, err = call(*ASKED, *HOW, "--quiet", "--out", "kept")
    assert status == 130
    asked = "sim advice --replications 2 --years 1 --steps 1 --levers 'desk.a*' --looks 1"
    assert f"{asked} small.yaml --out kept --resume" in err
