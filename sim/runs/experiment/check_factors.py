"""Checks of factors: ranges, distributions, values, and whether the scenario can have them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sim.model.scenario import Scenario
from sim.parameters.paths import is_preset
from sim.parameters.plain_words import Place, shown
from sim.runs.experiment.axes import Axis
from sim.runs.experiment.definition import Experiment, Factor, Lever
from sim.runs.experiment.findings import Finding, place_of
from sim.runs.experiment.parameters import Parameter, overridden, problems_together
from sim.vocabulary.errors import Problem
from sim.words import listed, say


def factor_findings(experiment: Experiment, parameter: Parameter, factor: Factor, place: Place) -> Iterator[Finding]:
    """What is wrong with one factor, whatever the others are."""
    if factor.values is not None:
        yield from _values(parameter, factor, place)
    else:
        yield from _range(experiment, parameter, factor, place)
    if isinstance(factor, Lever) and factor.cost and parameter.kind == "text":
        yield Finding((*place, "cost"), Problem(say("a cost for each unit needs a parameter that is a number")))


def _values(parameter: Parameter, factor: Factor, place: Place) -> Iterator[Finding]:
    assert factor.values is not None
    seen = set()
    for index, value in enumerate(factor.values):
        problem = parameter.problem(value)
        if problem is not None:
            yield Finding((*place, "values", index), problem)
        elif (isinstance(value, bool), value) in seen:
            yield Finding((*place, "values", index), Problem(say("stands twice"), found=shown(value)))
        seen.add((isinstance(value, bool), value))
    for key in sorted(factor.model_fields_set - {"values", "cost"}):
        allowed = say("either values, or a range")
        yield Finding((*place, key), Problem(say("a factor with values has no range"), allowed=allowed), of_key=True)


def _range(experiment: Experiment, parameter: Parameter, factor: Factor, place: Place) -> Iterator[Finding]:
    given = factor.model_fields_set - {"cost"}
    if parameter.kind in ("truth", "text"):
        if given or not _is_list(experiment):
            first = next((name for name in ("low", "high") if name in given), None)
            what = say("a truth value") if parameter.kind == "truth" else "a name"
            what = "a preset" if is_preset(parameter.path) else what
            yield Finding(
                (*place, first) if first else place,
                Problem(say("{what} has no range", what=what), allowed="values: [...]"),
            )
        return
    low, high = factor.low, factor.high
    named: tuple[tuple[str, float | None], ...] = (("low", low), ("high", high), ("mode", factor.mode))
    for key, end in named:
        if end is None:
            continue
        # A mode lies between ends that are whole, and need not be whole itself.
        value = int(end) if parameter.kind == "whole" and (end.is_integer() or key == "mode") else end
        problem = parameter.problem(value)
        if problem is not None:
            yield Finding((*place, key), problem)
    if low is not None and high is not None and low >= high:
        yield Finding(
            (*place, "high"),
            Problem(say("not above low"), found=f"{high:.15g}", allowed=say("more than {low:.15g}", low=low)),
        )
        return
    yield from _distribution(factor, place)
    needs_ends = factor.distribution != "normal" or factor.levels is not None or experiment.design.kind == "morris"
    missing = [key for key in ("low", "high") if key not in given or getattr(factor, key) is None]
    if missing and needs_ends and not (_is_list(experiment) and not given):
        allowed = (
            say("low and high of a normal distribution too, in a Morris design")
            if factor.distribution == "normal"
            else say("low and high, or values, or a normal distribution with mean and sd")
        )
        words = say("no range") if len(missing) == 2 else say("{key} is missing", key=missing[0])
        yield Finding(place, Problem(words, allowed=allowed), of_key=True)


def _distribution(factor: Factor, place: Place) -> Iterator[Finding]:
    belongs = {"triangular": ("mode",), "normal": ("mean", "sd")}
    for kind, keys in belongs.items():
        for key in keys:
            value = getattr(factor, key)
            if factor.distribution == kind and value is None:
                yield Finding(
                    place,
                    Problem(say("a {kind} distribution needs {keys}", kind=kind, keys=listed(keys))),
                    of_key=True,
                )
                break
            if factor.distribution != kind and value is not None:
                hint = say("write distribution: {kind}", kind=kind)
                message = say("means nothing in a {distribution} distribution", distribution=factor.distribution)
                yield Finding((*place, key), Problem(message, hint=hint), of_key=True)
    low, high, mode = factor.low, factor.high, factor.mode
    if mode is not None and low is not None and high is not None and not low <= mode <= high:
        allowed = say("from {low:.15g} to {high:.15g}", low=low, high=high)
        yield Finding((*place, "mode"), Problem(say("outside the range"), found=f"{mode:.15g}", allowed=allowed))
    if factor.scale == "log":
        if low is not None and low <= 0.0:
            allowed = say("more than 0")
            yield Finding(
                (*place, "low"), Problem(say("a log scale begins above 0"), found=f"{low:.15g}", allowed=allowed)
            )
        if factor.distribution != "uniform":
            yield Finding((*place, "scale"), Problem(say("a log scale goes with a uniform distribution only")))


def _is_list(experiment: Experiment) -> bool:
    return experiment.design.kind == "list"


def _dotted(place: Place) -> str:
    return ".".join(str(part) for part in place)


def doubts(scenario: Scenario, parameter: Parameter, axis: Axis, place: Place) -> Iterator[str]:
    """What is allowed of a factor, but probably not meant."""
    index = overridden(scenario, parameter)
    if index is not None:
        yield (
            say(
                "{dotted}: the scenario's timeline sets it anew (timeline.{index}); the factor acts only "
                "where the timeline does not",
                dotted=_dotted(place),
                index=index,
            )
        )
    mean = axis.factor.mean
    if axis.factor.distribution == "normal" and mean is not None and not axis.low <= mean <= axis.high:
        yield say("{dotted}: the mean lies outside the range, so that only a tail of it is left", dotted=_dotted(place))


def together(
    scenario: Scenario, parameter: Parameter, parameters: list[Parameter], experiment: Experiment, warnings: list[str]
) -> Iterator[Finding]:
    """Whether a factor's ends are possible together with the rest of the scenario, if no other factor can mend it."""
    factor = experiment.factors[parameter.path]
    if is_preset(parameter.path):
        return
    here = place_of(experiment, parameter.path)
    ends: tuple[tuple[str, Any], ...] = (("low", factor.low), ("high", factor.high))
    if factor.values is not None:
        ends = (("values", factor.values[0]), ("values", factor.values[-1]))
    for key, end in ends:
        value = int(end) if parameter.kind == "whole" and isinstance(end, float) and end.is_integer() else end
        if value is None or parameter.problem(value) is not None:
            continue
        for place, problem in problems_together(scenario, parameter, value):
            others = [item for item in parameters if item is not parameter and item.place[: len(place)] == place]
            if others:
                warnings.append(
                    say(
                        "{path}: {value} is not possible with the rest of the scenario: {message}; other "
                        "factors may mend that",
                        path=_dotted(here),
                        value=shown(value),
                        message=problem.message,
                    )
                )
            else:
                message = say("not possible with the rest of the scenario: {message}", message=problem.message)
                yield Finding((*here, key), Problem(message, found=shown(value)))
            return
