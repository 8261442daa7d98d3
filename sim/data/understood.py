"""How a table was understood, in words: shown before anything is fitted, and kept with the fit."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.data.users_table import UsersTable
from sim.words import say


@dataclass(frozen=True)
class Understood:
    """How a table was understood.

    Attributes:
        data: Name of the file.
        kind: What it holds.
        segment: Segment of the scenario that it is of; empty where it is of the whole firm.
        facts: Pairs of a label and a sentence.
        odd: What looks odd, in sentences.
    """

    data: str
    kind: str
    facts: tuple[tuple[str, str], ...]
    odd: tuple[str, ...]
    segment: str = ""

    @property
    def name(self) -> str:
        """The file, and of which segment it is.

        >>> Understood("a.csv", "churn", (), (), "gold").name
        'a.csv [gold]'
        """
        return f"{self.data} [{self.segment}]" if self.segment else self.data

    def lines(self) -> list[str]:
        r"""As it is printed.

        >>> print(*Understood("a.csv", "churn", (("file", "UTF-8"),), ("no ids",)).lines(), sep="\n")
        a.csv, read as churn:
          file  UTF-8
          odd   no ids
        """
        pairs = [*self.facts, *((say("odd"), sentence) for sentence in self.odd)]
        width = max((len(label) for label, _ in pairs), default=0)
        head = say("{data}, read as {kind}:", data=self.name, kind=self.kind)
        return [head, *(f"  {label:<{width}}  {sentence}" for label, sentence in pairs)]

    def as_json(self) -> dict[str, Any]:
        """As plain values."""
        return {
            "data": self.data,
            "kind": self.kind,
            **({"segment": self.segment} if self.segment else {}),
            "facts": [{"what": label, "understood": sentence} for label, sentence in self.facts],
            "odd": list(self.odd),
        }


def understood(table: UsersTable) -> Understood:
    """What was noted while a table was read."""
    odd = tuple(dict.fromkeys(table.odd))
    return Understood(Path(table.label).name, table.kind.name, tuple(table.facts), odd, table.of_segment)
