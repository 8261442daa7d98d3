"""The first page of a report: what to do, what it costs and brings, how sure, what it rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sim.model.scenario import Scenario
from sim.parameters.paths import put_under
from sim.report.assumed import foundations
from sim.words import say


class Typed(str):
    """A sentence that names parameters by their labels, with what is typed into a file to do what it says.

    A page shows that small below the sentence; whoever joins sentences loses it.

    Attributes:
        typed: A line of a scenario file.

    >>> said = Typed("Set less.", {"firm.desk.ease": -1, "firm.desk.agents": 2, "firm.people.pay": 20})
    >>> said, said.typed
    ('Set less.', 'firm: {desk: {ease: -1, agents: 2}, people: {pay: 20}}')
    """

    __slots__ = ("typed",)

    typed: str

    def __new__(cls, said: str, values: Mapping[str, Any]) -> Typed:
        """The sentence, and values by path."""
        found = super().__new__(cls, said)
        tree: dict[str, Any] = {}
        for path, value in values.items():
            put_under(tree, path.split("."), value)
        found.typed = _flow(tree)[1:-1]
        return found


def _flow(value: Any) -> str:
    """A value as YAML in one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {_flow(part)}" for name, part in value.items()) + "}"
    return str(value).lower() if isinstance(value, bool) else str(value)


class BriefPoint(NamedTuple):
    """One point of the first page: a heading and what is said under it; left out where nothing is."""

    heading: str
    said: Sequence[str]


def chosen_how(count: int) -> str:
    """From what it comes which assumptions are named: no sensitivity analysis was run."""
    return (
        say(
            "These went furthest, measured by the range in which a practitioner would move them; which of all "
            "assumptions move the answer most, only a sensitivity analysis tells (sim sensitivity)."
        )
        if count
        else say(
            "Every assumption has its default; which of them move the answer most, only a sensitivity analysis tells "
            "(sim sensitivity)."
        )
    )


def resting_on(scenario: Scenario) -> BriefPoint:
    """The assumptions of a scenario that went furthest from their defaults."""
    rests = foundations(scenario)
    return BriefPoint(say("Rests on"), [*rests, chosen_how(len(rests))])


def all_else(scenario: Scenario) -> BriefPoint:
    """Where assumptions were varied themselves: what the others are."""
    told = say(
        "All that was not varied is as in {scenario}; what that rests on, its own report says (sim run).",
        scenario=scenario.name,
    )
    return BriefPoint(say("Rests on"), [told])
