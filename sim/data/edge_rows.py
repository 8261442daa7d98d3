"""Ties row by row: what each end is called, how strong a tie is, and the number of the person behind each id."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from sim.data.column_names import folded
from sim.data.numerals import Cell, Convention, convention_of
from sim.data.sheet import Rows
from sim.parameters.plain_words import shown
from sim.vocabulary.errors import Problems, ScenarioError
from sim.words import plural, say

MOST_PROBLEMS = 100
ANYBODY = 2**30
"""More people than a network numbers: as if there were room for every id."""

SAMPLE = 10_000


@dataclass
class EdgeList:
    """Ties of a file.

    Attributes:
        label: How messages name the file.
        ends: Numbers of the people at both ends of each tie, int32[m, 2].
        lines: Line of each tie, int64[m].
        strengths: Whether each tie is strong, bool[m]; None where the file does not say.
        ids: How many people have ties.
        facts: What was understood, as pairs of a label and a sentence.
        remarks: What is to be said even where all is well: ids that were numbered, columns and rows left aside.
    """

    label: str
    ends: npt.NDArray[np.int32]
    lines: npt.NDArray[np.int64]
    strengths: npt.NDArray[np.bool_] | None
    ids: int
    facts: list[tuple[str, str]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


class EdgeReader:
    """Takes rows one by one, and keeps numbers only.

    Args:
        label: How messages name the file.
        header: Names of its columns.
        columns: Places of the ends, of strengths and of weights.
        typed: Whether the file has types.
        decimal: `point` or `comma`, or None to find out.
        strong_from: Weight from which on a tie is strong; 0 leaves weights aside.
    """

    def __init__(
        self,
        label: str,
        header: list[str],
        columns: dict[str, int],
        typed: bool,
        decimal: str | None,
        strong_from: float,
    ) -> None:
        self.label, self.header, self.columns = label, header, columns
        self.typed, self.decimal, self.strong_from = typed, decimal, strong_from
        self.codes: dict[str, int] = {}
        self.ends, self.lines = array("q"), array("q")
        self.strong = array("b")
        self.weights: list[str] = []
        self.problems = Problems()
        self.selves = 0
        kinds = next((i for i, name in enumerate(header) if folded(name) == "type"), None)
        self.kinds, self.directed = kinds, False

    def complain(self, line: int, column: str, message: str, found: str = "", allowed: str = "") -> None:
        """Note what is wrong in a line; of a hundred faults no more are looked for."""
        name = self.header[self.columns[column]] if column else ""
        self.problems.add(message, name, f"{self.label}:{line}", shown(found) if found else "", allowed)
        if len(self.problems) >= MOST_PROBLEMS:
            raise ScenarioError(self.problems)

    def take(self, rows: Rows) -> None:
        """Take all rows; whatever is wrong with one is noted, and the next is taken."""
        width, codes = len(self.header), self.codes
        first, second, strength = (self.columns.get(name, -1) for name in ("source", "target", "strength"))
        weight = self.columns.get("weight", -1) if strength < 0 and self.strong_from else -1
        add_end, add_line = self.ends.append, self.lines.append
        for line, row in rows:
            if len(row) != width and not self._long_enough(line, row, width):
                continue
            one, other = row[first].strip(), row[second].strip()
            if one == other or not one or not other:
                self._no_tie(line, one, other)
                continue
            if strength >= 0:
                self._take_strength(line, row[strength].strip())
            elif weight >= 0:
                self.weights.append(row[weight].strip())
            if self.kinds is not None and row[self.kinds].strip().lower() == "directed":
                self.directed = True
            add_end(codes.setdefault(one, len(codes)))
            add_end(codes.setdefault(other, len(codes)))
            add_line(line)

    def _long_enough(self, line: int, row: list[str], width: int) -> bool:
        if len(row) > width and not any(cell.strip() for cell in row[width:]):
            return True
        self.complain(
            line,
            "",
            say("a row of the wrong length"),
            say("{cells} cells", cells=len(row)),
            say("{columns}, as in the header", columns=width),
        )
        return False

    def _no_tie(self, line: int, one: str, other: str) -> None:
        if one and other:
            self.selves += 1
        else:
            self.complain(line, "target" if one else "source", say("empty"), allowed=say("the id of a person"))

    def _take_strength(self, line: int, text: str) -> None:
        if text not in ("strong", "weak"):
            self.complain(line, "strength", say("not a strength"), text, say("'strong' or 'weak'"))
        self.strong.append(text == "strong")

    def finish(self, people: int, known: Mapping[str, int]) -> EdgeList:
        """Number the people, and check what only all rows together show.

        Args:
            people: How many there are.
            known: Their numbers by id, where a table has them.

        Raises:
            ScenarioError: With everything that was found wrong.
        """
        facts, remarks = [], []
        numbers, words = self._known(known) if known else self._numbers(people)
        ends = (
            numbers[np.frombuffer(self.ends, np.int64)].reshape(-1, 2) if len(self.ends) else np.zeros((0, 2), np.int32)
        )
        lines = np.frombuffer(self.lines, np.int64)
        strengths = self._strengths(ends, lines)
        self.problems.check()
        facts.append((say("ties"), plural("{n:,} tie", "{n:,} ties", len(ends))))
        facts.append((say("people"), say("{ids:,} with ties", ids=len(self.codes))))
        if words:
            remarks.append(
                say(
                    "{words}; {alone:,} of {people:,} people have no ties",
                    words=words,
                    alone=people - len(self.codes),
                    people=people,
                )
                if people < ANYBODY
                else words
            )
        if people == ANYBODY and (again := len(ends) - len(np.unique(_pairs(ends)))):
            remarks.append(plural("{n:,} tie repeats another one", "{n:,} ties repeat other ones", again))
        if self.selves:
            remarks.append(
                plural(
                    "{n:,} tie of a person to itself is left aside",
                    "{n:,} ties of people to themselves are left aside",
                    self.selves,
                )
            )
        if self.directed:
            remarks.append(say("ties are directed in the file; here whoever is tied can tell and be told"))
        return EdgeList(self.label, ends, lines, strengths, len(self.codes), facts, remarks)

    def _known(self, known: Mapping[str, int]) -> tuple[npt.NDArray[np.int32], str]:
        """The number of the person behind each code in a table of people; strangers are told."""
        strangers = [text for text in self.codes if text not in known]
        if strangers:
            self.problems.add(
                plural(
                    "{n:,} id is not in the table of people",
                    "{n:,} ids are not in the table of people",
                    len(strangers),
                ),
                place=self.label,
                found=", ".join(repr(text) for text in strangers[:5]),
                hint=say("market.people.file names the table; it has all people that have ties"),
            )
        numbers = np.array([known.get(text, 0) for text in self.codes], np.int32)
        return numbers, say("{ids:,} ids are those of the table of people", ids=len(self.codes))

    def _numbers(self, people: int) -> tuple[npt.NDArray[np.int32], str]:
        """The number of the person behind each code, and what to say where that is not the id itself."""
        ids = list(self.codes)
        digits = all(text.isascii() and text.isdigit() and len(text) < 19 for text in ids)
        if digits and all(int(text) < people and str(int(text)) == text for text in ids):
            return np.array([int(text) for text in ids], np.int32), ""
        if len(ids) > people:
            self.problems.add(
                say("more people in the list than in the market"),
                place=self.label,
                found=say("{ids:,} ids", ids=len(ids)),
                allowed=say("at most {people:,}", people=people),
                hint=say("market: {{customers: {ids}}}", ids=len(ids)),
            )
            return np.zeros(len(ids), np.int32), ""
        order = sorted(range(len(ids)), key=lambda code: int(ids[code]) if digits else ids[code])
        numbers = np.empty(len(ids), np.int32)
        numbers[order] = np.arange(len(ids), dtype=np.int32)
        words = say(
            "{ids:,} ids are numbered in their order: {first!r} is person 0, {last!r} person {number:,}",
            ids=len(ids),
            first=ids[order[0]],
            last=ids[order[-1]],
            number=len(ids) - 1,
        )
        return numbers, words

    def _strengths(self, ends: npt.NDArray[np.int32], lines: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_] | None:
        if "strength" in self.columns:
            strong = np.frombuffer(self.strong, np.int8).astype(bool)
            for row, first in _contradictions(ends, strong):
                self.complain(
                    int(lines[row]),
                    "strength",
                    say("the same tie has another strength in line {line}", line=int(lines[first])),
                    "strong" if strong[row] else "weak",
                    say("one strength for each tie"),
                )
            return strong
        if "weight" not in self.columns or not self.strong_from:
            return None
        name = self.header[self.columns["weight"]]
        cells = (
            Cell(text, name, f"{self.label}:{line}") for text, line in zip(self.weights[:SAMPLE], lines, strict=False)
        )
        convention, _, problems = convention_of(cells, self.decimal, typed=self.typed)
        self.problems += problems
        heavy = self._heavy(convention, lines)
        return _strongest(ends, heavy)

    def _heavy(self, convention: Convention, lines: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        values = np.array([convention.number(text) for text in self.weights])
        for row in np.flatnonzero(~np.isfinite(values)):
            self.complain(int(lines[row]), "weight", say("not a number"), self.weights[row], say("a number"))
        return values >= self.strong_from


def _pairs(ends: npt.NDArray[np.int32]) -> npt.NDArray[np.int64]:
    """A number for each tie, the same in both directions."""
    return (ends.min(axis=1).astype(np.int64) << 32) | ends.max(axis=1) if len(ends) else np.zeros(0, np.int64)


def _contradictions(ends: npt.NDArray[np.int32], strong: npt.NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Rows in which a tie has another strength than where it stands first, with that row."""
    if not len(ends):
        return
    _, first, member = np.unique(_pairs(ends), return_index=True, return_inverse=True)
    for row in np.flatnonzero(strong != strong[first][member]):
        yield int(row), int(first[member[row]])


def _strongest(ends: npt.NDArray[np.int32], heavy: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """A tie that stands more than once is strong where one of its weights is."""
    if not len(ends):
        return heavy
    _, member = np.unique(_pairs(ends), return_inverse=True)
    strong = np.zeros(int(member.max()) + 1, dtype=bool)
    np.logical_or.at(strong, member, heavy)
    return strong[member]
