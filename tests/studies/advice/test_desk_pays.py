"""Closing the desk loses where an answer keeps customers by the formula, and the table says where it does not.

The formula is (kept by an answer - kept in silence) x value of a customer, less the cost of a case; closing is what
profit does in runs with the same luck. Seeds are fixed; intervals are 95% over four replications of 8,000 people.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.studies.advice.advice_words import of_desk
from sim.studies.advice.advise import advise

pytestmark = pytest.mark.slow
SHIPPED = Path(__file__).parents[3] / "scenarios"


def desk(name: str):
    few = ["market.customers=8000"]
    return advise(
        SHIPPED / f"{name}.yaml", levers=["desk.agents"], overrides=few, replications=4, steps=1, engine="in-process",
        workers=1,
    )  # fmt: skip


def test_where_an_answer_keeps_customers_closing_loses():
    """A shop: 70 of 100 who got an answer come back, 35 of the silent, and a customer is worth hundreds."""
    shop = desk("retail")
    assert shop.line("kept_by_answer")["value"] > shop.line("kept_in_silence")["value"] + 0.2
    assert shop.line("gain")["low"] > 0.0
    assert shop.line("closing")["high"] < 0.0
    assert of_desk(shop)[0].startswith("By the formula, an answered complaint pays")


@pytest.mark.parametrize("name", ["captive_customers", "public_office", "culture_poor"])
def test_where_it_keeps_nobody_the_table_says_so(name):
    """Captives stay whatever the answer; poor answers are no answers: a case costs more than it keeps."""
    found = desk(name)
    assert abs(found.line("kept_by_answer")["value"] - found.line("kept_in_silence")["value"]) < 0.1
    assert found.line("gain")["high"] < 0.0
    assert found.line("closing")["high"] > 0.0
    assert of_desk(found)[0].startswith("By the formula, an answered complaint does not pay")
