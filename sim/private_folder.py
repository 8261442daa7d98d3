"""Folders that nobody else can write to, at any level of their path.

Whoever can write to one folder of a path can put another folder in place of what lies below it, and so decide what is
read there. A path is taken only if each of its folders, from the root on,

- belongs to us or to the administrator, and
- cannot be written to by its group or by others, even where that group has one member: nobody tells us who joins it; or
  it has the sticky bit, as shared temporary folders have, which lets nobody but the owner rename or remove what lies in
  it. What lies there next is then ours or the administrator's as well, or the path is refused: so a folder that
  someone else made there first, under the name that we would have taken, is not taken for ours.

Links are followed step by step under the same rules, and never out of a folder that others can write to. Folders that
are missing are made, for us alone. Access control lists are not looked at. Where there are no numeric owners (Windows),
only folders below the user's profile are taken, which Windows keeps from other users.
"""

import contextlib
import os
import stat
from pathlib import Path
from typing import Final

from sim.words import say

_OTHERS_WRITE: Final = stat.S_IWGRP | stat.S_IWOTH
_MOST_LINKS: Final = 40


class NotPrivateError(Exception):
    """A folder that others could have made, filled or renamed, or that cannot be had; the message says why."""


def private_folder(path: Path) -> Path:
    """The folder that an absolute path leads to, made where it is missing, with all links resolved.

    Raises:
        NotPrivateError: If somebody else could have a hand in it, or it cannot be made.
    """
    try:
        return _walked(path) if hasattr(os, "geteuid") else _below_profile(path)
    except OSError as error:
        raise NotPrivateError(f"{error.filename or path}: {error.strerror or error}") from error


def is_ours(status: os.stat_result) -> bool:
    """Whether a file or folder belongs to us or the administrator, and nobody else can write to it."""
    if not hasattr(os, "geteuid"):
        return True
    return _has_our_owner(status) and not status.st_mode & _OTHERS_WRITE


def _has_our_owner(status: os.stat_result) -> bool:
    return status.st_uid in {0, os.geteuid()}


def _walked(path: Path) -> Path:
    here, links = Path(path.anchor), 0
    _check(here, here.lstat())
    ahead = list(reversed(path.parts[1:]))
    while ahead:
        part = ahead.pop()
        if part == os.pardir:  # `here` holds no links, so what is above it by name is above it
            here = here.parent
            continue
        there = here / part
        status = _status(there)
        if not _has_our_owner(status):
            raise NotPrivateError(say("{path} belongs to another user", path=there))
        if stat.S_ISLNK(status.st_mode):
            if here.lstat().st_mode & _OTHERS_WRITE:
                raise NotPrivateError(say("{path} is a link in a folder that others can write to", path=there))
            links += 1
            if links > _MOST_LINKS:
                raise NotPrivateError(say("{path} leads through too many links", path=path))
            target = there.readlink()
            ahead.extend(reversed(target.parts[1:] if target.is_absolute() else target.parts))
            here = Path(target.anchor) if target.is_absolute() else here
            continue
        _check(there, status)
        here = there
    if not is_ours(here.lstat()):
        raise NotPrivateError(say("{path} can be written to by others", path=here))
    return here


def _status(path: Path) -> os.stat_result:
    try:
        return path.lstat()
    except FileNotFoundError:
        with contextlib.suppress(FileExistsError):  # somebody was faster: it is looked at like any other
            path.mkdir(mode=0o700)
        return path.lstat()


def _check(path: Path, status: os.stat_result) -> None:
    """Refuse what is no folder, and folders in which others can put something else in place of what we use."""
    if not stat.S_ISDIR(status.st_mode):
        raise NotPrivateError(say("{path} is not a folder", path=path))
    if not _has_our_owner(status):
        raise NotPrivateError(say("{path} belongs to another user", path=path))
    if status.st_mode & _OTHERS_WRITE and not status.st_mode & stat.S_ISVTX:
        raise NotPrivateError(say("{path} can be written to by others", path=path))


def _below_profile(path: Path) -> Path:
    try:
        profile = Path(os.path.realpath(Path.home()))
    except RuntimeError:
        raise NotPrivateError(say("the user has no profile folder")) from None
    real = Path(os.path.realpath(path))
    if not real.is_relative_to(profile):
        raise NotPrivateError(
            say(
                "{path} is not below {profile}, and only there folders are known to be private",
                path=path,
                profile=profile,
            )
        )
    real.mkdir(parents=True, exist_ok=True)
    return real
