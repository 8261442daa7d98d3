"""Advice on a tiny market: what is named as what, and that both sides have the same luck."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from sim.parameters.paths import set_path
from sim.results.outputs import measure
from sim.runs.run import replication_seed
from sim.scenario import load_scenario
from sim.studies.advice.advice_words import headline, of_desk, of_levers, of_price, sentences
from sim.studies.advice.advise import AdviceError, advise
from sim.studies.advice.verdicts import BOUND, DEFINITION, INSIDE, LEFT_OUT, NOTHING, UNJUDGED
from sim.vocabulary.errors import ScenarioError

SCENARIO = """
name: small
run: {period: month, periods: 4, seed: 3}
market: {customers: 200}
voice: {complain_share: 0.5}
firm: {win_back: {contacts_per_year: 0}, desk: {agents: 60}, strategy: {advertising_response: 0}}
"""
SHIPPED = Path(__file__).parents[3] / "scenarios"
LEVERS = [
    "strategy.price_index",
    "strategy.advertising_cost",
    "desk.logged_share",
    "win_back.cost",
    "desk.agents",
    "desk.queue",
    "desk.speed_target_days",
    "systems.channels.chat",
]
SMALL = {"replications": 3, "years": 1, "steps": 1, "looks": 1, "engine": "in-process", "workers": 1}


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("advice") / "small.yaml"
    path.write_text(SCENARIO, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def found(file):
    return advise(file, levers=LEVERS, **SMALL)


def test_a_lever_that_costs_and_does_nothing_else_wins_by_its_bound(found):
    row = found.lever("firm.strategy.advertising_cost")
    assert (row["verdict"], row["today"], row["best"]) == (BOUND, 6.0, 0.0)
    assert row["change_low"] > 0.0
    assert "Strategy: Advertising per prospect at 0" in of_levers(found)[0]
    assert headline(found).startswith("Levers that win by their bound for nothing:")


def test_a_lever_that_nobody_met_is_named(found):
    """What is written down of complaints is known, and changes nothing for anybody."""
    row = found.lever("firm.desk.logged_share")
    assert row["verdict"] == NOTHING
    assert row["span"] == 0.0
    assert any(
        said.startswith("No effect at all") and "Front-line complaints logged" in said for said in of_levers(found)
    )


def test_definitions_and_what_cannot_be_turned_are_named(found):
    assert found.lever("firm.desk.speed_target_days")["verdict"] == DEFINITION
    assert found.lever("firm.win_back.cost")["reason"] == "a price that the firm pays"
    assert found.lever("firm.systems.channels.chat")["verdict"] == LEFT_OUT
    assert any("Days of a quick answer" in said for said in of_levers(found))
    assert any("must sum to 1" in said for said in of_levers(found))


def test_differences_are_those_of_runs_with_the_same_luck(found, file):
    """Two steps done by hand, from the engine, replication by replication."""
    from sim.engine.simulation import Simulation

    scenario = load_scenario(file, ["run.periods=12"]).scenario
    profits = []
    for price in (1.0, 2.0):
        world = set_path(scenario, "firm.strategy.price_index", price)
        seeds = [replication_seed(3, number) for number in range(3)]
        tables = [Simulation(world, seed=seed, threads=1).run() for seed in seeds]
        profits.append([measure(world, table, None, ["profit"])["profit"] for table in tables])
    steps = found.steps_of("firm.strategy.price_index").set_index("value")
    assert steps.loc[2.0, "profit_change"] == pytest.approx(np.mean(profits[1]) - np.mean(profits[0]))
    assert steps.loc[1.0, ["is_today", "profit_change", "profit_low"]].tolist() == [True, 0.0, 0.0]
    assert steps["pairs"].tolist() == [3] * 10


def test_the_price_has_an_elasticity_and_a_verdict_where_people_can_leave(found):
    line = found.line("elasticity")
    assert line is not None
    assert math.isfinite(line["value"])
    assert found.line("can_leave")["value"] == 1.0
    assert found.lever("firm.strategy.price_index")["verdict"] != UNJUDGED
    assert any("own-price elasticity" in said for said in of_price(found))


def test_the_desk_has_its_formula_and_is_closed(found):
    closing = found.steps_of("firm.desk.agents").set_index("value").loc[0.0, "profit_change"]
    assert found.line("closing")["value"] == pytest.approx(closing)
    assert "an answer of the desk keeps" in of_desk(found)[0]
    assert found.line("pairs")["value"] == 3
    assert "closing the desk" in of_desk(found)[1]


def test_what_cannot_be_told_of_the_desk_is_run_again(file, tmp_path):
    """Three pairs more, then six, beside the three of the lever; a folder that has them is not run again."""
    asked = {"levers": ["desk.logged_share"], "out": tmp_path / "out", "report": False}
    once = advise(file, **asked, **(SMALL | {"looks": 1}))
    again = advise(file, **asked, **(SMALL | {"looks": 3, "resume": True}))
    assert once.line("pairs")["value"] == 3
    pairs = again.line("pairs")["value"]
    assert pairs in (6, 12)
    assert again.runs == once.runs + 2 * (pairs - 3)
    assert again.steps.equals(once.steps)


def test_captives_get_no_advice_by_money(file):
    tied = advise(
        file,
        levers=["strategy.price_index", "firm.systems.service"],
        overrides=["customers.bonds.captive_share=0.9"],
        **(SMALL | {"replications": 2}),
    )
    assert tied.lever("firm.strategy.price_index")["verdict"] == UNJUDGED
    assert {tied.lever(name)["verdict"] for name in tied.steps["lever"].unique()} == {UNJUDGED}
    assert set(tied.steps.columns) >= {"captive_loss_change", "third_party_cases.total_high"}
    assert tied.lever("firm.strategy.price_index")["best"] == 1.0
    for lever, step in tied.that_ease():
        assert lever["lever"] != "firm.strategy.price_index"
        assert step["value"] == lever["best"]
        assert step["captive_loss_high"] <= 0.0
        assert lever["change"] == step["profit_change"]
    assert any("only 10% can leave" in said for said in sentences(tied))
    assert headline(tied) == "No advice by money, where so few can leave"


@pytest.mark.parametrize("name", ["public_office", "captive_customers"])
def test_who_cannot_leave_is_told_of_instead(name):
    """Their own loss and the third party, in the place of a price (one year of few people)."""
    small = {
        "overrides": ["market.customers=600", "run.settling.people=100"],
        "replications": 2,
        "years": 1,
        "steps": 1,
        "looks": 1,
    }
    office = advise(SHIPPED / f"{name}.yaml", levers=["strategy.price_index"], engine="in-process", workers=1, **small)
    assert office.lever("firm.strategy.price_index")["verdict"] == UNJUDGED
    assert office.line("captive_loss")["value"] > 0.0
    assert office.line("third_party_cases.total")["value"] > 0.0
    said = " ".join(sentences(office))
    assert "No advice by money, for" in said
    assert "bear EUR" in said
    assert "To a third party" in said
    assert "No lever wins" not in said
    assert not [*office.with_verdict(BOUND)["lever"], *office.with_verdict(INSIDE)["lever"]]


def test_where_people_can_leave_nothing_is_said_of_captives(found):
    assert found.line("captive_loss") is None
    assert not any("cannot leave bear" in said for said in sentences(found))
    assert not found.that_ease()


def test_all_of_it_is_explained_and_drawn(found):
    for table in found.tables():
        assert [column.name for column in table.columns] == list(table.rows.columns)
    assert list(found.plot) == ["profit", "price"]
    assert found.plot.figure("profit").axes
    assert found.plot.figure("price", width=3.75).axes
    assert json.loads(json.dumps(found.as_json(), allow_nan=False))["levers"]


def test_where_today_fails_there_is_no_advice(file, monkeypatch):
    from sim.runs.execution.simulate import SimulationTask

    real = SimulationTask.__call__

    def broken(self, values, seed, tick):
        if not values:
            raise RuntimeError("today is broken")
        return real(self, values, seed, tick)

    monkeypatch.setattr(SimulationTask, "__call__", broken)
    with pytest.warns(UserWarning, match="failed"), pytest.raises(AdviceError, match="today is broken"):
        advise(file, levers=["desk.agents"], **(SMALL | {"replications": 2}))


def test_a_lever_of_no_name_is_refused_before_anything_is_written(file, tmp_path):
    with pytest.raises(ScenarioError, match="no lever"):
        advise(file, levers=["nonsense"], out=tmp_path / "out", **SMALL)
    assert not Path(tmp_path / "out").exists()
