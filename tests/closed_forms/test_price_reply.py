"""Replies to prices in whole runs: when they come, and that they close the gap as a geometric series does."""

from typing import Any

import numpy as np
import pytest

from sim.engine.simulation import Simulation
from sim.scenario import load_text

WORLD = """
run: {period: week, periods: 40}
market: {customers: 60}
firm: {strategy: {price_index: 1.0}}
rivals: [{name: other, initial_share: 0.4}, {name: third, initial_share: 0, strategy: {price_index: 1.5}}]
timeline: [{at: 7, set: {firm.strategy.price_index: 0.8}}]
"""


def prices(*settings: str, periods: int = 40) -> Any:
    """Price index of each firm in each period, float64[periods, firms]."""
    run = Simulation(load_text(WORLD, [f"run.periods={periods}", *settings]).scenario, threads=1)
    seen = []
    for _ in range(periods):
        run.step()
        seen.append(run.environment.firms["strategy"]["price_index"].copy())
    return np.array(seen)


REPLY = "rivals.other.price_reply."


@pytest.mark.parametrize(("cuts", "weeks"), [(0.4, 5), (0.25, 1), (0.9, 0)])
def test_the_gap_shrinks_geometrically_after_the_lag(cuts: float, weeks: int, closed_form: Any) -> None:
    """The cut of week 7 is answered `weeks` later, and then every `weeks`; at once where there is no lag."""
    compare = closed_form("price reply", "gap (1 - share)^n, n replies later", f"share {cuts}, {weeks} weeks")
    found = prices(f"{REPLY}cuts={cuts}", f"{REPLY}weeks={weeks}", f"{REPLY}lowest=0.5")
    assert (found[:7, 1] == 1.0).all()
    replies = [(t - 7) // weeks if weeks else t - 6 for t in range(7, 40)]
    expected = [0.8 + 0.2 * (1.0 - cuts) ** n for n in replies]
    assert found[7:, 1] == pytest.approx(expected, abs=1e-9)
    compare.equal("price 32 weeks later", expected[-1], float(found[-1, 1]), tolerance=1e-9)
    assert (found[:, 2] == 1.5).all()


def test_two_who_answer_each_other_meet_where_their_shares_say() -> None:
    """The dearer closes a of the gap, the cheaper b: the gap is (1 - a - b)^n of .2, and they meet between."""
    rises = "firm.price_reply.rises=0.1", "firm.price_reply.weeks=1"
    found = prices(f"{REPLY}cuts=0.3", f"{REPLY}weeks=1", *rises)
    n = np.arange(33)
    assert found[7:, 1] - found[7:, 0] == pytest.approx(0.2 * 0.6**n, abs=1e-9)
    assert found[-1, :2] == pytest.approx([0.85, 0.85], abs=1e-6)


def test_a_premium_is_no_gap() -> None:
    """One and a half times the cheapest is what the third asks, until the cheapest asks less."""
    reply = (
        "rivals.third.price_reply.cuts=0.5",
        "rivals.third.price_reply.weeks=2",
        "rivals.third.price_reply.premium=1.5",
    )
    found = prices(*reply, periods=14)
    assert (found[:9, 2] == 1.5).all()
    assert found[9:, 2] == pytest.approx([1.35, 1.35, 1.275, 1.275, 1.2375])


def test_who_does_not_reply_asks_what_the_list_says() -> None:
    run = Simulation(load_text(WORLD).scenario, threads=1)
    run.run()
    assert run.environment.prices.replied.tolist() == [1.0, 1.0, 1.0]
    assert run.environment.firms["strategy"]["price_index"].tolist() == [0.8, 1.0, 1.5]
