"""What the page tells of two worlds: the sentence on top, the cards, the levers in front, what a plan overrules."""

import math

import pytest

from sim.app import lever_range
from sim.app.headline import changed, sentences
from sim.app.lever_range import LeverRange
from sim.app.movable import MOST_FIRST, levers
from sim.app.picture import CARDS, OPEN, UP, PairedFigure, cards
from sim.app.single_world import ShownWorld, WorldMemory
from sim.app.starts import Starts
from sim.app.wished import Wish, refusal, worlds
from sim.results.outputs import PROFIT
from sim.vocabulary.errors import ScenarioError


def nothing():
    pass


@pytest.fixture(scope="module")
def shipped():
    return Starts(None)


@pytest.fixture(scope="module")
def memory():
    return WorldMemory()


def lived(starts, memory, changes, start="small", runs=2):
    planned = worlds(Wish(start, changes, None, "told"), starts)
    pair = [
        [memory.lived(world, planned.seed, number, 1, nothing) for number in range(runs)]
        for world in (planned.today, planned.what_if)
    ]
    return planned, *pair


def figure(today=80.0, difference=0.0, low=0.0, high=0.0, unit="points (0-100)", name="satisfaction"):
    return PairedFigure(name, unit, today, today + difference, difference, low, high, 10)


def test_what_nobody_would_notice_is_no_rise():
    rise = figure(difference=0.02, low=0.01, high=0.03)
    assert (rise.sure, rise.negligible, rise.same) == (OPEN, True, False)
    assert figure(difference=2.0, low=1.0, high=3.0).sure == UP
    assert not figure(difference=math.nan, low=math.nan, high=math.nan).negligible


def test_the_last_digits_of_a_sum_are_no_difference():
    assert figure(difference=3.2e-8, low=-1.1e-7, high=1.7e-7).same
    assert not figure(difference=3.2e-4, low=-1.1e-4, high=7.5e-4).same


def test_a_change_in_money_and_its_interval_are_told_in_the_same_millions():
    money = figure(today=1.7e6, difference=95_300.0, low=88_200.0, high=102_400.0, unit="EUR", name="margin")
    assert (money.change, money.interval) == ("EUR +0.0953 M", "+0.0882 to +0.1024")


def test_the_card_of_money_tells_what_the_sentence_judges_by(starts, memory):
    planned, today, what_if = lived(starts, memory, {"firm.strategy.price_index": 1.2})
    made = {card["name"]: card for card in cards(planned, today, what_if)}
    assert made["margin"]["also"]["label"] == "Margin and value of customers"
    beside = next(row for row in made["margin"]["rows"] if row["label"] == made["margin"]["also"]["label"])
    assert made["margin"]["also"]["told"] in (beside["change"], "negligible")
    assert all(card["also"] is None for name, card in made.items() if name != "margin")
    assert PROFIT in CARDS[-1].more


def test_a_figure_that_is_the_same_is_not_told_with_an_interval_of_nothing(starts, memory):
    planned, today, what_if = lived(starts, memory, {"firm.programme.silver": 500})
    told = " ".join(sentences(planned, {"firm.programme.silver": 500}, today, what_if))
    assert "switched off" in told
    assert {card["told"] for card in cards(planned, today, what_if)} == {"no difference"}


@pytest.mark.parametrize(
    ("value", "told"), [(10_000_000, "10,000,000"), (-1.5, "−1.5"), (0.30000000000000004, "0.3"), (1, "1")]
)
def test_values_are_told_as_a_person_writes_them(starts, value, told):
    planned = worlds(Wish("small", {}, None, "told"), starts)
    assert changed(planned, {"firm.desk.ease": value}) == f"Changed: Complaint desk: Ease of complaining 1 → {told}."


def test_the_sentence_tells_first_of_what_the_scenario_asks(shipped, memory):
    changes = {"firm.desk.ease": 2, "market.customers": 300}
    planned, today, what_if = lived(shipped, memory, changes, start="baseline", runs=1)
    assert planned.today.scenario.asks == "register"
    said = sentences(planned, changes, today, what_if)
    assert said[1].startswith("Dissatisfaction in the register: ")


def test_every_scenario_offers_price_promise_quality_and_the_desk(shipped):
    for start in shipped.known:
        shown = sorted(
            (lever for lever in levers(shipped.load(start.key)) if lever["first"] is not None),
            key=lambda lever: lever["first"],
        )
        paths = [lever["path"] for lever in shown]
        assert len(paths) == MOST_FIRST
        assert [lever["first"] for lever in shown] == list(range(MOST_FIRST))
        for needed in (
            "firm.strategy.price_index", "firm.desk.agents", "firm.desk.ease",
            "firm.systems.service.reliability", "firm.strategy.promise.reliability",
        ):  # fmt: skip
            assert needed in paths, start.key
        assert not any(".channels." in path for path in paths), "a share of a whole cannot be moved alone"


@pytest.mark.parametrize(
    ("start", "first"),
    [
        ("strained_call_centre", "firm.people.staffing"),
        ("three_ways_of_steering", "firm.learning.steering"),
        ("rewards_with_bad_service", "firm.programme.offered"),
        ("telecom", "firm.contract.months"),
        ("a_new_rival", "rivals.rival.initial_share"),
        ("the_suggestion_box", "firm.learning.steering"),
    ],
)
def test_what_the_file_is_about_stands_first(shipped, start, first):
    [found] = [lever["path"] for lever in levers(shipped.load(start)) if lever["first"] == 0]
    assert found == first


def test_no_two_levers_are_called_alike(shipped):
    found = levers(shipped.load("a_new_rival"))
    names = [lever["name"] for lever in found]
    assert len(names) == len(set(names)), sorted(name for name in names if names.count(name) > 1)
    by_path = {lever["path"]: lever["name"] for lever in found}
    assert by_path["firm.strategy.price_index"] == "Strategy: Price index"
    assert by_path["rivals.newcomer.strategy.price_index"] == "Rival newcomer, Strategy: Price index"


def test_a_lever_that_the_files_own_plan_sets_later_says_so(shipped):
    planned = worlds(Wish("cut_the_desk", {"firm.desk.agents": 3, "firm.desk.answer_share": 1}, None, "told"), shipped)
    assert planned.doubts == {"firm.desk.agents": "holds until the file's own plan sets it to 0"}


def test_a_market_of_another_size_than_the_page_plays_is_told(shipped):
    planned = worlds(Wish("telecom", {"market.customers": 500_000}, None, "told"), shipped)
    assert any("market of another size" in note for note in planned.notes)
    planned = worlds(Wish("telecom", {"firm.desk.ease": 1}, None, "told"), shipped)
    assert any("sim compare runs all of them" in note for note in planned.notes)


def test_nobody_is_told_to_remove_quotes_that_were_not_typed(starts):
    with pytest.raises(ScenarioError) as refused:
        worlds(Wish("small", {"firm.desk.ease": ""}, None, "told"), starts)
    [told] = refusal(refused.value)
    assert told["key"] == "firm.desk.ease"
    assert "not a number" in told["text"]
    assert "quotes" not in told["text"]


def of_profit(*worlds_by_point):
    """Points of a range in which only margin and the value of customers matter."""

    def shown(profit):
        return ShownWorld({PROFIT: profit, "margin": profit}, None, None, None)

    return [[(shown(today), shown(there)) for today, there in pairs] for pairs in worlds_by_point]


TODAY = (1000.0, 3000.0, 2000.0, 4000.0)
TRIED = LeverRange("firm.desk.ease", (-1.0, 0.0, 2.5), 0.0)


def test_a_range_tells_the_best_value_and_what_cannot_be_told_from_it():
    gains = (500.0, 700.0, 600.0, 640.0)
    better = [(today, today + gain) for today, gain in zip(TODAY, gains, strict=True)]
    alike = [(today, there - off) for (today, there), off in zip(better, (30.0, -20.0, 5.0, 10.0), strict=True)]
    worse = [(today, there - off) for (today, there), off in zip(better, (400.0, 410.0, 390.0, 405.0), strict=True)]
    found = lever_range._best(TRIED, of_profit(worse, alike, better), "EUR")
    assert found["best"] == 2
    assert found["said"].startswith("“Margin and value of customers” is highest at 2.5: EUR +610 against today (")
    assert found["said"].endswith("). Not to be told from it: 0.")
    assert lever_range._best(TRIED, of_profit(worse, worse, better), "EUR")["said"].endswith(").")


def test_a_range_that_brings_nothing_names_no_value():
    open_ = [(today, today + gain) for today, gain in zip(TODAY, (500.0, -400.0, 300.0, -100.0), strict=True)]
    found = lever_range._best(TRIED, of_profit(open_, open_, open_), "EUR")
    assert found["said"] == "“Margin and value of customers” is at none of them surely higher than today."
