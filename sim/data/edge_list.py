"""Ties between people out of a file: ids of any kind, columns by name, and exports of Gephi, SNAP and networkx."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from sim.data.edge_columns import edge_columns, refuse_unused
from sim.data.edge_rows import ANYBODY, EdgeList, EdgeReader
from sim.data.header import named_header
from sim.data.pajek import is_pajek, open_pajek
from sim.data.people_table import PeopleFile, read_people
from sim.data.sheet import open_sheet
from sim.data.table_settings import TableSettings
from sim.data.understood import Understood
from sim.vocabulary.files import opened, stamp
from sim.words import listed, plural, say

MOST_BYTES = 8 * 2**30


def read_edges(
    path: str | Path,
    people: int,
    settings: TableSettings | None = None,
    *,
    strong_from: float = 0.0,
    known_as: PeopleFile | None = None,
) -> EdgeList:
    r"""Read ties from a file.

    Ids that are the whole numbers below `people` are people's numbers; any others are numbered in their own order
    (numbers by size, texts by letters).

    Args:
        path: CSV in any usual form, .xlsx or .parquet.
        people: How many there are.
        settings: What the user says of it; of `columns` source, target, strength and weight.
        strong_from: Weight from which on a tie is strong; 0 leaves weights aside.
        known_as: A table of people: ids are those of its rows, whose first is person 0.

    Raises:
        ScenarioError: With file, line and column of whatever is wrong, a hundred faults at most.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder, "ties.csv")
    ...     _ = file.write_text("Source;Target;Weight\nAnn;Bob;4,0\nBob;Eve;0,5\n")
    ...     found = read_edges(file, 3, strong_from=2.0)
    >>> found.ends.tolist(), found.strengths.tolist()
    ([[0, 1], [1, 2]], [True, False])
    """
    said = (settings or TableSettings()).model_dump_json()
    return _read(str(path), stamp(path), people, said, strong_from, known_as, known_as and stamp(known_as.path))


@lru_cache(maxsize=2)
def _read(
    path: str,
    unchanged: tuple[int, int],
    people: int,
    said: str,
    strong_from: float,
    known_as: PeopleFile | None,
    known_unchanged: tuple[int, int] | None,
) -> EdgeList:
    """The same for a file of this size, changed at this time: a study loads its scenario again and again."""
    settings = TableSettings.model_validate_json(said)
    refuse_unused(settings)
    with opened(Path(path), MOST_BYTES, say("a CSV file, .xlsx or .parquet"), path) as data:
        sheet = open_pajek(data, path) if is_pajek(data) else open_sheet(data, settings, path, spaces=True)
        header = named_header(sheet, path)
        columns = edge_columns(header, settings.columns, f"{path}:{sheet.line}", sheet)
        reader = EdgeReader(path, header, columns, sheet.typed, settings.decimal, strong_from)
        reader.take(sheet.rows)
    found = reader.finish(people, {} if known_as is None else _known_ids(known_as))
    found.facts.insert(0, (say("file"), sheet.how))
    _tell_columns(found, header, columns, strong_from)
    return found


def _known_ids(table: PeopleFile) -> dict[str, int]:
    """Numbers of people by their ids in a table."""
    return {text: row for row, text in enumerate(read_people(table.path, table.settings).ids)}


def describe_edges(path: str | Path, settings: TableSettings) -> Understood:
    """How a list of ties would be read, whatever the number of people.

    Args:
        path: The file.
        settings: What the user says of it.

    Raises:
        ScenarioError: With everything that is wrong with it.
    """
    found = read_edges(path, ANYBODY, settings)
    return Understood(Path(path).name, "edges", tuple(found.facts), tuple(found.remarks))


def _tell_columns(found: EdgeList, header: list[str], columns: dict[str, int], strong_from: float) -> None:
    renamed = [f"{ours} = {header[place]!r}" for ours, place in columns.items() if ours != header[place]]
    plainly = [ours for ours, place in columns.items() if ours == header[place]]
    found.facts.insert(1, (say("columns"), ", ".join([*plainly, *renamed])))
    used = set(columns.values())
    if "weight" in columns and "strength" not in columns and not strong_from:
        used.discard(columns["weight"])
        found.remarks.append(
            say(
                "weights ({name!r}) are left aside: market.network.strong_from says from which on a tie is strong",
                name=header[columns["weight"]],
            )
        )
    aside = [repr(name) for place, name in enumerate(header) if place not in used]
    if aside:
        found.facts.insert(
            2, (say("left aside"), plural("column {names}", "columns {names}", len(aside), names=listed(aside)))
        )
