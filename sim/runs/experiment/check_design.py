"""Checks of the design: what each kind needs, and the points of a list."""

from __future__ import annotations

from collections.abc import Iterator

from sim.parameters.paths import is_preset
from sim.parameters.plain_words import Place, closest, shown
from sim.runs.experiment.definition import Experiment, Factor
from sim.runs.experiment.findings import Finding, place_of
from sim.runs.experiment.parameters import Parameter
from sim.vocabulary.errors import Problem
from sim.words import say, translated

_NEEDS = {
    "grid": (),
    "list": ("rows",),
    "random": ("points",),
    "latin_hypercube": ("points",),
    "sobol": ("points",),
    "morris": ("trajectories",),
}
_MAY_SAY = {"morris": ("trajectories", "levels")}
_IN_WORDS = {
    "grid": "a grid",
    "list": "a list",
    "random": "a random design",
    "latin_hypercube": "a Latin hypercube",
    "sobol": "a Sobol design",
    "morris": "a Morris design",
}


def design_findings(experiment: Experiment, parameters: list[Parameter]) -> Iterator[Finding]:
    """What of the design is missing, means nothing in its kind, or does not fit the factors."""
    design = experiment.design
    words = translated(_IN_WORDS[design.kind])
    allowed = _MAY_SAY.get(design.kind, _NEEDS[design.kind])
    if "design" in experiment.model_fields_set:
        for key in _NEEDS[design.kind]:
            if getattr(design, key) is None:
                yield Finding(
                    ("design",),
                    Problem(say("{words} needs `{key}`", words=words, key=key), f"design.{key}"),
                    of_key=True,
                )
    for key in ("points", "trajectories", "rows", "levels"):
        if key in design.model_fields_set and key not in allowed and getattr(design, key) is not None:
            hint = say("give each factor its own levels") if design.kind == "grid" and key == "levels" else ""
            means = say("kind, seed{names}", names="".join(f", {name}" for name in allowed))
            yield Finding(
                ("design", key),
                Problem(say("means nothing in {words}", words=words), allowed=means, hint=hint),
                of_key=True,
            )
    if design.kind == "morris":
        if design.levels % 2:
            yield Finding(
                ("design", "levels"), Problem(say("not even"), found=str(design.levels), allowed=say("an even number"))
            )
        if experiment.constraints:
            message = say("a Morris design steps through the whole of all ranges, and cannot leave points out")
            hint = say("leave constraints out, or take another design")
            yield Finding(("constraints",), Problem(message, hint=hint), of_key=True)
    if design.kind == "grid" and "design" in experiment.model_fields_set:
        for path, factor in experiment.factors.items():
            if factor.values is None and factor.levels is None:
                yield Finding(
                    place_of(experiment, path), Problem(say("a grid needs values, or levels of a range")), of_key=True
                )
    if design.rows is not None and design.kind == "list":
        yield from _rows(experiment, parameters)


def _rows(experiment: Experiment, parameters: list[Parameter]) -> Iterator[Finding]:
    known = {parameter.path: parameter for parameter in parameters}
    for index, row in enumerate(experiment.design.rows or ()):
        place: Place = ("design", "rows", index)
        for path, value in row.items():
            if path not in experiment.factors:
                near = closest(path, experiment.factors)
                allowed = "" if near else say("a factor under levers or uncertainties")
                problem = Problem(say("not a factor of this experiment"), allowed=allowed, suggestion=near)
                yield Finding((*place, path), problem, of_key=True)
            elif path in known:
                problem_of_value = known[path].problem(value) or _outside(experiment.factors[path], value)
                if problem_of_value is not None:
                    yield Finding((*place, path), problem_of_value)
        for path, parameter in known.items():
            if is_preset(path) and path not in row and parameter.base is None:
                yield Finding(
                    place, Problem(say("a row needs {path}: the scenario has no preset there", path=path)), of_key=True
                )


def _outside(factor: Factor, value: object) -> Problem | None:
    """A point's value beyond the range that its factor states."""
    if factor.values is not None and value not in factor.values:
        return Problem(say("not among the factor's values"), found=shown(value))
    if isinstance(value, int | float) and not isinstance(value, bool):
        low = factor.low if factor.low is not None else value
        high = factor.high if factor.high is not None else value
        if not low <= value <= high:
            return Problem(
                say("outside the factor's range"),
                found=shown(value),
                allowed=say("from {low:.15g} to {high:.15g}", low=low, high=high),
            )
    return None
