"""The table of points: what the name of a point stands for.

`points.parquet` has the columns `number` (int64), `point` (16 hexadecimal digits) and one a factor, null where a point
does not set it. A factor's column is of the narrowest of these types that holds all its values: truth values, int64,
float64, text; values that fit none together stand as JSON, and the column's metadata says so.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

from sim.results.whole_files import given_name, remove, sha256_of, sync_folder, waiting_name
from sim.runs.experiment.points import Point
from sim.words import say

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

POINTS = "points.parquet"
BATCH = 16_384

ColumnKind = Literal["empty", "bool", "int", "float", "text", "json"]

_LARGEST_EXACT = 2**53


def kind_of(values: Iterable[Any]) -> ColumnKind:
    """The narrowest type that holds all values; None counts as no value.

    >>> kind_of([1, None]), kind_of([1, 2.5]), kind_of([True, 1]), kind_of([None])
    ('int', 'float', 'json', 'empty')
    """
    kind: ColumnKind = "empty"
    for value in values:
        if value is not None:
            kind = wider(kind, _kind(value))
    return kind


def _kind(value: Any) -> ColumnKind:
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int):
        return "int" if abs(value) <= _LARGEST_EXACT else "json"
    return "float" if isinstance(value, float) else "text" if isinstance(value, str) else "json"


def wider(one: ColumnKind, other: ColumnKind) -> ColumnKind:
    """The narrowest type that holds the values of both."""
    if other in (one, "empty"):
        return one
    if one == "empty":
        return other
    return "float" if {one, other} == {"int", "float"} else "json"


def _schema(kinds: dict[str, ColumnKind]) -> pa.Schema:
    import pyarrow as pa

    types = {"empty": pa.float64(), "bool": pa.bool_(), "int": pa.int64(), "float": pa.float64()}
    first = [pa.field("number", pa.int64(), nullable=False), pa.field("point", pa.string(), nullable=False)]
    return pa.schema(
        first + [pa.field(name, types.get(kind, pa.string()), metadata={"kind": kind}) for name, kind in kinds.items()]
    )


def _kinds(schema: pa.Schema) -> dict[str, ColumnKind]:
    return {field.name: cast(ColumnKind, field.metadata[b"kind"].decode()) for field in list(schema)[2:]}


def _encoded(values: list[Any], kind: ColumnKind) -> pa.Array:
    import pyarrow as pa

    if kind == "json":
        return pa.array([None if value is None else json.dumps(value) for value in values], pa.string())
    return pa.array(values, _schema({"": kind}).field("").type)


def _decoded(column: pa.ChunkedArray | pa.Array, kind: ColumnKind) -> list[Any]:
    values = column.to_pylist()
    return [None if value is None else json.loads(value) for value in values] if kind == "json" else values


def _widened(batch: pa.RecordBatch, kinds: dict[str, ColumnKind]) -> pa.RecordBatch:
    """The batch with columns of these kinds, which are at least as wide as its own."""
    import pyarrow as pa

    own = _kinds(batch.schema)
    columns = [
        batch.column(name) if own[name] == kind else _encoded(_decoded(batch.column(name), own[name]), kind)
        for name, kind in kinds.items()
    ]
    return pa.RecordBatch.from_arrays([batch.column(0), batch.column(1), *columns], schema=_schema(kinds))


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value


def _batch(points: Sequence[Point], factors: Sequence[str]) -> pa.RecordBatch:
    import pyarrow as pa

    columns = {name: [_plain(point.values.get(name)) for point in points] for name in factors}
    kinds = {name: kind_of(values) for name, values in columns.items()}
    first = [pa.array([point.number for point in points], pa.int64()), pa.array([point.id for point in points])]
    arrays = [_encoded(columns[name], kind) for name, kind in kinds.items()]
    return pa.RecordBatch.from_arrays(first + arrays, schema=_schema(kinds))


class _PointsWriter:
    """Writes batches into one file; starts anew, with wider columns, where a batch does not fit."""

    def __init__(self, path: Path, kinds: dict[str, ColumnKind]) -> None:
        self.path, self.kinds = path, kinds
        self._file = self._opened()

    def _opened(self) -> Any:
        import pyarrow.parquet as pq

        return pq.ParquetWriter(
            self.path, _schema(self.kinds), compression="zstd", use_dictionary=False, write_page_checksum=True
        )

    def write(self, batch: pa.RecordBatch) -> None:
        kinds = {name: wider(self.kinds[name], kind) for name, kind in _kinds(batch.schema).items()}
        if kinds != self.kinds:
            self._file.close()
            narrow = self.path.with_name(self.path.name + ".narrow")
            self.path.replace(narrow)
            try:
                self.kinds = kinds
                self._file = self._opened()
                for earlier in read_batches(narrow):
                    self._file.write_batch(_widened(earlier, kinds))
            finally:
                remove(narrow)
        self._file.write_batch(_widened(batch, kinds))

    def close(self) -> None:
        self._file.close()


def read_batches(path: Path, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
    """The table piece by piece, also of one that waited for its name and has just got it; page checksums are verified.

    Raises:
        OSError, ValueError: If the file is missing or damaged.
    """
    import pyarrow.parquet as pq

    opened = partial(pq.ParquetFile, page_checksum_verification=True, pre_buffer=False)
    try:
        table = opened(path)
    except FileNotFoundError:
        table = opened(given_name(path))
    with table as file:
        yield from file.iter_batches(BATCH, columns=columns, use_threads=False)


def write_points(
    path: Path, points: Iterable[Point], factors: Sequence[str], is_new: Callable[[int], bool]
) -> tuple[list[int], str]:
    """Write the table with new points behind those that it has, waiting for the ledger; flat in memory.

    Args:
        path: Of the table, which need not be there.
        points: Any points; those that are not new are passed over.
        factors: Columns, beside number and name.
        is_new: Whether a point, given by its name as a number, is not in the table.

    Returns:
        The new points by their names as numbers, and the SHA-256 of the file; without new points nothing is written.

    Raises:
        OSError: If it cannot be written.
        ValueError: If a point has values that are no factors, or another name than its values give.
    """
    fresh: dict[int, None] = {}

    def new() -> Iterator[Point]:
        for point in points:
            number = int(point.id, 16)
            if len(point.id) != 16 or not point.values.keys() <= set(factors):
                raise ValueError(say("not a point of this study: {point}", point=point))
            if number not in fresh and is_new(number):
                fresh[number] = None
                yield point

    waiting, source = waiting_name(path), new()
    batch = list(islice(source, BATCH))
    if not batch and path.exists():
        return [], ""
    writer = None
    try:
        writer = _PointsWriter(waiting, dict.fromkeys(factors, "empty"))
        if path.exists():
            for earlier in read_batches(path):
                writer.write(earlier)
        while batch:
            writer.write(_batch(batch, factors))
            batch = list(islice(source, BATCH))
        writer.close()
        with waiting.open("rb+") as file:
            os.fsync(file.fileno())
        sync_folder(path.parent)
        return list(fresh), sha256_of(waiting)
    except BaseException:
        remove(waiting)
        raise


def frame(path: Path, first: int | None = None) -> pd.DataFrame:
    """The table sorted by number, or only its first points, for which no more than they is kept in memory."""
    import pandas as pd
    import pyarrow as pa
    import pyarrow.parquet as pq

    batches = list(read_batches(path)) if first is None else _first(path, first)
    schema = batches[0].schema if batches else pq.read_schema(path)
    table, kinds = pa.Table.from_batches(batches, schema), _kinds(schema)
    found = table.to_pandas(use_threads=False)
    for name, kind in kinds.items():
        if kind == "json":
            found[name] = pd.Series(_decoded(table.column(name), kind), dtype=object)
    return found.sort_values(["number", "point"], kind="stable", ignore_index=True)


def _first(path: Path, points: int) -> list[pa.RecordBatch]:
    """The points with the lowest numbers; after an extension they need not be those that were written first."""
    import pyarrow as pa

    least: list[pa.RecordBatch] = []
    for batch in read_batches(path):
        both = pa.Table.from_batches([*least, batch])
        least = both.sort_by([("number", "ascending"), ("point", "ascending")]).slice(0, points).to_batches()
    return least


def values_of(path: Path, wanted: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Values of some points by name, each of its own type; factors that a point does not set are left out."""
    import pyarrow as pa
    import pyarrow.compute as pc

    names = pa.array(sorted(set(wanted)), pa.string())
    found: dict[str, dict[str, Any]] = {}
    for batch in read_batches(path):
        some = batch.filter(pc.is_in(batch.column("point"), names))
        columns = {name: _decoded(some.column(name), kind) for name, kind in _kinds(batch.schema).items()}
        for row, point in enumerate(some.column("point").to_pylist()):
            found[point] = {name: values[row] for name, values in columns.items() if values[row] is not None}
    return found
