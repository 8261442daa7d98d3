"""A start from which today stays as it is: where shares settle by hand, and whole studies on small worlds."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.engine.simulation import Simulation
from sim.model.scenario import Scenario
from sim.parameters.timeline import get_path
from sim.results.drift import DRIFTS, FIGURES, STEADY, judged
from sim.scenario import load_scenario
from sim.studies.balance.balance import balance
from sim.studies.balance.start import BELIEFS, next_start, paths_of, stationary
from sim.studies.balance.world import output_names
from sim.vocabulary.files import FileError

NOTHING_BUT_REVIEWS = """
name: movers
run: {period: month, periods: 12, seed: 5}
market: {customers: 4000, rebuy_share: 1, network: {mean_degree: 0}}
customers:
  encounters: {purchases_per_year: 0, help_requests_per_year: 0, repairs_per_year: 0}
  bonds: {attrition_per_year: 0, reviews_per_year: 4, captive_share: 0, doing_without: 0, returns_per_year: 0,
          renewal_per_year: 0}
  judgement: {disposition_spread: 0}
movement: {switch_share: 0.3}
firm: {initial_share: 0.9, strategy: {advertising_hazard: 0, welcome_cost: 0}}
rivals: [{name: rival, initial_share: 0.1, strategy: {advertising_hazard: 0}}]
"""


def test_shares_settle_where_moves_leave_them_as_they_are():
    """Three places with a chain that can be solved by hand: a goes to b, b to c, c to a, at .1, .2 and .4 a year."""
    moves = np.array([[90.0, 10.0, 0.0], [0.0, 80.0, 20.0], [40.0, 0.0, 60.0]])
    weights = np.array([1.0 / 0.1, 1.0 / 0.2, 1.0 / 0.4])
    assert stationary(moves) == pytest.approx(weights / weights.sum())
    assert stationary(moves * np.array([[3.0], [1.0], [7.0]])) == pytest.approx(weights / weights.sum())


def test_places_that_are_cut_off_keep_their_people():
    """A quarter of the people move between two places, a half and all of them a year; the third is shut."""
    moves = np.array([[10.0, 10.0, 0.0], [5.0, 0.0, 0.0], [0.0, 0.0, 75.0]])
    assert stationary(moves) == pytest.approx([0.25 * 1.0 / 1.5, 0.25 * 0.5 / 1.5, 0.75])
    assert stationary(np.array([[0.0, 4.0], [4.0, 0.0]])) == pytest.approx([0.5, 0.5])


def test_a_place_that_nobody_was_in_keeps_nobody():
    assert stationary(np.array([[3.0, 0.0, 1.0], [0.0, 0.0, 0.0], [2.0, 0.0, 2.0]])) == pytest.approx([2 / 3, 0, 1 / 3])


def test_the_next_start_by_hand():
    """Shares by the moves, satisfaction and what is owed by as much as they moved, what is expected as it became."""
    scenario = Scenario()
    seen = dict.fromkeys(output_names(scenario), 0.0)
    seen |= {"moves.0.0": 8.0, "moves.0.1": 2.0, "moves.1.1": 9.0, "moves.1.0": 1.0}
    for belief in BELIEFS:
        seen |= {f"begin.0.{belief}": 5.0, f"late.0.{belief}": 5.25}
    seen |= {"begin.0.satisfaction": 75.5, "late.0.satisfaction": 73.0, "late.0.should.empathy": 9.0}
    found = next_start(scenario, seen)
    assert found["firm.initial_share"] == pytest.approx(1 / 3, abs=1e-4)
    assert found["rivals.rival.initial_share"] == pytest.approx(2 / 3, abs=1e-4)
    assert found["firm.initial_share"] + found["rivals.rival.initial_share"] <= 1.0
    usual = scenario.customers
    assert found["customers.judgement.initial_satisfaction"] == usual.judgement.initial_satisfaction - 2.5
    assert found["customers.expectations.will.empathy"] == 5.25
    assert found["customers.expectations.should.tangibles"] == pytest.approx(usual.expectations.should.tangibles + 0.25)
    assert found["customers.expectations.should.empathy"] == 7.0
    assert set(found) == set(paths_of(scenario))


def test_nothing_is_changed_that_nothing_is_known_of():
    scenario = Scenario()
    assert next_start(scenario, dict.fromkeys(output_names(scenario), float("nan"))) == {}


def test_verdicts_rest_on_the_interval():
    assert judged(-0.03, 0.03, 0.03) == STEADY
    assert judged(-0.05, -0.04, 0.03) == DRIFTS
    assert judged(-0.05, 0.0, 0.03) == judged(float("nan"), float("nan"), 0.03) == "unclear"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "movers.yaml").write_text(NOTHING_BUT_REVIEWS, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_two_equal_firms_settle_at_equal_shares(folder: Path):
    """All that happens is that customers compare two firms that are alike: half of the people belong to each."""
    found = balance(
        "movers.yaml", replications=4, years=4, rounds=3, out="out", workers=1, engine="in-process", write="steady.yaml"
    )
    drift = found.drift.set_index("figure")
    assert drift.loc["customers", "before"] < -0.2
    assert abs(float(drift.loc["customers", "after"])) < 0.03
    assert found.values["firm.initial_share"] == pytest.approx(0.5, abs=0.03)
    assert set(found.drift["figure"]) == {figure.name for figure in FIGURES}
    written = load_scenario("steady.yaml").scenario
    assert written == found.balanced == load_scenario("out/analysis/balanced.yaml").scenario
    assert "extends: movers.yaml" in Path("steady.yaml").read_text(encoding="utf-8")
    for path in paths_of(written):
        assert get_path(written, path) == found.values.get(path, get_path(found.scenario, path))
    assert (written.run.periods, written.market) == (found.scenario.run.periods, found.scenario.market)
    told = pd.read_csv("out/analysis/dictionary.csv")
    for table in found.tables():
        assert {column.name for column in table.columns} == set(table.rows.columns)
        assert set(told[told["table"] == table.name]["column"]) == set(table.rows.columns)
    assert found.sentences[0] in Path("out/analysis/summary.json").read_text(encoding="utf-8")
    with pytest.raises(FileError):
        balance("movers.yaml", replications=2, years=4, rounds=1, write="steady.yaml")
    again = balance(
        "movers.yaml", replications=4, years=4, rounds=3, out="out", workers=1, engine="in-process", resume=True
    )
    assert again.as_json() == found.as_json()


def test_a_world_that_runs_out_of_people_is_not_balanced(folder: Path):
    off = ["customers.bonds.attrition_per_year=0.3", "customers.bonds.attrition_polarization=0"]
    found = balance("movers.yaml", replications=2, years=6, rounds=1, overrides=off)
    assert found.verdict != STEADY
    assert found.drift.set_index("figure").loc["customers", "after"] < -0.5


def test_a_warm_up_that_is_asked_for_is_lived_and_written(folder: Path):
    found = balance("movers.yaml", replications=2, years=4, rounds=1, warm_up=2.0)
    assert found.balanced.run.warm_up == 24
    assert "warm_up: 24" in found.text(Path())


def test_the_start_is_that_of_the_run(folder: Path):
    """What is told of the beginning is what the people of the first period believe."""
    found = balance("movers.yaml", replications=2, years=4, rounds=1)
    run = Simulation(found.balanced, seed=3, threads=1)
    assert (run.state.supplier == 0).mean() == pytest.approx(found.balanced.firm.initial_share, abs=0.03)
    told = re.findall(r'<th scope="row">([^<]+)<br><code>', found.presentation.page(found))
    assert len(told) == len(set(told)) == len(found.start)  # whose share, and which expectations
