"""What a study's first page tells to do: of each verdict another thing, and of luck nothing."""

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from sim.model.offer import Offer
from sim.model.scenario import Scenario
from sim.results.drift import DRIFTS, STEADY, UNCLEAR
from sim.studies.advice import advice_words
from sim.studies.advice.verdicts import BOUND, INSIDE, NOTHING
from sim.studies.balance import balance_words
from sim.studies.causes import causes_words
from sim.studies.offers import offers_words
from sim.studies.sensitivity import sensitivity_words
from sim.studies.shares import shares_words


@pytest.mark.parametrize(
    ("money", "more", "told"),
    [
        ((-9.0, -1.0), (0.0, 0.0), "Do not make this offer"),
        ((-1.0, 9.0), (1.0, 2.0), "Try it on a few first"),
        ((1.0, 9.0), (1.0, 2.0), "Make the offer to 20% of the customers, chosen by spending."),
        ((1.0, 9.0), (-1.0, 2.0), "Make the offer to 20% of the customers; drawing them by lot will do."),
    ],
)
def test_an_offer_is_made_to_the_chosen_only_where_choosing_surely_pays(money, more, told):
    best = pd.Series({"label": "By spending", "money_low": money[0], "money_high": money[1], "more_low": more[0]})
    found: Any = SimpleNamespace(best=best, share=0.2, reaches_nobody=False)
    assert offers_words.what_to_do(found).startswith(told)


def test_what_ways_of_choosing_earn_under_one_budget_is_told_where_they_cost_differently():
    rows = pd.DataFrame(
        {
            "policy": ["random", "value", "bound"],
            "label": ["At random", "By spending", "Bound"],
            "cost": [600.0, 900.0, 600.0],
            "same_offers": [200.0, 130.0, 200.0],
            "same_money": [-450.0, -300.0, 90.0],
            "same_money_low": [-500.0, -400.0, 80.0],
            "same_money_high": [-400.0, -200.0, 99.0],
        }
    )
    policy = rows.set_index("policy").loc.__getitem__
    found: Any = SimpleNamespace(policies=rows, policy=policy, reaches_nobody=False, scenario=Scenario())
    assert offers_words._of_one_budget(found) == [
        "Under one budget, the EUR 600 that offers at random cost: by spending 130 offers, EUR −300 (−400 to −200)."
    ]
    rows["cost"] = 600.0
    assert offers_words._of_one_budget(found) == []


def test_of_an_offer_it_is_told_that_nobody_gets_it_or_what_it_costs_and_brings():
    groups = pd.DataFrame({"group": ["stays", "saved", "leaves", "driven"], "people": [780.0, 20.0, 200.0, 0.0]})
    best = pd.Series({"label": "At random", "offers": 200.0, "reached": 200.0, "cost": 600.0, "money": -450.0})
    best = pd.concat([best, pd.Series({"saved": 4.0, "driven": 0.0})])
    found: Any = SimpleNamespace(
        best=best, share=0.2, groups=groups, reaches_nobody=False, scenario=Scenario(), failed=(), offer=Offer()
    )
    found.policies = pd.DataFrame({"policy": ["random"], "cost": [600.0]})
    found.policy = lambda _: {"cost": 600.0}
    told = offers_words.of_all(found)[1]
    assert told.startswith("Chosen at random, 200 offers cost EUR 600 and bring EUR 150 by the end of the run: most")
    found.best = pd.concat([best.drop("saved"), pd.Series({"saved": 150.0})])
    assert offers_words.of_all(found)[1].endswith("bring EUR 150 by the end of the run.")
    found.offer, found.best = Offer(answers=True), pd.concat([best.drop("reached"), pd.Series({"reached": 0.37})])
    assert offers_words.of_all(found)[1].startswith(
        "It reaches those alone who wait for an answer: chosen at random, 0.37 of 200. Theirs cost EUR 600 and bring"
    )
    found.reaches_nobody = True
    assert "Nobody gets this offer" in offers_words.headline(found)
    assert "complaints wait" in offers_words.what_to_do(found)
    assert len(offers_words.of_all(found)) == 1
    assert offers_words.of_talk(found) == []


@pytest.mark.parametrize(
    ("verdict", "after", "told"),
    [
        (STEADY, 2.0, "Compare from the balanced scenario"),
        (STEADY, 1.0, "Compare from this scenario as it is"),
        (DRIFTS, 2.0, "Take no level of this scenario for the effect"),
        (UNCLEAR, 2.0, "Run it again"),
    ],
)
def test_only_from_a_steady_start_levels_are_compared(verdict, after, told):
    found: Any = SimpleNamespace(verdict=verdict, start=pd.DataFrame({"before": [1.0], "after": [after]}))
    assert balance_words.what_to_do(found).startswith(told)


def by_causes(*rows: tuple[str, str, float]) -> Any:
    """Causes with their meaning and the lower end of their share; but for each alone 8 would have stayed."""
    table = pd.DataFrame(rows, columns=["cause", "meaning", "low"]).assign(
        label=lambda t: t["cause"].str.capitalize(), but_for=8.0
    )
    return SimpleNamespace(by_share=table, causes=table)


@pytest.mark.parametrize(
    ("low", "told"), [(0.5, "Begin with this cause: Failures. But for it alone 8"), (-0.5, "No cause")]
)
def test_a_cause_is_taken_up_where_it_surely_drives_customers_away(low, told):
    assert causes_words.what_to_do(by_causes(("failures", "no service fails", low)))[0].startswith(told)


def test_nobody_is_told_to_begin_with_rivals():
    """The kind as such, and one of them: what comes next is what the firm can change."""
    rivals, one = ("rivals", "no rival is in the market", 9.0), ("cheap", "rivals.cheap.in_market=false", 7.0)
    told = causes_words.what_to_do(by_causes(rivals, one, ("failures", "no service fails", 0.5)))
    assert told[0].startswith("Begin with this cause: Failures.")
    assert told[-1].startswith("That there are rivals no firm can change")
    assert causes_words.what_to_do(by_causes(one))[0].startswith("No cause")


def test_a_range_that_goes_below_nothing_is_explained():
    row = {"is_there": True, "value": 40.0, "low": 30.0, "high": 50.0, "most": 60.0, "but_for": 8.0, "only_there": 0.0}
    table = pd.DataFrame(
        [
            {"cause": "price", "label": "Price", "least": -7.0, **row},
            {"cause": "failures", "label": "Failures", "least": 30.0, **row},
            {"cause": "talk", "label": "Talk", "least": -3.0, **row, "value": 0.3, "low": -2.0, "high": 3.0},
        ]
    )
    figures = {"leavers": {"value": 100.0}, "explained": {"value": 80.3}}
    found: Any = SimpleNamespace(by_share=table, causes=table, line=figures.get)
    *each, told = causes_words.of_each(found)
    assert len(each) == 3
    assert "hardly anybody (−3.0 to 60" in each[2]
    assert told.startswith("Below 0 means that there is an order in which more leave once this is taken out: Price and")
    found.by_share = table.iloc[1:2]
    assert len(causes_words.of_each(found)) == 1


def test_levers_of_a_plan_are_sorted_by_what_they_surely_do():
    rows = pd.DataFrame({"label": ["Ease", "Price", "Staff"], "low": [1.0, -3.0, -1.0], "high": [2.0, -2.0, 1.0]})
    rows = rows.assign(today=["0.2", "1", "8"], plan=["0", "1.2", "9"])
    total = {"label": "Margin", "unit": "EUR", "change": 1234.0, "low": 1000.0, "high": 1500.0}
    found: Any = SimpleNamespace(outputs=["margin"], of=lambda _: rows, total=lambda _: pd.Series(total))
    assert shares_words.what_to_do(found) == [
        "Do this: Ease (0.2 → 0). It surely raises: Margin.",
        "Think again about this: Price (1 → 1.2). It surely lowers: Margin.",
        "Not to be told from nothing: Staff (8 → 9). Without them the plan is simpler, and not surely another.",
    ]
    assert shares_words.of_total(found, "margin") == "Margin: EUR +1,230 (+1,000 to +1,500)."


def test_what_wins_for_nothing_is_doubted_and_what_is_paid_for_tried_first():
    levers = pd.DataFrame(
        {
            "label": ["Ease", "Staff", "Apology"],
            "verdict": [BOUND, INSIDE, NOTHING],
            "best": [2.0, 3.0, 1.0],
            "best_from": [1.5, 2.5, 0.5],
            "best_to": [2.0, 4.5, 2.0],
            "change": [900.0, 500.0, 0.0],
        }
    )
    found: Any = SimpleNamespace(
        scenario=Scenario(), levers=levers, with_verdict=lambda verdict: levers[levers["verdict"] == verdict]
    )
    assert advice_words.what_to_do(found) == [
        "Try first, one at a time: Staff at about 3, between 2.5 and 4.5 (EUR +500).",
        "Find out first what these cost, which win by their bound for nothing here: Ease.",
    ]


@pytest.mark.parametrize(("lever", "told"), [(True, "decide on"), (False, "find out")])
def test_what_matters_most_is_decided_or_found_out(lever, told):
    ranked = pd.DataFrame({"factor": ["firm.desk.ease", "firm.desk.agents"], "high": [0.9, 0.01]})
    found: Any = SimpleNamespace(
        outputs=["retention"],
        scenario=Scenario(),
        method="sobol",
        ranked=lambda _: ranked,
        axes=[SimpleNamespace(path=path) for path in ranked["factor"]],
        axis=lambda _: SimpleNamespace(lever=lever),
    )
    first, second = sensitivity_words.what_to_do(found)
    assert first.startswith(f"For yearly retention, {told} Ease of complaining first")
    assert second == "No better figure is needed of Desk staff."
