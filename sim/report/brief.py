"""The first page of a report: what to do, what it costs and brings, how sure, what it rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sim.model.scenario import Scenario
from sim.parameters.paths import put_under
from sim.report.assumed import foundations
from sim.report.usual_assumptions import usually_rests_on
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


def resting_on(scenario: Scenario, figure: str = "") -> BriefPoint:
    """The assumptions that usually move an answer of the kind most, where none was moved itself.

    Args:
        scenario: Whose values are told.
        figure: As `usually_rests_on` takes it.
    """
    measured = say(
        "That was measured in shipped scenarios, one assumption at a time, and not in this one. Of a plan against "
        "today it is measured: sim compare tells which assumptions move the answer, and whether any turns it."
    )
    return BriefPoint(say("Rests on"), [*usually_rests_on(scenario, figure), measured])


def held_fixed(scenario: Scenario) -> BriefPoint:
    """What a fit to data took as given: what is not as by default, and all that was not fitted."""
    told = say(
        "These were set otherwise than by default, and held fixed as all else that was not fitted: what is wrong in "
        "them, the fit makes good in what it finds."
    )
    rests = foundations(scenario)
    nothing = say("All that was not fitted was held fixed at its default.")
    return BriefPoint(say("Rests on"), [*rests, told] if rests else [nothing])


def all_else(scenario: Scenario) -> BriefPoint:
    """Where assumptions were varied themselves: what the others are."""
    told = say(
        "All that was not varied is as in {scenario}; what that rests on, its own report says (sim run).",
        scenario=scenario.name,
    )
    return BriefPoint(say("Rests on"), [told])
