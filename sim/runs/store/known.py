"""Which runs are known, and in which shard they are: four bytes a run, and a hundred or so a point."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from sim.runs.store.shards import ShardColumns

_DONE, _FAILED = 1, 2


class Known:
    """Points and runs by name, in little memory.

    >>> known = Known()
    >>> known.add_points([255])
    >>> known.put(ShardColumns(np.array([255], np.uint64), np.array([0]), np.array([True])), serial=3)
    >>> known.shard_of("00000000000000ff", 0), known.is_done("00000000000000ff", 0), known.counts(replications=2)
    (3, True, (1, 0, 1))
    """

    def __init__(self) -> None:
        self._index: dict[int, int] = {}
        self._tabled = bytearray()  # by place: whether the table of points has it
        self._codes: dict[int, NDArray[np.uint32]] = {}  # by replication: shard * 4 + state, 0 for an unknown run
        self.done = 0
        self.failed = 0

    def __len__(self) -> int:
        return len(self._index)

    def __contains__(self, point: str) -> bool:
        return int(point, 16) in self._index

    def has_values(self, number: int) -> bool:
        """Whether the table of points has this point, given by its name as a number."""
        place = self._index.get(number, -1)
        return place >= 0 and self._tabled[place] == 1

    def add_points(self, numbers: Iterable[int], *, tabled: bool = True) -> None:
        """Note points, given by their names as numbers; `tabled`: the table of points has them."""
        for number in numbers:
            place = self._index.setdefault(number, len(self._index))
            if place == len(self._tabled):
                self._tabled.append(0)
            self._tabled[place] |= tabled

    def _code(self, point: str, replication: int) -> int:
        codes, place = self._codes.get(replication), self._index.get(int(point, 16), -1)
        return int(codes[place]) if codes is not None and 0 <= place < len(codes) else 0

    def shard_of(self, point: str, replication: int) -> int | None:
        """Serial of the shard that holds a run; None if it is not known."""
        code = self._code(point, replication)
        return code >> 2 if code else None

    def is_done(self, point: str, replication: int) -> bool:
        """Whether a run is known and did not fail."""
        return self._code(point, replication) & 3 == _DONE

    def _groups(self, columns: ShardColumns) -> Iterable[tuple[NDArray[np.intp], NDArray[np.uint32], NDArray[np.intp]]]:
        """For each replication: its rows, its codes (long enough for them), and the places of the rows."""
        distinct, inverse = np.unique(columns.points, return_inverse=True)
        self.add_points(distinct.tolist(), tabled=False)
        places = np.array([self._index[number] for number in distinct.tolist()], np.intp)[inverse]
        order = np.argsort(columns.replications, kind="stable")
        numbers = columns.replications[order]
        starts = np.flatnonzero(np.diff(numbers, prepend=numbers[:1] - 1))
        for rows in np.split(order, starts[1:]) if len(order) else ():
            replication, at = int(columns.replications[rows[0]]), places[rows]
            codes = self._codes.get(replication, np.zeros(0, np.uint32))
            longest = int(at.max()) + 1
            if longest > len(codes):
                # Room for all points that are known, and some more where points come a few at a time.
                room = max(longest, min(len(self._index), 2 * longest), len(codes) * 3 // 2)
                codes = np.concatenate([codes, np.zeros(room - len(codes), np.uint32)])
                self._codes[replication] = codes
            yield rows, codes, at

    def overlaps(self, columns: ShardColumns) -> bool:
        """Whether any of these runs is known, or stands twice among them."""
        keys = np.stack([columns.points, columns.replications.astype(np.uint64)], axis=1)
        if len(np.unique(keys, axis=0)) < len(keys):
            return True
        return any(bool(codes[at].any()) for _, codes, at in self._groups(columns))

    def put(self, columns: ShardColumns, *, serial: int) -> None:
        """These runs are in that shard, and nowhere else."""
        for rows, codes, at in self._groups(columns):
            before = codes[at] & 3
            done = columns.done[rows]
            self.done += int(done.sum()) - int((before == _DONE).sum())
            self.failed += int((~done).sum()) - int((before == _FAILED).sum())
            codes[at] = np.where(done, _DONE, _FAILED) + (serial << 2)

    def counts(self, replications: int) -> tuple[int, int, int]:
        """Runs done, failed and pending, where each point shall have that many replications."""
        held = sum(int(np.count_nonzero(codes)) for number, codes in self._codes.items() if number < replications)
        return self.done, self.failed, len(self._index) * replications - held
