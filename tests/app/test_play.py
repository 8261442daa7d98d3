"""What is streamed: the same numbers as `sim compare`, the same people, and an end for what is older."""

import asyncio
import math
import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pandas as pd
import pytest

from sim.app import headline
from sim.app import turns as turns_module
from sim.app.picture import CARDS, row
from sim.app.single_world import WorldMemory, lived
from sim.app.starts import Starts
from sim.app.turns import MOST_TURNS, TooManyTurnsError, pictures, streamed
from sim.app.watched_people import OURS, REPLACED
from sim.app.watched_people import events as sentences
from sim.app.wished import wish, worlds
from sim.engine.simulation import Simulation
from sim.model.movement import CAUSES, FLOWS_IN
from sim.model.rooms import O
from sim.report.wording import number
from sim.results.outputs import EQUITY, PROFIT
from sim.runs.run import replication_seed
from sim.scenario import load_scenario
from sim.studies.comparison.compare import compare
from sim.studies.comparison.pays_words import Weighed, judged, pays
from sim.words import NO_VALUE
from tests.app.asking import asked, client, events, problems

CHANGES = {"firm.desk.ease": 3.0, "firm.desk.resolution_share": 0.95, "firm.systems.service.reliability": 4.0}


@pytest.fixture
def streamed_play(starts, turns):
    pytest.importorskip("starlette")
    answer = client(starts, turns).post("/play", json=asked(changes=CHANGES))
    assert answer.headers["content-type"].startswith("text/event-stream")
    return list(events(answer.text))


def test_a_first_picture_then_people_then_sharper_pictures_then_the_end(streamed_play):
    names = [name for name, _ in streamed_play]
    assert names == ["picture", "people", *["picture"] * 9, "end"]
    pictures = [data for name, data in streamed_play if name == "picture"]
    assert [data["runs"] for data in pictures] == list(range(1, 11))
    assert pictures[0]["cards"][1]["interval"] == ""
    assert " to " in pictures[-1]["cards"][1]["interval"]
    assert [card["name"] for card in pictures[0]["cards"]] == [card.figure for card in CARDS]
    assert pictures[-1]["sentences"][0].startswith("Changed: Complaint desk: Ease of complaining 1 → 3;")
    assert not any("pays" in sentence for sentence in pictures[0]["sentences"])


def test_the_last_picture_says_what_sim_compare_says(streamed_play, today):
    overrides = [f"{path}={value}" for path, value in CHANGES.items()]
    found = compare([load_scenario(today), load_scenario(today, overrides)], replications=10, threads=1)
    cards = streamed_play[-2][1]["cards"]
    told = {each["label"]: each for card in cards for each in card["rows"]}
    worth = found.money[found.money["item"].isin([EQUITY, PROFIT])]
    compared = pd.concat([found.differences, worth]).set_index("label")
    assert {"Value of customers in hand", "Margin and value of customers"} <= set(told)
    assert len(set(told) & set(compared.index)) > 12
    for label, each in told.items():
        if label not in compared.index:  # a ratio of what never happened
            assert each["change"] == NO_VALUE
            continue
        theirs = compared.loc[label]
        assert each["today"] == number(theirs["first"], theirs["unit"])
        assert each["what_if"] == number(theirs["value"], theirs["unit"])
    sure = {card["name"]: card["sure"] for card in cards}
    for name, way in sure.items():
        low, high = found.difference(name)[["low", "high"]]
        assert way == ("up" if low > 0 else "down" if high < 0 else "open")


def test_curves_end_at_the_horizon_and_hold_as_many_texts_as_values(streamed_play):
    picture = streamed_play[-2][1]
    for card in picture["cards"]:
        curve = card["curve"]
        assert curve["until"][-1] == picture["periods"] == 26
        for world in ("today", "what_if"):
            mean, low, high = curve[world]
            assert len(mean) == len(curve["texts"][world]) == len(curve["until"])
            assert all(b <= a <= c for a, b, c in zip(mean, low, high, strict=True) if None not in (a, b, c))
            known = [value for limit in curve[world] for value in limit if value is not None]
            assert curve["y"]["low"] <= min(known)
            assert max(known) <= curve["y"]["high"]


def test_diaries_hold_every_arrival_and_every_leaving_that_the_engine_counts(starts):
    """All 100 people are watched, so that what is told of them one by one adds up to the tallies."""
    poor = {**CHANGES, **{f"firm.systems.service.{name}": 2.0 for name in ("reliability", "empathy", "responsiveness")}}
    found = worlds(wish(asked(changes=poor)), starts)
    for world in (found.today, found.what_if):
        watched = lived(world, 7, 0, 1, lambda: None).watched
        assert watched is not None
        tallies = Simulation(world.scenario, seed=7, threads=1, today=world.today).run().tallies[:, 0].sum(axis=(0, 1))
        told = Counter(event for diary in watched.diaries for _, event, _ in diary)
        for name in (*FLOWS_IN, *CAUSES):
            assert told[name] == tallies[getattr(O, name)], name
        assert told["complained"] <= tallies[O.complained]
        assert told["unhappy"] <= tallies[O.dissatisfied]
        assert sum(told[name] for name in CAUSES) > 0
        assert told[REPLACED] >= 1
        assert set(told) <= set(sentences("week"))
    assert told["complained"] > 0  # the world in which complaining is easy and service is poor
    assert told["unhappy"] > 0


def test_the_sentence_says_what_is_no_lever_of_the_model(starts):
    changes = {"firm.strategy.welcome_cost": 90.0}
    found = worlds(wish(asked(changes=changes)), starts)
    pair = [[lived(world, 7, 0, 1, lambda: None)] for world in (found.today, found.what_if)]
    told = headline.sentences(found, changes, *pair)
    assert "what a discount for newcomers draws is not in the model" in told[-2]
    assert told[-1].startswith("One run")


def test_states_are_those_of_the_panel_at_the_end_of_each_period(starts):
    world = worlds(wish(asked(changes=CHANGES)), starts).what_if
    watched = lived(world, 7, 0, 1, lambda: None).watched
    calendar = world.scenario.run.model_copy(update={"panel": 100})
    panel = Simulation(world.scenario.model_copy(update={"run": calendar}), seed=7, threads=1).run().panel
    assert watched is not None
    assert len(watched.states) == 27
    for period, states in enumerate(watched.states[1:]):
        suppliers = panel["supplier"][panel["period"] == period]
        assert [letter in OURS for letter in states] == (suppliers == 0).tolist()
        assert [letter == "r" for letter in states] == (suppliers == 1).tolist()


def test_people_are_sent_for_both_worlds_and_begin_alike(streamed_play):
    people = streamed_play[1][1]
    assert people["same"]
    assert people["today"]["states"][0] == people["what_if"]["states"][0]
    assert people["today"]["states"][-1] != people["what_if"]["states"][-1]
    assert "100 people" in people["sentence"]


def test_without_a_change_both_worlds_are_the_same(starts, turns):
    pytest.importorskip("starlette")
    told = dict(events(client(starts, turns).post("/play", json=asked()).text))
    assert {card["change"] for card in told["picture"]["cards"]} == {"no difference"}
    assert told["people"]["today"] == told["people"]["what_if"]


def test_a_world_is_lived_once_for_each_luck(starts, monkeypatch):
    calls = []
    monkeypatch.setattr("sim.app.single_world.lived", lambda *given: calls.append(given) or given)
    memory, found = WorldMemory(), worlds(wish(asked(changes=CHANGES)), starts)
    for luck in ((7, 0), (7, 1), (8, 0), (7, 0)):
        memory.lived(found.today, *luck, 1, lambda: None)
        memory.lived(found.what_if, *luck, 1, lambda: None)
    assert len(calls) == 6


def test_a_newer_question_of_a_page_stops_the_older_one_and_no_other_pages(turns):
    first, other = turns.begin("a"), turns.begin("b")
    second = turns.begin("a")
    with pytest.raises(InterruptedError):
        first.tick()
    second.tick()
    other.tick()
    turns.end(first)  # which comes late, and must not end the newer one
    second.tick()


def test_only_so_many_questions_are_worked_on_at_a_time(turns):
    begun = [turns.begin(str(page)) for page in range(MOST_TURNS)]
    with pytest.raises(TooManyTurnsError):
        turns.begin("one more")
    begun[0] = turns.begin("0")  # a page that asks again takes its own place
    with pytest.raises(TooManyTurnsError):
        turns.begin("one more")
    turns.end(begun[1])
    turns.begin("one more")


def test_too_many_questions_are_told(starts, turns):
    pytest.importorskip("starlette")
    begun = [turns.begin(f"other {page}") for page in range(MOST_TURNS)]
    answer = client(starts, turns).post("/play", json=asked())
    assert answer.status_code == 503
    assert "try again" in answer.json()["problems"][0]["text"]
    begun.pop()  # whose answer nobody reads
    assert client(starts, turns).post("/play", json=asked()).status_code == 200


async def _names(stream):
    return [part.decode().split("\n")[0].removeprefix("event: ") async for part in stream]


def test_a_stopped_run_ends_at_the_end_of_its_period(today, turns):
    """The older stream says that it was stopped, long before its horizon."""
    today.write_text("run: {periods: 5000}\nmarket: {customers: 100}", encoding="utf-8")
    starts = Starts(today)
    found = worlds(wish(asked()), starts)
    periods = []

    async def both():
        older = turns.begin("one")
        tick, begun = older.tick, asyncio.Event()
        loop = asyncio.get_running_loop()

        def counted():
            periods.append(1)
            loop.call_soon_threadsafe(begun.set)
            tick()

        older.tick = counted
        reading = asyncio.ensure_future(_names(streamed(turns, older, pictures(turns, older, found, wish(asked())))))
        await begun.wait()
        turns.begin("one")
        return await reading

    assert asyncio.run(both()) == ["stopped"]
    assert len(periods) < 10_000


def test_a_reader_who_goes_away_ends_the_runs(starts, turns):
    found = worlds(wish(asked()), starts)

    async def leave():
        turn = turns.begin("one")
        stream = streamed(turns, turn, pictures(turns, turn, found, wish(asked())))
        await anext(stream)
        await stream.aclose()
        return turn

    turn = asyncio.run(leave())
    with pytest.raises(InterruptedError):
        turn.tick()


def test_a_run_that_fails_is_told_and_ends_nothing_else(starts, turns, monkeypatch):
    pytest.importorskip("starlette")

    def fails(*_):
        raise MemoryError("none left")

    monkeypatch.setattr(turns_module.WorldMemory, "lived", fails)
    server = client(starts, turns)
    assert dict(events(server.post("/play", json=asked()).text))["problem"]["text"].endswith("MemoryError: none left")
    monkeypatch.undo()
    assert "end" in dict(events(server.post("/play", json=asked()).text))


def test_a_row_over_replications_is_the_paired_difference(starts):
    found = worlds(wish(asked(changes=CHANGES)), starts)
    pairs = [[lived(world, 7, n, 1, lambda: None) for n in range(3)] for world in (found.today, found.what_if)]
    differences = [b.figures["customers"] - a.figures["customers"] for a, b in zip(*pairs, strict=True)]
    mean = sum(differences) / 3
    half = 4.302652729911275 * math.sqrt(sum((d - mean) ** 2 for d in differences) / 2 / 3)
    told = row("customers", *pairs, "EUR")
    assert (told.difference, told.low, told.high) == pytest.approx((mean, mean - half, mean + half))
    assert replication_seed(7, 0) == 7
    assert not replace(Starts(None).load("defaults")).doubts


@pytest.mark.parametrize(
    "changes",
    [{"firm.desk.ease": -3.0}, {"firm.systems.service.reliability": 4.0}, {"customers.judgement.loss_aversion": 1.0}],
    ids=lambda found: next(iter(found)),
)
def test_the_page_judges_as_its_own_report_does(starts, turns, today, changes):
    answer = client(starts, turns).post("/play", json=asked(changes=changes))
    told = [data for name, data in events(answer.text) if name == "picture"][-1]["sentences"][1]
    overrides = [f"{path}={value}" for path, value in changes.items()]
    plan = load_scenario(today, overrides)
    plan = replace(plan, scenario=plan.scenario.model_copy(update={"name": "this change"}))
    found = compare([load_scenario(today), plan], replications=10, threads=1)
    said = re.sub("(the plan|what happens in) “this change”", "this change", pays(found, "this change"))
    assert told == f"{said[0].upper()}{said[1:]}."


def test_a_change_that_harvests_its_customers_does_not_pay_in_the_long_run():
    def money(difference, low, high):
        return pd.Series(
            {"first": 1e4, "difference": difference, "low": low, "high": high, "unit": "EUR", "excludes_zero": True}
        )

    def told(**changed):
        return judged(
            Weighed("it", money(900.0, 800.0, 1000.0), money(-5e3, -6e3, -4e3), "2 years", True)._replace(**changed)
        )

    assert told().startswith("it does not pay in the long run: EUR 900")
    assert told(choice=False).startswith("it harms the firm in the long run")
    assert told(whole=None) == "it pays: EUR 900 (800 to 1,000) more margin over 2 years"


def test_pages_of_two_languages_are_answered_side_by_side(starts, turns):
    server = client(starts, turns)
    change = {"firm.desk.ease": 3.0}

    def told(language, session):
        answer = server.post(f"/play?language={language}", json=asked(changes=change, session=session))
        return next(data for name, data in events(answer.text) if name == "picture")["sentences"][0]

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(told, ["es", "en", "es", "tlh"], "abcd"))
    assert [text.split(":")[0] for text in found] == ["Cambiado", "Changed", "Cambiado", "Changed"]
    assert '<html lang="es">' in server.get("/?language=es").text
    assert '<html lang="en">' in server.get("/").text
    assert "¿Qué" in server.get("/?language=es&start=defaults").text
    wrong = server.post("/play?language=es", json=asked(changes={"firm.desk.ease": 99.0}))
    assert "admitido" in problems(wrong)["firm.desk.ease"]
