"""From the nodes of a YAML document to the sections of an experiment, with every problem at its place."""

from __future__ import annotations

import types
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from sim.parameters.plain_words import Place, closest, shown, translate
from sim.runs.experiment.definition import Experiment
from sim.runs.experiment.findings import Finding
from sim.scenario.document import Document, Node
from sim.vocabulary.errors import Problem, ScenarioError
from sim.words import say

ONE, BY_NAME, LIST, PLAIN = "one", "by name", "list", "plain"
_SCALARS = ("bool", "float")  # branches of a union that the translation leaves at the end of a place
_MOST_KEYS = 20


def shape(annotation: Any) -> tuple[str, type[BaseModel] | None]:
    """What stands under a key: a section, sections by name, a list of sections, or a plain value.

    >>> shape(dict[str, Experiment])
    ('by name', <class 'sim.runs.experiment.definition.Experiment'>)
    """
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return ONE, annotation
    inner = [item for item in get_args(annotation) if isinstance(item, type) and issubclass(item, BaseModel)]
    if not inner:
        return PLAIN, None
    return {dict: BY_NAME, list: LIST}.get(get_origin(annotation), ONE), inner[0]


def field_at(place: Place) -> FieldInfo | None:
    """The declaration of the experiment's key at a place; none beneath a plain value."""
    section: type[BaseModel] | None = Experiment
    found: FieldInfo | None = None
    parts = list(place)
    while parts and section is not None:
        found = section.model_fields.get(str(parts.pop(0)))
        if found is None:
            return None
        kind, section = shape(found.annotation)
        if kind in (BY_NAME, LIST) and parts:
            parts.pop(0)
    return found


def experiment_of(document: Document) -> tuple[Experiment | None, list[Finding]]:
    """The experiment that a document describes.

    Args:
        document: What the file holds.

    Returns:
        The experiment, or none where something is wrong, and what is wrong, with its place.
    """
    findings: list[Finding] = []
    data = _section(document.root, Experiment, (), findings)
    levers, uncertainties = data.get("levers", {}), data.get("uncertainties", {})
    for path in [path for path in uncertainties if path in levers]:
        problem = Problem(say("is a lever already"), hint=say("a factor is either a lever or an uncertainty"))
        findings.append(Finding(("uncertainties", path), problem, of_key=True))
        del uncertainties[path]
    try:
        experiment = Experiment.model_validate(data)
    except ValidationError as error:
        known = {finding.place for finding in findings}
        findings += [finding for finding in _located(error) if finding.place not in known]
        return None, findings
    return (None if findings else experiment), findings


def _section(node: Node, section: type[BaseModel], place: Place, findings: list[Finding]) -> dict[str, Any]:
    """The plain data of a section, without the keys that mean nothing."""
    data: dict[str, Any] = {}
    for key, child in node.value.items():
        here = (*place, key)
        declared = section.model_fields.get(key)
        if declared is None:
            findings.append(Finding(here, _unknown(key, section, place), of_key=True))
            continue
        kind, inner = shape(declared.annotation)
        if child.value is None and (kind != PLAIN or get_origin(declared.annotation) is dict):
            continue
        if kind == PLAIN or inner is None:
            data[key] = child.plain
        elif kind == LIST:
            data[key] = _list(child, inner, here, findings)
        elif not isinstance(child.value, dict):
            allowed = say("a group with keys such as {keys}", keys=", ".join(list(inner.model_fields)[:4]))
            if kind == BY_NAME:
                allowed = say("parameters by path, such as firm.desk.ease: {{low: 0, high: 2}}")
            findings.append(
                Finding(here, Problem(say("not a group of keys"), found=shown(child.plain), allowed=allowed))
            )
        elif kind == ONE:
            data[key] = _section(child, inner, here, findings)
        else:
            data[key] = _by_name(child, inner, here, findings)
    return data


def _by_name(node: Node, inner: type[BaseModel], place: Place, findings: list[Finding]) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for name, child in node.value.items():
        here = (*place, name)
        if child.value is None:
            data[name] = {}
        elif isinstance(child.value, dict):
            data[name] = _section(child, inner, here, findings)
        else:
            allowed = say("{{low: ..., high: ...}} or {{values: [...]}}")
            findings.append(
                Finding(here, Problem(say("not a group of keys"), found=shown(child.plain), allowed=allowed))
            )
    return data


def _list(node: Node, inner: type[BaseModel], place: Place, findings: list[Finding]) -> Any:
    if not isinstance(node.value, list):
        return node.plain
    data: list[dict[str, Any]] = []
    for index, child in enumerate(node.value):
        if isinstance(child.value, dict):
            data.append(_section(child, inner, (*place, index), findings))
        else:
            allowed = say("a group with keys such as {keys}", keys=", ".join(list(inner.model_fields)[:4]))
            problem = Problem(say("not a group of keys"), found=shown(child.plain), allowed=allowed)
            findings.append(Finding((*place, index), problem))
    return data


def _unknown(key: str, section: type[BaseModel], place: Place) -> Problem:
    near = closest(key, section.model_fields)
    above = ".".join(str(part) for part in place)
    if near:
        near = f"{above}.{near}" if above else near
    else:
        elsewhere = [path for path in _key_paths(Experiment, "") if path.rsplit(".", 1)[-1] == key]
        near = elsewhere[0] if elsewhere else ""
    hint = ""
    if not near and "." in key and not place:
        near, hint = f"levers.{key}", say("parameters stand under levers, uncertainties or set")
    allowed = "" if near or len(section.model_fields) > _MOST_KEYS else ", ".join(section.model_fields)
    return Problem(say("unknown key"), allowed=allowed, suggestion=near, hint=hint)


def _key_paths(section: type[BaseModel], prefix: str) -> Iterator[str]:
    """Keys of the experiment and of its sections; factors have no fixed path."""
    for key, declared in section.model_fields.items():
        yield f"{prefix}{key}"
        kind, inner = shape(declared.annotation)
        if kind == ONE and inner is not None:
            yield from _key_paths(inner, f"{prefix}{key}.")


# --- what pydantic found ----------------------------------------------------------------------------------------------


def _located(error: ValidationError) -> list[Finding]:
    found: dict[Place, Problem] = {}
    for place, problem in translate(error):
        if place and place[-1] in _SCALARS and len(place) > 2:
            # One branch of a union of scalars: all of them failed, and one message says so.
            place = place[:-1]  # noqa: PLW2901
            if problem.message != say("not a finite number"):
                problem = replace(problem, message=say("not a number, a truth value or a text"), allowed="")  # noqa: PLW2901
            elif place in found:
                found[place] = problem
        found.setdefault(place, _with_limits(problem, place))
    return [Finding(place, problem, of_key=problem.message == say("missing")) for place, problem in found.items()]


def _with_limits(problem: Problem, place: Place) -> Problem:
    """The same problem with what is allowed there, read off the declaration of the key."""
    declared = field_at(place)
    if declared is None:
        return problem
    if problem.message == say("missing"):
        return replace(problem, allowed=str(declared.description or ""))
    near = closest(problem.found.strip("'"), _choices(declared.annotation))
    return replace(problem, allowed=allowed_at(declared) or problem.allowed, suggestion=near)


def allowed_at(declared: FieldInfo) -> str:
    """What may stand under a key, in words; empty where its meaning says enough.

    >>> allowed_at(Experiment.model_fields["replications"])
    'a whole number from 1 to 100,000'
    """
    choices = _choices(declared.annotation)
    bounds = {
        name: getattr(item, name) for name in ("ge", "gt", "le") for item in declared.metadata if hasattr(item, name)
    }
    if choices or not bounds:
        return ", ".join(choices)
    if declared.annotation in (int, int | None):
        return _whole_number(bounds)
    return _number(bounds)


def _whole_number(bounds: Mapping[str, Any]) -> str:
    match bounds:
        case {"ge": low, "le": high}:
            return say("a whole number from {low:,} to {high:,}", low=low, high=high)
        case {"gt": above, "le": high}:
            return say("a whole number above {above:g} and of at most {high:,}", above=above, high=high)
        case {"gt": above}:
            return say("a whole number above {above:g}", above=above)
        case {"ge": low}:
            return say("a whole number of at least {low:,}", low=low)
    return say("a whole number of at most {high:,}", high=bounds["le"])


def _number(bounds: Mapping[str, Any]) -> str:
    match bounds:
        case {"ge": low, "le": high}:
            return say("a number from {low:,} to {high:,}", low=low, high=high)
        case {"gt": above, "le": high}:
            return say("a number above {above:g} and of at most {high:,}", above=above, high=high)
        case {"gt": above}:
            return say("a number above {above:g}", above=above)
        case {"ge": low}:
            return say("a number of at least {low:,}", low=low)
    return say("a number of at most {high:,}", high=bounds["le"])


def _choices(annotation: Any) -> list[str]:
    if get_origin(annotation) is Literal:
        return [str(choice) for choice in get_args(annotation)]
    if get_origin(annotation) in (Union, types.UnionType):
        return [choice for item in get_args(annotation) for choice in _choices(item)]
    return []


# --- places -----------------------------------------------------------------------------------------------------------


def placed(findings: Iterable[Finding], document: Document, label: str) -> list[Problem]:
    """Problems with file, line, column and key."""
    return [_placed(finding, document.root, label) for finding in findings]


def _placed(finding: Finding, root: Node, label: str) -> Problem:
    node, met = root, True
    for part in finding.place:
        value: Any = node.value
        index: Any = part
        if index in (value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()):
            node = value[index]
        else:
            met = False
            break
    mark = node.key_mark if finding.of_key or not met else node.mark
    place = label if node is root else str(mark or label)
    hint = finding.problem.hint or (node.hint if met and not isinstance(node.value, dict | list) else "")
    key = finding.problem.key if finding.problem.key.startswith("design.") else ".".join(map(str, finding.place))
    return replace(finding.problem, place=place, key=key, hint=hint)


def refused(findings: Iterable[Finding]) -> ScenarioError:
    """The error for an experiment that was made in Python: keys, and no places."""
    return ScenarioError(replace(item.problem, key=".".join(map(str, item.place))) for item in findings)
