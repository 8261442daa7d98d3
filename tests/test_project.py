"""The project keeps its own house rules: what lies where, how long files are, and what is never committed."""

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

TOP_LEVEL_FILES = {"pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE"}
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
