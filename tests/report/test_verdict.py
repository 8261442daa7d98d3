"""What a meeting is told of a comparison: the answer, what to do, how sure, from figures set by hand."""

import pandas as pd
import pytest

from sim.model.market import Market, Run
from sim.model.scenario import Change, Scenario
from sim.parameters.paths import set_path
from sim.studies.comparison import comparison_words as words
from sim.studies.comparison import verdict_words as verdicts
from sim.studies.comparison.changed import build_changed
from sim.studies.comparison.comparison import Comparison
from sim.studies.comparison.comparison_page import _brief, _cards, _ranks

TODAY = Scenario(name="today", market=Market(customers=400), run=Run(periods=104))
EASE = set_path(TODAY, "firm.desk.ease", 2.0).model_copy(update={"name": "ease"})
PRICE = set_path(TODAY, "firm.strategy.price_index", 0.9).model_copy(update={"name": "price"})
RIVAL = set_path(TODAY, "rivals.rival.desk.ease", 2.0).model_copy(update={"name": "rival"})


VALUES = ["unit", "first", "value", "difference", "low", "high", "excludes_zero"]


def figures(label, **changes):
    """Rows of the differences: of each figure the value today, the change, and the ends of its interval."""
    usual = {
        "retention": (0.8, 0.0, -0.01, 0.01),
        "satisfaction": (77.0, 0.0, -1.0, 1.0),
        "complaint_share": (0.04, 0.0, -0.01, 0.01),
        "seen_share": (0.04, 0.0, -0.01, 0.01),
        "customers": (200.0, 0.0, -20.0, 20.0),
        "market_share": (0.5, 0.0, -0.1, 0.1),
        "margin": (90_000.0, 0.0, -5_000.0, 5_000.0),
    }
    units = {"satisfaction": "points (0-100)", "customers": "people", "margin": "EUR"}
    rows = []
    for name, (first, difference, low, high) in (usual | changes).items():
        sure = low > 0 or high < 0
        rows.append(
            (label, name, name, units.get(name, "share"), first, first + difference, difference, low, high, sure)
        )
    columns = ["scenario", "figure", "label", "unit", "first", "value", "difference", "low", "high", "excludes_zero"]
    return pd.DataFrame(rows, columns=columns).assign(
        excludes_zero_together=[row[-1] for row in rows],
        meaning="",
        variance_ratio=1.0,
        ratio_low=1.0,
        ratio_high=1.0,
        n=4,
    )


def money(label, **changes):
    """Rows of the table of money likewise; the return on spending has no value today."""
    usual = {
        "spending": (9_000.0, 0.0, -500.0, 500.0),
        "margin": (90_000.0, 0.0, -5_000.0, 5_000.0),
        "net_present_value": (88_000.0, 0.0, -5_000.0, 5_000.0),
        "customer_equity": (400_000.0, 0.0, -500.0, 500.0),
        "profit": (490_000.0, 0.0, -5_000.0, 5_000.0),
        "return_on_spending": (float("nan"), -7.0, -9.0, -5.0),
    }
    rows = []
    for name, (first, difference, low, high) in (usual | changes).items():
        kind = "return" if name == "return_on_spending" else name
        unit = "EUR per EUR" if kind == "return" else "EUR"
        rows.append(
            (label, name, kind, unit, first, first + difference, difference, low, high, low > 0 or high < 0, "")
        )
    columns = [
        "scenario",
        "item",
        "kind",
        "unit",
        "first",
        "value",
        "difference",
        "low",
        "high",
        "excludes_zero",
        "note",
    ]
    return pd.DataFrame(rows, columns=columns)


def compared(*later, runs=None):
    """A comparison of today with worlds, each as scenario, differences, money."""
    scenarios = {"today": TODAY} | {scenario.name: scenario for scenario, _, _ in later}
    empty = pd.DataFrame()
    found = runs or dict.fromkeys(scenarios, (90000.0, 90000.0))
    lived = [(label, r, "done", value, 400_000.0) for label, values in found.items() for r, value in enumerate(values)]
    return Comparison(
        scenarios=scenarios,
        differences=pd.concat([differences for _, differences, _ in later], ignore_index=True),
        runs=pd.DataFrame(lived, columns=["scenario", "replication", "status", "margin", "customer_equity"]),
        persons=empty,
        money=pd.concat([amounts for _, _, amounts in later], ignore_index=True),
        trajectories=empty,
        changed=build_changed(scenarios),
        manifest={"seed": 1, "replications": 4},
    )


LOST, GAINED = (90_000.0, -52_000.0, -60_000.0, -44_000.0), (900_000.0, 230_400.0, 170_000.0, 290_800.0)
LOSES = {"margin": LOST, "profit": (490_000.0, -70_000.0, -80_000.0, -60_000.0)}
GAINS = {"margin": GAINED, "profit": (2_000_000.0, 300_000.0, 240_000.0, 360_000.0)}
NO_END = {"customer_equity": (float("nan"),) * 4, "profit": (float("nan"),) * 4}
SAVES = {"spending": (90_000.0, -31_000.0, -33_000.0, -29_000.0)}
SPENDS = {"spending": (9_000.0, 3_000.0, 2_500.0, 3_500.0)}


def one(scenario, amounts, **changes):
    merged = {name: value for name, value in amounts.items() if name == "margin"} | changes
    return scenario, figures(scenario.name, **merged), money(scenario.name, **amounts)


def test_the_answer_comes_first_then_what_is_saved_and_lost():
    found = compared(one(EASE, LOSES | SAVES, customers=(200.0, -30.0, -40.0, -20.0)))
    assert verdicts.headline(found) == (
        "The plan “ease” "
        "does not pay: EUR 52,000 (44,000 to 60,000) less margin over 2 years, and EUR 70,000 (60,000 to 80,000) "
        "less with the value of the customers in hand at the end. It saves EUR 31,000 (29,000 to 33,000) of spending; "
        "30 (20 to 40) fewer customers at the end."
    )
    assert verdicts.answer_first(found)[1].startswith("It saves EUR 31,000")
    assert verdicts.what_to_do(found) == "Stay with today."


def test_what_pays_is_recommended_with_what_falls():
    found = compared(one(PRICE, GAINS | SPENDS, satisfaction=(77.0, -2.0, -2.5, -1.5)))
    assert verdicts.headline(found).startswith(
        "The plan “price” "
        "pays: EUR 0.230 M (0.170 to 0.291) more margin over 2 years, and EUR 0.300 M (0.240 to 0.360) more with "
        "the value of the customers in hand at the end. It takes"
    )
    told = verdicts.what_to_do(found)
    assert told.startswith("Do “price”. But look at what falls: satisfaction −2.00 points (−2.50 to −1.50)")


def test_what_cannot_be_told_is_open_and_recommends_nothing():
    found = compared(one(EASE, {}))
    found = compared(one(EASE, {"profit": (490_000.0, 0.0, -9_000.0, 9_000.0)}))
    assert verdicts.headline(found).startswith(
        "Whether the plan “ease” "
        "pays is open: no sure change in margin (EUR −5,000 to +5,000) over 2 years, and EUR 0 (−9,000 to "
        "+9,000) with the value of the customers in hand at the end. "
    )
    assert verdicts.what_to_do(found).startswith("Whether “ease” pays is open: more runs")
    assert verdicts.what_to_do(compared(one(EASE, {}), one(PRICE, LOSES | SAVES))).endswith(
        "Do not do this, which surely loses money: price."
    )


def test_what_is_surely_small_is_negligible():
    tiny = {"margin": (90_000.0, 40.0, 10.0, 70.0), "profit": (490_000.0, -900.0, -1_600.0, -200.0)}
    found = compared(one(EASE, tiny, customers=(1_000.0, 1.0, 0.0, 2.0)))
    assert verdicts.headline(found).startswith(
        "The plan “ease” "
        "makes next to no difference: hardly any change in margin over 2 years, and EUR −900 (−1,600 to −200) "
        "with the value of the customers in hand at the end. "
    )
    assert "Customers change negligibly" in verdicts.headline(found)
    assert verdicts.what_to_do(found) == (
        "Stay with today. What “ease” brings within 2 years is small beside the value of the customers in hand."
    )


LATER = {
    "margin": LOST,
    "customer_equity": (400_000.0, 100_000.0, 9e4, 1.1e5),
    "profit": (490_000.0, 48_000.0, 4e4, 56_000.0),
}
SPENT = {
    "margin": GAINED,
    "customer_equity": (2e6, -300_400.0, -4e5, -2e5),
    "profit": (2_900_000.0, -70_000.0, -8e4, -6e4),
}


@pytest.mark.parametrize(
    ("amounts", "begins", "advised", "why"),
    [
        (
            LATER,
            "The plan “ease” "
            "pays, though not within 2 years: EUR 52,000 (44,000 to 60,000) less margin by then, but EUR 48,000 "
            "(40,000 to 56,000) more with the value",
            "Do “ease”. It takes patience: EUR 52,000 (44,000 to 60,000) less margin within 2 years",
            "afterwards the customers whom it leaves in hand bring more than that.",
        ),
        (
            SPENT,
            "The plan “ease” "
            "does not pay in the long run: EUR 0.230 M (0.170 to 0.291) more margin over 2 years, but EUR 70,000 "
            "(60,000 to 80,000) less with the value",
            "Stay with today. What “ease” brings within 2 years it loses again, and more, in the value of the "
            "customers in hand.",
            "is less than what the customers would still have brought whom it costs.",
        ),
    ],
)
def test_margin_and_the_value_in_hand_may_point_to_opposite_sides_and_it_is_said_why(amounts, begins, advised, why):
    found = compared(one(EASE, amounts))
    assert verdicts.headline(found).startswith(begins)
    assert verdicts.what_to_do(found).startswith(advised)
    assert words.costs_and_returns(found, "ease")[-1].endswith(why)


def test_without_an_end_of_the_value_in_hand_margin_alone_decides():
    found = compared(one(EASE, LOSES | NO_END))
    assert verdicts.headline(found).startswith(
        "The plan “ease” does not pay: EUR 52,000 (44,000 to 60,000) less margin over 2 years. No certain change"
    )
    assert verdicts.what_to_do(found) == "Stay with today."
    assert "Margin and value of customers" not in [card["label"] for card in _cards(found, "ease")]
    assert not any("in hand" in text for text in words.costs_and_returns(found, "ease"))


def test_what_the_firm_does_not_choose_is_not_recommended():
    found = compared(one(RIVAL, LOSES))
    assert verdicts.headline(found).startswith("What happens in “rival” harms the firm: EUR 52,000")
    assert verdicts.headline(compared(one(RIVAL, LOSES | NO_END))).startswith(
        "What happens in “rival” costs the firm EUR 52,000"
    )
    assert "Nothing here is the firm's to choose" in verdicts.what_to_do(found)
    assert not verdicts.is_a_choice(found, "rival")


@pytest.mark.parametrize(
    ("complaints", "retention", "begins"),
    [
        (
            (0.04, 0.1, 0.09, 0.11),
            (0.8, 0.02, 0.01, 0.03),
            "Yes, both: of the dissatisfied 14.0% complain",
        ),
        ((0.04, 0.1, 0.09, 0.11), (0.8, 0.01, -0.01, 0.03), "More complaints, but not surely more customers who stay"),
        ((0.04, 0.1, 0.09, 0.11), (0.8, -0.02, -0.03, -0.01), "More complaints, but fewer customers who stay"),
        ((0.04, 0.0, -0.01, 0.01), (0.8, 0.02, 0.01, 0.03), "No: complaints do not surely rise"),
    ],
)
def test_whether_more_complain_and_more_stay_is_answered_first(complaints, retention, begins):
    asking = EASE.model_copy(update={"asks": "voice"})
    assert verdicts.headline(compared(one(asking, {}, complaint_share=complaints, retention=retention))).startswith(
        begins
    )


def test_more_than_two_worlds_are_ranked_and_the_best_is_set_against_the_next():
    found = compared(one(EASE, LOSES), one(PRICE, GAINS))
    assert verdicts.ranked(found) == ["price", "today", "ease"]
    assert [(row.also, row.label) for row in _ranks(found)] == [("1", "price"), ("2", "today"), ("3", "ease")]
    assert verdicts.headline(found).startswith(
        "Of the 2 scenarios, “price” brings most, margin and the value of the customers in hand at the end together: "
        "EUR +0.300 M (+0.240 to +0.360) against today, of which margin over 2 years: EUR +0.230 M"
    )
    assert verdicts.headline(found).endswith("No other of them brings more than today.")
    better = {"margin": (90_000.0, 9_000.0, 8_000.0, 10_000.0), "profit": (490_000.0, 9_000.0, 8_000.0, 10_000.0)}
    both = one(EASE, better), one(PRICE, GAINS)
    close = {"today": (80.0, 85.0), "ease": (100.0, 104.0), "price": (99.0, 105.0)}
    told = verdicts.headline(compared(*both, runs=close))
    assert told.endswith("Whether it is better than ease cannot be told with these runs.")
    apart = close | {"price": (120.0, 124.5)}
    assert verdicts.headline(compared(*both, runs=apart)).endswith("It surely leads ease, which comes next.")
    worse = dict.fromkeys(("margin", "profit"), (90000.0, -99000.0, -110000.0, -88000.0))
    none = compared(one(EASE, LOSES), one(PRICE, worse))
    assert verdicts.headline(none).startswith("None of the 2 brings more than today, margin and the value of the")


def test_two_worlds_have_no_table():
    assert _ranks(compared(one(EASE, LOSES))) == []


def test_a_return_is_shown_only_where_more_is_surely_spent():
    def shown(amounts):
        found = compared(one(EASE, amounts))
        return [card["label"] for card in _cards(found, "ease")], " ".join(_brief(found)[1].said)

    for amounts in (SAVES, {}):
        cards, said = shown(amounts)
        assert "Margin for spending" not in cards
        assert "Each EUR" not in said
    cards, said = shown(SPENDS)
    assert "Margin for spending" in cards
    assert "Each EUR spent more changes margin by EUR −7.00 (−9.00 to −5.00)" in said


def test_a_dated_change_is_told_beside_todays_value_with_its_date():
    later = TODAY.model_copy(update={"name": "later", "timeline": [Change(at=26, set={"firm.desk": {"ease": -1.0}})]})
    table = build_changed({"today": TODAY, "later": later})
    (date,) = {label.partition(" from ")[2] for label in table["label"]}
    assert table["label"].tolist() == [f"Complaint desk: Ease of complaining from {date}"]


def test_a_rival_that_not_all_have_is_one_line():
    fewer = TODAY.model_copy(update={"rivals": []})
    table = build_changed({"today": TODAY, "fewer": fewer})
    assert table[["path", "label", "today", "fewer"]].to_numpy().tolist() == [
        ["rivals.rival", "Rival rival", "there", "-"]
    ]


def test_where_nothing_changes_luck_decides_nothing():
    still = {name: (first, 0.0, 0.0, 0.0) for name, first in (("margin", 90_000.0), ("profit", 490_000.0))}
    figures_still = dict.fromkeys(
        ("retention", "satisfaction", "complaint_share", "seen_share", "customers", "market_share", "margin"),
        (1.0, 0.0, 0.0, 0.0),
    )
    found = compared((EASE, figures("ease", **figures_still), money("ease", **still)))
    assert verdicts.headline(found) == "The plan “ease” changes nothing."
    assert verdicts.how_sure(found).endswith("here luck decides nothing.")
    assert "stands" in verdicts.how_sure(compared(one(EASE, LOSES)))


def test_where_customers_cannot_leave_it_is_told_what_they_get_and_not_whether_it_pays():
    found = compared(one(EASE, LOSES | SPENDS, satisfaction=(73.0, 1.3, 1.2, 1.4), customers=(200.0, 0.0, -0.1, 0.1)))
    captive = found.scenarios["today"].model_copy(update={"asks": "captives"})
    found = type(found)(**{**vars(found), "scenarios": found.scenarios | {"today": captive}})
    first, more = verdicts.answer_first(found)
    assert first.startswith("The plan “ease” serves those who cannot leave better: satisfaction +1.30 points")
    assert first.endswith("it takes EUR 52,000 (44,000 to 60,000) of margin over 2 years.")
    assert more.startswith("It takes EUR 3,000 (2,500 to 3,500) more spending")
    told = verdicts.what_to_do(found)
    assert told.startswith("Whether that is worth EUR 52,000 (44,000 to 60,000) is to be decided, and not by money")
    assert told.endswith("Each point of satisfaction takes EUR 40,000.")  # 52,000 for 1.3
