"""Price reply: how a firm answers the prices of others, by a share of the gap and after a while."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sim.model.market import WEEKS_PER_YEAR
from sim.vocabulary.parameter import Section, parameter, share, weeks

HIGHEST = 10.0
"""Price index that no reply goes beyond, as none can be set."""

NO_LEVER = "an answer to others; one's own price is the lever"

NO_GAP = 1e-9
"""A smaller gap between prices is none."""


class PriceReply(Section):
    """How the firm answers the prices of others; it looks at the cheapest other firm in the market."""

    cuts: float = share(
        0.0,
        "Share of the gap to the price aimed at that each reply closes, where others are cheaper; 0 does not reply",
        "Steenkamp, Nijs, Hanssens & Dekimpe 2005 (that most do not reply); assumption (form)",
        label="Reply to lower prices",
        practical=(0.0, 1.0),
        no_lever=NO_LEVER,
    )
    rises: float = share(
        0.0,
        "The same where others are dearer; 0 does not follow a rise",
        "Sweezy 1939 (that rises are not followed as cuts are); assumption (form)",
        label="Reply to higher prices",
        practical=(0.0, 1.0),
        no_lever=NO_LEVER,
    )
    weeks: float = weeks(
        4.0,
        "Time from another price of others to the reply, and from one reply to the next",
        label="Time to a price reply",
        practical=(1.0, 26.0),
        no_lever=NO_LEVER,
    )
    premium: float = parameter(
        1.0,
        "Price that the firm aims at, relative to the cheapest other firm's",
        label="Price relative to the cheapest",
        unit="ratio",
        source="assumption: the same price",
        gt=0.0,
        le=10.0,
        practical=(0.9, 1.3),
        no_lever=NO_LEVER,
    )
    lowest: float = parameter(
        0.7,
        "Price index below which no reply goes",
        label="Lowest price of a reply",
        unit="ratio",
        gt=0.0,
        le=10.0,
        practical=(0.5, 1.0),
        no_lever=NO_LEVER,
    )


def replies(policy: PriceReply) -> bool:
    """Whether the firm answers prices at all.

    >>> replies(PriceReply()), replies(PriceReply(rises=0.5))
    (False, True)
    """
    return policy.cuts > 0.0 or policy.rises > 0.0


def cheapest_other(prices: Sequence[float], there: Sequence[bool], f: int) -> float | None:
    """Price index of the cheapest firm in the market other than firm f; None where there is none.

    >>> cheapest_other([1.0, 0.8, 0.9], [True, False, True], 0), cheapest_other([1.0, 0.8], [True, False], 0)
    (0.9, None)
    """
    others = [price for g, price in enumerate(prices) if g != f and there[g]]
    return min(others, default=None)


def price_after(price: float, cheapest: float, policy: PriceReply) -> float:
    """Price index after a reply: price + share x (premium x cheapest - price), within its bounds.

    The gap to the price aimed at is (1 - share)^n of what it was, n replies later.

    Args:
        price: The firm's, before it replies.
        cheapest: That of the cheapest other firm.
        policy: The firm's.

    >>> policy = PriceReply(cuts=0.5, rises=0.25, premium=1.1)
    >>> round(price_after(1.1, 0.9, policy), 4), round(price_after(1.1, 1.2, policy), 4), price_after(1.1, 1.0, policy)
    (1.045, 1.155, 1.1)
    """
    gap = policy.premium * cheapest - price
    if abs(gap) < NO_GAP:
        return price
    after = price + (policy.cuts if gap < 0.0 else policy.rises) * gap
    return min(max(after, min(policy.lowest, price)), max(HIGHEST, price))


class Answered(NamedTuple):
    """A firm after a period of looking at the prices of others.

    Attributes:
        price: Price index that it replies with; None where it does not reply now.
        waited: Weeks for which it has seen a price that it will answer, or that have passed since its last reply.
    """

    price: float | None
    waited: float


def answered(price: float, cheapest: float | None, waited: float, policy: PriceReply, years: float) -> Answered:
    """What a firm makes of the prices of others in a period: it replies once it has waited long enough.

    Args:
        price: The firm's.
        cheapest: That of the cheapest other firm; None where there is none, or where the firm is out of the market.
        waited: Weeks for which it has waited.
        policy: The firm's.
        years: Length of the period.

    >>> policy = PriceReply(cuts=0.5, weeks=4.0)
    >>> answered(1.0, 0.8, 3.0, policy, 0.25), answered(1.0, 0.8, 4.0, policy, 0.25)
    (Answered(price=None, waited=16.0), Answered(price=0.9, waited=13.0))
    """
    after = price if cheapest is None else price_after(price, cheapest, policy)
    if after == price:
        return Answered(None, 0.0)
    replies_now = waited >= policy.weeks - NO_GAP
    since = 0.0 if replies_now else waited
    return Answered(after if replies_now else None, since + years * WEEKS_PER_YEAR)
