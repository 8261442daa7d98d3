"""No import is hidden from the import check: none of ours is made from a text, but where a package gives lazy names."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FROM_TEXT = {
    "sim/__init__.py": "public names of the package, imported when they are first used",
    "sim/mesa/__init__.py": "likewise",
    "sim/kernel_ready.py": "libraries in C of numba, without numba",
    "sim/runs/execution/chunk.py": "the module of a user's own task, in a worker",
    "sim/vocabulary/extras.py": "libraries that need not be installed",
}
"""Where the name of a module may come from a variable, and why."""

IMPORTERS = {"import_module", "__import__", "find_spec", "run_module", "spec_from_file_location", "find_loader"}


def hidden(source: str, *, from_text: bool) -> list[str]:
    """Calls that import one of our modules by a text, or (but where that is allowed) a module named by a variable."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name not in IMPORTERS:
            continue
        first = node.args[0]
        if isinstance(first, ast.Constant):
            if str(first.value).startswith(("sim.", ".")) or first.value == "sim":
                found.append(f"line {node.lineno}: {ast.unparse(node)}")
        elif not from_text:
            found.append(f"line {node.lineno}: {ast.unparse(node)}")
    return found


def test_no_module_of_ours_is_imported_by_a_text():
    found = {}
    for file in sorted((ROOT / "sim").rglob("*.py")):
        path = file.relative_to(ROOT).as_posix()
        calls = hidden(file.read_text(encoding="utf-8"), from_text=path in FROM_TEXT)
        if calls:
            found[path] = calls
    assert not found, "import it in plain sight, and let lint-imports see it"


@pytest.mark.parametrize(
    "source",
    [
        "import_module('sim.plots')",
        "importlib.import_module(f'sim.plots.{kind}')",
        "__import__('sim')",
        "import_module(name)",
        "import_module('.plots', 'sim')",
    ],
)
def test_a_hidden_import_is_seen(source):
    assert hidden(source, from_text=False)


def test_libraries_may_be_imported_by_their_name():
    assert not hidden("import_module('threadpoolctl')", from_text=False)


def test_the_places_that_import_from_texts_are_still_there():
    for path in FROM_TEXT:
        assert hidden((ROOT / path).read_text(encoding="utf-8"), from_text=False), path
