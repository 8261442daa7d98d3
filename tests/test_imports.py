"""No import is hidden from the import check: none of ours is made from a text, but where a package gives lazy names.

What is loaded later (`sim.vocabulary.neighbours`) is named by a text, and so has to be a neighbour in the same package,
whose own imports are seen.
"""

import ast
from pathlib import Path

import pytest

from sim.vocabulary.neighbours import neighbour

ROOT = Path(__file__).resolve().parents[1]
FROM_TEXT = {
    "sim/__init__.py": "public names of the package, imported when they are first used",
    "sim/mesa/__init__.py": "likewise",
    "sim/kernel_ready.py": "libraries in C of numba, without numba",
    "sim/runs/execution/chunk.py": "the module of a user's own task, in a worker",
    "sim/vocabulary/extras.py": "libraries that need not be installed",
    "sim/vocabulary/neighbours.py": "neighbours in the caller's own package",
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


def places_of(file: Path) -> list[tuple[str, str]]:
    """Package and place of everything that a module names to be loaded later; the package as it is written."""
    named = []
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id in ("loaded_later", "neighbour"):
                named.append((ast.unparse(node.args[0]), ast.literal_eval(node.args[1])))
            elif node.func.id == "study_shown":
                kind = file.parent.name
                own = [keyword.arg for keyword in node.keywords]
                named += [] if "figures" in own else [(ast.unparse(node.args[0]), f"{kind}_figures:FIGURES")]
                named.append((ast.unparse(node.args[0]), f"{kind}_page:page"))
    return named


LATER = [
    file
    for file in sorted((ROOT / "sim").rglob("*.py"))
    if file.name != "neighbours.py" and file != ROOT / "sim/report/__init__.py" and places_of(file)
]


@pytest.mark.parametrize("file", LATER, ids=lambda file: file.relative_to(ROOT / "sim").as_posix())
def test_what_is_loaded_later_is_a_neighbour_and_is_there(file):
    inside = file.name == "__init__.py"
    package = ".".join(file.relative_to(ROOT).parent.parts)
    for written, place in places_of(file):
        assert written == ("__name__" if inside else "__package__"), "import it in plain sight"
        assert inside or package == "sim.cli", "an answer could reach its page unseen"
        assert neighbour(package, place) is not None


def test_there_is_something_to_be_loaded_later():
    assert len(LATER) > 12
