"""Files that are whole or not there: written under another name, forced to the disk, then given their name."""

from __future__ import annotations

import hashlib
import json
import math
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sim.vocabulary.errors import ExitVoiceError
from sim.vocabulary.exit_status import ExitStatus
from sim.vocabulary.text import escaped
from sim.words import say


class StoreError(ExitVoiceError):
    """The folder of a study cannot be read or written; the message says why and what to do."""

    exit_status = ExitStatus.BAD_INPUT


class DiskError(StoreError):
    """The disk refuses amid the work; what was stored before is safe."""

    exit_status = ExitStatus.FAILED


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Turn an error of the disk into one clear sentence.

    Raises:
        DiskError: Where the block raised an `OSError`.
    """
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise DiskError(
            say(
                "{folder}: cannot be written: {reason}; all runs that were stored before are safe, and the "
                "study can go on from there once this is mended",
                folder=folder,
                reason=reason,
            )
        ) from error


@contextmanager
def reading(folder: Path) -> Iterator[None]:
    """Likewise where only reading is done.

    Raises:
        StoreError: Where the block raised an `OSError`.
    """
    try:
        yield
    except OSError as error:
        raise StoreError(
            say("{folder}: cannot be read: {strerror}", folder=folder, strerror=error.strerror or error)
        ) from error


def waiting_name(path: Path) -> Path:
    """Where a file waits until the ledger knows it: hidden, and not matched by `*.parquet`.

    >>> waiting_name(Path("runs/000001.parquet")).as_posix()
    'runs/.000001.parquet.new'
    """
    return path.with_name(f".{path.name}.new")


def write_waiting(path: Path, content: bytes) -> None:
    """Write a file under its waiting name, and force it and its name to the disk. Nothing is left if that fails."""
    waiting = waiting_name(path)
    try:
        with waiting.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        sync_folder(path.parent)
    except BaseException:
        remove(waiting)
        raise


def put_in_place(path: Path) -> None:
    """Give a waiting file its name, in place of an older one; nothing to do where none waits."""
    with suppress(FileNotFoundError):
        waiting_name(path).replace(path)


def remove(path: Path) -> bool:
    """Remove a file if it is there; whether it is gone."""
    try:
        path.unlink(missing_ok=True)
    except PermissionError:
        return False
    return True


def sync_folder(folder: Path) -> None:
    """Force the names in a folder to the disk, where the system can do that."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def given_name(path: Path) -> Path:
    """The name that a file gets which waits, or any other file has.

    >>> given_name(Path("runs/.000001.parquet.new")).as_posix(), given_name(Path("points.parquet")).as_posix()
    ('runs/000001.parquet', 'points.parquet')
    """
    name = path.name
    return path.with_name(name[1:-4]) if name.startswith(".") and name.endswith(".new") else path


def read_either(path: Path) -> bytes:
    """Content of a file that may just be given its name.

    Raises:
        FileNotFoundError: If it is there under neither name.
    """
    for candidate in (path, waiting_name(path)):
        with suppress(FileNotFoundError):
            return candidate.read_bytes()
    return path.read_bytes()


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, read piece by piece."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def json_ready(value: Any) -> Any:
    """Ready for strict JSON: NaN and infinity become null, NumPy numbers plain ones."""
    if isinstance(value, dict):
        return {str(key): json_ready(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [json_ready(item) for item in value]
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def json_text(content: Any) -> str:
    """JSON for people: indented, with a line end; NaN is refused."""
    return escaped(json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False), lines=True) + "\n"
