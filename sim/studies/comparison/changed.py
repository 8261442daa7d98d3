"""What differs between scenarios: parameter by parameter, today's value and theirs."""

from __future__ import annotations

import pandas as pd

from sim.model.scenario import Scenario
from sim.parameters.courses import courses
from sim.parameters.leaves import leaves, value_text
from sim.parameters.plain_words import information
from sim.words import say, translated

_LISTS = ("rivals", "segments")
_NOT_COMPARED = ("name", "question", "timeline", "run.seed", "run.replications", "run.panel")
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
        moment = say("period {at}", at=course.at) if isinstance(course.at, int) else str(course.at)
        end = say("period {until}", until=course.until) if isinstance(course.until, int) else str(course.until)
        for path in course.values:
            key = (
                say("{path} from {moment}", path=path, moment=moment)
                if course.until is None
                else say("{path} from {moment} until {end}", path=path, moment=moment, end=end)
            )
            found[key] = course.text(path) + (f" ({course.recurs()})" if course.again else "")
    return found


def _registered(path: str) -> str:
    parts = path.split(" ", maxsplit=1)[0].split(".")
    return f"{parts[0]}[].{'.'.join(parts[2:])}" if parts[0] in _LISTS else ".".join(parts)


def build_changed(scenarios: dict[str, Scenario]) -> pd.DataFrame:
    """The parameters in which the scenarios differ; name, question and calendar of luck left out.

    Args:
        scenarios: By label, today's first.

    Returns:
        A row for each such parameter: `path`, `meaning`, `unit`, then a column for each scenario by its label, as
        text; `-` where a scenario has no such entry.

    >>> from sim.parameters.paths import set_path
    >>> table = build_changed({"now": Scenario(), "then": set_path(Scenario(), "firm.desk.ease", 1.0)})
    >>> table[["path", "now", "then"]].values.tolist()
    [['firm.desk.ease', '0', '1']]
    """
    flattened = {label: flat(scenario) for label, scenario in scenarios.items()}
    paths = dict.fromkeys(path for found in flattened.values() for path in found)
    kinds = {type(scenario) for scenario in scenarios.values()}
    rows = []
    for path in paths:
        values = [found.get(path, ABSENT) for found in flattened.values()]
        if len(set(values)) > 1:
            info = next(filter(None, (information(_registered(path), kind) for kind in kinds)), None)
            rows.append(
                (path, translated(info.meaning) if info else "", translated(info.unit) if info else "", *values)
            )
    return pd.DataFrame(rows, columns=["path", "meaning", "unit", *flattened])
