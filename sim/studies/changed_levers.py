"""What differs between today and a plan, lever by lever, and scenarios that have some of the plan's levers only."""

from __future__ import annotations

import fnmatch
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sim.model.scenario import Change, Scenario
from sim.parameters.leaves import leaves, value_text
from sim.parameters.paths import assign, is_preset, locate, validated, value_at
from sim.parameters.plain_words import information, registry_path
from sim.report.assumptions import moment
from sim.vocabulary.errors import Problem, ScenarioError
from sim.vocabulary.parameter import Vector
from sim.words import say, translated

_LISTS = ("rivals", "segments")
_ASIDE = ("name", "question", "asks", "timeline", "calibration", "run")
"""What is no lever: names, questions, data of a fit, calendar and luck, which are today's in all worlds."""


class ChangedLever(NamedTuple):
    """A lever in which a plan differs from today: a parameter, or several that belong together.

    Attributes:
        name: Its path, that of the section whose parts belong together, or the pattern that was given.
        label: A short name for people.
        paths: Its parameters.
        today: Their values today, as text, changes of the timeline among them.
        plan: Those of the plan.
    """

    name: str
    label: str
    paths: tuple[str, ...]
    today: str
    plan: str


def find_changed(today: Scenario, plan: Scenario, together: Sequence[str] = ()) -> tuple[ChangedLever, ...]:
    """The levers in which a plan differs from today.

    The parts of a section of numbers that are read by their place (a level or a promise on each dimension, the shares
    of the channels) are one lever, and so are a customer parameter and what it reaches in the segments.

    Args:
        today: Today.
        plan: The plan.
        together: Patterns such as `firm.desk.*`: what matches one of them is one lever.

    Raises:
        ScenarioError: If nothing differs, or what differs shapes the people, the firms that there are, or the past.

    >>> from sim.parameters.paths import set_path
    >>> found = find_changed(Scenario(), set_path(Scenario(), "firm.desk.ease", 1.0))
    >>> [(lever.name, lever.today, lever.plan) for lever in found]
    [('firm.desk.ease', '0', '1')]
    """
    _refuse_other_people(today, plan)
    sides = [_flat(today), _flat(plan)]
    paths = [path for path in dict.fromkeys([*sides[0], *sides[1]]) if sides[0].get(path) != sides[1].get(path)]
    if not paths:
        raise ScenarioError(say("the plan is today: nothing differs that could have a share"))
    _refuse_setup(today, paths)
    groups: dict[str, list[str]] = {}
    for path in paths:
        groups.setdefault(_lever_of(today, path, paths, together), []).append(path)
    labels = _short([_label(today, name, parts) for name, parts in groups.items()])
    return tuple(
        ChangedLever(name, label, tuple(parts), *(_text(today, side, parts) for side in sides))
        for label, (name, parts) in zip(labels, groups.items(), strict=True)
    )


def mixed(today: Scenario, plan: Scenario, chosen: Collection[str]) -> Scenario:
    """Today with some parameters as in the plan, from the start and in the timeline.

    Args:
        today: Today.
        plan: The plan.
        chosen: Paths, as in `ChangedLever.paths`.

    Raises:
        ScenarioError: If the values do not go together.
    """
    tree, other = today.model_dump(), plan.model_dump()
    for path in chosen:
        place, _ = locate(tree, path, type(today))
        value_at(tree, place[:-1])[place[-1]] = value_at(other, place)
    changes = []
    for scenario, ours in ((today, False), (plan, True)):
        for change in scenario.timeline:
            kept = {path: value for path, value in _single(scenario, change).items() if (path in chosen) == ours}
            if kept:
                changes.append(Change(at=change.at, until=change.until, set=kept).model_dump())
    return validated(tree | {"timeline": changes}, kind=type(today))


def _single(scenario: Scenario, change: Change) -> dict[str, Any]:
    """A change of the timeline, parameter by parameter."""
    tree, found = scenario.model_dump(), {}
    for path, value in change.set.items():
        for place in assign(tree, path, value, type(scenario)):
            found[".".join(map(str, place))] = value_at(tree, place)
    return found


Told = tuple[Any, tuple[tuple[Any, Any, Any], ...]]
"""A parameter's value, and its changes: from when, until when, to what."""


def _flat(scenario: Scenario) -> dict[str, Told]:
    """Every parameter that may be a lever, by path; entries of lists by number."""
    tree = scenario.model_dump()
    listed = {key: tree.pop(key) for key in _LISTS}
    values = {path: value for path, value in leaves(tree) if path.split(".")[0] not in _ASIDE}
    for key, items in listed.items():
        for number, item in enumerate(items):
            values |= {f"{key}.{number}.{path}": value for path, value in leaves(item) if path != "name"}
    changes: dict[str, list[tuple[Any, Any, Any]]] = {}
    for change in scenario.timeline:
        for path, value in _single(scenario, change).items():
            changes.setdefault(path, []).append((change.at, change.until, value))
    return {
        path: (value, tuple(changes.get(path, ())))
        for path, value in values.items()
        if not is_preset(path) and not path.endswith(".preset")  # names of what the other parameters say
    }


def _refuse_other_people(today: Scenario, plan: Scenario) -> None:
    for key in _LISTS:
        names = [[item.name for item in getattr(scenario, key)] for scenario in (today, plan)]
        if names[0] != names[1]:
            found, allowed = (", ".join(side) or say("none") for side in reversed(names))
            raise ScenarioError(say("must be today's"), key, found=found, allowed=allowed)
    if type(today).model_fields.keys() != type(plan).model_fields.keys():
        raise ScenarioError(say("today and the plan do not have the same rules from outside"))


def _refuse_setup(scenario: Scenario, paths: Sequence[str]) -> None:
    problems = []
    for path in paths:
        place, _ = locate(scenario.model_dump(), path, type(scenario))
        info = information(registry_path(place), type(scenario))
        if info is not None and info.setup:
            problems.append(
                Problem(
                    say("shapes the people before the first period: with it and without it they are others"),
                    path,
                    hint=say("give it to both files"),
                )
            )
    if problems:
        raise ScenarioError(problems)


def _lever_of(scenario: Scenario, path: str, paths: Sequence[str], together: Sequence[str]) -> str:
    """The lever that a parameter belongs to."""
    for pattern in together:
        if fnmatch.fnmatchcase(path, pattern):
            return pattern
    parts = path.split(".")
    general = ".".join(["customers", *parts[2:]])
    if parts[0] == "segments" and general in paths:
        return _lever_of(scenario, general, paths, together)
    above = path.rpartition(".")[0]
    _, section = locate(scenario.model_dump(), above, type(scenario)) if above else (None, None)
    return above if section is not None and issubclass(section, Vector) else path


def _short(labels: Sequence[tuple[str, str, str]]) -> list[str]:
    """Whose they are and what they are called, without the group of each where the others leave no doubt.

    >>> _short(
    ...     [("", "Desk", "Ease"), ("", "Costs", "Appraisal"), ("", "Site", "Ease"), ("one: ", "Costs", "Appraisal")]
    ... )
    ['Desk: Ease', 'Appraisal', 'Site: Ease', 'one: Appraisal']
    """
    own = [whose + called for whose, _, called in labels]
    return [
        short if own.count(short) == 1 or not group else f"{whose}{group}: {called}"
        for short, (whose, group, called) in zip(own, labels, strict=True)
    ]


def _label(scenario: Scenario, name: str, parts: Sequence[str]) -> tuple[str, str, str]:
    """Whose a lever is, its group and what it is called within that; of a section its own name."""
    tree, kind = scenario.model_dump(), type(scenario)
    places = [locate(tree, part, kind)[0] for part in parts]
    known = [information(registry_path(place), kind) for place in places]
    place, info = places[0], known[0]
    if "*" in name and len({each.groups if each else None for each in known}) > 1:
        return "", "", name
    if info is None:
        return "", "", name
    whose = f"{scenario.rivals[int(place[1])].name}: " if place[0] == "rivals" else ""
    single = parts[0] if parts[0] == name else ""
    group = translated(info.groups[-1])
    return (whose, group, translated(info.label)) if single else (whose, "", group)


def _text(scenario: Scenario, side: Mapping[str, Told], parts: Sequence[str]) -> str:
    """Values of some parameters; alike ones once."""
    return "; ".join(dict.fromkeys(_told(*side[path], scenario) for path in parts if path in side))


def _told(value: Any, changes: Sequence[tuple[Any, Any, Any]], scenario: Scenario) -> str:
    """A value with what the timeline makes of it, such as "2, 4 from 2 July 2026"."""
    return ", ".join([value_text(value), *_then(changes, scenario)])


def _then(changes: Sequence[tuple[Any, Any, Any]], scenario: Scenario) -> Iterator[str]:
    for at, until, value in changes:
        text = value_text(value)
        if until is None:
            yield say("{text} from {at}", at=moment(at, scenario), text=text)
        else:
            begin, end = moment(at, scenario), moment(until, scenario)
            yield say("{text} from {at} until {until}", at=begin, until=end, text=text)
