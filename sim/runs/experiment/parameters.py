"""What the scenario says of a factor's parameter: whether there is one, of which kind, and which values it may have."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from sim.model.scenario import Scenario
from sim.parameters.paths import assign, is_preset, locate, section_at
from sim.parameters.plain_words import Place, allowed_range, closest, information, registry_path, shown, translate
from sim.parameters.registry import ParameterInfo
from sim.parameters.relative import SHARE, Underway, spoken
from sim.runs.experiment.axes import Axis, AxisKind
from sim.runs.experiment.definition import Factor
from sim.scenario.presets import CULTURE, VOICE, names
from sim.vocabulary.errors import Problem, ScenarioError
from sim.words import say

_STRICT = ConfigDict(strict=True, allow_inf_nan=False)
_OF_REPLICATIONS = ("run.seed", "run.replications")
_CHANGE_NOTHING = ("name", "question", "calibration", "run.panel", "money.currency")


@dataclass(frozen=True)
class Parameter:
    """A parameter that a factor varies.

    Attributes:
        path: As the experiment writes it.
        place: Where it stands in the scenario's data.
        written: All places that an assignment reaches: a customer parameter moves segments that share its value.
        kind: What kind of value it has.
        info: Unit, limits, meaning; none for parts that the registry does not list.
        base: The scenario's own value.
    """

    path: str
    place: Place
    written: frozenset[Place]
    kind: AxisKind
    info: ParameterInfo | None
    base: Any
    _check: TypeAdapter[Any] = field(repr=False)

    def problem(self, value: Any) -> Problem | None:
        """What is wrong with a value, whatever the other parameters are; none where all is well."""
        if is_preset(self.path):
            known = names(VOICE if self.path == "voice.preset" else CULTURE)
            if value in known:
                return None
            return Problem(
                say("no such preset"),
                found=shown(value),
                allowed=", ".join(known),
                suggestion=closest(str(value), known),
            )
        try:
            self._check.validate_python(value)
        except ValidationError as error:
            _, problem = translate(error)[0]
            choices = [str(choice) for choice in self.info.choices] if self.info else []
            near = closest(str(value), choices) if choices else ""
            return replace(problem, allowed=allowed_range(self.info, problem.allowed), suggestion=near)
        return None

    def axis(self, factor: Factor, lever: bool) -> Axis:
        """The axis on which a factor moves the parameter."""
        info = self.info
        return Axis(
            self.path,
            factor,
            lever,
            self.kind,
            self.base,
            None if info is None else info.low,
            None if info is None else info.high,
            "" if info is None else info.unit,
            "" if info is None else info.meaning,
        )


def find_parameter(scenario: Scenario, path: str) -> Parameter:
    """The parameter under a path, if it can be varied.

    Raises:
        ScenarioError: If there is none, with the nearest valid name, or it cannot be varied.

    >>> find_parameter(Scenario(), "market.customers").kind
    'whole'
    """
    tree, whole = scenario.model_dump(), type(scenario)
    place, section = locate(tree, path, whole)
    if section is not None:
        raise ScenarioError(
            say("is a group of parameters"),
            path,
            allowed=say("one of its parameters: {names}", names=", ".join(section.model_fields)),
        )
    if path in _OF_REPLICATIONS:
        raise ScenarioError(
            say("cannot be varied: each replication has its own seed, the same at every point"),
            path,
            hint=say("set `replications` of the experiment"),
        )
    if {path, path.split(".", maxsplit=1)[0]} & set(_CHANGE_NOTHING) or path.endswith(".name"):
        raise ScenarioError(say("cannot be varied: it changes nothing in a run"), path)
    owner, name = _owner(place, whole)
    declared = owner.model_fields[name]
    kind = _kind(declared.annotation)
    if kind is None:
        raise ScenarioError(say("cannot be varied: it is not a number, a truth value or a name"), path)
    value: Any = tree
    for part in place:
        value = value[part]
    written = frozenset(assign(copy.deepcopy(tree), path, value, whole))
    annotated: Any = Annotated[declared.annotation, declared]
    check: TypeAdapter[Any] = TypeAdapter(annotated, config=_STRICT)
    return Parameter(path, place, written, kind, information(registry_path(place), whole), value, check)


def _owner(place: Place, whole: type[Scenario]) -> tuple[type[BaseModel], str]:
    """The section class that declares a parameter, and its name there."""
    section: type[BaseModel] = whole
    tokens = [token for token in place if isinstance(token, str)]
    for token in tokens[:-1]:
        inner, _ = section_at(section, token)
        assert inner is not None  # `locate` went the same way
        section = inner
    return section, tokens[-1]


def _kind(annotation: Any) -> AxisKind | None:
    if get_origin(annotation) is Literal:
        return "text"
    options = get_args(annotation) or (annotation,)
    kinds: tuple[tuple[type, AxisKind], ...] = ((bool, "truth"), (int, "whole"), (float, "number"), (str, "text"))
    if dt.date in options:
        return None
    return next((kind for option, kind in kinds if option in options), None)


def problems_together(scenario: Scenario, parameter: Parameter, value: Any) -> list[tuple[Place, Problem]]:
    """What is wrong with the scenario as a whole when one parameter has a value that is allowed by itself."""
    tree = scenario.model_dump()
    assign(tree, parameter.path, value, type(scenario))
    try:
        type(scenario).model_validate(tree)
    except ValidationError as error:
        return translate(error, type(scenario))
    return []


def overridden(scenario: Scenario, parameter: Parameter) -> int | None:
    """Index of the first change of the timeline that sets the parameter anew, if one does.

    A change relative to what lies beneath it, such as `x 2` in December, follows the parameter.
    """
    for index, change in enumerate(scenario.timeline):
        tree = scenario.model_dump()
        for path, value in change.set.items():
            said = spoken(value, None)
            if isinstance(said, Underway) or (said is not None and said.how != SHARE):
                continue
            if parameter.written & set(assign(tree, path, value, type(scenario))):
                return index
    return None


def same_parameter(parameters: Sequence[Parameter]) -> list[tuple[Parameter, Parameter]]:
    """Pairs of factors that move the same parameter, under two names or through the segments."""
    return [
        (later, earlier)
        for index, later in enumerate(parameters)
        for earlier in parameters[:index]
        if later.written & earlier.written
    ]
