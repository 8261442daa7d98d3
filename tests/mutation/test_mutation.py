"""Wrong rules and wrong loops are seen: every change of a rule, and a sample of changes of the loops, kills a test.

`pytest -m slow -n 0 tests/mutation` runs it; `docs/testing.md` says how to read what it prints. Survivors are listed in
`survivors.toml`, each with the reason why nothing can see it, or why nothing needs to.
"""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
import time
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from scipy import stats

from tests.mutation import mutants

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
LISTED = {
    entry["mutant"]: entry["why"] for entry in tomllib.loads((HERE / "survivors.toml").read_text("utf-8"))["survivor"]
}
SAMPLE = 300


def bounds(killed: int, tried: int) -> tuple[float, float]:
    """The 95% interval of a share by Clopper and Pearson."""
    low = stats.beta.ppf(0.025, killed, tried - killed + 1) if killed else 0.0
    high = stats.beta.ppf(0.975, killed + 1, tried - killed) if killed < tried else 1.0
    return float(low), float(high)


def tried(target: str, processes: int, *more: str) -> list[dict[str, Any]]:
    """What became of each mutant; the run is a program of its own, in plain Python."""
    command = [sys.executable, "-m", "tests.mutation.run", target, "--processes", str(processes), *more]
    environment = {name: value for name, value in os.environ.items() if name != "PYTEST_ADDOPTS"}  # killers use pytest
    environment["NUMBA_DISABLE_JIT"] = "1"
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return [row for row in map(json.loads, done.stdout.splitlines()) if "name" in row]


def table(rows: list[dict[str, Any]], seconds: float) -> str:
    """A line for each file, and one for all: mutants, killed, survived, share, its 95% interval, time."""
    lines = [f"{'file':28}{'mutants':>8}{'killed':>8}{'survived':>9}{'share':>8}{'95% interval':>18}{'seconds':>9}"]
    count, killed, spent = Counter[str](), Counter[str](), Counter[str]()
    for row in rows:
        for name in (row["file"], "all"):
            count[name] += 1
            killed[name] += row["by"] is not None
            spent[name] += row["seconds"]
    spent["all"] = seconds
    for name in [*sorted(count.keys() - {"all"}), "all"]:
        low, high = bounds(killed[name], count[name])
        share, left = killed[name] / count[name], count[name] - killed[name]
        figures = f"{count[name]:8}{killed[name]:8}{left:9}{share:8.1%}{f'{low:.1%} to {high:.1%}':>18}"
        lines.append(f"{name:28}{figures}{spent[name]:9.0f}")
    killers = Counter(row["by"] for row in rows if row["by"] is not None)
    lines.append("killed by: " + ", ".join(f"{name} {times}" for name, times in killers.most_common()))
    return "\n".join(lines)


def report(
    target: str, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str], *more: str
) -> tuple[int, int]:
    """Run, print the table and the survivors, and refuse one that is not listed; returns killed and tried."""
    begun = time.monotonic()
    rows = tried(target, request.config.getoption("--mutation-processes", default=1), *more)
    survivors = [row for row in rows if row["by"] is None]
    with capsys.disabled():
        print(f"\n{table(rows, time.monotonic() - begun)}")
        for row in survivors:
            print(f"survived, line {row['line']}: {row['name']}\n    {LISTED.get(row['name'], 'NOT LISTED')}")
    unlisted = [row["name"] for row in survivors if row["name"] not in LISTED]
    assert unlisted == [], "kill these, or list them in survivors.toml with the reason"
    return len(rows) - len(survivors), len(rows)


@pytest.mark.slow
def test_nineteen_of_twenty_wrong_rules_are_seen(request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]):
    """All mutants of the rules, against the rules' own tests and examples."""
    killed, count = report("rules", request, capsys)
    assert killed / count >= 0.95


@pytest.mark.slow
def test_nine_of_ten_wrong_loops_are_seen(request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]):
    """A sample of the mutants of the loops: the lower end of the 95% interval of the share that is killed."""
    killed, count = report("loops", request, capsys, "--sample", str(SAMPLE))
    assert count == SAMPLE
    assert bounds(killed, count)[0] >= 0.9


# --- that the tester tests --------------------------------------------------------------------------------------------

TOY = '''
"""A module."""
BLOCK = 64
LIMIT = 3

def total(values: list, weight: float) -> float:
    """Sum up to a limit."""
    result = 0.0
    for i in range(len(values)):
        if i < LIMIT and not values[i] == 0:
            result += weight * max(values[i], 1)
    return result
'''

CHANGES = {
    "module: LIMIT = {3 => 4}",
    "module: LIMIT = {3 => -3}",
    "module: LIMIT = {3 => 0}",
    "total: result = {0.0 => 1.0}",
    "total: {result = 0.0 => nothing}",
    "total: for i in range(len(values){ =>  - 1}):",
    "total: if i < LIMIT {and (not values[i] == 0) => or not values[i] == 0}:",
    "total: if i < {LIMIT and (not values[i] == 0) => LIMIT}:",
    "total: if i {< => <=} LIMIT and (not values[i] == 0):",
    "total: if i {< => >=} LIMIT and (not values[i] == 0):",
    "total: if i < LIMIT and (not values[i] {== => !=} 0):",
    "total: result {+= => -=} weight * max(values[i], 1)",
    "total: {result += weight * max(values[i], 1) => nothing}",
    "total: result += weight {* => /} max(values[i], 1)",
    "total: result += weight * {max => min}(values[i], 1)",
    "total: result += {weight * max(values[i], 1) => weight}",
    "total: result += weight * max(values[{i => i + 1}], 1)",
    "total: return {result => 0}",
}


def names_of(tmp_path: Path, text: str) -> list[str]:
    (tmp_path / "toy.py").write_text(text, encoding="utf-8")
    return [mutant.name.removeprefix("toy.py ") for mutant in mutants.mutants_of(tmp_path, "toy.py")]


def test_each_kind_of_change_is_made_once_and_named(tmp_path: Path):
    names = names_of(tmp_path, TOY)
    assert set(names) >= CHANGES
    assert len(set(names)) == len(names)
    assert not any("BLOCK" in name or "Sum up" in name for name in names)


def test_a_mutant_is_the_module_with_one_change(tmp_path: Path):
    names_of(tmp_path, TOY)
    plain = ast.unparse(ast.parse(TOY)).splitlines()
    for mutant in mutants.mutants_of(tmp_path, "toy.py"):
        lines = ast.unparse(mutants.tree_of(tmp_path, mutant)).splitlines()
        assert sum(one != other for one, other in zip(plain, lines, strict=True)) == 1, mutant.name
        compile(mutants.tree_of(tmp_path, mutant), "toy.py", "exec")


def test_names_and_the_sample_do_not_depend_on_what_stands_elsewhere(tmp_path: Path):
    more = "def other(x):\n    return x + 1\n\n"
    assert set(names_of(tmp_path, TOY)) <= set(names_of(tmp_path, TOY.replace("def total", more + "def total")))


def test_the_bound_is_that_of_clopper_and_pearson():
    """282 of 300 are 94%, and at least 90.7%; tabled values of the exact interval for 10 of 10 and 9 of 10."""
    assert bounds(282, 300)[0] == pytest.approx(0.9069, abs=1e-3)
    assert bounds(10, 10) == (pytest.approx(0.6915, abs=1e-4), 1.0)
    assert bounds(9, 10) == (pytest.approx(0.5550, abs=1e-4), pytest.approx(0.9975, abs=1e-4))


def test_every_listed_survivor_is_a_mutant_and_has_a_reason():
    files = sorted({name.split(" ", 1)[0] for name in LISTED})
    names = {mutant.name for file in files for mutant in mutants.mutants_of(ROOT, file)}
    assert [name for name in LISTED if name not in names] == []
    assert all(len(why) > 20 for why in LISTED.values())


@pytest.mark.skipif(not hasattr(os, "fork"), reason="mutants are tried in forks")
def test_a_wrong_rule_is_killed_and_an_equal_one_survives():
    """The whole machine on a handful of changes of one small rule."""
    rows = tried("rules", 1, "--only", "model/shares.py clipped:")
    fates = {row["name"].split(": ", 1)[1]: row["by"] for row in rows}
    assert fates["return {low => 0}"]
    assert fates["if value {< => <=} low:"] is None  # the same: at the limit both give the limit
    assert fates["if value {< => >=} low:"]
