"""Rivals that enter and leave the market at a date of the timeline."""

import pytest

from sim.engine.simulation import Simulation
from sim.model.rooms import O
from sim.scenario import load_text
from sim.vocabulary.errors import ScenarioError

SCENARIO = """
run: {period: month, periods: 12, start: 2026-01-05}
market: {customers: 2000}
customers: {bonds: {reviews_per_year: 6}}
rivals:
  - {name: old, initial_share: 0.4}
  - {name: late, in_market: false, initial_share: SHARE, strategy: {advertising_hazard: 0.6}}
timeline:
  - {at: 2026-05-10, set: {rivals.late.in_market: true}}
  - {at: 2026-09-07, set: {rivals.old.in_market: false}}
"""


def test_a_firm_has_customers_from_its_date_to_its_date() -> None:
    """One enters in period 4, one leaves in period 8, in which its customers are released."""
    tables = Simulation(load_text(SCENARIO.replace("SHARE", "0")).scenario, threads=1).run()
    old, late = tables.tallies[:, 1].sum(axis=1), tables.tallies[:, 2].sum(axis=1)
    assert (late[:4, O.active] == 0).all()
    assert (late[4:, O.active] > 0).all()
    assert (late[:4, O.advertising_cost] == 0).all()
    assert (old[:8, O.active] > 0).all()
    assert (old[8:, O.active] == 0).all()
    assert old[8, O.left_closed] > 0.9 * old[7, O.active]
    assert old[:, O.left_closed].sum() == old[8, O.left_closed]
    assert (old[8:, [O.won_switch, O.won_advertising, O.won_talk, O.returned, O.won_back]] == 0).all()
    assert old[9:, O.overhead_cost].sum() == 0


def test_a_firm_that_is_not_there_has_no_customers() -> None:
    with pytest.raises(ScenarioError, match=r"rivals\.late\.initial_share.*not in the market has no customers"):
        load_text(SCENARIO.replace("SHARE", "0.1"))


def test_of_the_focal_firm_its_own_path_is_told() -> None:
    with pytest.raises(ScenarioError, match=r"firm\.initial_share: .*enter later: firm\.in_market: true"):
        load_text("firm: {in_market: false}\n")
