"""The assumptions: every parameter with its value, unit, range, source, and where the value came from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, NamedTuple

from sim.model.scenario import Scenario
from sim.parameters.leaves import leaves, value_text
from sim.parameters.plain_words import information
from sim.results.result import Result
from sim.words import say, translated

_LISTS = ("rivals", "segments")


class Assumption(NamedTuple):
    """One parameter as the report shows it."""

    path: str
    value: str
    default: str
    changed: bool
    origin: str
    unit: str
    allowed: str
    source: str
    meaning: str


def _all(scenario: Scenario) -> Iterator[tuple[str, str, Any, Any]]:
    """Path, path in the registry, value and default of every parameter but the timeline.

    A rival starts from the default rival, a segment from what the scenario says of all customers.
    """
    values, defaults = scenario.model_dump(), type(scenario)().model_dump()
    listed = {key: values.pop(key) for key in _LISTS}
    for tree in (values, defaults):
        tree.pop("timeline")
    known = dict(leaves({key: value for key, value in defaults.items() if key not in _LISTS}))
    for path, value in leaves(values):
        yield path, path, value, known.get(path)
    usual = {"rivals": Scenario().rivals[0].model_dump(), "segments": {"share": 1.0, **values["customers"]}}
    for key in _LISTS:
        start = dict(leaves(usual[key]))
        for item in listed[key]:
            for path, value in leaves(item):
                if path != "name":
                    yield f"{key}.{item['name']}.{path}", f"{key}[].{path}", value, start.get(path)


def assumptions(result: Result) -> list[Assumption]:
    """Every parameter of the scenario, in the order of the scenario file; rivals and segments at the end."""
    origins = result.manifest.get("origins", {})
    rows = []
    for path, registered, value, default in _all(result.scenario):
        info = information(registered, type(result.scenario))
        if info is None or path in ("name", "question"):
            continue
        changed = value != default
        origin = origins.get(path, say("set for this run") if changed else "default")
        rows.append(
            Assumption(
                path, value_text(value), value_text(default), changed, origin if changed else say("default"),
                translated(info.unit), info.allowed, translated(info.source), translated(info.meaning),
            )
        )  # fmt: skip
    return rows


def _moment(when: int | str | dt.date) -> str:
    """A period by its number, or a date as it is."""
    text = str(when)
    return say("period {number}", number=text) if text.isdecimal() else text


def timeline(scenario: Scenario) -> list[str]:
    """The dated changes, one sentence each."""
    sentences = []
    for change in scenario.timeline:
        what = ", ".join(f"{path} = {value_text(value)}" for path, value in change.set.items())
        begin = _moment(change.at)
        sentences.append(
            say("from {begin}: {what}", begin=begin, what=what)
            if change.until is None
            else say("from {begin} until {end}: {what}", begin=begin, end=_moment(change.until), what=what)
        )
    return sentences
