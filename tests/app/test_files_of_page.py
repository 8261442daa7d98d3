"""Levers, what is tried over a range, and the files that a page leaves."""

import pytest
import yaml

from sim.app.movable import MOST_FIRST, USUAL, levers
from sim.app.starts import Starts
from sim.parameters.labels import unit_in
from sim.parameters.registry import parameters
from sim.runs.experiment.reader import read_experiment
from sim.scenario import load_scenario
from tests.app.asking import asked, client, events, problems

pytest.importorskip("starlette")

CHANGES = {
    "firm.desk.ease": 2,
    "firm.desk.compensation": 0.5,
    "rivals.other.desk.ease": -1.5,
    "customers.judgement.tolerance": 0.9,
    "voice.preset": "slogan",
    "market.network.kind": "random",
}


@pytest.fixture
def server(starts, turns):
    return client(starts, turns)


def by_path(server, start="small"):
    return {lever["path"]: lever for lever in server.get(f"/levers/{start}").json()}


def test_every_quantity_of_the_registry_is_a_lever_in_its_practical_range(server):
    found = by_path(server)
    assert set(USUAL) <= set(found)
    for info in parameters():
        if info.practical is None or "[]" in info.path or info.path.startswith("run.") or info.default is None:
            continue
        lever = found[info.path]
        assert (lever["label"], lever["unit"]) == (info.label, unit_in(info.unit, "EUR"))
        assert lever["low"] <= info.practical[0] <= info.practical[1] <= lever["high"]
        assert lever["low"] <= lever["value"] <= lever["high"]
        assert 0 < lever["step"] <= max(1, lever["high"] - lever["low"])
    assert found["rivals.other.desk.ease"]["label"] == found["firm.desk.ease"]["label"]
    assert found["voice.preset"]["kind"] == "choice"
    assert not any(path.startswith("run.") for path in found)


def test_what_the_file_sets_comes_first_and_twelve_are_shown(server, starts):
    shown = sorted(
        (lever for lever in levers(starts.load("small")) if lever["first"] is not None), key=lambda x: x["first"]
    )
    assert len(shown) == MOST_FIRST
    assert shown[0]["path"] == "firm.desk.ease"
    assert shown[0]["value"] == 1.0


def test_the_saved_scenario_is_the_what_if(server, starts, today):
    answer = server.post("/save", json=asked(changes=CHANGES, seed=9, name="mine", question="And then?")).json()
    assert answer["file"] == "mine.yaml"
    assert yaml.safe_load(answer["text"])["extends"] == "small.yaml"
    file = today.parent / answer["file"]
    file.write_text(answer["text"], encoding="utf-8")
    saved = load_scenario(file).scenario
    wanted = starts.load("small", tuple(f"{path}={value}" for path, value in CHANGES.items())).scenario
    assert (saved.name, saved.question, saved.run.seed) == ("mine", "And then?", 9)
    alike = {"name": "mine", "question": "And then?", "run": saved.run}
    assert saved == wanted.model_copy(update=alike)
    assert wanted.rivals[0].desk.ease == -1.5


def test_all_defaults_are_saved_without_a_file_to_extend(turns):
    server = client(Starts(None), turns)
    answer = server.post("/save", json=asked(start="defaults", changes={"firm.desk.ease": 2}, name="mine", question=""))
    assert "extends" not in yaml.safe_load(answer.json()["text"])


@pytest.mark.parametrize(("name", "question"), [("", ""), ("a" * 81, ""), ("a\nb", ""), ("fine", "\x07")])
def test_a_wrong_name_or_question_is_told_beside_its_field(server, name, question):
    assert set(problems(server.post("/save", json=asked(name=name, question=question)))) <= {"name", "question"}


def test_a_range_is_tried_and_becomes_an_experiment(server, today):
    tried = {"path": "firm.desk.ease", "low": -1.0, "high": 3.0}
    question = asked(changes={"firm.desk.compensation": 0.5, "firm.desk.ease": 2}, **tried)
    told = list(events(server.post("/range", json=question).text))
    assert [name for name, _ in told] == [*["point"] * 9, "range", "end"]
    found = told[-2][1]
    assert found["curves"][-1]["title"] == "Margin and value of customers: difference to today"
    best = max(range(9), key=lambda n: found["curves"][-1]["line"][0][n])
    assert found["best"] == best
    assert found["said"].startswith("“Margin and value of customers” is ")
    assert found["values"] == [-1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0]
    assert found["today"] == 1.0
    for curve in found["curves"]:
        assert len(curve["texts"]) == len(curve["line"][0]) == 9
    seen = found["curves"][0]["line"][0]
    assert seen[-1] > seen[0]  # the easier to complain, the more the register shows

    text = server.post("/experiment", json=question).json()["text"]
    file = today.parent / "range.yaml"
    file.write_text(text, encoding="utf-8")
    experiment = read_experiment(file).experiment
    assert experiment.scenario == "small.yaml"
    assert experiment.set == {"firm.desk.compensation": 0.5}
    assert (experiment.levers["firm.desk.ease"].low, experiment.levers["firm.desk.ease"].high) == (-1.0, 3.0)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"path": "voice.preset", "low": 0, "high": 1}, "path"),
        ({"path": None, "low": 0, "high": 1}, "path"),
        ({"path": "firm.desk.ease", "low": 2, "high": 1}, "firm.desk.ease"),
        ({"path": "firm.desk.ease", "low": "a", "high": 1}, "firm.desk.ease"),
        ({"path": "firm.desk.ease", "low": 0, "high": 99}, "firm.desk.ease"),
        ({"path": "firm.desk.eese", "low": 0, "high": 1}, "firm.desk.eese"),
    ],
)
def test_a_wrong_range_is_told(server, given, field):
    assert list(problems(server.post("/range", json=asked(**given)))) == [field]


def test_a_range_names_its_units_in_the_readers_language(server):
    question = asked(path="market.customers", low=90, high=91)
    found = dict(events(server.post("/range?language=es", json=question).text))["range"]
    assert [curve["unit"] for curve in found["curves"]][:3] == ["puntos porcentuales", "puntos porcentuales", "puntos"]


def test_whole_numbers_are_tried_as_whole_numbers(server):
    question = asked(path="market.customers", low=90, high=93)
    text = server.post("/range", json=question).text
    assert dict(events(text))["range"]["values"] == [90, 91, 92, 93]


def test_an_experiment_needs_a_file(turns):
    server = client(Starts(None), turns)
    question = asked(start="defaults", path="firm.desk.ease", low=0, high=1)
    assert list(problems(server.post("/experiment", json=question))) == ["start"]


def test_no_experiment_is_made_of_what_the_page_would_refuse(server):
    question = asked(changes={"firm.desk.answer_share": 7}, path="firm.desk.ease", low=0, high=1)
    assert list(problems(server.post("/experiment", json=question))) == ["firm.desk.answer_share"]


def test_the_report_is_that_of_a_comparison(server):
    told = list(
        events(server.post("/report", json=asked(changes={"firm.desk.ease": 3}, name="easy", question="?")).text)
    )
    names = [name for name, _ in told]
    assert names[-2:] == ["report", "end"]
    assert set(names[:-2]) == {"progress"}
    found = told[-2][1]
    assert "numbers that usually move such an answer most" in found["text"]  # what it rests on was measured
    assert found["file"] == "easy_against_small.html"
    assert 'id="persons"' in found["text"]
    assert "Ease of complaining" in found["text"]
    assert "<td>1</td><td>3</td>" in found["text"]
    assert "sim shares" not in found["text"]  # one lever, and in no file
    assert list(problems(server.post("/report", json=asked(name="", question="")))) == ["name"]


def test_hostile_texts_of_a_scenario_are_text_on_the_page(server):
    page = server.get("/").text
    assert "<b>this</b>" not in page
    assert "&lt;b&gt;this&lt;/b&gt;" in page
    assert page.count("<script") == 2
    assert "http://" not in page
    assert "https://" not in page
