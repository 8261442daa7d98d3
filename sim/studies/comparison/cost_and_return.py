"""What it costs and what it returns: revenue, cost by cost, spending, margin, and the return on spending."""

from __future__ import annotations

import math
from collections.abc import Sequence, Set

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.results.declared_tables import column_names
from sim.results.intervals import Interval, fieller
from sim.results.measures import SPENDING
from sim.results.outputs import EQUITY, OF_THE_RUN, PROFIT
from sim.studies.comparison.differences import paired, pairs, scatter
from sim.words import say, translated

Values = npt.NDArray[np.float64]

COSTS = (
    ("goods_cost", "Goods"),
    ("service_cost", "Serving customers"),
    ("operation_cost", "Running the service"),
    ("overhead_cost", "Overheads"),
    ("staff_cost", "Staff"),
    ("prevention_cost", "Prevention"),
    ("appraisal_cost", "Appraisal"),
    ("complaint_cost", "Complaint handling"),
    ("compensation_cost", "Compensation"),
    ("advertising_cost", "Advertising"),
    ("welcome_cost", "Welcoming new customers"),
    ("win_back_cost", "Win-back"),
    ("programme_cost", "Loyalty programme"),
    ("internal_failure_cost", "Failures found in time"),
    ("failure_effect_cost", "Effects of felt failures"),
    ("warranty_cost", "Warranty"),
)
"""All costs that are booked, with their names."""

ITEMS = ("revenue", *(name for name, _ in COSTS), "margin")
"""Columns of the series that are summed over the run."""

UNBOUNDED = "the change in spending cannot be told apart from 0, so a return on it has no interval"
REPRICED = "prices are changed too, so that margin does not tell what spending brings"
NO_SPENDING = "spending is the same, so there is no return on it"


def _spending(table: pd.DataFrame) -> Values:
    return np.asarray(table[list(SPENDING)].sum(axis=1), np.float64)


def build_money(
    runs: pd.DataFrame, totals: pd.DataFrame, labels: Sequence[str], currency: str, repriced: Set[str] = frozenset()
) -> pd.DataFrame:
    """Money of every later scenario against the first, summed over the run.

    Args:
        runs: A row for each scenario and replication, with `net_present_value`, `customer_equity` and `status`.
        totals: The same rows, in the same order, with the columns `ITEMS`.
        labels: Names of the scenarios, today's first.
        currency: Name of the money unit.
        repriced: Scenarios that ask other prices than the first.

    Returns:
        Rows for each later scenario, in the order of an account: revenue; each cost; spending (the sum of
        `SPENDING`); margin; its present value; the value of the customers in hand at the end, and margin with it, which
        have no difference where that value has no end; the return on spending, which is the change in margin for each
        unit of change in spending, in the column `difference`, with Fieller's interval. Columns: `scenario`, `item`,
        `kind` (`revenue`, `cost`, `spending`, `margin`, `value`, `return`), `label`, `unit`, `first`, `value`,
        `difference`, `low`, `high`, `excludes_zero`, `n`, `note`.
    """
    done = runs["status"] == "done"
    one = {name: totals[done & (runs["scenario"] == name)] for name in labels}
    lived = {name: runs[done & (runs["scenario"] == name)] for name in labels}
    rows: list[tuple[object, ...]] = []
    for label in labels[1:]:

        def column(item: str, label: str = label) -> tuple[Values, Values]:
            return one[labels[0]][item].to_numpy(np.float64), one[label][item].to_numpy(np.float64)

        spent = _spending(one[labels[0]]), _spending(one[label])
        earned = column("margin")
        present, equity = (
            tuple(lived[name][item].to_numpy(np.float64) for name in (labels[0], label))
            for item in ("net_present_value", EQUITY)
        )
        words = say("Spending on quality, staff, complaints, rewards and winning customers")
        rows.append(_row(label, currency, "revenue", "revenue", "Revenue", *column("revenue")))
        rows += [_row(label, currency, item, "cost", translated(name), *column(item)) for item, name in COSTS]
        rows.append(_row(label, currency, "spending", "spending", words, *spent))
        rows.append(_row(label, currency, "margin", "margin", "Margin", *earned))
        rows.append(_row(label, currency, "net_present_value", "margin", say("Present value of margin"), *present))
        rows.append(_row(label, currency, EQUITY, "value", translated(OF_THE_RUN[EQUITY][0]), *equity))
        whole = earned[0] + equity[0], earned[1] + equity[1]
        rows.append(_row(label, currency, PROFIT, "value", translated(OF_THE_RUN[PROFIT][0]), *whole))
        rows.append(_return(label, currency, earned, spent, repriced=label in repriced))
    return pd.DataFrame(rows, columns=column_names("money", beside=__name__))


def _row(label: str, currency: str, item: str, kind: str, words: str, a: Values, b: Values) -> tuple[object, ...]:
    found = paired(a, b)
    return (
        label,
        item,
        kind,
        words,
        currency,
        float(a.mean()),
        float(b.mean()),
        found.value,
        found.low,
        found.high,
        found.excludes_zero,
        found.n,
        "",
    )


def _return(
    label: str, currency: str, earned: tuple[Values, Values], spent: tuple[Values, Values], *, repriced: bool
) -> tuple[object, ...]:
    """The row of the return on spending."""
    still = len(spent[0]) > 1 and scatter(*spent) == 0.0
    x = np.full(len(spent[0]), float((spent[1] - spent[0]).mean())) if still else spent[1] - spent[0]
    if still and abs(x[0]) <= 1e-9 * float(np.abs(spent[0]).max()):
        ratio, note = Interval(math.nan, math.nan, math.nan), translated(NO_SPENDING)
    else:
        ratio = fieller(pairs(*earned)[1] - pairs(*earned)[0], x)
        note = translated(UNBOUNDED) if len(x) > 1 and math.isnan(ratio.low) else ""
        note = translated(REPRICED) if repriced else note
    sure = ratio.low > 0.0 or ratio.high < 0.0
    words = say("Change in margin per {currency} of change in spending", currency=currency)
    return (
        label,
        "return_on_spending",
        "return",
        words,
        f"{currency} per {currency}",
        math.nan,
        math.nan,
        *ratio,
        sure,
        len(x),
        note,
    )
