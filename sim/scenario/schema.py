"""The JSON Schema of scenario files, for completion and checks in editors."""

from __future__ import annotations

import datetime as dt
import json
import re
import types
from collections.abc import Iterator
from typing import Any, Literal, Union, get_args, get_origin

import annotated_types
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sim.model.customer import Segment
from sim.model.scenario import Change, Scenario
from sim.parameters.paths import section_at
from sim.parameters.registry import declared
from sim.scenario.presets import CULTURE, VOICE, load_preset, names
from sim.words import say

SCHEMA_FILE = "scenario.schema.json"
PRACTICAL = "x-practical-range"
"""Keyword for the range in which a practitioner would move a value; validators pass over what they do not know."""
_BOUNDS = (
    (annotated_types.Ge, "ge", "minimum"),
    (annotated_types.Gt, "gt", "exclusiveMinimum"),
    (annotated_types.Le, "le", "maximum"),
    (annotated_types.Lt, "lt", "exclusiveMaximum"),
    (annotated_types.MinLen, "min_length", "minLength"),
    (annotated_types.MaxLen, "max_length", "maxLength"),
)
_NUMBER = r"([0-9]+(\.[0-9]*)?|\.[0-9]+)"
RELATIVE = (
    rf"^\s*([-+\u2212] ?{_NUMBER} ?(%|per ?cent|(percentage )?points?|pp)|([xX\u00d7]|times) ?{_NUMBER}"
    rf"|{_NUMBER}[ ](more|fewer|less)|[0-9]+/[0-9]+\sof\sthe\sway\s.+)\s*$"
)
"""A value relative to today's, for an editor; what it means stands in `sim.parameters.relative`."""
_TYPES: dict[Any, dict[str, Any]] = {
    float: {"type": "number"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    str: {"type": "string"},
    dt.date: {"type": "string", "format": "date"},
    type(None): {"type": "null"},
}


def scenario_schema(kind: type[Scenario] = Scenario) -> dict[str, Any]:
    """The JSON Schema (draft 7) of a scenario file: every key optional, unknown keys refused.

    Args:
        kind: Of the scenario; with rules from outside, their parameters are offered too.

    Returns:
        A dictionary ready for `json.dumps`. `title` is the label of a parameter or section, `x-practical-range` the
        lowest and highest value that a practitioner would try; beside a `$ref` it holds for every value within.

    >>> scenario_schema()["properties"]["firm"]["$ref"]
    '#/definitions/Firm'
    """
    definitions: dict[str, Any] = {}
    root = _section(kind, definitions, kind())
    root["properties"] = {
        "extends": {
            "type": "string",
            "minLength": 1,
            "description": say("Another scenario file, relative to this one, that this one starts from"),
        },
        **root["properties"],
    }
    _of_timeline(definitions, kind)
    changes = root["properties"]["timeline"]
    changes["items"] = {"anyOf": [changes["items"], {"$ref": "#/definitions/Series"}]}
    definitions["Segment"]["required"] = ["name", "share"]
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": say("ExitVoice scenario"),
        "description": say(
            "What a run is made from. Whatever is left out keeps its default; `sim explain` tells them all."
        ),
        **root,
        "definitions": dict(sorted(definitions.items())),
    }


def _section(section: type[BaseModel], definitions: dict[str, Any], instance: Any) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    for key, field in section.model_fields.items():
        inner, many = section_at(section, key)
        value = None if instance is None else getattr(instance, key)
        if inner is None:
            properties[key] = _parameter(section, key, field, value)
            continue
        if inner.__name__ not in definitions:
            definitions[inner.__name__] = {}
            definitions[inner.__name__] = _section(inner, definitions, None if many else value)
        reference = {"$ref": f"#/definitions/{inner.__name__}", **_people(field)}
        if many:
            limit = next((item.max_length for item in field.metadata if isinstance(item, annotated_types.MaxLen)), None)
            properties[key] = {"type": "array", "items": reference, **_people(field)} | (
                {"maxItems": limit} if limit else {}
            )
        else:
            properties[key] = reference
    dotted = {f"^{re.escape(path)}$": {"$ref": pointer} for path, pointer in _dotted(section)}
    return {
        "type": ["object", "null"] if not issubclass(section, Scenario) else "object",
        "description": (section.__doc__ or "").strip().splitlines()[0],
        "properties": properties,
        **({"patternProperties": dotted} if dotted else {}),
        "additionalProperties": False,
    }


def _dotted(section: type[BaseModel]) -> Iterator[tuple[str, str]]:
    """The paths that may be one key of a section, and where in the schema each is described.

    They stand as patterns, which editors check and explain but do not offer: hundreds would hide the sections.
    """
    for key in section.model_fields:
        inner, many = section_at(section, key)
        if inner is None or many:
            continue
        for name in inner.model_fields:
            yield f"{key}.{name}", f"#/definitions/{inner.__name__}/properties/{name}"
        for path, pointer in _dotted(inner):
            yield f"{key}.{path}", pointer


def for_people(label: str, practical: tuple[float, float] | None) -> dict[str, Any]:
    """What an editor shows to people: a label, and the range in which they would move a value.

    >>> for_people("Loss aversion", (1.0, 3.0))
    {'title': 'Loss aversion', 'x-practical-range': [1.0, 3.0]}
    """
    return {"title": label} | ({} if practical is None else {PRACTICAL: list(practical)})


def _people(field: FieldInfo) -> dict[str, Any]:
    return for_people(field.title or "", declared(field).get("practical"))


def _parameter(section: type[BaseModel], key: str, field: FieldInfo, value: Any) -> dict[str, Any]:
    schema = _type(field.annotation)
    for item in field.metadata:
        for kind, name, word in _BOUNDS:
            if isinstance(item, kind):
                schema[word] = getattr(item, name)
        pattern = getattr(item, "pattern", None)
        if pattern is not None:
            schema["pattern"] = pattern
    extra = declared(field)
    words = [
        f"{field.description}.",
        say("Unit: {unit}.", unit=extra.get("unit", "")),
        say("Source: {source}.", source=extra.get("source", "")),
    ]
    family = {"preset": VOICE, "culture": CULTURE}.get(key)
    if family is not None:
        schema = {"enum": [*names(family), None]}
        words += [say("{name}: {title}.", name=name, title=load_preset(family, name).title) for name in names(family)]
    if isinstance(value, int | float | str) and section not in (Change, Segment):
        words.insert(1, say("Default: {lower}.", lower=str(value).lower() if isinstance(value, bool) else value))
    if schema.get("type") in ("number", "integer"):
        limits = {key: schema.pop(key) for key in [key for key in schema if key not in ("title", "description")]}
        schema["anyOf"] = [limits, {"type": "string", "pattern": RELATIVE}]
    return {**_people(field), "description": " ".join(words), **schema}


def _type(annotation: Any) -> dict[str, Any]:
    if get_origin(annotation) is Literal:
        return {"enum": list(get_args(annotation))}
    if get_origin(annotation) in (Union, types.UnionType):
        return {"anyOf": [_type(item) for item in get_args(annotation)]}
    return dict(_TYPES.get(annotation, {"type": "object"}))


def _of_timeline(definitions: dict[str, Any], kind: type[Scenario]) -> None:
    """Give the paths of a change their own completion; what a run cannot change is not offered."""
    paths: dict[str, Any] = {}

    def collect(section: type[BaseModel], prefix: str, people: dict[str, Any]) -> None:
        for key, field in section.model_fields.items():
            inner, many = section_at(section, key)
            if many or declared(field).get("setup"):
                continue
            if inner is None:
                paths[f"{prefix}{key}"] = people | _parameter(section, key, field, None)
            else:
                paths[f"{prefix}{key}"] = {"$ref": f"#/definitions/{inner.__name__}", **_people(field)}
                collect(inner, f"{prefix}{key}.", _people(field))

    collect(kind, "", {})
    change = definitions["Change"]
    change["type"] = "object"
    change["required"] = ["set"]
    moving = {"type": "object", "description": say("Of a ramp {{from: ..., to: ...}}; of a season a value by month")}
    for name in ("at", "until"):
        change["properties"][name]["anyOf"].append({"type": "string"})
    change["properties"] |= {
        "every": {
            "description": say("What recurs: December, Q4, weekend, Saturday, year, or a list of them"),
            "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
        },
        "ramp": {
            "description": say("In equal steps to the new values, which are reached at `until`"),
            "enum": ["linear"],
        },
    }
    change["anyOf"] = [{"required": ["at"]}, {"required": ["every"]}]
    others = {"patternProperties": {r"^(rivals|segments)\.[^.]+\..+": {}}, "additionalProperties": False}
    change["properties"]["set"] |= {
        "minProperties": 1,
        "properties": {path: _or(schema, moving) for path, schema in paths.items()},
        **others,
    }
    definitions["Series"] = {
        "type": "object",
        "description": say("Changes from a table: a value for each date"),
        "required": ["from", "set"],
        "properties": {
            "from": {"description": say("The table, relative to this file"), "type": "string", "minLength": 1},
            "read": {"description": say("How the table is read, as in docs/data.md"), "type": "object"},
            "set": {"minProperties": 1, "properties": {path: {"type": "string"} for path in paths}, **others},
        },
        "additionalProperties": False,
    }


def _or(schema: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """A schema that another value passes too, if it is one of a number."""
    return schema | {"anyOf": [*schema["anyOf"], other]} if "anyOf" in schema else schema


def schema_text(kind: type[Scenario] = Scenario) -> str:
    """The JSON Schema as it is written to a file: indented, with a line end.

    >>> schema_text().splitlines()[-1]
    '}'
    """
    return json.dumps(scenario_schema(kind), indent=1, ensure_ascii=False) + "\n"
