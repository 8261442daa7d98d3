"""What a rule file must hold: the version of the contract, declarations like a room's, functions of known numbers."""

from __future__ import annotations

import inspect
import keyword
import re
import typing
from collections.abc import Iterator, Sequence
from typing import Any

from sim.model.moments import KNOWN, LUCK, MOMENTS, VERSION
from sim.model.rooms import COLUMNS, O
from sim.parameters.plain_words import closest, shown
from sim.parameters.registry import declared
from sim.rules.at import MOMENT
from sim.vocabulary.column import Column
from sim.vocabulary.errors import Problem, Problems, ScenarioError
from sim.vocabulary.observables import STOCK, Observable
from sim.vocabulary.outside_rule import OutsideRule, RuleStep
from sim.vocabulary.parameter import Section
from sim.words import say

NAME = re.compile(r"[a-z][a-z0-9_]{0,30}")
NUMBERS = (float, int, bool)
KEPT_TYPE = "f8"
SECTION = "class Parameters(Section)"
ALWAYS = tuple(field.name for field in (*KNOWN, *LUCK))
"""What may be asked at every moment."""

OURS = frozenset(
    (*ALWAYS, *(column.name for column in COLUMNS), *O, *(n for m in MOMENTS.values() for n in m.outcomes))
)
"""Names that mean something already."""


def check_name(name: str, path: str) -> None:
    """Refuse a file whose name can be no key of a scenario."""
    if NAME.fullmatch(name) is None or keyword.iskeyword(name):
        allowed = say("up to 31 small letters, digits and _, beginning with a letter, and .py")
        raise ScenarioError(say("not a name of a rule"), place=path, found=shown(name), allowed=allowed)


def collisions(rules: Sequence[OutsideRule]) -> Iterator[Problem]:
    """Names that two rules give to different things."""
    owners: dict[str, OutsideRule] = {}
    for rule in rules:
        for item in rule.declared:
            if item.name in owners:
                other = owners[item.name].path
                yield Problem(
                    say("a name that another rule has too"),
                    item.name,
                    rule.path,
                    found=say("also in {file}", file=other),
                )
            owners[item.name] = rule


class Findings:
    """What is wrong with one rule file; every method returns what it can use of a part.

    Args:
        path: Of the file.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.problems = Problems()

    def note(self, message: str, key: str = "", line: int | None = None, **more: Any) -> None:
        """Take note of a problem."""
        self.problems.add(message, key, self.path if line is None else f"{self.path}:{line}", **more)

    def raise_any(self) -> None:
        """Raise `ScenarioError` if anything was noted."""
        self.problems.check()

    def version(self, module: Any) -> None:
        """Refuse at once what was written for another contract."""
        found = getattr(module, "VERSION", None)
        if type(found) is not int or found != VERSION:
            message = say("written for another version of what rules may ask") if found else say("states no version")
            self.note(message, "VERSION", found=shown(found), allowed=f"VERSION = {VERSION}")
            self.raise_any()

    def section(self, module: Any, name: str) -> type[Section] | None:
        """The parameters, or None where there are none."""
        found = module.__dict__.get("Parameters")
        if found is None:
            return None
        if not (isinstance(found, type) and issubclass(found, Section)):
            self.note(say("not a section"), "Parameters", allowed=SECTION)
            return None
        for key, field in found.model_fields.items():
            if field.annotation not in NUMBERS:
                self.note(say("not a parameter of a rule"), f"Parameters.{key}", allowed=say("float, int or bool"))
            elif not (field.title and declared(field).get("unit")):
                self.note(say("has no label, unit and source"), f"Parameters.{key}", allowed="parameter(...)")
            elif field.is_required():
                self.note(say("has no default"), f"Parameters.{key}", allowed="parameter(DEFAULT, ...)")
            elif key in OURS:
                self.note(say("a name that means something already"), f"Parameters.{key}")
        return found

    def columns(self, module: Any) -> tuple[Column, ...]:
        """What the rule keeps of a person."""
        found = self._declared(module, "COLUMNS", Column)
        for column in found:
            if (column.dtype, column.width) != (KEPT_TYPE, 1):
                self.note(
                    say("not a column of a rule"),
                    column.name,
                    found=say("{width} of {dtype}", width=column.width, dtype=column.dtype),
                    allowed=say('one number: Column(NAME, "{dtype}", 1, UNIT, MEANING)', dtype=KEPT_TYPE),
                )
        return found

    def observables(self, module: Any) -> tuple[Observable, ...]:
        """What the rule counts."""
        return self._declared(module, "OBSERVABLES", Observable)

    def _declared(self, module: Any, key: str, kind: type[Any]) -> tuple[Any, ...]:
        found = module.__dict__.get(key, ())
        if not isinstance(found, tuple) or not all(isinstance(item, kind) for item in found):
            self.note(say("not what is declared here"), key, allowed=say("a tuple of {kind}", kind=kind.__name__))
            return ()
        for item in found:
            if NAME.fullmatch(item.name) is None:
                self.note(say("not a name"), key, found=shown(item.name), allowed=say("small letters, digits and _"))
            elif item.name in OURS:
                self.note(say("a name that means something already"), item.name, hint=say("take another name"))
        return found

    def steps(
        self, module: Any, section: type[Section] | None, columns: Sequence[Column], observables: Sequence[Observable]
    ) -> tuple[RuleStep, ...]:
        """The functions that are marked, in the order of the moments."""
        parameters = list(section.model_fields) if section is not None else []
        own = [*parameters, *(item.name for item in columns), *(item.name for item in observables)]
        for name in sorted({name for name in own if own.count(name) > 1}):
            self.note(
                say("stands for two things"),
                name,
                hint=say("a parameter, a column and an observable have names of their own"),
            )
        marked = [item for item in module.__dict__.values() if callable(item) and hasattr(item, MOMENT)]
        if not marked:
            self.note(
                say("does nothing"),
                allowed=say("a function marked with @at(MOMENT): {moments}", moments=", ".join(MOMENTS)),
            )
        found: list[RuleStep] = []
        for function in marked:
            moment, line = getattr(function, MOMENT), function.__code__.co_firstlineno
            if moment not in MOMENTS:
                self.note(
                    say("no such moment"),
                    function.__name__,
                    line,
                    found=shown(moment),
                    allowed=", ".join(MOMENTS),
                    suggestion=closest(str(moment), MOMENTS),
                )
                continue
            if any(step.moment == moment for step in found):
                self.note(
                    say("a second function for {moment}", moment=moment),
                    function.__name__,
                    line,
                    allowed=say("one for each moment"),
                )
                continue
            asked = [*ALWAYS, *MOMENTS[moment].outcomes, *(column.name for column in columns), *parameters]
            given = [*MOMENTS[moment].changes, *(column.name for column in columns)]
            given += [item.name for item in observables if item.kind != STOCK or moment == "end_of_period"]
            arguments = self._arguments(function, asked, line)
            results = self._results(function, given, line)
            found.append(RuleStep(moment, function, arguments, results, line))
        order = list(MOMENTS)
        return tuple(sorted(found, key=lambda step: order.index(step.moment)))

    def _arguments(self, function: Any, asked: Sequence[str], line: int) -> tuple[str, ...]:
        for name, item in inspect.signature(function).parameters.items():
            if item.kind is not inspect.Parameter.POSITIONAL_OR_KEYWORD or item.default is not inspect.Parameter.empty:
                self.note(
                    say("not a plain argument"), f"{function.__name__}({name})", line, allowed=say("a name alone")
                )
            elif name not in asked:
                self.note(
                    say("unknown argument"),
                    f"{function.__name__}({name})",
                    line,
                    hint=say("an argument is known of a customer, a column or a parameter of the rule"),
                    suggestion=closest(name, asked),
                )
        return tuple(inspect.signature(function).parameters)

    def _results(self, function: Any, given: Sequence[str], line: int) -> tuple[str, ...]:
        try:
            kind = typing.get_type_hints(function).get("return")
        except Exception as error:
            self.note(say("its annotations cannot be read: {error}", error=error), function.__name__, line)
            return ()
        names = getattr(kind, "_fields", None)
        if not names:
            self.note(
                say("does not say what it returns"), function.__name__, line, allowed=say("-> a NamedTuple with fields")
            )
            return ()
        for name in names:
            if name not in given:
                self.note(
                    say("unknown result"),
                    f"{function.__name__} -> {name}",
                    line,
                    hint=say("a result is a column or an observable of the rule, or what may be changed then"),
                    suggestion=closest(name, given),
                )
        return tuple(names)
