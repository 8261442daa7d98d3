"""What can be asked of a study's folder, by its writer and by anyone else."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.results.whole_files import StoreError, reading, waiting_name
from sim.runs.execution.task import DONE, Row
from sim.runs.store import points_table, shards
from sim.runs.store.digest import digest_of
from sim.runs.store.holdings import Holdings, content_of, look_through, pinned, points_path
from sim.runs.store.ledger import Shard
from sim.runs.store.shards import RUNS, Damaged

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

Key = tuple[str, int]
"""What a run is known by: its point and its replication."""

_SHARDS_AT_HAND = 4


class RowCounts(NamedTuple):
    """How many runs there are: planned (all others together), done, failed and pending."""

    planned: int
    done: int
    failed: int
    pending: int


class Reader:
    """The questions to a study's folder; `Store` adds writing.

    Args:
        folder: Of the study.
        held: What it holds.
    """

    def __init__(self, folder: Path, held: Holdings) -> None:
        self.folder, self._held = folder, held
        self._waiting: dict[Key, Row] = {}
        self._at_hand: OrderedDict[int, dict[Key, Row]] = OrderedDict()

    def flush(self) -> None:
        """Store what waits: nothing, in a folder that is only read."""

    @property
    def manifest(self) -> dict[str, Any]:
        """What the study is; `store` holds layout, factors and outputs."""
        return self._held.manifest

    @property
    def factors(self) -> list[str]:
        """Paths of the parameters that points may set."""
        return self._held.factors

    @property
    def outputs(self) -> list[str]:
        """Names of the recorded outputs."""
        return self._held.outputs

    @property
    def problems(self) -> list[str]:
        """What was found damaged, a line each; empty if everything is as it was written."""
        return self._held.problems

    @property
    def replications(self) -> int:
        """Replications that each point shall have."""
        return self._held.ledger.account.replications

    @property
    def seconds(self) -> float:
        """Time that writers were at work, in all sessions."""
        return self._held.ledger.account.seconds

    def __len__(self) -> int:
        return len(self._held.known)

    def is_known(self, key: Key, *, retry_failed: bool = False) -> bool:
        """Whether a run need not be done: it is done, or it failed and shall not be tried again."""
        waiting = self._waiting.get(key)
        if waiting is not None and (waiting.status == DONE or not retry_failed):
            return True
        known = self._held.known
        return known.is_done(*key) if retry_failed else known.shard_of(*key) is not None

    def counts(self) -> RowCounts:
        """How many runs are planned, done, failed and pending, those that wait to be stored included."""
        known = self._held.known
        done, failed, pending = known.counts(self.replications)
        for (point, replication), row in self._waiting.items():
            again = known.shard_of(point, replication) is not None
            done, failed = done + (row.status == DONE), failed + (row.status != DONE) - again
            pending -= not again and replication < self.replications
        return RowCounts(done + failed + pending, done, failed, pending)

    # --- tables -----------------------------------------------------------------------------------------------------

    def tables(self) -> Iterator[pa.Table]:
        """The rows of all shards, verified, as tables of `sim.runs.store.shards.schema`; what waits is stored first.

        Raises:
            StoreError: If a file was damaged since the folder was opened.
        """
        if self._waiting:
            self.flush()
        with pinned(self.folder, self._held.ledger) as opened:
            for shard, file in opened:
                if shard.file in self._held.excluded:
                    continue
                try:
                    table = shards.parse_shard(shard, content_of(shard, file), self.outputs)
                except Damaged as damage:
                    raise StoreError(f"{self.folder}: {damage}") from None
                yield table

    def batches(self) -> Iterator[pd.DataFrame]:
        """Rows of the runs as `runs` has them, some thousands at a time, in no particular order.

        Raises:
            StoreError: If a file was damaged since the folder was opened.
        """
        for table in self.tables():
            yield table.to_pandas(use_threads=False)

    def runs(self) -> pd.DataFrame:
        """All rows, sorted by the point's number and the replication.

        Returns:
            `point`, `replication`, `seed` (uint64), `status`, `reason`, `seconds`, then one float64 column an output,
            NaN where there is no number.

        Raises:
            StoreError: If a file was damaged since the folder was opened.
        """
        return self._joined().drop(columns=["number", *self.factors])

    def points(self) -> pd.DataFrame:
        """All points, sorted by number: `number`, `point`, then one column a factor, null where it is not set.

        Raises:
            StoreError: If the table of points is damaged.
        """
        return points_table.frame(self.points_file())

    def first(self, points: int) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The first points, as `points` has them, and their runs, as `runs` has them in some order.

        Raises:
            StoreError: If the table of points is damaged, or another file since the folder was opened.
        """
        import pandas as pd

        head = points_table.frame(self.points_file(), points)
        wanted = set(head["point"])
        some = [batch[batch["point"].isin(wanted)] for batch in self.batches()]
        runs = pd.concat(some) if some else shards.schema(self.outputs).empty_table().to_pandas()
        return head, runs.sort_values(["point", "replication"], ignore_index=True)

    def reasons(self) -> dict[str, int]:
        """Why runs failed: how often by reason, the most frequent first.

        Raises:
            StoreError: If a file was damaged since the folder was opened.
        """
        found: Counter[str] = Counter()
        for batch in self.batches():
            found.update(batch.loc[batch["status"] != DONE, "reason"])
        return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))

    def table(self) -> pd.DataFrame:
        """Points joined to runs: a row a run, sorted by the point's number and the replication.

        Returns:
            `number`, `point`, the factors, and the other columns of `runs`.

        Raises:
            StoreError: If the table of points is damaged, or another file since the folder was opened.
        """
        return self._joined(strict=True)

    def _joined(self, *, strict: bool = False) -> pd.DataFrame:
        import pandas as pd
        import pyarrow as pa

        rows = pa.concat_tables([shards.schema(self.outputs).empty_table(), *self.tables()]).to_pandas(
            use_threads=False
        )
        try:
            points = self.points()
        except StoreError:
            # Rows can be read without their points: they stand in the order of the points' names.
            if strict:
                raise
            points = pd.DataFrame(columns=["number", "point", *self.factors])
        places = pd.Index(points["point"]).get_indexer(pd.Index(rows["point"]))
        names = pd.factorize(rows["point"], sort=True)[0]
        order = np.lexsort((rows["replication"], names, np.where(places < 0, len(points), places)))
        rows, places = rows.iloc[order].reset_index(drop=True), places[order]
        missing = points.reindex(places) if (places < 0).any() else points.take(places)
        first = missing[["number", *self.factors]].reset_index(drop=True)
        joined = pd.concat([first, rows], axis=1)
        return joined[["number", "point", *self.factors, *rows.columns[1:]]]

    def values_of(self, points: Iterable[str]) -> dict[str, dict[str, Any]]:
        """Values of some points, by their names; those that are not in the table are left out.

        Raises:
            StoreError: If the table of points is damaged.
        """
        return points_table.values_of(self.points_file(), points)

    def files(self) -> list[Path]:
        """The files of all rows, for other programs to read; right until the next row is stored."""
        if self._waiting:
            self.flush()
        live = (file for file in self._held.ledger.account.live if file not in self._held.excluded)
        paths = [self.folder / RUNS / file for file in live]
        return [path if path.exists() else waiting_name(path) for path in paths]

    def points_file(self) -> Path:
        """The file of the table of points, for other programs to read.

        Raises:
            StoreError: If it is damaged.
        """
        try:
            return points_path(self.folder, self._held.ledger)
        except Damaged as damage:
            raise StoreError(f"{self.folder}: {damage}") from None

    def digest(self) -> str:
        """One hash of all rows, whatever the order in which they came; see `sim.runs.store.digest`.

        Raises:
            StoreError: If a file was damaged since the folder was opened.
        """
        return digest_of(self.tables(), self.outputs)

    def _with_serial(self, serials: Iterable[int]) -> list[Shard]:
        live = {shard.serial: shard for shard in self._held.ledger.account.live.values()}
        return [live[serial] for serial in sorted(serials)]

    def lookup(self, keys: Iterable[Key]) -> dict[Key, Row]:
        """Rows of runs that are known, by key; those that are not known are left out.

        Raises:
            StoreError: If a file was damaged since the folder was opened.
        """
        keys = list(keys)
        try:
            return self._lookup(keys)
        except (Damaged, KeyError) as why:
            self._held = self._look_again(why)
            try:
                return self._lookup(keys)
            except Damaged as damage:
                raise StoreError(f"{self.folder}: {damage}") from None

    def _look_again(self, why: Exception) -> Holdings:
        """What the folder holds now: another process may have joined shards since it was opened."""
        with reading(self.folder):
            return look_through(self.folder)

    def _lookup(self, keys: Iterable[Key]) -> dict[Key, Row]:
        found: dict[Key, Row] = {}
        wanted: dict[int, list[Key]] = {}
        for key in keys:
            if key in self._waiting:
                found[key] = self._waiting[key]
            elif (serial := self._held.known.shard_of(*key)) is not None:
                wanted.setdefault(serial, []).append(key)
        for serial, some in wanted.items():
            rows = self._rows(serial)
            found.update((key, rows[key]) for key in some)
        return found

    def _rows(self, serial: int) -> dict[Key, Row]:
        if serial not in self._at_hand:
            (shard,) = self._with_serial([serial])
            table = shards.read_shard(self.folder, shard, self.outputs)
            self._at_hand[serial] = {row.key: row for row in shards.rows_of(table)}
            if len(self._at_hand) > _SHARDS_AT_HAND:
                self._at_hand.popitem(last=False)
        self._at_hand.move_to_end(serial)
        return self._at_hand[serial]
