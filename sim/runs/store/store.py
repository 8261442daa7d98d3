"""The store of a study: its runs go in as they come, are safe once stored, and come out verified."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from sim.results.folder import whole_folder
from sim.results.manifest import program_version
from sim.results.place import MANIFEST
from sim.results.whole_files import (
    StoreError,
    json_ready,
    json_text,
    put_in_place,
    reading,
    remove,
    waiting_name,
    write_waiting,
    writing,
)
from sim.runs.execution.task import Row
from sim.runs.experiment.points import Point
from sim.runs.store import points_table, shards
from sim.runs.store.holdings import LAYOUT, Holdings, exchange, look_through, put_in_order, read_manifest
from sim.runs.store.ledger import Ledger, Shard
from sim.runs.store.lock import FolderLock
from sim.runs.store.points_table import POINTS
from sim.runs.store.shards import KEYS, LARGEST, MANY, RUNS, SMALL, Damaged
from sim.runs.store.store_reader import Reader
from sim.words import say

if TYPE_CHECKING:
    import pyarrow as pa

MOST_WAITING = 4096
"""Rows that wait in memory at most before they are stored."""
LONGEST_WAIT = 2.0
"""Seconds after which rows are stored, with the next that comes."""


class Store(Reader):
    """A study's folder. Made by `create` and `open`; one process may write, in one thread, and any may read meanwhile.

    What `flush` stored stays, whatever happens to the process; what a full disk, a crash or a damaged file costs is
    pending again, and nothing else. See docs/store.md for the layout.

    >>> import tempfile
    >>> from sim.runs.execution.task import DONE
    >>> from sim.runs.experiment.points import point
    >>> folder, ease = Path(tempfile.mkdtemp()) / "study", point(0, {"firm.desk.ease": 2.0})
    >>> with Store.create(folder, manifest={}, factors=["firm.desk.ease"], outputs=["retention"]) as store:
    ...     _ = store.add_points([ease])
    ...     store.plan(replications=2)
    ...     store.append([Row(ease.id, 0, seed=1, status=DONE, outputs={"retention": 0.8})])
    ...     store.counts()
    RowCounts(planned=2, done=1, failed=0, pending=1)
    >>> Store.open(folder).table()[["firm.desk.ease", "replication", "retention"]].to_numpy().tolist()
    [[2.0, 0.0, 0.8]]
    """

    def __init__(self, folder: Path, lock: FolderLock | None, clock: Callable[[], float]) -> None:
        opened = {"pid": os.getpid(), "host": platform.node(), "version": program_version()}
        super().__init__(folder, look_through(folder) if lock is None else put_in_order(folder, opened=opened))
        self._lock, self._clock = lock, clock
        self._since = 0.0
        self._stale = False
        self._serial = self._next_serial()

    @classmethod
    def create(
        cls,
        folder: str | Path,
        *,
        manifest: Mapping[str, Any],
        factors: Sequence[str],
        outputs: Sequence[str],
        clock: Callable[[], float] = time.monotonic,
    ) -> Self:
        """Begin a study in a folder that appears whole, and open it for writing.

        Args:
            folder: It must not exist, or be empty.
            manifest: What the study is; the key `store` is the store's.
            factors: Paths of the parameters that points may set.
            outputs: Names of the recorded outputs.
            clock: Seconds, for the time that rows wait.

        Raises:
            FolderError: If the folder is taken or cannot be written.
            ValueError: If two columns would have the same name.
        """
        columns = ["number", *KEYS, *factors, *outputs]
        if len(set(columns)) < len(columns):
            raise ValueError(say("two columns of the same name among {columns}", columns=columns))
        layout = {"layout": LAYOUT, "factors": list(factors), "outputs": list(outputs)}
        content = json_ready({**manifest, "store": layout})
        with whole_folder(folder) as partial:
            (partial / RUNS).mkdir()
            (partial / MANIFEST).write_bytes(json_text(content).encode())
            _, sha256 = points_table.write_points(partial / POINTS, [], factors, lambda _: True)
            put_in_place(partial / POINTS)
            ledger = Ledger(partial)
            ledger.open()
            try:
                ledger.append("manifest", content=content)
                ledger.append("points", rows=0, added=0, sha256=sha256)
            finally:
                ledger.close()
        return cls.open(folder, write=True, clock=clock)

    @classmethod
    def open(cls, folder: str | Path, *, write: bool = False, clock: Callable[[], float] = time.monotonic) -> Self:
        """Open a study's folder, verifying every checksum.

        Args:
            folder: Of the study.
            write: Go on with it: what was interrupted is put in order, what is damaged is put aside and is pending
                again; `problems` says what was found. Without it nothing is changed, and another may be writing.
            clock: Seconds, for the time that rows wait.

        Raises:
            StoreError: If there is no study, or another process writes, or the disk refuses.
        """
        path = Path(folder).expanduser().absolute()
        with reading(path):
            ledger = Ledger(path)
            ledger.refresh()
            read_manifest(path, ledger)
            if not write:
                return cls(path, None, clock)
        with writing(path):
            lock = FolderLock(path)
            try:
                return cls(path, lock, clock)
            except BaseException:
                lock.release()
                raise

    def _next_serial(self) -> int:
        account = self._held.ledger.account
        names = [path.name for path in (self.folder / RUNS).glob("*")] + list(account.past | account.live.keys())
        return max((int(name.split("-")[0]) for file in names if (name := shards.name_of(file))), default=0) + 1

    def _look_again(self, why: Exception) -> Holdings:
        if self._lock is not None:
            raise StoreError(f"{self.folder}: {why}") from None
        return super()._look_again(why)

    def _ready(self) -> None:
        """Before writing: may this process, and does memory agree with the disk?"""
        if self._lock is None or not self._lock.held:
            raise StoreError(say("{folder}: is not open for writing here", folder=self.folder))
        if self._stale:
            self._held.ledger.close()
            with writing(self.folder):
                self._held = put_in_order(self.folder, opened=None)
            self._serial = self._next_serial()
            self._stale = False

    def update_manifest(self, changes: Mapping[str, Any]) -> None:
        """Add to the manifest, or replace top-level entries of it.

        Raises:
            StoreError: If it cannot be written.
        """
        self._ready()
        content = json_ready({**self.manifest, **changes, "store": self.manifest["store"]})
        with writing(self.folder):
            write_waiting(self.folder / MANIFEST, json_text(content).encode())
            self._stale = True
            self._held.ledger.append("manifest", content=content)
            put_in_place(self.folder / MANIFEST)
        self._held.manifest, self._stale = content, False

    def add_points(self, points: Iterable[Point]) -> int:
        """Add those points that are new, however many, in flat memory.

        Returns:
            How many were new.

        Raises:
            StoreError: If they cannot be written.
            ValueError: If a point sets something that is no factor.
        """
        self._ready()
        path, known = self.folder / POINTS, self._held.known
        with writing(self.folder):
            new, sha256 = points_table.write_points(path, points, self.factors, lambda at: not known.has_values(at))
            if not sha256:
                return 0
            self._stale = True
            self._held.ledger.append("points", rows=len(known) + len(new), added=len(new), sha256=sha256)
            put_in_place(path)
        known.add_points(new)
        self._stale = False
        return len(new)

    def plan(self, replications: int) -> None:
        """Say how many replications each point shall have; noted where it is new."""
        self._ready()
        if replications != self.replications:
            with writing(self.folder):
                self._stale = True
                self._held.ledger.append("planned", replications=replications)
            self._stale = False

    def append(self, rows: Iterable[Row]) -> None:
        """Take rows; they are stored some seconds later at most, while rows come, or by `flush`.

        A run that is done stays as it is, whatever comes later; a failed one gives way to its repetition. Outputs that
        the study does not record are left out.

        Raises:
            StoreError: If they cannot be written; they are kept, and `flush` tries again.
            ValueError: If a row's point was not added.
        """
        self._ready()
        for row in rows:
            if row.point not in self._held.known:
                raise ValueError(say("not a point of this study: {point}", point=row.point))
            if not self.is_known(row.key, retry_failed=True):
                self._since = self._since if self._waiting else self._clock()
                self._waiting[row.key] = row
            if len(self._waiting) >= MOST_WAITING:
                self.flush()
        if self._waiting and self._clock() - self._since >= LONGEST_WAIT:
            self.flush()

    def flush(self) -> None:
        """Store what waits; when this returns, it is on the disk.

        Raises:
            StoreError: If it cannot be written; the rows are kept, and what was stored before is safe.
        """
        self._ready()
        if not self._waiting:
            return
        table = shards.table_of(list(self._waiting.values()), self.outputs)
        again = {serial for key in self._waiting if (serial := self._held.known.shard_of(*key)) is not None}
        replaced, tables = self._readable(self._with_serial(again))
        rest = [self._without_waiting(earlier) for earlier in tables]
        self._commit(_sliced([*rest, table]), replaced, "retried" if replaced else "runs")
        self._waiting.clear()
        if len(self._small()) > MANY:
            self._merge()

    def _without_waiting(self, table: pa.Table) -> pa.Table:
        keys = zip(table.column("point").to_pylist(), table.column("replication").to_pylist(), strict=True)
        return table.filter(np.array([key not in self._waiting for key in keys], np.bool_))

    def _readable(self, wanted: Iterable[Shard]) -> tuple[list[Shard], list[pa.Table]]:
        """Shards with their tables; one that was damaged meanwhile is left to the next opening, which puts it aside."""
        found = []
        for shard in wanted:
            try:
                found.append((shard, shards.read_shard(self.folder, shard, self.outputs)))
            except Damaged as damage:
                self._held.problems += [str(damage)] if str(damage) not in self._held.problems else []
        return [shard for shard, _ in found], [table for _, table in found]

    def _commit(self, tables: Sequence[pa.Table], replaced: Sequence[Shard], why: str) -> None:
        """Store tables as shards, in place of others: all of it, or nothing.

        The ledger's line decides. Before it the new files wait and are nothing; after it they count, and the rest is
        made up for by whoever opens the folder next, should this process not come to it.
        """
        added: list[Shard] = []
        with writing(self.folder):
            try:
                for table in tables:
                    added.append(shards.write_shard(self.folder, self._serial, table))
                    self._serial += 1
            except OSError:
                for shard in added:
                    remove(waiting_name(self.folder / RUNS / shard.file))
                raise
            # From here on an interruption leaves memory behind the disk: the next call looks at the disk again.
            self._stale = True
            old = [shard.file for shard in replaced]
            self._held.ledger.append("shards", added=[shard._asdict() for shard in added], replaced=old, why=why)
            exchange(self.folder, old, [shard.file for shard in added])
        for shard, table in zip(added, tables, strict=True):
            self._held.known.put(shards.keys_and_states(table), serial=shard.serial)
        self._stale = False

    def _small(self) -> list[Shard]:
        live = self._held.ledger.account.live.values()
        return sorted((shard for shard in live if shard.rows < SMALL), key=lambda shard: shard.serial)

    def _merge(self) -> None:
        """Join small shards, as many at a time as one may hold."""
        group: list[Shard] = []
        for shard in [*self._small(), None]:
            if shard is not None and sum(member.rows for member in group) + shard.rows <= LARGEST:
                group.append(shard)
                continue
            replaced, tables = self._readable(group)
            if len(replaced) > 1:
                self._commit(_sliced(tables), replaced, "merged")
            group = [] if shard is None else [shard]

    def close(self) -> None:
        """Store what waits, join small shards, and let others write. Nothing happens to a store that is closed.

        Raises:
            StoreError: If something cannot be written; the store is closed all the same.
        """
        if self._lock is None or not self._lock.held:
            return
        try:
            self.flush()
            self._merge()
            counts = self.counts()
            with writing(self.folder):
                self._held.ledger.append("closed", done=counts.done, failed=counts.failed, pending=counts.pending)
        finally:
            self._held.ledger.close()
            self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.close()
        except StoreError as second:
            if error is None:
                raise
            error.add_note(str(second))


def _sliced(tables: Sequence[pa.Table]) -> list[pa.Table]:
    """The rows of all tables in as few tables as hold them."""
    import pyarrow as pa

    whole = pa.concat_tables(tables)
    return [whole.slice(start, LARGEST) for start in range(0, len(whole), LARGEST)]
