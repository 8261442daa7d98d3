"""Rows of text out of a file: CSV in its many forms, workbooks of Excel, Parquet."""

from __future__ import annotations

import csv
import datetime as dt
import io
import math
import re
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from sim.data.file_encoding import encoding_of
from sim.data.table_settings import TableSettings
from sim.vocabulary.errors import Problem, ScenarioError
from sim.vocabulary.extras import needed
from sim.words import listed, plural, say

Rows = Iterator[tuple[int, list[str]]]
"""Rows below the header, each with its line in the file."""

SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t", "space": " ", "bar": "|"}
_DIGITS = re.compile(r"\s*-?[0-9][0-9.,]*\s*")
SAMPLE_LINES, SAMPLE_CHARACTERS = 100, 2**16
MOST_UNPACKED = 2**30
"""Bytes that a workbook may have when it is unpacked."""


@dataclass
class Sheet:
    """A table before anything is known of its columns.

    Attributes:
        header: Names of the columns as they stand in the file.
        line: Of the header.
        rows: The rest; read once.
        how: How the file was understood, in words.
        typed: Whether numbers and dates are what the file says they are, and not texts.
        above: Lines above the header that are left aside.
        others: Names of the workbook's other sheets.
    """

    header: list[str]
    line: int
    rows: Rows
    how: str
    typed: bool = False
    above: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)


def open_sheet(file: BinaryIO, settings: TableSettings, label: str, *, spaces: bool = False) -> Sheet:
    """The rows of an open file.

    Args:
        file: Open for reading, at its beginning; it must stay open while rows are read.
        settings: What the user says of the file.
        label: How messages name it.
        spaces: Whether a space may separate cells without being asked for.

    Raises:
        ScenarioError: If the file is no table. Faults further down are raised when their row is read.
    """
    head = file.read(8)
    file.seek(0)
    if head.startswith(b"PK\x03\x04"):
        return _workbook(file, settings, label)
    if head.startswith(b"PAR1"):
        return _parquet(file, label)
    return _text(file, settings, label, spaces=spaces)


# --- text -----------------------------------------------------------------------------------------------------------


def _text(file: BinaryIO, settings: TableSettings, label: str, *, spaces: bool) -> Sheet:
    codec, encoding = encoding_of(file, settings.encoding, label)
    text = io.TextIOWrapper(file, encoding=codec, newline="")
    sample = text.read(SAMPLE_CHARACTERS)
    whole = len(sample) < SAMPLE_CHARACTERS
    text.seek(0)
    lines = sample.splitlines()[: None if whole else -1]
    skipped, stated = _above(lines, settings)
    mark = SEPARATORS[settings.separator] if settings.separator else stated or _separator(lines[skipped:], spaces)
    for _ in range(skipped):
        text.readline()
    rows = _csv_rows(text, mark, skipped, label)
    first = next(rows, None)
    if first is None:
        raise ScenarioError(say("the file is empty"), place=label)
    line, header = first
    above = [one for one in lines[:skipped] if one.strip() and not one.lower().startswith("sep=")]
    if above and _is_comment(above[-1]) and settings.header is None:
        last = re.split(r"[\t ,;]+", above[-1].lstrip("#% ").strip())
        if len(last) == len(header) and all(_DIGITS.fullmatch(cell) for cell in header):
            # as SNAP writes its lists: the names are the last comment
            rows, line, header = _with(first, rows), skipped, last
            above.pop()
    names = {",": say("commas"), ";": say("semicolons"), "\t": say("tabs"), " ": say("spaces"), "|": say("bars")}
    how = say("{encoding}, cells between {separators}", encoding=encoding, separators=names[mark])
    return Sheet(header, line, rows, how, above=above)


def _with(first: tuple[int, list[str]], rows: Rows) -> Rows:
    yield first
    yield from rows


def _is_comment(line: str) -> bool:
    """Whether a line is a comment; `#` alone is the name of a column (Typeform's answers).

    >>> _is_comment("# ties of 2026"), _is_comment("#,Score,Submit Date"), _is_comment("% Pajek")
    (True, False, True)
    """
    return line.lstrip().startswith(("#", "%")) and re.match(r"\s*#\s*[,;\t|]", line) is None


def _above(lines: list[str], settings: TableSettings) -> tuple[int, str]:
    """Lines above the header, and the separator that Excel's `sep=` names there."""
    stated = ""
    skipped = 0
    if lines and re.fullmatch(r"\ufeff?sep=(.)", lines[0].strip("\r\n"), re.I):
        stated, skipped = lines[0].strip("\r\n")[-1], 1
    if settings.header is not None:
        return settings.header - 1, stated
    while skipped < len(lines) and _is_comment(lines[skipped]):
        skipped += 1
    return skipped, stated if stated in SEPARATORS.values() else ""


def _separator(lines: list[str], spaces: bool) -> str:
    r"""What stands between cells: what splits the header, and most rows into as many.

    >>> _separator(["time;share", "0;1,0", "1;0,71"], False), _separator(["score", "71,5"], False)
    (';', ';')
    """
    lines = [line for line in lines if line.strip()][:SAMPLE_LINES]
    marks = [mark for mark in SEPARATORS.values() if mark != " " or spaces]
    best, choice = 0.0, ""
    for mark in marks:
        counts = [len(row) for row in csv.reader(lines, delimiter=mark, skipinitialspace=True) if row]
        if counts and counts[0] > 1:
            alike = sum(count == counts[0] for count in counts) / len(counts)
            if alike + counts[0] * 1e-6 > best:
                best, choice = alike + counts[0] * 1e-6, mark
    if choice:
        return choice
    return next((mark for mark in marks if not any(mark in line for line in lines)), ",")


def _csv_rows(text: io.TextIOWrapper, mark: str, skipped: int, label: str) -> Rows:
    reader = csv.reader(text, delimiter=mark, strict=True, skipinitialspace=mark == " ")
    line = 1
    try:
        for row in reader:
            if row and (row[0].strip() or any(cell.strip() for cell in row)):
                yield line + skipped, row
            line = reader.line_num + 1
    except csv.Error as error:
        raise ScenarioError(
            say("not a CSV table: {error}", error=error), place=f"{label}:{reader.line_num + skipped}"
        ) from None
    finally:
        with suppress(ValueError):  # closed already, by whoever opened it
            text.detach()


# --- workbooks and Parquet ------------------------------------------------------------------------------------------


def _workbook(file: BinaryIO, settings: TableSettings, label: str) -> Sheet:
    openpyxl = needed("openpyxl", "excel", say("workbooks of Excel (.xlsx)"))
    damaged = Problem(say("not a workbook that can be read"), place=label, allowed=say("an .xlsx file"))
    try:
        with zipfile.ZipFile(file) as packed:
            if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED:
                raise ScenarioError(say("the workbook is too large"), place=label, allowed="1 GiB")
        file.seek(0)
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
    except ScenarioError:
        raise
    except Exception:  # whatever a damaged archive raises, of many libraries
        raise ScenarioError(damaged) from None
    name = settings.sheet or book.sheetnames[0]
    if name not in book.sheetnames:
        raise ScenarioError(say("no such sheet"), "sheet", label, name, ", ".join(book.sheetnames))
    others = [other for other in book.sheetnames if other != name]
    rows = _sheet_rows(book[name], settings.header or 1, damaged)
    first = next(rows, None)
    if first is None:
        raise ScenarioError(say("the sheet is empty"), place=label, found=name)
    how = say("workbook, sheet {name!r}", name=name)
    if others:
        how = say("{how} ({others} left aside: `sheet:` names another)", how=how, others=listed(others))
    line, header = first
    return Sheet(header, line, rows, how, typed=True, others=others)


def _sheet_rows(sheet: Any, start: int, damaged: Problem) -> Rows:
    width = 0
    try:
        for line, row in enumerate(sheet.iter_rows(values_only=True, min_row=start), start):
            cells = [cell_text(value) for value in row]
            while len(cells) > width and cells and not cells[-1]:  # formatted cells beyond the table
                cells.pop()
            width = width or len(cells)
            if any(cells):
                yield line, cells + [""] * (width - len(cells))
    except ScenarioError:
        raise
    except Exception:
        raise ScenarioError(damaged) from None


def _parquet(file: BinaryIO, label: str) -> Sheet:
    import pyarrow.parquet as pq

    try:
        source = pq.ParquetFile(file)
        header = [str(name) for name in source.schema_arrow.names]
    except Exception:
        raise ScenarioError(say("not a Parquet file that can be read"), place=label) from None
    rows = source.metadata.num_rows
    how = plural(
        "Parquet, {n:,} row; lines are row numbers + 1", "Parquet, {n:,} rows; lines are row numbers + 1", rows
    )
    return Sheet(header, 1, _parquet_rows(source, label), how, typed=True)


def _parquet_rows(source: Any, label: str) -> Rows:
    line = 2
    try:
        for batch in source.iter_batches():
            columns = [column.to_pylist() for column in batch.columns]
            for values in zip(*columns, strict=True):
                yield line, [cell_text(value) for value in values]
                line += 1
    except Exception:
        raise ScenarioError(say("not a Parquet file that can be read"), place=f"{label}:{line}") from None


def cell_text(value: Any) -> str:
    """A typed cell as text that is read back as the same value.

    >>> cell_text(None), cell_text(True), cell_text(12.0), cell_text(dt.datetime(2026, 1, 5))
    ('', 'true', '12', '2026-01-05')
    """
    if value is None or (isinstance(value, float) and math.isnan(value)) or str(value) == "NaT":
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, dt.datetime):
        midnight = value.tzinfo is None and value.time() == dt.time()
        return value.date().isoformat() if midnight else value.isoformat()
    return str(value)
