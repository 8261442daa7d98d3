"""Whether a case pays, by hand, from made-up counts."""

import math

import numpy as np
import pytest

from sim.model.scenario import Scenario
from sim.parameters.paths import set_path
from sim.results.outputs import EQUITY, PROFIT
from sim.studies.advice.closing import coverage, look_until_told
from sim.studies.advice.desk_that_pays import busier, cases, desk_table

COUNTS = {
    EQUITY: 90_000.0,
    PROFIT: 100.0,
    "customers": 300.0,
    "silent.total": 200.0,
    "silent_stayed.total": 90.0,
    "silent_captive.total": 30.0,
    "complained_front_line.total": 80.0,
    "escalated.total": 20.0,
    "unanswered.total": 25.0,
    "unresolved.total": 40.0,
    "resolved.total": 35.0,
    "resolved_quickly.total": 25.0,
    "complaints_kept.total": 70.0,
    "unanswered_kept.total": 5.0,
    "complaint_lost.total": 41.25,
    "complaint_captive.total": 13.75,
    "complaint_cost.total": 4000.0,
    "compensation_cost.total": 640.0,
}
WITHOUT = {
    PROFIT: 90.0,
    "unanswered.total": 60.0,
    "unresolved.total": 30.0,
    "resolved.total": 0.0,
    "resolved_quickly.total": 20.0,
    "complaints_kept.total": 47.0,
    "unanswered_kept.total": 12.0,
    "complaint_cost.total": 1500.0,
    "compensation_cost.total": 140.0,
}
"""Where the desk is closed: the front line answers 50 and keeps 35 of them, 12 of 60 stay whom nobody answers."""


def runs(**changed):
    return {name: np.array([value, value]) for name, value in (COUNTS | changed).items()}


def without(**changed):
    return {name: np.array([value, value]) for name, value in (WITHOUT | changed).items()}


def test_a_case_by_hand():
    """100 were answered, 60 of them by the front line, which keeps .7 of them with a desk and without: 42 of the 65.

    So the desk keeps 23 of 40, and a quarter of the others cannot leave; without an answer .2 stay, and likewise. With
    the desk complaints cost 3,000 more.
    """
    found = {name: float(values[0]) for name, values in cases(runs(), without(), 1.5).items()}
    by_answer, unanswered = 0.575 + 0.425 / 4, 0.2 + 0.8 / 4
    worth = (by_answer - unanswered) * 450.0
    assert found == pytest.approx(
        {
            "kept_by_answer": by_answer,
            "kept_unanswered": unanswered,
            "kept_in_silence": 0.6,
            "value_of_customer": 300.0,
            "value_of_complainer": 450.0,
            "worth_of_answer": worth,
            "cost_of_case": 75.0,
            "gain": worth - 75.0,
            "gain_by_inviting": (by_answer - 0.6) * 450.0 - 75.0,
            "closing_by_formula": 40 * (75.0 - worth),
        }
    )


def test_what_the_front_line_answers_is_not_the_desks():
    """Whatever the front line costs and keeps, a case at the desk is as it was: 23 of 40 kept, at 75 each."""
    more = runs(**{"complaint_cost.total": 9000.0})
    same = without(**{"complaint_cost.total": 6500.0})
    assert cases(more, same, 1.0)["cost_of_case"].tolist() == [75.0, 75.0]
    none = {"complained_front_line.total": 0.0, "escalated.total": 0.0}
    nobody = dict.fromkeys(("unresolved.total", "resolved_quickly.total"), 0.0)
    found = cases(runs(**none), without(**nobody, **{"complaints_kept.total": 12.0}), 1.0)
    assert found["kept_by_answer"].tolist() == pytest.approx([0.65 + 0.35 / 4] * 2)


def test_where_nobody_can_leave_an_answer_keeps_nobody():
    captive = runs(**{"complaint_lost.total": 0.0, "silent_stayed.total": 50.0, "silent_captive.total": 150.0})
    found = cases(captive, without(), 1.0)
    assert found["worth_of_answer"].tolist() == [0.0, 0.0]
    assert found["gain"].tolist() == [-75.0, -75.0]


def test_a_desk_that_answered_nobody_cannot_be_judged():
    none = {"unresolved.total": 35.0, "resolved.total": 0.0, "resolved_quickly.total": 25.0}
    found = cases(runs(**none), without(), 1.0)
    assert all(math.isnan(value) for value in found["gain"])


def test_who_meets_the_firm_more_often_complains_more_often():
    """Frequencies of 1 +- .6 with equal chance: those who complain have (1.6^2 + .4^2) / 2 = 1.36 on average."""
    assert busier(set_path(Scenario(), "customers.encounters.frequency_cv", 0.6)) == pytest.approx(1.36)


def lucky(dice, effect):
    """Further pairs of runs whose difference has a mean of `effect` and a deviation of 1."""

    def more(numbers):
        zero = np.zeros(len(numbers))
        return {PROFIT: zero}, {PROFIT: dice.normal(effect, 1.0, len(numbers))}

    return more


def pairs_until_told(dice, effect, looks):
    more = lucky(dice, effect)
    today, closed = look_until_told(*more(range(10)), looks, more)
    return today[PROFIT].size, closed[PROFIT]


def test_pairs_are_added_until_closing_can_be_told_from_luck():
    dice = np.random.default_rng(5)
    assert pairs_until_told(dice, 20.0, 6)[0] == 10
    assert 10 < pairs_until_told(dice, 0.5, 6)[0] < 320
    assert pairs_until_told(dice, 0.5, 1)[0] == 10


def test_looking_again_names_a_sign_where_there_is_none_in_one_of_a_hundred():
    """2,000 studies of nothing: 20 are expected at most; more than 38 in one of 10,000 test seeds (binomial)."""
    dice = np.random.default_rng(8)
    sizes = [pairs_until_told(dice, 0.0, 4)[0] for _ in range(2000)]
    false_alarms = sum(size < 80 for size in sizes)
    assert false_alarms <= 38
    assert coverage(4) == pytest.approx(0.9975)


def test_the_table_says_what_closing_does():
    closed = {**without(), PROFIT: np.array([90.0, 110.0])}
    world = set_path(Scenario(), "money.currency", "GBP")
    table = desk_table(runs(), closed, world, 1).set_index("name")
    assert table.loc["closing", "value"] == 0.0
    assert table.loc["pairs", "value"] == 2.0
    assert table.loc["cost_of_case", ["value", "unit"]].tolist() == [75.0, "GBP per case"]
    # 99% with one degree of freedom: t is 63.66, the standard error 10
    assert table.loc["closing", "high"] == pytest.approx(636.6, abs=0.1)
    # each of six looks has 1 - .01 / 6
    assert desk_table(runs(), closed, world, 6).set_index("name").loc["closing", "high"] > 3000.0
