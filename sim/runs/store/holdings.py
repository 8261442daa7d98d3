"""What a folder holds: looked through when it is opened, and put in order where it is opened for writing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from sim.results.place import LEDGER, MANIFEST
from sim.results.whole_files import (
    StoreError,
    json_text,
    put_in_place,
    remove,
    sha256_of,
    sync_folder,
    waiting_name,
    write_waiting,
)
from sim.runs.store.known import Known
from sim.runs.store.ledger import Ledger, Shard
from sim.runs.store.points_table import POINTS, read_batches
from sim.runs.store.shards import (
    RUNS,
    Damaged,
    examine,
    keys_and_states,
    name_of,
    not_read,
    parse_shard,
    point_numbers,
    read_shard,
)
from sim.words import say

if TYPE_CHECKING:
    import pyarrow as pa

LAYOUT = 1
"""Version of the layout of the folder; a change that breaks readers raises it."""

DAMAGED = "damaged"
"""Where damaged files are put aside."""


@dataclass
class Holdings:
    """What is in a folder, as far as it could be verified.

    Attributes:
        folder: Of the study.
        ledger: Read, and open for writing or not.
        manifest: What the study is.
        known: The runs.
        problems: What is damaged, a line each.
        excluded: Files of shards that a reader could not verify.
    """

    folder: Path
    ledger: Ledger
    manifest: dict[str, Any]
    known: Known = field(default_factory=Known)
    problems: list[str] = field(default_factory=list)
    excluded: set[str] = field(default_factory=set)

    @property
    def factors(self) -> list[str]:
        """Names of the factors."""
        return list(self.manifest["store"]["factors"])

    @property
    def outputs(self) -> list[str]:
        """Names of the outputs."""
        return list(self.manifest["store"]["outputs"])

    def admit(self, shard: Shard, table: pa.Table) -> None:
        """Count a shard's runs.

        Raises:
            Damaged: If a run of it is known already.
        """
        columns = keys_and_states(table)
        if self.known.overlaps(columns):
            raise Damaged(say("{runs}/{file}: holds runs that another file holds too", runs=RUNS, file=shard.file))
        self.known.put(columns, serial=shard.serial)

    def admit_points(self) -> None:
        """Count the points of the table.

        Raises:
            Damaged: If the table is missing or not what it was.
        """
        path = points_path(self.folder, self.ledger)
        for batch in read_batches(path, ["point"]):
            self.known.add_points(point_numbers(batch.column(0).to_pylist()).tolist())


def points_path(folder: Path, ledger: Ledger) -> Path:
    """Where the table of points is that the ledger knows; a reader may find it just before it gets its name.

    Raises:
        Damaged: If it is missing or not what it was.
    """
    path = folder / POINTS
    found = False
    for _ in range(2):
        for candidate in (path, waiting_name(path), path):
            with suppress(FileNotFoundError):
                if sha256_of(candidate) == ledger.account.points:
                    return candidate
                found = True
        ledger.refresh()
    raise Damaged(
        say("{file}: damaged (its SHA-256 is not that in the ledger)", file=POINTS)
        if found
        else say("{file}: missing", file=POINTS)
    )


def read_manifest(folder: Path, ledger: Ledger) -> tuple[dict[str, Any], str]:
    """What the study is, from the ledger or, where that is damaged, from the file; and what is wrong, or nothing.

    Raises:
        StoreError: If the folder holds no study, one of another layout, or neither place can be read.
    """
    path, wrong = folder / MANIFEST, ""
    for _ in range(2):
        written = []
        for candidate in (path, waiting_name(path)):
            with suppress(OSError, UnicodeDecodeError):
                written.append(candidate.read_text(encoding="utf-8"))
        known = ledger.account.manifest
        wrong = (
            ""
            if known is None or json_text(known) in written
            else say("{manifest}: missing, damaged or changed", manifest=MANIFEST)
        )
        if not wrong:
            break
        ledger.refresh()
    if known is None:
        try:
            known = json.loads(written[0])
        except (IndexError, ValueError):
            known = None
        if not isinstance(known, dict) or "store" not in known:
            raise StoreError(
                say("{folder}: holds no study that can be read", folder=folder)
                if written
                else say("{folder}: holds no study", folder=folder)
            )
    layout = known["store"]["layout"]
    if layout != LAYOUT:
        raise StoreError(
            say(
                "{folder}: has layout {layout}, this program reads layout {readable}",
                folder=folder,
                layout=layout,
                readable=LAYOUT,
            )
        )
    return known, wrong


def _said_of_ledger(ledger: Ledger) -> list[str]:
    if not ledger.path.exists():
        return [say("{ledger}: missing", ledger=LEDGER)]
    return [
        say("{ledger}: entry {number} is damaged or missing", ledger=LEDGER, number=number) for number in ledger.missing
    ]


def _in_runs(folder: Path) -> list[str]:
    try:
        return sorted(path.name for path in (folder / RUNS).iterdir())
    except FileNotFoundError:
        return []


def exchange(folder: Path, old: Iterable[str], new: Iterable[str]) -> None:
    """Remove replaced shards, then give names to those that stand in their place: nobody ever sees a row twice.

    Where a replaced one cannot be removed (some systems keep a file that is being read), the new ones wait: readers of
    the ledger find them all the same, and the next writer tries again.
    """
    gone = [remove(folder / RUNS / file) for file in old]
    if all(gone):
        for file in new:
            put_in_place(folder / RUNS / file)


def _strangers(files: list[str]) -> list[str]:
    return [
        say("{runs}/{file}: does not belong to the study", runs=RUNS, file=file)
        for file in files
        if file.endswith(".parquet") and name_of(file) is None
    ]


@contextmanager
def pinned(folder: Path, ledger: Ledger) -> Iterator[list[tuple[Shard, BinaryIO | None]]]:
    """The shards that count, opened all at once, so that a merge by another process cannot take one away.

    Yields:
        Shards and their files; None for one that is missing.
    """
    while True:
        with ExitStack() as stack:
            opened: list[tuple[Shard, BinaryIO | None]] = []
            for shard in ledger.account.live.values():
                opened.append((shard, _open_either(folder / RUNS / shard.file, stack)))
            gone = {shard.file for shard, file in opened if file is None}
            # A shard is replaced in the ledger before its file is removed: only one that still counts is missing.
            if gone:
                ledger.refresh()
            if gone <= ledger.account.live.keys():
                yield opened
                return


def content_of(shard: Shard, file: BinaryIO | None) -> bytes:
    """The bytes of a pinned file.

    Raises:
        Damaged: If it is missing or cannot be read.
    """
    if file is None:
        raise not_read(shard, None)
    try:
        return file.read()
    except OSError as error:
        raise not_read(shard, error) from None


def _open_either(path: Path, stack: ExitStack) -> BinaryIO | None:
    for candidate in (path, waiting_name(path), path):
        with suppress(FileNotFoundError):
            return stack.enter_context(candidate.open("rb"))
    return None


def look_through(folder: Path) -> Holdings:
    """Read and verify everything, and change nothing; another process may be writing."""
    # First the files, then the ledger: a file gets its name only when the ledger knows it.
    files, ledger = _in_runs(folder), Ledger(folder)
    ledger.refresh()
    manifest, wrong = read_manifest(folder, ledger)
    found = Holdings(folder, ledger, manifest, problems=[wrong] if wrong else [])
    found.problems += _said_of_ledger(ledger)
    try:
        found.admit_points()
    except Damaged as damage:
        found.problems.append(str(damage))
    with pinned(folder, ledger) as shards:
        for shard, file in shards:
            try:
                found.admit(shard, parse_shard(shard, content_of(shard, file), found.outputs))
            except Damaged as damage:
                found.problems.append(say("{damage}; its {rows} runs are not counted", damage=damage, rows=shard.rows))
                found.excluded.add(shard.file)
    account = ledger.account
    for file_name in files:
        if name_of(file_name) == file_name and file_name not in account.live and file_name not in account.past:
            found.problems.append(
                say(
                    "{runs}/{file_name}: is not in the ledger; its runs are not counted", runs=RUNS, file_name=file_name
                )
            )
    found.problems += _strangers(files)
    return found


def put_in_order(folder: Path, *, opened: dict[str, Any] | None) -> Holdings:
    """Verify everything, finish or undo what was interrupted, and put aside what is damaged.

    Args:
        folder: Of the study, locked.
        opened: What the ledger shall say of this writer; None if it has said so before.

    Raises:
        OSError: If something cannot be written.
    """
    ledger = Ledger(folder)
    ledger.refresh()
    manifest, wrong = read_manifest(folder, ledger)
    problems = ([wrong] if wrong else []) + _said_of_ledger(ledger)
    ledger.open()
    found = Holdings(folder, ledger, manifest, problems=problems)
    try:
        if opened is not None:
            ledger.append("opened", **opened)
        (folder / RUNS).mkdir(exist_ok=True)
        _restore_manifest(found)
        _settle_points(found)
        _settle_shards(found)
        if ledger.account.missing:
            ledger.append("repaired", entries=sorted(ledger.account.missing))
    except BaseException:
        ledger.close()
        raise
    return found


def _restore_manifest(found: Holdings) -> None:
    path = found.folder / MANIFEST
    if found.ledger.account.manifest is None:
        found.ledger.append("manifest", content=found.manifest)
    put_in_place(path)
    with suppress(OSError, UnicodeDecodeError):
        if path.read_text(encoding="utf-8") == json_text(found.manifest):
            return
    write_waiting(path, json_text(found.manifest).encode())
    put_in_place(path)


def _settle_points(found: Holdings) -> None:
    path = found.folder / POINTS
    try:
        if points_path(found.folder, found.ledger) == waiting_name(path):
            put_in_place(path)
        found.admit_points()
    except Damaged as damage:
        if found.ledger.account.points is not None or path.exists():
            found.problems.append(say("{damage}; its points are to be given again", damage=damage))
            _put_aside(found, POINTS, str(damage))
    remove(waiting_name(path))


def _settle_shards(found: Holdings) -> None:
    folder, ledger, files = found.folder, found.ledger, _in_runs(found.folder)
    names = {file: name for file in files if (name := name_of(file)) is not None}
    past = [file for file, name in names.items() if name in ledger.account.past]
    exchange(folder, past, ledger.account.live)
    for shard in list(ledger.account.live.values()):
        try:
            found.admit(shard, read_shard(folder, shard, found.outputs))
        except Damaged as damage:
            found.problems.append(say("{damage}; its {rows} runs are to be done again", damage=damage, rows=shard.rows))
            _put_aside(found, f"{RUNS}/{shard.file}", str(damage))
    for file, name in names.items():
        if name not in ledger.account.live and name not in ledger.account.past and not _take_in(found, name):
            remove(folder / RUNS / file)
    found.problems += _strangers(files)


def _take_in(found: Holdings, name: str) -> bool:
    """Count a whole shard that the ledger does not know: the end came just before its entry, or that is damaged."""
    examined = examine(found.folder, name, found.outputs)
    if examined is None:
        return False
    shard, table = examined
    if found.known.overlaps(keys_and_states(table)):
        return False
    found.ledger.append("shards", added=[shard._asdict()], replaced=[], why="found")
    put_in_place(found.folder / RUNS / name)
    found.admit(shard, table)
    return True


def _put_aside(found: Holdings, file: str, reason: str) -> None:
    path = found.folder / file
    aside = found.folder / DAMAGED / path.name
    if path.exists():
        aside.parent.mkdir(exist_ok=True)
        path.replace(aside)
        sync_folder(path.parent)
    found.ledger.append("lost", file=path.name, reason=reason)
