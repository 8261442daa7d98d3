"""A condition of an experiment as people read it: outputs and parameters by what they are called."""

from __future__ import annotations

import re

from sim.model.scenario import Scenario
from sim.parameters.labels import label
from sim.results.outputs import output_label
from sim.vocabulary.errors import ScenarioError
from sim.words import say

_NAME = re.compile(r"[A-Za-z_][\w.@]*(?:\[[^\]]*\])?")
_WORDS = ("and", "or", "not", "True", "False", "min", "max", "abs")


def told_condition(text: str, kind: type[Scenario] = Scenario) -> str:
    """A condition with labels for names; what has none keeps its name.

    >>> told_condition("retention < 0.8 and customers.end > 10")
    '“Yearly retention” < 0.8 and “Customers, at the end” > 10'
    >>> told_condition("firm.desk.ease <= firm.desk.agents")
    '“Complaint desk: Ease of complaining” <= “Complaint desk: Desk staff”'
    """

    def named(found: re.Match[str]) -> str:
        name = found[0]
        if name in _WORDS:
            return name
        called = label(name, kind)
        if called == name:
            try:
                called = output_label(name)
            except (ScenarioError, ValueError):
                return name
        return say("“{label}”", label=called)

    return _NAME.sub(named, text)
