"""Why a lever wins by its bound, where the runs themselves say it: what a strategist has to weigh against the money."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.model.scenario import Scenario
from sim.results.intervals import mean_interval
from sim.results.outputs import PROFIT
from sim.studies.advice.advice_plan import LIFETIME, UNITS
from sim.studies.advice.levers import FirmLever
from sim.studies.advice.verdicts import BOUND, EXPLAINED, INSIDE, MATERIAL, SURE, is_small, paired, surely_falls
from sim.words import percent, say, written

Values = npt.NDArray[np.float64]

DESK = "firm.desk."
PEOPLE = ("customers", "satisfaction", UNITS, "silent.total")
"""What people do and feel."""

EASE = "firm.desk.ease"
"""What invites complaints."""

WINNING = ("firm.strategy.advertising_cost", "firm.onboarding.spending", "firm.win_back.contacts_per_year")
"""What is spent to win customers, or back, or to make them at home."""


def reason_of_bound(
    lever: FirmLever, outputs: Mapping[str, Values], desk: Mapping[str, Values], best: int, scenario: Scenario
) -> str:
    """Why the best step of a lever, at a bound, is no gain for nothing; empty where nothing in the runs says so.

    - It surely brings less than `MATERIAL` of today's profit.
    - It saves a cost at the complaint desk that does nothing: in no run anybody buys, stays or feels otherwise.
    - It does less at the complaint desk, where a case surely loses by the formula of `desk_that_pays`.
    - It invites fewer complaints, where one of somebody who would have been silent surely loses by the same formula.
    - It wins fewer customers, or does less for new ones, where one newly won is surely worth less than it costs.
    - Customers pay for it: there are surely fewer of them, or they are surely less satisfied.

    Args:
        lever: What is turned.
        outputs: Outputs of its steps by name: float64[steps, replications].
        desk: What its cases bring and cost, from all runs with the desk and without: `desk_that_pays.cases`.
        best: Which step brings most.
        scenario: Today.
    """
    today = {name: values[lever.number_of_today] for name, values in outputs.items()}
    if is_small(outputs[PROFIT][best], today[PROFIT]):
        return say("less than {share} of today's profit", share=percent(MATERIAL, 1))
    welcome = scenario.firm.strategy.welcome_cost
    at_the_desk = lever.name.startswith(DESK)
    if at_the_desk and all(np.array_equal(outputs[name][best], today[name], equal_nan=True) for name in PEOPLE):
        return say("what it saves had done nothing: in no run anybody buys, stays or feels otherwise")
    if at_the_desk and mean_interval(desk["gain"], SURE).high < 0.0:
        return say("by the formula of the desk a case costs more than the customers that an answer keeps")
    if lever.name == EASE and best == 0 and mean_interval(desk["gain_by_inviting"], SURE).high < 0.0:
        return say(
            "who is invited to complain would have been silent, and stays nearly as often: a case costs more than it "
            "keeps"
        )
    if lever.name in WINNING and best == 0 and mean_interval(today[LIFETIME], SURE).high < welcome:
        return say("a newly won customer is worth less than the {cost} that one costs", cost=written(welcome, ",.4g"))
    fewer, worse = (surely_falls(outputs[name][best], today[name]) for name in ("customers", "satisfaction"))
    if not (fewer or worse):
        return ""
    customers, satisfaction = (
        written(paired(outputs[name][best], today[name]).value, "+,.3g") for name in ("customers", "satisfaction")
    )
    if fewer and worse:
        return say(
            "customers pay for it: {customers} of them, {satisfaction} points of satisfaction",
            customers=customers,
            satisfaction=satisfaction,
        )
    if fewer:
        return say("customers go for it: {customers} of them", customers=customers)
    return say("customers pay for it: {satisfaction} points of satisfaction", satisfaction=satisfaction)


def explain_parts(levers: Sequence[dict[str, Any]]) -> None:
    """Explain single parameters by their section, where all of it together brings more, and has its best inside.

    One dimension can do little, so that its best lies far out; what it is a part of does not go that far.

    >>> whole = {"lever": "promise", "verdict": INSIDE, "change": 9.0, "best": 3.5, "label": "All", "reason": ""}
    >>> part = {"lever": "promise.empathy", "verdict": BOUND, "change": 4.0, "best": 2.0, "reason": ""}
    >>> explain_parts([whole, part])
    >>> part["verdict"], part["reason"]
    ('explained', 'All: more, with the best inside, at 3.5')
    """
    wholes = {f"{row['lever']}.": row for row in levers if row["verdict"] == INSIDE}
    for row in levers:
        for section, whole in wholes.items():
            if row["verdict"] == BOUND and row["lever"].startswith(section) and whole["change"] >= row["change"]:
                row["verdict"] = EXPLAINED
                row["reason"] = say(
                    "{label}: more, with the best inside, at {value}",
                    label=whole["label"],
                    value=written(float(whole["best"]), ".3g"),
                )
