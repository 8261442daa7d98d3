"""Why a lever at its bound is no gain for nothing: worked out by hand from a few runs."""

import math
from typing import Any

import numpy as np
import pytest

from sim.model.scenario import Scenario
from sim.parameters.paths import set_path
from sim.studies.advice.desk_that_pays import busier, cases
from sim.studies.advice.levers import FirmLever, LeverStep
from sim.studies.advice.reasons import reason_of_bound

RUNS = 6
NOISE = np.array([-1.0, 1.0, -0.5, 0.5, 0.25, -0.25])


WORLD = set_path(Scenario(), "customers.encounters.frequency_cv", 0.0)
"""In which whoever complains is worth what the average customer is, and a new one costs 45."""


def lever(name: str = "firm.strategy.advertising_cost") -> FirmLever:
    return FirmLever(name, name, "", (0.0, 6.0), (LeverStep(0.0, {name: 0.0}, True), LeverStep(6.0, {}, True)))


def outputs(
    profit: float = 50.0,
    customers: float = 0.0,
    satisfaction: float = 0.0,
    kept: float = 8.0,
    bought: float = 1.0,
    silent: float = 10.0,
) -> Any:
    """Two steps: what the first changes against today's 10,000 of profit, 400 customers and 70 points, with luck of 1.

    Today `kept` of 10 whom the desk answered stay, which costs 40 a case, and `silent` of 20 who said nothing; a
    customer is worth 100.
    """
    counts = {
        "unresolved": 4.0,
        "resolved": 4.0,
        "resolved_quickly": 2.0,
        "complaints_kept": kept,
        "unanswered_kept": 0.0,
        "complaint_lost": 2.0,
        "complaint_captive": 0.0,
        "silent_stayed": silent,
        "silent_captive": 0.0,
        "silent": 20.0,
        "complaint_cost": 300.0,
        "compensation_cost": 100.0,
        "purchases": 9e3,
        "complained_front_line": 0.0,
        "escalated": 0.0,
    }
    today = {f"{name}.total": value for name, value in counts.items()}
    today |= {"profit": 1e4, "customers": 400.0, "satisfaction": 70.0, "customer_equity": 4e4}
    today["lifetime_value"] = 100.0
    change = {"profit": profit, "customers": customers, "satisfaction": satisfaction, "purchases.total": bought}
    return {
        name: np.array([value + (change[name] + NOISE if change.get(name) else np.zeros(RUNS)), np.full(RUNS, value)])
        for name, value in today.items()
    }


def closed() -> Any:
    """Without the desk 5 of 10 stay whom nobody answers, and nothing is spent on complaints."""
    counts = {
        "unresolved": 0.0,
        "resolved": 0.0,
        "resolved_quickly": 0.0,
        "complaints_kept": 5.0,
        "unanswered_kept": 5.0,
        "unanswered": 10.0,
        "complaint_cost": 0.0,
        "compensation_cost": 0.0,
    }
    return {f"{name}.total": np.full(RUNS, value) for name, value in counts.items()}


def reason(turned: FirmLever, found: Any, best: int, world: Scenario) -> str:
    """Of these runs and those without the desk."""
    today = {name: values[1] for name, values in found.items()}
    return reason_of_bound(turned, found, cases(today, closed(), busier(world)), best, world)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, ""),
        ({"profit": 4.0}, "less than 0.1% of today's profit"),
        ({"customers": -12.0}, "customers go for it: -12 of them"),
        ({"satisfaction": -2.5}, "customers pay for it: -2.5 points of satisfaction"),
        ({"customers": -12.0, "satisfaction": -2.5}, "customers pay for it: -12 of them, -2.5 points of satisfaction"),
        ({"customers": -0.5, "satisfaction": 3.0}, ""),  # luck of 1 hides half a customer
        ({"customers": 12.0}, ""),
    ],
)
def test_who_pays_for_a_win_at_the_bound(changes: dict[str, float], said: str) -> None:
    assert reason(lever(), outputs(**changes), 0, WORLD) == said


@pytest.mark.parametrize(("kept", "loses"), [(8.0, True), (9.5, False)])
def test_a_case_that_loses_explains_a_smaller_desk(kept: float, loses: bool) -> None:
    """(.8 - .5) x 100 is less than the 40 that a case costs, (.95 - .5) x 100 more."""
    said = reason(lever("firm.desk.ease"), outputs(kept=kept), 0, WORLD)
    assert said.startswith("by the formula of the desk") is loses
    assert math.isclose((kept / 10 - 0.5) * 100 - 40, -10.0 if loses else 5.0)
    assert not reason(lever("firm.win_back.contacts_per_year"), outputs(kept=kept), 0, WORLD)


@pytest.mark.parametrize(("silent", "loses"), [(10.0, False), (12.0, True)])
def test_whom_nobody_should_invite_to_complain(silent: float, loses: bool) -> None:
    """An answer gains (.95 - .5) x 100 - 40 against none, but to whom it is invited (.95 - .6) x 100 - 40."""
    found = outputs(kept=9.5, silent=silent)
    said = reason(lever("firm.desk.ease"), found, 0, WORLD)
    assert said.startswith("who is invited to complain would have been silent") is loses
    assert not reason(lever("firm.desk.agents"), found, 0, WORLD)


def test_a_desk_that_moves_nobody_is_saved_for_a_reason_and_advertising_is_not() -> None:
    said = reason(lever("firm.desk.ease"), outputs(kept=9.5, bought=0.0), 0, WORLD)
    assert said == "what it saves had done nothing: in no run anybody buys, stays or feels otherwise"
    assert not reason(lever("firm.desk.ease"), outputs(kept=9.5), 0, WORLD)
    assert not reason(lever(), outputs(kept=9.5, bought=0.0), 0, WORLD)


@pytest.mark.parametrize(("welcome", "loses"), [(99.0, False), (101.0, True)])
def test_who_costs_more_than_a_customer_brings_is_not_won(welcome: float, loses: bool) -> None:
    """A newly won customer is worth 100."""
    world = set_path(WORLD, "firm.strategy.welcome_cost", welcome)
    said = reason(lever(), outputs(), 0, world)
    assert said == (f"a newly won customer is worth less than the {welcome:.0f} that one costs" if loses else "")
    assert not reason(lever("firm.systems.service"), outputs(), 0, world)
