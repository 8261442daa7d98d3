"""What is wrong with a rule file is told in a line, by file and line; nothing of it reaches a run."""

from pathlib import Path

import pytest

from sim.compiled import PLAIN
from sim.model.scenario import Scenario
from sim.results.dictionary import refuse_taken_names
from sim.rules import load_rules, with_rules
from sim.rules.loops import check_compiled
from sim.scenario import load_text
from sim.vocabulary.errors import ScenarioError
from tests.rules.files import GRUDGES, HABIT, written

GOOD = '''"""Fine."""
import math
from typing import NamedTuple
from sim.rules import FLOW, STOCK, Column, Section, at, counts, parameter, rule
VERSION = 1
class Parameters(Section):
    """One."""
    size: float = parameter(1.0, "Size", label="Size", unit="ratio", source="assumption", ge=0.0)
COLUMNS = (Column("stars", "f8", 1, "stars", "stars"),)
OBSERVABLES = (*counts(FLOW, "stars", {"stars_won": "stars"}), *counts(STOCK, "stars", {"stars_held": "stars"}))
class Out(NamedTuple):
    stars: float
    stars_won: float
@at("before_moving")
def shine(tenure, stars, size) -> Out:
    return Out(stars + size, tenure)
'''

WRONG = {
    "no version": ("VERSION = 1\n", "\n", r"t\.py: VERSION: states no version; found nothing; allowed: VERSION = 1"),
    "another version": ("VERSION = 1", "VERSION = 2", r"t\.py: VERSION: written for another version .*; found 2;"),
    "a misspelt argument": ("(tenure,", "(tenur,", r"t\.py:14: shine\(tenur\): unknown .* mean tenure\?"),
    "an outcome of another moment": ("(tenure,", "(felt,", r"t\.py:14: shine\(felt\): unknown argument"),
    "a default": ("(tenure,", "(size, tenure=1.0,", r"(not a plain argument|not Python)"),
    "a misspelt result": ("    stars_won: float", "    stars_wom: float", r"shine -> stars_wom: unknown result; .*n\?"),
    "a stock on the way": ("    stars_won: float", "    stars_held: float", r"shine -> stars_held: unknown result"),
    "no named tuple": (") -> Out:", ") -> float:", r"t\.py:14: shine: does not say what it returns; "),
    "nothing said": (") -> Out:", "):", r"t\.py:14: shine: does not say what it returns"),
    "an unknown annotation": (") -> Out:", ") -> 'Owt':", r"its annotations cannot be read: name 'Owt'"),
    "a misspelt moment": ("before_moving", "before_movin", r"t\.py:14: shine: no such moment; .*_moving\?"),
    "no function": ('@at("before_moving")\n', "", r"t\.py: does nothing; allowed: a function marked with @at"),
    "our column": ('"stars", "f8"', '"satisfaction", "f8"', r"t\.py: satisfaction: a name that means something"),
    "our observable": ('"stars_won": "stars"', '"complained": "stars"', r"complained: a name that means something"),
    "our field as parameter": ("    size: float", "    tenure: float", r"Parameters\.tenure: a name that means"),
    "one name twice": ('"stars_won": "stars"', '"size": "stars"', r"t\.py: size: stands for two things"),
    "single precision": ('"f8", 1', '"f4", 1', r"t\.py: stars: not a column of a rule; found 1 of f4"),
    "a text": (
        'size: float = parameter(1.0, "Size"',
        'size: str = parameter("a", "Size"',
        r"Parameters\.size: not a parameter of a rule; allowed: float, int or bool|cannot be run",
    ),
    "a bare field": (
        "    size: float = parameter(",
        "    bare: float = 1.0\n    size: float = parameter(",
        r"Parameters\.bare: has no label, unit and source; allowed: parameter",
    ),
    "no section": ("class Parameters(Section)", "class Parameters", r"t\.py: Parameters: not a section"),
    "no tuple": ("COLUMNS = (Column", "COLUMNS = [Column", r"(COLUMNS: not what is declared here|not Python)"),
    "a syntax error": (
        "    return Out(stars + size, tenure)",
        "    return Out(stars +, tenure)",
        r"t\.py:16: not Python: invalid syntax$",
    ),
    "an import that fails": (
        "import math\n",
        "import maths\n",
        r"t\.py:2: cannot be run: ModuleNotFoundError: No module named 'maths'$",
    ),
    "an error at import": ("VERSION = 1\n", "VERSION = 1 // 0\n", r"t\.py:5: cannot be run: ZeroDivisionError"),
    "the end": ("VERSION = 1\n", "raise SystemExit(0)\n", r"t\.py:5: cannot be run: SystemExit: 0$"),
    "a parameter that is none": ("ge=0.0)", "ge=2.0, practical=(0, 1))", r"t\.py:8: cannot be run: ValueError: Size: "),
}


def test_the_rule_that_the_others_spoil_is_right(tmp_path: Path):
    (rule,) = load_rules([written(tmp_path, "t", GOOD)])
    assert (rule.name, rule.meaning, list(rule.section.model_fields)) == ("t", "Fine.", ["size"])
    assert [(step.moment, step.arguments, step.results, step.line) for step in rule.steps] == [
        ("before_moving", ("tenure", "stars", "size"), ("stars", "stars_won"), 14)
    ]
    check_compiled(with_rules(Scenario(), [rule]))


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_with_a_rule_file_is_told_in_a_line(what: str, tmp_path: Path):
    old, new, message = WRONG[what]
    assert old in GOOD
    with pytest.raises(ScenarioError, match=message) as caught:
        load_rules([written(tmp_path, "t", GOOD.replace(old, new, 1))])
    assert all(str(problem).startswith(str(tmp_path / "t.py")) for problem in caught.value.problems)
    assert caught.value.exit_status == 2


@pytest.mark.skipif(PLAIN, reason="nothing is compiled")
@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("Out(stars + size, tenure)", "Out(stars + size, open('x').read())", 16),
        ("Out(stars + size, tenure)", "Out(stars + size, twice(tenure))\n\ndef twice(x):\n    return 2 * x", 16),
        ("Out(stars + size, tenure)", "Out(stars + size, {}.get(tenure))", 14),
    ],
)
def test_what_numba_cannot_compile_is_told_at_its_line(old: str, new: str, line: int, tmp_path: Path):
    scenario = with_rules(Scenario(), [written(tmp_path, "t", GOOD.replace(old, new, 1))])
    with pytest.raises(
        ScenarioError, match=rf"t\.py:{line}: shine: cannot be compiled; found .*; a rule computes"
    ) as caught:
        check_compiled(scenario)
    assert "\n" not in str(caught.value)


def test_helpers_are_marked_and_compiled(tmp_path: Path):
    helped = GOOD.replace(
        "Out(stars + size, tenure)", "Out(twice(stars), tenure)\n@rule\ndef twice(x):\n    return 2 * x"
    )
    check_compiled(with_rules(Scenario(), [written(tmp_path, "t", helped)]))


@pytest.mark.parametrize("name", ["Habit", "2fast", "a-b", "class", "a b"])
def test_a_rule_has_a_name_that_a_scenario_can_write(name: str, tmp_path: Path):
    with pytest.raises(ScenarioError, match="not a name of a rule"):
        load_rules([written(tmp_path, name, GOOD)])


def test_files_that_are_no_rules(tmp_path: Path):
    with pytest.raises(ScenarioError, match="no such file"):
        load_rules([tmp_path / "none.py"])
    (tmp_path / "habit.yaml").write_text("a: 1")
    with pytest.raises(ScenarioError, match="not a rule file; allowed: a Python file"):
        load_rules([tmp_path / "habit.yaml"])
    (tmp_path / "latin.py").write_bytes(b"# \xe9\n")
    with pytest.raises(ScenarioError, match="not text in UTF-8"):
        load_rules([tmp_path / "latin.py"])


def test_two_rules_of_one_name_or_with_one_name_for_two_things(tmp_path: Path):
    (tmp_path / "other").mkdir()
    with pytest.raises(ScenarioError, match=r"rules\.habit: two rules of the same name"):
        load_rules([HABIT, written(tmp_path / "other", "habit", GOOD)])
    with pytest.raises(ScenarioError, match=r"u\.py: stars: a name that another rule has too; found also in .*t\.py"):
        load_rules([written(tmp_path, "t", GOOD), written(tmp_path, "u", GOOD)])


@pytest.mark.parametrize("name", ["satisfaction_mean", "retention", "survival", "replication"])
def test_measures_and_key_figures_keep_their_names(name: str, tmp_path: Path):
    path = written(tmp_path, "t", GOOD.replace('"stars_held"', f'"{name}"'))
    with pytest.raises(ScenarioError, match=rf"t\.py: {name}: a name that means something already"):
        refuse_taken_names(with_rules(Scenario(), [path]))


def test_a_scenario_that_names_a_rule_that_is_not_loaded_is_told_how():
    text = "run: {periods: 3}\nrules:\n  habit: {strength: 0.1}\n  other: {a: 1}\n"
    missing = r"scenario\.yaml:4:3: rules\.other: a rule that is not loaded; give its file: --rule other\.py, in Python"
    with pytest.raises(ScenarioError, match=missing) as caught:
        load_text(text)
    assert "rules.habit" in str(caught.value)
    with pytest.raises(ScenarioError, match=missing) as caught:
        load_text(text, rules=[HABIT])
    assert "rules.habit" not in str(caught.value)
    change = "timeline: [{at: 1, set: {rules.habit.strength: 0.2}}]"
    with pytest.raises(ScenarioError, match=r"scenario\.yaml:1:\d+: timeline\.0\.set\.rules\.habit: a rule that"):
        load_text(change)
    assert load_text(change, rules=[HABIT]).scenario.timeline[0].set == {"rules.habit.strength": 0.2}
    with pytest.raises(ScenarioError, match=r"--set: rules\.habit: a rule that is not loaded"):
        load_text("{}", ["rules.habit.strength=1"])
    with pytest.raises(ScenarioError, match=r"rules\.habit\.strenght: unknown parameter; .*rules\.habit\.strength"):
        load_text("rules: {habit: {strenght: 1}}", rules=[HABIT, GRUDGES])
    with pytest.raises(ScenarioError, match=r"rules\.habit\.strength: too large; found 2; allowed: a number"):
        load_text("rules: {habit: {strength: 2}}", rules=[HABIT])
