"""The table of assumptions: what each does to the answer at both ends of its range, and whether that turns it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from sim.report.signed_changes import negligible
from sim.results.answer import TableColumn
from sim.results.declared_tables import column_names, declared_columns
from sim.results.intervals import LEVEL, Interval, mean_interval
from sim.studies.assumed.candidates import Assumed
from sim.studies.assumed.look import ALL_LUCK, LookedAt, LookPlan

MORE, LESS, OPEN = "more", "less", "open"
"""What an answer says: surely more than today, surely less, or neither."""

BOOKS, RIVALS, TRIAL = "books", "rivals", "trial"
"""Who knows better: the firm's own books, whoever watches rivals, or nobody before a survey or a trial."""

_IN_THE_BOOKS = (
    "firm.costs.operation_share",
    "firm.costs.overhead_share",
    "firm.costs.warranty_share",
    "firm.costs.repair_price",
    "firm.strategy.gross_margin",
    "firm.strategy.welcome_cost",
    "firm.initial_share",
    "customers.encounters.purchases_per_year",
    "customers.encounters.help_requests_per_year",
    "customers.encounters.repairs_per_year",
    "customers.encounters.spend_per_purchase",
    "customers.encounters.spend_cv",
    "customers.encounters.frequency_cv",
    "money.discount_rate",
)


def assumption_columns() -> list[TableColumn]:
    """Columns of the table of assumptions."""
    return declared_columns("assumptions", beside=__name__)


def build_assumptions(label: str, plan: LookPlan, looked: Sequence[LookedAt], currency: str) -> pd.DataFrame:
    """A row for each assumption and end; columns as `assumption_columns`.

    Args:
        label: Name of the plan.
        plan: What was looked at.
        looked: What came of it.
        currency: Unit of the answer.
    """
    confirmed = sum(item.stage == ALL_LUCK for item in looked)
    level = 1.0 - (1.0 - LEVEL) / max(1, confirmed)
    known = mean_interval(plan.known.values())
    says = _says(known, float(np.nanmean(list(plan.today.values()))), currency)
    rows = []
    for item in looked:
        rows.append({"scenario": label, **_about(item.assumed), **_row(item, level, says, currency)})
    first, _rank, *others = column_names("assumptions", beside=__name__)
    table = pd.DataFrame(rows, columns=[first, *others])
    sizes = table["difference"].abs().groupby(table["assumption"]).transform("max").fillna(0.0)
    order = pd.DataFrame({"looked": table["stage"] != ALL_LUCK, "size": -sizes, "name": table["assumption"]})
    table = table.loc[order.sort_values(["looked", "size", "name"], kind="stable").index].reset_index(drop=True)
    table.insert(1, "rank", pd.factorize(table["assumption"])[0] + 1)
    return table


def _about(assumed: Assumed) -> dict[str, Any]:
    low, high = assumed.practical
    return {
        "assumption": assumed.name,
        "label": assumed.label,
        "unit": assumed.unit,
        "origin": assumed.origin,
        "source": assumed.source,
        "known_by": known_by(assumed),
        "value": assumed.value,
        "practical_low": low,
        "practical_high": high,
        "outside": assumed.is_outside,
    }


def known_by(assumed: Assumed) -> str:
    """Who knows better what it is."""
    if assumed.name.startswith("rivals."):
        return RIVALS
    return BOOKS if assumed.name in _IN_THE_BOOKS or assumed.is_price else TRIAL


def _row(item: LookedAt, level: float, says: str, currency: str) -> dict[str, Any]:
    end = item.assumed.ends[item.number]
    complete = np.isfinite(item.answers) & np.isfinite(item.base)
    answers, base = item.answers[complete], item.base[complete]
    answer, difference = mean_interval(answers, level), mean_interval(answers - base, level)
    if item.stage != ALL_LUCK:
        answer, difference = (Interval(found.value, math.nan, math.nan) for found in (answer, difference))
    there = _says(answer, item.today, currency) if item.stage == ALL_LUCK else ""
    turns = there in (MORE, LESS) and there != says
    sure = bool(difference.low > 0.0 or difference.high < 0.0)
    before = float(base.mean()) if base.size else math.nan
    turns_at = math.nan
    if turns and says != OPEN and before * answer.value < 0.0:
        value = item.assumed.value
        turns_at = value + (end.value - value) * before / (before - answer.value)
    return {
        "end": end.end,
        "at": end.value,
        "base": before,
        "answer": answer.value,
        "answer_low": answer.low,
        "answer_high": answer.high,
        "difference": difference.value,
        "low": difference.low,
        "high": difference.high,
        "sure": sure,
        "says": there,
        "as_it_is": says,
        "turns": turns,
        "opens": there == OPEN != says and sure and before * difference.value < 0.0,
        "turns_at": turns_at,
        "stage": item.stage,
        "pairs": int(complete.sum()),
        "currency": currency,
    }


def _says(answer: Interval, today: float, currency: str) -> str:
    """What an answer says, as the verdict of a comparison judges it."""
    row = pd.Series({"first": today, "difference": answer.value, "low": answer.low, "high": answer.high})
    if not math.isfinite(answer.value) or negligible(pd.Series({**row, "unit": currency})):
        return OPEN
    if answer.low > 0.0:
        return MORE
    return LESS if answer.high < 0.0 else OPEN
