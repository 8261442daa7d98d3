"""From a scenario file to a scenario: what it extends, its presets, its own keys, overrides, and every check.

Order, each over the one before: defaults; the files that it extends, farthest first; the file; `--set`.
Within each of these layers a preset that it names lies beneath its own keys. A list (`rivals`, `segments`, `timeline`)
replaces the one that is inherited, but a rival or segment with the name of an inherited one starts from that. A segment
starts from `customers`, a rival from the default rival. `name` and `question` are never inherited.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sim.model.customer import Segment
from sim.model.firm import Firm
from sim.model.scenario import Scenario
from sim.parameters.paths import find_in_list, is_preset
from sim.parameters.plain_words import information, shown, translate
from sim.parameters.timeline import phases
from sim.rules.reading import RuleSource
from sim.rules.scenario_kinds import kind_with
from sim.scenario import checks, practical, timeline_file
from sim.scenario.document import Document, Node, read_file, read_named, read_text, read_value
from sim.scenario.layers import Entry, Layers, LayerStep, Origin, entries, overlaid, plain
from sim.scenario.places import Places
from sim.scenario.presets import CULTURE, VOICE, Preset, load_preset
from sim.scenario.shipped_files import beside_or_shipped
from sim.vocabulary.errors import Problem, ScenarioError, text_problem
from sim.vocabulary.text import escaped
from sim.words import say

LONGEST_CHAIN = 16
LIKE = 0.75
"""How like a scenario's key another must be to count as one misspelt: two letters of four may have changed places."""


@dataclass(frozen=True)
class Loaded:
    """A scenario with its history.

    Attributes:
        scenario: The scenario, resolved and valid.
        path: The file, or none where it was given as text.
        base_dir: The folder that `market.network.file` is relative to.
        origins: By path (`rivals.NAME...`, `segments.NAME...`), the values a parameter had, the last one counts.
        files: The file and those it extends, farthest first.
        presets: The presets in force, by the path that names them.
        doubts: What is allowed but probably not meant: values outside their practical range, changes without effect.
        plan: Of each change of the timeline, the number of the entry in the file that it comes from.
    """

    scenario: Scenario
    path: Path | None
    base_dir: Path
    origins: Mapping[str, tuple[LayerStep, ...]]
    files: tuple[str, ...] = ()
    presets: tuple[tuple[str, Preset], ...] = ()
    doubts: tuple[Problem, ...] = ()
    plan: tuple[int, ...] = ()

    @property
    def warnings(self) -> tuple[str, ...]:
        """The doubts, a line each."""
        return tuple(str(doubt) for doubt in self.doubts)


def load_scenario(
    path: str | os.PathLike[str],
    overrides: Sequence[str] = (),
    *,
    naming: Problem | None = None,
    rules: Sequence[RuleSource] = (),
) -> Loaded:
    """Read, resolve and check a scenario file.

    Args:
        path: The YAML file; a bare name that is none here means the shipped scenario.
        overrides: `key=value` texts, as after `--set`.
        naming: Where another file names this one: place, key and what stands there. Then nothing of a file that is no
            scenario is quoted.
        rules: Files with rules from outside, which no scenario can name: a rule is code.

    Returns:
        The scenario and where each of its values came from.

    Raises:
        ScenarioError: With every problem found, one to a line: file, line, column, key, what was found, what is
            allowed, the nearest valid name.

    >>> load_scenario("scenarios/baseline.yaml", ["firm.desk.ease=1"]).scenario.firm.desk.ease  # doctest: +SKIP
    1.0
    """
    file = beside_or_shipped(Path(), os.fspath(path))
    kind = kind_with(rules)
    return _load(_chain(file, (), naming), overrides, file, file.parent, kind)


def load_text(
    text: str,
    overrides: Sequence[str] = (),
    *,
    name: str = "scenario",
    base_dir: Path | None = None,
    rules: Sequence[RuleSource] = (),
) -> Loaded:
    """The same for a scenario given as text.

    >>> load_text("voice: {preset: slogan}").scenario.voice.lapse_share
    1.0
    """
    base = base_dir or Path()
    document = read_text(text, f"{name}.yaml")
    chain = [*_bases(document, base / f"{name}.yaml", ()), (base / f"{name}.yaml", document)]
    return _load(chain, overrides, None, base, kind_with(rules))


# --- files and what they extend -------------------------------------------------------------------------------------


def is_like_scenario(document: Document) -> bool:
    r"""Whether a document may be meant as a scenario: half of its keys, without names, are a scenario's or misspelt.

    >>> [is_like_scenario(read_text(text, "x")) for text in ("firm: {}", "name: CI\njobs: {}", "frim: 1", "root: x")]
    [True, False, True, False]
    """
    known = [*Scenario.model_fields, "rules", "extends"]
    keys = [str(key).split(".")[0] for key in document.root.value]
    telling = [key for key in keys if key not in ("name", "question", "asks")]
    return 2 * sum(bool(get_close_matches(key, known, 1, LIKE)) for key in telling) >= len(telling)


def _chain(path: Path, above: tuple[Path, ...] = (), naming: Problem | None = None) -> list[tuple[Path, Document]]:
    document = read_file(path) if naming is None else read_named(path, naming, is_like_scenario, "a scenario")
    return [*_bases(document, path, above), (path, document)]


def _bases(document: Document, path: Path, above: tuple[Path, ...]) -> list[tuple[Path, Document]]:
    node = document.root.value.pop("extends", None)
    if node is None:
        return []
    place = str(node.mark)
    if not isinstance(node.value, str) or not node.value.strip():
        raise ScenarioError(
            say("not a file name"), "extends", place, shown(node.plain), say("a path relative to this file")
        )
    problem = text_problem(node.value, "extends", place)
    if problem is not None:
        raise ScenarioError(problem)
    base = Path(os.path.normpath(beside_or_shipped(path.parent, node.value)))
    seen = [*above, path]
    names = " -> ".join(str(item) for item in [*seen, base])
    if any(_same(base, item) for item in seen):
        raise ScenarioError(say("goes round in a circle: {names}", names=names), "extends", place)
    if len(seen) >= LONGEST_CHAIN:
        raise ScenarioError(
            say("more than {longest_chain} files extend each other", longest_chain=LONGEST_CHAIN), "extends", place
        )
    return _chain(base, tuple(seen), Problem("", "extends", place, shown(node.value)))


def _same(one: Path, other: Path) -> bool:
    return os.path.realpath(one) == os.path.realpath(other)


# --- laying together ------------------------------------------------------------------------------------------------


def _load(
    chain: list[tuple[Path, Document]],
    overrides: Sequence[str],
    path: Path | None,
    base_dir: Path,
    kind: type[Scenario],
) -> Loaded:
    layers = Layers.of_defaults(kind)
    for file, document in chain:
        layers.problems += document.problems
        layers.tree["name"] = Entry(
            [LayerStep("scenario", "default"), LayerStep(escaped(file.stem)[:80], say("file name"))]
        )
        layers.tree["question"] = Entry([LayerStep("", "default")])
        layers.tree["asks"] = Entry([LayerStep("anything", "default")])
        layers.lay(document.root, Origin(base=str(file.parent)))
    _lay_overrides(layers, overrides)
    for section in ("network", "people"):
        _settle_file(layers.tree["market"][section]["file"], base_dir)

    segments = [overlaid(layers.tree["customers"], segment) for segment in layers.segments]
    tree: dict[str, Any] = {**layers.tree, "rivals": layers.rivals, "segments": segments}
    places = Places(tree, layers.marks, str(chain[-1][0]), kind)
    values = plain(layers.tree) | {
        "rivals": [plain(rival) for rival in layers.rivals],
        "segments": [plain(segment) for segment in segments],
    }
    problems = list(layers.problems)
    scenario: Scenario | None = None
    try:
        scenario = kind.model_validate(values)
    except ValidationError as error:
        problems += places.located(translate(error, kind))
    doubts: list[Problem] = []
    entries_of_file: tuple[int, ...] = ()
    if scenario is not None:
        found = [*checks.demands(scenario, base_dir), *checks.edge_file(scenario, base_dir)]
        problems += [places.of_key(problem) for problem in found]
        wrong, told = checks.people_table(scenario, base_dir) if not problems else ([], [])
        problems += [problem if problem.place else places.of_key(problem) for problem in wrong]
        wrong, remarks = checks.edge_list(scenario, base_dir) if not problems else ([], [])
        problems += wrong
        timeline = timeline_file.read(layers, scenario, base_dir)
        entries_of_file = tuple(timeline.entries)
        problems += timeline.problems
        doubts = [*(places.of_key(problem) for problem in practical.unusual_values(scenario)), *timeline.doubts]
        doubts += [places.of_key(Problem(remark, "market.network.file")) for remark in remarks]
        doubts += [places.of_key(Problem(sentence, "market.people.file")) for sentence in told]
        doubts += [] if problems else _meant_otherwise(tree, kind)
        scenario = scenario.model_copy(update={"timeline": timeline.changes})
        if not problems:
            problems += _timeline_problems(scenario, layers)
    else:
        problems += timeline_file.shape_problems(layers)
    if problems or scenario is None:
        raise ScenarioError(_in_order(problems))
    origins = {name: tuple(entry.steps) for name, entry in _named(tree)}
    return Loaded(
        scenario,
        path,
        base_dir,
        origins,
        tuple(str(file) for file, _ in chain),
        _presets(scenario),
        tuple(_in_order(doubts)),
        entries_of_file,
    )


def _timeline_problems(scenario: Scenario, layers: Layers) -> list[Problem]:
    try:
        stretches = phases(scenario)
    except ScenarioError as error:
        return [problem.at(layers.marks.get("timeline", "")) for problem in error.problems]
    return [
        replace(
            problem,
            place=layers.marks.get("timeline", ""),
            message=say("{message} (from period {start})", message=problem.message, start=start),
        )
        for start, stretch in stretches[1:]
        for problem in (*checks.busy_periods(stretch), *checks.large_amounts(stretch))
    ]


def _meant_otherwise(tree: dict[str, Any], kind: type[Scenario]) -> list[Problem]:
    """Numbers such as 38.000 or +2; of a segment's value that is that of all customers only theirs."""
    found = []
    for path, entry in _named(tree):
        step, tokens = entry.steps[-1], path.split(".")
        if step.written:
            listed = f"{tokens[0]}[].{'.'.join(tokens[2:])}" if tokens[0] in ("rivals", "segments") else path
            problem = practical.meant_otherwise(path, step.value, step.written, information(listed, kind))
            found += [] if problem is None else [problem.at(step.place)]
    return list({problem.place: problem for problem in reversed(found)}.values())[::-1]


def several(texts: Sequence[str]) -> Sequence[str]:
    """Texts of which there may be one, which somebody in Python may hand over by itself: no list of its letters.

    >>> several("firm.desk.ease=1"), several(("a=1", "b=2"))
    (('firm.desk.ease=1',), ('a=1', 'b=2'))
    """
    return (texts,) if isinstance(texts, str) else texts


def _lay_overrides(layers: Layers, overrides: Sequence[str]) -> None:
    origin = Origin("--set", base=str(Path.cwd()))
    parsed: list[tuple[str, Node]] = []
    for text in several(overrides):
        key, sign, value = text.partition("=")
        key = key.strip()
        problem = text_problem(text, key, "--set", lines=True)
        if problem is not None:
            layers.problems.append(problem)
            continue
        if not sign or not key:
            layers.problems.add(
                say("not an override"), "", "--set", shown(text), say("key=value, such as firm.desk.ease=1")
            )
            continue
        try:
            parsed.append((key, _unmarked(read_value(value, "--set"))))
        except ScenarioError as error:
            layers.problems += [problem.at("--set", key) for problem in error.problems]
    for key, node in sorted(parsed, key=lambda item: not is_preset(item[0])):
        _lay_override(layers, key, node, origin)


def _lay_override(layers: Layers, key: str, node: Node, origin: Origin) -> None:
    tokens = key.split(".")
    if tokens[0] == "extends":
        layers.problems.add(say("can stand only in a file"), "extends", "--set")
        return
    if tokens[0] in ("rivals", "segments") and len(tokens) > 1:
        trees = layers.rivals if tokens[0] == "rivals" else layers.segments
        known = [{"name": str(tree["name"].value) if "name" in tree else ""} for tree in trees]
        index = find_in_list(known, tokens[1])
        if index is None:
            names = ", ".join(item["name"] for item in known) or say("none")
            layers.problems.add(
                say("no such {what}", what=tokens[0][:-1]), key, "--set", shown(tokens[1]), names, of_name=True
            )
            return
        if tokens[0] == "rivals" and tokens[2:] == ["culture"]:
            layers.use_culture(node, trees[index], key, origin)
        section = Firm if tokens[0] == "rivals" else Segment
        inner = _nested(tokens[2:], node)
        if not isinstance(inner.value, dict):
            layers.problem(say("not a group of keys"), tuple(tokens), node, origin)
            return
        layers.lay_section(trees[index], inner, section, tuple(tokens[:2]), origin)
        return
    layers.lay(_nested(tokens, node), origin)


def _nested(tokens: list[str], node: Node) -> Node:
    for token in reversed(tokens):
        node = Node({token: node})
    return node


def _unmarked(node: Node) -> Node:
    value = node.value
    if isinstance(value, dict):
        value = {key: _unmarked(child) for key, child in value.items()}
    elif isinstance(value, list):
        value = [_unmarked(child) for child in value]
    return Node(value, hint=node.hint, written=node.written)


def _settle_file(entry: Entry, base_dir: Path) -> None:
    """Make the name of a file relative to the scenario's folder, wherever it was written."""
    step = entry.steps[-1]
    if isinstance(step.value, str) and step.base and not Path(step.value).is_absolute() and "\0" not in step.value:
        here = os.path.relpath(Path(step.base) / step.value, base_dir)
        entry.steps[-1] = replace(step, value=Path(here).as_posix())


# --- the outcome ----------------------------------------------------------------------------------------------------


def _named(tree: dict[str, Any]) -> Iterable[tuple[str, Entry]]:
    for key, item in tree.items():
        if isinstance(item, Entry):
            yield key, item
        elif isinstance(item, list):
            for member in item:
                for path, entry in entries(member):
                    yield ".".join((key, str(member["name"].value), *path)), entry
        else:
            for path, entry in entries(item, (key,)):
                yield ".".join(path), entry


def _presets(scenario: Scenario) -> tuple[tuple[str, Preset], ...]:
    found: list[tuple[str, Preset]] = []
    if scenario.voice.preset is not None:
        found.append(("voice.preset", load_preset(VOICE, scenario.voice.preset)))
    for index, firm in enumerate(scenario.firms):
        if firm.culture is not None:
            where = "firm" if index == 0 else f"rivals.{firm.name}"
            found.append((f"{where}.culture", load_preset(CULTURE, firm.culture)))
    return tuple(found)


def _in_order(problems: list[Problem]) -> list[Problem]:
    def position(problem: Problem) -> tuple[bool, str, list[int]]:
        name, *numbers = problem.place.rsplit(":", 2)
        return problem.place.startswith("--set"), name, [int(n) if n.isdecimal() else 0 for n in numbers]

    return sorted(problems, key=position)
