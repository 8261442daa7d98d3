"""From a file to a table under our names: opened, its columns found, rows left aside as asked, everything said."""

from __future__ import annotations

import hashlib
import io
import itertools
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from sim.data.calendar_dates import read_dates
from sim.data.column_names import MatchedColumns, folded, match_columns
from sim.data.numerals import Convention
from sim.data.sheet import Sheet, open_sheet
from sim.data.table_kinds import TableKind
from sim.data.table_settings import TableSettings, as_text
from sim.data.users_table import UsersTable, alike, any_alike
from sim.parameters.plain_words import closest
from sim.vocabulary.errors import Problem, ScenarioError, text_problem
from sim.vocabulary.files import read_limited
from sim.vocabulary.formulas import unguarded
from sim.words import listed, plural, say

MAX_BYTES = 256 * 1024 * 1024

FEWEST_TIMES = 3
"""Columns named by numbers from which on a table of cohorts is one with a column for each time."""

FEWEST_DIGITS, EIGHT = 6, 8
"""Digits of a day in a first line that is no header; one without signs between them has eight, all others are ids."""

_SHARE = re.compile(r"[0-9]{1,3}(?:[.,][0-9]+)?\s?%|0?[.,][0-9]+")
_TIME = re.compile(r"(?P<what>[^\W\d_]*)[ _-]*(?P<number>[0-9]{1,4})", re.I)


def read_table(path: str | Path, kind: TableKind, settings: TableSettings | None = None) -> UsersTable:
    """Read a table of a kind.

    Args:
        path: The file: CSV in any usual form, .xlsx or .parquet.
        kind: What it holds.
        settings: What the user says of it.

    Raises:
        ScenarioError: With everything that keeps it from being read: file, line, column, what was found, what is
            allowed and what to write. Faults of single cells are found when a column is read.
    """
    settings = settings or TableSettings()
    label = str(path)
    problem = text_problem(label, place=label)
    if problem is not None:
        raise ScenarioError(problem)
    try:
        data = read_limited(Path(path), MAX_BYTES, say("a CSV file, .xlsx or .parquet"))
    except ScenarioError as error:
        raise ScenarioError(error.problems[0].at(label)) from None
    sheet = open_sheet(io.BytesIO(data), settings, label, spaces=kind.bare)
    header = named_header(sheet, label)
    own = settings.columns
    if kind.bare and settings.header is None and (date := _date_in(header)) is not None:
        sheet, header = headless(sheet)
        own = {**_by_place(header, date), **own}
    spread = _times(header) if kind.spread and not _has_a_form(header, kind, settings) else {}
    matched = match_columns(header, kind, own, f"{label}:{sheet.line}", spread=bool(spread))
    rows, lines = _rows(sheet, len(header), label)
    if not rows:
        raise ScenarioError(Problem(say("no rows below the header"), place=label))
    table = UsersTable(label, hashlib.sha256(data).hexdigest(), kind, settings, {}, lines, matched.names, matched.form)
    table.convention = Convention(typed=sheet.typed)
    table.tell(
        say("file"),
        plural(
            "{how}; {n:,} row, {columns:,} columns",
            "{how}; {n:,} rows, {columns:,} columns",
            len(rows),
            how=sheet.how,
            columns=len(header),
        ),
    )
    if sheet.above:
        table.tell(
            say("left aside"), plural("{n} line above the header", "{n} lines above the header", len(sheet.above))
        )
    rows = _only(table, rows, header, sheet)
    if spread:
        _put_below_each_other(table, rows, header, spread, matched)
    else:
        table.columns = {
            ours: [unguarded(row[place].strip()) for row in rows] for ours, place in matched.places.items()
        }
    refuse_controls({table.names.get(ours, ours): texts for ours, texts in table.columns.items()}, table.lines, label)
    _tell_columns(table, matched, spread)
    table.aside = matched.aside
    _leave_missing(table)
    table.settle_numbers()
    table.doubt_ids()
    return table


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


def _rows(sheet: Sheet, width: int, label: str) -> tuple[list[list[str]], list[int]]:
    """All rows, of the header's width; empty cells beyond it do not count."""
    rows, lines, problems = [], [], []
    for line, cells in sheet.rows:
        row = cells if any(cell.strip() for cell in cells[width:]) else cells[:width]
        if len(row) != width:
            problems.append(
                Problem(
                    say("a row of the wrong length"),
                    place=f"{label}:{line}",
                    found=say("{cells} cells", cells=len(row)),
                    allowed=say("{columns}, as in the header", columns=width),
                    hint=say("where cells hold separators, they stand in quotation marks; or separator: ..."),
                )
            )
        rows.append(row)
        lines.append(line)
    if problems:
        raise ScenarioError(problems)
    return rows, lines


def _only(table: UsersTable, rows: list[list[str]], header: list[str], sheet: Sheet) -> list[list[str]]:
    """The rows that the setting `only` asks for."""
    problems = []
    for name, code in table.settings.only.items():
        wanted = as_text(code)
        if name not in header:
            problems.append(
                Problem(
                    say("no such column"),
                    f"only.{name}",
                    f"{table.label}:{sheet.line}",
                    suggestion=closest(name, header),
                )
            )
            continue
        place = header.index(name)
        kept = [row for row, cells in enumerate(rows) if alike(cells[place].strip(), wanted)]
        if not kept:
            values = sorted({cells[place].strip() for cells in rows})
            problems.append(
                Problem(
                    say("no row has this value"),
                    f"only.{name}",
                    table.label,
                    wanted,
                    ", ".join(values[:10]),
                    suggestion=closest(wanted, values),
                )
            )
            continue
        table.tell(
            say("only"),
            say(
                "{name} = {value}: {kept:,} of {rows:,} rows",
                name=repr(name),
                value=wanted,
                kept=len(kept),
                rows=len(rows),
            ),
        )
        rows, table.lines = [rows[row] for row in kept], [table.lines[row] for row in kept]
    if problems:
        raise ScenarioError(problems)
    return rows


def _leave_missing(table: UsersTable) -> None:
    """Leave aside rows of which a column says nothing, where that is asked for."""
    codes = [as_text(code) for code in table.settings.missing]
    if not codes:
        return
    gone = {
        row
        for ours, texts in table.columns.items()
        if ours != "left" and not (ours in ("time", "cohort") and table.cell_names)
        for row, text in enumerate(texts)
        if any_alike(text, codes)
    }
    if "left" in table.columns:  # an empty date says that nobody has left
        table.columns["left"] = ["" if any_alike(text, codes) else text for text in table.columns["left"]]
    table.tell(
        say("missing"),
        plural(
            "{n:,} of {rows:,} rows left aside, with {codes} in a column that is read",
            "{n:,} of {rows:,} rows left aside, with {codes} in a column that is read",
            len(gone),
            rows=len(table),
            codes=listed([repr(code) for code in codes]),
        ),
    )
    kept = [row for row in range(len(table)) if row not in gone]
    table.columns = {ours: [texts[row] for row in kept] for ours, texts in table.columns.items()}
    table.lines = [table.lines[row] for row in kept]
    table.cell_names = [table.cell_names[row] for row in kept] if table.cell_names else []
    if not kept:
        raise ScenarioError(Problem(say("no rows are left"), place=table.label, found=say("all are missing")))


def _tell_columns(table: UsersTable, matched: MatchedColumns, spread: Mapping[int, int]) -> None:
    renamed = [f"{ours} = {theirs!r}" for ours, theirs in matched.names.items() if ours != theirs]
    plainly = [ours for ours, theirs in matched.names.items() if ours == theirs]
    if spread:
        times = sorted(spread.values())
        renamed.append(say("a column for each time from {first} to {last}", first=times[0], last=times[-1]))
    table.tell(say("columns"), ", ".join([*plainly, *renamed]))
    aside = [name for name in matched.aside if not (spread and name in table.cell_names)]
    if aside:
        some = [repr(name) for name in aside[:12]]
        more = len(aside) - len(some)
        names = ", ".join(some) if not more else say("{some} and {more} more", some=", ".join(some), more=more)
        table.tell(say("left aside"), plural("column {names}", "columns {names}", len(aside), names=names))
    for name in matched.telling:
        if name in aside:
            table.odd.append(
                say(
                    "the column {name!r} is left aside, and by its name it may change the answer: `columns:` takes "
                    "one in, `only:` chooses rows by it",
                    name=name,
                )
            )


# --- cohorts with a column for each time ------------------------------------------------------------------------------


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


def _put_below_each_other(
    table: UsersTable, rows: list[list[str]], header: list[str], times: Mapping[int, int], matched: MatchedColumns
) -> None:
    """One row for each cohort and time, as if it had been written so; empty cells at the end are not yet seen."""
    segment = matched.places.get("segment")
    others = (place for place in range(len(header)) if place not in times and place != segment)
    cohort = matched.places.get("cohort", next(others, None))
    if cohort is not None:
        matched.names.setdefault("cohort", header[cohort])
        matched.aside = [name for name in matched.aside if name != header[cohort]]
        matched.telling = [name for name in matched.telling if name != header[cohort]]
    size = matched.places.get("customers")
    columns: dict[str, list[str]] = {"cohort": [], "time": [], "survivors": []}
    if size is not None:
        columns["customers"] = []
    if segment is not None:
        columns["segment"] = []
    lines, names, zeros = [], [], []
    seen = [text.strip() for row in rows for place in times if (text := row[place])]
    shares = table.settings.scale == "percent" or any(_SHARE.fullmatch(text) for text in seen)
    for number, (row, line) in enumerate(zip(rows, table.lines, strict=True)):
        cells = [(place, row[place].strip()) for place in times]
        while cells and not cells[-1][1]:
            cells.pop()
        zeros.append(sum(1 for _ in itertools.takewhile(lambda cell: cell[1] == "0", reversed(cells))))
        for place, text in cells:
            columns["cohort"].append(row[cohort].strip() if cohort is not None else str(number))
            columns["time"].append(str(times[place]))
            columns["survivors"].append(unguarded(text))
            if size is not None:
                columns["customers"].append(row[size].strip())
            if segment is not None:
                columns["segment"].append(row[segment].strip())
            lines.append(line)
            names.append(header[place])
    if shares:
        columns["share"] = columns.pop("survivors")
    table.columns, table.lines, table.cell_names = columns, lines, names
    table.form = ("time", "share" if shares else "survivors")
    if len({count for count in zeros if count}) > 1 and not any_alike("0", map(as_text, table.settings.missing)):
        table.odd.append(
            say(
                "the ends of {cohorts} cohorts are 0: if that is time not yet seen, missing: [0] leaves it aside",
                cohorts=sum(count > 0 for count in zeros),
            )
        )
    matched.aside = [name for place, name in enumerate(header) if place not in times and name in matched.aside]


def without_rows(table: UsersTable, kept: Sequence[int]) -> UsersTable:
    """The table with some of its rows."""
    return replace(
        table,
        columns={ours: [texts[row] for row in kept] for ours, texts in table.columns.items()},
        lines=[table.lines[row] for row in kept],
        cell_names=[table.cell_names[row] for row in kept] if table.cell_names else [],
    )
