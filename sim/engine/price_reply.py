"""Price replies of all firms, in the engine; as with the load, the twin does the same by this function."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sim.model.contexts import Environment
from sim.model.firm import Firm
from sim.model.price_reply import answered, cheapest_other, replies
from sim.model.records import present, priced


def price_reply_stage(environment: Environment, rested: Any, firms: Sequence[Firm]) -> Environment:
    """The environment of a period in which the prices are what replies have made of them.

    All firms look at the prices as they are before anybody replies. Where nobody replies nothing is touched.

    Args:
        environment: Of the period.
        rested: The firms' records as their parameters and earlier replies say; prices of replies are written into it.
        firms: The firms' parameters.
    """
    if not any(replies(firm.price_reply) for firm in firms):
        return environment
    there, before = present(environment), environment.prices
    prices: list[float] = rested["strategy"]["price_index"].tolist()
    replied, waited = before.replied.copy(), before.waited.copy()
    years = float(environment.world[0]["years"])
    for f, firm in enumerate(firms):
        cheapest = cheapest_other(prices, there, f) if there[f] else None
        reply = answered(prices[f], cheapest, float(waited[f]), firm.price_reply, years)
        waited[f] = reply.waited
        if reply.price is not None:
            replied[f] = reply.price / firm.strategy.price_index
            rested["strategy"]["price_index"][f] = firm.strategy.price_index * replied[f]
    if rested["strategy"]["price_index"].tolist() != prices:
        environment = priced(environment._replace(firms=rested), before.usual.tolist(), before.market.tolist())
    return environment._replace(prices=environment.prices._replace(replied=replied, waited=waited))
