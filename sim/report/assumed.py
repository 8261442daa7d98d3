"""What an answer rests on: the changed parameters of the largest steps, where no sensitivity analysis tells more."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

from sim.model.scenario import Scenario
from sim.parameters.against_defaults import against_defaults
from sim.parameters.labels import entry_label, registered, unit_in
from sim.parameters.leaves import value_text
from sim.parameters.plain_words import information
from sim.results.amounts import text_shown
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
    order of the file.

    Args:
        steps: All that were changed.
        scenario: Whose they are.

    Returns:
        A phrase for each of the three that went furthest.

    >>> rests_on([ChangedParameter("name", "a", "b"), ChangedParameter("firm.desk.ease", "0", "2")], Scenario())
    ['Complaint desk: Ease of complaining 0 → 2 (index)', 'Name a → b']
    """
    known = sorted(steps, key=lambda step: -_reach(step, type(scenario)))
    return [_told(step, scenario) for step in known[:MOST_TOLD]]


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


def _told(step: ChangedParameter, scenario: Scenario) -> str:
    kind = type(scenario)
    info = information(registered(step.path), kind)
    named = entry_label(step.path, kind)
    step = step._replace(before=text_shown(step.before), after=text_shown(step.after))
    unit = (
        ""
        if info is None or info.unit in ("name", "text", "yes/no", "mapping")
        else unit_in(info.unit, scenario.money.currency)
    )
    if unit:
        return say(
            "{parameter} {before} → {after} ({unit})", parameter=named, before=step.before, after=step.after, unit=unit
        )
    return say("{parameter} {before} → {after}", parameter=named, before=step.before, after=step.after)
