"""Small studies with known rows, for the tests of the store."""

from __future__ import annotations

import random
from collections.abc import Iterable
from pathlib import Path

from sim.runs.execution.task import DONE, FAILED, Row
from sim.runs.experiment.points import Point, point
from sim.runs.store.store import Store

FACTORS = ("firm.desk.ease", "firm.culture")
OUTPUTS = ("retention", "margin", "talk_ratio")


def points(number: int, start: int = 0) -> list[Point]:
    return [
        point(at, {"firm.desk.ease": at / 8, "firm.culture": ("poor", "good")[at % 2]})
        for at in range(start, start + number)
    ]


def row(of: Point, replication: int, *, attempt: int = 0) -> Row:
    """The row of a run: a pure function of point and replication; every eleventh fails until it is tried again."""
    luck = random.Random(f"{of.id} {replication}")
    seed = luck.getrandbits(64)
    if not attempt and (of.number + 3 * replication) % 11 == 7:
        return Row(of.id, replication, seed, FAILED, f"ValueError: «{of.number}»", luck.random())
    outputs = {
        "retention": luck.random(),
        "margin": -1e6 * luck.random(),
        "talk_ratio": luck.choice([float("nan"), 0.0]),
    }
    return Row(of.id, replication, seed, DONE, "", luck.random(), outputs)


def rows(of: Iterable[Point], replications: int) -> list[Row]:
    return [row(one, replication) for one in of for replication in range(replications)]


def new(folder: Path, **options: object) -> Store:
    return Store.create(folder, manifest={"name": "test", "seed": 1}, factors=FACTORS, outputs=OUTPUTS, **options)


def filled(folder: Path, number: int = 12, replications: int = 5, shards: int = 3) -> str:
    """A study of that many shards, closed as after a kill: without a last merge. Returns the digest."""
    with new(folder) as store:
        store.add_points(points(number))
        store.plan(replications)
        all_rows = rows(points(number), replications)
        size = -(-len(all_rows) // shards)
        for start in range(0, len(all_rows), size):
            store.append(all_rows[start : start + size])
            store.flush()
        digest = store.digest()
        abandon(store)
    return digest


def abandon(store: Store) -> None:
    """Leave a store as a killed process does: nothing more is written, and the lock is free."""
    store._held.ledger.close()
    assert store._lock is not None
    store._lock.release()


def finish(folder: Path, number: int = 12, replications: int = 5) -> tuple[str, int, list[str]]:
    """Go on as a sweep does: all points again, and what is pending. Returns digest, runs done, and damage found."""
    with Store.open(folder, write=True) as store:
        store.add_points(points(number))
        store.plan(replications)
        missing = [done for done in rows(points(number), replications) if not store.is_known(done.key)]
        store.append(missing)
        found = list(store.problems)
    with Store.open(folder) as store:
        assert store.problems == []
        assert store.counts().pending == 0
        assert len(store.runs()) == number * replications
        return store.digest(), len(missing), found


def shard_files(folder: Path) -> list[Path]:
    return sorted((folder / "runs").glob("*.parquet"))
