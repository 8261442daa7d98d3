"""The list of all parameters, read off the sections: for documentation, `sim explain` and the tests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, get_args

import annotated_types
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sim.model.scenario import Scenario


@dataclass(frozen=True)
class ParameterInfo:
    """What is known of one parameter."""

    path: str
    default: Any
    unit: str
    low: float | None
    high: float | None
    choices: tuple[Any, ...]
    meaning: str
    source: str
    setup: bool

    @property
    def allowed(self) -> str:
        """The range or the choices, in words."""
        if self.choices:
            return " | ".join(str(choice) for choice in self.choices)
        if self.low is None and self.high is None:
            return "any"
        low = "-inf" if self.low is None else f"{self.low:g}"
        high = "inf" if self.high is None else f"{self.high:g}"
        return f"{low} to {high}"


def _section_of(annotation: Any) -> tuple[type[BaseModel] | None, bool]:
    """The section class inside an annotation, and whether it is a list of them."""
    for item in get_args(annotation):
        if isinstance(item, type) and issubclass(item, BaseModel):
            return item, True
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation, False
    return None, False


def _bounds(field: FieldInfo) -> tuple[float | None, float | None]:
    low: Any = None
    high: Any = None
    for item in field.metadata:
        if isinstance(item, annotated_types.Ge):
            low = item.ge
        elif isinstance(item, annotated_types.Gt):
            low = item.gt
        elif isinstance(item, annotated_types.Le):
            high = item.le
        elif isinstance(item, annotated_types.Lt):
            high = item.lt
    return low, high


def _walk(section: type[BaseModel], prefix: str, instance: Any) -> Iterator[ParameterInfo]:
    for name, field in section.model_fields.items():
        path = f"{prefix}{name}"
        inner, many = _section_of(field.annotation)
        if inner is not None:
            value = None if many else (getattr(instance, name) if instance is not None else field.get_default())
            yield from _walk(inner, f"{path}[]." if many else f"{path}.", value)
            continue
        extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
        low, high = _bounds(field)
        choices = tuple(item for item in get_args(field.annotation) if isinstance(item, str))
        default = getattr(instance, name) if instance is not None else field.get_default()
        yield ParameterInfo(
            path,
            default,
            str(extra.get("unit", "")),
            low,
            high,
            choices,
            field.description or "",
            str(extra.get("source", "")),
            bool(extra.get("setup", False)),
        )


@cache
def parameters() -> tuple[ParameterInfo, ...]:
    """Every parameter of the model, in the order of the scenario file.

    Parameters of lists carry `[]` in their path (`rivals[].desk.ease`, `segments[].share`).

    >>> [p.unit for p in parameters() if p.path == "voice.complain_share"]
    ['share']
    """
    return tuple(_walk(Scenario, "", Scenario()))
