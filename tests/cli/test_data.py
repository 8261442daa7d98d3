"""`sim data` as a user meets it, and the same words before a fit."""

import json
from pathlib import Path

import pytest
import yaml

from tests.cli.calling import call

TENURES = "Customer;Tenure;Churned\n" + "".join(f"C{n};{n % 24},5;{'yes' if n % 3 else 'no'}\n" for n in range(40))
EXPERIMENT = {
    "scenario": "world.yaml",
    "set": {"run.periods": 36},
    "uncertainties": {"customers.bonds.attrition_per_year": {"low": 0.02, "high": 0.5}},
    "calibrate": {"data": "churn", "unit": "months"},
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "ours.csv").write_text(TENURES)
    (tmp_path / "world.yaml").write_text("run: {period: month}\nmarket: {customers: 200}\n")
    (tmp_path / "fit.yaml").write_text(yaml.safe_dump(EXPERIMENT))
    return tmp_path


def test_a_table_is_shown_as_it_is_understood(folder: Path):
    done = call(folder, "data", "ours.csv", "--as", "churn")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "ours.csv, read as churn:",
        "  file       UTF-8, cells between semicolons; 40 rows, 3 columns",
        "  columns    tenure = 'Tenure', churned = 'Churned', customer = 'Customer'",
        "  numbers    decimal comma ('0,5')",
        "  unit       months, until a fit takes its run's period: `unit:` says it",
        "  codes      left: 'yes'; still there: 'no'",
        "  customers  40: 26 left (65.0%), 14 still there",
        "  span       tenure 0.5 to 23.5 months, median 9.5",
    ]
    assert call(folder, "data", "ours.csv").stdout == done.stdout


def test_the_same_for_an_experiment_and_for_programs(folder: Path):
    done = call(folder, "data", "ours.csv", "--for", "fit.yaml")
    assert done.returncode == 0, done.stderr
    assert "tenure 0.5 to 23.5 months" in done.stdout
    told = json.loads(call(folder, "data", "ours.csv", "--for", "fit.yaml", "--json").stdout)
    assert told["kind"] == "churn"
    assert {"what": "codes", "understood": "left: 'yes'; still there: 'no'"} in told["facts"]
    assert call(folder, "data", "ours.csv", "--for", "fit.yaml", "--as", "retention").returncode == 2


def test_settings_are_said_on_the_command_line(folder: Path):
    done = call(folder, "data", "ours.csv", "--as", "churn", "--read", "only.Churned=yes", "--read", "unit=weeks")
    assert done.returncode == 0, done.stderr
    assert "'Churned' = yes: 26 of 40 rows" in done.stdout
    assert "tenure 1.5 to 23.5 weeks" in done.stdout
    assert "everybody has left" in done.stdout


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--as", "chrun"], ["--as: no such kind of table; found chrun", "did you mean churn?"]),
        (["--as", "retention"], ["ours.csv:1: survivors: no such column", "time, survivors"]),
        (["--as", "churn", "--read", "unit=decades"], ["--read: unit", "decades"]),
        (["--as", "churn", "--read", "columns.tenure=Months"], ["ours.csv:1: Months: no such column"]),
    ],
)
def test_what_is_wrong_is_told_with_status_2(folder: Path, words: list[str], says: list[str]):
    done = call(folder, "data", "ours.csv", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert all(part in done.stderr for part in says), done.stderr
    assert "Traceback" not in done.stderr


def test_edges_are_shown_too(folder: Path):
    (folder / "ties.csv").write_text("Source,Target,Weight\nAnn,Bob,2\nBob,Bob,1\n")
    done = call(folder, "data", "ties.csv", "--as", "edges")
    assert "source = 'Source', target = 'Target', weight = 'Weight'" in done.stdout
    assert "2 ids are numbered in their order" in done.stdout
    assert "1 tie of a person to itself is left aside" in done.stdout
