"""The house: an idea stands in its room, a kind of study in its package, and the twin stays small."""

import ast
import io
import re
import tokenize
from pathlib import Path

import pytest

from tests.test_project import tracked_files

ROOT = Path(__file__).resolve().parents[1]
MODEL = ROOT / "sim" / "model"
STUDIES = ROOT / "sim" / "studies"

TWIN_AT_MOST = 898, 657
"""Lines of every kind, and lines of code: half of the 1,796 and of the 1,314 that the twin of 0.1.0 had."""

MOST_ARGUMENTS = 8
"""That a function of model, engine or twin takes by their place."""

MORE_ARGUMENTS = {"_degree7": "a polynomial and its coefficients"}


def code_lines(path: Path) -> int:
    """Lines with code on them: no blank lines, no comments, no docstrings.

    >>> code_lines(ROOT / "sim" / "twin" / "__init__.py")
    0
    """
    source = path.read_text(encoding="utf-8")
    said: set[int] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) is not None:
            said.update(range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1))
    silent = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in silent:
            lines.update(range(token.start[0], token.end[0] + 1))
    return len(lines - said)


def test_the_twin_is_at_most_half_of_what_it_was() -> None:
    files = list((ROOT / "sim" / "twin").glob("*.py"))
    lines = sum(len(path.read_text(encoding="utf-8").splitlines()) for path in files)
    assert lines <= TWIN_AT_MOST[0]
    assert sum(map(code_lines, files)) <= TWIN_AT_MOST[1]


# --- an idea and its room ---------------------------------------------------------------------------------------------

RULE = ("complained_again", "complaint_drivers.experience", '"complaints", "u1"')
"""Observable, parameter and column of a rule: who has complained before."""

BY_HAND = {"sim/model/voice.py", "tests/model/test_voice.py", "docs/odd.md", "CHANGELOG.md"}
"""The four files that a person writes for a rule."""

GENERATED = re.compile(r"docs/(observables|parameters|streams)\.md|.*\.(schema\.json|po|mo|pot)|tests/scenario/.*")
"""Written by commands; the digests know which observables have come since they were recorded."""


def test_a_rule_with_parameter_column_and_observable_is_written_in_four_files() -> None:
    texts = {str(path): (ROOT / path).read_bytes() for path in tracked_files() if path.name != Path(__file__).name}
    named = {path for path, text in texts.items() if any(name.encode() in text for name in RULE)}
    assert {path for path in named if not GENERATED.fullmatch(path)} - BY_HAND == set()
    assert "sim/model/voice.py" in named


def test_every_room_is_on_the_plan_of_the_house() -> None:
    plan = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    named = set(re.findall(r"[a-z_]+", " ".join(re.findall(r"`([^`]*)`", plan))))
    assert sorted(path.stem for path in MODEL.glob("*.py") if path.stem not in {*named, "__init__"}) == []


# --- few named things instead of many arguments -----------------------------------------------------------------------


def many_arguments(tree: ast.Module) -> dict[str, int]:
    """Functions with more arguments by place than one can keep apart, and how many."""
    counts = {
        node.name: len([one for one in node.args.args if one.arg not in ("self", "cls")])
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name != "__init__"
    }
    return {name: count for name, count in counts.items() if count > MOST_ARGUMENTS}


def test_functions_take_a_few_named_things() -> None:
    found = {
        f"{path.relative_to(ROOT)} {name}": count
        for folder in ("model", "engine", "twin")
        for path in sorted((ROOT / "sim" / folder).glob("*.py"))
        for name, count in many_arguments(ast.parse(path.read_text(encoding="utf-8"))).items()
        if name not in MORE_ARGUMENTS
    }
    assert found == {}


def test_many_arguments_are_seen() -> None:
    assert many_arguments(ast.parse("def f(a, b, c, d, e, g, h, i, j): ...\ndef g(a, *, b): ...")) == {"f": 9}


# --- one name, one thing ----------------------------------------------------------------------------------------------

TWICE = {"State": "of the engine as it runs, and the same as the type checker reads it"}
"""Names that stand in two places for one thing, and why."""


def kinds_of_things(tree: ast.Module) -> list[tuple[str, str]]:
    r"""Names of kinds of things, and what each stands for: a class of its own, or what it is another name of.

    A name of a module's own, with an underscore, is read like any other. Two modules may abbreviate one type alike.

    >>> kinds_of_things(ast.parse("class _Row: ...\nValues = dict[str, float]\nfrom a import Table as Row"))
    [('Row', 'a class'), ('Values', 'dict[str, float]'), ('Row', 'a.Table')]
    """
    found: list[tuple[str, ast.expr | str]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            found.append((node.name, "a class"))
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found.append((node.targets[0].id, node.value))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
            found.append((node.target.id, node.value))
        elif isinstance(node, ast.ImportFrom):
            named_anew = (one for one in node.names if one.asname not in (None, one.name))
            found += [(str(one.asname), f"{node.module}.{one.name}") for one in named_anew]
    named = [(name.lstrip("_"), what) for name, what in found]
    kinds = [(name, what) for name, what in named if re.match("[A-Z][A-Za-z]*[a-z]", name)]
    return [(name, what if isinstance(what, str) else ast.unparse(what)) for name, what in kinds]


def names_of_two_things(trees: dict[str, ast.Module]) -> dict[str, list[str]]:
    """Names that stand for more than one thing, and where they do."""
    places: dict[str, list[tuple[str, str]]] = {}
    for path, tree in trees.items():
        for name, what in kinds_of_things(tree):
            places.setdefault(name, []).append((path, what))
    return {
        name: [path for path, _ in those]
        for name, those in places.items()
        if len({what for _, what in those}) > 1 or sum(what == "a class" for _, what in those) > 1
    }


def test_one_name_is_one_thing() -> None:
    trees = {
        path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted((ROOT / "sim").rglob("*.py"))
    }
    assert {name: where for name, where in names_of_two_things(trees).items() if name not in TWICE} == {}


def test_a_name_of_two_things_is_seen() -> None:
    once = ast.parse("class Row: ...\nValues = dict[str, float]")
    again = {
        "class": "class Row: ...",
        "class of a module's own": "class _Row: ...",
        "inner class": "def f():\n    class Row: ...",
        "alias": "Row = tuple[int, ...]",
        "tuple": "Row = namedtuple('Row', ['a'])",
        "import": "from a import Table as Row",
        "another type": "Values = dict[str, int]",
    }
    found = {how: list(names_of_two_things({"a": once, "b": ast.parse(text)})) for how, text in again.items()}
    assert found == {how: ["Values" if how == "another type" else "Row"] for how in again}
    assert names_of_two_things({"a": once, "b": ast.parse("Values = dict[str, float]\nclass Rows: ...")}) == {}


# --- said once --------------------------------------------------------------------------------------------------------

ELSEWHERE = {"sim/plots/style.py", "sim/plots/calendar_axis.py", "sim/studies/optimisation/draw_front.py"}
"""Where texts in figures are written, and two places that write neither beside a point nor over a frame."""


def name_called(node: ast.expr) -> str:
    """The name of the function that a call calls; empty of anything else."""
    function = node.func if isinstance(node, ast.Call) else None
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def otherwise(source: str) -> list[str]:
    """What the house has one way to say, and a source says in another."""
    found = []
    for call in [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]:
        name, given = name_called(call), {keyword.arg for keyword in call.keywords}
        if name == "ScenarioError" and [name_called(argument) for argument in call.args] == ["Problem"]:
            found.append("ScenarioError takes what a Problem tells")
        if name == "parameter" and {"ge", "le"} <= given:
            found.append("allowed=(low, high) says both")
        if name == "annotate":
            found.append("write_beside and write_above write in figures")
    return found


def test_what_the_house_says_once_is_not_said_otherwise() -> None:
    sources = {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in (ROOT / "sim").rglob("*.py")
    }
    found = {path: otherwise(source) for path, source in sources.items() if path not in ELSEWHERE}
    assert {path: ways for path, ways in found.items() if ways} == {}


@pytest.mark.parametrize(
    "source",
    [
        "raise ScenarioError(\n    Problem(say('no'))\n)",
        "x: float = parameter(\n    0.5,\n    'x',\n    ge=0.0,\n    le=1.0,\n)",
        "axes.annotate(text, (0.0, 1.0))",
    ],
)
def test_what_is_said_otherwise_is_seen(source: str) -> None:
    assert len(otherwise(source)) == 1


# --- a kind of study and its package ----------------------------------------------------------------------------------

REGISTER = "sim/studies/kinds.py"
REGISTERED = {REGISTER, "sim/__init__.py"}
"""Where a kind is registered, and where its public names are handed on."""

KINDS = re.findall(
    r"^from sim\.studies\.(\w+) import [A-Z]+$", (ROOT / REGISTER).read_text(encoding="utf-8"), re.MULTILINE
)


def test_the_kinds_are_found() -> None:
    assert len(KINDS) > 8


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_of_study_is_known_in_its_package_and_where_it_is_registered(kind: str) -> None:
    name = re.compile(rf"\bsim\.studies\.{kind}\b")
    knowing = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "sim").rglob("*.py")
        if STUDIES / kind not in path.parents and name.search(path.read_text(encoding="utf-8"))
    }
    assert knowing - REGISTERED == set()
