"""CSV for people who open it in a spreadsheet: no text becomes a formula, and numbers stay numbers.

A spreadsheet computes a cell that begins with `=`, `+`, `-` or `@`, with what looks like them in full width, or with a
tab or carriage return before them, and some skip spaces and quotation marks in front. Such a text gets an apostrophe in
front, which spreadsheets show or hide and never compute (OWASP, CSV Injection). The same is done within a text behind a
semicolon, tab or line break, where a spreadsheet of another country begins a new cell. Texts that are plain numbers
are harmless and stay as they are. Whoever reads the file back takes the apostrophe away with `unguarded`.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import IO, Any

import pandas as pd

_STARTS = r"[=+\-@\uff0b\uff0d\uff1d\uff20\ufe62\ufe63\ufe66\ufe6b]"
# What stands at the beginning, or behind what may separate cells; spaces and quotation marks are skipped. A text that
# looks guarded already gets one apostrophe more, so that every text is read back as it was.
_FORMULA = re.compile(rf"(^|[;\t\n\r])(?=[\s\"'\u201c\u201d]*{_STARTS}|'*[\t\r])")
_GUARDED = re.compile(rf"(^|[;\t\n\r])'(?=[\s\"'\u201c\u201d]*{_STARTS}|'*[\t\r])")
_NUMBER = re.compile(r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?")


def guarded(text: str) -> str:
    """A text as a cell that no spreadsheet computes.

    >>> guarded("=1+1"), guarded("-5"), guarded("-5+cmd"), guarded("a-b")
    ("'=1+1", '-5', "'-5+cmd", 'a-b')
    """
    return text if _NUMBER.fullmatch(text) else _FORMULA.sub(r"\1'", text)


def unguarded(text: str) -> str:
    """The text that `guarded` was given.

    >>> unguarded("'=1+1"), unguarded("'tis"), unguarded("-5")
    ('=1+1', "'tis", '-5')
    """
    return _GUARDED.sub(r"\1", text)


def write_csv(target: Path | IO[str], table: pd.DataFrame) -> None:
    """Write a table as CSV, with texts in cells and headers guarded; its index is left out.

    Args:
        target: A file's path, or an open file.
        table: Columns of numbers are written with all their digits; texts among them are guarded.
    """
    columns = {place: _column(table.iloc[:, place]) for place in range(table.shape[1])}
    safe = pd.DataFrame(columns, index=table.index)
    safe.columns = pd.Index([_cell(name) for name in table.columns], dtype=object)
    safe.to_csv(target, index=False, lineterminator="\n", encoding="utf-8")


def _column(column: pd.Series[Any]) -> pd.Series[Any]:
    """A column as it is, or with its texts guarded where it can hold texts."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        column = column.astype(object)
    kind = getattr(column.dtype, "kind", "O")
    return column.map(_cell, na_action="ignore") if kind in "OSUT" else column


def _cell(value: Any) -> Any:
    # A lone carriage return would end the row: the writer puts no quotation marks around it.
    return guarded(value).replace("\r\n", "\n").replace("\r", "\n") if isinstance(value, str) else value
