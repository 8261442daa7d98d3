"""Which columns of a file are the two ends of a tie, its strength and its weight."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sim.data.column_names import folded
from sim.data.sheet import Rows, Sheet
from sim.parameters.plain_words import closest
from sim.vocabulary.errors import Problem, ScenarioError
from sim.words import say

_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)?")

NAMES = {
    "source": ("source", "from", "fromnodeid", "fromid", "src", "node1", "ego", "sender", "person1", "id1", "u", "i"),
    "target": (
        "target",
        "destination",
        "dest",
        "to",
        "tonodeid",
        "toid",
        "dst",
        "node2",
        "alter",
        "receiver",
        "person2",
        "id2",
        "v",
        "j",
    ),
    "strength": ("strength",),
    "weight": ("weight", "weights", "value", "w"),
}
"""Names of columns as files call them, in the form of `folded`."""


def edge_columns(header: list[str], own: dict[str, str], place: str, sheet: Sheet) -> dict[str, int]:
    """Places of the columns of both ends, of strengths and of weights.

    Raises:
        ScenarioError: If an end has none. Nothing of a file is quoted in which neither has one.
    """
    found: dict[str, int] = {}
    problems = []
    for ours, names in NAMES.items():
        if own.get(ours):
            if own[ours] in header:
                found[ours] = header.index(own[ours])
            else:
                problems.append(Problem(say("no such column"), own[ours], place, suggestion=closest(own[ours], header)))
            continue
        for name in names:
            places = [i for i, theirs in enumerate(header) if folded(theirs) == name]
            if places:
                found[ours] = places[0]
                break
    if not problems and "source" not in found and "target" not in found and _is_tie(header):
        return _without_header(header, sheet)
    graph = header[0].lstrip().startswith(("<", "graph", "Creator", "*"))
    nodes = not found and {folded(name) for name in header} & {"id", "nodeid", "label"}
    for ours in ("source", "target"):
        if ours not in found and not own.get(ours):
            problems.append(
                Problem(
                    say("not the header of an edge list: no column {column}", column=ours),
                    place=place,
                    found=", ".join(header)[:200] if found else "",
                    allowed=say("source,target[,strength or weight], or as Gephi, SNAP and networkx name them"),
                    hint=say(
                        "GraphML, GML, GEXF and lists of nodes hold no table of ties: Gephi exports its edges as CSV, "
                        "networkx by to_pandas_edgelist"
                    )
                    if graph or nodes
                    else say("the setting is market.network.{column}_column", column=ours),
                )
            )
    if problems:
        raise ScenarioError(problems)
    return found


def _is_tie(cells: Sequence[str]) -> bool:
    """Whether a first line is a tie and no header: two numbers, or what networkx writes behind two names."""
    numbers = len(cells) >= 2 and all(cell.isascii() and cell.isdigit() for cell in cells[:2])
    behind = cells[2] if len(cells) > 2 else ""
    return numbers or behind.startswith("{") or (len(cells) == 3 and _NUMBER.fullmatch(behind) is not None)


def _without_header(header: list[str], sheet: Sheet) -> dict[str, int]:
    first = list(header)
    line, rest = sheet.line, sheet.rows

    def rows() -> Rows:
        yield line, first
        for number, row in rest:
            yield number, row[:2] if "{" in "".join(row[2:3]) or len(first) == 2 else row

    weighted = len(first) == 3 and not first[2].startswith("{")
    header[:] = ["source", "target", "weight"] if weighted else ["source", "target"]
    if not weighted:
        first[2:] = []
    sheet.rows = rows()
    sheet.how = say("{how}; no header: the first two cells are the ends", how=sheet.how)
    return {name: place for place, name in enumerate(header)}
