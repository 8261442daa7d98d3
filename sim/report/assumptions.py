"""The assumptions: every parameter with its value, unit, range, source, and where the value came from."""

from __future__ import annotations

import datetime as dt
import re
from typing import NamedTuple

from sim.model.scenario import Scenario
from sim.parameters.against_defaults import against_defaults
from sim.parameters.courses import courses
from sim.parameters.labels import label, unit_in, without_paths
from sim.parameters.leaves import value_text
from sim.parameters.plain_words import information
from sim.parameters.timeline import first_day
from sim.results.amounts import text_shown
from sim.results.result import Result
from sim.words import day, say, translated

_FOLDER = re.compile(r"^.*[/\\](?=[^/\\]+:\d+$)")


class Assumption(NamedTuple):
    """One parameter as the report shows it."""

    path: str
    label: str
    value: str
    default: str
    changed: bool
    origin: str
    unit: str
    allowed: str
    source: str
    meaning: str


def assumptions(result: Result) -> list[Assumption]:
    """Every parameter of the scenario, in the order of the scenario file; rivals and segments at the end."""
    origins = result.manifest.get("origins", {})
    rows = []
    for path, registered, value, default in against_defaults(result.scenario):
        info = information(registered, type(result.scenario))
        if info is None or path in ("name", "question", "asks"):
            continue
        changed = value != default
        origin = origins.get(path, say("set for this run") if changed else "default")
        rows.append(
            Assumption(
                path,
                label(path, type(result.scenario)),
                text_shown(value_text(value)),
                text_shown(value_text(default)),
                changed,
                _short(origin) if changed else say("default"),
                unit_in(info.unit, result.scenario.money.currency),
                info.allowed,
                translated(info.source),
                without_paths(translated(info.meaning), type(result.scenario)),
            )
        )
    return rows


def _short(origin: str) -> str:
    """Where a value comes from: of a file its name and the line, for where it lies is nobody's business in a meeting.

    >>> _short("plans/2026/case.yaml:8"), _short("preset normal")
    ('case.yaml:8', 'preset normal')
    """
    return _FOLDER.sub("", origin)


def moment(when: int | dt.date, scenario: Scenario) -> str:
    """A moment as a date in words; as a period by its number where the calendar ends before."""
    try:
        return day(first_day(scenario.run, when) if isinstance(when, int) else when)
    except (OverflowError, ValueError):
        return say("period {number}", number=when)


def timeline(scenario: Scenario) -> list[str]:
    """The dated changes, one sentence each."""
    sentences = []
    for course in courses(scenario.timeline):
        what = ", ".join(f"{label(path, type(scenario))} = {value}" for path, value in course.told())
        if course.again:
            what = f"{what} ({course.recurs()})"
        begin = moment(course.at, scenario)
        sentences.append(
            say("from {begin}: {what}", begin=begin, what=what)
            if course.until is None
            else say("from {begin} until {end}: {what}", begin=begin, end=moment(course.until, scenario), what=what)
        )
    return sentences
