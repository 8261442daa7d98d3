"""A run that keeps an event log beside its tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sim.engine.event_log import EventLog, refuse_large_log
from sim.engine.simulation import Simulation
from sim.model.scenario import Scenario
from sim.vocabulary.errors import ScenarioError
from sim.words import say


class LoggedSimulation(Simulation):
    """A simulation that notes what the focal firm would have in its books of some people; else as any other.

    Args:
        scenario: What to simulate.
        events: Places of the market that are followed, from the first.
        **rest: As of `Simulation`.

    Attributes:
        log: The event log, see `sim.engine.event_log`.

    Raises:
        ScenarioError: Also if memory does not hold the log.

    >>> from sim.model.market import Market, Run
    >>> run = LoggedSimulation(Scenario(market=Market(customers=500), run=Run(periods=2)), events=500)
    >>> bool(run.run().tallies[:, 0, :, 0].any()), len(run.log.events()) > 200
    (True, True)
    """

    def __init__(self, scenario: Scenario, *, events: int, **rest: Any) -> None:
        refuse_large_log(scenario, events)
        super().__init__(scenario, **rest)
        self.log = EventLog(events)

    def step(self) -> None:
        """Simulate one period, see `Simulation.step`; nothing of a warm-up is noted."""
        if self.period == 0:
            self.log.note_start(self.state, self.period)
        super().step()

    def _encounters(self) -> None:
        if self.period < 0:
            super()._encounters()
            return
        before = self.log.counters(self.state)
        super()._encounters()
        self.log.note_service(self.state, self.environment, self.clock, before)

    def _movement(self) -> None:
        if self.period < 0:
            super()._movement()
            return
        before = self.log.before_moving(self.state, self.environment, self.clock)
        super()._movement()
        self.log.note_moves(self.state, self.period, before)

    def save(self, path: Path | str) -> None:
        """Refused: what was noted so far would be lost.

        Raises:
            ScenarioError: Always.
        """
        raise ScenarioError(say("{path}: a run with an event log cannot be saved; run it without one", path=path))
