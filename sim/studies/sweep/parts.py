"""A part of a design for each job of a batch system's array, and all parts gathered in one folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from sim.results.place import LEDGER
from sim.runs.execution.task import DONE
from sim.runs.experiment.points import Point
from sim.runs.session import ResumeError, refuse_another, warn_of_damage
from sim.runs.store import shards
from sim.runs.store.store import Store
from sim.vocabulary.errors import ScenarioError
from sim.words import say

PART = "part"
"""In the manifest of a part: which it is."""

LONGEST = 20
"""Characters of a part as it is typed."""


class PartOfDesign(NamedTuple):
    """One of some parts of a design: every so manyth point, with all its replications.

    Attributes:
        number: From 1.
        of: How many there are.

    >>> PartOfDesign(2, 3).has(Point(4, "", {})), PartOfDesign(2, 3).has(Point(5, "", {}))
    (True, False)
    """

    number: int
    of: int

    def has(self, point: Point) -> bool:
        """Whether a point is in it, by its number in the design."""
        return point.number % self.of == self.number - 1


def part_of(text: str) -> PartOfDesign:
    """A part as it is typed.

    Raises:
        ScenarioError: If it is none.

    >>> part_of("3/16")
    PartOfDesign(number=3, of=16)
    """
    number, _, of = text.partition("/")
    if number.isdecimal() and of.isdecimal() and number.isascii() and of.isascii() and len(text) < LONGEST:
        part = PartOfDesign(int(number), int(of))
        if 1 <= part.number <= part.of:
            return part
    allowed = say("a number and how many there are, such as 3/16; the first is 1/16, the last 16/16")
    raise ScenarioError(say("no part of a design"), "--part", found=repr(text), allowed=allowed)


def folders_in(folder: Path) -> list[Path]:
    """Folders of studies in a folder, by name.

    Raises:
        ResumeError: If there is none.
    """
    found = sorted(path.parent for path in folder.glob(f"*/{LEDGER}")) if folder.is_dir() else []
    if not found:
        raise ResumeError(say("{folder}: holds no folders of parts, so nothing can be gathered", folder=folder))
    return found


def gather(store: Store, folder: Path, manifest: Mapping[str, Any]) -> None:
    """Take in what parts have done, whether they came to their end or not; what is missing is left to be done.

    Args:
        store: Of the whole study, its points noted.
        folder: Holds the folders of the parts.
        manifest: What the whole study is.

    Raises:
        ResumeError: If there is no part, or one is of another study; nothing is taken in then.
        StoreError: If a file is damaged while it is read.
    """
    parts = []
    for place in folders_in(folder):
        part = Store.open(place)
        theirs = {key: value for key, value in part.manifest.items() if key != PART}
        refuse_another(place, {**theirs, "stages": None}, {**manifest, "stages": None})
        if theirs["stages"] != store.manifest["stages"]:
            raise ResumeError(
                say("{folder}: was extended in other steps than the study that it shall be gathered in", folder=place)
            )
        warn_of_damage(part)
        parts.append(part)
    for part in parts:
        for batch in part.tables():
            store.append(_news(store, batch))
    store.flush()


def _news(store: Store, table: Any) -> Iterator[Any]:
    """Rows that are done, and failed ones of runs that are not known."""
    return (row for row in shards.rows_of(table) if row.status == DONE or not store.is_known(row.key))
