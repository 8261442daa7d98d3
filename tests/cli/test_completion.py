"""The tab key: what a shell is offered, through the very protocol by which it asks."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.calling import call

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., str]:
    """What a shell is told that asks with these words in its environment."""

    def told(**environment: str) -> str:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        answer = call(tmp_path)
        assert answer.returncode == 0, answer.stderr
        return answer.stdout

    return told


def sim(*arguments: str, **environment: str) -> str:
    told = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "80", **environment}
    answer = subprocess.run([sys.executable, "-m", "sim", *arguments], capture_output=True, text=True, env=told)
    assert answer.returncode == 0, answer.stderr
    return answer.stdout


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("sim expl", ["explain"]),
        ("sim explain firm.s", ["firm.strategy.", "firm.systems."]),
        ("sim explain firm.desk.agen", ["firm.desk.agent_cost", "firm.desk.agents"]),
        ("sim run --set run.period=w", ["run.period=week"]),
        (
            "sim show --set firm.culture=",
            [f"firm.culture={name}" for name in ("awful", "exceptional", "normal", "poor")],
        ),
        ("sim explain no_such", []),
    ],
)
def test_a_shell_is_offered(asked: Callable[..., str], typed: str, offered: list[str]):
    said = asked(_SIM_COMPLETE="complete_bash", COMP_WORDS=typed, COMP_CWORD=str(len(typed.split()) - 1))
    assert said.split() == offered


def test_a_process_of_its_own_offers_the_same():
    assert sim(_SIM_COMPLETE="complete_bash", COMP_WORDS="sim expl", COMP_CWORD="1").split() == ["explain"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_script_for_the_shell_is_shown(asked: Callable[..., str], shell: str):
    assert "_SIM_COMPLETE=complete_" in asked(_SIM_COMPLETE=f"source_{shell}")


def test_help_is_whole_at_80_columns():
    said = sim("--help")
    assert [line for line in said.splitlines()[1:] if "..." in line] == []
    assert max(len(line) for line in said.splitlines()) <= 80
