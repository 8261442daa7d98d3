"""The timeline as it stands in a file: written out, checked change by change, with the values of presets put in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sim.model.scenario import MOST_CHANGES, Change, Scenario
from sim.parameters.paths import assign, find_in_list, get_path, is_preset, locate, validated
from sim.parameters.plain_words import Place, closest, information, registry_path, shown, translate
from sim.parameters.relative import of_nothing, spoken
from sim.parameters.timeline import check_change, span
from sim.scenario.document import Node
from sim.scenario.layers import Layers, Tree, entries
from sim.scenario.plan_entries import KEYS, PlanEntry, written_out
from sim.scenario.practical import meant_otherwise, unusual_changes
from sim.scenario.presets import CULTURE, VOICE
from sim.scenario.said_dates import allowed_moments
from sim.vocabulary.errors import Problem, Problems, ScenarioError
from sim.words import counted, say


@dataclass
class Timeline:
    """The changes of a scenario and what is wrong or doubtful about them.

    Attributes:
        changes: All of them.
        entries: Of each change, the number of the entry in the file that it comes from.
        problems: What is wrong.
        doubts: What is allowed and probably not meant.
    """

    changes: list[Change] = field(default_factory=list)
    entries: list[int] = field(default_factory=list)
    problems: Problems = field(default_factory=Problems)
    doubts: Problems = field(default_factory=Problems)


def read(layers: Layers, scenario: Scenario, base_dir: Path) -> Timeline:
    """Check the changes against the scenario that they change.

    Args:
        layers: All that was laid together, with the changes as nodes.
        scenario: The scenario without its timeline.
        base_dir: The scenario's folder.

    Returns:
        The changes, a preset's values before the change's own keys; problems carry file, line and column.
    """
    result = Timeline(problems=shape_problems(layers))
    if result.problems:
        return result
    fallback = str(layers.marks.get("timeline", ""))
    base = Path(layers.timeline_base or base_dir)
    for index, node in enumerate(layers.timeline):
        entry = PlanEntry(node, f"timeline.{index}", scenario.run, base, fallback)
        changes = written_out(entry)
        result.problems += entry.problems
        result.doubts += entry.doubts
        # The last one first: where an end of a ramp is not allowed, that is told, and not each step towards it.
        checked = []
        for one in [*changes[-1:], *changes[:-1]]:
            before = len(result.problems)
            change = _change(layers, scenario, one, index, result)
            if change is not None:
                checked.append(change)
            if len(result.problems) > before:
                break
        result.changes += [*checked[1:], *checked[:1]]
        result.entries += [index] * len(checked)
    result.problems, result.doubts = (Problems(dict.fromkeys(found)) for found in (result.problems, result.doubts))
    if len(result.changes) > MOST_CHANGES:
        found, allowed = counted(len(result.changes)), say("at most {most:,}", most=MOST_CHANGES)
        result.problems.add(say("too many changes, written out"), "timeline", fallback, found, allowed)
    return result


_CALLED = {
    **dict.fromkeys(("to", "end", "ends", "till"), "until"),
    **dict.fromkeys(("date", "when", "start", "starts", "begin", "since", "on"), "at"),
    **dict.fromkeys(("change", "changes", "values", "parameters"), "set"),
}
"""What people call the keys of a change."""


def shape_problems(layers: Layers) -> Problems:
    """What is wrong with the changes whatever the scenario: not groups, unknown or missing keys."""
    found = Problems()
    for index, node in enumerate(layers.timeline):
        key, place = f"timeline.{index}", str(node.mark or layers.marks.get("timeline", ""))
        if not isinstance(node.value, dict):
            found.add(say("not a change"), key, place, shown(node.plain), say("at, until, set"))
            continue
        for name, child in node.value.items():
            if name not in KEYS:
                near = _CALLED.get(name.lower(), "") or closest(name, KEYS)
                below = name.partition(".")[0] in Scenario.model_fields
                found.add(
                    say("unknown key"),
                    f"{key}.{name}",
                    str(child.key_mark or place),
                    allowed=", ".join(KEYS),
                    suggestion="" if below else near,
                    hint=say("parameters stand below `set`") if below else "",
                )
        found += [
            Problem(say("a change needs `{name}`", name=name), key, place)
            for name in ("at", "set")
            if name not in node.value and not (name == "at" and {"every", "from"} & set(node.value))
        ]
        given = node.value.get("set")
        if given is not None and not (isinstance(given.value, dict) and given.value):
            found.add(
                say("not a group of parameters"),
                f"{key}.set",
                str(given.mark or place),
                shown(given.plain),
                say("parameters with new values, such as firm.desk.ease: 1"),
            )
    if len(layers.timeline) > 1000:
        found.add(
            say("too many entries"),
            "timeline",
            layers.marks.get("timeline", ""),
            str(len(layers.timeline)),
            say("at most 1000"),
        )
    return found


def _change(layers: Layers, scenario: Scenario, node: Node, index: int, result: Timeline) -> Change | None:
    """One change, or none with problems noted."""
    key = f"timeline.{index}"
    marks = {
        path: str(child.key_mark or layers.marks.get("timeline", "")) for path, child in node.value["set"].value.items()
    }
    values: dict[str, Any] = {}
    before, noted = len(result.problems), len(layers.problems)
    given = dict(node.value["set"].value)
    for path, child in sorted(given.items(), key=lambda item: not is_preset(item[0])):
        if is_preset(path):
            for name, value in _preset_values(layers, path, child):
                values[name] = value
                marks.setdefault(name, marks[path])
        values[path] = child.plain
    result.problems += layers.problems[noted:]

    plain = {name: node.value[name].plain for name in ("at", "until") if name in node.value}
    try:
        change = Change.model_validate({**plain, "set": values})
    except ValidationError as error:
        for place, problem in translate(error):
            child = node.value.get(str(place[0]), node)
            where = str(child.mark or layers.marks.get("timeline", ""))
            what = allowed_moments() if place[0] in ("at", "until") else problem.allowed
            result.problems.append(
                replace(
                    problem,
                    place=where,
                    key=f"{key}.{place[0]}",
                    allowed=what,
                    hint=child.hint,
                    message=say("not a period"),
                )
            )
        return None
    try:
        begin, _ = span(scenario.run, change)
        if begin >= scenario.run.periods:
            where = str(node.mark or layers.marks.get("timeline"))
            words = say(
                "begins at period {begin}, after the last one ({periods}), and has no effect",
                begin=begin,
                periods=scenario.run.periods - 1,
            )
            year = isinstance(change.at, int) and change.at // 100 in (19, 20, 21)
            hint = say("a year is said by its month: January {year}", year=change.at) if year else ""
            result.doubts.add(words, key, where, hint=hint)
    except ScenarioError as error:
        for problem in error.problems:
            child = node.value[problem.key]
            result.problems.append(
                problem.at(str(child.mark or layers.marks.get("timeline", "")), f"{key}.{problem.key}")
            )
    for problem in check_change(scenario, change):
        result.problems.append(problem.at(_mark(marks, problem.key), f"{key}.set.{problem.key}"))
    if len(result.problems) == before:
        result.problems += _value_problems(scenario, change, key, given, marks)
    if len(result.problems) > before:
        return None
    result.doubts += [
        problem.at(_mark(marks, path), f"{key}.set.{problem.key}")
        for path, problem in unusual_changes(scenario, change)
    ]
    for path, child in given.items():
        info = information(registry_path(locate(scenario.model_dump(), path, type(scenario))[0]), type(scenario))
        doubt = meant_otherwise(f"{key}.set.{path}", child.value, child.written, info) if child.written else None
        result.doubts += [] if doubt is None else [doubt.at(_mark(marks, path))]
    return change


def _value_problems(
    scenario: Scenario, change: Change, key: str, given: dict[str, Node], marks: dict[str, str]
) -> Iterator[Problem]:
    """Values that are not allowed, with this change alone in force."""
    tree = scenario.model_dump()
    kind = type(scenario)
    names: dict[Place, str] = {}
    for path, value in change.set.items():
        today = get_path(scenario, path)
        said = spoken(value, None) if isinstance(value, str) else None
        if said is not None and said.is_of_nothing(today):
            yield of_nothing(said.text).at(_mark(marks, path), f"{key}.set.{path}")
            continue
        try:
            names |= dict.fromkeys(assign(tree, path, value, kind), path)
        except ScenarioError as error:
            yield from (problem.at(_mark(marks, path), f"{key}.set.{path}") for problem in error.problems)
    try:
        validated(tree, names, kind)
    except ScenarioError as error:
        for problem in error.problems:
            path = _owner(problem.key, marks)
            hint = ""
            if path in given:
                info = information(registry_path(locate(tree, path, kind)[0]), kind)
                hint = given[path].hint
                if spoken(given[path].value, info) is not None:
                    today = shown(get_path(scenario, path))
                    hint = say("{said}, and the value before is {today}", said=given[path].value, today=today)
            yield replace(
                problem,
                place=_mark(marks, path),
                key=say("{key}.set.{path}", key=key, path=path or problem.key),
                hint=hint,
            )


def _owner(path: str, marks: dict[str, str]) -> str:
    """The path of the change to which a finding belongs: itself, or the first within the same section."""
    if path in marks:
        return path
    return next((name for name in marks if name.startswith(f"{path}.") or path.startswith(f"{name}.")), "")


def _mark(marks: dict[str, str], path: str) -> str:
    owner = _owner(path, marks)
    return marks[owner] if owner in marks else next(iter(marks.values()), "")


# --- presets in a change --------------------------------------------------------------------------------------------


def _preset_values(layers: Layers, path: str, node: Node) -> Iterator[tuple[str, Any]]:
    """The values that a change of preset brings; what only the preset before it had set goes back."""
    rivals = {f"rivals.{rival['name'].value}": rival for rival in layers.rivals}
    if path == "voice.preset":
        trees: dict[str, Tree] = {"": layers.tree, **rivals}
        family = VOICE
    else:
        root = _firm_root(path, layers)
        if root is None:
            return
        trees = {root: layers.tree["firm"] if root == "firm" else rivals[root]}
        family = CULTURE
    for prefix, tree in trees.items():
        for names, entry in entries(tree):
            if any(step.family == family for step in entry.steps):
                kept = [step for step in entry.steps if step.family != family]
                yield ".".join((prefix, *names)).lstrip("."), kept[-1].value
    preset = layers.preset(family, node, path, layers.marks.get("timeline", ""))
    if preset is None:
        return
    if family == VOICE:
        yield from _flat(preset.values, "")
        for firm in ("firm", *rivals):
            yield from _flat(preset.every_firm, f"{firm}.")
    else:
        yield from _flat(preset.values, f"{next(iter(trees))}.")


def _firm_root(path: str, layers: Layers) -> str | None:
    tokens = path.split(".")
    if tokens[0] == "firm":
        return "firm"
    names = [{"name": str(rival["name"].value)} for rival in layers.rivals]
    index = find_in_list(names, tokens[1]) if len(tokens) == 3 else None
    return None if index is None else f"rivals.{names[index]['name']}"


def _flat(node: Node, prefix: str) -> Iterator[tuple[str, Any]]:
    for key, child in node.value.items():
        if isinstance(child.value, dict):
            yield from _flat(child, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", child.plain
