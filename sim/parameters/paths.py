"""Parameters by path: `firm.desk.ease`, `rivals.0.desk.ease`, `segments.students.bonds.captive_share`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from sim.model.scenario import Scenario
from sim.parameters.plain_words import Place, closest, information, nearest_path, registry_path, translate
from sim.parameters.registry import _section_of
from sim.parameters.relative import spoken
from sim.vocabulary.errors import Problem, ScenarioError
from sim.words import say


def section_at(section: type[BaseModel], key: str) -> tuple[type[BaseModel] | None, bool]:
    """The section class under a key of a section, and whether the key holds a list of them."""
    return _section_of(section.model_fields[key].annotation)


def find_in_list(items: list[Any], token: str) -> int | None:
    """Position of the entry with that name, else the position that the token gives as a number."""
    for index, item in enumerate(items):
        if (item["name"] if isinstance(item, dict) else item.name) == token:
            return index
    return int(token) if token.isdecimal() and int(token) < len(items) else None


def locate(tree: Mapping[str, Any], path: str, kind: type[Scenario] = Scenario) -> tuple[Place, type[BaseModel] | None]:
    """The place of a path in a scenario's data, and the section class where it names a section.

    Args:
        tree: `Scenario.model_dump()`.
        path: Names joined by dots; entries of `rivals` and `segments` by name or by number from 0.
        kind: Of the scenario.

    Raises:
        ScenarioError: If there is no such parameter; the message gives the nearest valid name.

    >>> locate(Scenario().model_dump(), "rivals.rival.desk.ease")[0]
    ('rivals', 0, 'desk', 'ease')
    """
    section: type[BaseModel] | None = kind
    place: list[str | int] = []
    tokens = path.split(".")
    node: Any = tree
    position = 0
    while position < len(tokens):
        token = tokens[position]
        if section is None:
            above = ".".join(tokens[:position])
            raise ScenarioError(say("{above} has no parts", above=above), path)
        if token not in section.model_fields:
            above = ".".join(tokens[:position])
            near = nearest_path(token, section.model_fields, above, kind)
            near = f"{above}.{near}" if above and near in section.model_fields else near
            unknown = Problem(say("unknown parameter"), path, suggestion=near, of_name=True)
            raise ScenarioError(unknown_rule(path, kind) or unknown)
        inner, many = section_at(section, token)
        place.append(token)
        node = node[token]
        section = inner
        if many:
            position += 1
            index = find_in_list(node, tokens[position]) if position < len(tokens) else None
            if index is None or token == "timeline":
                names = ", ".join(item["name"] for item in node if "name" in item) or "none"
                what = {"rivals": "rival", "segments": "segment"}.get(token, "entry")
                raise ScenarioError(
                    say("no such {what}", what=what),
                    path,
                    allowed=say("a name or number of: {names}", names=names),
                    of_name=True,
                )
            place.append(index)
            node = node[index]
        position += 1
    return tuple(place), section


def unknown_rule(path: str, kind: type[Scenario]) -> Problem | None:
    """What is told of a path that is the rules', where a scenario of this kind knows no such rule; else None.

    >>> print(unknown_rule("rules.habit.strength", Scenario))
    rules.habit: a rule that is not loaded; give its file: --rule habit.py, in Python rules=["habit.py"]
    """
    tokens = path.split(".")
    name = tokens[1] if len(tokens) > 1 else "NAME"
    if tokens[0] != "rules" or name in {rule.name for rule in kind.outside} or (kind.outside and len(tokens) == 1):
        return None
    hint = say('give its file: --rule {name}.py, in Python rules=["{name}.py"]', name=name)
    near = closest(name, [rule.name for rule in kind.outside])
    return Problem(
        say("a rule that is not loaded"), ".".join(tokens[:2]), hint=hint, suggestion=near and f"rules.{near}"
    )


def leaves(path: str, value: Any, section: type[BaseModel] | None) -> Iterator[tuple[str, Any]]:
    """The single parameters of an assignment: a group of keys given to a section is taken apart."""
    if section is None:
        yield path, value
        return
    if not isinstance(value, Mapping):
        raise ScenarioError(
            say("is a group of parameters"),
            path,
            allowed=say("a group of {keys}", keys=", ".join(section.model_fields)),
        )
    for key, item in value.items():
        if key not in section.model_fields:
            raise ScenarioError(
                say("unknown parameter"),
                f"{path}.{key}",
                suggestion=nearest_path(str(key), section.model_fields),
                of_name=True,
            )
        inner, many = section_at(section, key)
        yield from leaves(f"{path}.{key}", item, None if many else inner)


def value_at(tree: Any, place: Place) -> Any:
    """What stands at a place of a scenario's data.

    >>> value_at({"rivals": [{"name": "b"}]}, ("rivals", 0, "name"))
    'b'
    """
    for part in place:
        tree = tree[part]
    return tree


def put_under(tree: dict[str, Any], keys: Sequence[str], value: Any) -> None:
    """Write a value into sections within sections, which are made where they are not there.

    >>> tree = {"firm": {"culture": "normal"}}
    >>> put_under(tree, ("firm", "desk", "ease"), 2.0)
    >>> tree
    {'firm': {'culture': 'normal', 'desk': {'ease': 2.0}}}
    """
    *above, last = keys
    for key in above:
        tree = tree.setdefault(key, {})
    tree[last] = value


def _put(tree: Any, place: Place, value: Any) -> None:
    value_at(tree, place[:-1])[place[-1]] = value


def assign(tree: dict[str, Any], path: str, value: Any, kind: type[Scenario] = Scenario) -> list[Place]:
    """Write a value into a scenario's data; a customer parameter reaches the segments that shared the old value.

    A relative value (`+3%`, `x 0.5`) is worked out against the value that stands there; one of all customers reaches
    each segment, relative to that segment's own value.

    Args:
        tree: `Scenario.model_dump()`, changed in place.
        path: As for `locate`; a path of a section takes a group of keys.
        value: The new value, not yet validated.
        kind: Of the scenario.

    Returns:
        The places written.
    """
    _, section = locate(tree, path, kind)
    written: list[Place] = []
    for leaf_path, leaf in leaves(path, value, section):
        place, _ = locate(tree, leaf_path, kind)
        info = information(registry_path(place), kind)
        said = spoken(leaf, info) if isinstance(leaf, str) and info is not None else None
        targets: list[Place] = [place]
        if place[0] == "customers":
            old = value_at(tree, place)
            targets += [
                ("segments", index, *place[1:])
                for index, segment in enumerate(tree["segments"])
                if (said is not None and said.everywhere) or value_at(segment, place[1:]) == old
            ]
        for target in targets:
            try:
                _put(tree, target, leaf if said is None else said.applied(value_at(tree, target), info))
            except ScenarioError as error:
                raise ScenarioError(problem.at("", path) for problem in error.problems) from None
        written += targets
    return written


def validated(
    tree: dict[str, Any], dotted: Mapping[Place, str] | None = None, kind: type[Scenario] = Scenario
) -> Scenario:
    """The scenario of a kind that the data describe.

    Raises:
        ScenarioError: If a value is not allowed, in plain words; `dotted` gives the paths that the user wrote.
    """
    try:
        return kind.model_validate(tree)
    except ValidationError as error:
        names = dotted or {}
        raise ScenarioError(
            problem.at("", names.get(place, ".".join(str(part) for part in place)))
            for place, problem in translate(error, kind)
        ) from None


def get_path(scenario: Scenario, path: str) -> Any:
    """The value of one parameter, or a section.

    >>> get_path(Scenario(), "firm.desk.answer_share")
    0.9

    Raises:
        ScenarioError: If there is no such parameter.
    """
    place, _ = locate(scenario.model_dump(), path, type(scenario))
    value: Any = scenario
    for part in place:
        value = value[part] if isinstance(part, int) else getattr(value, part)
    return value


def set_path(scenario: Scenario, path: str, value: Any) -> Scenario:
    """A copy of the scenario with one parameter changed and everything validated again.

    A change of `customers.x` reaches every segment whose x equals the old value of `customers`. The name of a preset
    is refused, for presets are applied when a scenario is loaded: `sim.scenario.load_scenario(file,
    overrides=["voice.preset=slogan"])`.

    >>> set_path(Scenario(), "firm.desk.ease", 2.0).firm.desk.ease
    2.0

    Raises:
        ScenarioError: If there is no such parameter, or the value is not allowed.
    """
    if is_preset(path):
        raise ScenarioError(
            say("a preset is applied when a scenario is loaded"), path, hint=say("give it as an override of the file")
        )
    tree = scenario.model_dump()
    places = assign(tree, path, value, type(scenario))
    return validated(tree, dict.fromkeys(places, path) if len(places) == 1 else None, type(scenario))


def is_preset(path: str) -> bool:
    """Whether a path names a preset.

    >>> is_preset("rivals.0.culture"), is_preset("firm.desk.ease")
    (True, False)
    """
    return path == "voice.preset" or (
        path.rsplit(".", 1)[-1] == "culture" and path.split(".", maxsplit=1)[0] in ("firm", "rivals")
    )
