"""A value outside its practical range is told once, with its place, and never refused."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sim.cli import main
from sim.model.market import Market, Run
from sim.model.money import Money
from sim.model.scenario import Scenario
from sim.runs.experiment.experiment_schema import experiment_schema
from sim.runs.experiment.reader import read_experiment
from sim.runs.run import run
from sim.scenario import ScenarioWarning, load_scenario, load_text
from sim.scenario.presets import CULTURE, VOICE, names
from sim.scenario.schema import scenario_schema
from sim.vocabulary.errors import ScenarioError

HERE = Path(__file__).resolve().parents[2]
Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Command:
    """Does what the command `sim` does, in an empty folder: its status, standard output and standard error."""
    monkeypatch.chdir(tmp_path)

    def called(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["sim", *arguments])
        try:
            main()
            status = 0
        except SystemExit as end:
            status = int(end.code or 0)
        out, err = capsys.readouterr()
        return status, out, err

    return called


SMALL = """\
market: {customers: 120}
run: {periods: 2, replications: 3}
customers:
  judgement:
    loss_aversion: 6
"""
LOSS_AVERSION = "customers.judgement.loss_aversion: outside the practical range; found 6; practical: 1 to 3 (ratio)"


def test_validate_names_file_line_key_value_and_range_and_ends_well(command: Command, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(SMALL, encoding="utf-8")
    status, out, err = command("validate", "mine.yaml")
    assert status == 0
    assert err == f"warning: mine.yaml:5:20: {LOSS_AVERSION}\n"
    assert out.startswith("mine.yaml: valid (")


def test_run_says_it_once_whatever_the_replications(command: Command, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(SMALL, encoding="utf-8")
    status, _, err = command("run", "mine.yaml", "--out", "answer", "--quiet", "--no-figures", "--no-report")
    assert status == 0
    assert err == f"warning: mine.yaml:5:20: {LOSS_AVERSION}\n"


def test_an_override_is_named_as_one(command: Command, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("name: mine\n", encoding="utf-8")
    _, _, err = command("validate", "mine.yaml", "--set", "firm.desk.agents=200", "--set", "firm.desk.ease=7")
    assert err == (
        "warning: --set: firm.desk.agents: outside the practical range; found 200; "
        "practical: 0 to 50 (people per 10,000)\n"
        "warning: --set: firm.desk.ease: outside the practical range; found 7; practical: -3 to 4 (index)\n"
    )


def test_the_ends_of_a_range_are_within_it() -> None:
    assert load_text("customers: {judgement: {loss_aversion: 3}}").warnings == ()
    assert load_text("customers: {judgement: {loss_aversion: 1}}").warnings == ()
    assert len(load_text("customers: {judgement: {loss_aversion: 3.001}}").warnings) == 1


def test_rivals_and_segments_are_named_and_what_segments_inherit_is_told_once() -> None:
    text = """\
customers: {bonds: {reviews_per_year: 50}}
segments:
  - {name: young, share: 0.5}
  - {name: old, share: 0.5, bonds: {returns_per_year: 9}}
rivals:
  - {name: loud, initial_share: 0.2, strategy: {price_index: 3}}
"""
    assert [line.split(": outside")[0] for line in load_text(text, name="x").warnings] == [
        "x.yaml:1:39: customers.bonds.reviews_per_year",
        "x.yaml:4:55: segments.old.bonds.returns_per_year",
        "x.yaml:6:62: rivals.loud.strategy.price_index",
    ]


def test_changes_of_the_timeline_are_looked_at_value_by_value() -> None:
    text = """\
timeline:
  - at: 3
    set:
      firm.desk.ease: -9
      firm.systems.service: {tangibles: 6, reliability: 1.5}
"""
    assert load_text(text, name="x").warnings == (
        "x.yaml:4:7: timeline.0.set.firm.desk.ease: outside the practical range; found -9; practical: -3 to 4 (index)",
        "x.yaml:5:7: timeline.0.set.firm.systems.service.reliability: outside the practical range; found 1.5; "
        "practical: 2 to 6.8 (points (1-7))",
    )


def test_amounts_are_judged_only_in_money_that_is_worth_about_a_euro() -> None:
    costs = "firm: {costs: {failure_effect: 4000}}\n"
    assert len(load_text(costs).warnings) == 1
    assert load_text(costs + "money: {currency: JPY}").warnings == ()
    assert len(load_text("money: {currency: JPY, discount_rate: 0.9}").warnings) == 1


@pytest.mark.parametrize("of", ["firm", "rivals.rival"])
def test_tiers_the_wrong_way_round_are_told(of: str) -> None:
    """Where there is a programme, of the firm and of a rival."""
    wrong = [f"{of}.programme.{part}" for part in ("offered=true", "silver=900", "gold=800")]
    told = [str(doubt) for doubt in load_text("name: x\n", wrong).doubts]
    assert len(told) == 1
    assert f"{of}.programme.gold: the upper tier begins below the lower one; found 800; the lower tier" in told[0]
    assert not load_text("name: x\n", wrong[1:]).doubts


def test_staff_of_a_firm_without_customers_are_asked_about() -> None:
    """They would be those for the first few who come; a firm with customers, or that expects some, is not asked."""
    people = "people: {followed: true, expected_share: N}"
    text = f"rivals: [{{name: late, in_market: false, initial_share: SHARE, {people}}}]\n"
    new = text.replace("SHARE", "0")
    told = [str(doubt) for doubt in load_text(new.replace("N", "0")).doubts]
    assert len(told) == 1
    assert "the first few who come; found yes; for how many customers it is there: rivals.late.people.exp" in told[0]
    assert not load_text(new.replace("N", "0.1")).doubts
    there = text.replace("SHARE", "0.2").replace("N", "0").replace("in_market: false", "in_market: true")
    assert not load_text(there).doubts


def test_defaults_presets_and_everything_shipped_are_practical() -> None:
    assert load_text("{}").warnings == ()
    for name in names(VOICE):
        assert load_text(f"voice: {{preset: {name}}}").warnings == (), name
    for name in names(CULTURE):
        assert load_text(f"firm: {{culture: {name}}}").warnings == (), name
    for file in sorted((HERE / "scenarios").glob("*.yaml")):
        assert load_scenario(file).warnings == (), file.name
    for file in sorted((HERE / "experiments").glob("*.yaml")):
        assert read_experiment(file).warnings == (), file.name


def test_a_study_tells_of_its_scenario_once_with_the_place_in_its_own_file(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text("name: s\nfirm: {strategy: {price_index: 2}}\n", encoding="utf-8")
    study = tmp_path / "study.yaml"
    study.write_text(
        "scenario: s.yaml\n"
        "set: {firm.desk.agents: 300}\n"
        "levers:\n"
        "  firm.desk.ease: {low: -9, high: 9}\n"  # to explore is what a study is for
        "  firm.culture: {values: [poor, awful]}\n"  # two combinations of presets: the scenario is read three times
        "outputs: [retention]\n",
        encoding="utf-8",
    )
    told = read_experiment(study).warnings
    assert len(told) == 2
    assert any("s.yaml:2:" in line and "firm.strategy.price_index" in line for line in told)
    assert any("study.yaml:2:" in line and "set.firm.desk.agents" in line and "found 300" in line for line in told)


def test_python_is_warned_by_run_once_and_not_again_of_what_was_loaded(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(SMALL, encoding="utf-8")
    with pytest.warns(ScenarioWarning) as caught:
        run(file, threads=1)
    assert [str(item.message) for item in caught] == [f"{file}:5:20: {LOSS_AVERSION}"]
    assert caught[0].filename == __file__
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        run(load_scenario(file), threads=1)


def test_python_is_warned_of_a_scenario_that_was_made_there() -> None:
    scenario = Scenario(
        market=Market(customers=120), run=Run(periods=2, replications=1), money=Money(discount_rate=0.5)
    )
    late = load_text("timeline: [{at: 1, set: {firm.desk.ease: 9}}]").scenario.timeline
    with pytest.warns(ScenarioWarning) as caught:
        run(scenario.model_copy(update={"timeline": late}), threads=1)
    assert [str(item.message).split(":")[0] for item in caught] == [
        "money.discount_rate",
        "timeline.0.set.firm.desk.ease",
    ]


def test_the_schemas_carry_labels_and_ranges() -> None:
    made = scenario_schema()["definitions"]
    assert made["Judgement"]["properties"]["loss_aversion"]["title"] == "Loss aversion"
    assert made["Judgement"]["properties"]["loss_aversion"]["x-practical-range"] == [1.0, 3.0]
    assert made["Strategy"]["properties"]["promise"]["x-practical-range"] == [2.0, 6.8]
    assert "x-practical-range" not in made["Levels"]["properties"]["empathy"]
    assert "x-practical-range" not in made["Run"]["properties"]["seed"]
    changed: Any = made["Change"]["properties"]["set"]["properties"]
    assert changed["firm.strategy.promise.empathy"]["x-practical-range"] == [2.0, 6.8]
    varied = experiment_schema()["properties"]
    assert varied["levers"]["properties"]["firm.desk.ease"]["title"] == "Ease of complaining"
    assert varied["set"]["properties"]["firm.strategy.promise.empathy"]["x-practical-range"] == [2.0, 6.8]


def test_explain_as_json_has_label_groups_and_range(command: Command) -> None:
    told = json.loads(command("explain", "customers.bonds.switching_cost", "--json")[1])[0]
    assert told["label"] == "Switching cost"
    assert told["groups"] == ["Customers", "Bonds"]
    assert told["practical"] == [0.0, 1.0]


def test_a_segment_s_own_value_is_told() -> None:
    own = "segments: [{name: a, share: 1.0, bonds: {attrition_per_year: 0.7}}]"
    assert len(load_text(own).warnings) == 1


def test_a_price_and_a_wage_that_cannot_be_are_told_by_validate_run_and_compare(
    command: Command, tmp_path: Path
) -> None:
    world = "market: {customers: 100}\nrun: {periods: 2, period: month, replications: 2}\n"
    odd = world + "name: odd\nfirm: {strategy: {price_index: 0.03}, desk: {agent_cost: 38}}\n"
    (tmp_path / "today.yaml").write_text(world, encoding="utf-8")
    (tmp_path / "odd.yaml").write_text(odd, encoding="utf-8")
    asked = (
        ("validate", "odd.yaml"),
        ("run", "odd.yaml", "--out", "one", "--quiet", "--no-figures", "--no-report"),
        ("compare", "today.yaml", "odd.yaml", "--replications", "2", "--out", "two", "--quiet", "--no-report"),
    )
    for words in asked:
        status, _, err = command(*words)
        assert status == 0
        assert "warning: odd.yaml:4:32: firm.strategy.price_index: outside the practical range; found 0.03; prac" in err
        assert "warning: odd.yaml:4:58: firm.desk.agent_cost: outside the practical range; found 38; practical" in err


@pytest.mark.parametrize(
    ("text", "large"),
    [
        ("firm: {costs: {overhead_share: 0.125}}", None),
        ("firm: {strategy: {price_index: 1.005}}", None),
        ("customers: {encounters: {spend_per_purchase: 38.000}}", "38000"),
        ("market: {entrants_per_year: 1.000}", "1000"),
        ("firm: {desk: {agent_cost: 38.500}}", "38500"),  # a practical cost of a year is a thousand times as large
        ("timeline: [{at: 3, set: {firm.desk.agent_cost: 38.000}}]", "38000"),
    ],
)
def test_a_number_that_may_be_meant_as_thousands_is_told(text: str, large: str | None) -> None:
    told = [warning for warning in load_text(text).warnings if "thousands" in warning]
    assert len(told) == (0 if large is None else 1)
    assert large is None or f"write {large}, if not" in told[0]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("firm: {desk: {agents: +2}}", "2"),
        ("timeline: [{at: 3, set: {firm.desk.agents: +1.5}}]", "1.5"),
        ("firm: {desk: {agents: 2}}", None),
        ("firm: {desk: {agents: 2 more}}", None),
        ("firm: {desk: {ease: +1}}", None),  # its sign says something: it may be below 0
    ],
)
def test_a_number_that_may_be_meant_as_so_much_more_is_told(text: str, number: str | None) -> None:
    """It is read as the number itself: `agents: +2` is two agents, and no two more."""
    told = [warning for warning in load_text(text).warnings if "more than before" in warning]
    assert len(told) == (0 if number is None else 1)
    assert number is None or f"write: {number} more; if not: {number}" in told[0]


@pytest.mark.parametrize(
    ("text", "words"),
    [("38.000", "if thousands are meant write 38000"), ("1.250.000", "write the number without separators")],
)
def test_thousands_where_a_whole_number_is_wanted(text: str, words: str) -> None:
    with pytest.raises(ScenarioError, match="not a whole number") as caught:
        load_text(f"market: {{customers: {text}}}")
    assert words in str(caught.value)
