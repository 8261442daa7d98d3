"""The loops of rules over a table of customers: written here, compiled once a process, called by address.

A loop has one signature, whatever the rule, so that the kernels of the engine, which call it, are never compiled for
it. Where code is not compiled, the same loop is plain Python and its address a key of `sim.compiled.AT`.
"""

from __future__ import annotations

import re
import threading
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from sim.compiled import AT, PLAIN
from sim.model.moments import FIELDS, LUCK, MOMENTS, NO_LUCK, Outside, W
from sim.model.scenario import Scenario
from sim.vocabulary.errors import ExitVoiceError, Problem, ScenarioError
from sim.vocabulary.observables import AMOUNT, FIXED_POINT
from sim.vocabulary.outside_rule import OutsideRule, RuleStep
from sim.words import plural, say

_ADDRESSES: dict[tuple[OutsideRule, str, str], int] = {}
_KEPT: list[Any] = []
"""Compiled loops, which must not go while their addresses are known."""

_LOCK = threading.RLock()

_SOURCE = "<loop of a rule>"
_SKIPPED = ("Failed in", "During:", "File ", "<source", "^", "[", "-", "- ")
"""How lines of a message of numba begin that say nothing by themselves."""

TURNS = 256
"""Numbers of luck that a rule has at a moment for the times within a period at which it asks about one person."""

_LOOP = """
def loop(table, height, width, people, parameters, count):
    rows = carray(table, (height, width))
    values = carray(parameters, (count,))
    for j in range(people):
        given = function({arguments})
        {results}
    rows[{done}, 0] = 1.0
"""
_PLAIN_LOOP = """
def loop(rows, people, values):
    for j in range(people):
        given = function({arguments})
        {results}
    rows[{done}, 0] = 1.0
"""


class OutsideError(ExitVoiceError):
    """A rule from outside gave something that is no usable number, or raised an error."""


class _Layout:
    """Where the columns, observables and parameters of all rules of a run stand."""

    def __init__(self, rules: tuple[OutsideRule, ...]) -> None:
        columns = [column.name for rule in rules for column in rule.columns]
        observables = [item.name for rule in rules for item in rule.observables]
        self._rows = {name: getattr(W, name) for name in W}
        self._rows |= {name: len(FIELDS) + place for place, name in enumerate((*columns, *observables))}
        names = [(rule.name, name) for rule in rules for name in rule.section.model_fields]
        self._places = {name: place for place, name in enumerate(names)}

    def argument(self, rule: OutsideRule, name: str) -> str:
        place = self._places.get((rule.name, name))
        return f"float(values[{place}])" if place is not None else f"float(rows[{self._rows[name]}, j])"

    def loop(self, rule: OutsideRule, step: RuleStep, frame: str) -> str:
        """The text of a step's loop."""
        arguments = ", ".join(self.argument(rule, name) for name in step.arguments)
        results = [f"rows[{self._rows[name]}, j] = given[{place}]" for place, name in enumerate(step.results)]
        return frame.format(arguments=arguments, results="\n        ".join(results), done=W.done)


def rules_as_read(scenario: Scenario, flaws: Any = None) -> Outside:
    """The rules of a scenario as the engine's kernels read them, with the parameters of the present.

    Args:
        scenario: With its rules; as the timeline has it in the present period.
        flaws: int64[1], where what is wrong is counted; a new one if left out.

    Raises:
        ScenarioError: If numba cannot compile a rule.

    >>> rules_as_read(Scenario()).parameters.size
    0
    """
    rules = scenario.outside
    layout = _Layout(rules)
    at: dict[str, Any] = {}
    for moment in MOMENTS:
        steps = [(rule, step) for rule in rules if (step := rule.at(moment)) is not None]
        found = [(_address(layout, rule, step), key_of_luck(rule, step)) for rule, step in steps]
        at[moment] = np.array(found, np.int64).reshape(-1, 2)
    values = [float(getattr(_section(scenario, rule), name)) for rule in rules for name in rule.section.model_fields]
    scales = [FIXED_POINT if item.form == AMOUNT else 1.0 for rule in rules for item in rule.observables]
    counted = np.zeros(1, np.int64) if flaws is None else flaws
    return Outside(**at, parameters=np.array(values, float), scales=np.array(scales, float), flaws=counted)


def _section(scenario: Scenario, rule: OutsideRule) -> Any:
    return getattr(scenario.rules, rule.name)  # type: ignore[attr-defined]


def key_of_luck(rule: OutsideRule, step: RuleStep) -> int:
    """First index in the stream OUTSIDE of a rule at a moment, from its name: other rules move it nowhere.

    `NO_LUCK` for a function that asks for none.
    """
    if not {field.name for field in LUCK} & set(step.arguments):
        return NO_LUCK
    return zlib.crc32(f"{rule.name} {step.moment}".encode()) // TURNS * TURNS


def _address(layout: _Layout, rule: OutsideRule, step: RuleStep) -> int:
    text = layout.loop(rule, step, _PLAIN_LOOP if PLAIN else _LOOP)
    key = (rule, step.moment, text)
    with _LOCK:
        if key not in _ADDRESSES:
            _ADDRESSES[key] = _plain(text, step) if PLAIN else _compiled(text, rule, step)
        return _ADDRESSES[key]


def _made(text: str, **known: Any) -> Callable[..., None]:
    space = dict(known)
    exec(compile(text, _SOURCE, "exec"), space)
    return space["loop"]


def _plain(text: str, step: RuleStep) -> int:
    address = len(AT)
    AT[address] = _made(text, function=step.function)
    return address


def _compiled(text: str, rule: OutsideRule, step: RuleStep) -> int:
    from sim.kernel_compiler import compile_kernel, compile_loop

    try:
        loop = compile_loop(_made(text, function=compile_kernel(step.function, inlined=True)))
    except Exception as error:
        raise ScenarioError(_not_compiled(rule, step, str(error))) from None
    _KEPT.append(loop)
    return int(loop.address)


def _not_compiled(rule: OutsideRule, step: RuleStep, said: str) -> Problem:
    """What numba says at length, in a line, at the line of the file."""
    lines = [line.strip() for line in re.sub(r"\x1b\[[0-9;]*m", "", said).splitlines() if line.strip()]
    places = re.findall(rf'File "[^"]*{re.escape(Path(rule.path).name)}", line (\d+)', said)
    telling = [line for line in lines if not line.startswith(_SKIPPED)]
    place = f"{rule.path}:{places[-1] if places else step.line}"
    return Problem(
        say("cannot be compiled"),
        step.function.__name__,
        place,
        found=telling[0] if telling else said[:100],
        hint=say("a rule computes with numbers: arithmetic, comparisons, `math`, and functions marked with @rule"),
    )


def check_compiled(scenario: Scenario) -> None:
    """Compile the rules of a scenario, to know that it can be done.

    Raises:
        ScenarioError: If one cannot be compiled.
    """
    rules_as_read(scenario)


def flawed(scenario: Scenario, flaws: int, period: int) -> OutsideError:
    """What is told of a run whose rules gave no usable numbers."""
    files = ", ".join(rule.path for rule in scenario.outside)
    return OutsideError(
        plural(
            "{files}: gave no number that can be counted, {n} time in period {period} (infinite, too large, an error)",
            "{files}: gave no number that can be counted, {n} times in period {period} (infinite, too large, an error)",
            flaws,
            files=files,
            period=period,
        )
    )
