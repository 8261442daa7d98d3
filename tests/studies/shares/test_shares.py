"""Shares of a plan on a small market: by worlds lived by hand, exact sums, idle levers, and what is no plan."""

import json

import numpy as np
import pytest

from sim.engine.simulation import Simulation
from sim.model.firm import Firm
from sim.model.scenario import Change, Scenario
from sim.parameters.paths import set_path
from sim.parameters.timeline import phases
from sim.results.outputs import measure
from sim.runs.run import replication_seed
from sim.scenario import load_scenario, load_text
from sim.studies.changed_levers import find_changed, mixed
from sim.studies.shared_output import shown_shares, shown_whole
from sim.studies.shares.share_out import shares
from sim.studies.shares.shares_plan import MixedTask
from sim.studies.shares.shares_words import headline, sentences
from sim.vocabulary.errors import ScenarioError

TODAY = """
name: now
run: {period: month, periods: 8, seed: 3}
market: {customers: 300}
firm: {win_back: {contacts_per_year: 0}}
timeline: [{at: 2, set: {firm.desk.ease: -1}}]
"""
PLAN = """
extends: now.yaml
name: then
firm: {strategy: {price_index: 1.1}, win_back: {cost: 99}}
timeline:
  - {at: 2, set: {firm.desk.ease: -1}}
  - {at: 3, set: {firm.systems.service: {empathy: 6.4, assurance: 6.2}}}
"""
SMALL = {"replications": 3, "engine": "in-process", "workers": 1}
PRICE, LEVELS, IDLE = "firm.strategy.price_index", "firm.systems.service", "firm.win_back.cost"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("shares")
    (path / "now.yaml").write_text(TODAY, encoding="utf-8")
    (path / "then.yaml").write_text(PLAN, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def found(folder):
    return shares(folder / "then.yaml", **SMALL)


def profit_of(scenario):
    seeds = [replication_seed(3, number) for number in range(3)]
    tables = [Simulation(scenario, seed=seed, threads=1).run() for seed in seeds]
    return np.mean([measure(scenario, one, None, ["profit"])["profit"] for one in tables])


def test_a_plan_may_ask_another_question_than_today(folder):
    today = load_scenario(folder / "now.yaml").scenario
    plan = today.model_copy(update={"asks": "change", "firm": set_path(today, PRICE, 1.1).firm})
    assert [lever.name for lever in find_changed(today, plan)] == [PRICE]


def test_two_levers_by_hand(found, folder):
    """Four worlds written by hand; a share is the mean of what a lever changes, turned first and turned second."""
    base = load_scenario(folder / "now.yaml").scenario
    dear = set_path(base, PRICE, 1.1)
    better = Change(at=3, set={f"{LEVELS}.empathy": 6.4, f"{LEVELS}.assurance": 6.2})
    timeline = [*base.timeline, better]
    today, price, levels, both = (
        profit_of(world)
        for world in (
            base,
            dear,
            base.model_copy(update={"timeline": timeline}),
            dear.model_copy(update={"timeline": timeline}),
        )
    )
    rows = found.of("profit").set_index("lever")
    assert found.total("profit")["change"] == pytest.approx(both - today)
    assert rows.loc[PRICE, "value"] == pytest.approx(((price - today) + (both - levels)) / 2.0)
    assert rows.loc[LEVELS, "value"] == pytest.approx(((levels - today) + (both - price)) / 2.0)
    assert rows.loc[PRICE, "least"] == pytest.approx(min(price - today, both - levels))


def test_a_lever_that_does_nothing_gets_exactly_nothing(found):
    idle = found.shares[found.shares["lever"] == IDLE]
    assert len(idle) == len(found.outputs) == 4
    assert (idle[["value", "low", "high", "least", "most"]] == 0.0).all(axis=None)
    assert any("nothing, in whatever order" in said for said in sentences(found))


def test_they_add_up_in_every_output_as_they_are_shown_too(found):
    for output in found.outputs:
        change = found.total(output)["change"]
        assert abs(found.of(output)["value"].sum() - change) < 0.005
        *parts, whole = (
            float(text.replace("−", "-").replace(",", ""))
            for text in (*shown_shares(found.shared(output)).values(), shown_whole(found.shared(output)))
        )
        assert sum(parts) == pytest.approx(whole, abs=1e-9)
        scale = 1.0 if found.total(output)["unit"] != "share" else 100.0
        largest = max(abs(scale * change), *map(abs, parts))  # three digits of the largest, hundredths of a small one
        assert abs(whole - scale * change) <= max(0.005, 0.006 * largest)


def test_two_levers_that_are_one_get_halves(folder, monkeypatch):
    """Whichever of the two is turned brings all there is; the third brings nothing."""

    def either(self, values, seed, tick):
        return {"profit": 7.0 * bool(values.get(PRICE) or values.get(LEVELS)) + seed % 5}

    monkeypatch.setattr(MixedTask, "__call__", either)
    rows = shares(folder / "then.yaml", outputs=["profit"], **SMALL).of("profit").set_index("lever")
    assert rows["value"].to_dict() == {PRICE: 3.5, LEVELS: 3.5, IDLE: 0.0}
    assert rows.loc[PRICE, ["least", "most", "alone"]].tolist() == [0.0, 7.0, 7.0]


def test_what_changed_is_found_lever_by_lever(folder):
    today, plan = (load_scenario(folder / name).scenario for name in ("now.yaml", "then.yaml"))
    levers = {lever.name: lever for lever in find_changed(today, plan)}
    assert list(levers) == [PRICE, LEVELS, IDLE]
    assert levers[LEVELS].paths == (f"{LEVELS}.assurance", f"{LEVELS}.empathy")
    assert (levers[PRICE].today, levers[PRICE].plan) == ("1", "1.1")
    assert levers[LEVELS].plan == "5.6, 6.2 from 5 April 2026; 5.6, 6.4 from 5 April 2026"
    together = find_changed(today, plan, ["firm.*"])
    assert [lever.name for lever in together] == ["firm.*"]
    assert len(together[0].paths) == 4


def test_with_none_of_the_plan_it_is_today_and_with_all_the_plan():
    """Stretch by stretch, with segments, a change for all customers, one that ends, and one that both have."""
    today = load_text(
        "segments: [{name: old, share: 0.5, judgement: {tolerance: 1.5}}, {name: new, share: 0.5}]\n"
        "timeline: [{at: 2, set: {firm.desk.ease: 1}}, {at: 5, until: 9, set: {firm.desk.agents: 3}}]\n"
    ).scenario
    plan = load_text(
        "segments: [{name: old, share: 0.5, judgement: {tolerance: 1.5}}, {name: new, share: 0.5}]\n"
        "firm: {desk: {agents: 2}}\n"
        "timeline:\n"
        "  - {at: 2, set: {firm.desk.ease: 1, customers.judgement.loss_aversion: 3}}\n"
        "  - {at: 4, until: 6, set: {firm.desk.agents: 4}}\n"
    ).scenario
    levers = find_changed(today, plan)
    assert [lever.name for lever in levers] == ["customers.judgement.loss_aversion", "firm.desk.agents"]
    everything = [path for lever in levers for path in lever.paths]

    def stretches(scenario):
        return [(start, one.model_dump(exclude={"timeline", "name"})) for start, one in phases(scenario)]

    assert stretches(mixed(today, plan, [])) == stretches(today)
    assert stretches(mixed(today, plan, everything)) == stretches(plan)
    desk = mixed(today, plan, ["firm.desk.agents"])
    at_three = dict(phases(desk))[2]
    assert (at_three.firm.desk.agents, at_three.all_segments[0].judgement.loss_aversion) == (2.0, 2.25)
    assert dict(phases(desk))[4].firm.desk.agents == 4.0


def test_what_a_rival_does_has_a_share_too():
    today = Scenario(rivals=[Firm(name="other")])
    found = find_changed(today, set_path(today, "rivals.0.strategy.price_index", 0.9))
    assert [lever.name for lever in found] == ["rivals.0.strategy.price_index"]
    assert found[0].label == "other: Price index"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("extends: now.yaml\nname: x\n", "the plan is today"),
        ("extends: now.yaml\nfirm: {initial_share: 0.2}\n", "shapes the people"),
        ("extends: now.yaml\nrivals: []\n", "must be today's"),
        ("name: x\nfirm: {desk: {agents: 9}}\n", "extends no file"),
        ("extends: now.yaml\nrun: {period: week}\nfirm: {desk: {agents: 9}}\n", "must be today's"),
    ],
)
def test_what_is_no_plan_is_refused(folder, text, message):
    (folder / "wrong.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError, match=message):
        shares(folder / "wrong.yaml", **SMALL)


def test_an_output_that_does_not_exist_is_refused(folder):
    with pytest.raises(ScenarioError, match="profit"):
        shares(folder / "then.yaml", outputs=["profti"], **SMALL)


def test_all_of_it_is_explained_and_drawn(found):
    for table in found.tables():
        assert [column.name for column in table.columns] == list(table.rows.columns)
    assert found.plot.figure("shares").axes
    assert found.plot.figure("shares", "satisfaction", width=3.75).axes
    assert json.loads(json.dumps(found.as_json(), allow_nan=False))["shares"]
    assert headline(found).startswith("Margin and value of customers: ")
    assert repr(found).startswith("SharedOut('now'")
