"""`sim calibrate` as a user meets it."""

import hashlib
import json
import re
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
import yaml

from sim.cli import main
from sim.scenario import load_scenario
from sim.studies.calibration.convergence import check_convergence
from tests.cli import calling
from tests.cli.reading import read_report

SURVIVORS = "time,survivors\n0,300\n1,250\n2,221\n"
EXPERIMENT = {
    "name": "small",
    "question": "How many leave by themselves?",
    "scenario": "world.yaml",
    "set": {"run.periods": 24},
    "uncertainties": {
        "customers.bonds.attrition_per_year": {"low": 0.02, "high": 0.5},
        "firm.desk.ease": {"low": 0.0, "high": 0.01},
    },
    "calibrate": {"data": "retention", "unit": "years", "trials": 24, "members": 8},
}


HOW = ("--engine", "in-process", "--workers", "1")


def write_files(folder: Path) -> None:
    """An experiment, a table, and a world of three times as many people: with fewer, luck asks for more runs."""
    (folder / "world.yaml").write_text("run: {period: month}\nmarket: {customers: 1000}\n", encoding="utf-8")
    (folder / "fit.yaml").write_text(yaml.safe_dump(EXPERIMENT), encoding="utf-8")
    (folder / "data.csv").write_text(SURVIVORS, encoding="utf-8")


@pytest.fixture(scope="module")
def fitted(tmp_path_factory):
    """What the command said, and the folder that it left, `out`, with runs that nobody needs to do twice."""
    folder = tmp_path_factory.mktemp("fitted")
    write_files(folder)
    return calling.call(folder, "calibrate", "fit.yaml", "--data", "data.csv", *HOW, "--out", "out"), folder / "out"


@pytest.fixture
def call(monkeypatch, capsys, tmp_path):
    """Run the command line in a folder with nothing but those files."""
    monkeypatch.chdir(tmp_path)
    write_files(tmp_path)

    def run(*arguments, file="fit.yaml", data="data.csv"):
        asked = ["sim", "calibrate", file, "--data", data, *HOW, *arguments]
        monkeypatch.setattr(sys, "argv", asked)
        with pytest.raises(SystemExit) as end:
            main()
        captured = capsys.readouterr()
        return int(end.value.code or 0), captured.out, captured.err

    return run


def contents(folder: Path) -> dict[str, str]:
    """Hashes of all files but the manifest."""
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file.name != "manifest.json"
    }


def test_from_file_to_folder_and_on(call, tmp_path, fitted):
    done, folder = fitted
    assert done.returncode == 0, done.stderr
    assert "How many leave by themselves?" in done.stdout
    assert "Natural attrition" in done.stdout
    assert "out/analysis/calibrated.yaml" in done.stdout
    shutil.copytree(folder, tmp_path / "out")
    answer = tmp_path / "out" / "analysis"

    scenario = load_scenario(answer / "calibrated.yaml").scenario
    sha256 = hashlib.sha256(SURVIVORS.encode()).hexdigest()
    assert (scenario.calibration.data, scenario.calibration.sha256) == ("data.csv", sha256)
    text = (answer / "calibrated.yaml").read_text(encoding="utf-8")
    assert "extends: ../../world.yaml" in text
    ensemble = pd.read_csv(answer / "ensemble.csv")
    members = ensemble["customers.bonds.attrition_per_year"]
    assert members.min() < scenario.customers.bonds.attrition_per_year < members.max()
    assert ensemble["weight"].sum() == pytest.approx(1.0)
    assert json.loads((answer / "manifest.json").read_text())["data"]["sha256"] == sha256

    explained = pd.read_csv(answer / "dictionary.csv").groupby("table")["column"].agg(list)
    for name in ("ensemble", "posterior", "correlations", "fit"):
        assert pd.read_csv(answer / f"{name}.csv").columns.tolist() == explained[name], name

    # going on with a finished study simulates nothing and writes the same, byte for byte
    before, runs = contents(answer), len(pd.read_parquet(tmp_path / "out" / "runs"))
    status, out, err = call("--out", "out", "--resume", "--json")
    assert status == 0, err
    assert contents(answer) == before
    kept = pd.read_parquet(tmp_path / "out" / "runs")
    assert len(kept) == runs
    assert (kept["replication"] == 0).sum() == 24 + ensemble["point"].nunique()
    told = json.loads(out)
    assert told["converged"] is True
    assert [row["parameter"] for row in told["posterior"]] == list(EXPERIMENT["uncertainties"])
    assert told["sha256"] == sha256
    assert told["sentences"][0].startswith(("The model reproduces", "Nothing in the given ranges"))

    # other data, or other settings, are another study
    (tmp_path / "other.csv").write_text(SURVIVORS.replace("250", "251"), encoding="utf-8")
    status, out, err = call("--out", "out", "--resume", data="other.csv")
    assert (status, out) == (2, "")
    assert "data_sha256" in err
    changed = {**EXPERIMENT, "calibrate": {**EXPERIMENT["calibrate"], "seed": 1}}
    (tmp_path / "changed.yaml").write_text(yaml.safe_dump(changed), encoding="utf-8")
    status, out, err = call("--out", "out", "--resume", file="changed.yaml")
    assert status == 2
    assert "calibrate.seed" in err
    assert contents(answer) == before

    # without --resume the folder is taken
    status, out, err = call("--out", "out")
    assert status == 2
    assert "holds" in err


def test_not_converged_is_said_everywhere(call, tmp_path, monkeypatch, fitted):
    """On the page, in every file, as exit status and on standard error, and no verdict stands beside it."""
    reasons = ("direct searches from two starts end 99.0 units apart", "a direct search did not settle")

    def doubtful(*arguments):
        return replace(check_convergence(*arguments), reasons=reasons)

    monkeypatch.setattr("sim.studies.calibration.fit_to_data.check_convergence", doubtful)
    shutil.copytree(fitted[1], tmp_path / "out")  # the same runs, and another verdict on them
    status, out, err = call("--out", "out", "--resume", "--quiet")
    assert (status, out) == (1, "")
    assert err.count("\n") == 1
    assert err.startswith("not converged: ")
    assert reasons[0] in err
    answer = tmp_path / "out" / "analysis"
    told = json.loads((answer / "summary.json").read_text())
    assert (told["verdict"], told["converged"], told["goodness"]["p_value"]) == ("not converged", False, None)
    assert told["convergence"]["reasons"] == list(reasons)
    assert all(row["median"] is row["low"] is row["high"] is None for row in told["posterior"])
    assert {row["identified"] for row in told["posterior"]} == {"unknown"}
    assert all(row["predicted"] is None and row["observed"] > 0 for row in told["fit"])
    assert not pd.read_csv(answer / "ensemble.csv")["converged"].any()
    assert pd.read_csv(answer / "posterior.csv")[["median", "low", "high"]].isna().all(axis=None)
    text = (answer / "calibrated.yaml").read_text(encoding="utf-8")
    assert text.startswith("# NOT CONVERGED")
    assert load_scenario(answer / "calibrated.yaml").scenario.calibration.fitted.startswith("not converged: ")
    page = read_report(answer / "report.html")
    assert "<h1>Not converged" in page
    for word in ("least bad", "The model reproduces", "does not reproduce", "95% interval of", "nan"):
        assert word not in page + text + json.dumps(told)
    assert not (answer / "figures" / "identification.svg").exists()

    # the same on the terminal, and when it goes on
    status, out, err = call("--out", "out", "--resume")
    assert status == 1
    assert "The search has not converged: this is no fit" in out
    assert "nan" not in out


WRONG = [
    ({"calibrate": None}, SURVIVORS, ["calibrate", "says nothing of the data"]),
    ({"uncertainties": {}}, SURVIVORS, ["needs uncertainties"]),
    ({"uncertainties": {"firm.desk.ease": {"values": [0.0, 1.0]}}}, SURVIVORS, ["firm.desk.ease", "cannot be fitted"]),
    ({"calibrate": {"data": "retentoin"}}, SURVIVORS, ["fit.yaml:", "retention"]),
    ({"set": {"run.periods": 12}}, SURVIVORS, ["run.periods", "at least 24"]),
    ({}, "time,survivors\n0,300\n1,x\n2,200\n", ["data.csv:3", "survivors", "not a number"]),
    ({}, "time,survivors\n0,300\n1,1e308\n2,200\n", ["data.csv:3", "survivors", "too large"]),
    ({}, "when,survivors\n0,300\n1,250\n2,200\n", ["data.csv:1", "time", "no such column"]),
]


@pytest.mark.parametrize(("changes", "table", "says"), WRONG)
def test_bad_input_is_told_before_anything_is_written(call, tmp_path, changes, table, says):
    experiment = {key: value for key, value in {**EXPERIMENT, **changes}.items() if value is not None}
    (tmp_path / "fit.yaml").write_text(yaml.safe_dump(experiment), encoding="utf-8")
    (tmp_path / "data.csv").write_text(table, encoding="utf-8")
    status, out, err = call("--out", "out")
    assert (status, out) == (2, ""), err
    assert all(part in err for part in says), err
    assert not (tmp_path / "out").exists()
    assert not re.search(r"Traceback", err)


def test_every_run_fails(call, tmp_path):
    """A combination that the scenario forbids everywhere: the reason is told, status 1."""
    experiment = {**EXPERIMENT, "limits": {"seconds": 1e-9}}
    (tmp_path / "fit.yaml").write_text(yaml.safe_dump(experiment), encoding="utf-8")
    status, _, err = call("--out", "out")
    assert status == 1
    assert "8 of 8 runs cannot be used; the first:" in err


@pytest.mark.slow
def test_any_number_of_workers(call, tmp_path):
    """In process and in two processes: the same ensemble, the same report."""
    assert call("--out", "one", "--no-report")[0] == 0
    assert call("--out", "two", "--no-report", "--engine", "spawn", "--workers", "2")[0] == 0
    assert contents(tmp_path / "one" / "analysis") == contents(tmp_path / "two" / "analysis")
