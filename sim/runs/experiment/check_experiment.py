"""What is wrong with an experiment, in itself and on its scenario: everything at once, each with its place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sim.model.scenario import Scenario
from sim.runs.experiment.axes import Axis
from sim.runs.experiment.check_design import design_findings
from sim.runs.experiment.check_factors import doubts, factor_findings, together
from sim.runs.experiment.check_outputs import constraint_findings, output_findings
from sim.runs.experiment.conditions import Condition
from sim.runs.experiment.definition import Experiment
from sim.runs.experiment.designs import refusal
from sim.runs.experiment.findings import Finding, place_of
from sim.runs.experiment.parameters import Parameter, find_parameter, same_parameter
from sim.vocabulary.errors import Problem, ScenarioError
from sim.words import say


class Checked(NamedTuple):
    """What the checks brought to light.

    Attributes:
        findings: All that is wrong.
        warnings: What is allowed but probably not meant.
        axes: The factors on their scenario, in the order of the experiment; without those that are wrong.
        constraints: The conditions on factors.
    """

    findings: list[Finding]
    warnings: list[str]
    axes: list[Axis]
    constraints: list[Condition]


def check(experiment: Experiment, scenario: Scenario) -> Checked:
    """Check an experiment against its scenario.

    Args:
        experiment: Valid in itself, as far as its types go.
        scenario: After `set`.
    """
    found = Checked([], [], [], [])
    parameters: list[Parameter] = []
    for path, factor in experiment.factors.items():
        place = place_of(experiment, path)
        try:
            parameter = find_parameter(scenario, path)
        except ScenarioError as error:
            found.findings.extend(Finding(place, problem, of_key=True) for problem in error.problems)
            continue
        parameters.append(parameter)
        findings = list(factor_findings(experiment, parameter, factor, place))
        found.findings.extend(findings)
        found.axes.append(parameter.axis(factor, path in experiment.levers))
        if not findings:
            found.warnings.extend(doubts(scenario, parameter, found.axes[-1], place))
    for later, earlier in same_parameter(parameters):
        problem = Problem(say("moves the same parameter as {path}", path=earlier.path), hint=say("keep one of the two"))
        found.findings.append(Finding(place_of(experiment, later.path), problem, of_key=True))
    for parameter in parameters:
        found.findings.extend(together(scenario, parameter, parameters, experiment, found.warnings))
    if not experiment.factors:
        allowed = say("levers or uncertainties, with at least one factor")
        found.findings.append(Finding((), Problem(say("nothing is varied"), allowed=allowed)))
    found.findings.extend(design_findings(experiment, parameters))
    found.findings.extend(constraint_findings(experiment, found.axes, found.constraints))
    found.findings.extend(output_findings(experiment, scenario))
    found.findings.extend(_sections(experiment))
    if not found.findings and "design" in experiment.model_fields_set:
        too_large = refusal(experiment.design, found.axes, experiment.replications)
        if too_large is not None:
            found.findings.append(Finding(("design",), too_large, of_key=True))
    return found


def _sections(experiment: Experiment) -> Iterator[Finding]:
    """Sections that ask for what the experiment does not have."""
    if "sensitivity" in experiment.model_fields_set and experiment.constraints:
        message = say("sensitivity indices need the whole of all ranges, and cannot leave points out")
        yield Finding(
            ("constraints",), Problem(message, hint=say("leave out constraints, or sensitivity")), of_key=True
        )
    if experiment.calibrate is not None and not experiment.uncertainties:
        yield Finding(("calibrate",), Problem(say("needs uncertainties: they are what is fitted")), of_key=True)
    if experiment.optimise is not None and not experiment.levers:
        yield Finding(("optimise",), Problem(say("needs levers: they are what is chosen")), of_key=True)
