"""Causes of churn on a small market: shares that add up, by worlds that were lived by hand."""

import json
import math

import numpy as np
import pytest

from sim.engine.simulation import Simulation
from sim.model.scenario import Scenario
from sim.parameters.paths import set_path
from sim.runs.run import replication_seed
from sim.scenario import load_scenario
from sim.studies.causes.causes import causes
from sim.studies.causes.causes_of_churn import EXPLAINED, LEAVERS, OTHERS, START
from sim.studies.causes.causes_words import of_all, of_each, sentences, shown_shares, what_to_do
from sim.studies.causes.known_causes import KNOWN, find_causes
from sim.vocabulary.errors import ScenarioError

SCENARIO = """
name: small
run: {period: month, periods: 18, seed: 3}
market: {customers: 300}
firm: {systems: {failure_scale: 2.0}, strategy: {price_index: 1.2}}
"""
SMALL = {"replications": 3, "engine": "in-process", "workers": 1}


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("causes") / "small.yaml"
    path.write_text(SCENARIO, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def found(file):
    return causes(file, causes=["failures", "price", "levels"], **SMALL)


def left_by_hand(file, patch):
    """Who left of the customers at the start, by the engine's own counts of leavers."""
    scenario, counts = load_scenario(file).scenario, []
    for number in range(3):
        tables = Simulation(scenario, seed=replication_seed(3, number), threads=1, patch=patch).run()
        counts.append(tables.leavers[0, 0].sum())
    return np.mean(counts)


def test_two_causes_by_hand(found, file):
    """Four worlds; a share is the mean of what taking the cause out keeps, first and second."""
    failures, price = {"firm.systems.failure_scale": 0.0}, {"firm.strategy.price_index": 1.0}
    here, no_failures, no_price, neither = (
        left_by_hand(file, patch) for patch in ({}, failures, price, failures | price)
    )
    assert found.line(LEAVERS)["value"] == pytest.approx(here)
    assert found.line(OTHERS)["value"] == pytest.approx(neither)
    assert found.line(EXPLAINED)["value"] == pytest.approx(here - neither)
    share = ((here - no_failures) + (no_price - neither)) / 2.0
    assert found.cause("failures")["value"] == pytest.approx(share)
    assert found.cause("failures")["alone"] == pytest.approx(here - no_failures)
    assert found.cause("price")["value"] == pytest.approx(here - neither - share)
    assert found.cause("failures")["least"] == pytest.approx(min(here - no_failures, no_price - neither))


def test_they_add_up_to_the_cent_and_so_do_the_numbers_shown(found):
    total = found.line(EXPLAINED)["value"]
    assert abs(found.causes["value"].sum() - total) < 0.005
    assert found.causes["part"].sum() == pytest.approx(1.0)
    shown = [text.replace("−", "-") for text in shown_shares(found).values()]
    parts = 10 if "." in shown[0] else 1
    assert sum(round(parts * float(text)) for text in shown) == round(parts * total)


def test_a_cause_that_is_not_there_gets_exactly_nothing(found):
    """What is promised is kept in this file, so that no world is lived for it."""
    row = found.cause("levels")
    assert (row["value"], row["least"], row["most"], row["but_for"], row["is_there"]) == (0.0, 0.0, 0.0, 0.0, False)
    assert len(found.worlds) == 4
    assert any("the world is without it already" in said for said in of_each(found))


def test_who_would_have_stayed_is_told_person_by_person(found):
    world = found.worlds.set_index("without").loc["failures"]
    row = found.cause("failures")
    assert row["but_for"] == world["but_for"] > 0.0
    left = found.line(LEAVERS)["value"]
    assert row["but_for"] - row["only_there"] == pytest.approx(left - world["left"])
    assert found.line(START)["value"] > left


def test_two_causes_that_are_one_share_it_and_one_that_nobody_meets_gets_nothing(file):
    """The second name of the same patch gets half; a price for win-back offers that nobody is sent changes nothing."""
    twice = ["one: firm.systems.failure_scale=0", "two: firm.systems.failure_scale=0", "idle: firm.win_back.cost=7"]
    once = causes(file, causes=twice[:1], **SMALL)
    found = causes(file, causes=twice, overrides=["firm.win_back.contacts_per_year=0"], **SMALL)
    assert found.cause("one")["value"] == found.cause("two")["value"]
    idle = found.cause("idle")
    assert (idle["value"], idle["least"], idle["most"], idle["is_there"]) == (0.0, 0.0, 0.0, True)
    assert any(said.startswith("idle: nothing, in whatever order") for said in of_each(found))
    assert once.cause("one")["value"] == once.line(EXPLAINED)["value"]
    assert found.cause("one")["value"] == pytest.approx(found.line(EXPLAINED)["value"] / 2.0)


def test_more_than_six_are_sampled_with_an_error_that_is_told(file):
    names = [f"c{number}: voice.complain_share={share}" for number, share in enumerate([0.5] * 6)]
    found = causes(file, causes=["failures", *names], orders=4, years=1, replications=2, engine="in-process", workers=1)
    assert not found.is_exact
    assert found.orders == 4
    assert found.causes["value"].sum() == pytest.approx(found.line(EXPLAINED)["value"])
    assert math.isfinite(found.causes["error"].max())
    assert any("drawn by lot" in said for said in of_all(found))


def test_known_causes_name_what_takes_them_out():
    scenario = set_path(Scenario(), "firm.strategy.promise.empathy", 6.5)
    patches = {cause.name: cause.patch for cause in find_causes(scenario, list(KNOWN))}
    assert patches["levels"]["firm.systems.service.empathy"] == 6.5
    assert patches["rivals"] == {"rivals.0.in_market": False}
    assert patches["price"] == {}  # it is the rival's
    assert patches["slow_answers"].keys().isdisjoint(patches["poor_answers"])
    dear = set_path(set_path(Scenario(), "firm.strategy.price_index", 1.3), "rivals.0.strategy.price_index", 0.9)
    assert find_causes(dear, ["price"])[0].patch == {"firm.strategy.price_index": 0.9}


def test_nobody_is_told_to_begin_with_what_cannot_be_mended(file):
    """Of two causes natural attrition takes most, and the failures are what there is to do something about."""
    found = causes(
        file, causes=["attrition", "failures"], overrides=["customers.bonds.attrition_per_year=0.5"], **SMALL
    )
    assert found.by_share["cause"].tolist() == ["attrition", "failures"]
    assert found.cause("failures")["low"] > 0.0
    assert what_to_do(found)[0].startswith("Begin with this cause: Failures.")
    alone = causes(file, causes=["attrition"], **SMALL)
    assert what_to_do(alone)[0].startswith("No cause that was looked at and can be mended")


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        (["failure"], "no such cause"),
        (["failures", "failures"], "stands twice"),
        (["failures", "half: firm.systems.failure_scale=0.5"], "another value"),
        (["own: firm.systems.failure_scale"], "is no cause"),
        (["price", "levels"], "none of these causes is there"),
    ],
)
def test_what_is_no_cause_is_refused(file, wanted, message):
    with pytest.raises(ScenarioError, match=message):
        causes(file, causes=wanted, overrides=["firm.strategy.price_index=1"], **SMALL)


def test_all_of_it_is_explained_and_drawn(found):
    for table in found.tables():
        assert [column.name for column in table.columns] == list(table.rows.columns)
    assert list(found.plot) == ["causes"]
    assert found.plot.figure("causes").axes
    assert found.plot.figure("causes", width=3.75).axes
    assert json.loads(json.dumps(found.as_json(), allow_nan=False))["causes"]
    assert sentences(found)[0].startswith("Of the customers of the start")
