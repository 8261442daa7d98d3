"""What is counted: one integer tally for each observable, firm and segment, in every period.

All tallies are int64, so that sums do not depend on their order. Counts are whole numbers; money, satisfaction
and other real amounts are fixed-point numbers with `FIXED_POINT` steps to the unit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sim.kernel_marks import Names

FIXED_POINT = 65536.0

STOCK, FLOW = "stock", "flow"
COUNT, AMOUNT = "count", "amount"


@dataclass(frozen=True)
class Observable:
    """One tally.

    Attributes:
        name: Column name in the tables.
        kind: `stock` (at the end of the period) or `flow` (during it).
        form: `count` (whole number) or `amount` (fixed point).
        unit: Unit of the value once the fixed point is undone.
        meaning: One sentence.
    """

    name: str
    kind: str
    form: str
    unit: str
    meaning: str


def counts(kind: str, unit: str, rows: Mapping[str, str]) -> tuple[Observable, ...]:
    """Observables that are whole numbers; `rows` gives the meaning of each.

    >>> counts(FLOW, "people", {"entered": "newcomers to the market"})[0].form
    'count'
    """
    return tuple(Observable(name, kind, COUNT, unit, meaning) for name, meaning in rows.items())


def amounts(kind: str, unit: str, rows: Mapping[str, str]) -> tuple[Observable, ...]:
    """Observables that are real amounts, kept as fixed-point numbers; `rows` gives the meaning of each."""
    return tuple(Observable(name, kind, AMOUNT, unit, meaning) for name, meaning in rows.items())


O = Names()  # noqa: E741
"""Place of every observable in a tally: `O.revenue`; numbered by `sim.model.rooms`."""
