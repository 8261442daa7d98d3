"""Phrases in which an optimisation is told: goals, levers, requirements, values, axes and feet of figures."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from sim.parameters.labels import short_label
from sim.report.signed_changes import changed_by
from sim.report.wording import interval, number
from sim.results.amounts import unit_words
from sim.results.below_figures import standing_below
from sim.results.intervals import Interval
from sim.results.told_conditions import told_condition
from sim.studies.lever_costs import AFTER_COST
from sim.studies.optimisation.finals import NO, UNSURE, Entrant
from sim.studies.optimisation.judge_choices import EXPECTED, Requirement
from sim.studies.optimisation.optimisation import Optimisation
from sim.studies.optimisation.space import Dimension, lever_value, same
from sim.words import listed, say, translated


def foot(optimisation: Optimisation, interval: str) -> str:
    """What every figure of an optimisation states: n, kind of interval, seed, version.

    Args:
        optimisation: What is shown.
        interval: How intervals are drawn and what they cover.
    """
    effort, scenario = optimisation.effort, optimisation.scenario
    runs, people = effort.final_replications, scenario.market.customers
    size = (
        say(
            "n = {draws} draws of the uncertainties x {runs} runs of {people:,} people a choice",
            draws=effort.final_draws,
            runs=runs,
            people=people,
        )
        if effort.final_draws > 1
        else say("n = {runs} runs of {people:,} people a choice", runs=runs, people=people)
    )
    return standing_below(optimisation, size, interval)


def case(optimisation: Optimisation) -> str:
    """`expected` or `worst case`, where there are uncertainties to expect over; else empty."""
    if optimisation.effort.final_draws == 1:
        return ""
    return say("expected") if optimisation.terms.over == "expected" else say("worst case")


def _shown(unit: str) -> str:
    return unit_words(unit) if " per " in unit else translated(unit)


def axis_label(optimisation: Optimisation, output: str) -> str:
    """Name of an output with its unit and the kind of value, for an axis."""
    unit = optimisation.units.get(output, "")
    parts = [part for part in (case(optimisation), "" if unit.startswith("share") else _shown(unit)) if part]
    label = optimisation.labels.get(output, output)
    return f"{label} ({', '.join(parts)})" if parts else label


def tick(unit: str) -> str:
    """How numbers of a unit are written at an axis: `percent`, `thousands` or `plain`.

    >>> tick("share"), tick("EUR per year"), tick("points (0-100)")
    ('percent', 'thousands', 'plain')
    """
    if unit.startswith("share"):
        return "percent"
    return "plain" if unit.startswith(("points", "ratio", "people")) else "thousands"


_NEAR = 0.02  # of a lever's range

MOST_IN_A_HEADLINE = 4
"""Levers that a headline names."""


def said(limits: Interval, unit: str) -> str:
    """A value with its interval: `81.2% (80.9% to 81.5%)`."""
    inside = interval(pd.Series({"low": limits.low, "high": limits.high, "unit": unit}))
    return number(limits.value, unit) + (f" ({inside})" if inside else "")


def difference(limits: Interval, unit: str) -> str:
    """A difference with its interval: `+0.45 percentage points (+0.36 to +0.54)`."""
    return changed_by(pd.Series({"difference": limits.value, "low": limits.low, "high": limits.high, "unit": unit}))


def goal_words(optimisation: Optimisation, output: str) -> str:
    """A goal in words: `expected yearly retention`."""
    label = optimisation.labels.get(output, output)
    small = label[:1].lower() + label[1:] if label[1:2].islower() else label
    if optimisation.effort.final_draws == 1:
        return small  # there are no uncertainties to expect over
    if optimisation.terms.over == EXPECTED:
        return say("expected {goal}", goal=small)
    return say("worst-case {goal}", goal=small)


def lever_name(optimisation: Optimisation, path: str) -> str:
    """What a lever is called among the others."""
    return short_label(path, optimisation.levers, type(optimisation.scenario))


def choice_named(optimisation: Optimisation, entrant: Entrant) -> str:
    """The levers of a choice that differ from today's, as a headline names them; empty where they are many."""
    values = entrant.judgement.values
    moved = [
        f"{lever_name(optimisation, lever.path)} {lever_value(values[lever.path])}"
        for lever in optimisation.space.dimensions
        if not same({"": values[lever.path]}, {"": lever.today})
    ]
    return listed(moved) if 0 < len(moved) <= MOST_IN_A_HEADLINE else ""


def moved_levers(optimisation: Optimisation, entrant: Entrant) -> str:
    """The levers of a choice that differ from today's, with today's values."""
    changed = [
        say(
            "{path} {value} (today {today})",
            path=lever_name(optimisation, lever.path),
            value=lever_value(entrant.judgement.values[lever.path]),
            today=lever_value(lever.today),
        )
        for lever in optimisation.space.dimensions
        if not same({"": entrant.judgement.values[lever.path]}, {"": lever.today})
    ]
    return ", ".join(changed) if changed else say("nothing changed")


def asked(optimisation: Optimisation, requirement: Requirement) -> str:
    """A requirement in words: `expected spending of at most EUR 200,000`."""
    if not requirement.output:
        return told_condition(str(requirement), type(optimisation.scenario))
    bound = number(requirement.bound, optimisation.units.get(requirement.output, ""))
    goal = goal_words(optimisation, requirement.output)
    if requirement.least:
        return say("{goal} of at least {bound}", goal=goal, bound=bound)
    return say("{goal} of at most {bound}", goal=goal, bound=bound)


def verdict(optimisation: Optimisation, entrant: Entrant) -> str:
    """What is to be said of a choice in a word or two."""
    if entrant.judgement.reason:
        return entrant.judgement.reason
    if entrant.name == optimisation.decision.best:
        return best_word(optimisation)
    if entrant.meets == NO:
        return say("misses a requirement")
    alike = entrant.name in optimisation.decision.group
    one_goal = len(optimisation.terms.aims) == 1
    if entrant.meets == UNSURE:
        if not alike:
            return say("perhaps misses a requirement")
        if one_goal:
            return say("like the best, perhaps misses a requirement")
        return say("like the compromise, perhaps misses a requirement")
    if alike:
        return say("like the best") if one_goal else say("like the compromise")
    return say("on the front") if entrant.name in optimisation.decision.front else ""


def best_word(optimisation: Optimisation) -> str:
    """What the best choice is called: with two goals it is a compromise."""
    return say("best") if len(optimisation.terms.aims) == 1 else say("compromise")


def spread_of(limits: Interval, unit: str) -> str:
    """Limits of an interval, for a table; empty where there are none."""
    if not (math.isfinite(limits.low) and math.isfinite(limits.high)):
        return ""
    return say("{low} to {high}", low=number(limits.low, unit), high=number(limits.high, unit))


def levers_at(optimisation: Optimisation, values: Any) -> str:
    """All levers with their values."""
    return ", ".join(f"{lever_name(optimisation, path)} {lever_value(values[path])}" for path in optimisation.levers)


def at_end_of(lever: Dimension, value: Any, name: str) -> list[str]:
    """That a lever stands at or near an end of its range, if it does."""
    if lever.options and not lever.ordered:
        return []
    place = lever.place(value)
    if place <= _NEAR:
        return [say("{path} (lower end, {value})", path=name, value=lever_value(value))]
    if place >= 1.0 - _NEAR:
        return [say("{path} (upper end, {value})", path=name, value=lever_value(value))]
    return []


def unbooked(optimisation: Optimisation) -> list[str]:
    """A warning where a goal in money leaves the levers' own cost out."""
    if all(lever.cost == 0.0 for lever in optimisation.space.dimensions):
        return []
    currency = optimisation.scenario.money.currency
    left = [
        goal_words(optimisation, aim.output)
        for aim in optimisation.terms.aims
        if aim.output not in AFTER_COST and optimisation.units.get(aim.output, "").startswith(currency)
    ]
    return (
        [say("The levers' own cost is not in {left}, which is as the model books it.", left=listed(left))]
        if left
        else []
    )
