"""Whether answering complaints pays, by the counts of the runs themselves."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.model.scenario import Scenario
from sim.results.intervals import Interval, mean_interval
from sim.results.measures import ratio
from sim.results.outputs import EQUITY, PROFIT
from sim.studies.advice.closing import change_by_closing
from sim.words import translated

Values = npt.NDArray[np.float64]

AGENTS = "firm.desk.agents"
"""Turned to 0, the desk is closed."""

CLOSED = {AGENTS: 0.0}
"""What is changed where the desk is closed."""

SHARE, MONEY, MONEY_A_CASE, PAIRS = "share", "money", "money per case", "pairs of runs"
LINES = {
    "kept_by_answer": ("Kept, of those whom the desk answered", SHARE),
    "kept_unanswered": ("Kept, of those without an answer", SHARE),
    "kept_in_silence": ("Kept, of the silent", SHARE),
    "value_of_customer": ("Value of a customer in hand", MONEY),
    "value_of_complainer": ("Value of a complainer in hand", MONEY),
    "worth_of_answer": ("Worth of an answer", MONEY_A_CASE),
    "cost_of_case": ("Cost of a case", MONEY_A_CASE),
    "gain": ("Gained by a case", MONEY_A_CASE),
    "gain_by_inviting": ("Gained by a case of somebody who would have been silent", MONEY_A_CASE),
    "closing_by_formula": ("Profit if the desk is closed, by the formula", MONEY),
    "closing": ("Profit if the desk is closed", MONEY),
    "pairs": ("Runs with the desk and without", PAIRS),
}
"""Lines of the table with label and unit, in order."""


def busier(scenario: Scenario) -> float:
    """How much more often than the average customer a complainer meets the firm: 1 + cv^2, by the segments' shares.

    A complaint is about an encounter, so that it comes from somebody in proportion to the personal frequency: with mean
    1 and variance cv^2 the mean of those who complain is 1 + cv^2 (the inspection paradox). Who complains more readily,
    and that the busiest are the first to leave, is left out.

    >>> from sim.parameters.paths import set_path
    >>> busier(set_path(Scenario(), "customers.encounters.frequency_cv", 0.5))
    1.25
    """
    return sum(segment.share * (1.0 + segment.encounters.frequency_cv**2) for segment in scenario.all_segments)


def cases(today: Mapping[str, Values], closed: Mapping[str, Values], weight: float) -> dict[str, Values]:
    """What a complaint that the desk answers brings and costs, run by run: all lines up to `closing_by_formula`.

    A case pays if (kept by an answer - kept without one) x value of a complainer exceeds its cost.

    - Kept by an answer: of complainers whom the desk answered, resolved or not, those who buy again, and of the others
      the captive part, who stay whatever the answer. The front line answers too, desk or not: of its answers that share
      is taken that they keep where the desk is closed. Captives are not counted by outcome, so that their part is taken
      to be the same for all.
    - Kept without an answer: likewise, of those who get none where the desk is closed. They are the same people: whom a
      closed desk leaves without an answer does not become silent.
    - Kept in silence: of the dissatisfied who said nothing, those who stay, and those who would leave and cannot. They
      are others: who speaks up is more loyal, or harder hit. But it is among them that complaints are *invited*, by
      ease: such a case gains (kept by an answer - kept in silence) x value of a complainer - its cost.
    - Value of a customer: `customer_equity` over the customers at the end; of a complainer: `weight` times as much.
    - Cost of a case: what complaints cost (staff, handling, remedies, calling back, compensation) beyond what they cost
      where the desk is closed, over those that it answered.

    By the formula, closing the desk changes profit by -gain for each of them.

    Args:
        today: Outputs by name (`sim.studies.advice.advice_plan.COUNTS`, and `customers`): float64[replications].
        closed: Likewise, with the desk closed and the same luck.
        weight: Of a complainer against the average customer, see `busier`.

    Returns:
        float64[replications] by name of the line; NaN where the desk answered nobody, all got an answer without it,
        nobody was silent, or there was no customer.
    """
    answered, answered_without = _answered(today), _answered(closed)
    elsewhere = today["complained_front_line.total"] - today["escalated.total"]
    at_desk = answered - elsewhere
    kept_elsewhere = _nothing_for_nan(ratio(_kept(closed), answered_without)) * elsewhere
    would_leave = today["complaint_lost.total"] + today["complaint_captive.total"]
    captive = today["complaint_captive.total"] / np.where(would_leave > 0, would_leave, 1.0)
    willing = ratio(_kept(today) - kept_elsewhere, at_desk)
    by_answer = willing + (1.0 - willing) * captive
    willing = ratio(closed["unanswered_kept.total"], closed["unanswered.total"])
    unanswered = willing + (1.0 - willing) * captive
    value = ratio(today[EQUITY], today["customers"])
    cost = ratio(_spent(today) - _spent(closed), at_desk)
    worth = (by_answer - unanswered) * value * weight
    silent = ratio(today["silent_stayed.total"] + today["silent_captive.total"], today["silent.total"])
    return {
        "kept_by_answer": by_answer,
        "kept_unanswered": unanswered,
        "kept_in_silence": silent,
        "value_of_customer": value,
        "value_of_complainer": value * weight,
        "worth_of_answer": worth,
        "cost_of_case": cost,
        "gain": worth - cost,
        "gain_by_inviting": (by_answer - silent) * value * weight - cost,
        "closing_by_formula": (cost - worth) * at_desk,
    }


def _answered(runs: Mapping[str, Values]) -> Values:
    return runs["unresolved.total"] + runs["resolved.total"] + runs["resolved_quickly.total"]


def _kept(runs: Mapping[str, Values]) -> Values:
    return runs["complaints_kept.total"] - runs["unanswered_kept.total"]


def _spent(runs: Mapping[str, Values]) -> Values:
    return runs["complaint_cost.total"] + runs["compensation_cost.total"]


def _nothing_for_nan(values: Values) -> Values:
    return np.where(np.isnan(values), 0.0, values)


def desk_table(
    today: Mapping[str, Values], closed: Mapping[str, Values], scenario: Scenario, looks: int
) -> pd.DataFrame:
    """The lines of the desk with their 95% t-intervals over replications.

    Args:
        today: Outputs of today's runs by name.
        closed: Likewise, without desk staff and with the same luck.
        scenario: Whose desk it is.
        looks: How often what closing does was looked at, at most: its interval is that of `change_by_closing`.

    Returns:
        `name`, `label`, `value`, `low`, `high`, `unit`; `closing` is a difference to today.
    """
    pairs = float(np.isfinite(closed[PROFIT] - today[PROFIT]).sum())
    told = cases(today, closed, busier(scenario))
    found = {name: _possible(mean_interval(values), LINES[name][1]) for name, values in told.items()}
    found["closing"] = change_by_closing(closed[PROFIT], today[PROFIT], looks)
    found["pairs"] = Interval(pairs, math.nan, math.nan)
    rows = [
        (name, translated(LINES[name][0]), *interval, LINES[name][1].replace("money", scenario.money.currency))
        for name, interval in found.items()
    ]
    return pd.DataFrame(rows, columns=["name", "label", "value", "low", "high", "unit"])


def _possible(found: Interval, unit: str) -> Interval:
    return found.within(0.0, 1.0) if unit == SHARE else found
