"""Whether a case pays, by hand, from made-up counts."""

import math

import numpy as np
import pytest

from sim.results.outputs import EQUITY
from sim.studies.advice.desk_that_pays import cases, desk_table

COUNTS = {
    EQUITY: 90_000.0,
    "customers": 300.0,
    "silent.total": 200.0,
    "silent_stayed.total": 90.0,
    "silent_captive.total": 30.0,
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


def runs(**changed):
    return {name: np.array([value, value]) for name, value in (COUNTS | changed).items()}


def test_a_case_by_hand():
    """Kept by an answer: 65 of 100, and of the other 35 a quarter cannot leave. In silence: 120 of 200.

    The 100 that were answered cost 4,000 and 640 of compensation.
    """
    found = {name: float(values[0]) for name, values in cases(runs()).items()}
    assert found == pytest.approx(
        {
            "kept_by_answer": 0.65 + 0.35 / 4,
            "kept_in_silence": 0.6,
            "value_of_customer": 300.0,
            "worth_of_answer": 0.1375 * 300.0,
            "cost_of_case": 46.4,
            "gain": 0.1375 * 300.0 - 46.4,
        }
    )


def test_where_nobody_can_leave_an_answer_keeps_nobody():
    captive = runs(**{"complaint_lost.total": 0.0, "silent_stayed.total": 50.0, "silent_captive.total": 150.0})
    found = cases(captive)
    assert found["worth_of_answer"].tolist() == [0.0, 0.0]
    assert found["gain"].tolist() == [-46.4, -46.4]


def test_a_desk_that_answered_nobody_cannot_be_judged():
    none = {"unresolved.total": 0.0, "resolved.total": 0.0, "resolved_quickly.total": 0.0}
    found = cases(runs(**none))
    assert all(math.isnan(value) for value in found["gain"])


def test_the_table_says_what_closing_does():
    table = desk_table(runs(), np.array([90.0, 110.0]), np.array([100.0, 100.0]), "GBP").set_index("name")
    assert table.loc["closing", "value"] == 0.0
    assert table.loc["cost_of_case", ["value", "unit"]].tolist() == [46.4, "GBP per case"]
    assert "closing" not in desk_table(runs(), None, np.zeros(2), "GBP")["name"].tolist()
