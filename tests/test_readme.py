"""Every line of the README does what it says, as it stands, in the order in which a reader follows it.

The two commands that set up (`main` and `test`) are executed by `.ci/run` itself, in fresh clones and environments;
here the environment that runs the tests stands in for the `.venv` that they make. Lines that install are checked and
not executed. What makes hundreds of runs is left to the slow test.
"""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
MARKED = re.compile(r"<!-- (?:(?P<command>\w+) command|saved as (?P<file>\S+)) -->\s*\Z")
FENCE = re.compile(r"^```(?P<language>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
EXTRAS = re.compile(r"'\.\[([\w,]+)\]'")
MANY_RUNS = (
    "sim sweep",
    "sim results",
    "sim sensitivity",
    "sim calibrate",
    "sim optimise",
    "sim advice",
    "sim cost",
    "sim causes",
    "sim shares",
    "sim offers",
)


class Block(NamedTuple):
    """A fenced block: language, text, and what the comment before it says: the name of a command, or of a file."""

    language: str
    text: str
    command: str
    file: str


def blocks() -> list[Block]:
    found = []
    for fence in FENCE.finditer(README):
        marked = MARKED.search(README[: fence.start()])
        said = marked.groupdict() if marked else {}
        found.append(Block(fence["language"], fence["text"], said.get("command") or "", said.get("file") or ""))
    return found


def steps(*, many_runs: bool) -> list[str]:
    """What a reader does, as lines for a shell; blocks of YAML and Python become files."""
    told = []
    for number, block in enumerate(blocks()):
        if block.command:
            continue
        if block.language == "sh":
            lines = [line for line in block.text.splitlines() if line.strip() and not line.startswith("pip install")]
            told += [line for line in lines if many_runs or not line.startswith(MANY_RUNS)]
        else:
            file = block.file or f"block_{number}.{block.language}"
            told.append(f"cat >{file} <<'END'\n{block.text}END")
            if block.language == "python":
                told.append(f"python {file}")
    return told


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder like the reader's: the files that the commands name, and a `.venv` with the program in it."""
    copy = tmp_path / "exitvoice"
    programs = copy / ".venv" / "bin"
    programs.mkdir(parents=True)
    for name in ("scenarios", "experiments"):
        shutil.copytree(ROOT / name, copy / name)
    (programs / "activate").write_text('PATH="$PWD/.venv/bin:$PATH"\n', encoding="utf-8")
    for name, options in (("sim", " -m sim"), ("python", "")):
        (programs / name).write_text(f'#!/bin/sh\nexec "{sys.executable}"{options} "$@"\n', encoding="utf-8")
        (programs / name).chmod(0o755)
    return copy


def follow(folder: Path, lines: list[str]) -> str:
    """Give the lines to one shell, which stops at the first that fails; what they print."""
    environment = {**os.environ, "HOME": str(folder.parent), "MPLBACKEND": "agg", "COLUMNS": "80"}
    environment["XDG_CACHE_HOME"] = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    script = "\n".join(["set -euo pipefail", *lines, "echo all done"])
    shell = subprocess.run(["bash", "-x"], input=script, cwd=folder, env=environment, capture_output=True, text=True)
    assert shell.returncode == 0, shell.stderr[-2000:]
    assert shell.stdout.endswith("all done\n")
    return shell.stdout


needs_bash = pytest.mark.skipif(shutil.which("bash") is None, reason="the README's lines are for a shell such as bash")


@needs_bash
def test_the_first_steps_lead_where_they_say(folder: Path):
    baseline = folder / "scenarios" / "baseline.yaml"
    text = baseline.read_text(encoding="utf-8")
    # the small worlds that live for decades take longer than all that is asked, the dates of the README lie in the
    # first of the two years, and no line asks how many people there are; the slow test has all of them
    fewer = {"settling: {years: 40}": "settling: {years: 1}", "periods: 104": "periods: 52", ": 10000\n": ": 3000\n"}
    for whole, part in fewer.items():
        assert text.count(whole) == 1
        text = text.replace(whole, part)
    baseline.write_text(text, encoding="utf-8")
    said = follow(folder, steps(many_runs=False))
    assert "my_case.yaml: valid" in said
    assert "…" not in said, "a table was cut at 80 columns"
    for made in ("my_case", "my_case_against_baseline", "precise"):
        assert (folder / "results" / made / "report.html").is_file()
    assert (folder / "from_scratch.yaml").is_file()


@pytest.mark.slow
@needs_bash
def test_every_line_leads_where_it_says(folder: Path):
    said = follow(folder, steps(many_runs=True))
    assert "…" not in said, "a table was cut at 80 columns"
    assert "12 points, 10 replications: 120 runs, 120 done" in said
    for made in ("what_matters_most_what_matters", "calibrate_retention", "choose_the_desk"):
        assert (folder / "results" / made / "analysis" / "report.html").is_file()


def test_what_it_tells_to_install_exists_and_is_there_when_the_tests_run():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    told = {name for names in EXTRAS.findall(README) for name in names.split(",")}
    assert told <= set(extras)
    tested = set(re.findall(r"\w+", extras["test"][0]))
    used = {name for line in README.splitlines() if line.startswith("pip install") for name in EXTRAS.findall(line)}
    assert {name for names in used for name in names.split(",")} <= tested
    assert "exitvoice[" not in README, "nothing of that name can be installed before it is released"


def test_the_readme_says_how_to_switch_the_environment_on_before_the_first_bare_sim():
    shell = [block for block in blocks() if block.language == "sh" and not block.command]
    assert shell[0].text.startswith(". .venv/bin/activate\nsim ")
    first = README[: README.index("## ")]
    assert first.index("main command") < first.index("test command") < first.index("![")
