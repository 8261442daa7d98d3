"""`sim balance` as a user meets it, on a small world."""

import json
import sys
from pathlib import Path

import pytest

from sim.cli import main
from tests.cli.reading import read_report

SCENARIO = """
name: small
run: {period: month, periods: 3, seed: 3}
market: {customers: 150}
"""
ASKED = ("small.yaml", "--replications", "2", "--years", "4", "--rounds", "1")
HOW = ("--engine", "in-process", "--workers", "1")


@pytest.fixture
def call(monkeypatch, capsys, tmp_path):
    """Run the command line in this process, in a folder with the scenario."""
    (tmp_path / "small.yaml").write_text(SCENARIO, encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["sim", *arguments])
        status = 0
        try:
            main()
        except SystemExit as end:
            status = int(end.code or 0)
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


def test_where_it_does_not_settle_the_answer_is_written_and_the_status_says_so(call):
    """A hundred and fifty people: luck alone moves figures beyond what is steady."""
    status, out, err = call("balance", *ASKED, *HOW, "--write", "new.yaml")
    assert status == 1
    assert "4 years of today, at most 6 runs" in err
    assert "not balanced" in err
    assert "how far today drifts in 4 years" in out
    folder = Path("results/small_balance/analysis")
    assert (folder / "report.html").as_posix() in out
    assert "The start that was found" in read_report(folder / "report.html")
    assert (folder / "balanced.yaml").is_file()
    assert call("validate", "new.yaml")[0] == 0


def test_a_file_that_is_there_stays(call):
    Path("new.yaml").write_text("ours", encoding="utf-8")
    status, _, err = call("balance", *ASKED, *HOW, "--write", "new.yaml", "-q")
    assert status != 0
    assert "--force" in err
    assert Path("new.yaml").read_text(encoding="utf-8") == "ours"


def test_json_is_the_summary_and_nothing_else(call):
    _, out, _ = call("balance", *ASKED, *HOW, "--no-report", "--json", "--quiet")
    answer = json.loads(out)
    summary = json.loads(Path("results/small_balance/analysis/summary.json").read_text(encoding="utf-8"))
    assert {key: value for key, value in answer.items() if key != "folder"} == summary
    assert answer["verdict"] in ("drifts", "unclear")
