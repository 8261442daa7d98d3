"""What stands in a workbook is what stood in the tables: opened again by openpyxl, with types, and nothing computed."""

import datetime as dt
import json
import shutil
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from sim.cli import main
from sim.model.market import Market, Run
from sim.model.scenario import Scenario
from sim.results import handed_out, workbook
from sim.results.folder import write_folder
from sim.results.handed_out import hand_out, tables_of
from sim.results.result import Result
from sim.results.spreadsheet import EUROPEAN, write_csv
from sim.results.workbook import write_workbook
from sim.runs.run import run

NASTY = '=HYPERLINK("http://bad")', "+1+1", "@x", "http://example.org", "{=1}", "-5", "007", "", "x" * 300, "\x07;\n=1"


@pytest.fixture(scope="module")
def result() -> Result:
    return run(Scenario(market=Market(customers=150), run=Run(periods=6, replications=2, seed=2**63)), events=150)


@pytest.fixture
def folder(result: Result, tmp_path: Path) -> Path:
    return write_folder(result, tmp_path / "run", figures=False, report=False)


def cells(sheet: openpyxl.worksheet.worksheet.Worksheet) -> pd.DataFrame:
    header, *rows = sheet.iter_rows(values_only=True)
    return pd.DataFrame(rows, columns=list(header))


def test_every_table_is_a_sheet_with_its_values_and_types(folder: Path, result: Result):
    path, large = hand_out(folder, "xlsx")
    assert (path, large) == (folder.with_name("run.xlsx"), [])
    book = openpyxl.load_workbook(path)
    assert book.sheetnames[0] == "summary"
    assert book.sheetnames[-1] == "meanings"
    assert set(book.sheetnames) == {table.name for table in result.tables()} | {"meanings"}
    summary = cells(book["summary"]).set_index("name")
    assert summary["value"].to_dict() == pytest.approx(result.summary["value"].to_dict(), nan_ok=True)
    spells = cells(book["spells"])
    assert len(spells) == len(result.spells)
    assert spells["start"].iloc[0] == dt.datetime(2026, 1, 4)
    assert spells["amount"].tolist() == pytest.approx(result.spells["amount"].tolist())
    assert spells["end"].isna().tolist() == result.spells["end"].isna().tolist(), "nothing is an empty cell"
    assert isinstance(book["iceberg"]["D2"].value, bool)
    assert cells(book["series"])["seed"].iloc[0] == str(2**63), "a seed keeps its digits"
    meanings = cells(book["meanings"]).fillna("")
    assert meanings.to_dict("list") == result.dictionary().to_dict("list")


def test_units_are_shown(folder: Path):
    book = openpyxl.load_workbook(hand_out(folder, "xlsx")[0])
    formats = {}
    for sheet, column in (("spells", "amount"), ("spells", "start"), ("survival", "survival"), ("spells", "periods")):
        header = [cell.value for cell in book[sheet][1]]
        formats[column] = book[sheet].cell(2, header.index(column) + 1).number_format
    assert formats == {"amount": "#,##0.00", "start": "yyyy-mm-dd", "survival": "0.0%", "periods": "General"}


def test_the_same_tables_give_the_same_bytes(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    first = hand_out(folder, "xlsx", tmp_path / "a.xlsx")[0].read_bytes()
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    shutil.copytree(folder, tmp_path / "again")
    assert hand_out(tmp_path / "again", "xlsx", tmp_path / "b.xlsx")[0].read_bytes() == first


def test_no_text_becomes_a_formula_a_link_or_a_number(tmp_path: Path):
    table = pd.DataFrame({"=1+1": NASTY, "number": np.linspace(-1, 1, len(NASTY))})
    write_workbook(tmp_path / "nasty.xlsx", {"nasty": table}, pd.DataFrame({"table": ["nasty"]}))
    sheet = openpyxl.load_workbook(tmp_path / "nasty.xlsx")["nasty"]
    rows = list(sheet.iter_rows(min_row=2, max_col=1))
    assert [cell.value or "" for (cell,) in rows] == [text.replace("\x07", "_x0007_") for text in NASTY] or [
        cell.value or "" for (cell,) in rows
    ] == list(NASTY)
    assert {cell.data_type for (cell,) in rows if cell.value} == {"s"}
    assert all(cell.hyperlink is None for (cell,) in rows)
    assert sheet["A1"].data_type == "s"
    assert sheet["B2"].value == -1


def test_texts_that_were_guarded_in_csv_come_back_as_they_were(folder: Path, tmp_path: Path):
    dictionary = pd.DataFrame({"table": ["mine"], "column": ["a"], "unit": [""], "meaning": ["=2+2"]})
    write_csv(folder / "mine.csv", pd.DataFrame({"a": ["=1+1", "-x", "plain"]}))
    write_csv(folder / "dictionary.csv", dictionary)
    tables, told = tables_of(folder)
    assert tables["mine"]["a"].tolist() == ["=1+1", "-x", "plain"]
    assert told["meaning"].tolist() == ["=2+2"]


def test_numbers_that_are_none_do_not_stop_a_workbook(tmp_path: Path):
    table = pd.DataFrame({"x": [1.5, float("nan"), float("inf")], "t": [pd.NaT, pd.Timestamp("2026-02-03"), pd.NaT]})
    write_workbook(tmp_path / "odd.xlsx", {"odd": table}, pd.DataFrame({"table": ["odd"]}))
    sheet = openpyxl.load_workbook(tmp_path / "odd.xlsx")["odd"]
    assert [cell.value for cell in sheet["A"]] == ["x", 1.5, None, "=1/0"] or sheet["A4"].value == "#DIV/0!"
    assert sheet["B3"].value == dt.datetime(2026, 2, 3)


def test_a_table_that_is_too_long_is_left_out_and_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(workbook, "MOST_ROWS", 100)
    monkeypatch.setattr("sys.argv", ["sim", "results", str(folder), "--as", "xlsx"])
    with pytest.raises(SystemExit) as end:
        main()
    assert not end.value.code
    out = capsys.readouterr().out
    assert "have more rows than a sheet holds" in out or "has more rows than a sheet holds" in out
    assert "events" not in openpyxl.load_workbook(folder.with_name("run.xlsx")).sheetnames
    assert "events" in out


def test_csv_as_excel_reads_it_where_decimals_have_commas(folder: Path, result: Result):
    target, _ = hand_out(folder, "csv-european")
    assert (target / "spells.csv").read_bytes().startswith(b"\xef\xbb\xbfcustomer;spell;")
    back = pd.read_csv(target / "spells.csv", sep=";", decimal=",", encoding="utf-8-sig")
    assert back["amount"].tolist() == pytest.approx(result.spells["amount"].tolist(), rel=1e-12)
    assert {file.stem for file in target.iterdir()} == {table.name for table in result.tables()} | {"dictionary"}
    for name, place in (("summary", 1), ("iceberg", 4)):
        cell = (target / f"{name}.csv").read_text("utf-8-sig").splitlines()[1].split(";")[place]
        assert "," in cell, name
        assert "." not in cell, name


def test_a_text_with_the_separator_stays_one_guarded_cell(tmp_path: Path):
    write_csv(tmp_path / "a.csv", pd.DataFrame({"a": ["x;=1"], "b": [1.5]}), EUROPEAN)
    assert (tmp_path / "a.csv").read_text("utf-8-sig").splitlines()[1] == '"x;\'=1";1,5'


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--as", "pdf"], "no such form; allowed: xlsx, csv, csv-european"),
        (["--as", "xlsx", "--failed"], "two questions"),
        (["--out", "x.xlsx"], "--out needs --as"),
        (["--as", "xlsx", "--out", "x.csv"], "x.csv"),
    ],
)
def test_what_cannot_be_answered_is_refused(
    arguments: list[str],
    message: str,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    monkeypatch.chdir(folder.parent)
    monkeypatch.setattr("sys.argv", ["sim", "results", "run", *arguments])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 2
    assert message in capsys.readouterr().err


def test_what_is_there_is_not_replaced_unasked(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    for form in handed_out.FORMS[:2]:
        hand_out(folder, form)
        with pytest.raises(Exception, match="already"):
            hand_out(folder, form)
        hand_out(folder, form, force=True)
    (tmp_path / "empty").mkdir()
    with pytest.raises(Exception, match="holds no tables"):
        hand_out(tmp_path / "empty", "xlsx")


def test_programs_are_told_in_json(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setattr("sys.argv", ["sim", "results", str(folder), "--as", "xlsx", "--json"])
    with pytest.raises(SystemExit) as end:
        main()
    assert not end.value.code
    assert json.loads(capsys.readouterr().out) == {
        "form": "xlsx",
        "left_out": [],
        "folder": str(folder.with_name("run.xlsx")),
    }
