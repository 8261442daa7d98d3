"""Tables that were changed on their way: refused with a line, or read with a word on it; never in silence.

A hundred mutants of each kind are tried each time, ten thousand in all by `pytest -m slow
tests/data/test_mutated_tables.py`.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.data.describe import read_kind
from sim.data.edge_list import read_edges
from sim.data.read_table import read_table
from sim.data.table_kinds import FITTED
from sim.data.table_settings import TableSettings
from sim.data.understood import understood
from sim.model.dimensions import DIMENSIONS
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
    "late churn": [["entry", "tenure", "churned", "customers"]]
    + [[f"{n % 4}", f"{4 + n % 9}", "yes" if n % 3 else "no", f"{2 + n % 3}"] for n in range(24)],
    "complaints by mode": [["period", "mode", "complaints", "customers"]]
    + [[f"{n // 2}", ("late", "rude")[n % 2], f"{11 + n}", f"{1000 - n // 2}"] for n in range(12)],
    "transactions": [["customer", "date", "amount", "shop"]]
    + [[f"C{n % 12}", f"2026-{1 + n % 5:02}-{1 + n % 28:02}", f"{5 + n}", "x"] for n in range(40)],
    "nps": [["recommend", "answers", "weight", "customer"]]
    + [[f"{n}", f"{7 + n}", f"{1 + n % 3}", f"R{n}"] for n in range(11)],
    "servqual": [["dimension", "perceived", "expected", "answers"]]
    + [[name, f"{3 + n}", f"{5 + n % 3}", f"{8 + n}"] for n in range(5) for name in DIMENSIONS],
    "states": [["customer", "date", "status", "segment"]]
    + [
        [
            f"C{n % 12}",
            f"202{5 + n // 12}-{1 + n % 12:02}-03",
            "cancelled" if n > 11 and n % 3 else "active",
            "ab"[n % 2],
        ]
        for n in range(24)
    ],
    "orders": [["order", "customer", "date", "amount", "quantity"]]
    + [
        [f"{n // 2}", f"C{n // 2 % 12}", f"2026-{1 + n // 24:02}-{1 + n // 2 % 12:02}", f"{9 + n // 2}", "1"]
        for n in range(48)
    ]
    + [["99", "C3", "2026-03-20", "-12", "-1"]],
    "nps by the week": [["week", "promoters", "passives", "detractors", "answers"]]
    + [[f"{n}", f"{20 + n}", "15", f"{10 - n % 3}", f"{45 + n - n % 3}"] for n in range(10)],
}
KINDS = {"late churn": "churn", "complaints by mode": "complaints", "states": "churn", "orders": "transactions",
         "nps by the week": "nps"}  # fmt: skip
"""Of tables that are not named by their kind."""

EXPORTED = dt.date(2026, 12, 31)

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
        kind = KINDS.get(kind, kind)
        table = read_table(file, FITTED[kind], TableSettings(exported=EXPORTED if kind == "churn" else None))
        found = read_kind(table, "months", stated=False)
    except ScenarioError as error:
        return None, str(error)
    values = {
        name: np.asarray(value).tolist()
        for name, value in vars(found).items()
        if name not in ("table", "latest", "until")
        and not (name == "customers" and isinstance(value, tuple))  # ids are names
    }
    return values, "\n".join(understood(table).lines())


@st.composite
def mutations(draw, rows: Rows) -> tuple[str, bytes]:
    """A kind of change, and the file after it."""
    table = [list(row) for row in rows]
    width = len(table[0])
    change = draw(
        st.sampled_from(
            [
                "drop",
                "rename",
                "rescale",
                "shuffle",
                "repeat",
                "cell",
                "delete",
                "separator",
                "encoding",
                "decimals",
                "blank",
                "rows",
                "twice",
            ]
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
    elif change == "blank":
        for row in draw(st.sets(st.integers(1, len(table) - 1), min_size=1)):
            table[row][column] = ""
    elif change == "rows":
        table = [table[0], *draw(st.permutations(table[1:]))]
    elif change == "twice":
        table = [[*row, row[column]] for row in table]
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
@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_no_change_of_a_table_passes_in_silence(tmp_path_factory, kind: str, data: st.DataObject):
    check_a_mutant(tmp_path_factory, kind, data)


@pytest.mark.slow
@pytest.mark.parametrize("kind", TABLES)
@settings(max_examples=10_000 // len(TABLES) + 1, derandomize=False, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_change_among_ten_thousand_passes_in_silence(tmp_path_factory, kind: str, data: st.DataObject):
    check_a_mutant(tmp_path_factory, kind, data)


_UNCHANGED: dict[str, tuple[Path, Any, str]] = {}


def unchanged(tmp_path_factory, kind: str) -> tuple[Path, Any, str]:
    """The file of a kind of table, which mutants take the place of, with what is read and told of it as it is."""
    if kind not in _UNCHANGED:
        file = tmp_path_factory.mktemp("tables") / "data.csv"
        file.write_text(text_of(TABLES[kind]))
        before, told = read(file, kind)
        assert before is not None, told
        _UNCHANGED[kind] = file, before, told
    return _UNCHANGED[kind]


def check_a_mutant(tmp_path_factory, kind: str, data: st.DataObject) -> None:
    file, before, told_before = unchanged(tmp_path_factory, kind)
    change, content = data.draw(mutations(TABLES[kind]))
    file.write_bytes(content)
    after, told = read(file, kind)
    if after is None:
        assert "data.csv" in told
    elif after != before and change not in ("cell", "rows"):  # another value in a cell is another table
        assert told != told_before, f"{change}: another answer, and nothing said of it"
    if change in ("shuffle", "separator", "encoding"):
        assert after == before, told
    if change == "rows" and after is not None:
        assert same_in_any_order(after, before), told


def same_in_any_order(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two answers hold the same, row for row in any order."""
    pairs = [(np.atleast_1d(one[name]), np.atleast_1d(other[name])) for name in one]
    return all(
        np.allclose(np.sort(a, axis=0), np.sort(b, axis=0))
        if a.dtype.kind in "fib"
        else sorted(a.flat) == sorted(b.flat)
        for a, b in pairs
    )


@settings(max_examples=100, deadline=None)
@given(content=st.binary(max_size=400))
def test_no_bytes_are_too_strange(tmp_path_factory, content: bytes):
    file = tmp_path_factory.getbasetemp() / "bytes.csv"
    for start in (b"", b"tenure,churned\n", b"source,target\n", b"PAR1", b"time;share\n"):
        file.write_bytes(start + content)
        for kind in ("churn", "retention"):
            read(file, kind)
        with suppress(ScenarioError):
            read_edges(file, 50)
