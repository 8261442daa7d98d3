"""Contracts: whoever decides to leave waits for the end of a term, keeps the notice, or pays the fee.

Every comparison asks for |z| < 6 with the exact variance: a correct program fails it with probability 2e-9.
"""

import math

import numpy as np
import pytest

from sim.model.movement import CAUSES

PEOPLE = 100_000
NATURAL, SWITCH = CAUSES.index("left_natural"), CAUSES.index("left_switch")
INITIAL, NEWCOMERS = 0, 1
YEAR = {"month": 12, "week": 52}


def bound(rival, wish, *, periods, period="month", contract=None, attrition=0.0, freedom=5.0):
    """All come from the rival in the first period; from then on each decides at rate `wish` a year to go back to it."""
    return {
        "run.period": period,
        "run.periods": periods,
        "firm.initial_share": 0.0,
        "rivals": [rival(initial_share=1.0)],
        "customers.bonds.reviews_per_year": 365.0,
        "movement.switch_share": 1.0,
        "movement.freedom": freedom,
        "firm.contract": {"exit_fee": 1e6, **(contract or {})},
        "customers.bonds.attrition_per_year": attrition,
        "timeline": [{"at": 1, "set": {"customers.bonds.reviews_per_year": wish}}],
    }


@pytest.mark.parametrize(("period", "notice"), [("month", 2.0), ("week", 3.0)])
def test_a_wish_to_leave_waits_for_the_end_of_the_term(simulate, rival, closed_form, period, notice):
    """At the first end leave 1 - exp(-mu (T - nu)), at the next exp(-mu (T - nu)) (1 - exp(-mu R)), in between none."""
    settings = f"wish .8 a year, term 12, notice {notice:.0f}, renewal 6 months, {period}s"
    compare = closed_form("contract: leaving in steps", "renewal argument (textbook)", settings)
    year = YEAR[period]
    contract = {"months": 12.0, "renewal_months": 6.0, "notice_months": notice}
    tables = simulate(bound(rival, 0.8, periods=year * 3 // 2 + 1, period=period, contract=contract), seed=61)
    left = tables.leavers[0, NEWCOMERS, SWITCH]
    until, again = math.exp(-0.8 * (12 - notice) / 12), math.exp(-0.8 * 6 / 12)
    for name, tenure, exact in (("first", year, 1 - until), ("second", year * 3 // 2, until * (1 - again))):
        compare(f"leave at the {name} end", exact, left[tenure] / PEOPLE, math.sqrt(exact * (1 - exact) / PEOPLE))
    assert set(np.flatnonzero(left)) == {year, year * 3 // 2}


def test_who_waits_may_still_move_away_or_die(simulate, rival, flow, closed_form):
    """With hazard h a month: (1 - h)^11 of those who decided are there at the end; h is as without contracts."""
    compare = closed_form("contract: attrition is not held", "competing risks", "wish .8, attrition .3 a year, 12 / 2")
    contract = {"months": 12.0, "renewal_months": 6.0, "notice_months": 2.0}
    tables = simulate(bound(rival, 0.8, periods=13, contract=contract, attrition=0.3), seed=62)
    hazard = 1 - 0.7 ** (1 / 12)
    came = flow(tables, "won_switch")[0]  # the first month takes some before they come
    left = tables.leavers[0, NEWCOMERS]
    exact = (1 - hazard) ** 11 * (1 - math.exp(-0.8 * 10 / 12))
    compare("leave at the first end", exact, left[SWITCH, 12] / came, math.sqrt(exact * (1 - exact) / came))
    exact = 1 - (1 - hazard) ** 11
    compare("natural before it", exact, left[NATURAL, :12].sum() / came, math.sqrt(exact * (1 - exact) / came))


def test_a_fee_sets_free_whom_freedom_is_worth_it(simulate, rival, closed_form):
    """Who decides a months after coming has 12 - a to wait: exp(-fee / (worth (12 - a))) of them pay and are gone."""
    compare = closed_form("contract: early exit", "exponential worth of freedom", "wish .8, fee 45, worth 6 a month")
    contract = {"months": 12.0, "renewal_months": 12.0, "notice_months": 0.0, "exit_fee": 45.0}
    tables = simulate(bound(rival, 0.8, periods=7, contract=contract, freedom=6.0), seed=63)
    stay = math.exp(-0.8 / 12)
    left = tables.leavers[0, NEWCOMERS, SWITCH]
    for age in (1, 6):
        exact = stay ** (age - 1) * (1 - stay) * math.exp(-45.0 / (6.0 * (12 - age)))
        compare(f"pay after {age} months", exact, left[age] / PEOPLE, math.sqrt(exact * (1 - exact) / PEOPLE))


def test_the_contracts_of_initial_customers_end_evenly(simulate, rival, closed_form):
    """All decide at once; who is in month a of 12 leaves after 12 - a more, or at 18 where the notice is late."""
    compare = closed_form("contract: phases at the start", "uniform phases", "term 12, notice 2, renewal 6 months")
    settings = {
        "run.periods": 12,
        "rivals": [rival()],
        "customers.bonds.reviews_per_year": 365.0,
        "movement.switch_share": 1.0,
        "firm.contract": {"months": 12.0, "renewal_months": 6.0, "notice_months": 2.0, "exit_fee": 1e6},
    }
    tables = simulate(settings, seed=64)
    left = tables.leavers[0, INITIAL, SWITCH]
    for month, of_twelve in enumerate((0, 0, 1, 1, 1, 1, 2, 2, 1, 1, 1, 1)):
        exact = of_twelve / 12
        if of_twelve == 0:
            assert left[month] == 0
        else:
            sd = math.sqrt(exact * (1 - exact) / PEOPLE)
            compare(f"leave in month {month}", exact, left[month] / PEOPLE, sd, show=month in (2, 6))
