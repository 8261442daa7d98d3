"""What an answer rests on: the changed parameters of the largest steps, where no sensitivity analysis tells more."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, NamedTuple

from sim.model.scenario import Scenario
from sim.parameters.against_defaults import against_defaults
from sim.parameters.labels import entry_label, parted, registered, section_label, unit_in
from sim.parameters.leaves import value_text
from sim.parameters.paths import locate
from sim.parameters.plain_words import information
from sim.results.amounts import text_shown
from sim.vocabulary.errors import ScenarioError
from sim.vocabulary.parameter import Vector
from sim.words import say

MOST_TOLD = 3

AROUND_IT = ("run.", "name", "question", "asks", "market.customers", "money.measure")
"""Parameters that say how much is run and measured, and assume nothing of anybody."""


class ChangedParameter(NamedTuple):
    """A parameter that was set otherwise: where it stands, what it was, what it is, both as text."""

    path: str
    before: str
    after: str


def rests_on(steps: Iterable[ChangedParameter], scenario: Scenario) -> list[str]:
    """The changed parameters that went furthest, in words.

    How far is measured by the range in which a practitioner would move it. What is no quantity comes last, in the
    order of the file. Parts of a section that go the same way, such as a level on each dimension, are told as one.

    Args:
        steps: All that were changed.
        scenario: Whose they are.

    Returns:
        A phrase for each of the three that went furthest.

    >>> rests_on([ChangedParameter("name", "a", "b"), ChangedParameter("firm.desk.ease", "0", "2")], Scenario())
    ['Complaint desk: Ease of complaining 0 → 2 (index)', 'Name a → b']
    >>> parts = ("empathy", "assurance")
    >>> rests_on([ChangedParameter(f"firm.systems.service.{part}", "5.6", "5.9") for part in parts], Scenario())
    ['Systems, Delivered quality 5.6 → 5.9 points (1-7)']
    """
    known = sorted(steps, key=lambda step: -_reach(step, type(scenario)))
    tree = scenario.model_dump()
    groups: dict[tuple[str, ...], list[ChangedParameter]] = {}
    for step in known:
        groups.setdefault(_group(step, tree, type(scenario)), []).append(step)
    return [_told(group[0], scenario, many=len(group) > 1) for group in list(groups.values())[:MOST_TOLD]]


def _group(step: ChangedParameter, tree: dict[str, Any], kind: type[Scenario]) -> tuple[str, ...]:
    """What is told as one: parts of a section of numbers that are set to the same at the same time."""
    section = together(step.path, tree, kind)
    return (section, parted(step.path)[1], step.before, step.after) if section else (step.path,)


def together(entry: str, tree: dict[str, Any], kind: type[Scenario]) -> str:
    """The section of numbers that a changed parameter is a part of; empty where it stands by itself.

    Args:
        entry: Its path, with the moment of a change in time.
        tree: `Scenario.model_dump()`.
        kind: Of the scenario.

    >>> together("firm.systems.service.empathy from 1 May 2026", Scenario().model_dump(), Scenario)
    'firm.systems.service'
    >>> together("firm.desk.ease", Scenario().model_dump(), Scenario)
    ''
    """
    above = parted(entry)[0].rpartition(".")[0]
    try:
        section = locate(tree, above, kind)[1] if above else None
    except ScenarioError:
        return ""
    return above if section is not None and issubclass(section, Vector) else ""


def foundations(scenario: Scenario) -> list[str]:
    """The parameters of a scenario that differ most from their defaults, what surrounds the run apart."""
    changed = [
        ChangedParameter(path, value_text(default), value_text(value))
        for path, _, value, default in against_defaults(scenario)
        if value != default and not path.startswith(AROUND_IT)
    ]
    return rests_on(changed, scenario)


def _reach(step: ChangedParameter, kind: type[Scenario]) -> float:
    info = information(registered(step.path), kind)
    if info is None or info.practical is None:
        return -1.0
    try:
        size = abs(float(step.after) - float(step.before))
    except ValueError:
        return -1.0
    low, high = info.practical
    return size / (high - low) if high > low and math.isfinite(size) else -1.0


def _told(step: ChangedParameter, scenario: Scenario, *, many: bool) -> str:
    kind = type(scenario)
    info = information(registered(step.path), kind)
    named = section_label(step.path, kind) if many else entry_label(step.path, kind)
    told = {"parameter": named, "before": text_shown(step.before), "after": text_shown(step.after)}
    unit = (
        ""
        if info is None or info.unit in ("name", "text", "yes/no", "mapping", "ratio")
        else unit_in(info.unit, scenario.money.currency)
    )
    if "(" in unit:
        return say("{parameter} {before} → {after} {unit}", unit=unit, **told)
    if unit:
        return say("{parameter} {before} → {after} ({unit})", unit=unit, **told)
    return say("{parameter} {before} → {after}", **told)
