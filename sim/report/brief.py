"""The first page of a report: what to do, what it costs and brings, how sure, what it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sim.model.scenario import Scenario
from sim.report.assumed import foundations
from sim.words import say


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
