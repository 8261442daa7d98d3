"""The project keeps its own house rules: what lies where, how long files are, and what is never committed."""

import ast
import importlib.metadata
import json
import re
import shutil
import subprocess
import tomllib
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

TOP_LEVEL_FILES = {"pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE", "CITATION.cff", "codemeta.json"}
TOP_LEVEL_FOLDERS = {"sim", "scenarios", "experiments", "tests", "notebooks", "docs", "benchmarks"}

LONGEST_MODULE = 400

MACHINE_PATH = re.compile(r"(?<![\w.~-])/(?:work|root|home|tmp|Users)/[\w.-]+")
REGISTRY_ADDRESS = re.compile(
    r"\bpypi\.(?:org|python\.org)|pythonhosted\.org|npmjs\.(?:org|com)|\bdeb\.debian\.org|--(?:extra-)?index-url"
)


@cache
def tracked_files() -> tuple[Path, ...]:
    """Paths of the files that git tracks, relative to the project's root."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True)
    paths = (Path(name) for name in listing.stdout.split("\0") if name)
    return tuple(path for path in paths if (ROOT / path).is_file())


def is_allowed_at_the_top(path: Path) -> bool:
    first = path.parts[0]
    if first.startswith("."):
        return True
    return first in (TOP_LEVEL_FILES if len(path.parts) == 1 else TOP_LEVEL_FOLDERS)


def readme_command(which: str) -> str:
    """The command as CI extracts it, so that what this test accepts is what CI runs."""
    asked = subprocess.run(["bash", ".ci/run", "--readme-command", which], cwd=ROOT, capture_output=True, text=True)
    assert asked.returncode == 0, asked.stderr
    return asked.stdout.strip()


def test_the_top_level_holds_only_what_belongs_there():
    strangers = sorted({path.parts[0] for path in tracked_files() if not is_allowed_at_the_top(path)})
    assert strangers == []


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
@pytest.mark.parametrize(
    ("which", "steps"),
    [
        ("main", ["python3 -m venv", "pip install", "sim run scenarios/"]),
        ("test", ["python3 -m venv", "pip install", "pytest"]),
    ],
)
def test_the_readme_gives_one_line_that_sets_up_and_runs(which: str, steps: list[str]):
    command = readme_command(which)
    assert "\n" not in command
    for step in steps:
        assert step in command


def test_modules_are_short_enough_to_keep_in_mind():
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in (ROOT / "sim").rglob("*.py")
    }
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_MODULE} == {}


def test_a_file_is_found_by_its_name():
    """No two modules share a name, but a room of the model and its machinery: one idea in up to three layers."""
    layers = {"model", "engine", "twin"}
    places: dict[str, list[str]] = {}
    for path in sorted((ROOT / "sim").rglob("*.py")):
        if path.name != "__init__.py":
            places.setdefault(path.name, []).append(path.relative_to(ROOT / "sim").parent.as_posix())
    assert {name: found for name, found in places.items() if len(found) > 1 and not set(found) <= layers} == {}


def test_the_tests_are_a_package():
    """Helpers are imported by name, in tests and in the programs that they start."""
    folders = {path.parent for path in tracked_files() if path.parts[0] == "tests" and path.suffix == ".py"}
    assert sorted(str(folder) for folder in folders if not (ROOT / folder / "__init__.py").is_file()) == []
    by_path = "spec_from_" + "file_location("
    texts = {path: path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("*.py")}
    assert [path.name for path, text in texts.items() if by_path in text] == []


def test_the_version_is_the_same_everywhere():
    sim = pytest.importorskip("sim")
    if not hasattr(sim, "__version__"):
        pytest.skip("sim gives no version yet")
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert sim.__version__ == declared == importlib.metadata.version("exitvoice")


def test_notebooks_are_committed_without_outputs():
    notebooks = [path for path in tracked_files() if path.suffix == ".ipynb"]
    with_outputs = [
        f"{path}, cell {number}"
        for path in notebooks
        for number, cell in enumerate(json.loads((ROOT / path).read_text(encoding="utf-8"))["cells"], start=1)
        if cell["cell_type"] == "code" and (cell["outputs"] or cell["execution_count"] is not None)
    ]
    assert with_outputs == []


@pytest.mark.parametrize(
    "forbidden", [MACHINE_PATH, REGISTRY_ADDRESS], ids=["path of a machine", "address of a registry"]
)
def test_no_tracked_file_holds_a(forbidden: re.Pattern[str]):
    found = []
    for path in tracked_files():
        text = (ROOT / path).read_bytes().decode("utf-8", errors="replace")
        for number, line in enumerate(text.splitlines(), start=1):
            if match := forbidden.search(line):
                found.append(f"{path}:{number}: {match.group()}")
    assert found == []


# --- tests do not ask how fast a machine is ---------------------------------------------------------------------------

CLOCKS = {
    "time",
    "time_ns",
    "monotonic",
    "monotonic_ns",
    "perf_counter",
    "perf_counter_ns",
    "process_time",
    "thread_time",
}
SHORTEST_PATIENCE = 60


def reads_a_clock(tree: ast.AST, timed: set[str]) -> bool:
    """Whether an expression calls a clock, or names what was computed from one."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in timed:
            return True
        if isinstance(node, ast.Call):
            called = node.func
            if isinstance(called, ast.Attribute) and called.attr in CLOCKS and ast.unparse(called.value) == "time":
                return True
            if isinstance(called, ast.Name) and called.id in CLOCKS - {"time"}:
                return True
    return False


def asked_of_time(source: str) -> list[int]:
    """Lines of a test that would fail on a slow machine: a clock in an assert, a deadline, a short patience."""
    found = []
    tree = ast.parse(source)
    forgiven = {
        id(inside)
        for block in ast.walk(tree)
        if isinstance(block, ast.With) and "TimeoutExpired" in ast.unparse(block.items[0].context_expr)
        for inside in ast.walk(block)
    }
    for scope in [tree, *(node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))]:
        timed: set[str] = set()
        for node in ast.walk(scope):
            if isinstance(node, ast.Assign) and scope is not tree and reads_a_clock(node.value, timed):
                pairs = [(target, node.value) for target in node.targets]
                if isinstance(node.targets[0], ast.Tuple) and isinstance(node.value, ast.Tuple):
                    pairs = list(zip(node.targets[0].elts, node.value.elts, strict=True))
                timed |= {
                    target.id for target, value in pairs if isinstance(target, ast.Name) and reads_a_clock(value, timed)
                }
            if isinstance(node, ast.Assert) and reads_a_clock(node.test, timed):
                found.append(node.lineno)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and id(node) not in forgiven:
            for word in node.keywords:
                value = word.value.value if isinstance(word.value, ast.Constant) else None
                if word.arg == "deadline" and value is not None:
                    found.append(node.lineno)
                if word.arg == "timeout" and isinstance(value, int | float) and value < SHORTEST_PATIENCE:
                    found.append(node.lineno)
    return sorted(set(found))


@pytest.mark.parametrize(
    "source",
    [
        "def test():\n    assert time.perf_counter() < 2",
        "def test():\n    began = time.monotonic()\n    assert 2.0 > time.monotonic() - began",
        "def test():\n    began = perf_counter()\n    took, rest = perf_counter() - began, 1\n    assert took < 1",
        "@settings(deadline=200)\ndef test(): ...",
        "def test():\n    process.wait(timeout=5)",
    ],
)
def test_a_question_about_speed_is_seen(source: str):
    assert asked_of_time(source)
    assert not asked_of_time("def test():\n    began = time.time()\n    do(timeout=300)\n    assert seconds_of(1) < 2")


def test_no_test_asks_how_fast_the_machine_is():
    found = {
        f"{path.relative_to(ROOT)}:{line}"
        for path in sorted((ROOT / "tests").rglob("*.py"))
        for line in asked_of_time(path.read_text(encoding="utf-8"))
    }
    assert found == set()


# --- lower bounds -----------------------------------------------------------------------------------------------------

REQUIREMENT = re.compile(r"(?P<name>[\w.-]+)(?:\[[\w,-]+\])?(?P<bounds>[^;]*)(?:;(?P<marker>.*))?")


def lower_bounds() -> dict[tuple[str, str], set[str]]:
    """What pyproject.toml asks for at least, of the build, all dependencies and all extras, by name and marker."""
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    project = declared["project"]
    asked = [*declared["build-system"]["requires"], *project["dependencies"]]
    asked += [line for extra in project["optional-dependencies"].values() for line in extra]
    bounds: dict[tuple[str, str], set[str]] = {}
    for line in asked:
        found = REQUIREMENT.fullmatch(line.replace(" ", ""))
        assert found, line
        if found["name"] != project["name"]:
            least = re.search(r">=([\w.]+)", found["bounds"])
            bounds.setdefault((found["name"].lower(), found["marker"] or ""), set()).add(least[1] if least else "none")
    return bounds


def test_the_oldest_versions_that_are_tried_are_the_declared_minimums():
    tried = {}
    for line in (ROOT / ".ci" / "oldest.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            pinned, _, marker = line.replace(" ", "").partition(";")
            name, _, version = pinned.partition("==")
            tried[name, marker] = {version}
    assert tried == lower_bounds()
