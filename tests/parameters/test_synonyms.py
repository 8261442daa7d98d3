"""What people call things leads to parameters and outputs that exist."""

from pathlib import Path

import pytest

from sim.app import movable
from sim.model.scenario import Scenario
from sim.parameters.plain_words import nearest_path
from sim.parameters.registry import parameters
from sim.parameters.synonyms import SYNONYMS, meant
from sim.results.outputs import check_outputs
from sim.scenario import load_text
from sim.scenario.explain import find
from sim.vocabulary.errors import ScenarioError
from tests.cli.calling import call

PATHS = {info.path for info in parameters()}


@pytest.mark.parametrize("word", SYNONYMS)
def test_every_target_exists(word: str):
    found = SYNONYMS[word]
    assert found.parameters or found.outputs
    assert set(found.parameters) <= PATHS
    assert check_outputs(found.outputs, Scenario()) == []
    assert word == " ".join(word.lower().split())
    assert meant(word.replace(" ", "_").upper()) == found


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("price", "firm.strategy.price_index"),
        ("empowerment", "firm.desk.front_line_resolution"),
        ("response time", "firm.desk.agents"),
        ("churn", "customers.bonds.attrition_per_year"),
    ],
)
def test_a_word_of_the_trade_is_explained_first(words: str, first: str):
    assert find(words)[0].path == first


def test_explain_tells_outputs_too(tmp_path: Path):
    told = call(tmp_path, "explain", "nps").stdout
    assert "Net Promoter Score" in told
    assert "`outputs: [nps]` in an experiment" in told
    told = call(tmp_path, "explain", "response", "time").stdout
    assert "firm.desk.handling_hours" in told
    assert "answer_days.mean" in told
    assert "output" not in call(tmp_path, "explain", "firm.desk.ease").stdout


def test_a_wrong_key_that_is_a_word_of_the_trade_leads_to_the_parameter():
    with pytest.raises(ScenarioError) as caught:
        load_text("firm: {desk: {empowerment: 0.7}, price: 2}")
    told = [str(problem) for problem in caught.value.problems]
    assert "did you mean firm.desk.front_line_resolution?" in told[0]
    assert "did you mean firm.strategy.price_index?" in told[1]
    assert nearest_path("ease", ["ease"], "firm.desk") == "ease"
    (problem,) = check_outputs(["churn"], Scenario())
    assert problem.suggestion == "yearly_loss"


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("drop the joining fee", "firm.strategy.welcome_cost"),
        ("answer within a day", "firm.desk.investigation_days"),
        ("members", "market.customers"),
        ("Complaint desk: Desk staff", "firm.desk.agents"),
        ("desk staff", "firm.desk.agents"),
        ("loss aversion", "customers.judgement.loss_aversion"),
        ("ease", "firm.desk.ease"),
    ],
)
def test_a_question_of_the_trade_and_a_label_of_a_report_lead_to_the_parameter(words: str, first: str):
    assert find(words)[0].path == first


def test_what_is_only_near_by_its_letters_is_said_to_be(tmp_path: Path):
    told = call(tmp_path, "explain", "eese")
    assert "nothing is called “eese”" in told.stderr
    assert "firm.desk.ease" in told.stdout
    refused = call(tmp_path, "explain", "joining")  # which is not `opinion`
    assert refused.returncode == 2
    assert "no such parameter" in refused.stderr


def test_the_page_finds_a_lever_by_what_people_call_it():
    levers = {lever["path"]: lever for lever in movable.levers(load_text("{}"))}
    assert "joining fee" in levers["firm.strategy.welcome_cost"]["called"]
    assert levers["firm.desk.follow_up"]["called"] == ["follow up"]
    assert "No lever: what a discount for newcomers draws" in levers["firm.strategy.welcome_cost"]["meaning"]
    assert "No lever" not in levers["firm.desk.ease"]["meaning"]
