"""Files that a user names: read only where they are regular and not too large, written whole or not at all.

What a command writes stands in nobody's way: a file that is there stays unless it is told to go, and a name that says
another kind of file than the one that is written is refused.
"""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from sim.vocabulary.errors import ExitVoiceError, ScenarioError, text_problem
from sim.vocabulary.exit_status import ExitStatus
from sim.words import say

# --- reading --------------------------------------------------------------------------------------------------------


@contextmanager
def opened(path: Path, most: int, allowed: str, label: str = "") -> Iterator[BinaryIO]:
    """A regular file, open for reading; what the block raises of the disk's errors is turned into a clear one.

    Args:
        path: The file.
        most: Bytes that it may have.
        allowed: What is expected there, such as `a YAML file`, for messages.
        label: How messages name the file; left out, they do not.

    Raises:
        ScenarioError: If there is no such file, it is a folder, a pipe or a device, it cannot be read or is too large.
    """
    try:
        if not stat.S_ISREG(kind := path.stat().st_mode):  # not even opened: some devices take that for a word
            raise _irregular(stat.S_ISDIR(kind), allowed, label)
        # without waiting, should a pipe have taken its place, or the file be a system's that waits for news
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(descriptor, "rb") as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode):
                raise _irregular(stat.S_ISDIR(found.st_mode), allowed, label)
            if found.st_size > most:
                raise _too_large(most, label)
            yield file
    except FileNotFoundError:
        raise ScenarioError(say("no such file"), place=label, allowed=allowed) from None
    except UnicodeError:
        raise
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or say("not a possible file name")
        raise ScenarioError(say("cannot be read: {reason}", reason=reason), place=label) from None


def read_limited(path: Path, most: int, allowed: str) -> bytes:
    """All bytes of a regular file; nothing is waited for, and no more than its limit is read.

    Arguments and errors as of `opened`.

    >>> read_limited(Path(__file__), 10, "a small file")
    Traceback (most recent call last):
    ...
    sim.vocabulary.errors.ScenarioError: the file is too large; allowed: at most 10 bytes
    """
    with opened(path, most, allowed) as file:
        data = file.read(most + 1) or b""
    if len(data) > most:  # some files of the system hide their size
        raise _too_large(most)
    return data


def stamp(path: str | Path) -> tuple[int, int]:
    """Size of a file and when it last changed, by which a cache knows it; zeros where it cannot be opened."""
    try:
        about = Path(path).stat()
    except (OSError, ValueError):
        return 0, 0  # whoever opens it says why
    return about.st_size, about.st_mtime_ns


def _too_large(most: int, label: str = "") -> ScenarioError:
    return ScenarioError(say("the file is too large"), place=label, allowed=say("at most {size}", size=_size(most)))


def _irregular(folder: bool, allowed: str, label: str) -> ScenarioError:
    return ScenarioError(say("is a folder") if folder else say("not a regular file"), place=label, allowed=allowed)


def _size(count: int) -> str:
    for unit, size in (("GiB", 2**30), ("MiB", 2**20), ("KiB", 2**10)):
        if count >= size:
            return f"{count / size:g} {unit}"
    return say("{count} bytes", count=count)


# --- writing --------------------------------------------------------------------------------------------------------


class FileError(ExitVoiceError):
    """A file cannot be written under that name; the message says why and what to do."""

    exit_status = ExitStatus.BAD_INPUT


class FileWritingError(FileError):
    """A file cannot be written although its name was fine: the disk refuses."""

    exit_status = ExitStatus.FAILED


def check_file(file: Path, endings: Sequence[str], *, force: bool = False) -> Path:
    """Refuse early: can a file be written there, and does its name say what it will hold?

    Args:
        file: The file.
        endings: How its name may end, such as `.csv`; capitals do not matter.
        force: Whether a regular file that is there may be replaced.

    Returns:
        The file as an absolute path.

    Raises:
        FileError: If the name ends otherwise, something is there already, or there is no such folder.

    >>> check_file(Path("table.xlsx"), [".csv", ".parquet"])
    Traceback (most recent call last):
    ...
    sim.vocabulary.files.FileError: table.xlsx: its name must say what kind of file it is; allowed: .csv, .parquet
    """
    problem = text_problem(file.name, place=str(file))
    if problem is not None:
        raise FileError(str(problem))
    if file.suffix.lower() not in endings:
        kinds = ", ".join(endings)
        raise FileError(
            say("{file}: its name must say what kind of file it is; allowed: {kinds}", file=file, kinds=kinds)
        )
    try:
        target = file.expanduser().absolute()
        if not target.parent.is_dir():
            raise FileError(say("{file}: cannot be written: there is no such folder", file=file))
        with suppress(FileNotFoundError):
            _refuse_to_replace(file, target.lstat().st_mode, force=force)
        if not os.access(target.parent, os.W_OK):
            raise FileError(say("{file}: cannot be written: its folder is read-only", file=file))
    except (OSError, ValueError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or say("not a possible file name")
        raise FileError(say("{file}: cannot be written: {reason}", file=file, reason=reason)) from None
    return target


def _refuse_to_replace(file: Path, mode: int, *, force: bool) -> None:
    if stat.S_ISLNK(mode):
        raise FileError(say("{file}: is a symbolic link, which nothing replaces; name another file", file=file))
    if not stat.S_ISREG(mode):
        what = "a folder" if stat.S_ISDIR(mode) else say("not a regular file")
        raise FileError(say("{file}: is {what}; name another file", file=file, what=what))
    if not force:
        raise FileError(_taken(file))


def _taken(file: Path) -> str:
    return say("{file}: is there already; --force replaces it", file=file)


@contextmanager
def whole_file(file: Path, endings: Sequence[str], *, force: bool = False) -> Iterator[Path]:
    """A file that appears whole or not at all, and never in place of another unasked.

    It is written beside its place under a hidden name, forced to the disk, and takes its name at the very end. Without
    `force` that step fails where a file has appeared meanwhile; with it the file keeps the permissions of the one that
    it replaces.

    Args:
        file: The file.
        endings: How its name may end; see `check_file`.
        force: Replace a regular file that is there.

    Yields:
        The hidden name, for the block to write to.

    Raises:
        FileError: If the name is not right or taken.
        FileWritingError: If the disk refuses.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with whole_file(Path(folder, "a.txt"), [".txt"]) as partial:
    ...         _ = partial.write_text("hello")
    ...     [path.name for path in Path(folder).iterdir()]
    ['a.txt']
    """
    target = check_file(file, endings, force=force)
    partial = target.with_name(f".sim-{secrets.token_hex(8)}.partial")
    try:
        os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
        yield partial
        _settle(partial, target, force=force)
    except FileExistsError:
        raise FileError(_taken(file)) from None
    except OSError as error:
        raise FileWritingError(
            say("{file}: cannot be written: {strerror}", file=file, strerror=error.strerror or error)
        ) from None
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


def write_whole(file: Path, text: str, endings: Sequence[str], *, force: bool = False) -> None:
    """Write text as UTF-8 into a file that appears whole or not at all; see `whole_file`."""
    with whole_file(file, endings, force=force) as partial:
        partial.write_text(text, encoding="utf-8", newline="\n")


def _settle(partial: Path, target: Path, *, force: bool) -> None:
    """Give the partial file its name.

    Raises:
        FileExistsError: If something has that name by now, and may not be replaced.
    """
    with partial.open("rb+") as file:
        os.fsync(file.fileno())
    if force:
        with suppress(FileNotFoundError):
            partial.chmod(stat.S_IMODE(target.lstat().st_mode))
        partial.replace(target)
        return
    try:
        os.link(partial, target)
    except FileExistsError:
        raise
    except OSError:  # a file system without second names: the name is taken first, by a file that is replaced
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
        partial.replace(target)
