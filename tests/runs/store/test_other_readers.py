"""Other programs read the folder as it is: the examples of docs/store.md run, and give what the store gives."""

import re
import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from sim.runs.store.store import Store
from tests.runs.store.studies import filled, finish

PAGE = Path(__file__).resolve().parents[3] / "docs" / "store.md"


def examples(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)


@pytest.fixture(params=[False, True], ids=["many files", "joined"])
def folder(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    filled(tmp_path / "results" / "ease")
    if request.param:
        finish(tmp_path / "results" / "ease")
        assert len(list((tmp_path / "results" / "ease" / "runs").iterdir())) == 1
    monkeypatch.chdir(tmp_path)
    return tmp_path / "results" / "ease"


def test_the_examples_in_python_run(folder: Path) -> None:
    ours, pandas = examples("python")
    found: dict[str, Any] = {}
    exec(compile(ours, "docs/store.md", "exec"), found)
    assert len(found["table"]) == 60
    exec(compile(pandas, "docs/store.md", "exec"), found)
    table, expected = found["table"], Store.open(folder).table()
    table = table.sort_values(["number", "replication"], ignore_index=True)[expected.columns]
    pd.testing.assert_frame_equal(table, expected, check_dtype=False)


def test_the_example_in_sql_runs(folder: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    (question,) = examples("sql")
    with duckdb.connect() as database:
        found = database.sql(question).df()
        every = database.sql(f"SELECT count(*) FROM '{folder}/runs/*.parquet'").fetchall()
    table = Store.open(folder).table()
    done = table[table["status"] == "done"].groupby("firm.desk.ease")["retention"]
    assert every == [(60,)]
    assert found["firm.desk.ease"].tolist() == sorted(done.groups)
    assert found["retention"].to_numpy() == pytest.approx(done.mean().to_numpy())
    assert found["runs"].tolist() == done.count().tolist()


def test_missing_numbers_are_null_for_others(folder: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    with duckdb.connect() as database:
        found = database.sql(
            f"SELECT count(*) FILTER (talk_ratio IS NULL), count(*) FILTER (isnan(talk_ratio)), avg(talk_ratio) "
            f"FROM '{folder}/runs/*.parquet'"
        ).fetchall()
    runs = Store.open(folder).runs()
    assert found == [(runs["talk_ratio"].isna().sum(), 0, 0.0)]


def test_strange_leftovers_double_nothing_for_others(folder: Path) -> None:
    """A file that waits for its name is seen by nobody who asks for *.parquet, or for the folder."""
    duckdb = pytest.importorskip("duckdb")
    file = next((folder / "runs").glob("*.parquet"))
    shutil.copy(file, file.with_name(f".{file.name}.new"))
    with duckdb.connect() as database:
        assert database.sql(f"SELECT count(*) FROM '{folder}/runs/*.parquet'").fetchall() == [(60,)]
    assert len(pd.read_parquet(folder / "runs")) == 60
