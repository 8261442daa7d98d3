"""One writer at a time: a lock of the operating system, which ends with the process that holds it."""

from __future__ import annotations

import json
import os
import platform
import sys
import weakref
from contextlib import suppress
from pathlib import Path

from sim.results.whole_files import StoreError
from sim.words import say

LOCK = "lock"

if sys.platform == "win32":
    import msvcrt

    # A locked byte cannot be read by others: the lock lies far behind the text.
    _BYTE = 2**30

    def _acquire(descriptor: int) -> None:
        os.lseek(descriptor, _BYTE, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _acquire(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


_held: weakref.WeakSet[FolderLock] = weakref.WeakSet()


class FolderLock:
    """The right to write into a folder, held until `release` or until the process ends, however it ends.

    The file `lock` stays behind and means nothing by itself: the lock is the system's, not the file's. Processes that
    are started meanwhile do not inherit it: the descriptor is closed in programs that are executed, and in forks.

    Args:
        folder: Where the file `lock` lies or is made.

    Raises:
        StoreError: If somebody else writes there; names the process and its computer.

    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> lock = FolderLock(folder)
    >>> lock.held
    True
    >>> lock.release()
    """

    def __init__(self, folder: Path) -> None:
        self._descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o644)
        _held.add(self)
        try:
            self._take(folder)
        except BaseException:
            self.release()
            raise

    def _take(self, folder: Path) -> None:
        try:
            _acquire(self._descriptor)
        except OSError as error:
            if not isinstance(error, BlockingIOError | PermissionError):
                raise StoreError(
                    say(
                        "{folder}: its file system cannot lock files: {strerror}",
                        folder=folder,
                        strerror=error.strerror or error,
                    )
                ) from error
            raise StoreError(
                say(
                    "{folder}: is being written by {holder}; wait until it is done, or stop it",
                    folder=folder,
                    holder=_holder(folder),
                )
            ) from None
        # Only a message to others; a full disk must not keep anyone from opening the folder.
        with suppress(OSError):
            os.ftruncate(self._descriptor, 0)
            os.lseek(self._descriptor, 0, os.SEEK_SET)
            os.write(self._descriptor, json.dumps({"pid": os.getpid(), "host": platform.node()}).encode())

    @property
    def held(self) -> bool:
        """Whether this process holds the lock."""
        return self._descriptor >= 0

    def release(self) -> None:
        """Let others write."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def _holder(folder: Path) -> str:
    try:
        found = json.loads((folder / LOCK).read_bytes())
        return say("process {pid} on {host}", pid=int(found["pid"]), host=found["host"])
    except (OSError, ValueError, KeyError, TypeError):
        return say("another process")


def _leave_in_fork() -> None:
    # Closing the child's copy leaves the parent's lock alone, and lets it end with the parent.
    for lock in list(_held):
        lock.release()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_leave_in_fork)
