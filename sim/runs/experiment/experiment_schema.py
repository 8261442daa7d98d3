"""The JSON Schema of experiment files, for completion and checks in editors."""

from __future__ import annotations

import json
from typing import Any

from sim.model.scenario import Scenario
from sim.parameters.plain_words import information
from sim.parameters.registry import ParameterInfo, parameters
from sim.runs.experiment.definition import Experiment
from sim.runs.experiment.parameters import find_parameter
from sim.scenario.presets import CULTURE, VOICE, load_preset, names
from sim.scenario.schema import for_people, scenario_schema
from sim.vocabulary.errors import ScenarioError
from sim.words import Sentences, say, translated

SCHEMA_FILE = "experiment.schema.json"
_OF_LISTS = r"^(rivals|segments)\.[^.]+\..+"
_NULLABLE = ("Lever", "Factor", "Design", "LimitsOfRun", "SensitivitySettings")


def experiment_schema(kind: type[Scenario] = Scenario) -> dict[str, Any]:
    """The JSON Schema (draft 7) of an experiment file: unknown keys refused, every parameter offered as a factor.

    Args:
        kind: Of its scenario.

    Returns:
        A dictionary ready for `json.dumps`.

    >>> experiment_schema()["properties"]["levers"]["properties"]["firm.desk.ease"]["allOf"]
    [{'$ref': '#/definitions/Lever'}]
    """
    made = Experiment.model_json_schema(ref_template="#/definitions/{model}")
    definitions = {name: _tidied(section) for name, section in made.pop("$defs").items()}
    root = _tidied(made)
    infos = _that_vary(kind)
    for section, definition in (("levers", "Lever"), ("uncertainties", "Factor")):
        offered = {
            info.path: {
                **for_people(info.label, info.practical),
                "description": _words(info),
                "allOf": [{"$ref": f"#/definitions/{definition}"}],
            }
            for info in infos
        }
        root["properties"][section] = {
            "description": root["properties"][section]["description"],
            "type": ["object", "null"],
            "properties": offered,
            "patternProperties": {_OF_LISTS: {"$ref": f"#/definitions/{definition}"}},
            "additionalProperties": False,
        }
    for name in _NULLABLE:
        definitions[name]["type"] = ["object", "null"]
    scalar = {"type": ["boolean", "number", "string"]}
    definitions["Factor"]["properties"]["values"]["items"] = scalar
    definitions["Lever"]["properties"]["values"]["items"] = scalar
    definitions["Design"]["properties"]["rows"]["items"] = {
        "type": "object",
        "propertyNames": {"anyOf": [{"enum": [info.path for info in infos]}, {"pattern": _OF_LISTS}]},
        "additionalProperties": scalar,
    }
    _offer_set(root, definitions, kind)
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": say("ExitVoice experiment"),
        **root,
        "description": say("What is varied around a scenario, by which design, and what is recorded of each run."),
        "definitions": dict(sorted(definitions.items())),
    }


def schema_text(kind: type[Scenario] = Scenario) -> str:
    """The JSON Schema as it is written to a file: indented, with a line end.

    >>> schema_text().splitlines()[-1]
    '}'
    """
    return json.dumps(experiment_schema(kind), indent=1, ensure_ascii=False) + "\n"


def _that_vary(kind: type[Scenario]) -> list[ParameterInfo]:
    """The parameters that may be factors; those of rivals and segments go by the name of the rival or segment."""
    found = []
    scenario = kind()
    for info in parameters(kind):
        if "[]" in info.path:
            continue
        try:
            find_parameter(scenario, info.path)
        except ScenarioError:
            continue
        found.append(info)
    return found


def _words(info: ParameterInfo) -> str:
    words = Sentences([f"{translated(info.meaning)}.", say("Unit: {unit}.", unit=translated(info.unit))])
    if info.allowed != "any":
        words.say("Allowed: {allowed}.", allowed=info.allowed)
    family = {"voice.preset": VOICE, "firm.culture": CULTURE}.get(info.path)
    if family is not None:
        return " ".join(
            words
            + [say("{name}: {title}.", name=name, title=load_preset(family, name).title) for name in names(family)]
        )
    return " ".join([*words, say("Default: {default}.", default=info.default)])


def _tidied(schema: Any) -> Any:
    """The same without what only repeats a key's name, and with the first line of a section's description."""
    if isinstance(schema, list):
        return [_tidied(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    tidy = {key: _tidied(value) for key, value in schema.items() if not (key == "title" and isinstance(value, str))}
    # A value that may be left out: what it is otherwise, or nothing.
    options = tidy.get("anyOf")
    if isinstance(options, list) and {"type": "null"} in options and len(options) == 2:
        other = next(option for option in options if option != {"type": "null"})
        if isinstance(other.get("type"), str) and "enum" not in other:
            del tidy["anyOf"]
            tidy |= {**other, "type": [other["type"], "null"]}
    if tidy.get("default", 0) is None:
        del tidy["default"]
    if isinstance(tidy.get("description"), str):
        tidy["description"] = tidy["description"].splitlines()[0]
    return tidy


def _offer_set(root: dict[str, Any], definitions: dict[str, Any], kind: type[Scenario]) -> None:
    """Every parameter under `set`, with its range, as in a scenario file."""
    scenario = scenario_schema(kind)
    definitions |= {
        name: value for name, value in scenario["definitions"].items() if name not in ("Change", "Segment", "Series")
    }
    offered: dict[str, Any] = {}

    def collect(properties: dict[str, Any], prefix: str) -> None:
        for key, declared in properties.items():
            path = f"{prefix}{key}"
            if path == "extends":
                continue
            if "$ref" in declared:
                inner = declared["$ref"].rsplit("/", 1)[-1]
                offered[path] = declared
                collect(scenario["definitions"][inner]["properties"], f"{path}.")
            elif declared.get("type") == "array":
                offered[path] = {"type": "array"}
            else:
                info = information(path, kind)
                offered[path] = declared if info is None else declared | for_people(info.label, info.practical)

    collect(scenario["properties"], "")
    root["properties"]["set"] = {
        "description": root["properties"]["set"]["description"],
        "type": ["object", "null"],
        "properties": offered,
        "patternProperties": {_OF_LISTS: {}},
        "additionalProperties": False,
    }
