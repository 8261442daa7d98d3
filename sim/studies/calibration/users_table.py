"""Reading a user's table: strictly, with line and column of everything that is wrong."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import math
import sys
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sim.parameters.plain_words import closest, shown
from sim.results.spreadsheet import unguarded
from sim.vocabulary.errors import Problem, ScenarioError, text_problem
from sim.vocabulary.files import read_limited
from sim.words import say

MAX_BYTES = 256 * 1024 * 1024

MOST = 1_000_000_000
"""Customers, survivors or answers that a cell can stand for."""

SMALLEST = sys.float_info.min
"""Numbers nearer to 0 than this, but not 0, lose digits or vanish: they are damage and no measurement."""
_YES = frozenset(("yes", "true", "1", "y"))
_NO = frozenset(("no", "false", "0", "n"))


@dataclass
class Table:
    """A table as text, under our names for its columns, and the problems found in it so far.

    Attributes:
        label: How messages name the file.
        sha256: Of its bytes, in hexadecimal digits.
        columns: Texts by our name.
        lines: Line of each row in the file.
        names: The file's own column names, by ours.
        problems: What is wrong; `check` raises them together.
    """

    label: str
    sha256: str
    columns: dict[str, list[str]]
    lines: list[int]
    names: dict[str, str]
    problems: list[Problem] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.lines)

    def __contains__(self, column: str) -> bool:
        return column in self.columns

    def complain(self, row: int, column: str, message: str, found: object = "", allowed: str = "") -> None:
        """Note a problem with one cell."""
        text = shown(found) if found != "" else ""
        self.problems.append(Problem(message, self.names[column], f"{self.label}:{self.lines[row]}", text, allowed))

    def check(self) -> None:
        """Raise what was found wrong.

        Raises:
            ScenarioError: With all problems noted so far, a line each.
        """
        if self.problems:
            raise ScenarioError(self.problems)

    def numbers(
        self, column: str, *, low: float = -math.inf, high: float = math.inf, whole: bool = False
    ) -> npt.NDArray[np.float64]:
        """A column as numbers; a cell that is none, or outside the range, is noted as a problem and becomes 0."""
        kind = say("a whole number") if whole else "a number"
        allowed = kind
        if math.isfinite(low) and math.isfinite(high):
            allowed = say("{kind} from {low:,g} to {high:,.12g}", kind=kind, low=low, high=high)
        elif math.isfinite(low):
            allowed = say("{kind} of at least {low:g}", kind=kind, low=low)
        found = np.zeros(len(self))
        for row, text in enumerate(self.columns[column]):
            try:
                value = float(text)
            except ValueError:
                value = math.nan
            if not math.isfinite(value) or "_" in text or not text.isascii():
                self.complain(row, column, "empty" if not text else say("not a number"), text, allowed)
            elif abs(value) < SMALLEST and _says_more_than_zero(text):
                self.complain(row, column, say("too close to 0"), text, allowed)
            elif whole and value != math.floor(value):
                self.complain(row, column, say("not a whole number"), text, allowed)
            elif not low <= value <= high:
                self.complain(row, column, say("too small") if value < low else say("too large"), text, allowed)
            else:
                found[row] = value
        return found

    def truths(self, column: str) -> npt.NDArray[np.bool_]:
        """A column of yes and no (or true and false, 1 and 0)."""
        found = np.zeros(len(self), dtype=bool)
        for row, text in enumerate(self.columns[column]):
            if text.lower() in _YES:
                found[row] = True
            elif text.lower() not in _NO:
                self.complain(row, column, say("neither yes nor no"), text, say("yes, no, true, false, 1, 0"))
        return found

    def dates(self, column: str) -> list[dt.date]:
        """A column of ISO dates."""
        found = []
        for row, text in enumerate(self.columns[column]):
            try:
                found.append(dt.date.fromisoformat(text))
            except ValueError:
                self.complain(row, column, say("not a date"), text, say("a date (YYYY-MM-DD)"))
                found.append(dt.date.min)
        return found


def _says_more_than_zero(text: str) -> bool:
    """Whether a number that was read as 0, or nearly, has a digit other than 0 before its exponent."""
    return any(digit in "123456789" for digit in text.lower().partition("e")[0])


def read_table(
    path: str | Path, *, wanted: Sequence[str], possible: Sequence[str] = (), columns: Mapping[str, str] | None = None
) -> Table:
    """Read a CSV table with a header.

    Args:
        path: The file: UTF-8, commas between cells.
        wanted: Our names of the columns that must be there.
        possible: Our names of the columns that may be there. Others are left aside.
        columns: The file's own names, by ours, where they differ.

    Raises:
        ScenarioError: If the file cannot be read, is empty, lacks a column or has rows of the wrong length.
    """
    file, own = Path(path), dict(columns or {})
    label = str(path)
    problem = text_problem(label, place=label)
    if problem is not None:
        raise ScenarioError(problem)
    try:
        data = read_limited(file, MAX_BYTES, say("a CSV file"))
    except ScenarioError as error:
        raise ScenarioError(error.problems[0].at(label)) from None
    rows, lines = _cells(data, label)
    header = [unicodedata.normalize("NFC", unguarded(name.strip())) for name in rows[0]]
    _gate({say("column {place}", place=place + 1): [name] for place, name in enumerate(header)}, lines, label)
    own = {ours: unicodedata.normalize("NFC", theirs) for ours, theirs in own.items()}
    names = _names(header, wanted, possible, own, f"{label}:{lines[0]}")
    problems = [
        Problem(
            say("a row of the wrong length"),
            place=f"{label}:{line}",
            found=say("{cells} cells", cells=len(row)),
            allowed=say("{columns}, as in the header", columns=len(header)),
        )
        for row, line in zip(rows[1:], lines[1:], strict=True)
        if len(row) != len(header)
    ]
    if problems:
        raise ScenarioError(problems)
    if len(rows) == 1:
        raise ScenarioError(Problem(say("no rows below the header"), place=label))
    places = {ours: header.index(theirs) for ours, theirs in names.items()}
    texts = {ours: [unguarded(row[place].strip()) for row in rows[1:]] for ours, place in places.items()}
    _gate({names[ours]: column for ours, column in texts.items()}, lines[1:], label)
    return Table(label, hashlib.sha256(data).hexdigest(), texts, lines[1:], names)


def _gate(columns: Mapping[str, Sequence[str]], lines: Sequence[int], label: str) -> None:
    """Refuse what text may not hold; columns that are left aside may hold anything."""
    problems = [
        problem
        for name, column in columns.items()
        for line, text in zip(lines, column, strict=False)
        if (problem := text_problem(text, name, f"{label}:{line}")) is not None
    ]
    if problems:
        raise ScenarioError(problems)


def _cells(data: bytes, label: str) -> tuple[list[list[str]], list[int]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise ScenarioError(
            Problem(say("not UTF-8 text"), place=f"{label}:{line}", hint=say("save the table as CSV in UTF-8"))
        ) from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows, lines, line = [], [], 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append(row)
                lines.append(line)
            line = reader.line_num + 1
    except csv.Error as error:
        raise ScenarioError(
            Problem(say("not a CSV table: {error}", error=error), place=f"{label}:{reader.line_num}")
        ) from None
    if not rows:
        raise ScenarioError(Problem(say("the file is empty"), place=label))
    return rows, lines


def _names(
    header: list[str], wanted: Sequence[str], possible: Sequence[str], own: dict[str, str], place: str
) -> dict[str, str]:
    """The file's name of each of our columns that it has."""
    problems = []
    ours = (*wanted, *possible)
    for name in own:
        if name not in ours:
            problems.append(
                Problem(
                    say("no such column is used by this kind of data"),
                    f"calibrate.columns.{name}",
                    allowed=", ".join(ours),
                    suggestion=closest(name, ours),
                )
            )
    twice = sorted({name for name in header if name and header.count(name) > 1})
    # A file without any of our columns may be no table at all: nothing of it is quoted.
    seen = ", ".join(header)[:200] if any(own.get(name, name) in header for name in ours) else ""
    found = {}
    for name in ours:
        theirs = own.get(name, name)
        if theirs in twice:
            problems.append(Problem(say("stands twice in the header"), theirs, place))
        elif theirs in header:
            found[name] = theirs
        elif name in wanted or name in own:
            hint = say("separate the cells with commas") if len(header) == 1 and ";" in header[0] else ""
            hint = hint or say("or name the column that holds it: calibrate: {{columns: {{{name}: ...}}}}", name=name)
            problems.append(
                Problem(
                    say("no such column"),
                    theirs,
                    place,
                    seen or say("{columns} other columns", columns=len(header)),
                    hint=hint,
                    suggestion=closest(theirs, header),
                )
            )
    if problems:
        raise ScenarioError(problems)
    return found
