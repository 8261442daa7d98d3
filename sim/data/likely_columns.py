"""Which columns of a file may hold what a table needs, where their names do not say it: proposed, never taken.

A column is likely for one of ours if its cells are of that sort (days, numbers, codes of who has left), and either a
word of its name is one that we know, or no other column has such cells.
"""

from __future__ import annotations

import io
import itertools
import math
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from sim.data.calendar_dates import read_dates
from sim.data.codes import meaning_of
from sim.data.column_names import folded
from sim.data.header import MAX_BYTES, named_header
from sim.data.numerals import Convention
from sim.data.sheet import open_sheet
from sim.data.table_kinds import DATE, FITTED, HISTORY, NPS, NUMBER, TRANSACTIONS, TRUTH, ExpectedColumn, TableKind
from sim.data.table_settings import TableSettings, as_option
from sim.vocabulary.errors import ScenarioError
from sim.vocabulary.files import read_limited
from sim.words import say

ROWS_LOOKED_AT = 500
MOST_FAULTS = 0.1
"""Share of cells that may say something else, as `n/a` or `-` do."""

MAY_BE_EMPTY = "left"
"""The day that most customers of a table do not have yet."""

MOST_CODES = 4
LONG_WORD = 4
"""Letters from which on a known name may stand within another: `Kündigung zum`."""

_WORD = re.compile(r"[^\W\d_]+")
_ANSWERS, _ON_SHORTER_SCALES = frozenset(map(str, range(11))), frozenset(map(str, range(1, 8)))
"""To how likely somebody would recommend the firm, and those that may as well be of 1 to 5 or 1 to 7."""


def likely_columns(path: str | Path, kind: TableKind, settings: TableSettings) -> dict[str, str]:
    """The file's names of columns that complete a form of a kind, by ours; empty where none or several would.

    Args:
        path: The file.
        kind: What it is to hold.
        settings: What the user says of it; columns that are named there are not proposed again.
    """
    with suppress(ScenarioError):
        sheet = open_sheet(io.BytesIO(read_limited(Path(path), MAX_BYTES, "")), settings, str(path), spaces=kind.bare)
        header = named_header(sheet, str(path))
        rows = [cells for _, cells in itertools.islice(sheet.rows, ROWS_LOOKED_AT)]
        columns = [[row[place].strip() if place < len(row) else "" for row in rows] for place in range(len(header))]
        return likely_in(header, columns, kind, settings.columns)
    return {}


def likely_kinds(path: str | Path, settings: TableSettings) -> dict[str, dict[str, str]]:
    """The same of every kind that is fitted, by its name: what a table may hold of which nobody has said it."""
    found = {kind.name: likely_columns(path, kind, settings) for kind in FITTED.values()}
    return {name: columns for name, columns in found.items() if columns}


def likely_in(
    header: Sequence[str], columns: Sequence[Sequence[str]], kind: TableKind, own: Mapping[str, str]
) -> dict[str, str]:
    """The same of columns that are read already.

    >>> from sim.data.table_kinds import CHURN
    >>> cells = [["12.01.2024", "03.02.2024"], ["", "31.12.2025"], ["K1", "K2"]]
    >>> likely_in(["Beginn", "Kündigung zum", "Nr"], cells, CHURN, {})
    {'joined': 'Beginn', 'left': 'Kündigung zum'}
    """
    for form in kind.forms:
        found = {ours: header.index(theirs) for ours, theirs in own.items() if ours in form and theirs in header}
        for ours in sorted(form, key=lambda ours: kind.columns[ours].holds != DATE):
            if ours not in found:
                free = [place for place in range(len(header)) if place not in found.values()]
                fitting = [place for place in free if _holds(columns[place], kind, kind.columns[ours])]
                by_name = [place for place in fitting if _sounds_like(header[place], kind.columns[ours])]
                only = by_name or (fitting if kind.columns[ours].holds in (DATE, TRUTH) or kind is NPS else [])
                if len(only) != 1:
                    break
                found[ours] = only[0]
        else:
            return {ours: header[found[ours]] for ours in form}
    return {}


def proposal(path: str | Path, kind: TableKind, settings: TableSettings) -> str:
    """What to write for the likely columns, in an experiment and on a command line; empty where there are none."""
    likely = likely_columns(path, kind, settings)
    if not likely:
        return ""
    return say("perhaps {settings}, or {options}", settings=as_settings(likely), options=as_options(likely))


def as_settings(columns: Mapping[str, str]) -> str:
    """Names of columns as an experiment says them.

    >>> as_settings({"joined": "Beginn", "left": "Ende: Vertrag"})
    "columns: {joined: Beginn, left: 'Ende: Vertrag'}"
    """
    import yaml

    said = {"columns": dict(columns)}
    return yaml.safe_dump(said, default_flow_style=None, allow_unicode=True, sort_keys=False, width=10_000).strip()


def as_options(columns: Mapping[str, str]) -> str:
    """The same on a command line.

    >>> as_options({"joined": "Beginn", "left": "Kündigung zum"})
    "--read columns.joined=Beginn --read 'columns.left=Kündigung zum'"
    """
    return " ".join(as_option(f"columns.{ours}", theirs) for ours, theirs in columns.items())


def _sounds_like(name: str, column: ExpectedColumn) -> bool:
    known = (folded(column.name), *column.known_as)
    words = {folded(word) for word in _WORD.findall(name)}
    whole = folded(name)
    return bool(words & set(known)) or any(len(one) >= LONG_WORD and one in whole for one in known)


def _holds(cells: Sequence[str], kind: TableKind, column: ExpectedColumn) -> bool:
    """Whether cells are of a column's sort; those that are empty say nothing."""
    some = [text for text in cells if text]
    texts = [text for text in some if any(sign.isdigit() for sign in text)]
    if column.holds == DATE:
        if not texts or (column.name != MAY_BE_EMPTY and len(texts) < (1.0 - MOST_FAULTS) * len(cells)):
            return False
        days = read_dates(texts, None, None)
        return days.both is None and all(day is not None for day in days.days)
    if column.holds == TRUTH:
        codes = set(some)
        return 1 < len(codes) <= MOST_CODES and all(meaning_of(code, ()) is not None for code in codes)
    if column.holds == NUMBER:
        if not texts or len(texts) < (1.0 - MOST_FAULTS) * len(some):
            return False
        if read_dates(texts, None, None).days[0] is not None:
            return False
        if kind is NPS and column.name == "recommend":
            return set(texts) <= _ANSWERS and bool(set(texts) - _ON_SHORTER_SCALES) and len(set(texts)) > MOST_CODES
        read = [Convention("," if any("," in text for text in texts) else ".").number(text) for text in texts]
        return not any(map(math.isnan, read))
    many = column.name == "customer" and kind in (TRANSACTIONS, HISTORY)  # who buys or changes, again and again
    return bool(some) and not (many and len(set(some)) == len(some))
