"""Tables that were changed on their way: refused with a line, or read with a word on it; never in silence."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.data.describe import read_kind
from sim.data.edge_list import read_edges
from sim.data.read_table import read_table
from sim.data.table_kinds import FITTED
from sim.data.table_settings import TableSettings
from sim.data.understood import understood
from sim.vocabulary.errors import ScenarioError

Rows = list[list[str]]

TABLES: dict[str, Rows] = {
    "churn": [["id", "tenure", "churned", "weight", "segment"]]
    + [[f"C{n}", f"{n % 30}", "yes" if n % 3 else "no", f"{1 + n % 2}", "ab"[n % 2]] for n in range(24)],
    "retention": [["cohort", "time", "survivors", "customers"]]
    + [["2025", f"{n}", f"{300 - 20 * n}", "300"] for n in range(5)]
    + [["2026", f"{n}", f"{400 - 30 * n}", "400"] for n in range(4)],
    "complaints": [["date", "complaints", "customers", "region"]]
    + [[f"2026-{n + 1:02}-01", f"{20 + n * 7 % 11}", f"{1000 - 10 * n}", "north"] for n in range(8)],
    "satisfaction": [["overall", "ideal", "answers"]] + [[f"{n}", f"{11 - n}", f"{5 * n}"] for n in range(1, 11)],
}
CELLS = (
    "",
    "0",
    "-1",
    "1e308",
    "nan",
    "x",
    "3,4",
    "1.000",
    "2026-01-05",
    "=1+1",
    "１",
    "99",
    " 7 ",
    "\x07",
    "yes",
    '"',
)


def text_of(rows: Sequence[Sequence[str]], mark: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=mark, lineterminator="\n").writerows(rows)
    return out.getvalue()


def read(file, kind: str):
    """What would be fitted as plain values, and what was said; a refusal gives None and the message."""
    try:
        table = read_table(file, FITTED[kind], TableSettings())
        found = read_kind(table, "months", stated=False)
    except ScenarioError as error:
        return None, str(error)
    values = {
        name: np.asarray(value).tolist() for name, value in vars(found).items() if name not in ("table", "latest")
    }
    return values, "\n".join(understood(table).lines())


@st.composite
def mutations(draw, rows: Rows) -> tuple[str, bytes]:
    """A kind of change, and the file after it."""
    table = [list(row) for row in rows]
    width = len(table[0])
    change = draw(
        st.sampled_from(
            ["drop", "rename", "rescale", "shuffle", "repeat", "cell", "delete", "separator", "encoding", "decimals"]
        )
    )
    column = draw(st.integers(0, width - 1))
    mark, encoding = ",", "utf-8"
    if change == "drop":
        table = [row[:column] + row[column + 1 :] for row in table]
    elif change == "rename":
        table[0][column] = draw(
            st.sampled_from(["", "x", "Tenure", "TIME", "n", "weight", "customers", "month", "größe"])
        )
    elif change == "rescale":
        factor = draw(st.sampled_from([0.001, 0.01, 0.1, 10.0, 100.0, 1000.0]))
        for row in table[1:]:
            try:
                row[column] = f"{float(row[column]) * factor:.6g}"
            except ValueError:
                row[column] += "0"
    elif change == "shuffle":
        order = draw(st.permutations(range(width)))
        table = [[row[place] for place in order] for row in table]
    elif change == "repeat":
        row = draw(st.integers(1, len(table) - 1))
        table.insert(row, list(table[row]))
    elif change == "cell":
        table[draw(st.integers(0, len(table) - 1))][column] = draw(st.sampled_from(CELLS))
    elif change == "delete":
        del table[draw(st.integers(0, len(table) - 1))]
    elif change == "separator":
        mark = draw(st.sampled_from([";", "\t", "|"]))
    elif change == "encoding":
        encoding = draw(st.sampled_from(["utf-8-sig", "utf-16", "utf-16-le", "cp1252"]))
    else:
        for row in table[1:]:
            row[column] = row[column] + ",5" if row[column].isdigit() else row[column]
        mark = ";"
    return change, text_of(table, mark).encode(encoding)


@pytest.mark.parametrize("kind", TABLES)
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_no_change_of_a_table_passes_in_silence(tmp_path_factory, kind: str, data: st.DataObject):
    file = tmp_path_factory.mktemp("tables") / "data.csv"
    file.write_text(text_of(TABLES[kind]))
    before, told_before = read(file, kind)
    assert before is not None, told_before
    change, content = data.draw(mutations(TABLES[kind]))
    file.write_bytes(content)
    after, told = read(file, kind)
    if after is None:
        assert "data.csv" in told
    elif after != before and change != "cell":  # another value in a cell is another table
        assert told != told_before, f"{change}: another answer, and nothing said of it"
    if change in ("shuffle", "separator", "encoding"):
        assert after == before, told


@settings(max_examples=100, deadline=None)
@given(content=st.binary(max_size=400))
def test_no_bytes_are_too_strange(tmp_path_factory, content: bytes):
    file = tmp_path_factory.mktemp("bytes") / "data.csv"
    for start in (b"", b"tenure,churned\n", b"source,target\n", b"PAR1", b"time;share\n"):
        file.write_bytes(start + content)
        for kind in ("churn", "retention"):
            read(file, kind)
        with suppress(ScenarioError):
            read_edges(file, 50)
