"""What a page asks is read strictly, and refused beside the field that is wrong."""

import json

import pytest

from sim.app.starts import SHIPPED, Starts
from sim.app.wished import MOST_CHANGES, SAMPLE, question, wish, worlds
from sim.vocabulary.errors import ScenarioError
from tests.app.asking import asked, client, problems

pytest.importorskip("starlette")
JSON = {"content-type": "application/json"}


@pytest.fixture
def server(starts, turns):
    return client(starts, turns)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "1",
        '{"seed": NaN}',
        '{"seed": Infinity}',
        "{",
        '{"a": "\ud800"}'.encode("utf-8", "surrogatepass"),
        "[" * 30000,
    ],
)
def test_only_an_object_with_finite_numbers_is_a_question(server, body):
    body = body if isinstance(body, bytes) else body.encode()
    assert problems(server.post("/play", content=body, headers=JSON))


@pytest.mark.parametrize(
    ("path", "value", "text"),
    [
        ("firm.desk.ease", 99, "too large; found 99; allowed: a number from -10 to 10 (index)"),
        ("firm.strategy.price_index", 0, "too small; found 0; allowed: a number from 0 to 10, without 0 (ratio)"),
        ("firm.desk.answer_share", "190%", "too large; found 1.9"),
        ("firm.desk.eese", 1, "unknown parameter; did you mean firm.desk.ease?"),
        ("firm.desk.ease", "much", "not a number; found 'much'"),
        ("firm.desk.ease", None, "must be a number, a name, true or false; found nothing"),
        ("firm.desk.ease", [1], "must be a number, a name, true or false; found a list of 1"),
        ("run.periods", 5, "cannot be moved on the page"),
        ("name", "x", "cannot be moved on the page"),
        ("extends", "../secret.yaml", "can stand only in a file"),
        ("market.network.file", "secret", "cannot be moved on the page"),
        ("a=b", 1, "cannot be moved on the page"),
        ("voice.preset", "nothing", "no such preset"),
    ],
)
def test_a_wrong_change_is_told_in_the_programs_own_words_beside_its_field(server, path, value, text):
    told = problems(server.post("/play", json=asked(changes={path: value})))
    assert list(told) == [path]
    assert text in told[path]
    assert "--set" not in told[path]


@pytest.mark.parametrize("seed", [-1, 2**64, 1.5, True, "1"])
def test_a_wrong_seed_is_told_beside_the_seed(server, seed):
    assert list(problems(server.post("/play", json=asked(seed=seed)))) == ["seed"]


def test_starts_are_known_by_name_and_no_other_file_is_read(server, starts):
    for start in ("nothing", str(starts.start("small").path), "../small", "small.yaml"):
        assert list(problems(server.post("/play", json=asked(start=start)))) == ["start"]
    assert server.get("/", params={"start": "../small"}).status_code == 422


def test_too_many_changes_are_refused(server):
    many = {f"firm.desk.a{i}": 1 for i in range(MOST_CHANGES + 1)}
    assert list(problems(server.post("/play", json=asked(changes=many)))) == ["changes"]


def test_neighbours_and_shipped_scenarios_are_offered_and_other_yaml_is_not(today):
    (today.parent / "other.yaml").write_text("question: Other?", encoding="utf-8")
    (today.parent / "experiment.yaml").write_text("levers: {}", encoding="utf-8")
    known = {start.key: start.question for start in Starts(today).known}
    assert list(known)[:2] == ["small", "other"]
    assert known["other"] == "Other?"
    assert "experiment" not in known
    assert ("baseline" in known) == SHIPPED.is_dir(), "they come with the sources, not with the wheel"


def test_a_large_market_is_played_by_a_sample_of_it_and_says_so(today):
    today.write_text("market: {customers: 50000, entrants_per_year: 500}", encoding="utf-8")
    found = worlds(wish(asked()), Starts(today))
    assert found.today.scenario.market.customers == SAMPLE == 10_000
    assert found.today.scenario.market.entrants_per_year == 100.0
    assert any("10,000 of the 50,000 people" in note for note in found.notes)


def test_a_scenario_that_is_too_long_is_refused(today):
    today.write_text("run: {periods: 1200}\nmarket: {customers: 10000}", encoding="utf-8")
    with pytest.raises(ScenarioError, match="too long for a page"):
        worlds(wish(asked()), Starts(today))


def test_doubtful_values_are_told_and_run(starts):
    found = worlds(wish(asked(changes={"firm.desk.ease": 9})), starts)
    assert found.what_if.scenario.firm.desk.ease == 9.0
    assert "outside the practical range" in found.doubts["firm.desk.ease"]


def test_another_number_of_people_makes_strangers(starts):
    found = worlds(wish(asked(changes={"market.customers": 90})), starts)
    assert "People in the market" in found.what_if.strangers


def test_numbers_keep_their_value_on_the_way():
    assert question(json.dumps({"x": 0.1}).encode()) == {"x": 0.1}
