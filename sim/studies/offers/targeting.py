"""Who gets an offer: policies that order customers, what each order saves and earns, and what a firm can learn.

Arrays have an entry a customer. Nothing here knows of worlds or simulations.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
PeoplePlaces = npt.NDArray[np.int64]
Truths = npt.NDArray[np.bool_]

AT_RANDOM, BY_VALUE, BY_RISK, BY_UPLIFT, BOUND = POLICIES = ("random", "value", "risk", "uplift", "bound")
"""By lot; by spending; by the risk of leaving; by predicted uplift; by the true one, which nobody can know."""

STEPS = tuple(n / 20 for n in range(1, 21))
"""Shares of customers offered at which policies are compared."""

SLACK = 1e-9
"""So much of a budget may a sum of costs go beyond it by rounding."""

MOST_COMPLAINTS = 3.0
"""Complaints that count as many."""


class Seen(NamedTuple):
    """What a firm can see of its customers at the date of the offer.

    Attributes:
        satisfaction: The answer to a survey that everybody answers, points (0-100).
        years: For how long they have been customers.
        purchases: Purchases a year, as long custom shows them.
        spend: Money per purchase.
        complaints: Complaints so far.
        waits: Whether a complaint is open.
    """

    satisfaction: Floats
    years: Floats
    purchases: Floats
    spend: Floats
    complaints: Floats
    waits: Floats

    @property
    def spending(self) -> Floats:
        """What they spend a year, money."""
        return self.purchases * self.spend


class Truth(NamedTuple):
    """What an offer does to each: of the same person with the same luck, with the offer and without.

    Attributes:
        left: Whether the customer leaves without it.
        left_with: Whether with it.
        money: Discounted value with it less that without it, less what the offer costs.
    """

    left: Truths
    left_with: Truths
    money: Floats

    @property
    def saved(self) -> Truths:
        """Who leaves without the offer and stays with it."""
        return self.left & ~self.left_with

    @property
    def driven(self) -> Truths:
        """Sleeping dogs: who stays without the offer, and leaves because of it."""
        return self.left_with & ~self.left


def predictors(seen: Seen) -> Floats:
    """What predictions are made of: float64[customers, 9], the first column ones, the others on a common scale."""
    columns = [
        seen.satisfaction,
        np.log1p(np.maximum(seen.years, 0.0)),
        np.log1p(seen.purchases),
        np.log1p(seen.spend),
        np.minimum(seen.complaints, MOST_COMPLAINTS),
        seen.waits,
    ]
    scaled = [_scaled(column) for column in columns]
    return np.stack([np.ones_like(seen.spend), *scaled, scaled[0] ** 2, scaled[0] * scaled[1]], axis=1)


def _scaled(column: Floats) -> Floats:
    spread = float(column.std())
    return (column - column.mean()) / spread if spread > 0.0 else np.zeros_like(column)


def fitted(predictors: Floats, outcome: npt.NDArray[np.float64 | np.bool_]) -> Floats:
    """Weights of the predictors that come nearest to an outcome, by least squares.

    >>> x = np.array([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]])
    >>> fitted(x, np.array([3.0, 5.0, 7.0])).round(9).tolist()
    [3.0, 2.0]
    """
    return np.linalg.lstsq(predictors, outcome.astype(np.float64), rcond=None)[0].astype(np.float64)


class Trial(NamedTuple):
    """A trial: some customers got the offer by lot, some did not; one outcome is known of each.

    Attributes:
        offered, others: Predictors of both.
        offered_left, others_left: Who of them left.
        offered_value, others_value: What they brought, discounted, before the cost of the offer.
    """

    offered: Floats
    others: Floats
    offered_left: Truths
    others_left: Truths
    offered_value: Floats
    others_value: Floats


def predicted_uplift(trial: Trial, predictors: Floats, cost: Floats) -> Floats:
    """What an offer is predicted to earn with each customer, money: a model for each arm of the trial.

    (p0 - p1) v - c: the fall of the chance to leave, by two fits (Kuenzel et al. 2019: a T-learner), times what one who
    stays without an offer brings, less the cost.
    """
    stayed = ~trial.others_left
    chances = fitted(trial.others, trial.others_left) - fitted(trial.offered, trial.offered_left)
    worth = fitted(trial.others[stayed], trial.others_value[stayed])
    return (predictors @ chances) * np.maximum(predictors @ worth, 0.0) - cost


def in_order(score: Floats, lot: Floats) -> PeoplePlaces:
    """Places of customers by score, the highest first; equal ones by lot.

    >>> in_order(np.array([1.0, 3.0, 1.0]), np.array([0.9, 0.5, 0.1])).tolist()
    [1, 2, 0]
    """
    return np.lexsort((lot, -score)).astype(np.int64)


def how_many(share: float, customers: int) -> int:
    """Customers who are offered at a share of them."""
    return round(share * customers)


def affordable(order: PeoplePlaces, cost: Floats, budget: float) -> PeoplePlaces:
    """The first customers of an order whose offers together cost no more than a budget.

    >>> affordable(np.array([2, 0, 1]), np.array([3.0, 1.0, 4.0]), 7.5).tolist()
    [2, 0]
    """
    return order[: int(np.searchsorted(np.cumsum(cost[order]), budget * (1.0 + SLACK), side="right"))]


class Gain(NamedTuple):
    """What offers to some customers do, summed over them; one by one, as if each alone had got one."""

    saved: float
    driven: float
    money: float


def gain(truth: Truth, chosen: PeoplePlaces) -> Gain:
    """What offers to the customers at some places do."""
    return Gain(float(truth.saved[chosen].sum()), float(truth.driven[chosen].sum()), float(truth.money[chosen].sum()))


def curve(truth: Truth, order: PeoplePlaces) -> dict[float, Gain]:
    """What a policy gains at each share of `STEPS`."""
    return {share: gain(truth, order[: how_many(share, order.size)]) for share in STEPS}


def qini(gains: Mapping[float, float]) -> float:
    """Area between a curve over shares, from nothing at 0, and the straight line to its end (Radcliffe 2007).

    By trapezoids; what targeting is worth beyond chance, in the curve's unit, as a mean over shares.

    >>> qini({0.5: 3.0, 1.0: 4.0})
    0.5
    """
    shares = np.array([0.0, *gains])
    values = np.array([0.0, *gains.values()])
    beyond = values - shares * values[-1]
    return float((np.diff(shares) * (beyond[1:] + beyond[:-1]) / 2.0).sum())
