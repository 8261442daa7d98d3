"""Errors that a user can cause and can mend."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TypedDict, Unpack

from sim.vocabulary.exit_status import ExitStatus
from sim.vocabulary.text import ONE_LINE, SEVERAL_LINES, escaped, flaw
from sim.words import Sentences, say, translated

MOST_SHOWN = 20


class ExitVoiceError(Exception):
    """Any error that this program raises on purpose."""

    exit_status: int = ExitStatus.FAILED


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with the input, in the words of its author.

    Attributes:
        message: What is wrong.
        key: The parameter's path, or empty.
        place: Where it stands: `file:line:column`, or `--set ...`.
        found: What was found there.
        allowed: What may stand there.
        suggestion: The nearest valid name.
        hint: How to mend it.
        of_name: Whether the name is wrong, and not what stands under it.

    Printed, it holds nothing that a terminal obeys, wherever its parts come from.

    >>> print(Problem("unknown parameter", "firm.eese", "a.yaml:3:5", suggestion="firm.desk.ease"))
    a.yaml:3:5: firm.eese: unknown parameter; did you mean firm.desk.ease?
    """

    message: str
    key: str = ""
    place: str = ""
    found: str = ""
    allowed: str = ""
    suggestion: str = ""
    hint: str = ""
    of_name: bool = field(default=False, kw_only=True)

    def __str__(self) -> str:
        head = "".join(f"{part}: " for part in (self.place, self.key) if part)
        parts = Sentences([head + self.message])
        if self.found:
            parts.say("found {found}", found=self.found)
        if self.allowed:
            parts.say("allowed: {allowed}", allowed=self.allowed)
        if self.hint:
            parts.append(self.hint)
        if self.suggestion:
            parts.say("did you mean {suggestion}?", suggestion=self.suggestion)
        return escaped("; ".join(parts))

    def at(self, place: str, key: str | None = None) -> Problem:
        """The same problem with its place, and optionally another key."""
        return replace(self, place=place, key=self.key if key is None else key)


def text_problem(text: str, key: str = "", place: str = "", *, lines: bool = False) -> Problem | None:
    """What is wrong with a text that came in from outside, or none.

    Args:
        text: The value, decoded.
        key: What it is the value of.
        place: Where it stands.
        lines: Whether tabs and line breaks make sense there.

    >>> print(text_problem("a" + chr(7), "name", "a.yaml:1:7").found)
    U+0007 (BELL) as character 2
    """
    found = flaw(text, lines=lines)
    return (
        Problem(found.why, key, place, found.found, translated(SEVERAL_LINES if lines else ONE_LINE)) if found else None
    )


class ProblemParts(TypedDict, total=False):
    """What a `Problem` tells besides its message."""

    key: str
    place: str
    found: str
    allowed: str
    suggestion: str
    hint: str
    of_name: bool


class ScenarioError(ExitVoiceError):
    """Bad input: the message says where it is, what was found and what is allowed.

    Args:
        problems: A message, one `Problem` or several; `str()` gives one line for each, twenty at most.
        *parts: With a message: key, place and so on of the `Problem` that it tells, in their order.
        **told: The same by name.

    >>> str(ScenarioError("the file is empty", place="a.yaml"))
    'a.yaml: the file is empty'
    """

    exit_status: int = ExitStatus.BAD_INPUT

    def __init__(self, problems: str | Problem | Iterable[Problem], *parts: str, **told: Unpack[ProblemParts]) -> None:
        if isinstance(problems, str):
            problems = Problem(problems, *parts, **told)
        self.problems: tuple[Problem, ...] = (
            (problems,) if isinstance(problems, Problem) else tuple(dict.fromkeys(problems))
        )
        super().__init__(self.problems)

    def __str__(self) -> str:
        lines = [str(problem) for problem in self.problems[:MOST_SHOWN]]
        if len(self.problems) > MOST_SHOWN:
            lines.append(f"... {say('and {more} more', more=len(self.problems) - MOST_SHOWN)}")
        return "\n".join(lines)


class Problems(list[Problem]):
    """What was found to be wrong so far.

    >>> problems = Problems()
    >>> problems.add("empty", "name", "a.yaml:1:7")
    >>> problems.check()
    Traceback (most recent call last):
    ...
    sim.vocabulary.errors.ScenarioError: a.yaml:1:7: name: empty
    """

    def add(self, message: str, *parts: str, **told: Unpack[ProblemParts]) -> None:
        """Find one more; arguments as of `Problem`."""
        self.append(Problem(message, *parts, **told))

    def check(self) -> None:
        """Refuse the input if anything is wrong.

        Raises:
            ScenarioError: With all that is.
        """
        if self:
            raise ScenarioError(self)
