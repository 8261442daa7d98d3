"""What differs between scenarios: parameter by parameter, today's value and theirs."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from sim.model.scenario import Scenario
from sim.parameters.courses import courses
from sim.parameters.labels import entry_label, registered, unit_in
from sim.parameters.leaves import leaves, value_text
from sim.parameters.plain_words import information
from sim.parameters.timeline import first_day
from sim.words import day, say, translated

_LISTS = ("rivals", "segments")
_NOT_COMPARED = ("name", "question", "asks", "timeline", "run.seed", "run.replications", "run.panel")
ABSENT = "-"


def flat(scenario: Scenario) -> dict[str, str]:
    """Every parameter of a scenario by path, as text; entries of lists by name, changes of the timeline by moment.

    >>> flat(Scenario())["rivals.rival.desk.ease"]
    '0'
    """
    tree = scenario.model_dump()
    listed = {key: tree.pop(key) for key in _LISTS}
    found = {path: value_text(value) for path, value in leaves(tree) if path not in _NOT_COMPARED}
    for key, items in listed.items():
        for item in items:
            name = item.pop("name")
            found |= {f"{key}.{name}.{path}": value_text(value) for path, value in leaves(item)}
    for course in courses(scenario.timeline):
        moment, end = _moment(course.at, scenario), _moment(course.until, scenario)
        for path, value in course.told():
            key = (
                say("{path} from {moment}", path=path, moment=moment)
                if course.until is None
                else say("{path} from {moment} until {end}", path=path, moment=moment, end=end)
            )
            found[key] = value + (f" ({course.recurs()})" if course.again else "")
    return found


def _moment(when: int | dt.date | None, scenario: Scenario) -> str:
    """A moment of the timeline as a date in words; as a number where the calendar ends before."""
    try:
        return "" if when is None else day(first_day(scenario.run, when) if isinstance(when, int) else when)
    except (OverflowError, ValueError):
        return say("period {at}", at=when)


def _entries(scenario: Scenario) -> set[str]:
    """Rivals and segments of a scenario, as `rivals.NAME`."""
    return {f"{key}.{item.name}" for key in _LISTS for item in getattr(scenario, key)}


def build_changed(scenarios: dict[str, Scenario]) -> pd.DataFrame:
    """The parameters in which the scenarios differ; name, question and calendar of luck left out.

    Args:
        scenarios: By label, today's first.

    Returns:
        A row for each such parameter: `path`, `label`, `meaning`, `unit`, then a column for each scenario by its own
        label, as text; `-` where a scenario has no such entry. A rival or a segment that not all have is one row.

    >>> from sim.parameters.paths import set_path
    >>> table = build_changed({"now": Scenario(), "then": set_path(Scenario(), "firm.desk.ease", 1.0)})
    >>> table[["path", "now", "then"]].values.tolist()
    [['firm.desk.ease', '0', '1']]
    """
    flattened = {name: flat(scenario) for name, scenario in scenarios.items()}
    paths = dict.fromkeys(path for found in flattened.values() for path in found)
    kinds = {type(scenario) for scenario in scenarios.values()}
    entries = {name: _entries(scenario) for name, scenario in scenarios.items()}
    currency = next(iter(scenarios.values())).money.currency
    rows: list[tuple[str, ...]] = []
    known = [entry for found in entries.values() for entry in found]
    for entry in sorted({entry for entry in known if known.count(entry) < len(entries)}):
        there = [say("there") if entry in found else ABSENT for found in entries.values()]
        kind, _, name = entry.partition(".")
        called = say("Rival {name}", name=name) if kind == "rivals" else say("Segment {name}", name=name)
        rows.append((entry, called, say("Not in every scenario, with all that is its own"), "", *there))
        paths = {path: None for path in paths if not path.startswith(f"{entry}.")}
    for path in paths:
        values = [found.get(path, ABSENT) for found in flattened.values()]
        if len(set(values)) > 1:
            info = next(filter(None, (information(registered(path), kind) for kind in kinds)), None)
            told = (translated(info.meaning), unit_in(info.unit, currency)) if info else ("", "")
            rows.append((path, entry_label(path, max(kinds, key=lambda kind: len(kind.outside))), *told, *values))
    return pd.DataFrame(rows, columns=["path", "label", "meaning", "unit", *flattened])
