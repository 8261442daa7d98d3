"""Whether answering complaints pays, by the counts of the runs themselves."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.results.intervals import mean_interval
from sim.results.measures import ratio
from sim.results.outputs import EQUITY
from sim.words import translated

Values = npt.NDArray[np.float64]

AGENTS = "firm.desk.agents"
"""Turned to 0, the desk is closed."""

SHARE, MONEY, MONEY_A_CASE = "share", "money", "money per case"
LINES = {
    "kept_by_answer": ("Kept, of those who got an answer", SHARE),
    "kept_in_silence": ("Kept, of the silent", SHARE),
    "value_of_customer": ("Value of a customer in hand", MONEY),
    "worth_of_answer": ("Worth of an answer", MONEY_A_CASE),
    "cost_of_case": ("Cost of a case", MONEY_A_CASE),
    "gain": ("Gained by a case", MONEY_A_CASE),
    "closing": ("Profit if the desk is closed", MONEY),
}
"""Lines of the table with label and unit, in order."""


def cases(runs: Mapping[str, Values]) -> dict[str, Values]:
    """What an answered complaint brings and costs, run by run: all lines but `closing`.

    A case pays if (kept by an answer - kept in silence) x value of a customer exceeds its cost.

    - Kept by an answer: of complainers who got one, at the desk or the front line, resolved or not, those who buy
      again, and of the others the captive part, who stay whatever the answer. Captives are not counted by outcome, so
      that their part is taken to be the same for all.
    - Kept in silence: of the dissatisfied who said nothing, those who stay, and those who would leave and cannot.
    - Value of a customer: `customer_equity` over the customers at the end.
    - Cost of a case: what complaints cost (staff, handling, remedies, calling back, compensation), over those that
      got an answer, the same that the share kept is of.

    The two shares are of different people: who speaks up is more loyal, or harder hit, than who does not.

    Args:
        runs: Outputs by name (`sim.studies.advice.advice_plan.COUNTS`, and `customers`): float64[replications].

    Returns:
        float64[replications] by name of the line; NaN where there was no answer, no silence, or no customer.
    """
    answered = runs["unresolved.total"] + runs["resolved.total"] + runs["resolved_quickly.total"]
    kept = runs["complaints_kept.total"] - runs["unanswered_kept.total"]
    would_leave = runs["complaint_lost.total"] + runs["complaint_captive.total"]
    captive = runs["complaint_captive.total"] / np.where(would_leave > 0, would_leave, 1.0)
    willing = ratio(kept, answered)
    by_answer = willing + (1.0 - willing) * captive
    in_silence = ratio(runs["silent_stayed.total"] + runs["silent_captive.total"], runs["silent.total"])
    value = ratio(runs[EQUITY], runs["customers"])
    cost = ratio(runs["complaint_cost.total"] + runs["compensation_cost.total"], answered)
    worth = (by_answer - in_silence) * value
    return {
        "kept_by_answer": by_answer,
        "kept_in_silence": in_silence,
        "value_of_customer": value,
        "worth_of_answer": worth,
        "cost_of_case": cost,
        "gain": worth - cost,
    }


def desk_table(today: Mapping[str, Values], closed: Values | None, profit: Values, currency: str) -> pd.DataFrame:
    """The lines of the desk with their 95% t-intervals over replications.

    Args:
        today: Outputs of today's runs by name.
        closed: Profit of the runs without desk staff; None where that was not run.
        profit: Profit of today's runs, with the same luck.
        currency: Name of the money unit.

    Returns:
        `name`, `label`, `value`, `low`, `high`, `unit`; `closing` is a difference to today.
    """
    found = cases(today)
    if closed is not None:
        found["closing"] = closed - profit
    rows = [
        (name, translated(LINES[name][0]), *mean_interval(values), LINES[name][1].replace("money", currency))
        for name, values in found.items()
    ]
    return pd.DataFrame(rows, columns=["name", "label", "value", "low", "high", "unit"])
