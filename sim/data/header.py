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
from sim.data.table_kinds import SURVEYS, TRANSACTIONS, TableKind
from sim.data.table_settings import TableSettings
from sim.vocabulary.errors import Problems, ScenarioError, text_problem
from sim.vocabulary.files import read_limited
from sim.vocabulary.formulas import unguarded
from sim.words import plural, say

FEWEST_TIMES = 3
"""Columns named by numbers from which on a table of cohorts is one with a column for each time."""

MOST_ABOVE = 12
"""Lines below the first that are tried as the header where the first one is none."""

FEWEST_DIGITS, EIGHT = 6, 8
"""Digits of a day in a first line that is no header; one without signs between them has eight, all others are ids."""

IMPORT_ID, MOST_BELOW = '{"ImportId"', 2
"""How cells of the last line begin that Qualtrics writes below its names, and how many lines there may be."""

BELOW_NAMES = {"response", "openendedresponse"}
"""Cells of the line that SurveyMonkey writes below its names."""

TYPE, ASKED = "surveytype", {"nps": "nps", "csat": "satisfaction"}
"""Column of HubSpot and Delighted that says what was asked, and the kinds by what stands in it."""

TOOLS = {"responseid", "collectorid", "networkid", "surveysubmissionid"}
"""Columns by which exports of Qualtrics, SurveyMonkey, Typeform and HubSpot are known."""

MAX_BYTES = 256 * 1024 * 1024

Matched = tuple[Sheet, list[str], dict[int, int], MatchedColumns]
"""A sheet at its rows, its header, the places of columns that are times, and which column is which."""

_VALUE = re.compile(r"[-+(]?[$€£]?[0-9][0-9.,]*[%)]?")
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
                if (found[3].names or found[2]) and not _holds_values(found):
                    return _below_import_ids(found)
        raise


def _holds_values(found: Matched) -> bool:
    """Whether a line is a row and no header: cells are days or numbers, or times that do not begin with 0 or 1."""
    if found[2] and min(found[2].values()) > 1:
        return True
    cells = [cell for place, cell in enumerate(found[1]) if place not in found[2] and cell]
    return any(_VALUE.fullmatch(cell) or read_dates([cell], None, None).days[0] is not None for cell in cells)


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


def kinds_by_names(path: str | Path, settings: TableSettings) -> tuple[str, ...]:
    """What a table can be by names that only one sort of export has; nothing where it has none.

    Line items are of purchases; a column `Survey Type` says what was asked; and where a survey's tool names its
    answers, days are those of answering, and nobody joins or leaves on them.
    """
    try:
        data = read_limited(Path(path), MAX_BYTES, "")
        sheet = open_sheet(io.BytesIO(data), settings, str(path))
        names = [folded(name) for name in sheet.header]
        asked = {row[names.index(TYPE)].strip().casefold() for _, row in sheet.rows} if TYPE in names else set()
    except (ScenarioError, IndexError):
        return ()  # whoever reads it says why
    if any(name.startswith("lineitem") for name in names):
        return (TRANSACTIONS.name,)
    if len(asked) == 1 and (kind := ASKED.get(asked.pop())):
        return (kind,)
    return SURVEYS if TOOLS & set(names) else ()


def _below_import_ids(found: Matched) -> Matched:
    """Without what tools of surveys write below their names: questions' wording, ids as JSON, `Response`."""
    sheet = found[0]
    first = list(itertools.islice(sheet.rows, MOST_BELOW))
    ids = [place for place, (_, row) in enumerate(first) if any(cell.startswith(IMPORT_ID) for cell in row)]
    if not ids and first and {folded(cell) for cell in first[0][1]} & BELOW_NAMES:
        ids = [0]
    sheet.rows = itertools.chain(first[ids[0] + 1 :] if ids else first, sheet.rows)
    if ids:
        sheet.how = plural(
            "{how}; {n} line that the survey's tool writes below the names is left aside",
            "{how}; {n} lines that the survey's tool writes below the names are left aside",
            ids[0] + 1,
            how=sheet.how,
        )
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
    Problems(
        problem
        for name, column in columns.items()
        for line, text in zip(lines, column, strict=False)
        if (problem := text_problem(text, name, f"{label}:{line}")) is not None
    ).check()


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
