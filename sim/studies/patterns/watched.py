"""Runs that are watched person by person, or meddled with once, for patterns that no total shows."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.engine.simulation import Simulation
from sim.model.judgement import LEVEL_DISSATISFIED
from sim.model.market import PERIODS_PER_YEAR
from sim.model.person import COMPLAINT_OPEN, INTENT_LEAVE_SILENT
from sim.model.talk import STORY_DISSATISFIED
from sim.studies.patterns.variants import LET_DOWN

FOLLOWED_YEARS = 0.5
"""How long people are followed after an answer, or after any other day."""


class Answers(Simulation):
    """Follows complainers from their answer on, and others from a like day on, for half a year.

    Groups: `recovered`, the answer raised their satisfaction; `failed`, it lowered it or never came; `silent`, had a
    dissatisfying encounter and no open complaint; `undisturbed`, had an encounter that did not dissatisfy. `notes`
    holds for each group a row for each period: people, sum of their satisfaction then, how many are customers still.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.notes: dict[str, Any] = {"recovered": [], "failed": [], "silent": [], "undisturbed": []}
        self._watched: list[tuple[int, str, Any, float]] = []
        self._horizon = round(FOLLOWED_YEARS * PERIODS_PER_YEAR[self.scenario.run.period])

    def _encounters(self) -> None:
        history = self.state.people["history"].copy()
        super()._encounters()
        self._served = (self.state.people["history"] > history) & (self.state.supplier == 0)

    def _complaint_desk(self) -> None:
        people = self.state.people
        waiting = ((people["flags"] & COMPLAINT_OPEN) != 0) & (self.state.supplier == 0)
        before = self.state.satisfaction.copy()
        super()._complaint_desk()
        answered = waiting & ((people["flags"] & COMPLAINT_OPEN) == 0)
        unhappy = people["level"] == LEVEL_DISSATISFIED
        self._watch("recovered", answered & (self.state.satisfaction > before))
        self._watch("failed", answered & (self.state.satisfaction < before))
        self._watch("silent", self._served & unhappy & ~waiting)
        self._watch("undisturbed", self._served & ~unhappy & ~waiting)

    def _watch(self, group: str, who: Any) -> None:
        rows = np.flatnonzero(who)
        satisfaction = self.state.satisfaction[rows].sum(dtype=np.float64)
        self._watched.append((self.period, group, rows, float(satisfaction)))

    def _accounts(self) -> None:
        super()._accounts()
        while self._watched and self._watched[0][0] + self._horizon <= self.period:
            since, group, rows, satisfaction = self._watched.pop(0)
            still = (self.state.supplier[rows] == 0) & (self.state.joined[rows] <= since)
            self.notes[group].append((rows.size, satisfaction, int(still.sum())))


class Joiners(Simulation):
    """Notes who became a customer of the focal firm during the run: `joined`, a yes or no for each person."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.notes: dict[str, Any] = {"joined": np.zeros(self.people, bool)}

    def _movement(self) -> None:
        before = self.state.supplier == 0
        super()._movement()
        self.notes["joined"] |= (self.state.supplier == 0) & ~before


class Pleased(Simulation):
    """Notes how satisfied everybody is at the end: `satisfaction`, for each person, NaN of who is no customer."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.notes: dict[str, Any] = {}

    def _accounts(self) -> None:
        super()._accounts()
        if self.period == self.scenario.run.periods - 1:
            satisfaction = self.state.satisfaction.astype(np.float64)
            self.notes["satisfaction"] = np.where(self.state.supplier == 0, satisfaction, np.nan)


class LetDown(Simulation):
    """In the first period a few customers are let down so badly that they leave for ever, and tell.

    `notes` holds the discounted margin that all people (`all`) and those few (`own`) bring the focal firm.
    """

    let_down = True

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        mine = np.flatnonzero(self.state.supplier == 0)
        luck = np.random.default_rng([self.seed, 2007])
        self._few = np.sort(luck.choice(mine, max(1, round(LET_DOWN * mine.size)), replace=False))
        self._before = np.zeros(2)
        self.notes: dict[str, Any] = {"all": 0.0, "own": 0.0}

    def _encounters(self) -> None:
        super()._encounters()
        if self.period == 0 and self.let_down:
            self.state.intent[self._few] = INTENT_LEAVE_SILENT
            self.state.story[self._few] = STORY_DISSATISFIED

    def _accounts(self) -> None:
        super()._accounts()
        margin = self.state.margin[:, 0]
        now = np.array([margin.sum(dtype=np.float64), margin[self._few].sum(dtype=np.float64)])
        years = (self.period + 1) / PERIODS_PER_YEAR[self.scenario.run.period]
        earned = (now - self._before) / (1.0 + self.scenario.money.discount_rate) ** years
        self.notes = {"all": self.notes["all"] + earned[0], "own": self.notes["own"] + earned[1]}
        self._before = now


class NotLetDown(LetDown):
    """The same world with the same few, who are not let down."""

    let_down = False
