"""The list of all parameters, read off the sections: for documentation, `sim explain` and the tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, get_args

import annotated_types
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sim.model.scenario import Scenario
from sim.words import listed, say


@dataclass(frozen=True)
class ParameterInfo:
    """What is known of one parameter.

    Attributes:
        path: Where it stands in a scenario file.
        label: Its short name for people, unlike all others in its section.
        groups: The labels of the sections that it lies in, the outermost first; with the label unlike all others.
        default: The value a scenario starts from; none where the user must say one.
        unit: Its unit.
        low: The lowest value that is allowed.
        high: The highest value that is allowed.
        practical: The lowest and the highest value that a practitioner would try, or none where it is no quantity.
        choices: The names of which it is one.
        meaning: One sentence.
        source: Publication, seed or assumption.
        setup: Whether it is fixed before the first period.
        no_lever: Of a firm's parameter, why the firm does not decide on it; empty where it does.
        paid_by: Of a lever, the path of what makes more of it dearer; empty where nothing does.
        less_costs: Whether less of it is what costs.
        definition: Whether it defines what others mean, and is no assumption.
        excluded: Of `low` and `high`, those that are not allowed themselves.
    """

    path: str
    label: str
    groups: tuple[str, ...]
    default: Any
    unit: str
    low: float | None
    high: float | None
    practical: tuple[float, float] | None
    choices: tuple[Any, ...]
    meaning: str
    source: str
    setup: bool
    no_lever: str = ""
    paid_by: str = ""
    less_costs: bool = False
    definition: bool = False
    excluded: tuple[float, ...] = ()

    @property
    def allowed(self) -> str:
        """The range or the choices, in words."""
        if self.choices:
            return " | ".join(str(choice) for choice in self.choices)
        if self.low is None and self.high is None:
            return "any"
        low = "-inf" if self.low is None else f"{self.low:g}"
        high = "inf" if self.high is None else f"{self.high:g}"
        return but_for(say("{low} to {high}", low=low, high=high), self.excluded)


def but_for(allowed: str, excluded: Sequence[float]) -> str:
    """A range in words, without the bounds that are not allowed themselves.

    >>> but_for("0 to 10", (0.0,)), but_for("0 to 1", (0.0, 1.0)), but_for("0 to 1", ())
    ('0 to 10, without 0', '0 to 1, without 0 and 1', '0 to 1')
    """
    if not excluded:
        return allowed
    return say("{allowed}, without {bounds}", allowed=allowed, bounds=listed([f"{bound:.15g}" for bound in excluded]))


def _section_of(annotation: Any) -> tuple[type[BaseModel] | None, bool]:
    """The section class inside an annotation, and whether it is a list of them."""
    for item in get_args(annotation):
        if isinstance(item, type) and issubclass(item, BaseModel):
            return item, True
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation, False
    return None, False


def _bounds(field: FieldInfo) -> tuple[float | None, float | None, tuple[float, ...]]:
    """The lowest and the highest value, and those of them that are not allowed themselves."""
    low: Any = None
    high: Any = None
    excluded: list[Any] = []
    for item in field.metadata:
        if isinstance(item, annotated_types.Ge):
            low = item.ge
        elif isinstance(item, annotated_types.Gt):
            low = item.gt
            excluded.append(low)
        elif isinstance(item, annotated_types.Le):
            high = item.le
        elif isinstance(item, annotated_types.Lt):
            high = item.lt
            excluded.append(high)
    return low, high, tuple(excluded)


def declared(field: FieldInfo) -> dict[str, Any]:
    """What `parameter` or `group` noted on a field: unit, source, setup, practical range, whether it is a lever."""
    return dict(field.json_schema_extra) if isinstance(field.json_schema_extra, dict) else {}


def _walk(
    section: type[BaseModel],
    prefix: str,
    instance: Any,
    groups: tuple[str, ...] = (),
    inherited: Mapping[str, Any] | None = None,
) -> Iterator[ParameterInfo]:
    for name, field in section.model_fields.items():
        path = f"{prefix}{name}"
        inner, many = _section_of(field.annotation)
        extra = {**(inherited or {}), **declared(field)}
        label = field.title or ""
        if inner is not None:
            value = None if many else (getattr(instance, name) if instance is not None else field.get_default())
            own = f"{path}[]." if many else f"{path}."
            yield from _walk(inner, own, value, (*groups, label), declared(field))
            continue
        low, high, excluded = _bounds(field)
        choices = tuple(item for item in get_args(field.annotation) if isinstance(item, str))
        unset = None if field.is_required() else field.get_default()
        default = getattr(instance, name) if instance is not None else unset
        yield ParameterInfo(
            path,
            label,
            groups,
            default,
            str(extra.get("unit", "")),
            low,
            high,
            extra.get("practical"),
            choices,
            field.description or "",
            str(extra.get("source", "")),
            bool(extra.get("setup", False)),
            str(extra.get("no_lever", "")),
            str(extra.get("paid_by", "")),
            bool(extra.get("less_costs", False)),
            bool(extra.get("definition", False)),
            excluded,
        )


@cache
def parameters(kind: type[Scenario] = Scenario) -> tuple[ParameterInfo, ...]:
    """Every parameter of the model, in the order of the scenario file; of another kind, with its rules from outside.

    Parameters of lists carry `[]` in their path (`rivals[].desk.ease`, `segments[].share`).

    >>> [p.unit for p in parameters() if p.path == "voice.complain_share"]
    ['share']
    """
    return tuple(_walk(kind, "", kind()))
