"""One hash for all rows of a study, whatever the order in which they came and the files in which they are.

Each row is hashed on its own: SHA-256 of the point's name as a number, the replication and the seed (8 bytes each), the
bits of each output, all big-endian, then the status, a zero byte and the reason as UTF-8. All NaN have the bits
7ff8000000000000, and -0.0 is 0.0. The digest is SHA-256 of the line `exitvoice rows 1`, the names of the outputs as a
JSON list and a line end, and the rows' hashes in the order of point and replication. Times are left out.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.runs.store.shards import KEYS, keys_and_states

if TYPE_CHECKING:
    import pyarrow as pa


def digest_of(tables: Iterable[pa.Table], outputs: Sequence[str]) -> str:
    """The digest of rows that come in any order; needs some 50 bytes of memory a row."""
    points, replications, hashes = [np.zeros(0, np.uint64)], [np.zeros(0, np.int64)], [b""]
    for table in tables:
        columns = keys_and_states(table)
        points.append(columns.points)
        replications.append(columns.replications)
        hashes.append(_row_hashes(table, columns.points))
    joined = np.frombuffer(b"".join(hashes), np.uint8).reshape(-1, 32)
    order = np.lexsort((np.concatenate(replications), np.concatenate(points)))
    whole = hashlib.sha256(b"exitvoice rows 1\n" + json.dumps(list(outputs)).encode() + b"\n")
    for some in np.array_split(order, max(len(order) // 100_000, 1)):
        whole.update(joined[some].tobytes())
    return whole.hexdigest()


def _row_hashes(table: pa.Table, points: np.ndarray) -> bytes:
    names = table.column_names[len(KEYS) :]
    numbers = np.empty((len(table), 3 + len(names)), ">u8")
    numbers[:, 0] = points
    numbers[:, 1] = table.column("replication").to_numpy()
    numbers[:, 2] = table.column("seed").to_numpy()
    for place, name in enumerate(names, start=3):
        values = table.column(name).to_numpy() + 0.0  # -0.0 + 0.0 is 0.0
        values[np.isnan(values)] = np.nan
        numbers[:, place] = values.view(np.uint64)
    content, width = numbers.tobytes(), numbers.shape[1] * 8
    words = zip(table.column("status").to_pylist(), table.column("reason").to_pylist(), strict=True)
    return b"".join(
        hashlib.sha256(content[row * width : (row + 1) * width] + f"{status}\0{reason}".encode()).digest()
        for row, (status, reason) in enumerate(words)
    )
