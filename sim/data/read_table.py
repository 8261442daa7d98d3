"""From a file to a table under our names: opened, its columns found, rows left aside as asked, everything said."""

from __future__ import annotations

import hashlib
import itertools
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from sim.data.codes import alike, any_alike, meaning_of
from sim.data.column_names import MatchedColumns, folded
from sim.data.header import MAX_BYTES, refuse_controls, with_columns
from sim.data.known_names import KNOWN
from sim.data.likely_columns import proposal
from sim.data.numerals import Convention
from sim.data.sheet import Sheet
from sim.data.status_history import spans_of
from sim.data.sum_rows import sums_at_the_foot, tell_sums, without_sums
from sim.data.table_kinds import CHOOSING, CHURN, COMPLAINTS, HISTORY, TRANSACTIONS, TableKind
from sim.data.table_settings import TableSettings, as_text
from sim.data.users_table import UsersTable
from sim.parameters.plain_words import closest
from sim.vocabulary.errors import Problems, ScenarioError, text_problem
from sim.vocabulary.files import read_limited
from sim.vocabulary.formulas import unguarded
from sim.words import Sentences, listed, say

FEWEST_CELLS = 3
"""Columns from which on a last row of one cell with several words is none of the table's."""

GIVEN_BACK = frozenset(KNOWN["given_back"])
"""Cells that say that a purchase is none, as `folded` writes them."""

IDS = ("customer", "ticket", "order", "item")
"""Columns of ids."""

_SHARE = re.compile(r"[0-9]{1,3}(?:[.,][0-9]+)?\s?%|0?[.,][0-9]+")


def read_table(
    path: str | Path, kind: TableKind, settings: TableSettings | None = None, *, propose: bool = True
) -> UsersTable:
    """Read a table of a kind; of churn also one of customers' states with their dates.

    Args:
        path: The file: CSV in any usual form, .xlsx or .parquet.
        kind: What it holds.
        settings: What the user says of it.
        propose: Whether columns that are likely to be meant are looked for where some lack.

    Raises:
        ScenarioError: With everything that keeps it from being read: file, line, column, what was found, what is
            allowed and what to write. Faults of single cells are found when a column is read.
    """
    settings = settings or TableSettings()
    try:
        return _read(path, kind, settings)
    except ScenarioError as error:
        if kind is not CHURN or not is_history(path, settings):
            raise (_proposing(error, path, kind, settings) if propose else error) from None
    return spans_of(_read(path, HISTORY, settings))


def _proposing(error: ScenarioError, path: str | Path, kind: TableKind, settings: TableSettings) -> ScenarioError:
    """The same error with the columns that are likely to be meant, where a form's columns lack."""
    lacking = (say("no such column"), say("no such columns"))
    if not any(
        problem.message in lacking and kind.columns.keys() >= set(problem.key.split(", ")) for problem in error.problems
    ):
        return error
    likely = proposal(path, kind, settings)
    if not likely:
        return error
    return ScenarioError(
        replace(one, hint=likely, suggestion="") if one.message in lacking else one for one in error.problems
    )


def is_history(path: str | Path, settings: TableSettings) -> bool:
    """Whether customers stand in a table again and again with states, and neither purchases nor complaints do."""
    try:
        table = _read(path, HISTORY, settings)
    except ScenarioError:
        return False
    for other in (TRANSACTIONS, COMPLAINTS):
        with suppress(ScenarioError):
            columns = _read(path, other, settings).columns.keys()
            if columns & {"amount", "order", "quantity", "ticket", "complaints"}:
                return False
    known = any(meaning_of(text, settings.codes) is not None for text in set(table.columns["status"]))
    return known and len(set(table.columns["customer"])) < len(table)


def _read(path: str | Path, kind: TableKind, settings: TableSettings) -> UsersTable:
    label = str(path)
    problem = text_problem(label, place=label)
    if problem is not None:
        raise ScenarioError(problem)
    try:
        data = read_limited(Path(path), MAX_BYTES, say("a CSV file, .xlsx or .parquet"))
    except ScenarioError as error:
        raise ScenarioError(error.problems[0].at(label)) from None
    sheet, header, spread, matched = with_columns(data, kind, settings, label)
    rows, lines, below, nameless = _rows(sheet, len(header), label)
    sums = 0 if spread else sums_at_the_foot(rows)
    if not rows:
        raise ScenarioError(say("no rows below the header"), place=label)
    table = UsersTable(label, hashlib.sha256(data).hexdigest(), kind, settings, {}, lines, matched.names, matched.form)
    table.convention = Convention(typed=sheet.typed)
    table.about(say("file")).plural(
        "{how}; {n:,} row, {columns:,} columns",
        "{how}; {n:,} rows, {columns:,} columns",
        len(rows),
        how=sheet.how,
        columns=len(header),
    )
    if sheet.above:
        table.about(say("left aside")).plural(
            "{n} line above the header", "{n} lines above the header", len(sheet.above)
        )
    if below:
        table.about(say("left aside")).plural(
            "{n} line below the table ({text!r})", "{n} lines below the table ({text!r} ...)", len(below), text=below[0]
        )
    if nameless:
        table.about(say("left aside")).say("columns without a name behind the last one that has one")
    if sums:
        tell_sums(table, sums, rows[-sums])
        rows, table.lines = rows[:-sums], lines[:-sums]
    if settings.header is None and sheet.line > 1 and sheet.above:
        table.about(say("header")).say("in line {line}", line=sheet.line)
    rows = _only(table, rows, header, sheet)
    if spread:
        _put_below_each_other(table, rows, header, spread, matched)
    else:
        table.columns = {
            ours: [unguarded(row[place].strip()) for row in rows] for ours, place in matched.places.items()
        }
    if kind is TRANSACTIONS:
        _doubt_given_back(table, rows, header, matched.aside)
    refuse_controls({table.names.get(ours, ours): texts for ours, texts in table.columns.items()}, table.lines, label)
    equal = [
        name for place, name in enumerate(header) if folded(name) in CHOOSING and len({row[place] for row in rows}) == 1
    ]
    _tell_columns(table, matched, spread, equal)
    table.aside = matched.aside
    _leave_missing(table)
    table.settle_numbers()
    table.doubt_ids()
    return table


def _rows(sheet: Sheet, width: int, label: str) -> tuple[list[list[str]], list[int], list[str], bool]:
    """All rows, of the header's width, words that a report has below them, and whether columns have no name.

    Empty cells beyond the header's names do not count, and those below an empty cell of it are left aside.
    """
    rows, lines, nameless = [], [], False
    problems = Problems()
    for line, cells in sheet.rows:
        beyond = any(cell.strip() for cell in cells[width:])
        nameless |= beyond and len(cells) <= len(sheet.header)
        row = cells if beyond and len(cells) > len(sheet.header) else cells[:width]
        if len(row) != width:
            problems.add(
                say("a row of the wrong length"),
                place=f"{label}:{line}",
                found=say("{cells} cells", cells=len(row)),
                allowed=say("{columns}, as in the header", columns=width),
                hint=say("where cells hold separators, they stand in quotation marks; or separator: ..."),
            )
        rows.append(row)
        lines.append(line)
    below: list[str] = []
    while width >= FEWEST_CELLS and rows and len(rows[-1]) == 1 and " " in rows[-1][0].strip():
        below.insert(0, rows.pop()[0].strip())
        lines.pop()
        problems.pop()
    problems.check()
    return rows, lines, below, nameless


def _doubt_given_back(table: UsersTable, rows: list[list[str]], header: list[str], aside: Sequence[str]) -> None:
    """Say where a column that is left aside tells of purchases that were none."""
    for name in aside:
        texts = [row[header.index(name)].strip() for row in rows]
        back = [text for text in texts if folded(text) in GIVEN_BACK]
        usual = next((text for text, _ in Counter(texts).most_common() if text and text not in back), "...")
        if back:
            table.odd.plural(
                "{n:,} row has {text!r} in {name!r}, and counts as a purchase: only.{name}={usual} leaves it aside",
                "{n:,} rows have such as {text!r} in {name!r}, and count as purchases: only.{name}={usual} leaves "
                "them aside",
                len(back),
                text=back[0],
                name=name,
                usual=usual,
            )


def _only(table: UsersTable, rows: list[list[str]], header: list[str], sheet: Sheet) -> list[list[str]]:
    """The rows that the setting `only` asks for."""
    problems = Problems()
    for name, code in table.settings.only.items():
        wanted = as_text(code)
        if name not in header:
            problems.add(
                say("no such column"), f"only.{name}", f"{table.label}:{sheet.line}", suggestion=closest(name, header)
            )
            continue
        place = header.index(name)
        kept = [row for row, cells in enumerate(rows) if alike(cells[place].strip(), wanted)]
        if not kept:
            values = sorted({cells[place].strip() for cells in rows})
            problems.add(
                say("no row has this value"),
                f"only.{name}",
                table.label,
                wanted,
                ", ".join(values[:10]),
                suggestion=closest(wanted, values),
            )
            continue
        table.about(say("only")).say(
            "{name} = {value}: {kept:,} of {rows:,} rows", name=repr(name), value=wanted, kept=len(kept), rows=len(rows)
        )
        rows, table.lines = [rows[row] for row in kept], [table.lines[row] for row in kept]
    problems.check()
    return rows


def _leave_missing(table: UsersTable) -> None:
    """Leave aside rows of which a column says nothing, where that is asked for."""
    codes = [as_text(code) for code in table.settings.missing]
    if not codes:
        return
    by_column = {
        ours: {row for row, text in enumerate(texts) if any_alike(text, _codes_of(ours, codes))}
        for ours, texts in table.columns.items()
        if ours != "left" and not (ours in ("time", "cohort") and table.cell_names)
    }
    gone = set[int]().union(*by_column.values())
    if "left" in table.columns:  # an empty date says that nobody has left
        table.columns["left"] = ["" if any_alike(text, codes) else text for text in table.columns["left"]]
    table.about(say("missing")).plural(
        "{n:,} of {rows:,} rows left aside, with {codes} in {columns}",
        "{n:,} of {rows:,} rows left aside, with {codes} in {columns}",
        len(gone),
        rows=len(table),
        codes=listed([repr(code) for code in codes]),
        columns=listed([repr(table.names.get(ours, ours)) for ours, rows in by_column.items() if rows])
        or say("no column that is read"),
    )
    table.keep([row for row in range(len(table)) if row not in gone])
    if not len(table):
        raise ScenarioError(say("no rows are left"), place=table.label, found=say("all are missing"))


def _codes_of(column: str, codes: list[str]) -> list[str]:
    """The codes for nothing that a column can hold: a number is a customer's as any other, and says no less.

    >>> _codes_of("customer", ["99", ""]), _codes_of("overall", ["99", ""])
    ([''], ['99', ''])
    """
    return [code for code in codes if not code.lstrip("-").isdigit()] if column in IDS else codes


def _tell_columns(table: UsersTable, matched: MatchedColumns, spread: Mapping[int, int], equal: Sequence[str]) -> None:
    renamed = Sentences([f"{ours} = {theirs!r}" for ours, theirs in matched.names.items() if ours != theirs])
    plainly = [ours for ours, theirs in matched.names.items() if ours == theirs]
    if spread:
        times = sorted(spread.values())
        renamed.say("a column for each time from {first} to {last}", first=times[0], last=times[-1])
    table.tell(say("columns"), ", ".join([*plainly, *renamed]))
    aside = [name for name in matched.aside if not (spread and name in table.cell_names)]
    if aside:
        some = [repr(name) for name in aside[:12]]
        more = len(aside) - len(some)
        names = ", ".join(some) if not more else say("{some} and {more} more", some=", ".join(some), more=more)
        table.about(say("left aside")).plural("column {names}", "columns {names}", len(aside), names=names)
    for name in matched.telling:
        if name in aside and name not in equal:
            table.odd.say(
                "the column {name!r} is left aside, and by its name it may change the answer: `columns:` takes "
                "one in, `only:` chooses rows by it",
                name=name,
            )


# --- cohorts with a column for each time ------------------------------------------------------------------------------


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
    rows = without_sums(table, rows, None if cohort is None else header[cohort], cohort)
    called = Counter(row[cohort].strip() for row in rows) if cohort is not None else Counter[str]()
    lines, names, zeros = [], [], []
    seen = [text.strip() for row in rows for place in times if (text := row[place])]
    shares = table.settings.scale == "percent" or any(_SHARE.fullmatch(text) for text in seen)
    for number, (row, line) in enumerate(zip(rows, table.lines, strict=True)):
        cells = [(place, row[place].strip()) for place in times]
        while cells and not cells[-1][1]:
            cells.pop()
        zeros.append(sum(1 for _ in itertools.takewhile(lambda cell: cell[1] == "0", reversed(cells))))
        for place, text in cells:
            name = row[cohort].strip() if cohort is not None else str(number)
            columns["cohort"].append(name if called[name] < 2 else say("{name} in line {line}", name=name, line=line))
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
        table.odd.say(
            "the ends of {cohorts} cohorts are 0: if that is time not yet seen, missing: [0] leaves it aside",
            cohorts=sum(count > 0 for count in zeros),
        )
    matched.aside = [name for place, name in enumerate(header) if place not in times and name in matched.aside]


def without_rows(table: UsersTable, kept: Sequence[int]) -> UsersTable:
    """The table with some of its rows."""
    some = replace(table)
    some.keep(kept)
    return some
