"""The scenarios that a page may start from: the file that was given, its neighbours, and those that are shipped."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from yaml import safe_dump

from sim.scenario import Loaded, load_scenario, load_text
from sim.scenario.shipped_files import shipped_folder
from sim.vocabulary.errors import ScenarioError
from sim.words import say

DEFAULTS = "defaults"
"""Name of the start in which every parameter has its default."""

SHIPPED = shipped_folder()
"""Those that come with the program."""
_PREFERRED = "baseline"
MOST_STARTS = 100
_OF_DEFAULTS = "What happens where every parameter has its default?"


class Start(NamedTuple):
    """A scenario to start from.

    Attributes:
        key: By which a page asks for it.
        path: Its file; None for all defaults.
        question: What it asks.
    """

    key: str
    path: Path | None
    question: str


class Starts:
    """All starts. A page names one of these, and so can never make the server read another file.

    Args:
        file: The scenario file that was given, or None for the shipped baseline.

    Raises:
        ScenarioError: If the file that was given is not right.

    >>> Starts(None).known[-1].key
    'defaults'
    """

    def __init__(self, file: Path | None) -> None:
        found: dict[str, Start] = {}
        if file is not None:
            first = load_scenario(file)
            found[file.stem] = Start(file.stem, file, first.scenario.question)
        folders = [SHIPPED, Path("scenarios")] if file is None else [file.parent, SHIPPED]
        for folder in folders:
            for path in sorted(folder.glob("*.yaml"))[:MOST_STARTS]:
                start = None if path.stem in found else _of_file(path)
                if start is not None:
                    found[path.stem] = start
        found[DEFAULTS] = Start(DEFAULTS, None, _OF_DEFAULTS)
        self.first = file.stem if file is not None else _PREFERRED if _PREFERRED in found else DEFAULTS
        self._found = found

    @property
    def known(self) -> list[Start]:
        """In the order in which they are offered."""
        return list(self._found.values())

    def load(self, key: str, overrides: tuple[str, ...] = ()) -> Loaded:
        """A start, with parameters changed.

        Raises:
            ScenarioError: If there is no such start, its file is no longer right, or an override is not.
        """
        start = self.start(key)
        if start.path is None:
            return load_text(safe_dump({"question": start.question}), overrides, name=DEFAULTS)
        return load_scenario(start.path, overrides)

    def start(self, key: str) -> Start:
        """The start of a name.

        Raises:
            ScenarioError: If there is none.
        """
        if key not in self._found:
            raise ScenarioError(say("no such scenario to start from"), "start", found=repr(key[:80]))
        return self._found[key]


def is_shipped(path: Path) -> bool:
    """Whether a file is one of those that come with the program, by whatever path it was given."""
    return path.resolve().parent == SHIPPED.resolve()


def _of_file(path: Path) -> Start | None:
    """A file as a start; None where it is no scenario: folders hold other YAML files too."""
    try:
        return Start(path.stem, path, load_scenario(path).scenario.question)
    except ScenarioError:
        return None
