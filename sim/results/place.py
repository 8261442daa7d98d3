"""Where results may be written: asked before a run starts, so that no hour of computing ends in a refusal."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path

from sim.vocabulary.errors import ExitVoiceError, text_problem
from sim.vocabulary.exit_status import ExitStatus
from sim.words import say

LONGEST_NAME = 200
"""Bytes of a folder's name that is made from another name; file systems allow 255, and hidden siblings need some."""

MANIFEST, LEDGER, REPORT = "manifest.json", "ledger.jsonl", "report.html"


class FolderError(ExitVoiceError):
    """A results folder cannot be written or read; the message says why and what to do."""

    exit_status = ExitStatus.BAD_INPUT


class WritingError(FolderError):
    """Results cannot be written although their folder was fine when it was looked at: the disk refuses."""

    exit_status = ExitStatus.FAILED


ANSWER = "analysis"
"""Folder of the answer within that of a study that ends with one."""


def default_folder(name: str) -> Path:
    """The folder for the results of a scenario of that name.

    >>> default_folder("Cut the desk!").as_posix()
    'results/Cut_the_desk'
    """
    plain = re.sub(r"[^\w.-]+", "_", name).strip("._").encode("utf-8")[:LONGEST_NAME]
    return Path("results") / (plain.decode("utf-8", errors="ignore").strip("._") or "scenario")


def check_name(path: str | Path) -> None:
    """Refuse to make a file or folder by a name that a terminal would obey or nobody could read.

    Folders above it that are there already may be called anything.

    Raises:
        FolderError: With the character.

    >>> check_name("results/mine")
    """
    for part in (Path(path), *Path(path).parents):
        if os.path.exists(part):  # noqa: PTH110  # False also for a name that is impossible
            return
        problem = text_problem(part.name, place=str(path))
        if problem is not None:
            raise FolderError(str(problem))


def check_folder(directory: str | Path, *, force: bool = False) -> Path:
    """Refuse early: can results be written there?

    Args:
        directory: Where the results shall be.
        force: Whether an earlier run's results may be replaced.

    Returns:
        The directory as an absolute path.

    Raises:
        FolderError: If something is there already (with `force`: something that is not a results folder), or if the
            nearest folder above that exists cannot be written to.

    >>> check_folder(Path(tempfile.mkdtemp()) / "new").name
    'new'
    """
    try:
        check_name(directory)
        target = Path(directory).expanduser().absolute()
        if target.is_symlink() or (target.exists() and not target.is_dir()):
            raise FolderError(say("{directory}: is a file, not a folder; take another --out", directory=directory))
        if target.is_dir() and any(target.iterdir()):
            if (target / LEDGER).exists():
                raise FolderError(
                    say(
                        "{directory}: holds a study already, which nothing replaces; its own command goes on with it "
                        "(--resume; a sweep also --extend), or take another --out",
                        directory=directory,
                    )
                )
            if not (target / MANIFEST).is_file():
                raise FolderError(
                    say(
                        "{directory}: holds files that are not results of a run; take another --out",
                        directory=directory,
                    )
                )
            if not force:
                raise FolderError(
                    say(
                        "{directory}: holds results already; --force replaces them, --out takes another folder",
                        directory=directory,
                    )
                )
        above = target.parent
        while not above.exists():
            above = above.parent
        with tempfile.TemporaryDirectory(prefix=".sim-", dir=above):
            pass
    except (OSError, ValueError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or say("not a possible file name")
        raise FolderError(say("{directory}: cannot be written: {reason}", directory=directory, reason=reason)) from None
    return target
