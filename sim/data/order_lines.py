"""Orders of which every item is a row of its own, as shops export them: one row for each is kept."""

from __future__ import annotations

from sim.data.users_table import UsersTable
from sim.words import plural, say

SAME = ("customer", "date")
"""What the rows of one order have in common, where nothing numbers it."""


def join_lines(table: UsersTable) -> None:
    """Keep one row of each order whose amount stands in one row only, or in all of them; whatever was found is said.

    Rows without an amount that have the customer and the date of the row above are further items of its order. Of
    orders by their number the amount is the whole order's where all the rows of each have the same; else rows add up.

    Args:
        table: Of purchases.
    """
    if "amount" not in table:
        return
    texts = table.columns["amount"]
    further = {
        row
        for row in range(1, len(table))
        if not texts[row] and all(table.columns[name][row] == table.columns[name][row - 1] for name in SAME)
    }
    if further:
        words = plural(
            "{n:,} row without an amount is a further item of the order above, and is left aside",
            "{n:,} rows without an amount are further items of the orders above, and are left aside",
            len(further),
        )
        table.tell(say("items"), words)
    orders: dict[str, list[int]] = {}
    for row, order in enumerate(table.columns.get("order", ())):
        if order and row not in further:
            orders.setdefault(order, []).append(row)
    several = [rows for rows in orders.values() if len(rows) > 1]
    if several and any(texts[row] != texts[rows[0]] for rows in several for row in rows):
        table.about(say("items")).say("amounts in the rows of one {name!r} are added up", name=table.names["order"])
    elif several:
        further |= {row for rows in several for row in rows[1:]}
        table.odd.plural(
            "{n:,} {name!r} has several rows with the same amount in each: it is taken as the order's, once",
            "{n:,} of {name!r} have several rows with the same amount in each: it is taken as the order's, once",
            len(several),
            name=table.names["order"],
        )
    table.keep([row for row in range(len(table)) if row not in further])
