"""Where a run may write: asked before it starts, so that no hour of computing ends in a refusal."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from sim.vocabulary.errors import Problem, ScenarioError


def default_folder(name: str) -> Path:
    """The folder for the results of a scenario of that name.

    >>> default_folder("Cut the desk!").as_posix()
    'results/Cut_the_desk'
    """
    return Path("results") / (re.sub(r"[^\w.-]+", "_", name).strip("._") or "scenario")


def check_folder(folder: Path, *, force: bool) -> None:
    """Refuse a folder that cannot be written, or that holds something and may not be replaced.

    Raises:
        ScenarioError: With the reason and the way out.
    """
    try:
        if folder.exists() and not folder.is_dir():
            raise ScenarioError(Problem("is a file, not a folder", place=str(folder), hint="take another --out"))
        if folder.is_dir() and any(folder.iterdir()) and not force:
            raise ScenarioError(
                Problem(
                    "holds results already", place=str(folder), hint="--force replaces them, --out takes another folder"
                )
            )
        above = folder if folder.is_dir() else folder.absolute().parent
        while not above.exists() and above != above.parent:
            above = above.parent
        with tempfile.TemporaryDirectory(prefix=".sim-", dir=above):
            pass
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a possible file name"
        raise ScenarioError(Problem(f"cannot be written: {reason}", place=str(folder))) from None
