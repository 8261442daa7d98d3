"""What a study's first page tells to do: of each verdict another thing, and of luck nothing."""

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

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
    found: Any = SimpleNamespace(best=best, share=0.2)
    assert offers_words.what_to_do(found).startswith(told)


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


@pytest.mark.parametrize(
    ("low", "told"), [(0.5, "Begin with this cause: Rivals. But for it alone 8"), (-0.5, "No cause")]
)
def test_a_cause_is_taken_up_where_it_surely_drives_customers_away(low, told):
    found: Any = SimpleNamespace(
        by_share=pd.DataFrame({"cause": ["rivals"], "label": ["Rivals"], "low": [low], "but_for": [8.0]})
    )
    assert causes_words.what_to_do(found)[0].startswith(told)


def test_levers_of_a_plan_are_sorted_by_what_they_surely_do():
    rows = pd.DataFrame({"label": ["Ease", "Price", "Staff"], "low": [1.0, -3.0, -1.0], "high": [2.0, -2.0, 1.0]})
    total = {"label": "Margin", "unit": "EUR", "change": 1234.0, "low": 1000.0, "high": 1500.0}
    found: Any = SimpleNamespace(outputs=["margin"], of=lambda _: rows, total=lambda _: pd.Series(total))
    assert shares_words.what_to_do(found) == [
        "Do this: Ease. It surely raises: Margin.",
        "Think again about this: Price. It surely lowers: Margin.",
        "Not to be told from nothing: Staff. Without them the plan is simpler, and not surely another.",
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
        axis=lambda _: SimpleNamespace(lever=lever),
    )
    first, second = sensitivity_words.what_to_do(found)
    assert first.startswith(f"For yearly retention, {told} Complaint desk: Ease of complaining first")
    assert second == "No better figure is needed of Complaint desk: Desk staff."
