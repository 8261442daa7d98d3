"""Compiled code on disk: where it is kept, and how it is known to be whole and ours.

It is kept below EXITVOICE_CACHE_DIR, else NUMBA_CACHE_DIR, else the user's cache folder, but only if nobody else could
have made, filled or renamed anything on that path (`sim.private_folder`): what is read there is run. Else, and as soon
as something cannot be written, the program goes on with what it has in memory and says so once. There is no other
place to fall back on: a folder of this program alone below the shared temporary one would have to be cleared away by
whoever is killed first, and would save only the workers of one study a second compilation.

An entry is one file: a mark, a checksum, the packed code. The checksum is over what the entry is (which function, types
of arguments, versions, processor) and over the packed code, so an entry that was cut, changed or put in place of
another is found before a byte of it is unpacked; it is removed, and made again. An entry is written under another name
and renamed, so it is there whole or not at all, whoever else writes it and whenever a writer is killed.
"""

import contextlib
import os
import re
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Callable
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import Final

import platformdirs

from sim.private_folder import NotPrivateError, is_ours, private_folder
from sim.words import say

NOTICE_GIVEN: Final = "EXITVOICE_CACHE_NOTICE_GIVEN"
"""Set in the environment as soon as the notice was given, so that processes started from here do not repeat it."""

_MARK: Final = b"exitvoice kernel 1\n"
_DIGEST_BYTES: Final = 16
_STALE_SECONDS: Final = 30 * 24 * 3600
_UNFINISHED_SECONDS: Final = 24 * 3600


def chosen_base() -> tuple[Path, str]:
    """The folder below which compiled code is to be kept, and the name of what says so.

    Raises:
        NotPrivateError: If the user has no home folder, or it does not exist.
    """
    try:
        if chosen := os.environ.get("EXITVOICE_CACHE_DIR"):
            return Path(chosen).expanduser().absolute(), "EXITVOICE_CACHE_DIR"
        if chosen := os.environ.get("NUMBA_CACHE_DIR"):
            return Path(chosen).expanduser().absolute() / "exitvoice", "NUMBA_CACHE_DIR"
        base, home = Path(platformdirs.user_cache_dir("exitvoice")), Path.home()
    except RuntimeError:
        raise NotPrivateError(say("the user has no home folder")) from None
    if base.is_relative_to(home) and not home.is_dir():  # not for us to make
        raise NotPrivateError(say("the home folder {home} does not exist", home=home))
    return base.absolute(), say("the user's cache folder")


class KernelFolder:
    """The entries of one state of the sources.

    Args:
        name: Gives the name of their folder, when it is first needed: `kernels-` and 16 hexadecimal digits.
    """

    def __init__(self, name: Callable[[], str]) -> None:
        self._name = name
        self.writes = True
        self.made_elsewhere: Callable[[str], bool] = lambda function: False
        """Whether another process is just compiling this function into the folder, so that it pays to wait."""

    @cached_property
    def path(self) -> Path | None:
        """The folder, made if missing, with old ones next to it dropped; None if there is none to be trusted."""
        known: tuple[Path, str] | None = None
        try:
            known = chosen_base()
            folder = private_folder(known[0] / self._name())
        except NotPrivateError as error:
            self.give_up(
                say("{error}; EXITVOICE_CACHE_DIR can name a folder of your own", error=error)
                if known is None
                else say(
                    "{chosen} is {base}, but {error}; EXITVOICE_CACHE_DIR can name a folder of your own",
                    chosen=known[1],
                    base=known[0],
                    error=error,
                )
            )
            return None
        with contextlib.suppress(OSError):
            os.utime(folder)
        _drop_stale(folder.parent, keep=folder)
        return folder

    def read(self, entry: str, identity: str) -> memoryview | None:
        """The packed code of an entry, or None if there is none; one that is damaged or not ours is removed."""
        if self.path is None:
            return None
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        try:
            with os.fdopen(os.open(self.path / entry, flags), "rb") as file:
                status = os.fstat(file.fileno())
                if stat.S_ISREG(status.st_mode) and is_ours(status):
                    data = file.read()
                    packed = memoryview(data)[len(_MARK) + _DIGEST_BYTES :]
                    if data.startswith(_head(identity, packed)):
                        return packed
        except FileNotFoundError:
            return None
        except OSError:
            pass
        self.drop(entry)
        return None

    def write(self, entry: str, identity: str, packed: bytes) -> None:
        """Keep an entry; where that is not possible, say so once and keep none from now on."""
        if not self.writes or self.path is None:
            return
        part = None
        try:
            number, part = tempfile.mkstemp(dir=self.path, suffix=".part")
            with os.fdopen(number, "wb") as file:
                file.write(_head(identity, packed))
                file.write(packed)
            try:
                Path(part).replace(self.path / entry)
            except PermissionError:
                if os.name != "nt":
                    raise
                return  # Windows: another process has it open, and it is the same
            part = None
        except OSError as error:
            self.give_up(f"{self.path}: {error.strerror or error}")
        finally:
            if part is not None:
                with contextlib.suppress(OSError):
                    Path(part).unlink()

    def drop(self, entry: str) -> None:
        """Remove an entry."""
        if self.path is not None:
            with contextlib.suppress(OSError):
                (self.path / entry).unlink()

    def give_up(self, reason: str) -> None:
        """Write no more; say why, once in this process and those that it starts."""
        self.writes = False
        if os.environ.get(NOTICE_GIVEN) or sys.stderr is None:
            return
        os.environ[NOTICE_GIVEN] = "1"
        with contextlib.suppress(OSError, ValueError):
            print(
                say("note: compiled code is not kept on disk, so the next start takes longer: {reason}", reason=reason),
                file=sys.stderr,
                flush=True,
            )


def _head(identity: str, packed: bytes | memoryview) -> bytes:
    """What an entry begins with."""
    digest = blake2b(len(identity.encode()).to_bytes(8), digest_size=_DIGEST_BYTES)
    digest.update(identity.encode())
    digest.update(packed)
    return _MARK + digest.digest()


def _drop_stale(base: Path, keep: Path) -> None:
    """Remove kernels of older sources that no program has used for 30 days, and what killed programs left behind."""
    now = time.time()
    with contextlib.suppress(OSError):
        for folder in base.glob("kernels-*"):
            with contextlib.suppress(OSError):
                status = folder.lstat()
                is_old = is_ours(status) and now - status.st_mtime > _STALE_SECONDS
                if is_old and folder != keep and re.fullmatch(r"kernels-[0-9a-f]{16}", folder.name):
                    shutil.rmtree(folder, ignore_errors=True)
        for part in keep.glob("*.part"):
            with contextlib.suppress(OSError):
                if now - part.lstat().st_mtime > _UNFINISHED_SECONDS:
                    part.unlink()
