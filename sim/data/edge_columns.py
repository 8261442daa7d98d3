"""Which columns of a file are the two ends of a tie, its strength and its weight."""

from __future__ import annotations

from sim.data.column_names import folded
from sim.data.edges_without_header import columns_without_header
from sim.data.known_names import KNOWN
from sim.data.sheet import Sheet
from sim.data.table_settings import TableSettings
from sim.parameters.plain_words import closest
from sim.vocabulary.errors import Problem, Problems
from sim.words import say

NAMES: dict[str, list[str]] = KNOWN["edges"]
"""Names of columns as files call them, in the form of `folded`."""


USED = ("columns", "separator", "encoding", "header", "sheet", "decimal")
"""Settings of tables that a list of ties has a use for."""


def refuse_unused(settings: TableSettings) -> None:
    """Refuse what a list of ties has no use for, all at once.

    Raises:
        ScenarioError: With each such setting, or column.
    """
    usual = TableSettings()
    problems = Problems(
        Problem(say("no such setting of a list of ties"), name, allowed=", ".join(USED))
        for name in TableSettings.model_fields
        if name not in USED and getattr(settings, name) != getattr(usual, name)
    )
    problems += [
        Problem(say("no such column is used by this kind of data"), f"columns.{ours}", allowed=", ".join(NAMES))
        for ours in settings.columns
        if ours not in NAMES
    ]
    problems.check()


def edge_columns(header: list[str], own: dict[str, str], place: str, sheet: Sheet) -> dict[str, int]:
    """Places of the columns of both ends, of strengths and of weights.

    Raises:
        ScenarioError: If an end has none. Nothing of a file is quoted in which neither has one.
    """
    found: dict[str, int] = {}
    problems = Problems()
    for ours, names in NAMES.items():
        if own.get(ours):
            if own[ours] in header:
                found[ours] = header.index(own[ours])
            else:
                problems.add(say("no such column"), own[ours], place, suggestion=closest(own[ours], header))
            continue
        for name in names:
            places = [i for i, theirs in enumerate(header) if folded(theirs) == name]
            if places:
                found[ours] = places[0]
                break
    if not problems and "source" not in found and "target" not in found:
        bare = columns_without_header(header, sheet, place)
        if bare is not None:
            return bare
    graph = header[0].lstrip().startswith(("<", "graph", "Creator", "*"))
    nodes = not found and {folded(name) for name in header} & {"id", "nodeid", "label"}
    for ours in ("source", "target"):
        if ours not in found and not own.get(ours):
            problems.add(
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
    problems.check()
    return found
