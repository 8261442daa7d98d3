"""`sim causes` as a user meets it, on a small world."""

import json
from pathlib import Path

import pandas as pd
import pytest

from tests.cli.calling import asking
from tests.cli.reading import read_report

SCENARIO = """
name: small
run: {period: month, periods: 3, seed: 3}
market: {customers: 150}
"""
ASKED = ("small.yaml", "--replications", "2", "--cause", "failures", "--cause", "rivals")
HOW = ("--engine", "in-process", "--workers", "1")


@pytest.fixture
def call(monkeypatch, capsys, tmp_path):
    """Run the command line in this process, in a folder with the scenario."""
    (tmp_path / "small.yaml").write_text(SCENARIO, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return asking("causes", monkeypatch, capsys)


def test_from_a_file_to_a_folder_and_a_table(call):
    status, out, err = call(*ASKED, *HOW)
    assert status == 0
    assert "2 causes, 8 runs" in err
    assert "Of the customers of the start" in out
    folder = Path("results/small_causes")
    assert (folder / "analysis/report.html").as_posix() in out
    assert "Cause by cause" in read_report(folder / "analysis/report.html")
    causes = pd.read_csv(folder / "analysis/causes.csv")
    explained = pd.read_csv(folder / "analysis/dictionary.csv")
    assert set(explained[explained["table"] == "causes"]["column"]) == set(causes.columns)


def test_json_is_the_summary_and_nothing_else(call):
    status, out, _ = call(*ASKED, *HOW, "--no-report", "--json", "--quiet")
    assert status == 0
    answer = json.loads(out)
    summary = json.loads(Path("results/small_causes/analysis/summary.json").read_text(encoding="utf-8"))
    assert {key: value for key, value in answer.items() if key != "folder"} == summary


def test_going_on_runs_nothing_again_and_another_question_is_refused(call, monkeypatch):
    from sim.studies.patched import PatchedTask

    how = (*HOW, "--no-report", "--quiet", "--out", "kept")
    assert call(*ASKED, *how)[0] == 0
    before = Path("kept/analysis/causes.csv").read_bytes()

    def never(*_):
        raise AssertionError("a run that is known was done again")

    monkeypatch.setattr(PatchedTask, "__call__", never)
    assert call(*ASKED, *how, "--resume")[0] == 0
    assert Path("kept/analysis/causes.csv").read_bytes() == before
    status, _, err = call(*ASKED[:-1], "bad_talk", *how, "--resume")
    assert status == 2
    assert "holds another study" in err
