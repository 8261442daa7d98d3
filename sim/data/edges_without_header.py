"""Ties of a file without a header: a tie in each row, or a person with all whom it is tied to (an adjacency list)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice

from sim.data.sheet import Rows, Sheet
from sim.vocabulary.errors import ScenarioError
from sim.words import plural, say

LOOKED_AT = 10_000
"""Rows that tell what a file without a header is."""

_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)?")


def columns_without_header(header: list[str], sheet: Sheet, place: str) -> dict[str, int] | None:
    """Places of the ends, and of the weight, where the first line is no header; None where it should be one.

    `header` then has our names, and the rows of `sheet` begin with that line, a tie in each.

    Raises:
        ScenarioError: If the rows are an adjacency matrix, or an adjacency list over several lines.
    """
    rest = sheet.rows
    seen = [(sheet.line, list(header)), *islice(rest, LOOKED_AT)]
    sheet.rows = chain(seen[1:], rest)
    rows = [_filled(row) for _, row in seen]
    tie = _is_tie(rows[0])
    ragged = len({len(row) for row in rows if "{" not in "".join(row)}) > 1
    if not tie and not (ragged and _is_adjacency(rows)):
        return None
    if any(len(row) > 1 and row[1].startswith("{") for row in rows):
        raise _not_read(say("an adjacency list over several lines, which is not read"), place)
    width = len(rows[0])
    if not ragged and width > 2 and len(rows) == width and {cell for row in rows for cell in row} <= {"0", "1"}:
        raise _not_read(say("an adjacency matrix, which is not read"), place)
    if ragged:
        sheet.how = say(
            "{how}; no header: an adjacency list, in each row a person and whom it is tied to", how=sheet.how
        )
        header[:] = ["source", "target"]
        sheet.rows = _ties(chain(seen, rest))
    else:
        weighted = width == 3 and not rows[0][2].startswith("{")
        header[:] = ["source", "target", "weight"][: 3 if weighted else 2]
        sheet.rows = ((line, row[: len(header)]) for line, row in chain(seen, rest))
        sheet.how = say("{how}; no header: the first two cells are the ends", how=sheet.how)
        if more := width - len(header):
            sheet.how = plural("{how}, {n} more is left aside", "{how}, {n} more are left aside", more, how=sheet.how)
    return {name: number for number, name in enumerate(header)}


def _filled(row: Sequence[str]) -> list[str]:
    """The cells up to the last that is not empty."""
    cells = [cell.strip() for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _is_tie(cells: Sequence[str]) -> bool:
    """Whether a first line is a tie and no header: two numbers, or what networkx writes behind two names."""
    numbers = len(cells) >= 2 and all(cell.isascii() and cell.isdigit() for cell in cells[:2])
    behind = cells[2] if len(cells) > 2 else ""
    return numbers or behind.startswith("{") or (len(cells) == 3 and _NUMBER.fullmatch(behind) is not None)


def _is_adjacency(rows: Sequence[Sequence[str]]) -> bool:
    """Whether rows of texts are an adjacency list: first cells all differ, and every other cell is one of them."""
    firsts = {row[0] for row in rows if row}
    return len(firsts) == len(rows) <= LOOKED_AT and all(cell in firsts for row in rows for cell in row)


def _ties(rows: Rows) -> Iterator[tuple[int, list[str]]]:
    for line, row in rows:
        first, *others = _filled(row) or [""]
        for other in others:
            yield line, [first, other]


def _not_read(message: str, place: str) -> ScenarioError:
    return ScenarioError(
        message,
        place=place,
        allowed=say("a tie in each row: source,target[,strength or weight]"),
        hint=say("networkx writes one by to_pandas_edgelist, Gephi exports its edges as CSV"),
    )
