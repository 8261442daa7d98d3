"""Every parameter of the firm is a lever or says why it is none; steps go from bound to bound and through today."""

import pytest

from sim.model.firm import Firm
from sim.model.scenario import Scenario
from sim.parameters.paths import set_path
from sim.parameters.registry import parameters
from sim.studies.advice.levers import (
    PRICE,
    PRICE_STEPS,
    RISE,
    find_levers,
    share_who_can_leave,
)
from sim.vocabulary.errors import ScenarioError

TODAY = Scenario()
FOUND = find_levers(TODAY, 2)
LEVERS = {lever.name: lever for lever in FOUND.levers}
LEFT = {item.name: item for item in FOUND.left_out}


def test_no_parameter_of_the_firm_is_forgotten():
    paths = {info.path for info in parameters() if info.path.startswith("firm.")}
    assert paths - set(LEVERS) == set(LEFT)
    assert all(item.reason for item in LEFT.values())


def test_what_the_firm_does_not_decide_is_declared_where_it_stands():
    declared = {info.path for info in parameters() if info.no_lever and "[]" not in info.path}
    assert {path for path in declared if not path.startswith("firm.")} == set()
    assert declared == {item.name for item in LEFT.values() if item.declared}
    assert {"firm.desk.speed_target_days", "firm.name", "firm.culture", "firm.initial_share"} <= declared


def test_steps_go_from_bound_to_bound_and_through_today():
    """From .6 half of the way to 0 and to 1, and all of it; to 1, which costs time, also three quarters."""
    lever = LEVERS["firm.desk.apology"]
    assert [step.value for step in lever.steps] == [0.0, 0.3, 0.6, 0.8, 0.9, 1.0]
    assert [step.outer for step in lever.steps] == [True, False, False, False, False, True]
    assert lever.today == 0.6
    assert lever.steps[lever.number_of_today].changes == {}
    assert lever.steps[0].changes == {"firm.desk.apology": 0.0}


def test_the_price_goes_through_multiples_of_todays():
    dear = find_levers(set_path(TODAY, PRICE, 1.2), 5, [PRICE]).levers[0]
    assert [step.value for step in dear.steps] == pytest.approx([1.2 * times for times in PRICE_STEPS])
    assert [step.value for step in dear.steps if step.outer] == pytest.approx([1.56, 1.74, 1.92, 2.4])
    assert RISE in PRICE_STEPS


def test_a_choice_has_all_its_values_and_no_bounds():
    lever = LEVERS["firm.desk.queue"]
    assert [step.value for step in lever.steps] == ["first_come", "value"]
    assert lever.is_choice
    assert not any(step.outer for step in lever.steps)


def test_levels_are_turned_together_too():
    """From 5, 5, 5, 5, 4 (mean 4.8): each half of its way to 2.0 or 6.8, and all of it; up, which costs, 3/4 too."""
    scenario = TODAY
    for name, level in zip(
        ("tangibles", "reliability", "responsiveness", "assurance", "empathy"), (5.0, 5.0, 5.0, 5.0, 4.0), strict=True
    ):
        scenario = set_path(scenario, f"firm.systems.service.{name}", level)
    lever = find_levers(scenario, 2, ["systems.service"]).levers[0]
    assert [step.value for step in lever.steps] == [2.0, 3.4, 4.8, 5.8, 6.3, 6.8]
    assert list(lever.steps[0].changes.values()) == [2.0] * 5
    assert list(lever.steps[1].changes.values()) == pytest.approx([3.5, 3.5, 3.5, 3.5, 3.0])
    assert list(lever.steps[3].changes.values()) == pytest.approx([5.9, 5.9, 5.9, 5.9, 5.4])
    assert list(lever.steps[4].changes.values()) == pytest.approx([6.35, 6.35, 6.35, 6.35, 6.1])
    assert list(lever.steps[5].changes.values()) == pytest.approx([6.8] * 5)
    assert {name for name in LEVERS if name + ".empathy" in LEVERS} == {"firm.strategy.promise", "firm.systems.service"}


def test_shares_that_must_sum_to_one_are_left_out_with_the_reason():
    for channel in ("chat", "telephone", "counter"):
        item = LEFT[f"firm.systems.channels.{channel}"]
        assert not item.declared
        assert item.reason == "the shares of chat, telephone and counter must sum to 1"


def test_only_what_is_possible_is_tried():
    """No step leaves the allowed range: an accepted share stays one, whatever the practical range says."""
    lever = find_levers(set_path(TODAY, "firm.desk.apology", 1.0), 2, ["desk.apology"]).levers[0]
    assert [step.value for step in lever.steps] == [0.0, 0.5, 1.0]


def test_a_value_of_today_beyond_the_practical_range_is_told():
    lever = find_levers(set_path(TODAY, "firm.desk.agents", 80.0), 2, ["desk.agents"]).levers[0]
    assert lever.is_outside
    told = [(step.value, step.outer) for step in lever.steps]
    assert told == [(0.0, True), (40.0, False), (50.0, True), (80.0, True)]


def test_ranges_of_money_are_ranges_of_euros():
    yen = find_levers(set_path(TODAY, "money.currency", "JPY"), 3)
    assert "euros" in next(item.reason for item in yen.left_out if item.name == "firm.costs.prevention")


def test_names_are_patterns_and_one_that_fits_nothing_is_refused():
    names = [lever.name for lever in find_levers(TODAY, 3, ["desk.answer*", "firm.win_back.contacts_per_year"]).levers]
    assert names == ["firm.desk.answer_share", "firm.win_back.contacts_per_year"]
    with pytest.raises(ScenarioError, match="no lever"):
        find_levers(TODAY, 3, ["firm.dsk.*"])


def test_who_can_leave():
    tied = set_path(TODAY, "customers.bonds.captive_share", 0.7)
    assert share_who_can_leave(tied) == pytest.approx(0.3)
    assert share_who_can_leave(Scenario(rivals=[], firm=Firm())) == 0.0
