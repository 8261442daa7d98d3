"""The cost of quality on a small market: what is booked, what never came, and where the whole is least."""

import dataclasses
import json
import math

import numpy as np
import pytest

from sim.engine.simulation import Simulation
from sim.parameters.paths import set_path
from sim.results.outputs import measure
from sim.runs.run import replication_seed
from sim.scenario import load_scenario
from sim.studies.cost.cost import cost
from sim.studies.cost.cost_plan import levels_of
from sim.studies.cost.cost_words import of_costs, of_prevention, of_worlds, sentences
from sim.vocabulary.errors import ScenarioError

SCENARIO = """
name: small
run: {period: month, periods: 12, seed: 3}
market: {customers: 300}
firm: {costs: {failure_effect: 60}}
"""
SMALL = {"replications": 3, "steps": 3, "engine": "in-process", "workers": 1}


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("cost") / "small.yaml"
    path.write_text(SCENARIO, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def found(file):
    return cost(file, **SMALL)


def test_the_margin_that_never_came_is_that_of_the_twin_world(found, file):
    """By hand from the engine, and as a run measures it that is asked for its opportunity cost."""
    scenario = load_scenario(file).scenario
    missed = []
    for number in range(3):
        seed = replication_seed(3, number)
        here, there = (
            Simulation(scenario, seed=seed, threads=1, patch=patch).run()
            for patch in ({}, {"firm.systems.failure_scale": 0.0})
        )
        missed.append(measure(scenario, here, there, ["opportunity_measured.total"])["opportunity_measured.total"])
    assert found.item("opportunity")["value"] == pytest.approx(np.mean(missed))
    assert found.worlds.set_index("world").loc["without_failures", "missed"] == pytest.approx(np.mean(missed))


def test_parts_add_up_and_are_what_the_accounts_say(found, file):
    scenario = load_scenario(file).scenario
    tables = [Simulation(scenario, seed=replication_seed(3, number), threads=1).run() for number in range(3)]
    booked = np.mean([measure(scenario, one, None, ["quality_cost.total"])["quality_cost.total"] for one in tables])
    parts = found.items.set_index("item")["value"]
    assert parts[["prevention", "appraisal", "internal", "external"]].sum() == pytest.approx(booked)
    assert parts["total"] == pytest.approx(booked + parts["opportunity"])
    today = found.curve[found.curve["is_today"]].iloc[0]
    assert today["total"] == pytest.approx(parts["total"])


def test_levels_go_from_nothing_to_plenty_with_todays(file):
    scenario = load_scenario(file, ["firm.costs.prevention=3", "firm.costs.prevention_scale=2"]).scenario
    assert levels_of(scenario, 2) == (0.0, 3.0, 6.5, 13.0)
    off = load_scenario(file, ["firm.costs.prevention=3", "firm.costs.prevention_scale=0"]).scenario
    assert levels_of(off, 3) == (0.0, 3.0, 6.0, 12.0, 18.0)


def test_the_least_lies_where_the_closed_form_says(tmp_path):
    """Nobody moves and every failure costs the same: reference + p0 ln(F / p0), with F by the odds of a failure."""
    path = tmp_path / "captive.yaml"
    path.write_text(
        "name: captive\n"
        "run: {period: month, periods: 12, seed: 1}\n"
        "market: {customers: 1500}\n"
        "customers: {bonds: {captive_share: 1.0, attrition_per_year: 0.0, renewal_per_year: 0.0}}\n"
        "voice: {complain_share: 0.0}\n"
        "firm:\n"
        "  initial_share: 1.0\n"
        "  systems: {interception_share: 0.0}\n"
        "  onboarding: {extra_failures: 0.0}\n"
        "  costs: {failure_effect: 90.0, warranty_share: 0.0, prevention: 2.0, prevention_reference: 2.0}\n"
        "rivals: []\n",
        encoding="utf-8",
    )
    found = cost(path, replications=3, steps=11, engine="in-process", workers=1)
    # failures at the reference, counted in a large run of its own, each at 90
    scenario = load_scenario(path, ["run.seed=99", "market.customers=20000"]).scenario
    names = ["failures_felt.total", "customer_years.total"]
    counted = measure(scenario, Simulation(scenario, threads=1).run(), None, names)
    failures = 90.0 * counted["failures_felt.total"] / counted["customer_years.total"]
    best = 2.0 + 4.0 * math.log(failures / 4.0)
    assert 4.0 < best < 20.0
    assert found.line("least")["value"] == pytest.approx(best, abs=1.01)  # steps are 2 apart
    assert found.line("by_formula")["value"] == pytest.approx(best, abs=0.4)
    assert found.curve["total"].iloc[0] > found.curve["total"].min() < found.curve["total"].iloc[-1]


def test_where_nothing_fails_prevention_is_money_lost(file):
    found = cost(file, overrides=["firm.systems.failure_scale=0"], **SMALL)
    assert found.item("opportunity")["value"] == found.item("internal")["value"] == 0.0
    assert found.line("least")["value"] == found.line("least")["high"] == 0.0
    assert found.line("least_share")["value"] == 1.0
    assert "every other step surely costs more" in of_prevention(found)[0]
    assert "nothing changes" in of_worlds(found)[0]


def test_how_sure_the_least_is_stands_beside_it(found):
    curve = found.curve
    least = curve[curve["is_least"]].iloc[0]
    assert least["total"] == curve["total"].min()
    assert curve["least_share"].sum() == pytest.approx(1.0)
    near = curve[~curve["told_apart"]]["prevention"]
    assert (found.line("least")["low"], found.line("least")["high"]) == (near.min(), near.max())
    assert (curve.loc[curve["told_apart"], "more_low"] > 0.0).all()


def test_all_of_it_is_explained_and_drawn(found):
    for table in found.tables():
        assert [column.name for column in table.columns] == list(table.rows.columns)
    assert list(found.plot) == ["prevention", "costs"]
    assert found.plot.figure("prevention").axes
    assert found.plot.figure("costs", width=3.75).axes
    assert json.loads(json.dumps(found.as_json(), allow_nan=False))["items"]
    assert sentences(found)[0].startswith("Quality costs EUR ")
    assert "CostOfQuality('small'" in repr(found)


@pytest.mark.parametrize(
    ("value", "low", "high", "told"),
    [
        (9.0, 5.0, 13.0, "no account shows the EUR 9"),
        (9.0, -5.0, 23.0, "Whether any margin never came because of failures cannot be told: EUR 9"),
        (-9.0, -13.0, -5.0, "is below 0, EUR −9.0 (−13.0 to −5.0): those whom failures keep away would cost more"),
        (0.0, 0.0, 0.0, "no account shows the EUR 0"),
    ],
)
def test_margin_that_never_came_is_told_as_sure_as_it_is(found, value, low, high, told):
    items = found.items.copy()
    items.loc[items["item"] == "opportunity", ["value", "low", "high"]] = value, low, high
    assert told in of_costs(dataclasses.replace(found, items=items))[0]


def test_what_captives_bear_is_told_to_be_no_cost_of_the_firm(found):
    assert not any("cannot leave" in told for told in of_costs(found))
    captives = set_path(found.scenario, "customers.bonds.captive_share", 0.5)
    assert "customers who cannot leave" in of_costs(dataclasses.replace(found, scenario=captives))[1]


def test_an_override_that_does_not_exist_is_refused(file):
    with pytest.raises(ScenarioError):
        cost(file, overrides=["firm.costs.preventoin=3"], **SMALL)
