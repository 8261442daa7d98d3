"""`sim results`: what it prints, writes and answers, and how it ends."""

import json
import math
import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest

from sim.cli import main
from sim.runs.execution.simulate import SimulationTask
from sim.runs.execution.task import DONE, Row
from sim.runs.experiment.points import point
from sim.runs.run import replication_seed
from sim.runs.store.store import Store
from sim.scenario import load_scenario
from tests.runs.store.studies import filled, new, shard_files

ROOT = Path(__file__).resolve().parents[3]


class Answer(NamedTuple):
    status: int
    out: str
    err: str


Call = Callable[..., Answer]


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    monkeypatch.setenv("COLUMNS", "120")

    def run(*arguments: object) -> Answer:
        monkeypatch.setattr(sys, "argv", ["sim", *map(str, arguments)])
        status = 0
        try:
            main()
        except SystemExit as end:
            status = int(end.code or 0)
        return Answer(status, *capsys.readouterr())

    return run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    filled(tmp_path / "study")
    return tmp_path / "study"


def test_the_summary_says_what_is_there(folder: Path, call: Call) -> None:
    answer = call("results", folder)
    store = Store.open(folder)
    done, failed = store.counts()[1:3]
    assert answer.status == 1
    why = f"most often: {next(iter(store.reasons()))}; see: sim results {folder} --failed"
    assert answer.err == f"error: {failed} of 60 runs failed; {why}\n"
    assert f"12 points, 5 replications: 60 runs, {done} done, {failed} failed, 0 pending" in answer.out
    assert store.digest() in answer.out
    assert "retention" in answer.out
    assert f"{store.runs()['retention'].mean():,.6g}" in answer.out


def test_json_has_the_same_numbers_and_the_same_each_time(folder: Path, call: Call) -> None:
    first, second = (json.loads(call("results", folder, "--json").out) for _ in range(2))
    assert first == second
    runs = Store.open(folder).runs()
    done = runs[runs["status"] == "done"]
    assert first["outputs"]["margin"] == {
        "mean": done["margin"].mean(),
        "min": done["margin"].min(),
        "max": done["margin"].max(),
        "nan": 0,
    }
    assert first["outputs"]["talk_ratio"]["nan"] == done["talk_ratio"].isna().sum() > 0
    assert first["digest"] == Store.open(folder).digest()
    assert first["damage"] == []
    assert first["planned"] == first["done"] + first["failed"] + first["pending"] == 60


def test_failed_runs_are_listed_with_parameters_and_reason(folder: Path, call: Call) -> None:
    runs = Store.open(folder).table()
    failed = runs[runs["status"] == "failed"]
    answer = call("results", folder, "--failed")
    assert answer.status == 0
    listed = json.loads(call("results", folder, "--failed", "--json").out)
    assert [(row["point"], row["replication"], row["reason"]) for row in listed] == [
        (row.point, row.replication, row.reason) for row in failed.itertuples()
    ]
    assert all(row["point"] in answer.out for row in listed)
    first = failed.iloc[0]
    assert listed[0]["parameters"] == f"firm.desk.ease={first['firm.desk.ease']}, firm.culture={first['firm.culture']}"


def test_csv_has_points_joined_to_runs(folder: Path, tmp_path: Path, call: Call) -> None:
    assert call("results", folder, "--csv", tmp_path / "all.csv").status == 1  # some of them failed
    with_all_digits = {name: lambda cell: float(cell or "nan") for name in ("retention", "margin")}
    read = pd.read_csv(tmp_path / "all.csv", keep_default_na=False, converters=with_all_digits)
    table = Store.open(folder).table()
    assert list(read.columns) == list(table.columns)
    assert read["retention"].equals(table["retention"])
    assert read["seed"].tolist() == table["seed"].tolist()
    answer = call("results", folder, "--csv", tmp_path / "no" / "all.csv")
    assert answer.status == 2
    assert "cannot be written" in answer.err


def test_questions_in_sql(folder: Path, tmp_path: Path, call: Call) -> None:
    pytest.importorskip("duckdb")
    question = 'SELECT "firm.culture" AS culture, avg(retention) AS r FROM study GROUP BY ALL ORDER BY ALL'
    found = json.loads(call("results", folder, "--sql", question, "--json").out)
    means = Store.open(folder).table().groupby("firm.culture")["retention"].mean()
    assert {row["culture"]: row["r"] for row in found} == pytest.approx(means.to_dict())
    rows = json.loads(call("results", folder, "--sql", "FROM runs ORDER BY point, replication", "--json").out)
    exact = Store.open(folder).runs().sort_values(["point", "replication"])
    assert [row["retention"] for row in rows] == [None if math.isnan(value) else value for value in exact["retention"]]
    assert [row["seed"] for row in rows] == exact["seed"].tolist()
    shown = call("results", folder, "--sql", "SELECT count(*) AS n FROM runs JOIN points USING (point)")
    assert "60" in shown.out
    assert call("results", folder, "--sql", "FROM runs", "--csv", tmp_path / "a.csv").status == 1  # some failed
    assert len(pd.read_csv(tmp_path / "a.csv")) == 60
    wrong = call("results", folder, "--sql", "SELECT retentoin FROM runs")
    assert wrong.status == 2
    assert wrong.err.startswith("error: --sql: ")
    assert "retentoin" in wrong.err
    with new(tmp_path / "empty"):
        pass
    assert json.loads(call("results", tmp_path / "empty", "--sql", "SELECT count(*) n FROM study", "--json").out) == [
        {"n": 0}
    ]


def test_damage_is_named_and_ends_with_status_1(folder: Path, call: Call) -> None:
    file = shard_files(folder)[0]
    file.write_bytes(file.read_bytes()[:-9])
    answer = call("results", folder)
    assert answer.status == 1
    assert f"damage: runs/{file.name}: damaged" in answer.err
    assert "40 runs" not in answer.err
    assert "20 pending" in answer.out
    assert len(json.loads(call("results", folder, "--json").out)["damage"]) == 1


def test_what_is_still_to_come_is_missing(tmp_path: Path, call: Call) -> None:
    with new(tmp_path / "study") as store:
        store.add_points([point(0, {"firm.desk.ease": 1.0})])
        store.plan(3)
    answer = call("results", tmp_path / "study")
    assert answer.status == 1
    assert "error: 3 of 3 runs have not been done yet; --resume does them\n" in answer.err
    assert call("results", tmp_path / "study", "--failed") == (0, "no failed runs\n", "")


def test_a_search_without_its_answer_has_not_come_to_its_end(tmp_path: Path, call: Call) -> None:
    with Store.create(tmp_path / "study", manifest={"kind": "optimisation"}, factors=["a"], outputs=["retention"]):
        pass
    answer = call("results", tmp_path / "study")
    assert answer.status == 1
    assert (
        answer.err == "error: the optimisation has not come to its end, and gives no answer yet; --resume goes on"
        " with it\n"
    )
    (tmp_path / "study" / "analysis").mkdir()
    (tmp_path / "study" / "analysis" / "manifest.json").write_text("{}")
    assert call("results", tmp_path / "study").status == 0


@pytest.mark.parametrize("ending", [".csv", ".parquet", ".json"])
def test_a_table_is_of_the_kind_that_its_name_says(ending: str, folder: Path, tmp_path: Path, call: Call) -> None:
    file = tmp_path / f"all{ending.upper() if ending == '.csv' else ending}"
    assert call("results", folder, "--csv", file).status == 1
    read: Callable[..., pd.DataFrame] = getattr(pd, f"read_{ending[1:]}")
    table = Store.open(folder).table()
    found = read(file, dtype={"point": str}) if ending != ".parquet" else read(file)
    assert found["retention"].astype(float).tolist() == pytest.approx(table["retention"].tolist(), nan_ok=True)
    assert list(found.columns) == list(table.columns)


@pytest.mark.parametrize("name", ["out.xlsx", "out", "out.csv.gz", ".csv", "out.txt"])
def test_a_name_of_another_kind_is_refused_before_anything_is_written(
    name: str, folder: Path, tmp_path: Path, call: Call
) -> None:
    before = sorted(tmp_path.iterdir())
    answer = call("results", folder, "--csv", tmp_path / name)
    assert answer.status == 2
    assert answer.err.endswith("its name must say what kind of file it is; allowed: .csv, .parquet, .json\n")
    assert (answer.out, sorted(tmp_path.iterdir())) == ("", before)


def test_a_table_that_is_there_stays_unless_forced(folder: Path, tmp_path: Path, call: Call) -> None:
    file = tmp_path / "precious.csv"
    file.write_text("precious")
    for more in ((), ("--failed",), ("--sql", "FROM runs")):
        answer = call("results", folder, "--csv", file, *more)
        assert (answer.status, answer.out) == (2, "")
        assert answer.err == f"error: {file}: is there already; --force replaces it\n"
        assert file.read_text() == "precious"
    assert call("results", folder, "--csv", file, "--failed", "--force").status == 0
    assert file.read_text().startswith("point,replication,parameters,reason\n")


def test_a_folder_without_a_study_is_refused(tmp_path: Path, call: Call) -> None:
    answer = call("results", tmp_path)
    assert (answer.status, answer.out) == (2, "")
    assert answer.err == f"error: {tmp_path}: holds no study\n"


def test_a_run_is_repeated_by_the_command_that_again_prints(tmp_path: Path, call: Call) -> None:
    scenario = tmp_path / "small.yaml"
    scenario.write_text("name: small\nmarket: {customers: 300}\nrun: {periods: 8}\n")
    shared = {"run.periods": 6}
    base = load_scenario(scenario, [f"{key}={value}" for key, value in shared.items()]).scenario
    task = SimulationTask(outputs=("retention", "margin"), bases={(): base})
    made = point(0, {"firm.desk.ease": 1e-05, "market.customers": 310})
    seed = replication_seed(5, 3)
    manifest = {"scenario_file": {"path": str(scenario)}, "definition": {"set": shared}}
    with Store.create(tmp_path / "study", manifest=manifest, factors=list(made.values), outputs=task.outputs) as store:
        store.add_points([made])
        store.append([Row(made.id, 3, seed, DONE, outputs=dict(task(made.values, seed, lambda: None)))])

    command = call("results", tmp_path / "study", "--again", made.id[:6], 3).out
    program, *arguments = shlex.split(command)
    assert program == "sim"
    again = call(*arguments, "--no-report", "--no-figures", "--out", tmp_path / "again", "--json")
    assert again.status == 0, again.err
    figures = json.loads(again.out)["summary"]
    stored = Store.open(tmp_path / "study").runs().iloc[0]
    assert figures["retention"]["value"] == stored["retention"]
    assert figures["margin"]["value"] == stored["margin"]


def test_again_says_what_is_wrong(folder: Path, call: Call) -> None:
    name = Store.open(folder).points()["point"][0]
    for asked, message in (
        (("zzz", 0), "no point of this study"),
        (("", 0), "the beginning of 12 points"),
        ((name, 99), "has not been run yet"),
        ((name, 0), "not made from a scenario file"),
    ):
        answer = call("results", folder, "--again", *asked)
        assert answer.status == 2
        assert message in answer.err


def test_again_knows_no_command_for_a_lever_that_changes_after_a_warm_up(tmp_path: Path, call: Call) -> None:
    made = point(0, {"firm.desk.ease": 1.0})
    definition = {"levers": {"firm.desk.ease": {"values": [0.0, 1.0]}}}
    for warm_up, status in ((0, 0), (4, 2)):
        manifest = {
            "scenario_file": {"path": "x.yaml"},
            "definition": definition,
            "scenario": {"run": {"warm_up": warm_up}},
        }
        folder = tmp_path / str(warm_up)
        with Store.create(folder, manifest=manifest, factors=list(made.values), outputs=("margin",)) as store:
            store.add_points([made])
            store.append([Row(made.id, 0, 5, DONE, outputs={"margin": 1.0})])
        answer = call("results", folder, "--again", made.id, 0)
        assert answer.status == status
        assert ("change after a warm-up" in answer.err) == bool(warm_up)
