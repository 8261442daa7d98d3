"""Tables that a spreadsheet opens: no text becomes a formula, and numbers stay numbers."""

import csv
import io
import re
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sim.results.spreadsheet import write_csv
from sim.vocabulary.formulas import guarded, unguarded

ROOT = Path(__file__).parents[2]
STARTS = "=+-@＝＋－＠\t\r"
NEAR = st.text(st.sampled_from(STARTS + "'\" ;\n,a1.e“|"))


def cells_of_a_spreadsheet(line: str, separator: str) -> list[str]:
    """Cells as a spreadsheet of another country sees them: quotation marks count at the beginning of a cell only."""
    return re.split(rf"[{separator}\n\r]", line)


def is_computed(cell: str) -> bool:
    bare = cell.lstrip(" \"“'\n") if not cell.startswith("'") else cell
    plain = re.fullmatch(r'[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?"?', bare)
    return bare.startswith(tuple("=+-@＝＋－＠")) and not plain


def written(table: pd.DataFrame) -> list[list[str]]:
    stream = io.StringIO()
    write_csv(stream, table)
    return list(csv.reader(io.StringIO(stream.getvalue(), newline="")))


@pytest.mark.parametrize(
    "text",
    ["=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "  =1", '"=1', "'=1", "＝1", "-", "=", "\ta"],
)
def test_cells_and_headers_are_guarded(text: str):
    header, cell, fine = written(pd.DataFrame({text: [text, "fine"]}))
    assert header == cell
    assert header[0].startswith("'" + text.replace("\r", "\n")[:1])
    assert unguarded(header[0]) == text.replace("\r", "\n")
    assert fine == ["fine"]


@pytest.mark.parametrize("dtype", [object, "string", "category"])
def test_every_kind_of_column_that_holds_text_is_guarded(dtype: str):
    assert written(pd.DataFrame({"a": pd.Series(["=1+1", None, "b"], dtype=dtype)}))[1:] == [["'=1+1"], [""], ["b"]]


def test_numbers_stay_numbers():
    table = pd.DataFrame({"float": [-1.5, 0.1 + 0.2], "whole": [-3, 4], "mixed": [-2, "-5"], "seen": [True, False]})
    assert written(table) == [
        ["float", "whole", "mixed", "seen"],
        ["-1.5", "-3", "-2", "True"],
        ["0.30000000000000004", "4", "-5", "False"],
    ]
    text = "".join(",".join(row) + "\n" for row in written(table))
    read = pd.read_csv(io.StringIO(text), converters={"float": float})
    assert read["float"].tolist() == table["float"].tolist()
    assert np.issubdtype(read["mixed"].dtype, np.integer)


def test_two_columns_of_one_name_and_odd_headers_are_written():
    table = pd.DataFrame([["=a", 1, 2.0]], columns=["=x", "=x", 7], index=[5])
    assert written(table) == [["'=x", "'=x", "7"], ["'=a", "1", "2.0"]]


@given(NEAR | st.text())
@settings(deadline=None)
def test_a_guarded_text_begins_no_cell_that_is_computed_whatever_separates_cells(text: str):
    safe = guarded(text)
    for separator in (";", "\t"):
        assert not any(is_computed(cell) for cell in cells_of_a_spreadsheet(safe, separator))


@given(NEAR | st.text())
@example("'\r")
@example("a;''\t'\t=")
@settings(deadline=None)
def test_what_was_guarded_is_read_back_as_it_was(text: str):
    assert unguarded(guarded(text)) == text


def test_no_table_is_written_past_the_guard():
    """All of the program's CSV is written by one function."""
    listed = subprocess.run(["git", "ls-files", "sim"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    files = [ROOT / name for name in listed.split() if name.endswith(".py")]
    assert len(files) > 100
    writers = {
        str(file.relative_to(ROOT))
        for file in files
        if re.search(
            r"\.to_csv\(|csv\.writer|DictWriter|to_clipboard|to_excel|COPY .* TO", file.read_text(encoding="utf-8")
        )
    }
    assert writers <= {"sim/results/spreadsheet.py"}
