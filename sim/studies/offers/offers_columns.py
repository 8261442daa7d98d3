"""What the columns of the tables of offers mean; all counts and amounts are of 1,000 customers at the date."""

from __future__ import annotations

from sim.results.answer import TableColumn, with_interval
from sim.words import say


def _policy() -> list[TableColumn]:
    return [
        TableColumn("policy", say("way of choosing who gets the offer"), "name"),
        TableColumn("label", say("the same in words")),
    ]


def _gains(currency: str) -> list[TableColumn]:
    money = say("discounted value with the offer less that without, less its cost, of those chosen, one by one")
    return [
        TableColumn("offers", say("customers who get the offer"), "people"),
        *with_interval("saved", say("of them leave without the offer and stay with it"), "people"),
        *with_interval("driven", say("of them stay without the offer and leave because of it"), "people"),
        *with_interval("money", money, currency),
    ]


def policies(currency: str) -> list[TableColumn]:
    """Columns of the ways of choosing."""
    beyond = say("area between its curve and the straight line of chance, as a mean over shares (Qini)")
    return [
        *_policy(),
        *_gains(currency),
        *with_interval("more", say("money more than at random, replication by replication"), currency),
        *with_interval("qini_saved", say("customers saved less driven away: {beyond}", beyond=beyond), "people"),
        *with_interval("qini_money", say("money: {beyond}", beyond=beyond), currency),
    ]


def curves(currency: str) -> list[TableColumn]:
    """Columns of the curves."""
    net = say("saved less driven away")
    return [
        *_policy(),
        TableColumn("share", say("part of the customers who get the offer"), "share"),
        *_gains(currency),
        *with_interval("net", net, "people"),
    ]


def groups() -> list[TableColumn]:
    """Columns of the groups."""
    return [
        TableColumn("group", say("what the offer would do to a customer, were everybody to get it"), "name"),
        TableColumn("label", say("the same in words")),
        *with_interval("people", say("customers"), "people"),
    ]


def interference() -> list[TableColumn]:
    """Columns of what was lived."""
    return [
        *_policy(),
        TableColumn("what", say("money, or customers saved less driven away"), "name"),
        TableColumn("unit", say("its unit")),
        *with_interval("one_by_one", say("sum over those chosen of what the offer does to each where all get it"), ""),
        *with_interval("chosen", say("what it did to them in the world where they alone got it"), ""),
        *with_interval("others", say("what that world did to everybody else"), ""),
        *with_interval("difference", say("lived, of the chosen and all others, less the sum one by one"), ""),
    ]
