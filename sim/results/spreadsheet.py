"""CSV for people who open it in a spreadsheet: no text becomes a formula, and numbers stay numbers."""

from __future__ import annotations

from pathlib import Path
from typing import IO, Any, NamedTuple

import pandas as pd

from sim.vocabulary.formulas import guarded


class SpreadsheetConvention(NamedTuple):
    """How a country's spreadsheet reads CSV.

    Attributes:
        separator: What stands between cells.
        decimal: What stands before decimals.
        encoding: As Python names it; `utf-8-sig` begins with a byte order mark, by which Excel knows UTF-8.
    """

    separator: str
    decimal: str
    encoding: str


PLAIN = SpreadsheetConvention(",", ".", "utf-8")
"""What programs read, and spreadsheets where a point stands before decimals."""

EUROPEAN = SpreadsheetConvention(";", ",", "utf-8-sig")
"""What Excel reads where a comma stands before decimals."""


def write_csv(target: Path | IO[str], table: pd.DataFrame, convention: SpreadsheetConvention = PLAIN) -> None:
    """Write a table as CSV, with texts in cells and headers guarded; its index is left out.

    Args:
        target: A file's path, or an open file.
        table: Columns of numbers are written with all their digits; texts among them are guarded.
        convention: Separator, decimals and encoding.
    """
    columns = {place: _column(table.iloc[:, place]) for place in range(table.shape[1])}
    safe = pd.DataFrame(columns, index=table.index)
    safe.columns = pd.Index([_cell(name) for name in table.columns], dtype=object)
    separator, decimal, encoding = convention
    safe.to_csv(target, index=False, lineterminator="\n", encoding=encoding, sep=separator, decimal=decimal)


def _column(column: pd.Series[Any]) -> pd.Series[Any]:
    """A column as it is, or with its texts guarded where it can hold texts."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        column = column.astype(object)
    kind = getattr(column.dtype, "kind", "O")
    return column.map(_cell, na_action="ignore") if kind in "OSUT" else column


def _cell(value: Any) -> Any:
    # A lone carriage return would end the row: the writer puts no quotation marks around it.
    return guarded(value).replace("\r\n", "\n").replace("\r", "\n") if isinstance(value, str) else value
