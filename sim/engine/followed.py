"""What became of the focal firm's customers of the start: how long each stayed, how often each bought, and when last.

Nothing is drawn for it, as for the event log: what an encounter was about is asked of the same luck again. A run in
which they are followed is the run without it, to the last bit.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.compiled import kernel
from sim.engine.buyers import Buyers
from sim.engine.event_log import FOCAL
from sim.engine.simulation import Simulation
from sim.model.contexts import Clock, Environment
from sim.model.drop_out import kind_served
from sim.model.person import NEWCOMER
from sim.model.scenario import Scenario
from sim.model.service import PURCHASE

AskedBuyers = tuple[int, Buyers]
"""After how many periods, and which buyers."""

NEVER = -1
"""Last purchase of who has made none."""


@dataclass
class Followed:
    """The customers of the start, by segment, as the periods go by.

    Attributes:
        rows: Their rows.
        segments: Segment of each.
        count: How many segments there are.
        still: Whether each has been a customer ever since.
        staying: Those who stayed longer than k periods, int64[segments] for each k from 0.
        bought: Purchases of each so far, int64[n].
        last: Period of the last of them, int64[n].
        told: Buyers that were asked for, int64[segments].
    """

    rows: npt.NDArray[np.int64]
    segments: npt.NDArray[np.int64]
    count: int
    still: npt.NDArray[np.bool_]
    staying: list[npt.NDArray[np.int64]]
    bought: npt.NDArray[np.int64]
    last: npt.NDArray[np.int64]
    told: dict[AskedBuyers, npt.NDArray[np.int64]]

    def by_segment(self, chosen: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
        """How many of them are chosen, int64[segments]."""
        return np.bincount(self.segments[chosen], minlength=self.count).astype(np.int64)

    def share(self, periods: int, buyers: Buyers | None, segments: slice) -> float:
        """Share of them, in some segments, who stayed longer than so many periods, or who are such buyers by then.

        Not a number where there were none of them.
        """
        there = int(self.staying[0][segments].sum())
        found = self.staying[periods] if buyers is None else self.told[periods, buyers]
        return float(found[segments].sum() / there) if there else float("nan")


class FollowedSimulation(Simulation):
    """A simulation in which the focal firm's customers of the start are followed; else as any other.

    Args:
        scenario: What to simulate.
        asked: Buyers that will be asked for, and after how many periods.
        **rest: As of `Simulation`.

    Attributes:
        followed: See `Followed`.

    >>> from sim.model.market import Market, Run
    >>> world = Scenario(market=Market(customers=500), run=Run(periods=2))
    >>> run = FollowedSimulation(world, asked=[(2, Buyers(0, 0)), (2, Buyers(1, None, 0, 1))])
    >>> _ = run.run()
    >>> sum(run.followed.share(2, buyers, slice(None)) for _, buyers in run.followed.told)
    1.0
    """

    followed: Followed

    def __init__(self, scenario: Scenario, *, asked: Iterable[AskedBuyers] = (), **rest: Any) -> None:
        self._asked = tuple(dict.fromkeys(asked))
        super().__init__(scenario, **rest)

    def step(self) -> None:
        """Simulate one period, see `Simulation.step`; whoever comes or buys in a warm-up is not followed yet."""
        if self.period == 0:
            rows = np.flatnonzero(self.state.supplier == FOCAL)
            segments = self.state.people["segment"][rows].astype(np.int64)
            nothing = np.zeros(len(rows), np.int64)
            self.followed = Followed(
                rows, segments, self.segment_count, np.ones(len(rows), bool), [], nothing, nothing + NEVER, {}
            )
            self.followed.staying.append(self.followed.by_segment(self.followed.still))
        super().step()
        if self.period > 0:
            self._note_who_stayed()
            self._note_buyers()

    def _encounters(self) -> None:
        if self.period < 0 or not self._asked:
            super()._encounters()
            return
        them = self.followed
        before = self.state.people["history"][them.rows].astype(np.float64)
        super()._encounters()
        served = np.rint(self.state.people["history"][them.rows] - before).astype(np.int64)
        served[~them.still] = 0
        new = np.zeros(len(them.rows), np.int64)
        count_purchases(self.state, self.environment, self.clock, them.rows, served, new)
        them.bought += new
        them.last[new > 0] = self.period

    def _note_who_stayed(self) -> None:
        them = self.followed
        newcomer = (self.state.people["flags"][them.rows] & NEWCOMER) != 0
        them.still &= (self.state.supplier[them.rows] == FOCAL) & ~newcomer
        them.staying.append(them.by_segment(them.still))

    def _note_buyers(self) -> None:
        them = self.followed
        for periods, buyers in self._asked:
            if periods == self.period:
                chosen = them.bought >= buyers.least
                if buyers.most is not None:
                    chosen &= them.bought <= buyers.most
                if buyers.first is not None and buyers.last is not None:
                    chosen &= (them.last >= buyers.first) & (them.last <= buyers.last)
                them.told[periods, buyers] = them.by_segment(chosen)


@kernel
def count_purchases(state: Any, environment: Environment, clock: Clock, rows: Any, served: Any, purchases: Any) -> None:
    """Write how many of the encounters of each person at `rows` with the focal firm, in this period, were purchases.

    `served` and `purchases` are int64[rows].
    """
    for j in range(rows.size):
        count = 0
        for k in range(served[j]):
            count += kind_served(state, rows[j], environment, clock, FOCAL, k) == PURCHASE
        purchases[j] = count
