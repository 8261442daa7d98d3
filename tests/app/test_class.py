"""What a class predicts, for its teacher to see; and the rules behind a card."""

import re
from functools import partial

import pytest

from sim.app import predictions as predictions_module
from sim.app.door import welcome
from sim.app.picture import CARDS
from sim.app.predictions import FIGURES, MOST_QUESTIONS, Predictions
from sim.app.rules_shown import ROOMS, rooms
from sim.app.web import site
from sim.app.wished import wish
from sim.vocabulary.errors import ScenarioError
from tests.app.asking import HOST, asked, events, problems

testclient = pytest.importorskip("starlette.testclient")
UP = dict.fromkeys(FIGURES, "up")
DOWN = dict.fromkeys(FIGURES, "down")
CHANGES = {"firm.systems.service.reliability": 1.0}


@pytest.fixture
def taught():
    return Predictions()


@pytest.fixture
def server(starts, turns, taught):
    return testclient.TestClient(site(starts, turns, welcome("127.0.0.1", 8765), taught), base_url=f"http://{HOST}")


def test_a_teacher_sees_what_everybody_predicted_beside_what_came(server, taught):
    for session, guesses in (("one", UP), ("two", DOWN), ("three", DOWN)):
        answer = server.post("/play", json=asked(session=session, changes=CHANGES, guesses=guesses))
    cards = {card["name"]: card["sure"] for card in list(events(answer.text))[-2][1]["cards"]}
    assert cards["satisfaction"] == "down"
    page = server.get("/class", params={"code": taught.code}).text
    assert "3 predictions" in page
    assert "Reliability 5.6 → 1." in page
    rows = re.findall(r'<tr( class="came")?>\s*<th scope="row">(\w[\w ]*)</th>.*?<td>(\d)</td>', page, re.DOTALL)
    assert [(way, n) for _, way, n in rows] == [("rises", "1"), ("no clear change", "0"), ("falls", "2")] * 3
    assert [way for came, way, _ in rows if came][1] == "falls"
    assert "one" not in re.findall(r">([^<]*)<", page), "no page is named"


def test_a_teacher_turns_the_page_to_another_language_and_all_of_it_follows(server, taught):
    server.post("/play?language=en", json=asked(changes=CHANGES, guesses=UP))
    address = f"/class?code={taught.code}"
    there = f"{address}&amp;language=es"
    assert f'<a href="{there}" lang="es" hreflang="es">Español</a>' in server.get(address).text
    page = server.get(there.replace("&amp;", "&")).text
    assert '<html lang="es">' in page
    assert f'<a href="{address}&amp;language=en" lang="en" hreflang="en">English</a>' in page
    assert "Cambiado: " in page
    assert not re.search(r"Changed|Margin\b|rises|Reliability", page)


def test_a_page_that_predicts_again_counts_once(taught):
    wanted = wish(asked(changes=CHANGES))
    taught.predicted(wanted, UP, str)
    taught.predicted(wanted, DOWN, str)
    assert taught.latest()[0].counts("margin") == [("up", 0), ("open", 0), ("down", 1)]


@pytest.mark.parametrize("code", ["", "x", "é"])
def test_nobody_sees_them_without_the_code(server, code):
    assert server.get("/class", params={"code": code}).status_code == 404


def test_nothing_is_kept_where_no_class_was_asked_for(starts, turns):
    server = testclient.TestClient(site(starts, turns, welcome("127.0.0.1", 8765)), base_url=f"http://{HOST}")
    assert server.get("/class", params={"code": ""}).status_code == 404
    assert dict(events(server.post("/play", json=asked(guesses=UP)).text))["picture"]


def test_a_foreign_page_may_not_look(server, taught):
    address = f"/class?code={taught.code}"
    assert server.get(address, headers={"host": "elsewhere.example"}).status_code == 400
    assert server.get(address, headers={"origin": "http://elsewhere.example"}).status_code == 403
    assert server.get(address, headers={"sec-fetch-site": "cross-site"}).status_code == 403


@pytest.mark.parametrize("guesses", [[], "up", {"retention": "up"}, {**UP, "margin": "sideways"}, {**UP, "margin": []}])
def test_what_no_page_could_have_predicted_is_refused(server, guesses):
    assert list(problems(server.post("/play", json=asked(guesses=guesses)))) == ["guesses"]


def test_predictions_are_capped(taught, monkeypatch):
    monkeypatch.setattr(predictions_module, "MOST_PREDICTIONS", 2)
    for session in ("one", "two", "one"):
        taught.predicted(wish(asked(session=session)), UP, str)
    with pytest.raises(ScenarioError, match="the class is full: 2"):
        taught.predicted(wish(asked(session="three")), UP, str)
    for seed in range(MOST_QUESTIONS + 5):
        taught.predicted(wish(asked(seed=seed)), UP, partial(str, seed))
    assert [one.changed() for one in taught.latest()] == [str(seed) for seed in range(MOST_QUESTIONS + 4, 4, -1)]


def test_every_card_leads_to_the_rules_behind_it(server):
    assert set(ROOMS) == {card.figure for card in CARDS}
    for name in ROOMS:
        page = server.get(f"/rules/{name}").text
        for room in rooms(name):
            assert room.rules, f"{room.file} says nothing"
            assert f"<code>{room.file}</code>" in page
    shares = server.get("/rules/seen_share").text
    assert "shifted_share(base, shift)" in shares
    assert "logit(p) = logit(base) + shift" in shares
    assert server.get("/rules/nothing").status_code == 422
