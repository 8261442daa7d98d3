"""docs/adding_a_rule.md, executed as it stands: its files are written, its commands and its Python are run in order."""

import contextlib
import doctest
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from sim.model.moments import KNOWN, MOMENTS
from tests.cli.calling import call
from tests.rules.files import HABIT, ROOT

PAGE = ROOT / "docs" / "adding_a_rule.md"
TEXT = PAGE.read_text(encoding="utf-8")
BLOCK = re.compile(r"(?:<!-- (\S+) -->\n)?^```(\w+)\n(.*?)^```$", flags=re.MULTILINE | re.DOTALL)


def answers(block: str) -> list[tuple[str, str]]:
    """Commands of a console with what they say."""
    commands: list[tuple[str, str]] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            commands.append((line[2:], ""))
        else:
            commands[-1] = (commands[-1][0], commands[-1][1] + line + "\n")
    return commands


def run_python(block: str, known: dict[str, Any], folder: Path) -> None:
    test = doctest.DocTestParser().get_doctest(block, known, PAGE.name, str(PAGE), 0)
    said: list[str] = []
    with contextlib.chdir(folder):
        found = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test, out=said.append, clear_globs=False)
    assert found.failed == 0, "".join(said)
    assert found.attempted > 0
    known |= test.globs


def test_the_page_is_executed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    known: dict[str, Any] = {}
    kinds = []
    for name, kind, block in BLOCK.findall(TEXT):
        kinds.append(kind)
        if name:
            (tmp_path / name).write_text(block, encoding="utf-8")
        elif kind == "console":
            for command, expected in answers(block):
                program, *words = shlex.split(command)
                assert program == "sim"
                done = call(tmp_path, *words)
                assert done.stderr + done.stdout == expected, command
        else:
            run_python(block, known, tmp_path)
    assert kinds == ["python", "yaml", "console", "pycon", "console", "yaml", "console"]
    assert (tmp_path / "results" / "loyal" / "series.parquet").is_file()
    assert (tmp_path / "results" / "habits" / "manifest.json").is_file()


def test_the_page_shows_the_rule_that_is_shipped():
    assert [block for name, _, block in BLOCK.findall(TEXT) if name == "habit.py"] == [HABIT.read_text("utf-8")]


def test_the_page_lists_the_contract():
    rows = [f"| `{item.name}` | {item.unit} | {item.meaning} |" for item in KNOWN]
    table = "\n".join(["| field | unit | meaning |", "|---|---|---|", *rows])
    assert f"<!-- known -->\n{table}\n" in TEXT
    for name, moment in MOMENTS.items():
        row = next(line for line in TEXT.splitlines() if line.startswith(f"| `{name}` |"))
        asked, changed = (re.findall(r"`(\w+)`", cell) for cell in row.split("|")[3:5])
        assert (tuple(asked), changed) == (moment.outcomes, list(moment.changes))
