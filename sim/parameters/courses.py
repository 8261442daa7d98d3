"""The timeline as people read it: the steps of a ramp as one course, and what recurs told once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sim.model.scenario import Change
from sim.parameters.leaves import leaves, value_text
from sim.parameters.relative import WAY
from sim.words import plural


@dataclass
class Course:
    """Changes that belong together.

    Attributes:
        at: When the first takes effect.
        until: When the last ends, or None.
        values: By path the values, one after the other.
        again: How often more it recurs with the same values.
    """

    at: int | dt.date
    until: int | dt.date | None
    values: dict[str, list[Any]] = field(default_factory=dict)
    again: int = 0

    def text(self, path: str) -> str:
        """The value of one parameter in words; of a ramp, where it goes.

        >>> Course(0, None, {"firm.desk.ease": ["1/2 of the way to 3", 3]}).text("firm.desk.ease")
        'to 3, in 2 steps'
        """
        values = self.values[path]
        if len(values) == 1:
            return value_text(values[0])
        way = str(values[0]).partition(WAY)[2].strip()
        return plural("{way}, in {n} step", "{way}, in {n} steps", len(values), way=way)

    def told(self) -> Iterator[tuple[str, str]]:
        """Each parameter by path with its value in words; those of a section one by one.

        >>> list(Course(0, None, {"firm.desk": [{"ease": 1, "agents": 2}]}).told())
        [('firm.desk.ease', '1'), ('firm.desk.agents', '2')]
        """
        for path, values in self.values.items():
            if len(values) == 1 and isinstance(values[0], dict):
                for inner, value in leaves(values[0]):
                    yield f"{path}.{inner}", value_text(value)
            else:
                yield path, self.text(path)

    def recurs(self) -> str:
        """How often more, in words; empty if it does not."""
        return plural("and once more", "and {n} times more", self.again) if self.again else ""


def courses(timeline: Sequence[Change]) -> list[Course]:
    """The steps of a ramp put together, and what comes again with the same values.

    >>> steps = [Change(at=k, until=k + 1, set={"firm.desk.ease": f"{k}/4 of the way to 1"}) for k in (1, 2, 3)]
    >>> [(one.at, one.until, one.text("firm.desk.ease")) for one in courses(steps)]
    [(1, 4, 'to 1, in 3 steps')]
    """
    found: list[Course] = []
    for change in timeline:
        last = found[-1] if found else None
        if last is not None and last.until == change.at and _is_ramp(last) and list(last.values) == list(change.set):
            last.until = change.until
            for path, value in change.set.items():
                last.values[path].append(value)
            continue
        values = {path: [value] for path, value in change.set.items()}
        if last is not None and last.until is not None and change.until is not None and last.values == values:
            last.again += 1
            continue
        found.append(Course(change.at, change.until, values))
    return found


def _is_ramp(course: Course) -> bool:
    return not course.again and all(
        isinstance(values[-1], str) and WAY in values[-1] for values in course.values.values()
    )
