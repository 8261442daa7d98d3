"""What the time until an answer is spent on, where a plan puts more people at the desk: that shortens only waiting."""

from __future__ import annotations

from sim.model.scenario import Scenario
from sim.parameters.labels import label as label_of
from sim.parameters.timeline import phases
from sim.studies.comparison.changed import Met
from sim.vocabulary.observables import FIXED_POINT
from sim.words import say

HARDLY = 0.05
"""Part of the time until an answer: whoever waits less for somebody of the desk hardly waits."""

INVESTIGATION = "firm.desk.investigation_days"


def desk_time_notes(met: Met) -> list[str]:
    """A note for each scenario with more staff at the desk than the first, where hardly anybody waits for them there.

    Args:
        met: What happened in every world.
    """
    first, *later = met.scenarios
    more = [name for name in later if _most_agents(met.scenarios[name]) > _most_agents(met.scenarios[first])]
    if not more or first not in met.totals:
        return []
    firm = met.scenarios[first].firm.name

    def mean_days(days: str, cases: str) -> float:
        count = met.sum_of(first)(firm, [cases])
        return met.sum_of(first)(firm, [days]) / FIXED_POINT / count if count else 0.0

    waited, whole = mean_days("desk_wait_days", "desk_started"), mean_days("desk_answer_days", "desk_answered")
    if whole == 0.0 or waited > HARDLY * whole:
        return []
    values = {"first": first, "whole": whole, "waited": waited, "lever": label_of(INVESTIGATION)}
    if met.scenarios[first].firm.desk.investigation_days < whole / 2.0:
        return [
            say(
                "{label}: more people at the desk hardly shorten the time until an answer. In {first} it is "
                "{whole:.1f} days, {waited:.1f} of which go by until somebody begins.",
                label=label,
                **values,
            )
            for label in more
        ]
    return [
        say(
            "{label}: more people at the desk hardly shorten the time until an answer. In {first} it is {whole:.1f} "
            "days, {waited:.1f} of which go by until somebody begins; most of the rest is “{lever}”.",
            label=label,
            **values,
        )
        for label in more
    ]


def _most_agents(scenario: Scenario) -> float:
    return max(stretch.firm.desk.agents for _, stretch in phases(scenario))
