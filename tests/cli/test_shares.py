"""`sim shares` as a user meets it, on a small world."""

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
PLAN = """
extends: small.yaml
name: plan
firm: {strategy: {price_index: 1.2}, desk: {agents: 3}}
"""
ASKED = ("plan.yaml", "--replications", "2", "--output", "margin", "--output", "customers")
HOW = ("--engine", "in-process", "--workers", "1")


@pytest.fixture
def call(monkeypatch, capsys, tmp_path):
    """Run the command line in this process, in a folder with the scenario."""
    (tmp_path / "small.yaml").write_text(SCENARIO, encoding="utf-8")
    (tmp_path / "plan.yaml").write_text(PLAN, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return asking("shares", monkeypatch, capsys)


def test_from_a_file_to_a_folder_and_a_table(call):
    status, out, err = call(*ASKED, *HOW)
    assert status == 0
    assert "2 changed levers, 8 runs" in err
    assert "Margin:" in out
    folder = Path("results/plan_shares")
    assert (folder / "analysis/report.html").as_posix() in out
    assert "Lever by lever" in read_report(folder / "analysis/report.html")
    shares = pd.read_csv(folder / "analysis/shares.csv")
    explained = pd.read_csv(folder / "analysis/dictionary.csv")
    assert set(explained[explained["table"] == "shares"]["column"]) == set(shares.columns)


def test_json_is_the_summary_and_nothing_else(call):
    status, out, _ = call(*ASKED, *HOW, "--no-report", "--json", "--quiet")
    assert status == 0
    answer = json.loads(out)
    summary = json.loads(Path("results/plan_shares/analysis/summary.json").read_text(encoding="utf-8"))
    assert {key: value for key, value in answer.items() if key != "folder"} == summary


def test_going_on_runs_nothing_again_and_another_question_is_refused(call, monkeypatch):
    from sim.studies.shares.shares_plan import MixedTask

    how = (*HOW, "--no-report", "--quiet", "--out", "kept")
    assert call(*ASKED, *how)[0] == 0
    before = Path("kept/analysis/shares.csv").read_bytes()

    def never(*_):
        raise AssertionError("a run that is known was done again")

    monkeypatch.setattr(MixedTask, "__call__", never)
    assert call(*ASKED, *how, "--resume")[0] == 0
    assert Path("kept/analysis/shares.csv").read_bytes() == before
    status, _, err = call(*ASKED[:-1], "satisfaction", *how, "--resume")
    assert status == 2
    assert "holds another study" in err
