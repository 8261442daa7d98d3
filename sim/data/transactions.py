"""Purchases, a row each: who, when, and for how much. What models of repeat buying start from is counted here.

Of each customer: repeat purchases on other days, the time from the first to the last of them, and the time from the
first to the end of the data (Fader, Hardie & Lee 2005). Purchases of one day count once.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.data.churn_table import tell_together
from sim.data.column_names import folded
from sim.data.life_table import Array
from sim.data.order_lines import join_lines
from sim.data.repeat_buying import fitted
from sim.data.table_kinds import UNIT_PRICES
from sim.data.table_settings import missing_said
from sim.data.units import UNITS_PER_YEAR
from sim.data.users_table import UsersTable
from sim.vocabulary.errors import ScenarioError
from sim.vocabulary.extras import MissingExtraError
from sim.words import listed, say

FEWEST_CUSTOMERS = 10
FEWEST_ONCE = 20
"""Purchases from which on it is strange that nobody bought twice."""

MUCH = 0.25
"""Share of all purchases that no one customer makes."""

MONEY = ("$", "€", "£", "¥", "₹", "EUR", "USD", "GBP", "CHF")


@dataclass(frozen=True)
class Purchases:
    """Purchases by customer, in the order in which customers first stand in the table.

    Attributes:
        table: Where they come from.
        customers: Their ids.
        until: Last day of the data.
        frequency: Days after the first on which each bought again, float64[n].
        recency: Days from the first purchase to the last, float64[n].
        age: Days from the first purchase to the end of the data, float64[n].
        amount: What each paid in all, float64[n]; not a number where the table does not say.
    """

    table: UsersTable
    customers: tuple[str, ...]
    until: dt.date
    frequency: Array
    recency: Array
    age: Array
    amount: Array


def read_purchases(table: UsersTable) -> Purchases:
    """From one row a purchase: `customer`, `date`, and `amount` if there is one.

    With the setting `exported`, purchases up to that day are counted; else the last day of the table is the end.

    Args:
        table: Of the kind `transactions`.

    Raises:
        ScenarioError: With line and column of what is wrong.
    """
    join_lines(table)
    days = table.dates("date")
    amounts = table.numbers("amount") if "amount" in table else np.full(len(table), np.nan)
    _doubt_money(table)
    back = amounts < 0.0
    if "quantity" in table:
        pieces = table.numbers("quantity")
        back |= pieces < 0.0
        amounts = _of_pieces(table, amounts, pieces)
    for row, text in enumerate(table.columns["customer"]):
        if not text:
            table.complain(
                row,
                "customer",
                say("empty"),
                hint=say("such rows are left aside by {setting}", setting=missing_said([""])),
            )
    table.check()
    dated = [day or dt.date.min for day in days]
    until = table.settings.exported or max(dated)
    bought: dict[str, set[dt.date]] = {}
    paid: dict[str, float] = {}
    for who, day, amount, given in zip(table.columns["customer"], dated, amounts.tolist(), back, strict=True):
        if day <= until:
            paid[who] = paid.get(who, 0.0) + amount
            if not given:
                bought.setdefault(who, set()).add(day)
    if len(bought) < FEWEST_CUSTOMERS:
        raise ScenarioError(
            say("too little to learn from"),
            place=table.label,
            found=say("{customers} customers", customers=len(bought)),
            allowed=say("at least {fewest} customers", fewest=FEWEST_CUSTOMERS),
        )
    first = {who: min(when) for who, when in bought.items()}
    found = Purchases(
        table,
        tuple(bought),
        until,
        np.array([len(when) - 1 for when in bought.values()], np.float64),
        np.array([(max(when) - first[who]).days for who, when in bought.items()], np.float64),
        np.array([(until - day).days for day in first.values()], np.float64),
        np.array([paid[who] for who in bought]),
    )
    _tell(found, np.array([day <= until for day in dated]), amounts, back)
    tell_together(table)
    if (found.frequency > 0.0).any() and (found.age > 0.0).all():
        _tell_repeat_buying(found)
    return found


def _doubt_money(table: UsersTable) -> None:
    """Say where amounts are of more than one money, which are added up."""
    signs = sorted({sign for text in table.columns.get("amount", ()) for sign in MONEY if sign in text})
    if len(signs) > 1:
        table.odd.say("amounts in {signs} are added up as they are", signs=listed(signs))


def _of_pieces(table: UsersTable, amounts: Array, pieces: Array) -> Array:
    """What a row costs: price by quantity where the amount is the price of one piece, which is said."""
    name = table.names.get("amount", "")
    if folded(name) not in UNIT_PRICES:
        return amounts
    table.about(say("amounts")).say("{name!r} times {pieces!r}", name=name, pieces=table.names["quantity"])
    return amounts * pieces


def _tell_repeat_buying(found: Purchases) -> None:
    """What the BG/NBD model says of it, and what of that a scenario can hold."""
    try:
        model = fitted(found.frequency, found.recency / 7.0, found.age / 7.0)
    except MissingExtraError as error:
        found.table.tell(say("model"), str(error))
        return
    found.table.about(say("model")).say(
        "BG/NBD in weeks (Fader, Hardie & Lee 2005): r {r:.3f}, alpha {alpha:.3f}, a {a:.3f}, b {b:.3f}, "
        "log-likelihood {log_likelihood:,.1f}",
        **model._asdict(),
    )
    found.table.about(say("scenario")).say(
        "customers.encounters.purchases_per_year {rate:.3g} and frequency_cv {spread:.3g} while customers are "
        "active; customers.drop_out.per_purchase {drop_out:.3f} and polarization {unequal:.3f}",
        rate=UNITS_PER_YEAR["days"] / 7.0 * model.r / model.alpha,
        spread=model.r**-0.5,
        drop_out=model.drop_out,
        unequal=1.0 / (1.0 + model.a + model.b),
    )


def _tell(found: Purchases, rows: npt.NDArray[np.bool_], amounts: Array, back: npt.NDArray[np.bool_]) -> None:
    table, until = found.table, found.until
    back = back & rows
    purchases = int(rows.sum() - back.sum())
    table.about(say("customers")).say(
        "{customers:,} with {purchases:,} purchases; {again:,} ({share:.1%}) bought again on another day",
        customers=len(found.customers),
        purchases=purchases,
        again=int((found.frequency > 0).sum()),
        share=(found.frequency > 0).mean(),
    )
    first = until - dt.timedelta(days=int(found.age.max()))
    span = {"first": first, "last": until, "mean": found.frequency.mean(), "most": found.frequency.max()}
    table.tell(
        say("span"),
        say(
            "{first} to {last}; days on which customers bought again: {mean:,.3g} on average, {most:g} at most",
            **span,
        )
        if table.settings.exported
        else say(
            "{first} to {last}, the last day in the table (exported: says another); days on which customers bought "
            "again: {mean:,.3g} on average, {most:g} at most",
            **span,
        ),
    )
    if "amount" in table:
        paid = amounts[rows]
        table.about(say("amounts")).say(
            "{name!r}: {total:,.10g} in all, {mean:,.4g} a purchase, {least:g} to {most:g}",
            name=table.names["amount"],
            total=round(float(paid.sum()), 2),
            mean=paid.sum() / max(purchases, 1),
            least=paid.min(),
            most=paid.max(),
        )
    if back.any():
        table.odd.plural(
            "{n:,} row is below 0: no purchase, but one given back, and taken off what its customer paid",
            "{n:,} rows are below 0: no purchases, but given back, and taken off what their customers paid",
            int(back.sum()),
        )
    alone = len(set(table.columns["customer"])) - len(found.customers) if rows.all() else 0
    if alone:
        table.odd.plural(
            "{n:,} customer has bought nothing, and is left aside",
            "{n:,} customers have bought nothing, and are left aside",
            alone,
        )
    most, bought = Counter(
        who for who, there, given in zip(table.columns["customer"], rows, back, strict=True) if there and not given
    ).most_common(1)[0]
    if bought > MUCH * purchases and purchases >= FEWEST_ONCE:
        table.odd.say(
            "{bought:,} of {purchases:,} purchases are of {who!r}: is that one customer, or all who gave no name?",
            bought=bought,
            purchases=purchases,
            who=most,
        )
    if len(found.customers) == purchases >= FEWEST_ONCE:
        table.odd.say(
            "nobody stands twice in {name!r}: is it the customer, or the order?", name=table.names["customer"]
        )
    after = int((~rows).sum())
    if after:
        table.odd.plural(
            "{n:,} row is later than the day of the export, and left aside",
            "{n:,} rows are later than the day of the export, and left aside",
            after,
        )
    same = int(purchases - found.frequency.sum() - len(found.customers))
    if same:
        table.odd.plural(
            "{n:,} purchase is on the same day as another of its customer: they count as one purchase",
            "{n:,} purchases are on the same day as another of their customer: they count as one purchase",
            same,
        )
