"""Layers of a scenario: defaults, presets, files and overrides, laid one over the other, each step remembered.

Within one layer the presets that it names lie beneath its own keys and above what it inherits. Only the preset named
last counts: one that is replaced leaves no trace.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import BaseModel

from sim.model.customer import Segment
from sim.model.firm import Firm
from sim.model.scenario import Scenario
from sim.parameters.paths import section_at, unknown_rule
from sim.parameters.plain_words import closest, information, nearest_path, shown
from sim.parameters.relative import of_nothing, spoken
from sim.scenario.document import Mark, Node
from sim.scenario.dotted_keys import unfolded
from sim.scenario.presets import CULTURE, VOICE, Preset, load_preset, names
from sim.vocabulary.errors import Problems, ScenarioError
from sim.words import say

Tree = dict[str, Any]


@dataclass(frozen=True)
class LayerStep:
    """One value that a parameter had on its way, and where that came from.

    Attributes:
        value: The value.
        origin: `default`, `preset slogan`, `file.yaml:12`, `--set`.
        place: Where messages point to; empty for defaults and presets.
        family: Family of the preset that gave the value, or empty.
        hint: How to mend the value if it is of the wrong kind.
        base: Folder that a relative path in the value starts from.
        written: A number as it is written, where thousands may be meant.
    """

    value: Any
    origin: str
    place: str = ""
    family: str = ""
    hint: str = ""
    base: str = ""
    written: str = ""


@dataclass
class Entry:
    """One parameter with all the values it had; the last one counts."""

    steps: list[LayerStep]

    @property
    def value(self) -> Any:
        """The value that counts."""
        return self.steps[-1].value


def entries(tree: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Entry]]:
    """All parameters of a tree with their paths."""
    for key, item in tree.items():
        if isinstance(item, Entry):
            yield (*path, key), item
        elif isinstance(item, dict):
            yield from entries(item, (*path, key))


def default_tree(values: Any) -> Tree:
    """A tree whose parameters have their defaults as first step."""
    return {
        key: default_tree(value) if isinstance(value, dict) else Entry([LayerStep(value, "default")])
        for key, value in values.items()
    }


def plain(tree: Tree) -> dict[str, Any]:
    """The values of a tree without their history."""
    return {key: item.value if isinstance(item, Entry) else plain(item) for key, item in tree.items()}


def copied(tree: Tree) -> Tree:
    """A copy to lay steps on; the steps themselves never change."""
    return {key: copied(item) if isinstance(item, dict) else Entry(list(item.steps)) for key, item in tree.items()}


def overlaid(below: Tree, above: Tree) -> Tree:
    """A copy of one tree with the steps of another on top, parameter by parameter."""
    result = copied(below)
    for key, item in above.items():
        if isinstance(item, Entry):
            old = result.get(key)
            result[key] = Entry([*(old.steps if isinstance(old, Entry) else []), *item.steps])
        else:
            result[key] = overlaid(result.get(key, {}), item)
    return result


@dataclass(frozen=True)
class Origin:
    """How a layer is named, and where relative paths in it start."""

    label: str = ""  # empty: each value is named by its file and line
    family: str = ""
    base: str = ""

    def step(self, node: Node, place: Mark | None) -> LayerStep:
        """The step that a node of this layer makes."""
        label = self.label or (place.short if place else "")
        return LayerStep(
            node.plain,
            label,
            "" if self.family else str(node.mark or self.label),
            self.family,
            node.hint,
            self.base,
            node.written,
        )


@dataclass
class Layers:
    """The scenario while it is being laid together.

    Attributes:
        kind: Of the scenario.
        tree: Parameters of all sections.
        rivals: One tree per rival.
        segments: One tree per segment, with only what the segment itself sets.
        timeline: The changes as they stand in the file.
        timeline_base: Folder of that file.
        problems: Everything found wrong so far.
    """

    kind: type[Scenario] = Scenario
    tree: Tree = field(default_factory=dict)
    rivals: list[Tree] = field(default_factory=list)
    template: Tree = field(default_factory=dict)
    segments: list[Tree] = field(default_factory=list)
    timeline: list[Node] = field(default_factory=list)
    timeline_base: str = ""
    marks: dict[str, str] = field(default_factory=dict)
    problems: Problems = field(default_factory=Problems)

    @classmethod
    def of_defaults(cls, kind: type[Scenario] = Scenario) -> Layers:
        """What a scenario is before anything is said."""
        values = kind().model_dump()
        rivals = [default_tree(rival) for rival in values.pop("rivals")]
        for name in ("segments", "timeline"):
            values.pop(name)
        return cls(kind, default_tree(values), rivals, copied(rivals[0]))

    # --- laying one layer ------------------------------------------------------------------------------------------

    def lay(self, node: Node, origin: Origin) -> None:
        """Lay a file (or a piece of one) over what is there: its presets first, then its keys."""
        node = unfolded(node, self.problems)
        voice = node.at("voice", "preset")
        if voice is not None:
            self.use_voice(voice, origin)
        culture = node.at("firm", "culture")
        if culture is not None:
            self.use_culture(culture, self.tree["firm"], "firm.culture", origin)
        # Segments last: what they say relative to all customers is relative to what this layer says of those.
        for key, child in sorted(node.value.items(), key=lambda item: item[0] == "segments"):
            if key == "rivals":
                self.lay_rivals(child, origin)
            elif key == "segments":
                self.lay_segments(child, origin)
            elif key == "timeline":
                if self.is_list(child, "timeline", say("a list of changes, each with a dash before it; [] for none")):
                    self.timeline, self.timeline_base = child.value, origin.base
                    self.marks["timeline"] = str(child.key_mark or origin.label)
            else:
                self.lay_section(self.tree, Node({key: child}), self.kind, (), origin)

    def lay_section(
        self, tree: Tree, node: Node, section: type[BaseModel], path: tuple[str, ...], origin: Origin
    ) -> None:
        """Lay the keys of a group over a tree."""
        for key, child in unfolded(node, self.problems, path).value.items():
            here = (*path, key)
            if key not in section.model_fields:
                self.unknown(here, child, section, origin)
                continue
            inner, _ = section_at(section, key)
            if inner is None:
                entry = tree.setdefault(key, Entry([]))
                entry.steps.append(self.resolved(entry, here, child, origin.step(child, child.key_mark)))
            elif child.value is None:
                continue
            elif isinstance(child.value, dict):
                self.lay_section(tree.setdefault(key, {}), child, inner, here, origin)
            else:
                self.problem(say("not a group of keys"), here, child, origin, allowed=_first_keys(inner))

    def lay_rivals(self, node: Node, origin: Origin) -> None:
        """Replace the rivals; one with the name of an inherited rival starts from that."""
        if not self.is_list(node, "rivals", say("a list of firms; [] for none")):
            return
        inherited, self.rivals = self.rivals, []
        for path, item, tree in self._items("rivals", node, origin, inherited, self.template):
            self.rivals.append(tree)
            if "culture" in item.value:
                self.use_culture(item.value["culture"], tree, ".".join((*path, "culture")), origin)
            self.lay_section(tree, item, Firm, path, origin)

    def lay_segments(self, node: Node, origin: Origin) -> None:
        """Replace the segments; one with the name of an inherited segment starts from that."""
        if not self.is_list(node, "segments", say("a list of segments; [] for none")):
            return
        inherited, self.segments = self.segments, []
        for path, item, tree in self._items("segments", node, origin, inherited, {}):
            self.segments.append(tree)
            self.lay_section(tree, item, Segment, path, origin)
            for key in ("name", "share"):
                if key not in tree:
                    place = str(item.mark or origin.label)
                    self.problems.add(say("a segment needs a {key}", key=key), ".".join((*path, key)), place)

    def _items(
        self, key: str, node: Node, origin: Origin, inherited: list[Tree], template: Tree
    ) -> Iterator[tuple[tuple[str, str], Node, Tree]]:
        """Path, node and tree of each firm or segment of a list: it starts from the inherited one of its name, if any.

        Without a name it has that of the template. What is no group of keys is a problem, and left out.
        """
        known = {str(tree["name"].value): tree for tree in inherited if "name" in tree}
        unnamed = str(template["name"].value) if "name" in template else ""
        self.marks[key] = str(node.key_mark or origin.label)
        for index, item in enumerate(node.value):
            path = (key, str(index))
            if isinstance(item.value, dict):
                name = str(item.value["name"].value) if "name" in item.value else unnamed
                yield path, item, copied(known.get(name, template))
            else:
                what, section = (say("not a firm"), Firm) if key == "rivals" else (say("not a segment"), Segment)
                self.problem(what, path, item, origin, allowed=_first_keys(section))

    def resolved(self, entry: Entry, path: tuple[str, ...], node: Node, step: LayerStep) -> LayerStep:
        """A step with the value that is meant, where one relative to the value beneath was said."""
        listed = (f"{path[0]}[]", *path[2:]) if path[0] in ("rivals", "segments") else path
        info = information(".".join(listed), self.kind)
        said = spoken(node.value, info) if isinstance(node.value, str) and info is not None else None
        if said is None:
            return step
        beneath = entry.value if entry.steps else None
        if beneath is None and path[0] == "segments":
            of_all: Any = self.tree["customers"]
            for key in path[2:]:
                of_all = of_all.get(key) if isinstance(of_all, dict) else None
            beneath = of_all.value if isinstance(of_all, Entry) else None
        try:
            if said.is_of_nothing(beneath):
                raise ScenarioError(of_nothing(said.text))
            value = said.applied(beneath, info)
        except ScenarioError as error:
            self.problems += [problem.at(step.place, ".".join(path)) for problem in error.problems]
            return replace(step, value=beneath)
        return replace(step, value=value, origin=say("{origin} ({said})", origin=step.origin, said=said.text))

    # --- presets ---------------------------------------------------------------------------------------------------

    def use_voice(self, node: Node, origin: Origin) -> None:
        """Put a set of base shares in the place of the one before."""
        firms = [self.tree["firm"], self.template, *self.rivals]
        for tree in [self.tree, *firms[1:]]:
            _forget(tree, VOICE)
        preset = self.preset(VOICE, node, "voice.preset", origin.label)
        if preset is not None:
            given = Origin(say("preset {name}", name=preset.name), VOICE)
            self.lay_section(self.tree, preset.values, Scenario, (), given)
            for firm in firms:
                self.lay_section(firm, preset.every_firm, Firm, (), given)

    def use_culture(self, node: Node, firm: Tree, path: str, origin: Origin) -> None:
        """Give a firm a service culture in the place of the one before."""
        _forget(firm, CULTURE)
        preset = self.preset(CULTURE, node, path, origin.label)
        if preset is not None:
            self.lay_section(firm, preset.values, Firm, (), Origin(say("preset {name}", name=preset.name), CULTURE))

    def preset(self, family: str, node: Node, path: str, label: str) -> Preset | None:
        """The preset that a node names, or none with a problem noted."""
        known = names(family)
        if isinstance(node.value, str) and node.value in known:
            return load_preset(family, node.value)
        if node.value is not None:
            self.problems.add(
                say("no such preset"),
                path,
                str(node.mark or label),
                shown(node.plain),
                ", ".join(known),
                closest(str(node.value), known),
            )
        return None

    # --- problems --------------------------------------------------------------------------------------------------

    def is_list(self, node: Node, key: str, allowed: str) -> bool:
        """Whether a node holds a list; a problem is noted where it does not."""
        if isinstance(node.value, list):
            return True
        self.problems.add(say("not a list"), key, str(node.mark or ""), shown(node.plain), allowed)
        return False

    def unknown(self, path: tuple[str, ...], node: Node, section: type[BaseModel], origin: Origin) -> None:
        """Note a key that means nothing, with the nearest that does."""
        place = str(node.key_mark or node.mark or origin.label)
        if path == ("rules",) and isinstance(node.value, dict) and node.value:
            for name, child in node.value.items():
                self.unknown((*path, name), child, section, origin)
            return
        stranger = unknown_rule(".".join(path), self.kind)
        if stranger is not None:
            self.problems.append(stranger.at(place))
            return
        near = nearest_path(path[-1], section.model_fields, ".".join(path[:-1]), self.kind)
        if near in section.model_fields:
            near = ".".join((*path[:-1], near))
        hint = ""
        below = node.value if len(path) == 1 and isinstance(node.value, dict) else {}
        if any(key.partition(".")[0] in section.model_fields for key in below):
            hint = say("what changes stands in the file itself: leave out {name}:", name=path[0])
            near = ""
        self.problems.add(say("unknown parameter"), ".".join(path), place, suggestion=near, hint=hint, of_name=True)

    def problem(self, message: str, path: tuple[str, ...], node: Node, origin: Origin, allowed: str = "") -> None:
        """Note a problem with a value."""
        place = str(node.mark or origin.label)
        self.problems.add(message, ".".join(path), place, shown(node.plain), allowed, hint=node.hint)


def _first_keys(section: type[BaseModel]) -> str:
    return say("a group with keys such as {keys}", keys=", ".join(list(section.model_fields)[:4]))


def _forget(tree: Tree, family: str) -> None:
    for _, entry in entries(tree):
        entry.steps[:] = [step for step in entry.steps if step.family != family]
