"""Tables as a workbook: a sheet each, cells with their types, and a sheet that says what every column means.

A text is a text there: none becomes a formula or a link, whatever it begins with. The same tables give the same bytes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.vocabulary.extras import needed
from sim.words import say

MOST_ROWS = 1_048_576 - 1
"""Rows of a sheet below its header; no spreadsheet holds more."""

MEANINGS = "meanings"
"""Name of the sheet with the dictionary."""

CREATED = dt.datetime(2000, 1, 1, tzinfo=dt.UTC).replace(tzinfo=None)
"""What a workbook says of when it was made: always the same, so that its bytes are."""

OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": True,
}
EXACT = 10**15
"""Whole numbers from which on a spreadsheet loses digits, such as seeds; they are written as texts."""

LONGEST_NAME = 31
"""Characters of a sheet's name."""

WIDEST = 60
"""Widest column, characters."""

FORMATS = {"share": "0.0%", "per year": "0.000", "date": "yyyy-mm-dd"}
"""How numbers of a unit are shown; all digits stay in the cell. Money has two decimals."""


def write_workbook(path: Path, tables: Mapping[str, pd.DataFrame], dictionary: pd.DataFrame) -> list[str]:
    """Write tables and the dictionary of their columns as `.xlsx`.

    Args:
        path: The file.
        tables: By name. Numbers, dates, and yes or no keep their types; an empty cell says that there is no number.
        dictionary: `table`, `column`, `unit`, `meaning` and what else is told, as of `Answer.dictionary`.

    Returns:
        Names of tables that have more rows than a sheet holds, and were left out.

    Raises:
        MissingExtraError: If xlsxwriter is not installed.

    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "tables.xlsx"
    >>> write_workbook(file, {"answers": pd.DataFrame({"share": [0.5]})}, pd.DataFrame({"table": ["answers"]}))
    []
    """
    xlsxwriter = needed("xlsxwriter", "excel", say("workbooks"))
    large = [name for name, table in tables.items() if len(table) > MOST_ROWS]
    with xlsxwriter.Workbook(str(path), OPTIONS) as book:
        book.set_properties({"created": CREATED})
        names = sheet_names([*(name for name in tables if name not in large), MEANINGS])
        for name, table in tables.items():
            if name not in large:
                _write_sheet(book, names[name], table, _units(dictionary, name))
        _write_sheet(book, names[MEANINGS], dictionary, {})
    return large


def sheet_names(tables: Sequence[str]) -> dict[str, str]:
    """Names of sheets, which are short, without some signs, and different whatever their capitals.

    >>> sheet_names(["series", "a/b", "x" * 40, "x" * 41])["a/b"]
    'a_b'
    """
    taken: dict[str, str] = {}
    for table in tables:
        plain = "".join("_" if sign in "[]:*?/\\'" else sign for sign in table)[:LONGEST_NAME] or "_"
        name, number = plain, 1
        while name.casefold() in {other.casefold() for other in taken.values()}:
            number += 1
            name = f"{plain[: LONGEST_NAME - 1 - len(str(number))]}_{number}"
        taken[table] = name
    return taken


def _units(dictionary: pd.DataFrame, table: str) -> dict[str, str]:
    if not {"table", "column", "unit"} <= set(dictionary):
        return {}
    own = dictionary[dictionary["table"] == table]
    return {str(name): str(unit) for name, unit in zip(own["column"], own["unit"], strict=True)}


def _write_sheet(book: Any, name: str, table: pd.DataFrame, units: Mapping[str, str]) -> None:
    sheet = book.add_worksheet(name)
    bold = book.add_format({"bold": True, "bottom": 1})
    columns = [_plain(table.iloc[:, place]) for place in range(table.shape[1])]
    shown = [_shown(book, column, units.get(str(label), "")) for label, column in zip(table, columns, strict=True)]
    for place, (label, column) in enumerate(zip(table, columns, strict=True)):
        widest = max((len(str(value)) for value in column[:100] if value is not None), default=0)
        sheet.set_column(place, place, min(max(len(str(label)), 11 if shown[place] else widest) + 2, WIDEST))
    sheet.freeze_panes(1, 0)
    if len(columns) > 0:
        sheet.autofilter(0, 0, len(table), len(columns) - 1)
    for place, label in enumerate(table):
        sheet.write_string(0, place, str(label), bold)
    for row in range(len(table)):
        for place, column in enumerate(columns):
            _write_cell(sheet, row + 1, place, column[row], shown[place])


def _plain(column: pd.Series[Any]) -> list[Any]:
    """The cells of a column as Python's own values; None where there is nothing."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        column = column.astype(object)
    missing = column.isna().to_numpy()
    if column.dtype.kind == "M":
        cells: list[Any] = [moment.to_pydatetime() for moment in column]
    else:
        cells = [cell.item() if isinstance(cell, np.generic) else cell for cell in column]
    return [None if gone else cell for cell, gone in zip(cells, missing, strict=True)]


def _shown(book: Any, column: Sequence[Any], unit: str) -> Any:
    """The format of a column, or None for a spreadsheet's own."""
    if any(isinstance(cell, dt.datetime) for cell in column[:100]):
        return book.add_format({"num_format": FORMATS["date"]})
    form = FORMATS.get(unit)
    if form is None and len(unit) == 3 and unit.isupper():  # a currency
        form = "#,##0.00"
    return None if form is None else book.add_format({"num_format": form})


def _write_cell(sheet: Any, row: int, place: int, cell: Any, shown: Any) -> None:
    match cell:
        case None:
            return
        case bool():
            sheet.write_boolean(row, place, cell)
        case int() if abs(cell) >= EXACT:
            sheet.write_string(row, place, str(cell))
        case int() | float():
            sheet.write_number(row, place, cell, shown)
        case dt.datetime():
            sheet.write_datetime(row, place, cell, shown)
        case _:
            sheet.write_string(row, place, str(cell))
