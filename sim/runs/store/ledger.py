"""The ledger: what happened to a study, a line an entry, only ever appended to.

A line is a JSON object: `entry` (its number, from 0), `at` (time, UTC), `kind`, what belongs to the kind, and at its
end `crc`, the CRC-32 of all bytes of the line before `,"crc"`. Kinds:

- `opened`: a writer began (`pid`, `host`, `version`);
- `manifest`: what the study is (`content`), the source of manifest.json;
- `points`: the table of points was written anew (`rows`, `added`, `sha256`);
- `planned`: how many `replications` each point shall have;
- `shards`: shards were `added` (`file`, `rows`, `done`, `failed`, `sha256`), and those `replaced` count no more; `why`
  is `runs`, `merged`, `retried` or `found`;
- `lost`: a `file` was damaged or missing (`reason`), and its rows count no more;
- `repaired`: `entries` that cannot be read were made up for;
- `closed`: the writer ended in order (`done`, `failed`, `pending`).
"""

from __future__ import annotations

import datetime as dt
import json
import os
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from sim.results.place import LEDGER
from sim.results.whole_files import sync_folder

LedgerEntry = dict[str, Any]


class Shard(NamedTuple):
    """What the ledger knows of a file of rows.

    Attributes:
        file: Its name within `runs`.
        rows: Number of rows, of which `done` and `failed`.
        sha256: Of its bytes.
    """

    file: str
    rows: int
    done: int
    failed: int
    sha256: str

    @property
    def serial(self) -> int:
        """Its number: no two shards of a study ever have the same.

        >>> Shard("000017-0123456789abcdef.parquet", 1, 1, 0, "0123456789abcdef").serial
        17
        """
        return int(self.file.split("-", maxsplit=1)[0])


def encode(entry: LedgerEntry) -> bytes:
    r"""An entry as a line.

    >>> encode({"entry": 0, "kind": "planned"})
    b'{"entry":0,"kind":"planned","crc":"e7ae5991"}\n'
    """
    body = json.dumps(entry, separators=(",", ":"), allow_nan=False)[:-1].encode()
    return body + b',"crc":"%08x"}\n' % zlib.crc32(body)


def decode(line: bytes) -> LedgerEntry | None:
    r"""The entry in a line without its end, or None if the line is damaged.

    >>> decode(b'{"entry":0,"kind":"planned","crc":"00000000"}') is None
    True
    """
    body, mark, tail = line.rpartition(b',"crc":"')
    if not mark or tail != b'%08x"}' % zlib.crc32(body):
        return None
    try:
        entry = json.loads(body + b"}")
    except ValueError:
        return None
    return entry if isinstance(entry, dict) and isinstance(entry.get("entry"), int) else None


@dataclass
class Account:
    """What the entries come to.

    Attributes:
        manifest: What the study is; None before that is known.
        points: SHA-256 of the table of points; None if there is none, or if it was lost.
        replications: Planned for each point.
        live: The shards that count, by file.
        past: Files of shards that were replaced.
        sessions: Beginning and latest entry of each writer, as times.
        missing: Numbers of entries that cannot be read and were not made up for.
    """

    manifest: LedgerEntry | None = None
    points: str | None = None
    replications: int = 0
    live: dict[str, Shard] = field(default_factory=dict)
    past: set[str] = field(default_factory=set)
    sessions: list[tuple[dt.datetime, dt.datetime]] = field(default_factory=list)
    missing: set[int] = field(default_factory=set)

    def add(self, entry: LedgerEntry) -> None:
        """Take an entry into account; unknown kinds are left to later versions."""
        at = dt.datetime.fromisoformat(entry["at"])
        if entry["kind"] == "opened" or not self.sessions:
            self.sessions.append((at, at))
        else:
            self.sessions[-1] = (self.sessions[-1][0], at)
        match entry["kind"]:
            case "manifest":
                self.manifest = entry["content"]
            case "points":
                self.points = entry["sha256"]
            case "planned":
                self.replications = entry["replications"]
            case "shards":
                for replaced in entry["replaced"]:
                    self.live.pop(replaced, None)
                    self.past.add(replaced)
                for added in entry["added"]:
                    self.live[added["file"]] = Shard(**added)
            case "lost":
                if entry["file"] == "points.parquet":
                    self.points = None
                # Not past: if somebody puts a whole copy back, its rows count again.
                self.live.pop(entry["file"], None)
            case "repaired":
                self.missing -= set(entry["entries"])

    @property
    def seconds(self) -> float:
        """Time that writers were at work."""
        return sum((end - start).total_seconds() for start, end in self.sessions)


class Ledger:
    """A ledger on the disk: read as far as it is whole, and appended to.

    Args:
        folder: Of the study.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / LEDGER
        self.account = Account()
        self._end = 0  # bytes of whole lines that were read
        self._next = 0
        self._unreadable = False  # the latest lines are whole but damaged
        self._end_damaged = False  # the latest line is whole but for its end, which no torn line is
        self._descriptor = -1

    @property
    def missing(self) -> list[int]:
        """Numbers of entries that are damaged or gone."""
        latest = {self._next} if self._unreadable or self._end_damaged or self._end == 0 else set()
        return sorted(self.account.missing | latest)

    def refresh(self) -> None:
        """Read what was appended since; a last line without its end is still being written, or torn, and left out."""
        try:
            with self.path.open("rb") as file:
                file.seek(self._end)
                new = file.read()
        except FileNotFoundError:
            return
        whole = new[: new.rfind(b"\n") + 1]
        self._end += len(whole)
        for line in whole.split(b"\n")[:-1]:
            self._read(decode(line))
        self._end_damaged = decode(new[len(whole) : -1]) is not None

    def _read(self, entry: LedgerEntry | None) -> None:
        if entry is None or entry["entry"] < self._next:
            self._unreadable = True
            return
        self.account.missing.update(range(self._next, entry["entry"]))
        self._next, self._unreadable = entry["entry"] + 1, False
        self.account.add(entry)

    def open(self) -> None:
        """Make ready to append: cut a torn last line off."""
        self._descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o644)
        self.refresh()
        os.ftruncate(self._descriptor, self._end)
        sync_folder(self.path.parent)
        if self._unreadable or self._end_damaged:
            self.account.missing.add(self._next)
            self._next, self._unreadable, self._end_damaged = self._next + 1, False, False

    def append(self, kind: str, **content: Any) -> None:
        """Add an entry and force it to the disk.

        Raises:
            OSError: If it cannot be written; the file may then end in a torn line, until it is next opened.
        """
        at = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")
        entry: LedgerEntry = {"entry": self._next, "at": at, "kind": kind, **content}
        line = encode(entry)
        os.lseek(self._descriptor, self._end, os.SEEK_SET)
        rest = memoryview(line)
        while rest:
            rest = rest[os.write(self._descriptor, rest) :]
        os.fsync(self._descriptor)
        self._end += len(line)
        self._read(entry)

    def close(self) -> None:
        """End appending."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
