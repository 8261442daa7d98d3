import json

import pytest

from tests.cli.calling import call
from tests.cli.reading import read_report

BASE = "market: {customers: 150}\nrun: {periods: 4, seed: 2}\nfirm: {systems: {failure_scale: 20}}\n"
DESK = """
name: desk
question: How easy should it be to complain?
scenario: base.yaml
levers:
  firm.desk.ease: {values: [0, 1, 2]}
outputs: [retention]
replications: 2
optimise: {goals: [{output: retention}], trials: 8, finalists: 2, final_replications: 3}
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "base.yaml").write_text(BASE, encoding="utf-8")
    (tmp_path / "desk.yaml").write_text(DESK, encoding="utf-8")
    return tmp_path


def sim(folder, *words):
    return call(folder, "optimise", *words, "--engine", "in-process", "--workers", "1")


def test_a_table_and_an_answer_in_words(folder):
    done = sim(folder, "desk.yaml", "--out", "out")
    assert done.returncode == 0, done.stderr
    assert "How easy should it be to complain?" in done.stdout
    assert "today" in done.stdout
    assert "yearly retention" in done.stdout
    assert "Results: out/analysis/report.html" in done.stdout
    page = read_report(folder / "out" / "analysis" / "report.html")
    assert "<h1>Best: " in page or "<h1>No choice that was tried beats today" in page  # of so few runs luck decides
    assert "extends: ../../base.yaml" in (folder / "out" / "analysis" / "best.yaml").read_text()
    valid = call(folder, "validate", "out/analysis/best.yaml")
    assert valid.returncode == 0, valid.stderr
    taken = sim(folder, "desk.yaml", "--out", "out")
    assert taken.returncode == 2
    again = sim(folder, "desk.yaml", "--out", "out", "--resume", "--json", "--no-report")
    assert again.returncode == 0, again.stderr
    answer = json.loads(again.stdout)
    assert answer["tried"] == 3
    assert set(answer["best"]) == {"firm.desk.ease"}


def test_what_cannot_be_met_ends_with_status_1_and_words(folder):
    text = DESK.replace("trials: 8", "trials: 8, requirements: ['retention >= 0.99999']")
    (folder / "desk.yaml").write_text(text, encoding="utf-8")
    done = sim(folder, "desk.yaml", "--out", "out")
    assert done.returncode == 1
    assert "No choice meets all that is asked for" in done.stdout
    assert "The nearest miss is" in done.stdout


def test_bad_files_end_with_status_2_and_one_line(folder):
    (folder / "desk.yaml").write_text(DESK.replace("output: retention}]", "output: retentoin}]"), encoding="utf-8")
    done = sim(folder, "desk.yaml", "--out", "out")
    assert done.returncode == 2
    assert "desk.yaml:9:" in done.stderr
    assert "did you mean retention?" in done.stderr
    assert not (folder / "out").exists()
