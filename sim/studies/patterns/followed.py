"""Runs that are watched person by person, or meddled with once, for patterns that no total shows."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.engine.simulation import Simulation
from sim.vocabulary.state import COMPLAINT_OPEN, INTENT_LEAVE_SILENT, INTENT_STAY, STORY_DISSATISFIED

FOLLOW_UP_WEEKS = 26
"""How long somebody is followed after an answer, or after a period without trouble."""

SPOILT_SHARE = 0.03
"""Share of the customers who are dissatisfied once: the middle of the 2 to 5% of Goldenberg et al. 2007."""


class Answers(Simulation):
    """Notes the satisfaction of complainers right after their answer, and how many of them are still there later.

    Compared with customers who in the same period had an encounter and were not dissatisfied.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.notes: dict[str, Any] = {"recovered": [], "failed": [], "undisturbed": []}
        self._watched: list[tuple[int, str, Any, Any]] = []

    def _complaint_desk(self) -> None:
        people = self.state.people
        waiting = ((people["flags"] & COMPLAINT_OPEN) != 0) & (self.state.supplier == 0)
        before = people["satisfaction"].copy()
        served = (people["history"] > self._history) & (people["level"] > 0) & (self.state.supplier == 0)
        super()._complaint_desk()
        answered = waiting & ((people["flags"] & COMPLAINT_OPEN) == 0)
        after = people["satisfaction"]
        self._watch("recovered", answered & (after > before))
        self._watch("failed", answered & (after < before))
        self._watch("undisturbed", served & ~waiting & (people["intent"] == INTENT_STAY))

    def _encounters(self) -> None:
        self._history = self.state.people["history"].copy()
        super()._encounters()

    def _watch(self, group: str, who: Any) -> None:
        rows = np.flatnonzero(who)
        self._watched.append((self.period, group, rows, self.state.people["satisfaction"][rows].copy()))

    def _accounts(self) -> None:
        super()._accounts()
        people, supplier = self.state.people, self.state.supplier
        while self._watched and self._watched[0][0] + FOLLOW_UP_WEEKS <= self.period:
            since, group, rows, satisfaction = self._watched.pop(0)
            still = (supplier[rows] == 0) & (people["joined"][rows] <= since)
            self.notes[group].append((rows.size, float(satisfaction.sum(dtype=np.float64)), int(still.sum())))


class Spoilt(Simulation):
    """In the first period a few customers are let down so badly that they leave and tell; notes discounted margins."""

    spoil = True

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        mine = np.flatnonzero(self.state.supplier == 0)
        luck = np.random.default_rng([self.seed % 2**32, 2007])
        self._chosen = np.sort(luck.choice(mine, max(1, round(SPOILT_SHARE * mine.size)), replace=False))
        self.notes = {"all": 0.0, "own": 0.0}
        self._before = (0.0, 0.0)

    def _encounters(self) -> None:
        super()._encounters()
        if self.period == 0 and self.spoil:
            self.state.people["intent"][self._chosen] = INTENT_LEAVE_SILENT
            self.state.story[self._chosen] = STORY_DISSATISFIED

    def _accounts(self) -> None:
        super()._accounts()
        margin = self.state.people["margin"].astype(np.float64)
        now = (float(margin.sum()), float(margin[self._chosen].sum()))
        years = (self.period + 1) / 52.0
        discount = (1.0 + self.scenario.money.discount_rate) ** -years
        self.notes["all"] += discount * (now[0] - self._before[0])
        self.notes["own"] += discount * (now[1] - self._before[1])
        self._before = now


class Unspoilt(Spoilt):
    """The same world, the same people watched, and nobody is let down."""

    spoil = False
