"""What reaches the terminal: text from outside is shown, and never obeyed."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sim.cli import main
from sim.cli.printing import console
from sim.vocabulary.text import flaw

ROOT = Path(__file__).resolve().parents[2]
NASTY = "a\x1b[31m\u202e\x9b\x07b"
SHOWN = r"a\u001b[31m\u202e\u009b\u0007b"

Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Call:
    """Run the command line in this process, in an empty folder: status, standard output, standard error."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["sim", *arguments])
        status = 0
        try:
            main()
        except SystemExit as end:
            status = int(end.code or 0)
        return status, *capsys.readouterr()

    return run


def test_a_files_name_is_escaped_in_what_is_said_of_it(call: Call, tmp_path: Path):
    (tmp_path / f"{NASTY}.yaml").write_text("name: fine\n")
    (tmp_path / f"wrong{NASTY}.yaml").write_text("nam: fine\n")
    status, out, err = call("validate", f"{NASTY}.yaml", f"wrong{NASTY}.yaml")
    assert status == 2
    assert out.startswith(f"{SHOWN}.yaml: valid (fine: ")
    assert err.startswith(f"wrong{SHOWN}.yaml:1:1: nam: unknown parameter")
    assert flaw(out + err, lines=True) is None


@pytest.mark.parametrize(
    "arguments",
    [
        (NASTY,),
        ("run", f"{NASTY}.yaml"),
        ("run", "a.yaml", NASTY),
        ("run", "a.yaml", f"--{NASTY}"),
        ("run", "a.yaml", "--seed", NASTY),
        ("explain", NASTY),
        ("results", NASTY),
        ("show", "a.yaml", "--set", NASTY),
        ("show", "a.yaml", "--set", f"{NASTY}=1"),
        ("show", "a.yaml", "--set", f"name={NASTY}"),
    ],
)
def test_an_argument_is_never_obeyed(call: Call, tmp_path: Path, arguments: tuple[str, ...]):
    (tmp_path / "a.yaml").write_text("name: fine\n")
    status, out, err = call(*arguments)
    assert status == 2
    assert flaw(out + err, lines=True) is None


@pytest.mark.parametrize(
    "arguments",
    [
        ("run", "a.yaml", "--out", NASTY),
        ("run", "a.yaml", "--out", f"{NASTY}/b"),
        ("new", f"{NASTY}.yaml"),
        ("schema", "--out", NASTY),
        ("patterns", "--replications", "1", "--out", f"{NASTY}.md"),
    ],
)
def test_nothing_is_made_by_a_name_that_no_terminal_can_show(call: Call, tmp_path: Path, arguments: tuple[str, ...]):
    (tmp_path / "a.yaml").write_text("name: fine\n")
    status, _, err = call(*arguments)
    assert status == 2
    assert "U+001B (ESCAPE) as character 2" in err
    assert [file.name for file in tmp_path.iterdir()] == ["a.yaml"]


def test_a_folder_that_is_there_may_be_called_anything(call: Call, tmp_path: Path):
    (tmp_path / NASTY).mkdir()
    status, out, _ = call("new", f"{NASTY}/mine.yaml")
    assert status == 0
    assert out.startswith(f"wrote {SHOWN}/mine.yaml")


def test_json_stays_json_with_the_same_meaning(call: Call, tmp_path: Path):
    (tmp_path / f"{NASTY}.yaml").write_text("name: fine\n")
    status, out, _ = call("show", "--json", f"{NASTY}.yaml")
    assert status == 0
    assert flaw(out, lines=True) is None
    assert json.loads(out)["files"] == [f"{NASTY}.yaml"]


def test_a_name_that_the_encoding_lacks_ends_in_no_traceback(tmp_path: Path):
    (tmp_path / "a.yaml").write_text("name: 日本\n", encoding="utf-8")
    raw = os.fsencode(tmp_path) + b"/\xff.yaml"
    with open(raw, "wb") as file:  # noqa: PTH123
        file.write(b"name: latin\n")
    for encoding in ("utf-8", "ascii"):
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": encoding}
        command = [sys.executable, "-c", "from sim.cli import main; main()", "validate", "a.yaml", b"\xff.yaml"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, env=environment, check=False)
        assert done.returncode == 0, done.stderr
        assert b"\\udcff.yaml: valid (latin" in done.stdout


def test_a_console_draws_text_as_text(capsys: pytest.CaptureFixture[str]):
    from rich.table import Table
    from rich.text import Text

    table = Table(title="[bold]title[/bold]", box=None)
    table.add_column("[red]head")
    table.add_row("[/] :smile: {x} 5")
    table.add_row(Text(NASTY.replace("\a", "")))  # rich leaves the bell out by itself
    made = console()
    made.print(table)
    made.print("[link=x]y", ":smile:")
    out = capsys.readouterr().out
    for text in (
        "[bold]title[/bold]",
        "[red]head",
        "[/] :smile: {x} 5",
        SHOWN.replace("\\u0007", ""),
        "[link=x]y :smile:",
    ):
        assert text in out
    assert flaw(out, lines=True) is None


def test_every_console_is_made_in_one_place():
    """But for that which draws into a text, which `tests/report/test_notebook_card.py` looks at."""
    for file in (ROOT / "sim").rglob("*.py"):
        if file.name not in ("printing.py", "in_session.py"):
            assert not re.search(r"^(?!.*>>>).*\bConsole\(", file.read_text(encoding="utf-8"), re.MULTILINE), file
