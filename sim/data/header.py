"""The header of a table: which line it is, which of its columns are ours, and which are times."""

from __future__ import annotations

import io
import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from sim.data.calendar_dates import read_dates
from sim.data.column_names import MatchedColumns, folded, match_columns
from sim.data.sheet import Sheet, open_sheet
from sim.data.table_kinds import TableKind
from sim.data.table_settings import TableSettings
from sim.vocabulary.errors import ScenarioError, text_problem
from sim.vocabulary.formulas import unguarded
from sim.words import say

FEWEST_TIMES = 3
"""Columns named by numbers from which on a table of cohorts is one with a column for each time."""

MOST_ABOVE = 12
"""Lines below the first that are tried as the header where the first one is none."""

FEWEST_DIGITS, EIGHT = 6, 8
"""Digits of a day in a first line that is no header; one without signs between them has eight, all others are ids."""

IMPORT_ID, MOST_BELOW = '{"ImportId"', 2
"""How cells of the last line begin that Qualtrics writes below its names, and how many lines there may be."""

SAMPLE_BYTES = 2**16

Matched = tuple[Sheet, list[str], dict[int, int], MatchedColumns]
"""A sheet at its rows, its header, the places of columns that are times, and which column is which."""

_TIME = re.compile(r"(?P<what>[^\W\d_]*)[ _-]*(?P<number>[0-9]{1,4})", re.I)


def with_columns(data: bytes, kind: TableKind, settings: TableSettings, label: str) -> Matched:
    """The file open at its rows, its header, the places of columns that are times, and which column is which.

    The header is the first line, unless its names are none of ours and those of a line a little further down are:
    reports have a title above it, and names that span several columns or lines. Of a workbook another sheet is taken
    where the first one has no such columns.
    """
    sheet = open_sheet(io.BytesIO(data), settings, label, spaces=kind.bare)
    try:
        return _below_import_ids(_matched(sheet, kind, settings, label))
    except ScenarioError as error:
        if settings.header is not None or (settings.columns and any(not problem.key for problem in error.problems)):
            raise
        lower = _further_down(data, kind, settings, label)
        for other in itertools.chain(lower, _other_sheets(data, settings, label, sheet.others)):
            with suppress(ScenarioError):
                found = _matched(other, kind, settings, label, may_lack=False)
                if found[3].names or found[2]:
                    return _below_import_ids(found)
        raise


def _matched(sheet: Sheet, kind: TableKind, settings: TableSettings, label: str, *, may_lack: bool = True) -> Matched:
    header = named_header(sheet, label)
    own = settings.columns
    if may_lack and kind.bare and settings.header is None and (date := _date_in(header)) is not None:
        sheet, header = headless(sheet)
        own = {**_by_place(header, date), **own}
    spread = _times(header) if kind.spread and not _has_a_form(header, kind, settings) else {}
    return sheet, header, spread, match_columns(header, kind, own, f"{label}:{sheet.line}", spread=bool(spread))


def _further_down(data: bytes, kind: TableKind, settings: TableSettings, label: str) -> Iterator[Sheet]:
    """The same file as if its header were one of the lines below the first."""
    with suppress(ScenarioError):
        sheet = open_sheet(io.BytesIO(data), settings, label, spaces=kind.bare)
        first = list(itertools.islice(sheet.rows, MOST_ABOVE))
        for place, (line, cells) in enumerate(first):
            above = [" ".join(filter(None, row)) for row in (sheet.header, *(cells for _, cells in first[:place]))]
            with suppress(ScenarioError):
                for upper in (sheet.header if place == 0 else first[place - 1][1], None):
                    if sheet.typed:
                        rows = _as_wide(itertools.chain(first[place + 1 :], sheet.rows), len(cells))
                        lower = replace(sheet, header=cells, line=line, rows=rows, above=above)
                    else:
                        here = settings.model_copy(update={"header": line})
                        lower = open_sheet(io.BytesIO(data), here, label, spaces=kind.bare)
                    if upper is None:
                        yield lower
                    elif names := _joined(upper, lower.header):
                        yield replace(lower, header=names, how=say("{how}; names in two lines", how=lower.how))


def _joined(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """Names of two lines, the lower ones where both have one; none where the upper line adds nothing.

    >>> _joined(["Region", "Customers", ""], ["", "Month 0", "Month 1"])
    ['Region', 'Month 0', 'Month 1']
    """
    pairs = [(one.strip(), two.strip()) for one, two in itertools.zip_longest(upper, lower, fillvalue="")]
    return [two or one for one, two in pairs] if any(one and not two for one, two in pairs) else []


def _other_sheets(data: bytes, settings: TableSettings, label: str, others: Sequence[str]) -> Iterator[Sheet]:
    """The other sheets of a workbook of which nobody has said which is meant."""
    for name in others if settings.sheet is None else ():
        with suppress(ScenarioError):
            yield open_sheet(io.BytesIO(data), settings.model_copy(update={"sheet": name}), label)


def is_of_qualtrics(path: str | Path) -> bool:
    """Whether a file has lines below its names as Qualtrics writes them; its dates are then those of answers."""
    try:
        with Path(path).open("rb") as file:
            return IMPORT_ID.replace('"', '""').encode() in file.read(SAMPLE_BYTES)
    except (OSError, ValueError):
        return False  # whoever reads it says why


def _below_import_ids(found: Matched) -> Matched:
    """Without what Qualtrics writes below its names: the questions' wording, and its own ids as JSON."""
    sheet = found[0]
    first = list(itertools.islice(sheet.rows, MOST_BELOW))
    ids = [place for place, (_, row) in enumerate(first) if any(cell.startswith(IMPORT_ID) for cell in row)]
    sheet.rows = itertools.chain(first[ids[0] + 1 :] if ids else first, sheet.rows)
    if ids:
        sheet.how = say("{how}; Qualtrics' lines below the names are left aside", how=sheet.how)
    return found


def _as_wide(rows: Iterable[tuple[int, list[str]]], width: int) -> Iterator[tuple[int, list[str]]]:
    """Rows with empty cells up to a width, as those of a workbook have."""
    return ((line, cells + [""] * (width - len(cells))) for line, cells in rows)


def headless(sheet: Sheet) -> tuple[Sheet, list[str]]:
    """A sheet whose first line is a row already, and names for its columns: `column 1` and so on."""
    header = [say("column {place}", place=place + 1) for place in range(len(sheet.header))]
    rows = itertools.chain([(sheet.line, sheet.header)], sheet.rows)
    return replace(sheet, rows=rows, how=say("{how}, no header", how=sheet.how)), header


def _date_in(header: Sequence[str]) -> int | None:
    """Place of the first cell of a header that is a day, which no name of a column is."""
    long = (
        place
        for place, text in enumerate(header)
        if sum(sign.isdigit() for sign in text) >= FEWEST_DIGITS and not (text.isdigit() and len(text) != EIGHT)
    )
    return next((place for place in long if read_dates([header[place]], None, None).days[0] is not None), None)


def _by_place(header: Sequence[str], date: int) -> dict[str, str]:
    """What columns without names are taken for: first who, at its place when, and last for how much."""
    found = {"date": header[date]}
    others = [place for place in range(len(header)) if place != date]
    if others:
        found["customer"] = header[others[0]]
    if len(others) > 1:
        found["amount"] = header[others[-1]]
    return found


def named_header(sheet: Sheet, label: str) -> list[str]:
    """The names of the columns, as they are compared: trimmed, without guards, composed; control characters refused."""
    header = [unicodedata.normalize("NFC", unguarded(name.strip())) for name in sheet.header]
    while header and not header[-1] and len(header) > 1:
        header.pop()
    refuse_controls(
        {say("column {place}", place=place + 1): [name] for place, name in enumerate(header)}, [sheet.line], label
    )
    return header


def refuse_controls(columns: Mapping[str, Sequence[str]], lines: Sequence[int], label: str) -> None:
    """Refuse what text may not hold; columns that are left aside may hold anything."""
    problems = [
        problem
        for name, column in columns.items()
        for line, text in zip(lines, column, strict=False)
        if (problem := text_problem(text, name, f"{label}:{line}")) is not None
    ]
    if problems:
        raise ScenarioError(problems)


def _times(header: Sequence[str]) -> dict[int, int]:
    """Places of the columns that are named by times, and the times; empty if there are too few."""
    found = {place: said for place, name in enumerate(header) if (said := _TIME.fullmatch(name)) is not None}
    by_word: dict[str, dict[int, int]] = {}
    for place, said in found.items():
        by_word.setdefault(folded(said["what"]), {})[place] = int(said["number"])
    best = max(by_word.values(), key=len, default={})
    ordered = list(best.values())
    return best if len(best) >= FEWEST_TIMES and ordered == sorted(set(ordered)) else {}


def _has_a_form(header: Sequence[str], kind: TableKind, settings: TableSettings) -> bool:
    names = {folded(name) for name in header} | {ours for ours, theirs in settings.columns.items() if theirs in header}
    return any(all(folded(ours) in names for ours in form) for form in kind.forms)
