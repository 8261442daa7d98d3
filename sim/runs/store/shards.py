"""Shards: Parquet files of rows, each of which says by its name what bytes it must have.

A shard is called `<serial>-<first 16 digits of its SHA-256>.parquet`. Columns: `point` (16 hexadecimal digits),
`replication` (int64), `seed` (uint64), `status`, `reason`, `seconds` (float64), then one float64 column an output, null
where there is no number.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.results.whole_files import read_either, waiting_name, write_waiting
from sim.runs.execution.task import DONE, Row
from sim.runs.store.ledger import Shard
from sim.words import say

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

RUNS = "runs"
LARGEST = 20_000
"""Rows of a shard at most: what a damaged file can cost."""
SMALL = LARGEST // 2
"""Shards of fewer rows are merged."""
MANY = 32
"""Small shards that may be there before they are merged."""

KEYS = ("point", "replication", "seed", "status", "reason", "seconds")
_NAME = re.compile(r"\.?(\d{6,})-([0-9a-f]{16})\.parquet(?:\.new)?")


class Damaged(Exception):  # noqa: N818 (a finding, which becomes a line of a report)
    """A file is missing or not what it was; the message says which, in one line."""


class ShardColumns(NamedTuple):
    """Keys and states of the rows of a shard, as arrays.

    Attributes:
        points: Names of points as numbers, uint64.
        replications: int64.
        done: Whether the run is done; else it failed.
    """

    points: NDArray[np.uint64]
    replications: NDArray[np.int64]
    done: NDArray[np.bool_]


def name_of(file: str) -> str | None:
    """Name of the shard that a file in `runs` is, waiting or not; None if it is something else.

    >>> name_of(".000017-0123456789abcdef.parquet.new"), name_of("notes.txt")
    ('000017-0123456789abcdef.parquet', None)
    """
    found = _NAME.fullmatch(file)
    return None if found is None else f"{found[1]}-{found[2]}.parquet"


def schema(outputs: Sequence[str]) -> pa.Schema:
    """Columns of a shard."""
    import pyarrow as pa

    text = pa.string()
    types = (text, pa.int64(), pa.uint64(), text, text, pa.float64())
    keys = [pa.field(name, kind, nullable=False) for name, kind in zip(KEYS, types, strict=True)]
    return pa.schema(keys + [pa.field(name, pa.float64()) for name in outputs])


def table_of(rows: Sequence[Row], outputs: Sequence[str]) -> pa.Table:
    """Rows as an Arrow table; an output that a row does not have is null, as is NaN."""
    import pyarrow as pa

    nan = float("nan")
    keys: list[Any] = [
        [row.point for row in rows],
        [row.replication for row in rows],
        np.array([row.seed for row in rows], np.uint64),
        [row.status for row in rows],
        # Words of the system may hold bytes that are no text.
        [row.reason.encode("utf-8", "replace").decode() for row in rows],
        np.array([row.seconds for row in rows], np.float64),
    ]
    numbers = [np.array([row.outputs.get(name, nan) for row in rows], np.float64) for name in outputs]
    made = schema(outputs)
    arrays = [pa.array(column, field.type) for column, field in zip(keys, made, strict=False)]
    return pa.Table.from_arrays(arrays + [pa.array(column, from_pandas=True) for column in numbers], schema=made)


def rows_of(table: pa.Table) -> list[Row]:
    """A table as rows; NaN stands for null."""
    keys = [table.column(name).to_pylist() for name in KEYS]
    names = table.column_names[len(KEYS) :]
    numbers = np.array([table.column(name).to_numpy() for name in names]).reshape(len(names), len(table)).T.tolist()
    found = []
    for (point, replication, seed, status, reason, seconds), values in zip(
        zip(*keys, strict=True), numbers, strict=True
    ):
        outputs = dict(zip(names, values, strict=True)) if status == DONE else {}
        found.append(Row(point, replication, seed, status, reason, seconds, outputs))
    return found


def point_numbers(points: Sequence[str]) -> NDArray[np.uint64]:
    """Names of points as the numbers that their digits are.

    >>> int(point_numbers(["00000000000000ff"])[0])
    255
    """
    return np.array([int(point, 16) for point in points], np.uint64)


def keys_and_states(table: pa.Table) -> ShardColumns:
    """Keys and states of a table's rows."""
    coded = table.column("point").combine_chunks().dictionary_encode()
    points = point_numbers(coded.dictionary.to_pylist())[coded.indices.to_numpy()]
    statuses = table.column("status").combine_chunks().dictionary_encode()
    done = np.array([status == DONE for status in statuses.dictionary.to_pylist()], np.bool_)
    return ShardColumns(points, table.column("replication").to_numpy(), done[statuses.indices.to_numpy()])


def write_shard(folder: Path, serial: int, table: pa.Table) -> Shard:
    """Write a table as a shard that waits for the ledger.

    Raises:
        OSError: If it cannot be written.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = pa.BufferOutputStream()
    pq.write_table(
        table, sink, compression="zstd", use_dictionary=["point", "status", "reason"], write_page_checksum=True
    )
    content = sink.getvalue().to_pybytes()
    digest = hashlib.sha256(content).hexdigest()
    name = f"{serial:06d}-{digest[:16]}.parquet"
    write_waiting(folder / RUNS / name, content)
    done = int(keys_and_states(table).done.sum())
    return Shard(name, len(table), done, len(table) - done, digest)


def parse_shard(shard: Shard, content: bytes, outputs: Sequence[str]) -> pa.Table:
    """The table in the bytes of a shard, verified.

    Raises:
        Damaged: If the bytes are not those that the ledger knows, or hold no such table.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    if hashlib.sha256(content).hexdigest() != shard.sha256:
        raise Damaged(say("{runs}/{file}: damaged (its SHA-256 is not that in the ledger)", runs=RUNS, file=shard.file))
    try:
        # Without Arrow's threads, in which a process that ends may be caught and abort (apache/arrow#34314).
        with pq.ParquetFile(pa.BufferReader(content), page_checksum_verification=True, pre_buffer=False) as file:
            table = file.read(use_threads=False).cast(schema(outputs))
    except (OSError, ValueError) as error:
        raise Damaged(
            say(
                "{runs}/{file}: cannot be read ({reason})",
                runs=RUNS,
                file=shard.file,
                reason=str(error).splitlines()[0],
            )
        ) from None
    if len(table) != shard.rows:
        raise Damaged(
            say(
                "{runs}/{file}: has {found} rows, not {rows} as in the ledger",
                runs=RUNS,
                file=shard.file,
                found=len(table),
                rows=shard.rows,
            )
        )
    return table


def not_read(shard: Shard, error: OSError | None) -> Damaged:
    """What is wrong with a shard that is missing (no error, or that of a file that is not there) or cannot be read."""
    if error is None or isinstance(error, FileNotFoundError):
        return Damaged(say("{runs}/{file}: missing", runs=RUNS, file=shard.file))
    why = error.strerror or error
    return Damaged(say("{runs}/{file}: cannot be read ({strerror})", runs=RUNS, file=shard.file, strerror=why))


def read_shard(folder: Path, shard: Shard, outputs: Sequence[str]) -> pa.Table:
    """The table of a shard, verified.

    Raises:
        Damaged: If it is missing or not what it was.
    """
    try:
        content = read_either(folder / RUNS / shard.file)
    except OSError as error:
        raise not_read(shard, error) from None
    return parse_shard(shard, content, outputs)


def examine(folder: Path, name: str, outputs: Sequence[str]) -> tuple[Shard, pa.Table] | None:
    """A shard that the ledger does not know, if its bytes are those that its name tells; else None."""
    try:
        content = read_either(folder / RUNS / name)
        digest = hashlib.sha256(content).hexdigest()
        if digest[:16] != name.split("-")[1].removesuffix(".parquet"):
            return None
        import pyarrow.parquet as pq

        path = folder / RUNS / name
        rows = pq.read_metadata(path if path.exists() else waiting_name(path)).num_rows
        table = parse_shard(Shard(name, rows, 0, 0, digest), content, outputs)
        done = int(keys_and_states(table).done.sum())
    except (Damaged, OSError, ValueError):
        return None
    return Shard(name, rows, done, rows - done, digest), table
