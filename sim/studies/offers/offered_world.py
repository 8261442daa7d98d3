"""Worlds in which chosen customers get an offer, the same people with the same luck; what a run notes of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from sim.engine.desk import cases_of
from sim.engine.offer import answer_now, offer_stage
from sim.engine.simulation import Simulation
from sim.model.contexts import Books
from sim.model.market import PERIODS_PER_YEAR
from sim.model.offer import Offer, terms_of
from sim.model.person import COMPLAINT_OPEN
from sim.model.scenario import Scenario
from sim.runs.execution.task import Tick
from sim.runs.experiment.points import PointValues
from sim.studies.offers.targeting import (
    AT_RANDOM,
    BOUND,
    BY_RISK,
    BY_UPLIFT,
    BY_VALUE,
    POLICIES,
    STEPS,
    Floats,
    Gain,
    PeoplePlaces,
    Seen,
    Trial,
    Truth,
    Truths,
    affordable,
    curve,
    fitted,
    gain,
    how_many,
    in_order,
    predicted_uplift,
    predictors,
)

FOCAL = 0

GROUPS = ("stays", "saved", "leaves", "driven")
"""Who stays anyway; leaves without the offer only; leaves anyway; leaves with the offer only."""

LIVED = ("chosen_saved", "chosen_driven", "chosen_money", "others_saved", "others_money")
"""Of a world in which a policy's chosen get the offer: they themselves, and everybody else."""

SAME_COST = ("same_offers", "same_saved", "same_driven", "same_money")
"""Of as many offers as cost what those at random do."""

OUTPUTS = (
    "customers",
    "judged",
    *GROUPS,
    *(f"{policy}.{what}@{share:g}" for policy in POLICIES for share in STEPS for what in Gain._fields),
    *(f"{policy}.{what}" for policy in POLICIES for what in ("offers", "reached", "cost", *Gain._fields, *LIVED)),
    *(f"{policy}.{what}" for policy in POLICIES for what in SAME_COST),
)
"""What a run gives: customers at the date, those of them on whom policies are judged, and of these the rest."""


class LivedWithOffer(NamedTuple):
    """A world that has been lived.

    Attributes:
        customers: Rows of the focal firm's customers at the date.
        seen: What the firm can see of them then.
        left: Of everybody, whether a customer at the date has left the firm by the end.
        value: Of everybody, margin with the firm from the date on, discounted to it, money.
    """

    customers: PeoplePlaces
    seen: Seen
    left: Truths
    value: Floats


class OfferedWorld(Simulation):
    """A world in which the customers of some rows get an offer at the beginning of period `at`."""

    def __init__(self, scenario: Scenario, *, at: int, offer: Offer, rows: PeoplePlaces, **options: Any) -> None:
        self._at, self._offer, self._rows, self._answers = at, terms_of(offer), rows, offer.answers
        super().__init__(scenario, **options)

    def _policy(self) -> None:
        super()._policy()
        if self.period == self._at:
            self._note()
            rows = self._rows
            if self._answers:
                rows = rows[self.state.people["flags"][rows] & COMPLAINT_OPEN != 0]
            if rows.size:
                books = self.books
                if self._answers:
                    self._answer(rows, books)
                offer_stage(self.state, self.environment, books, self.clock, rows, self._offer)

    def _answer(self, rows: PeoplePlaces, books: Books) -> None:
        """Answer the complaints of these customers."""
        chosen, cases = np.zeros(self.people, bool), cases_of(self.desks)[FOCAL]
        chosen[rows] = True
        now = self.period * float(self.environment.world[0]["years"])
        among = self.state, self.environment, books, self.clock
        self.desks.known[FOCAL] = answer_now(*among, cases, chosen, FOCAL, now)

    def _note(self) -> None:
        """What is known at the date."""
        people = self.state.people
        rows = self._customers = np.flatnonzero(self.state.supplier == FOCAL)
        each = people[rows]
        per_year = np.array([one.encounters.purchases_per_year for one in self._now.all_segments])
        self._seen = Seen(
            self.state.satisfaction[rows].astype(np.float64),
            (self.period - self.state.joined[rows]) / PERIODS_PER_YEAR[self.scenario.run.period],
            self.state.frequency[rows] * per_year[each["segment"]],
            self.state.spend[rows].astype(np.float64),
            each["complaints"].astype(np.float64),
            (each["flags"] & COMPLAINT_OPEN != 0).astype(np.float64),
        )
        self._joined, self._born = self.state.joined.copy(), people["born"].copy()
        self._before = self.state.margin[:, FOCAL].astype(np.float64)
        self._value = np.zeros(self.people)

    def _accounts(self) -> None:
        super()._accounts()
        if self.period >= self._at:
            now = self.state.margin[:, FOCAL].astype(np.float64)
            years = (self.period + 1 - self._at) / PERIODS_PER_YEAR[self.scenario.run.period]
            earned = (now - self._before) / (1.0 + self.scenario.money.discount_rate) ** years
            self._value += np.where(self.state.people["born"] == self._born, earned, 0.0)
            self._before = now

    def lived(self, tick: Tick) -> LivedWithOffer:
        """Live all periods."""
        while self.period < self.scenario.run.periods:
            self.step()
            tick()
        self.tables()  # a recount, which would find stocks that do not follow
        people = self.state.people
        stayed = (self.state.supplier == FOCAL) & (self.state.joined == self._joined) & (people["born"] == self._born)
        left = np.zeros(self.people, bool)
        left[self._customers] = ~stayed[self._customers]
        return LivedWithOffer(self._customers, self._seen, left, self._value)


@dataclass(frozen=True)
class OffersTask:
    """Live the worlds of one replication: without offers, with one for everybody, a trial, and each policy's choice.

    Half of the customers at the date, by lot, are those from whom the firm learns; policies are judged on the others.

    Attributes:
        scenario: The world as it is.
        offer: What is offered.
        at: Period at whose beginning it is.
        share: Part of those judged whom a policy chooses, in the worlds that are lived.
        base_dir: Folder that an edge list is relative to.
    """

    scenario: Scenario
    offer: Offer
    at: int
    share: float
    base_dir: Path | None = None

    @property
    def outputs(self) -> tuple[str, ...]:
        """See `OUTPUTS`."""
        return OUTPUTS

    def __call__(self, values: PointValues, seed: int, tick: Tick) -> Mapping[str, float]:
        """All worlds of a replication, person by person."""
        live = partial(self._live, seed, tick)
        here = live(np.zeros(0, np.int64))
        everybody = live(here.customers)
        lot = np.random.default_rng([seed, 2007]).random((2, here.customers.size))
        learns, arm = lot < 0.5
        tried = live(here.customers[learns & arm])
        known = predictors(here.seen)
        reached = here.seen.waits if self.offer.answers else np.ones_like(here.seen.spend)
        cost = reached * (self.offer.cost + self.offer.credit * here.seen.spending)
        truth = _truth(here, everybody, cost)
        judged = np.flatnonzero(~learns)
        scores = {
            AT_RANDOM: lot[1],
            BY_VALUE: here.seen.spending,
            BY_RISK: known @ fitted(known[learns], here.left[here.customers[learns]]),
            BY_UPLIFT: predicted_uplift(_trial(tried, known, learns & arm, learns & ~arm), known, cost),
            BOUND: truth.money,
        }
        found = {"customers": float(learns.size), "judged": float(judged.size)} | _groups(truth, judged)
        orders = {policy: judged[in_order(scores[policy][judged], lot[0][judged])] for policy in POLICIES}
        budget = float(cost[orders[AT_RANDOM][: how_many(self.share, judged.size)]].sum())
        alike = cost.size == 0 or float(np.ptp(cost)) == 0.0
        for policy, order in orders.items():
            for share, one in curve(truth, order).items():
                found |= {f"{policy}.{name}@{share:g}": value for name, value in one._asdict().items()}
            chosen = order[: how_many(self.share, order.size)]
            there = live(here.customers[np.sort(chosen)])
            all_of_it = {"offers": float(chosen.size), **gain(truth, chosen)._asdict()}
            all_of_it |= {"reached": float(reached[chosen].sum()), "cost": float(cost[chosen].sum())}
            all_of_it |= _lived(here, there, chosen, cost)
            paid = chosen if alike else affordable(order, cost, budget)
            all_of_it |= dict(zip(SAME_COST, (float(paid.size), *gain(truth, paid)), strict=True))
            found |= {f"{policy}.{name}": value for name, value in all_of_it.items()}
        return found

    def _live(self, seed: int, tick: Tick, rows: PeoplePlaces) -> LivedWithOffer:
        options = {"seed": seed, "threads": 1, "base_dir": self.base_dir}
        return OfferedWorld(self.scenario, at=self.at, offer=self.offer, rows=rows, **options).lived(tick)


def _truth(here: LivedWithOffer, there: LivedWithOffer, cost: Floats) -> Truth:
    rows = here.customers
    return Truth(here.left[rows], there.left[rows], there.value[rows] - here.value[rows] - cost)


def _trial(tried: LivedWithOffer, known: Floats, offered: Truths, others: Truths) -> Trial:
    one, two = tried.customers[offered], tried.customers[others]
    left, value = tried.left, tried.value
    return Trial(known[offered], known[others], left[one], left[two], value[one], value[two])


def _groups(truth: Truth, judged: PeoplePlaces) -> dict[str, float]:
    stays = ~truth.left & ~truth.left_with
    each = (stays, truth.saved, truth.left & truth.left_with, truth.driven)
    return {name: float(who[judged].sum()) for name, who in zip(GROUPS, each, strict=True)}


def _lived(here: LivedWithOffer, there: LivedWithOffer, chosen: PeoplePlaces, cost: Floats) -> dict[str, float]:
    """What offers to the chosen did to them when they alone got one, and what to everybody else in the market."""
    own = gain(_truth(here, there, cost), chosen)
    others = np.ones(here.left.size, bool)
    others[here.customers[chosen]] = False
    saved = float(here.left[others].sum()) - float(there.left[others].sum())
    money = float((there.value[others] - here.value[others]).sum())
    return dict(zip(LIVED, (*own, saved, money), strict=True))
