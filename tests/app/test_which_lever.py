"""Which of several moved levers does it: what the page shows is what a comparison of both worlds finds."""

import asyncio
import re
import threading

import pytest

from sim.app import reported
from sim.app.starts import Starts
from sim.app.turns import MOST_TURNS, streamed
from sim.app.wished import wish, worlds
from sim.scenario import load_scenario
from sim.studies.comparison.compare import compare
from sim.studies.comparison.levers_words import shared_of
from sim.studies.shared_output import shown_shares, shown_whole
from tests.app.asking import asked, client, events, problems

pytest.importorskip("starlette")

PATIENCE = 30.0
"""Seconds that a thread of another page may take to be free."""

MOVED = {"firm.desk.ease": 3, "firm.strategy.price_index": 1.1, "firm.desk.compensation": 0.5}


@pytest.fixture
def server(starts, turns):
    return client(starts, turns)


def test_it_is_what_a_comparison_of_both_worlds_finds_and_adds_up(server, today):
    told = list(events(server.post("/shares", json=asked(changes=MOVED)).text))
    assert [name for name, _ in told] == [*["progress"] * 10, "shares", "end"]
    assert told[9][1]["text"] == "80 of 80 runs"
    *levers, whole = told[-2][1]["lines"]
    overrides = [f"{path}={value}" for path, value in MOVED.items()]
    found = compare([load_scenario(today), load_scenario(today, overrides)], replications=10, threads=1)
    shared = shared_of(found, found.labels[1])
    assert [line["cells"][2]["text"] for line in levers] == list(shown_shares(shared).values())
    assert whole["cells"][2]["text"] == shown_whole(shared)
    assert [line["label"] for line in levers] == shared.rows["label"].tolist()
    assert all(re.fullmatch(".+ to .+|", line["cells"][2]["interval"]) for line in levers)


@pytest.mark.parametrize(
    ("changes", "key", "text"),
    [
        ({"firm.desk.ease": 3}, "", "found 1; allowed: 2 to 6"),
        ({"firm.strategy.promise.empathy": 5, "firm.strategy.promise.reliability": 5}, "", "found 1"),
        (
            {
                f"firm.desk.{name}": 0.5
                for name in ("answer_share", "resolution_share", "compensation", "ease", "agents")
            }
            | {"firm.strategy.price_index": 1.1, "firm.costs.prevention": 3},
            "",
            "use sim shares for more",
        ),
        ({"firm.initial_share": 0.6, "firm.desk.ease": 3}, "firm.initial_share", "shapes the people"),
    ],
)
def test_what_cannot_be_shared_out_is_told(server, changes, key, text):
    found = problems(server.post("/shares", json=asked(changes=changes)))
    assert text in found[key]


def test_levers_that_only_go_together_are_told(server, monkeypatch):
    from sim.studies.comparison import bundles
    from sim.vocabulary.errors import ScenarioError

    def refused(*_):
        raise ScenarioError("no")

    monkeypatch.setattr(bundles, "mixed", refused)
    told = list(events(server.post("/shares", json=asked(changes=MOVED)).text))
    assert told[-2] == (
        "problem",
        {"text": "Some of these levers only go together, so that they cannot be shared out one by one."},
    )


def test_of_a_plan_that_loses_no_part_is_praised_that_only_does_nothing(server):
    changes = {"firm.strategy.price_index": 0.7, "firm.programme.silver": 300}
    [said] = [
        data for name, data in events(server.post("/shares", json=asked(changes=changes)).text) if name == "shares"
    ]
    assert said["said"] == ["No part of it surely brings more than what is done today."]


def test_where_customers_cannot_leave_no_answer_of_the_page_goes_by_money(today, turns):
    """Neither the shares of levers nor a range says which to choose by it."""
    today.write_text(f"asks: captives\n{today.read_text(encoding='utf-8')}", encoding="utf-8")
    server = client(Starts(today), turns)
    changes = {"firm.strategy.price_index": 0.7, "firm.programme.silver": 300}
    answers = dict(events(server.post("/shares", json=asked(changes=changes)).text))
    assert "No part of it surely brings more than what is done today." not in answers["shares"]["said"]
    question = asked(path="firm.systems.service.empathy", low=2.0, high=6.0)
    tried = dict(events(server.post("/range", json=question).text))["range"]
    satisfaction = next(curve["line"][0] for curve in tried["curves"] if curve["name"] == "satisfaction")
    assert tried["best"] == max(range(9), key=lambda n: satisfaction[n])
    assert tried["said"].startswith("“Satisfaction” is ")


def test_reports_that_wait_for_another_keep_no_page_waiting(starts, turns, monkeypatch):
    """More reports than Python keeps threads for: pictures of other pages are made all the same."""
    free = threading.Event()

    def slow(*_, **__):
        free.wait(PATIENCE)
        raise InterruptedError

    monkeypatch.setattr(reported, "compare", slow)
    planned = worlds(wish(asked(changes={"firm.desk.ease": 3})), starts)

    async def ask(number):
        turn = turns.begin(f"page {number}")
        return [name async for name, _ in streamed_names(turns, turn, reported.report(turn, planned, "mine", ""))]

    async def all_at_once():
        asking = [asyncio.ensure_future(ask(number)) for number in range(MOST_TURNS)]
        await asyncio.sleep(0)
        try:
            return await asyncio.wait_for(asyncio.to_thread(int), PATIENCE / 3)
        finally:
            free.set()
            await asyncio.gather(*asking)

    assert asyncio.run(all_at_once()) == 0


async def streamed_names(turns, turn, told):
    async for part in streamed(turns, turn, told):
        yield part.decode().split("\n")[0].removeprefix("event: "), part
