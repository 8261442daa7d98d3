"""`sim compare` as a user meets it."""

import json

import pytest

from tests.cli.calling import call

SMALL = """name: {name}
market: {{customers: 300}}
run: {{periods: 8, seed: 3}}
firm: {{systems: {{failure_scale: {scale}}}}}
"""


@pytest.fixture
def files(tmp_path):
    for name, scale in (("a", 1.0), ("b", 6.0)):
        (tmp_path / f"{name}.yaml").write_text(SMALL.format(name=name, scale=scale), encoding="utf-8")
    return tmp_path


def sim(folder, *arguments):
    return call(folder, "compare", *arguments)


def test_it_tells_and_writes(files):
    done = sim(files, "a.yaml", "b.yaml", "--replications", "3")
    assert done.returncode == 0, done.stderr
    for said in ("Yearly retention", "Change ± 95%", "Sure", "are customers in a and not in b", "Spending on quality"):
        assert said in done.stdout
    assert (files / "results" / "b_against_a" / "report.html").is_file()
    assert max(len(line) for line in done.stdout.splitlines() if "Results:" not in line) <= 80
    again = sim(files, "a.yaml", "b.yaml", "--replications", "3")
    assert again.returncode == 2
    assert "--force" in again.stderr


def test_json_is_the_summary(files):
    done = sim(files, "a.yaml", "b.yaml", "--replications", "2", "--json", "--no-report", "--out", "x")
    answer = json.loads(done.stdout)
    assert answer["scenarios"][1]["label"] == "b"
    stored = json.loads((files / "x" / "summary.json").read_text(encoding="utf-8"))
    assert {**stored, "folder": "x"} == answer
    assert not (files / "x" / "report.html").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("a.yaml",), "2 to 8"),
        (("a.yaml", "none.yaml"), "none.yaml"),
        (("a.yaml", "b.yaml", "--figure", "retenton"), "did you mean retention"),
        (("a.yaml", "b.yaml", "--precision", "-1"), "above 0"),
        (("a.yaml", "b.yaml", "--precision", "0.1", "--replications", "3"), "exclude each other"),
        (("a.yaml", "b.yaml", "--out", "a.yaml"), "is a file"),
    ],
)
def test_bad_input_is_one_clear_error(files, arguments, words):
    done = sim(files, *arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert not (files / "results").exists()


def test_what_a_reader_must_know_is_noted(files):
    (files / "c.yaml").write_text("name: c\nmarket: {customers: 250}\nrun: {periods: 12}\n", encoding="utf-8")
    done = sim(files, "a.yaml", "c.yaml", "--replications", "2", "--no-report", "--quiet")
    assert done.returncode == 0
    assert "note: c lasts 12 weeks; only the first 8" in done.stderr
    assert "people cannot be matched" in done.stderr
    assert done.stdout == ""
