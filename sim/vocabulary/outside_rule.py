"""What a rule from outside is: a file like a room of the model, given by whoever starts a run, never by a scenario."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sim.vocabulary.column import Column
from sim.vocabulary.observables import Observable

if TYPE_CHECKING:
    from sim.vocabulary.parameter import Section


@dataclass(frozen=True)
class RuleStep:
    """A function of a rule, and the moment of a period at which it is called for a person.

    Attributes:
        moment: One of `sim.model.moments.MOMENTS`.
        function: Numbers in, a named tuple out.
        arguments: What it is called with, in order: fields of the moment, columns and parameters of the rule.
        results: What it returns, in order: columns, observables, or what the moment lets a rule change.
        line: Of the file, where it begins.
    """

    moment: str
    function: Callable[..., Any]
    arguments: tuple[str, ...]
    results: tuple[str, ...]
    line: int


@dataclass(frozen=True)
class OutsideRule:
    """A rule from outside, read and checked; two are equal if name, file and text are.

    Attributes:
        name: Of the file without its ending, and of its section in a scenario: `rules.<name>`.
        path: The file, as it was given.
        sha256: Hash of its text.
        text: The text, which goes to workers.
        meaning: First line of its docstring.
        section: Its parameters.
        columns: What it knows of a person.
        observables: What it counts.
        steps: What it does.
    """

    name: str
    path: str
    sha256: str
    text: str = field(repr=False)
    meaning: str = field(compare=False)
    section: type[Section] = field(compare=False)
    columns: tuple[Column, ...] = field(compare=False)
    observables: tuple[Observable, ...] = field(compare=False)
    steps: tuple[RuleStep, ...] = field(compare=False)

    @property
    def declared(self) -> tuple[Column | Observable, ...]:
        """Its columns and observables."""
        return (*self.columns, *self.observables)

    def at(self, moment: str) -> RuleStep | None:
        """What it does at a moment, or None."""
        return next((step for step in self.steps if step.moment == moment), None)
