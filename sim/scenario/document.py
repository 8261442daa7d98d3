"""Reading YAML strictly and safely: every key and value keeps its file, line and column.

A scenario file is a small subset of YAML 1.2: mappings, lists and scalars. Numbers are numbers (`1e3`), dates are
ISO dates, only `true` and `false` are truth values; `yes`, `12:30` and `010` are text. Anchors, aliases, merge keys,
tags and several documents are refused as soon as they are met, and size and depth are limited, so no file can hold
the program up. These limits come before those that a parser may have of its own, and so are the same with any parser.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from sim.parameters.plain_words import shown
from sim.scenario.scalars import may_be_more, may_be_thousands, scalar
from sim.vocabulary.errors import Problem, Problems, ScenarioError, text_problem
from sim.vocabulary.files import read_limited
from sim.vocabulary.text import named
from sim.words import say

MAX_BYTES = 256 * 1024
MAX_DEPTH = 32
MAX_NODES = 20_000

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_OPENING = re.compile(r"[\[{]")


@dataclass(frozen=True)
class Mark:
    """A position in a file, counted from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"

    @property
    def short(self) -> str:
        """File and line."""
        return f"{self.file}:{self.line}"


@dataclass
class Node:
    """One value of a document with its position.

    Attributes:
        value: A scalar, a list of nodes, or a mapping from key to node.
        mark: Where the value stands.
        key_mark: Where its key stands, or the value where it has none.
        hint: How to mend the value if it turns out not to be of the kind that is wanted.
        written: A number as it is written, where thousands, or so much more, may be meant.
    """

    value: Any
    mark: Mark | None = None
    key_mark: Mark | None = None
    hint: str = ""
    written: str = ""

    @property
    def plain(self) -> Any:
        """The value without positions."""
        if isinstance(self.value, dict):
            return {key: child.plain for key, child in self.value.items()}
        if isinstance(self.value, list):
            return [child.plain for child in self.value]
        return self.value

    def at(self, *keys: str) -> Node | None:
        """What stands below these keys, one within the other; None if nothing does.

        >>> Node({"firm": Node({"culture": Node("poor")})}).at("firm", "culture").value
        'poor'
        """
        node = self
        for key in keys:
            if not isinstance(node.value, dict) or key not in node.value:
                return None
            node = node.value[key]
        return node


@dataclass
class Document:
    """A document and the problems that do not keep it from being read further."""

    root: Node
    problems: Problems = field(default_factory=Problems)


def read_file(path: Path, label: str | None = None) -> Document:
    """Read one scenario file.

    Args:
        path: The file.
        label: How messages name it; its path as given if left out.

    Raises:
        ScenarioError: If there is no such file, it is too large, not UTF-8 or not valid YAML.
    """
    label = label or str(path)
    try:
        data = read_limited(path, MAX_BYTES, say("a YAML file"))
    except ScenarioError as error:
        problem = error.problems[0].at(label)
        if problem.message == say("no such file"):
            problem = replace(problem, allowed="", suggestion=_nearest_file(path))
        raise ScenarioError(problem) from None
    return read_bytes(data, label)


def read_named(path: Path, naming: Problem, is_right: Callable[[Document], bool], what: str) -> Document:
    """Read a file that another file names: unless it is what it should be, nothing of it is told.

    Whoever wrote the naming file may have meant a file that its reader must not see. So what is wrong is placed where
    the file is named, in our words alone; only the problems of a file of the right kind are told in detail.

    Args:
        path: The file.
        naming: Place, key and value where it is named.
        is_right: Whether a document is of the right kind.
        what: That kind, such as `a scenario`.

    Raises:
        ScenarioError: If it cannot be read, or is something else.
    """
    try:
        document = read_file(path)
    except ScenarioError as error:
        problem = error.problems[0]
        if problem.place == str(path):
            raise ScenarioError(replace(problem, place=naming.place, key=naming.key, found=naming.found)) from None
        line = problem.place.removeprefix(f"{path}:").partition(":")[0]
        said = say(
            "names a file that is not {what}: {message} (line {line} of it)",
            what=what,
            message=problem.message.partition(":")[0],
            line=line,
        )
        raise ScenarioError(
            replace(naming, message=said, hint=say("sim validate {path} says more", path=path))
        ) from None
    if not is_right(document):
        raise ScenarioError(replace(naming, message=say("names a file that is not {what}", what=what)))
    return document


def read_bytes(data: bytes, label: str) -> Document:
    """Read a document from bytes; see `read_file`."""
    if len(data) > MAX_BYTES:
        raise ScenarioError(
            say("the file is too large"),
            place=label,
            allowed=say("at most {max_bytes} KiB", max_bytes=MAX_BYTES // 1024),
        )
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ScenarioError(say("not UTF-8 text"), place=label, found="UTF-16", hint=say("save the file as UTF-8"))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise ScenarioError(
            say("not UTF-8 text"), place=f"{label}:{line}", hint=say("save the file as UTF-8")
        ) from None
    return read_text(text, label)


def read_text(text: str, label: str) -> Document:
    """Read a document from text.

    >>> read_text("firm: {desk: {ease: 1e3}}", "a.yaml").root.plain
    {'firm': {'desk': {'ease': 1000}}}

    Raises:
        ScenarioError: If it is not a valid, plain YAML mapping.
    """
    strange = re.search(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]", text)
    if strange:
        line = text.count("\n", 0, strange.start()) + 1
        column = strange.start() - (text.rfind("\n", 0, strange.start()) + 1) + 1
        raise ScenarioError(
            say("a character that text cannot hold"), place=f"{label}:{line}:{column}", found=named(strange.group())
        )
    try:
        document = _Builder(label).build(text)
    except yaml.MarkedYAMLError as error:
        raise ScenarioError(_syntax_problem(error, text, label)) from None
    except (yaml.YAMLError, RecursionError, ValueError):
        raise ScenarioError(say("not valid YAML"), place=label) from None
    if document.root.value is None:
        raise ScenarioError(say("the file is empty"), place=label, hint=say("`sim new` writes a starter file"))
    if not isinstance(document.root.value, dict):
        raise ScenarioError(
            say("not a mapping"),
            place=str(document.root.mark),
            found=_kind(document.root.value),
            allowed=say("keys with values, such as `name: my scenario`"),
        )
    return document


def _kind(value: Any) -> str:
    """What a file holds that holds no keys; it is no scenario, so nothing of it is quoted."""
    return shown(value) if isinstance(value, list) else say("text") if isinstance(value, str) else say("a single value")


def read_value(text: str, label: str) -> Node:
    """Read one value in YAML syntax, as after `--set key=`.

    >>> read_value("[1, yes]", "--set").plain
    [1, 'yes']
    """
    try:
        return _Builder(label).build(text).root
    except (yaml.YAMLError, RecursionError, ValueError):
        raise ScenarioError(say("not a valid value"), place=label, found=shown(text)) from None


def _nearest_file(path: Path) -> str:
    """A file beside it that is called nearly so, or else a shipped scenario, which is found by its bare name."""
    from sim.parameters.plain_words import closest
    from sim.scenario.shipped_files import shipped_scenarios

    try:
        beside = [item.name for item in path.parent.iterdir() if item.suffix in (".yaml", ".yml")]
    except OSError:
        beside = []
    shipped = f"{path.stem}.yaml" if path.stem in shipped_scenarios() else ""
    near = "" if shipped else closest(path.name, beside)
    return str(path.parent / near) if near else shipped


def _syntax_problem(error: yaml.MarkedYAMLError, text: str, label: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    place = f"{label}:{mark.line + 1}:{mark.column + 1}" if mark else label
    lines = text.splitlines()
    line = lines[mark.line] if mark and mark.line < len(lines) else ""
    hint = ""
    if "\t" in line[: len(line) - len(line.lstrip())]:
        hint = say("indent with spaces, not with tabs")
    elif "mapping values are not allowed" in (error.problem or ""):
        hint = say("put text that contains ': ' in quotes, and check the indentation")
    elif "could not find expected ':'" in (error.problem or ""):
        hint = say("write `key: value`, with a space after the colon")
    return Problem(say("not valid YAML: {problem}", problem=error.problem or error.context), place=place, hint=hint)


class _Builder:
    """Builds nodes from the parser's events and stops at the first thing that is refused."""

    def __init__(self, label: str) -> None:
        self.label = label
        self.problems = Problems()
        self.read_to = 0  # where the last event ends, in characters

    def mark(self, event: Any) -> Mark:
        return Mark(self.label, event.start_mark.line + 1, event.start_mark.column + 1)

    def refuse(self, event: Any, message: str, hint: str = "") -> ScenarioError:
        return ScenarioError(message, place=str(self.mark(event)), hint=hint)

    def build(self, text: str) -> Document:
        """Read a text; what is refused here comes before what the parser itself refuses.

        A parser reads ahead: within a line of brackets up to 1024 characters before the first event, and newer ones
        end at a depth of their own. Where it stops, the text before that place is therefore read again, cut off behind
        more and more brackets: few enough at first that no parser objects to their depth.
        """
        try:
            return self.read(text)
        except yaml.MarkedYAMLError as error:
            end = error.problem_mark.index + 1 if error.problem_mark else len(text)
            openings = [opening.end() for opening in _OPENING.finditer(text, self.read_to, end)]
            count = MAX_DEPTH + 1
            while count <= len(openings):
                with suppress(yaml.MarkedYAMLError):
                    _Builder(self.label).read(text[: openings[count - 1]])
                count *= 2
            raise

    def read(self, text: str) -> Document:
        """Read a text; a parser's error is passed on."""
        root: Node | None = None
        stack: list[tuple[Node, list[Any]]] = []  # container, [pending key, its mark] of a mapping
        nodes = documents = 0
        event: Any
        for event in yaml.parse(text, Loader=_Loader):
            self.read_to = event.end_mark.index
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise self.refuse(event, say("several documents in one file"), say("keep one; delete the line ---"))
                if event.tags:
                    raise self.refuse(event, say("tags (!name) are not allowed"))
                continue
            if isinstance(event, yaml.AliasEvent):
                raise self.refuse(
                    event, say("aliases (*name) are not allowed"), say("write the values out, or use extends")
                )
            if isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
                stack.pop()
                continue
            if not isinstance(event, yaml.ScalarEvent | yaml.MappingStartEvent | yaml.SequenceStartEvent):
                continue
            self.check(event)
            nodes += 1
            if nodes > MAX_NODES:
                raise self.refuse(event, say("more than {max_nodes} values in one file", max_nodes=MAX_NODES))
            if len(stack) >= MAX_DEPTH:
                raise self.refuse(event, say("nested more than {max_depth} levels deep", max_depth=MAX_DEPTH))
            node = self.node(event)
            self.gate(node, stack)
            if not stack:
                root = node
            elif not self.place(event, node, *stack[-1]):
                continue
            if not isinstance(event, yaml.ScalarEvent):
                stack.append((node, []))
        return Document(root or Node(None), self.problems)

    def check(self, event: Any) -> None:
        if event.anchor is not None:
            raise self.refuse(
                event, say("anchors (&name) are not allowed"), say("write the values out, or use extends")
            )
        if event.tag is not None:
            raise self.refuse(event, say("tags (!name) are not allowed"))

    def gate(self, node: Node, stack: list[tuple[Node, list[Any]]]) -> None:
        """Refuse a key or value whose text, decoded, holds what text may not; keys stand on one line."""
        if not isinstance(node.value, str):
            return
        # Containers on the way hold their parts so far; the last key of the innermost still waits for its value.
        path = [
            str(next(reversed(one.value)) if isinstance(one.value, dict) else len(one.value) - 1)
            for one, _ in stack[:-1]
        ]
        is_key = bool(stack) and isinstance(stack[-1][0].value, dict) and not stack[-1][1]
        if stack:
            container, pending = stack[-1]
            path.append(node.value if is_key else str(pending[0] if pending else len(container.value)))
        problem = text_problem(node.value, ".".join(path), str(node.mark), lines=not is_key)
        if problem is not None:
            raise ScenarioError(problem)

    def node(self, event: Any) -> Node:
        mark = self.mark(event)
        if isinstance(event, yaml.ScalarEvent):
            if event.implicit[0]:
                value, hint = scalar(event.value)
            else:
                value, hint = event.value, "" if isinstance(scalar(event.value)[0], str) else say("remove the quotes")
            doubtful = event.implicit[0] and (may_be_thousands(event.value) or may_be_more(event.value))
            return Node(value, mark, mark, hint, event.value if doubtful else "")
        return Node({} if isinstance(event, yaml.MappingStartEvent) else [], mark, mark)

    def place(self, event: Any, node: Node, container: Node, pending: list[Any]) -> bool:
        """Put a node into its container; False where the node was a key."""
        if isinstance(container.value, list):
            container.value.append(node)
            return True
        if pending:
            key, mark = pending
            pending.clear()
            node.key_mark = mark
            if key in container.value:
                first = container.value[key].key_mark
                self.problems.add(
                    say("stands twice"),
                    key,
                    str(mark),
                    hint=say("first in line {line}; keep one of the two", line=first.line),
                )
            else:
                container.value[key] = node
            return True
        if not isinstance(event, yaml.ScalarEvent) or event.value == "":
            raise self.refuse(event, say("not a key"), say("keys are plain names"))
        if event.value == "<<":
            raise self.refuse(
                event, say("merge keys (<<) are not allowed"), say("write the values out, or use extends")
            )
        pending[:] = [event.value, node.mark]
        return False
