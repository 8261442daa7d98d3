"""Person by person: the sums are exactly those of the tables, and people are matched only where they are the same."""

import numpy as np
import pytest

from sim.engine.simulation import Simulation
from sim.model.customer import Segment
from sim.model.market import Market, Run
from sim.model.scenario import Scenario
from sim.parameters.paths import set_path
from sim.runs.run import replication_seed
from sim.studies.comparison.compare import compare
from sim.studies.comparison.comparison_plan import prepare
from sim.studies.comparison.persons import ALL, FROM_START, LOST, NEVER_CUSTOMER, Ending, ending_of, match_persons
from sim.vocabulary.errors import ScenarioError


@pytest.fixture(scope="module")
def endings(worlds):
    found = []
    for scenario in worlds:
        simulation = Simulation(scenario, seed=replication_seed(7, 2), threads=1)
        simulation.run()
        found.append((ending_of(simulation), simulation))
    return found


def test_only_here_minus_only_there_is_the_difference_in_customers(comparison):
    """Exactly, in every replication: means of whole numbers over four runs are exact."""
    persons, differences = comparison.persons, comparison.differences
    for label in comparison.labels[1:]:
        rows = persons[(persons["scenario"] == label) & (persons["lost_by"] == ALL) & (persons["held_by"] == ALL)]
        people = rows[rows["measure"] == "people"].set_index("group")["value"]
        change = differences[(differences["scenario"] == label) & (differences["figure"] == "customers")].iloc[0]
        assert people["only_this"] - people["only_first"] == change["difference"]
        assert people["both"] + people["only_first"] == change["first"]
        assert people.sum() == 400 + 20


def test_causes_and_ways_sum_to_the_whole(comparison):
    persons = comparison.persons[comparison.persons["measure"] == "people"]
    for _, rows in persons[persons["group"].isin(["only_this", "only_first"])].groupby(["scenario", "group"]):
        whole = rows[(rows["lost_by"] == ALL) & (rows["held_by"] == ALL)]["value"].item()
        for own, other in (("lost_by", "held_by"), ("held_by", "lost_by")):
            assert rows[(rows[own] != ALL) & (rows[other] == ALL)]["value"].sum() == pytest.approx(whole, abs=1e-9)
        cells = rows[(rows["lost_by"] != ALL) & (rows["held_by"] != ALL)]
        assert cells["value"].sum() == pytest.approx(whole, abs=1e-9)


def test_a_count_is_that_of_people_looked_up_one_by_one(endings):
    (first, a), (_, _), (worse, b) = endings
    found = match_persons(first, worse)
    never, start = LOST.index(NEVER_CUSTOMER), 6
    table = np.zeros((len(LOST), 7), int)
    for i in range(len(a.state.supplier)):
        if a.state.supplier[i] == 0 and b.state.supplier[i] != 0:
            lost, won = b.state.lost_by[i, 0], a.state.won_by[i, 0]
            if a.state.people["born"][i] != b.state.people["born"][i]:
                lost = LOST.index("left_natural")
            table[never if lost == 255 else lost, start if won == 255 else won] += 1
    assert found.only_first.tolist() == table.tolist()
    assert found.only_first.sum() > 0


def test_nobody_is_lost_without_a_cause_who_was_a_customer_from_the_start(endings):
    """Who was a customer from the start in one world was one in the other, and so was lost there through something."""
    (first, _), *others = endings
    for other, _ in others:
        found = match_persons(first, other)
        for table in (found.only_first, found.only_this):
            assert table[LOST.index(NEVER_CUSTOMER), -1] == 0
    assert FROM_START


def test_a_world_matched_with_itself_differs_in_nobody(endings):
    found = match_persons(endings[0][0], endings[0][0])
    assert found.only_first.sum() == found.only_this.sum() == 0
    assert found.satisfaction_change == 0.0


def test_a_place_that_was_taken_over_holds_another_person():
    """Of four places, all customers in the first world, two are taken over in the other world."""
    codes, here = np.full(4, 255, np.uint8), np.ones(4, bool)
    first = Ending(here, np.minimum(codes, 7), np.minimum(codes, 6), np.full(4, 70.0), np.zeros(4, np.int32))
    other = first._replace(
        customer=np.array([True, True, False, True]),
        satisfaction=np.array([60.0, 90.0, 90.0, 72.0]),
        born=np.array([0, 5, 9, 0], np.int32),
    )
    found = match_persons(first, other)
    assert found.both == 3
    assert found.satisfaction_change == (-10.0 + 2.0) / 2
    assert found.only_first[LOST.index("left_natural"), 6] == found.only_first.sum() == 1


def test_identical_scenarios_differ_in_nothing_at_all(today):
    found = compare([today, today], replications=3, threads=1)
    assert (found.differences["difference"] == 0.0).all()
    assert not found.differences["excludes_zero"].any()
    ratio = found.differences.set_index("figure")["variance_ratio"]
    assert np.isinf(ratio["retention"])
    assert found.labels == ["today", "today (2)"]
    assert found.changed.empty


def changed(scenario, **sections):
    return scenario.model_copy(update=sections)


PLAIN = Scenario(run=Run(periods=26))
TWO = [Segment(name="young", share=0.4), Segment(name="old", share=0.6)]


@pytest.mark.parametrize(
    ("other", "named"),
    [
        (changed(PLAIN, market=Market(customers=9000)), "People in the market"),
        (changed(PLAIN, market=Market(entrants_per_year=10)), "Newcomers a year"),
        (changed(PLAIN, run=Run(period="month", periods=6)), "Length of a period"),
        (changed(PLAIN, segments=TWO), "Segments"),
        (set_path(PLAIN, "firm.initial_share", 0.4), "Market share at the start"),
        (set_path(PLAIN, "run.settling.years", 3), "Years of settling"),
    ],
)
def test_people_who_are_not_the_same_are_not_matched(other, named):
    plan = prepare([PLAIN, other])
    assert f"{named}” is " in plan.worlds[1].strangers
    assert any("cannot be matched" in note for note in plan.notes)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("market.network.kind", "random"),
        ("customers.bonds.captive_share", 0.5),
        ("rivals.rival.initial_share", 0.2),
        ("firm.desk.ease", 2.0),
    ],
)
def test_what_people_are_like_and_whom_they_know_may_differ(path, value):
    assert prepare([PLAIN, set_path(PLAIN, path, value)]).worlds[1].strangers == ""


def test_the_shortest_horizon_is_compared_and_it_is_said():
    longer = changed(PLAIN, run=Run(periods=52), name="longer")
    plan = prepare([longer, PLAIN])
    assert [world.scenario.run.periods for world in plan.worlds] == [26, 26]
    assert "longer lasts 52 weeks; only the first 26" in plan.notes[0]


def test_a_longer_world_cut_short_is_the_same_world(today):
    longer = changed(today, run=today.run.model_copy(update={"periods": 40}), name="longer")
    closed = [item.model_copy(update={"market": Market(customers=400)}) for item in (today, longer)]
    found = compare(closed, replications=2, threads=1)
    assert (found.differences["difference"] == 0.0).all()


def test_horizons_that_cannot_be_made_equal_are_refused():
    with pytest.raises(ScenarioError, match="no whole number of months"):
        prepare([changed(PLAIN, run=Run(periods=27)), changed(PLAIN, run=Run(period="month", periods=12))])


def test_other_money_is_refused():
    with pytest.raises(ScenarioError, match=r"money.currency.*found USD; allowed: EUR"):
        prepare([PLAIN, set_path(PLAIN, "money.currency", "USD")])


def test_opportunity_cost_is_measured_in_all_or_in_none(today):
    cheap = set_path(today, "money.measure_opportunity_cost", False)
    found = compare([today, cheap], replications=2, threads=1)
    assert "opportunity_measured" not in set(found.differences["figure"])
    assert any("measured in none" in note for note in found.notes)
    assert (found.differences["difference"] == 0.0).all()


@pytest.mark.parametrize("count", [0, 1, 9])
def test_one_scenario_or_too_many_are_refused(count):
    with pytest.raises(ScenarioError, match="2 to 8"):
        prepare([PLAIN] * count)
