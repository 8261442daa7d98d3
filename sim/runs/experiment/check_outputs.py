"""Checks of conditions and of the names of outputs."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import replace

from sim.model.scenario import Scenario
from sim.parameters.plain_words import Place, closest
from sim.results.outputs import check_outputs
from sim.runs.experiment.axes import Axis
from sim.runs.experiment.conditions import Condition
from sim.runs.experiment.definition import Experiment
from sim.runs.experiment.findings import Finding
from sim.vocabulary.errors import Problem, ScenarioError
from sim.words import say


def constraint_findings(experiment: Experiment, axes: list[Axis], constraints: list[Condition]) -> Iterator[Finding]:
    """What is wrong with the constraints; those that are well are added to `constraints`."""
    by_path = {axis.path: axis for axis in axes}
    for index, text in enumerate(experiment.constraints):
        place: Place = ("constraints", index)
        condition = yield from _parsed(text, place)
        if condition is None:
            continue
        findings = list(_names(condition, list(experiment.factors), place, say("a factor of this experiment")))
        for name in condition.names:
            if name in by_path:
                findings += _kinds(condition, by_path[name], place)
        if findings:
            yield from findings
        else:
            constraints.append(condition)


def _parsed(text: str, place: Place) -> Generator[Finding, None, Condition | None]:
    """A condition, if it is one; else what is wrong with it."""
    try:
        return Condition.parse(text)
    except ScenarioError as error:
        yield from (Finding(place, problem) for problem in error.problems)
        return None


def _names(condition: Condition, known: list[str], place: Place, what: str) -> Iterator[Finding]:
    if not condition.names:
        yield Finding(
            place,
            Problem(say("names nothing, so it always holds or never"), allowed=say("a condition on {what}", what=what)),
        )
    for name in condition.names:
        if name not in known:
            near = closest(name, known)
            allowed = "" if near else ", ".join(known[:8])
            yield Finding(
                place, Problem(say("not {what}", what=what), found=repr(name), allowed=allowed, suggestion=near)
            )


def _kinds(condition: Condition, axis: Axis, place: Place) -> list[Finding]:
    """A name's value compared with a text, or computed with as a number, where it is the other."""
    is_text = axis.kind == "text"
    if is_text and axis.path not in condition.texts:
        allowed = f'{axis.path} == "..." or != "..."'
        return [Finding(place, Problem(say("is a name, not a number"), found=repr(axis.path), allowed=allowed))]
    if not is_text and axis.path in condition.texts:
        return [Finding(place, Problem(say("is a number, not a text"), found=repr(axis.path)))]
    return []


def output_findings(experiment: Experiment, scenario: Scenario) -> Iterator[Finding]:
    """What is wrong with the names of outputs, and with conditions on them, wherever they stand."""
    yield from _named_outputs(experiment.outputs, scenario, ("outputs",))
    recorded = experiment.outputs
    if experiment.stopping is not None:
        yield from _recorded(experiment.stopping.output, recorded, ("stopping", "output"))
        if experiment.stopping.at_most < experiment.replications:
            at_most = str(experiment.stopping.at_most)
            problem = Problem(
                say("fewer than replications"),
                found=at_most,
                allowed=say("at least {replications}", replications=experiment.replications),
            )
            yield Finding(("stopping", "at_most"), problem)
    for index, name in enumerate(experiment.sensitivity.outputs or ()):
        yield from _recorded(name, recorded, ("sensitivity", "outputs", index))
    if experiment.sensitivity.condition is not None:
        place: Place = ("sensitivity", "condition")
        condition = yield from _parsed(experiment.sensitivity.condition, place)
        if condition is not None:
            yield from _numbers(_names(condition, recorded, place, say("a recorded output")), condition, place)
    if experiment.optimise is not None:
        for index, goal in enumerate(experiment.optimise.goals):
            yield from _named_outputs([goal.output], scenario, ("optimise", "goals", index, "output"))
        for index, text in enumerate(experiment.optimise.requirements):
            place = ("optimise", "requirements", index)
            condition = yield from _parsed(text, place)
            if condition is None:
                continue
            if not condition.names:
                yield from _names(condition, [], place, "outputs")
            for name in condition.names:
                yield from _named_outputs([name], scenario, place)
            yield from _numbers(iter(()), condition, place)


def _numbers(findings: Iterator[Finding], condition: Condition, place: Place) -> Iterator[Finding]:
    yield from findings
    for name in condition.texts:
        yield Finding(place, Problem(say("is a number, not a text"), found=repr(name)))


def _named_outputs(names: list[str], scenario: Scenario, place: Place) -> Iterator[Finding]:
    """What is wrong with names of outputs; each in a list at its own position."""
    for problem in check_outputs(names, scenario):
        name = problem.key
        # of two equal names the later one is too many
        at = (*place, len(names) - 1 - names[::-1].index(name)) if place == ("outputs",) else place
        yield Finding(
            at,
            replace(
                problem,
                found=repr(name) if not problem.found else say("{found!r} in {name!r}", found=problem.found, name=name),
            ),
        )


def _recorded(name: str, recorded: list[str], place: Place) -> Iterator[Finding]:
    if name not in recorded:
        near = closest(name, recorded)
        hint = "" if near else say("add it to outputs")
        yield Finding(place, Problem(say("not a recorded output"), found=repr(name), suggestion=near, hint=hint))
