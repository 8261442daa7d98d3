"""Code in the documentation: files that are shown are accepted, commands understood, and every page runs.

Scenarios and experiments are there as a reader has them, but with few people and few points. A block that cannot run
on one machine within minutes has `<!-- not run: REASON -->` in front of it, and is counted; its commands must be
understood all the same. The README and `docs/adding_a_rule.md` are followed word by word by tests of their own, and
what stands in Spanish is the same code (`tests/test_site.py`).
"""

import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import matplotlib.pyplot as plt
import pytest
import yaml

from sim.cli.help import in_words
from sim.cli.study_commands import app
from sim.runs.experiment.reader import read_experiment
from sim.scenario import load_scenario
from tests.cli.calling import call

ROOT = Path(__file__).resolve().parents[1]
FOLLOWED_ELSEWHERE = {"adding_a_rule.md"}
NOT_RUN = 12
"""Blocks that need a cluster, another program, a browser or hours."""

FENCE = re.compile(r"^```(?P<language>sh|bash|python|yaml)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
MARK = re.compile(r"<!-- not run: .+ -->\n\Z")
UNDECIDED = {"balance": 1}
"""What a command ends with where so few people leave its verdict open; only that, and no fault."""
BEFORE_SIM = ("pip install", "python3 -m venv", ". .venv")
SMALL = {"market.customers": 300, "run.periods": 40, "run.settling.years": 0}
FEW = {
    "sensitivity": {"samples": 8},
    "optimise": {"trials": 6, "draws": 2, "finalists": 2, "budget": 1e9},
}
"""Points of an experiment: here the least that its kind takes, and a budget that some of so few can meet."""
BEFORE = {
    "results": 'import sim\nresult = sim.run("scenarios/baseline.yaml")',
    "store": 'import sim\nsim.sweep("experiments/ease_of_complaining.yaml", out="results/ease")',
}
"""What a page takes for done before its first block."""
ADDED = {
    "advice": ("--levers", ["--levers", "firm.desk.e*"]),
    "balance": ("--rounds", ["--rounds", "1"]),
}
"""What a command is given here where a reader leaves it out: all levers of a firm take minutes, some take seconds; a
search for a start lives twenty years again in each round."""


class Block(NamedTuple):
    """A fenced block of a page."""

    page: str
    language: str
    text: str
    runs: bool


def blocks() -> Iterator[Block]:
    for page in sorted((ROOT / "docs").rglob("*.md")):
        if page.name not in FOLLOWED_ELSEWHERE and page.parent.name != "es":
            text = page.read_text(encoding="utf-8")
            for fence in FENCE.finditer(text):
                yield Block(page.stem, fence["language"], fence["text"], not MARK.search(text[: fence.start()]))


BLOCKS = list(blocks())


def written(path: Path, tree: Any) -> None:
    path.write_text(yaml.safe_dump(tree, allow_unicode=True, sort_keys=False), encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A reader's folder, with small worlds, and one worker: this process."""
    for name in ("scenarios", "experiments"):
        (tmp_path / name).mkdir()
        for file in (ROOT / name).glob("*.yaml"):
            tree = yaml.safe_load(file.read_text(encoding="utf-8"))
            if name == "scenarios":
                tree["market"] = {**tree.get("market", {}), "customers": 300}
                tree["run"] = {**tree.get("run", {}), "replications": 2, "periods": 40, "settling": {"years": 0}}
            else:
                tree |= {"replications": 2} if "replications" in tree else {}
                tree["set"] = {**SMALL, **tree.get("set", {}), "market.customers": 300}
                for kind in FEW.keys() & tree.keys():
                    tree[kind] |= FEW[kind]
            written(tmp_path / name / file.name, tree)
    for table in (ROOT / "experiments").glob("*.csv"):
        shutil.copy(table, tmp_path / "experiments")
    written(tmp_path / "today.yaml", {"extends": "scenarios/baseline.yaml", "name": "today"})
    written(tmp_path / "plan.yaml", {"extends": "today.yaml", "name": "plan", "firm": {"desk": {"ease": 2.0}}})
    monkeypatch.setattr("sim.runs.execution.engines.default_workers", lambda: 1)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_what_cannot_run_is_counted() -> None:
    assert len(BLOCKS) > 40
    assert sum(not block.runs for block in BLOCKS) == NOT_RUN


@pytest.mark.parametrize("page", sorted({block.page for block in BLOCKS if block.language == "yaml" and block.runs}))
def test_files_that_are_shown_are_accepted(page: str, folder: Path) -> None:
    for block in BLOCKS:
        if block.page == page and block.language == "yaml" and block.runs:
            tree = yaml.safe_load(block.text)
            if {"scenario", "calibrate"} & set(tree):
                tree = yaml.safe_load((folder / "experiments" / "calibrate_retention.yaml").read_text("utf-8")) | tree
                written(folder / "experiments" / "shown.yaml", tree)
                assert read_experiment(folder / "experiments" / "shown.yaml").experiment
            else:
                (folder / "shown.yaml").write_text(block.text, encoding="utf-8")
                assert load_scenario(folder / "shown.yaml").scenario


def test_commands_are_understood() -> None:
    program = in_words(app)
    lines = [line for block in BLOCKS if block.language in ("sh", "bash") for line in block.text.splitlines()]
    told = [found[1] for line in lines if (found := re.match(r"(?:mpiexec .* -m )?sim (.*)", line))]
    commands = [shlex.split(words, comments=True) for words in told]
    assert len(commands) > 25
    for name, *words in commands:
        program.commands[name].make_context(name, words)


@pytest.mark.slow
@pytest.mark.parametrize("page", sorted({block.page for block in BLOCKS if block.runs and block.language != "yaml"}))
def test_commands_and_python_run(page: str, folder: Path) -> None:
    known: dict[str, Any] = {}
    exec(BEFORE.get(page, ""), known)
    for block in (block for block in BLOCKS if block.page == page and block.runs):
        if block.language == "python":
            exec(compile(block.text, f"{page}.md", "exec"), known)
            plt.close("all")
        elif block.language in ("sh", "bash"):
            for line in block.text.splitlines():
                if line.startswith(BEFORE_SIM):
                    continue
                program, *words = shlex.split(line, comments=True)
                assert program == "sim", line
                option, more = ADDED.get(words[0], ("", []))
                done = call(folder, *words, *([] if option in words else more))
                assert done.returncode in (0, UNDECIDED.get(words[0], 0)), f"{line}\n{done.stdout}{done.stderr}"
