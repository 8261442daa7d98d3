"""Machinery holds no behaviour: a number that is not plain counting has a name, or stands in a room of the model."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MACHINERY = [*sorted((ROOT / "sim" / "engine").glob("*.py")), *sorted((ROOT / "sim" / "twin").glob("*.py"))]
PLAIN = {0, 1, 2, 3, 4, -1, 0.5, 0.25}
"""Counting, halves and quarters of intervals, children of a heap, and the four places of a draw of luck."""

BITS = {
    "footprint.py",
    "free.py",
    "fitting.py",
    "layout.py",
    "network.py",
    "small_world.py",
    "wiring.py",
    "checkpoint.py",
    "inputs.py",
}
"""Files about bytes, bits, seeds, files and the operating system."""


def bare_numbers(tree: ast.Module) -> list[tuple[int, object]]:
    """Numbers inside functions, with their lines; what is bound to a name of the module or is a default has a name."""
    found = []
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef):
            continue
        for statement in function.body:
            for node in ast.walk(statement):
                number = isinstance(node, ast.Constant) and isinstance(node.value, int | float)
                if number and not isinstance(node.value, bool) and node.value not in PLAIN:
                    found.append((node.lineno, node.value))
    return sorted(found)


@pytest.mark.parametrize("file", [path for path in MACHINERY if path.name not in BITS], ids=lambda path: path.name)
def test_no_bare_number_stands_in_machinery(file: Path) -> None:
    assert bare_numbers(ast.parse(file.read_text(encoding="utf-8"))) == []


def test_a_bare_number_is_seen() -> None:
    tree = ast.parse("LIMIT = 75\n\ndef f(x):\n    return (x - 75) / 10.0 + LIMIT\n")
    assert bare_numbers(tree) == [(4, 10.0), (4, 75)]
